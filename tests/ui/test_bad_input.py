"""Bad input at the window: one sentence in the banner or at the field, and the comparison stays as it was."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from tests.ui import gestures
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.document import Preparation
from workbench.model.resources import resource
from workbench.model.results import Failed, Ready


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _write(path, kind):
    match kind:
        case "text":
            path.write_text("not an image")
        case "empty":
            path.write_bytes(b"")
        case "cut":
            whole = resource("samples", "chelsea.png").read_bytes()
            path.write_bytes(whole[: len(whole) // 2])
        case "huge":
            header = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
            chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", b"") + _chunk(b"IEND", b"")
            path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("text", "is not an image"),
        ("empty", "the file is empty (0 bytes)"),
        ("cut", "the file is cut short"),
        ("huge", "60000 × 60000 pixels are 3600 Mpx; at most 256 Mpx are read"),
        ("missing", "there is no such file"),
    ],
)
def test_a_file_that_is_no_image_gets_one_sentence_and_changes_nothing(workbench, tmp_path, kind, rule):
    path = tmp_path / "picture.png"
    _write(path, kind)
    said = []
    workbench.documents.failed.connect(lambda title, sentence, details: said.append((title, sentence)))
    before = workbench.context.session.value
    area = workbench.window.panel_area
    gestures.drop(area.view(area.names[0]).viewport(), [path])

    assert workbench.context.session.value is before
    assert said[0][0] == "Could not open picture.png."
    assert rule[1:] in said[0][1]
    assert workbench.window.banner.isVisible()


def test_a_broken_session_file_changes_nothing(workbench, tmp_path):
    path = tmp_path / "one.upsampling.json"
    path.write_text('{"schema": 1, "slots": [{"method": 7}]}')
    before = workbench.context.session.value
    workbench.documents.open_path(path)

    assert workbench.context.session.value is before
    assert workbench.window.banner.isVisible()


def test_pixels_that_are_no_numbers_are_shown_as_such(workbench, tmp_path):
    pixels = np.random.default_rng(1).random((9, 14))
    pixels[2, 3], pixels[5, 11] = np.nan, np.inf
    np.save(tmp_path / "nan.npy", pixels)
    workbench.documents.open_path(tmp_path / "nan.npy")

    assert any("2 not finite" in badge for badge in workbench.context.session.value.source.badges)
    assert isinstance(workbench.context.results.get("s2"), Ready)


def test_a_method_that_does_not_fit_fails_alone_and_keeps_the_others(workbench):
    session, results = workbench.context.session, workbench.context.results
    session.do("Change", edits.set_method("s3", from_text("transposed_conv:padding=40")))
    failed = results.get("s3")

    assert isinstance(failed, Failed)
    assert str(failed.error).startswith("padding: must leave an output pixel; 40 on each side leaves")
    assert isinstance(results.get("s1"), Ready)


def test_max_unpooling_without_a_record_offers_to_record_one(workbench):
    session, results = workbench.context.session, workbench.context.results
    session.do("As it is", edits.set_preparation(Preparation()))
    session.do("Change", edits.set_method("s1", from_text("max_unpool")))
    assert isinstance(results.get("s1"), Failed)

    names = {button.text(): button for button in workbench.window.panel_area.panel("s1").findChildren(QPushButton)}
    QTest.mouseClick(names["Record indices…"], Qt.MouseButton.LeftButton)
    assert isinstance(results.get("s1"), Ready)
