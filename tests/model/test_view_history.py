"""Back and forward: what is one step, what belongs to it, and what stands in a file."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.kernels.differences import Difference
from workbench.model.display import Range, Tone
from workbench.model.view_history import MAX_STEPS, ViewHistory
from workbench.model.view_state import Camera, Placing, ViewState


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def view() -> ViewState:
    return ViewState()


@pytest.fixture
def history(view: ViewState, clock: Clock) -> ViewHistory:
    return ViewHistory(view, clock)


def test_back_and_forward_walk_camera_range_map_and_kind(view: ViewState, history: ViewHistory) -> None:
    looks = [
        {"camera": Camera(2.0, 3.0, 4.0)},
        {"image_range": Range(0.25, 0.5)},
        {"image_map": "viridis"},
        {"difference": Difference.ABSOLUTE, "difference_range": Range(0.0, 0.5)},
        {"image_tone": Tone(gamma=2.0)},
        {"placing": Placing("sample", (("s1", 0.5, 0.0),))},
        {"channel": 2},
    ]
    seen = [view.value]
    for look in looks:
        view.set(**look)
        seen.append(view.value)
    for wanted in reversed(seen[:-1]):
        history.back()

        assert view.value == wanted
    for wanted in seen[1:]:
        history.forward()

        assert view.value == wanted


def test_moves_within_half_a_second_are_one_step(view: ViewState, history: ViewHistory, clock: Clock) -> None:
    for k in range(20):
        clock.now += 0.5
        view.set(camera=Camera(float(k), 0.0, 2.0))
    clock.now += 0.51
    view.set(camera=Camera(30.0, 0.0, 2.0))
    history.back()

    assert view.value.camera.y == 19.0

    history.back()
    assert view.value.camera == Camera()
    assert not history.can_back


def test_there_and_back_at_once_is_no_step(view: ViewState, history: ViewHistory) -> None:
    for zoom in (4.0, view.value.camera.zoom):
        view.set(camera=replace(view.value.camera, zoom=zoom))

    assert not history.can_back


def test_a_refit_right_after_a_move_is_a_step_of_its_own(view: ViewState, history: ViewHistory) -> None:
    view.set(camera=Camera(1.0, 2.0, 3.0))
    view.set(image_range=Range(0.0, 0.5))
    history.back()

    assert (view.value.camera, view.value.image_range) == (Camera(1.0, 2.0, 3.0), Range(0.0, 1.0))


def test_after_a_step_back_the_next_move_is_new_and_takes_the_way_forward_away(
    view: ViewState, history: ViewHistory
) -> None:
    view.set(camera=Camera(1.0, 0.0, 1.0))
    history.back()
    view.set(camera=Camera(2.0, 0.0, 1.0))

    assert (history.can_back, history.can_forward) == (True, False)

    history.back()
    assert view.value.camera == Camera()


def test_layout_docks_and_momentary_states_belong_to_no_history(view: ViewState, history: ViewHistory) -> None:
    view.set(
        layout="row", docks=frozenset(), smooth=True, instead=(("s1", "source"),), tool="region", show="differences"
    )

    assert not history.can_back

    view.set(camera=Camera(1.0, 0.0, 1.0))
    view.set(layout="single")
    history.back()
    assert view.value.layout == "single"


def test_what_a_new_document_does_until_it_has_settled_is_nobodys_step(view: ViewState, history: ViewHistory) -> None:
    view.set(camera=Camera(5.0, 5.0, 5.0))
    history.begin()
    view.set(camera=Camera(1.0, 2.0, 3.0))
    history.settle()

    assert not history.can_back

    view.set(camera=Camera(4.0, 2.0, 3.0))
    history.back()
    assert view.value.camera == Camera(1.0, 2.0, 3.0)


def test_it_says_only_when_a_way_opens_or_closes(view: ViewState, history: ViewHistory) -> None:
    said: list[tuple[bool, bool]] = []
    history.changed.connect(lambda: said.append((history.can_back, history.can_forward)))
    view.set(camera=Camera(1.0, 0.0, 1.0))
    view.set(image_map="viridis")
    history.back()
    history.back()
    history.back()

    assert said == [(True, False), (True, True), (False, True)]


def test_a_file_keeps_both_ways(view: ViewState, history: ViewHistory) -> None:
    view.set(camera=Camera(1.0, 2.0, 3.0))
    view.set(image_range=Range(0.0, 0.5))
    view.set(placing=Placing(offsets=(("s2", 0.25, -1.5),)))
    history.back()
    written = json.loads(json.dumps(history.to_data()))
    other = ViewState(view.value)
    opened = ViewHistory(other)
    opened.load(written)
    opened.forward()

    assert other.value.placing == Placing(offsets=(("s2", 0.25, -1.5),))

    for _ in range(3):
        opened.back()
    assert other.value.camera == Camera()


def test_when_the_worlds_unit_changes_remembered_cameras_show_the_same_places(
    view: ViewState, history: ViewHistory
) -> None:
    view.set(camera=Camera(10.0, 20.0, 4.0), placing=Placing(offsets=(("s1", 1.0, 2.0),)))
    view.set(image_map="viridis")
    with history.carried(0.5, 0.25):
        view.set(camera=Camera(5.0, 5.0, 16.0))
    history.back()

    assert view.value.camera == Camera(5.0, 5.0, 16.0)
    assert view.value.placing.offsets == (("s1", 0.5, 0.5),)
    assert view.value.image_map == "gray"


def test_it_forgets_the_oldest_steps(view: ViewState, history: ViewHistory, clock: Clock) -> None:
    for k in range(MAX_STEPS + 9):
        clock.now += 1
        view.set(camera=Camera(float(k + 1), 0.0, 2.0))
    while history.can_back:
        history.back()

    assert view.value.camera.y == 9.0


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["past", "future", "camera", "zoom", "image_range"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(data=_JSON)
def test_whatever_a_file_holds_is_read(data: object) -> None:
    history = ViewHistory(ViewState())
    history.load(data)
    history.back()
    history.forward()

    assert history.to_data().keys() == {"past", "future"}
