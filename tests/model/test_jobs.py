"""The rule of the runners: one running, one waiting, nothing late, nothing out of order."""

from __future__ import annotations

import queue
import random
import threading
from collections.abc import Callable, Iterator

import pytest

from workbench.kernels.cancel import CancelToken
from workbench.kernels.errors import Cancelled, ParameterError
from workbench.model import jobs
from workbench.model.jobs import Done, Error, InlineRunner, Outcome, ThreadRunner

LONG = 20.0


class Owner:
    """The owner's thread of a test: calls are posted here and run when the test says so."""

    def __init__(self) -> None:
        self.calls: queue.Queue[Callable[[], None]] = queue.Queue()

    def run_one(self) -> None:
        self.calls.get(timeout=LONG)()

    def run_until(self, reached: Callable[[], bool]) -> None:
        while not reached():
            self.run_one()


@pytest.fixture
def owner() -> Owner:
    return Owner()


@pytest.fixture
def runner(owner: Owner) -> Iterator[ThreadRunner]:
    made = ThreadRunner(owner.calls.put, threads=3)
    yield made
    made.close()


class Gate:
    """Work that begins, waits to be let on, and asks its token then."""

    def __init__(self, value: object = None) -> None:
        self.value = value
        self.begun, self.go = threading.Event(), threading.Event()
        self.token: CancelToken | None = None

    def __call__(self, token: CancelToken) -> object:
        self.token = token
        self.begun.set()
        assert self.go.wait(LONG)
        token.check()
        return self.value


def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "PATIENCE", 0.0)


def test_inline_work_lands_before_submit_returns() -> None:
    landed: list[Outcome] = []
    InlineRunner().submit("k", lambda token: 7, landed.append)
    assert landed == [Done(7)]


def test_inline_failures_land_as_values() -> None:
    landed: list[Outcome] = []
    InlineRunner().submit("k", lambda token: 1 / 0, landed.append)
    assert isinstance(landed[0], Error)
    assert isinstance(landed[0].exception, ZeroDivisionError)


def test_inline_progress_is_heard() -> None:
    heard: list[float] = []
    InlineRunner().submit("k", lambda token: token.progress(0.5), lambda outcome: None, progress=heard.append)
    assert heard == [0.5]


def test_a_closed_inline_runner_runs_nothing() -> None:
    runner, landed = InlineRunner(), []
    runner.close()
    runner.submit("k", lambda token: 7, landed.append)
    assert landed == []


def test_work_runs_on_another_thread_and_lands_on_the_owners(owner: Owner, runner: ThreadRunner) -> None:
    worked, landed = [], []
    runner.submit(
        "k", lambda token: worked.append(threading.get_ident()), lambda _: landed.append(threading.get_ident())
    )
    owner.run_until(lambda: bool(landed))
    assert landed == [threading.get_ident()]
    assert worked != landed


def test_a_failure_is_a_value(owner: Owner, runner: ThreadRunner) -> None:
    def fail(token: CancelToken) -> None:
        raise ParameterError("scale", "must be at most 64, not 65")

    landed: list[Outcome] = []
    runner.submit("k", fail, landed.append)
    owner.run_until(lambda: bool(landed))
    assert isinstance(landed[0], Error)
    assert str(landed[0].exception) == "scale: must be at most 64, not 65"


def test_a_waiting_job_is_replaced_and_never_runs(owner: Owner, runner: ThreadRunner) -> None:
    first, ran, landed = Gate(1), [], []
    runner.submit("k", first, landed.append)
    assert first.begun.wait(LONG)
    runner.submit("k", lambda token: ran.append(2), landed.append)
    runner.submit("k", lambda token: ran.append(3), landed.append)
    first.go.set()
    owner.run_until(lambda: runner.busy == 0)
    assert ran == [3]


def test_a_superseded_job_still_lands_within_its_patience(
    owner: Owner, runner: ThreadRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PATIENCE", 1e9)
    first, landed = Gate(1), []
    runner.submit("k", first, landed.append)
    assert first.begun.wait(LONG)
    runner.submit("k", lambda token: 2, landed.append)
    first.go.set()
    owner.run_until(lambda: runner.busy == 0)
    assert landed == [Done(1), Done(2)]


def test_a_superseded_job_out_of_patience_never_lands(
    owner: Owner, runner: ThreadRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(monkeypatch)
    first, landed = Gate(1), []
    runner.submit("k", first, landed.append)
    assert first.begun.wait(LONG)
    runner.submit("k", lambda token: 2, landed.append)
    first.go.set()
    owner.run_until(lambda: runner.busy == 0)
    assert landed == [Done(2)]


def test_a_job_that_nobody_replaces_may_take_its_time(
    owner: Owner, runner: ThreadRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(monkeypatch)
    landed: list[Outcome] = []
    runner.submit("k", lambda token: token.check(), landed.append)
    owner.run_until(lambda: bool(landed))
    assert landed == [Done(None)]


def test_replacing_a_finished_job_before_it_lands_does_not_lose_it(
    owner: Owner, runner: ThreadRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(monkeypatch)
    landed: list[Outcome] = []
    runner.submit("k", lambda token: 1, landed.append)
    finish = owner.calls.get(timeout=LONG)
    runner.submit("k", lambda token: 2, landed.append)
    finish()
    owner.run_until(lambda: runner.busy == 0)
    assert landed == [Done(1), Done(2)]


def test_keys_do_not_replace_each_other(owner: Owner, runner: ThreadRunner) -> None:
    landed: list[Outcome] = []
    runner.submit("a", lambda token: 1, landed.append)
    runner.submit("b", lambda token: 2, landed.append)
    owner.run_until(lambda: runner.busy == 0)
    assert sorted(outcome.value for outcome in landed) == [1, 2]


def test_cancelling_a_key_keeps_running_and_waiting_work_from_landing(owner: Owner, runner: ThreadRunner) -> None:
    gate, landed = Gate(1), []
    runner.submit("k", gate, landed.append)
    assert gate.begun.wait(LONG)
    runner.submit("k", lambda token: 2, landed.append)
    runner.cancel("k")
    gate.go.set()
    owner.run_until(lambda: runner.busy == 0)
    assert landed == []


def test_cancelling_everything_reaches_every_token(owner: Owner, runner: ThreadRunner) -> None:
    gates = [Gate(), Gate()]
    for k, gate in enumerate(gates):
        runner.submit(k, gate, lambda outcome: None)
        assert gate.begun.wait(LONG)
    runner.cancel()
    assert all(gate.token is not None and gate.token.cancelled for gate in gates)
    for gate in gates:
        gate.go.set()


def test_a_key_works_again_after_it_was_cancelled(owner: Owner, runner: ThreadRunner) -> None:
    gate, landed = Gate(1), []
    runner.submit("k", gate, landed.append)
    assert gate.begun.wait(LONG)
    runner.cancel("k")
    runner.submit("k", lambda token: 2, landed.append)
    gate.go.set()
    owner.run_until(lambda: runner.busy == 0)
    assert landed == [Done(2)]


def test_urgent_work_overtakes_patient_work(owner: Owner) -> None:
    runner, order = ThreadRunner(owner.calls.put, threads=1), []
    gate = Gate()
    runner.submit("first", gate, lambda outcome: None)
    assert gate.begun.wait(LONG)
    runner.submit("patient", lambda token: order.append("patient"), lambda outcome: None, priority=-1)
    runner.submit("urgent", lambda token: order.append("urgent"), lambda outcome: None, priority=-2)
    gate.go.set()
    owner.run_until(lambda: runner.busy == 0)
    runner.close()
    assert order == ["urgent", "patient"]


def test_patient_work_never_takes_the_last_thread(owner: Owner) -> None:
    runner = ThreadRunner(owner.calls.put, threads=2)
    gates = [Gate(), Gate()]
    for k, gate in enumerate(gates):
        runner.submit(k, gate, lambda outcome: None, priority=1)
    assert gates[0].begun.wait(LONG)
    landed: list[Outcome] = []
    runner.submit("urgent", lambda token: 1, landed.append)
    owner.run_until(lambda: bool(landed))
    begun = gates[1].begun.is_set()
    for gate in gates:
        gate.go.set()
    runner.close()
    assert landed == [Done(1)]
    assert not begun


def test_progress_arrives_on_the_owners_thread(owner: Owner, runner: ThreadRunner) -> None:
    heard: list[tuple[float, int]] = []
    gate = Gate()

    def work(token: CancelToken) -> None:
        token.progress(0.25)
        gate(token)

    runner.submit("k", work, lambda _: None, progress=lambda share: heard.append((share, threading.get_ident())))
    owner.run_until(lambda: bool(heard))
    gate.go.set()
    assert heard == [(0.25, threading.get_ident())]


def test_nothing_lands_after_close(owner: Owner) -> None:
    runner, landed = ThreadRunner(owner.calls.put, threads=2), []
    runner.submit("k", lambda token: 1, landed.append)
    finish = owner.calls.get(timeout=LONG)
    runner.close()
    finish()
    assert landed == []


def test_close_stops_what_is_running(owner: Owner) -> None:
    runner, begun, stopped = ThreadRunner(owner.calls.put, threads=2), threading.Event(), []

    def work(token: CancelToken) -> None:
        begun.set()
        try:
            while True:
                token.check()
        except Cancelled:
            stopped.append(True)
            raise

    runner.submit("k", work, lambda outcome: None)
    assert begun.wait(LONG)
    runner.close()
    assert stopped == [True]


def test_submitting_after_close_does_nothing(owner: Owner) -> None:
    runner, landed = ThreadRunner(owner.calls.put, threads=2), []
    runner.close()
    runner.submit("k", lambda token: 1, landed.append)
    assert runner.busy == 0


def test_a_landing_that_raises_does_not_stop_the_next_job(owner: Owner, runner: ThreadRunner) -> None:
    landed: list[Outcome] = []

    def bad(outcome: Outcome) -> None:
        raise RuntimeError("a bug in a panel")

    runner.submit("k", lambda token: 1, bad)
    runner.submit("k", lambda token: 2, landed.append)
    with pytest.raises(RuntimeError):
        owner.run_one()
    owner.run_until(lambda: bool(landed))
    assert landed == [Done(2)]


def test_a_storm_of_submissions_lands_in_order_with_the_newest_last(owner: Owner) -> None:
    runner = ThreadRunner(owner.calls.put, threads=2)
    landed: dict[str, list[int]] = {"a": [], "b": []}
    threads: set[int] = set()
    chance = random.Random(5)

    def work(number: int) -> Callable[[CancelToken], int]:
        def run(token: CancelToken) -> int:
            for _ in range(number % 7):
                token.check()
            return number

        return run

    def landing(key: str) -> Callable[[Outcome], None]:
        def land(outcome: Outcome) -> None:
            assert isinstance(outcome, Done)
            threads.add(threading.get_ident())
            landed[key].append(outcome.value)

        return land

    newest: dict[str, int] = {}
    for number in range(20_000):
        key = chance.choice("ab")
        runner.submit(key, work(number), landing(key))
        newest[key] = number
        while not owner.calls.empty():
            owner.run_one()
    owner.run_until(lambda: runner.busy == 0)
    runner.close()
    assert threads == {threading.get_ident()}
    for key, numbers in landed.items():
        assert numbers == sorted(numbers)
        assert numbers[-1] == newest[key]
