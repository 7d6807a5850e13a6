"""Curves of many points as one path, made by pyqtgraph: imported with the first of them, since that takes 0.3 s."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QPainterPath


def curve_path(xs: npt.ArrayLike, ys: npt.ArrayLike) -> QPainterPath:
    """A line through points in pixels of the painter; where one of them is not finite, the line breaks."""
    from pyqtgraph.functions import arrayToQPath

    path: QPainterPath = arrayToQPath(np.asarray(xs, np.float64), np.asarray(ys, np.float64), connect="finite")
    return path
