"""Ranges, tones, maps, channels and kinds of difference by their keys; nothing else ever moves a range."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QSettings, Qt
from PySide6.QtTest import QTest

from tests.model.desk import HeldRunner
from tests.ui.gestures import place
from workbench.kernels.arrays import Window
from workbench.kernels.differences import Difference
from workbench.kernels.registry import from_text
from workbench.model import colormaps, edits
from workbench.model.display import NEUTRAL, Range, Tone
from workbench.model.document import Preparation
from workbench.model.panels import raster
from workbench.model.samples import array_source
from workbench.model.view_state import Camera, Wipe
from workbench.ui.app import Workbench
from workbench.ui.settings import Settings

SHIFT, PLAIN = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier


def press(workbench: Workbench, key: str, panel: str | None = None, shift: bool = False) -> None:
    """A key on a panel's pixels, as a hand presses it."""
    area = workbench.window.panel_area
    view = area.view(panel or area.names[0])
    view.setFocus()
    QTest.keyClick(view, getattr(Qt.Key, f"Key_{key}"), SHIFT if shift else PLAIN)


def values(workbench: Workbench, panel: str) -> np.ndarray:
    context = workbench.context
    pixels = raster(context.results, context.session.value, panel)
    return pixels.read(Window.of(pixels.shape))


def pixel_colour(workbench: Workbench, panel: str, pixel: tuple[int, int]) -> tuple[int, ...]:
    view = workbench.window.panel_area.view(panel)
    at = place(view, pixel).toPoint()
    return view.grab().toImage().pixelColor(at).getRgb()[:3]


# ---- fitting ---------------------------------------------------------------------------------------------------


def test_a_fits_all_data_of_all_panels_even_when_one_is_shown_alone(workbench):
    workbench.context.view.set(layout="single", selected="s1")
    press(workbench, "A")
    everything = [values(workbench, panel) for panel in ("source", "s1", "s2", "s3")]

    ends = workbench.context.view.value.image_range
    assert ends == Range(float(min(v.min() for v in everything)), float(max(v.max() for v in everything)))


@pytest.mark.parametrize("how", ["wipe", "alone", "in place", "blinking"])
def test_a_fits_the_original_where_it_is_seen(workbench, how):
    context = workbench.context
    peak = context.results.prepared.original.copy()
    context.session.do("Source", edits.set_source(array_source(peak * 2.5, "beyond")))
    context.view.set(**{
        "wipe": {"layout": "wipe", "wipe": Wipe("original", "s2")},
        "alone": {"layout": "single", "selected": "original"},
        "in place": {"selected": "s2", "instead": (("s2", "original"),)},
        "blinking": {"selected": "s2", "blink": 2.0},
    }[how])  # fmt: skip
    press(workbench, "A")

    everything = [values(workbench, panel) for panel in ("source", "s1", "s2", "s3", "original")]
    assert everything[-1].max() > max(v.max() for v in everything[:-1])
    assert context.view.value.image_range.hi == everything[-1].max()


def test_a_range_that_was_moved_while_methods_are_computed_stays(qapp, theme, comparison, tmp_path):
    runner = HeldRunner()
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    numbers = array_source(np.random.default_rng(4).random((12, 20)) * 700, "counts")
    made = Workbench(replace(comparison, source=numbers), theme, settings, lambda post: runner)
    made.window.show()
    qapp.processEvents()
    made.context.view.set(image_range=Range(100.0, 250.0))
    runner.run_all()
    made.close()
    made.window.hide()
    made.window.deleteLater()

    assert made.context.results.prepared.source is numbers
    assert made.context.view.value.image_range == Range(100.0, 250.0)


def test_shift_a_fits_what_is_seen_and_nothing_else(workbench):
    context = workbench.context
    context.view.set(layout="single", selected="s2", camera=Camera(2.0, 3.0, 128.0))
    view = workbench.window.panel_area.view("s2")
    press(workbench, "A", "s2", shift=True)
    part = values(workbench, "s2")[view.frame.visible((12, 20)).slices]

    assert part.size < values(workbench, "s2").size
    assert context.view.value.image_range == Range(float(part.min()), float(part.max()))


def test_n_is_the_nominal_range_and_shift_n_the_neutral_tone(workbench):
    view = workbench.context.view
    view.set(image_range=Range(0.2, 0.3), image_tone=Tone(2.0, 0.1, 1.5))
    press(workbench, "N")
    assert (view.value.image_range, view.value.image_tone) == (Range(0.0, 1.0), Tone(2.0, 0.1, 1.5))

    press(workbench, "N", shift=True)
    assert view.value.image_tone == NEUTRAL


def test_in_pairs_keys_act_on_the_group_of_the_panel_with_the_focus(workbench):
    view = workbench.context.view
    view.set(layout="pairs")
    before = view.value
    press(workbench, "A", "d:s2")
    assert view.value.image_range == before.image_range
    assert view.value.difference_range != before.difference_range

    press(workbench, "E", "s2")
    assert (view.value.image_tone.gain, view.value.difference_tone) == (pytest.approx(2**0.25), NEUTRAL)


def test_a_range_never_moves_without_an_act_of_a_person(workbench):
    context = workbench.context
    context.view.set(image_range=Range(0.1, 0.6), difference_range=Range(-0.05, 0.05))
    for method in ("bicubic:scale=2,a=-1", "lanczos:scale=2"):
        context.session.do("Method", edits.set_method("s1", from_text(method)))
    context.session.do("Preparation", edits.set_preparation(Preparation(from_text("down:4"))))
    context.session.do("Reference", edits.set_reference("s2"))
    for change in ({"show": "differences"}, {"layout": "pairs"}, {"selected": "s3"}, {"channel_view": "g"},
                   {"layout": "single"}, {"show": "images"}, {"stripes": "source"}, {"fixed_marks": True}):  # fmt: skip
        context.view.set(**change)
    context.session.undo()
    context.pipeline.recompute()

    assert context.view.value.image_range == Range(0.1, 0.6)
    assert context.view.value.difference_range == Range(-0.05, 0.05)


# ---- one panel's own range ---------------------------------------------------------------------------------------


def test_an_unlocked_panel_has_a_range_of_its_own_until_its_chip_is_clicked(workbench):
    context, area = workbench.context, workbench.window.panel_area
    context.view.set(selected="s2")
    workbench.window.action_set["own_range"].trigger()
    press(workbench, "A", "s2")
    own = values(workbench, "s2")
    header = area.panel("s2").header

    assert context.view.value.image_range == Range(0.0, 1.0)
    assert context.view.value.range_of("s2") == Range(float(own.min()), float(own.max()))
    chip = next(chip for chip in header.text.chips if "own range" in chip)

    header.resize(900, header.height())
    header.grab()
    QTest.mouseClick(header, Qt.MouseButton.LeftButton, pos=header.chip_rect(chip).center())
    assert context.view.value.own_ranges == ()
    assert not any("own range" in chip for chip in header.text.chips)


def test_the_groups_range_leaves_an_unlocked_panel_alone(workbench):
    context = workbench.context
    context.view.set(own_ranges=(("s1", Range(0.4, 0.5)),))
    press(workbench, "N", "s3")
    press(workbench, "A", "s3")
    everything = [values(workbench, panel) for panel in ("source", "s2", "s3")]

    assert context.view.value.range_of("s1") == Range(0.4, 0.5)
    assert context.view.value.image_range.lo == float(min(v.min() for v in everything))


def test_a_removed_slot_has_its_range_again_after_undo_and_the_next_one_with_its_id_has_none(workbench):
    session, view = workbench.context.session, workbench.context.view
    view.set(own_ranges=(("s3", Range(0.4, 0.5)),))
    session.do("Remove", edits.remove_slot("s3"))
    session.undo()
    after_undo = view.value.own_ranges
    session.do("Remove", edits.remove_slot("s3"))
    session.do("Duplicate", edits.duplicate_slot("s1"))

    assert session.value.slot("s3") is not None
    assert (after_undo, view.value.own_ranges) == ((("s3", Range(0.4, 0.5)),), ())


# ---- tone --------------------------------------------------------------------------------------------------------


def test_a_tone_key_is_taken_back_by_shift_and_stops_at_its_limit(workbench):
    for key, tone in (("E", Tone(gain=2**0.25)), ("O", Tone(offset=0.02)), ("G", Tone(gamma=1.1))):
        press(workbench, key)
        assert workbench.context.view.value.image_tone == tone

        press(workbench, key, shift=True)
        assert workbench.context.view.value.image_tone == NEUTRAL
    for _ in range(12):
        press(workbench, "G", shift=True)

    assert workbench.context.view.value.image_tone.gamma == pytest.approx(0.1)


# ---- differences ---------------------------------------------------------------------------------------------------


def test_identical_inputs_give_exactly_the_neutral_colour(workbench):
    context = workbench.context
    context.session.do("Add", edits.add_slot(from_text("bilinear:scale=2")))
    same = context.session.value.slots[-1].id
    context.session.do("Reference", edits.set_reference("s2"))
    context.view.set(
        show="differences", layout="single", selected=same, difference_range=Range(-0.0371, 0.0371),
        camera=Camera(3.0, 5.0, 48.0), annotations="none",
    )  # fmt: skip
    for map_id in ("cet-d1a", "cet-cbd1", "cet-d4"):
        for tone in (NEUTRAL, Tone(3.0, 0.0, 1.7)):
            context.view.set(difference_map=map_id, difference_tone=tone)
            neutral = tuple(int(v) for v in colormaps.load(map_id).table[128])

            assert neutral[0] == neutral[1] == neutral[2]
            assert {pixel_colour(workbench, f"d:{same}", pixel) for pixel in ((2, 3), (5, 9), (7, 4))} == {neutral}


def test_exchanged_pictures_have_mirrored_colours(workbench):
    context = workbench.context
    context.view.set(
        show="differences", layout="single", difference_tone=Tone(1.5, 0.0, 1.3), camera=Camera(3.0, 5.0, 48.0),
        annotations="none",
    )  # fmt: skip
    table = [tuple(int(v) for v in row) for row in colormaps.load("cet-d1a").table]
    found = []
    for reference, slot in (("s1", "s2"), ("s2", "s1")):
        context.session.do("Reference", edits.set_reference(reference))
        context.view.set(selected=slot)
        found.append([table.index(pixel_colour(workbench, f"d:{slot}", pixel)) for pixel in ((2, 3), (5, 8), (7, 4))])

    assert [a + b for a, b in zip(*found, strict=True)] == [256, 256, 256]


def test_shift_d_walks_through_all_kinds_and_their_ranges_come_back(workbench):
    context = workbench.context
    context.view.set(show="differences", difference_range=Range(-0.125, 0.125))
    seen, ranges = [], {}
    for _ in range(8):
        view = context.view.value
        seen.append(view.difference)
        ranges[view.difference] = (view.difference_range, colormaps.load(view.difference_map).diverging)
        press(workbench, "D", shift=True)

    assert seen == [kind for kind in Difference if kind is not Difference.FLIP]
    assert context.view.value.difference is Difference.SIGNED
    assert context.view.value.difference_range == Range(-0.125, 0.125)
    assert ranges[Difference.ABSOLUTE] == (Range(0.0, 0.125), False)
    assert ranges[Difference.LOG_RATIO] == (Range(-1.0, 1.0), True)
    assert ranges[Difference.SSIM] == (Range(0.0, 1.0), False)


def test_an_expression_without_sign_has_a_range_from_zero(workbench):
    ranges = workbench.commands.ranges
    workbench.context.view.set(show="differences")
    ranges.set_difference(Difference.EXPRESSION)
    ranges.set_expression("abs(a - r) * 8")
    view = workbench.context.view.value

    assert (view.difference_range.lo, view.difference_map) == (0.0, "viridis")
    part = workbench.context.results.part("d:s1")
    expected = (np.abs(values(workbench, "s1") - values(workbench, "original")) * 8).mean(axis=2)
    np.testing.assert_allclose(part.values, expected[part.window.slices], rtol=1e-5)


def test_a_wrong_expression_says_in_the_panel_what_to_change(workbench):
    ranges = workbench.commands.ranges
    workbench.context.view.set(show="differences")
    ranges.set_difference(Difference.EXPRESSION)
    ranges.set_expression("abs(b - r)")

    assert "knows no b" in workbench.window.panel_area.panel("d:s1").reason.words


def test_the_rest_of_a_difference_is_hatched(workbench):
    context = workbench.context
    context.session.do(
        "Method", edits.set_method("s1", from_text("transposed_conv:kernel=gaussian,stride=2,padding=0"))
    )
    context.view.set(show="differences", layout="single", selected="s1", camera=Camera(6.0, 10.0, 64.0))
    view = workbench.window.panel_area.view("d:s1")
    canvas = context.theme.color("canvas").getRgb()[:3]
    image = view.grab().toImage()
    strip = view.place_of(6.25, 0.0).toPoint().y()
    beyond = [
        image.pixelColor(x, strip).getRgb()[:3]
        for x in range(image.width())
        if 10.02 < view.world_at(QPointF(x + 0.5, strip))[1] < 10.48
    ]

    assert len(beyond) > 8
    assert any(colour != canvas for colour in beyond)


# ---- maps and channels ---------------------------------------------------------------------------------------------


def test_c_walks_through_the_maps_that_fit_and_back_and_colours_need_none(workbench):
    context = workbench.context
    why = workbench.window.action_set.reason("next_map")
    context.view.set(show="differences")
    seen = []
    for _ in range(3):
        seen.append(context.view.value.difference_map)
        press(workbench, "C")
    press(workbench, "C", shift=True)

    assert seen == ["cet-d1a", "cet-cbd1", "cet-d4"]
    assert context.view.value.difference_map == "cet-d4"
    assert why == "colours are shown as they are; a map is for one channel (V)"


def test_v_walks_through_the_channels_and_the_readouts_follow(workbench):
    context = workbench.context
    seen = []
    for _ in range(5):
        press(workbench, "V")
        seen.append((context.view.value.channel_view, context.view.value.channel))
    press(workbench, "V", shift=True)

    assert seen == [("r", 0), ("g", 1), ("b", 2), ("luminance", 2), ("rgb", 2)]
    assert context.view.value.channel_view == "luminance"


def test_a_channel_is_painted_through_the_map(workbench):
    context = workbench.context
    context.view.set(layout="single", selected="s1", channel_view="b", image_map="viridis", annotations="none",
                     camera=Camera(3.0, 5.0, 48.0))  # fmt: skip
    value = float(values(workbench, "s1")[5, 9, 2])
    entry = colormaps.load("viridis").table[int(value * 255 + 0.5)]

    assert pixel_colour(workbench, "s1", (5, 9)) == tuple(int(v) for v in entry)


# ---- bars and marks ------------------------------------------------------------------------------------------------


def test_there_is_a_bar_for_each_group_on_screen(workbench):
    bars, view = workbench.window.colour_bars, workbench.context.view
    shown = []
    for change in ({}, {"show": "differences"}, {"layout": "pairs", "fixed_marks": True}):
        view.set(**change)
        shown.append([bar.isVisibleTo(workbench.window) for bar in bars.bars])

    assert shown == [[False, False], [False, True], [True, True]]


def test_the_legend_counts_what_the_colours_cannot_show_and_switches_its_colours(workbench):
    view = workbench.context.view
    view.set(show="differences", difference_range=Range(-0.05, 0.05))
    legend = workbench.window.colour_bars.differences.legend
    all_values = [values(workbench, f"d:{slot}") for slot in ("s1", "s2", "s3")]
    QTest.mouseClick(legend, Qt.MouseButton.LeftButton)

    assert legend.counts.above == sum(int((one > 0.05).sum()) for one in all_values)
    assert legend.counts.below == sum(int((one < -0.05).sum()) for one in all_values)
    assert view.value.fixed_marks
    assert f"above {legend.counts.above}" in legend.accessibleName()


def test_marked_values_have_the_colours_of_the_legend(workbench):
    context = workbench.context
    context.view.set(show="differences", layout="single", selected="s1", difference_range=Range(-1e-6, 1e-6),
                     fixed_marks=True, annotations="none", camera=Camera(3.0, 5.0, 48.0))  # fmt: skip
    value = values(workbench, "d:s1")[4, 7]
    colour = (0xFF, 0xF3, 0xB0) if value > 0 else (0x0B, 0x3D, 0x4A)

    assert abs(value) > 1e-6
    assert pixel_colour(workbench, "d:s1", (4, 7)) == colour


def test_a_narrow_header_keeps_the_broken_chain(workbench):
    header = workbench.window.panel_area.panel("s2").header
    workbench.context.view.set(own_ranges=(("s2", Range(0.4, 0.5)),), stripes="nominal")
    header.resize(190, header.height())
    header.grab()

    assert header.shown_text.chips == ("⛓",)
    QTest.mouseClick(header, Qt.MouseButton.LeftButton, pos=header.chip_rect("⛓").center())
    assert workbench.context.view.value.own_ranges == ()


def test_constant_numbers_get_a_range_of_width_1_and_a_note(workbench: Workbench) -> None:
    session = workbench.context.session
    for slot in session.value.slots:
        if slot.id != "s1":
            session.do("One is enough", edits.remove_slot(slot.id))
    session.do("Nearest", edits.set_method("s1", from_text("nearest:scale=2")))
    session.do("flat", edits.set_source(array_source(np.full((6, 9), 0.3), "flat")))
    press(workbench, "A")

    assert workbench.context.view.value.image_range == Range(-0.2, 0.8)
    assert workbench.window.banner.message.text == "All values are 0.3. The range is −0.2 … 0.8."
