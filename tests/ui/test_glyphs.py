"""Texts put together from figures look as if they had been written one by one."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from workbench.ui.fonts import make_font
from workbench.ui.glyphs import figures_of
from workbench.ui.theme import Theme

TEXTS = ["0.6397", "−.25", "12, 408", "∞", "NaN", "1.0701"]


def canvas() -> QImage:
    image = QImage(220, 160, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.white)
    return image


@pytest.mark.parametrize("size", [10, 14])
def test_they_are_the_pixels_of_the_texts(theme: Theme, size: int) -> None:
    font = make_font(size, 500)
    ours, theirs = canvas(), canvas()
    xs, ys = np.array([10.0, 90.0] * 4)[: len(TEXTS)], np.repeat([20.0, 55.0, 90.0, 125.0], 2)[: len(TEXTS)]
    painter = QPainter(ours)
    figures_of(font).draw(painter, QColor(0, 0, 0), xs, ys, TEXTS)
    painter.end()
    painter = QPainter(theirs)
    painter.setFont(font)
    for x, y, text in zip(xs.tolist(), ys.tolist(), TEXTS, strict=True):
        painter.drawText(QPointF(x, y), text)
    painter.end()

    assert ours == theirs


def test_their_widths_are_those_of_the_texts(theme: Theme) -> None:
    figures = figures_of(make_font(12, 500))

    assert figures.widths(TEXTS).tolist() == pytest.approx([figures.metrics.horizontalAdvance(text) for text in TEXTS])


def test_nothing_to_write_writes_nothing(theme: Theme) -> None:
    image = canvas()
    painter = QPainter(image)
    figures_of(make_font(10, 500)).draw(painter, QColor(0, 0, 0), np.zeros(0), np.zeros(0), [])
    painter.end()

    assert image == canvas()
