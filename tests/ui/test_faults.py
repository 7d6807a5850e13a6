"""A fault of the program is told in one line of the banner, whatever wrapped it on its way."""

from __future__ import annotations

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from psygnal import Signal

from workbench.ui.bridge import Bridge
from workbench.ui.faults import _Recorder


class Sender:
    happened = Signal()


def test_a_fault_in_a_receiver_is_told_in_one_line_by_its_own_name(qapp, capsys):
    said = []
    bridge = Bridge()
    recorder = _Recorder(bridge, lambda *words: said.append(words))
    sender = Sender()

    def fail() -> None:
        raise KeyError("s2")

    sender.happened.connect(fail)
    try:
        sender.happened.emit()
    except Exception as error:
        recorder.exception(type(error), error, error.__traceback__)
    qapp.processEvents()

    _, sentence, details = said[0]
    assert sentence == "KeyError: 's2'. The comparison is unchanged; the log has the details."
    assert "EmitLoopError" in details
