"""Hundreds of short texts in one call: numbers on pixels are put together from figures that were looked up once.

Shaping each text anew costs more than all else about a number. Figures of one width, and signs beside them, do not
depend on their neighbours, so that each is shaped once for a font.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGlyphRun, QPainter, QRawFont, QTextLayout

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character of a font: where its picture is found, and how far it moves the pen."""

    face: int
    index: int
    advance: float


_NOTHING = Glyph(0, -1, 0.0)


@dataclass(slots=True, eq=False)
class Figures:
    """The characters of one font, shaped when first met.

    Parameters
    ----------
    font : QFont
    """

    font: QFont
    metrics: QFontMetricsF = field(init=False)
    _glyphs: dict[str, Glyph] = field(default_factory=dict)
    _faces: list[QRawFont] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.metrics = QFontMetricsF(self.font)

    def widths(self, texts: Sequence[str]) -> Floats:
        """How far each text moves the pen."""
        return np.asarray(self._looked_up(texts)[1].sum(axis=1))

    def draw(self, painter: QPainter, colour: QColor, xs: Floats, ys: Floats, texts: Sequence[str]) -> None:
        """Write texts, each from its place on the base line."""
        if not len(texts):
            return
        codes, advances, known = self._looked_up(texts)
        right = np.asarray(xs, np.float64)[:, None] + np.cumsum(advances, axis=1) - advances
        down = np.broadcast_to(np.asarray(ys, np.float64)[:, None], codes.shape)
        faces = np.array([glyph.face if glyph.index >= 0 else -1 for glyph in known])[codes]
        indices = np.array([glyph.index for glyph in known])[codes]
        painter.setPen(colour)
        for face, raw in enumerate(self._faces):
            chosen = faces == face
            run = QGlyphRun()
            run.setRawFont(raw)
            run.setGlyphIndexes(indices[chosen].tolist())
            run.setPositions(list(map(QPointF, right[chosen].tolist(), down[chosen].tolist())))
            painter.drawGlyphRun(QPointF(0, 0), run)

    def _looked_up(self, texts: Sequence[str]) -> tuple[npt.NDArray[np.intp], Floats, list[Glyph]]:
        """For each character of each text which glyph it is, and its advance; short texts end in nothing."""
        letters = np.array(texts, dtype=np.str_)
        points = letters.view(np.uint32).reshape(len(texts), -1)
        there, codes = np.unique(points, return_inverse=True)
        known = [_NOTHING if point == 0 else self._glyph(chr(point)) for point in there.tolist()]
        codes = codes.reshape(points.shape)
        return codes, np.array([glyph.advance for glyph in known])[codes], known

    def _glyph(self, character: str) -> Glyph:
        if character not in self._glyphs:
            layout = QTextLayout(character, self.font)
            layout.beginLayout()
            layout.createLine()
            layout.endLayout()
            runs = layout.glyphRuns()
            face, index = 0, -1  # a space has no picture
            if runs and character.strip():
                raw, index = runs[0].rawFont(), runs[0].glyphIndexes()[0]
                face = next((k for k, known in enumerate(self._faces) if known == raw), len(self._faces))
                if face == len(self._faces):
                    self._faces.append(raw)
            self._glyphs[character] = Glyph(face, index, self.metrics.horizontalAdvance(character))
        return self._glyphs[character]


_MOST_FONTS = 32
_KNOWN: dict[str, Figures] = {}


def figures_of(font: QFont) -> Figures:
    """The figures of a font, kept."""
    key = font.key()
    if key not in _KNOWN:
        if len(_KNOWN) > _MOST_FONTS:
            _KNOWN.clear()
        _KNOWN[key] = Figures(QFont(font))
    return _KNOWN[key]
