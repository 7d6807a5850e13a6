"""The picture in a panel: every pixel the same whole number of device pixels, copied, never resampled by Qt.

Qt's own scaler counts in steps of 1/65536 and is off by a device pixel at the far side of a large view. So the visible
device pixels are looked up here, once per camera, and drawn one to one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter

from workbench.kernels.arrays import Window
from workbench.ui.camera import Frame

Bytes = npt.NDArray[np.uint8]


@contextmanager
def device_pixels(painter: QPainter, frame: Frame) -> Iterator[None]:
    """Let a painter of the viewport count the device pixels of a frame."""
    painter.save()
    painter.resetTransform()
    painter.scale(1 / frame.ratio, 1 / frame.ratio)
    painter.translate(frame.phase[1], frame.phase[0])
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform, False)
    yield
    painter.restore()


class PixelItem:
    """Shows finished colours, a window of an image or of its block means, at the place a frame gives them."""

    def __init__(self) -> None:
        self._rgba: Bytes | None = None
        self._packed: npt.NDArray[np.uint32] | None = None
        self._window = Window(0, 0, 0, 0)
        self._reduction = 1
        self._frame: Frame | None = None
        self._smooth = False
        self._picture: tuple[int, int, QImage, npt.NDArray[np.uint32]] | None = None

    @property
    def rgba(self) -> Bytes | None:
        """What is shown, (h, w, 4); the array is kept and never written to."""
        return self._rgba

    @property
    def window(self) -> Window:
        """Which pixels, or blocks, are shown."""
        return self._window

    @property
    def reduction(self) -> int:
        return self._reduction

    def show_pixels(self, rgba: Bytes | None, window: Window, reduction: int) -> None:
        """Show other colours; None shows nothing."""
        self._rgba, self._window, self._reduction, self._picture = rgba, window, reduction, None
        self._packed = None if rgba is None else _packed(rgba)

    def show_frame(self, frame: Frame) -> None:
        """Another camera or another viewport."""
        self._frame, self._picture = frame, None

    def show_smooth(self, smooth: bool) -> None:
        """Blend magnified pixels into each other, or show each as it is."""
        self._smooth, self._picture = smooth, None

    def paint(self, painter: QPainter) -> None:
        frame = self._frame
        if frame is None or self._rgba is None:
            return
        if self._picture is None:
            self._picture = self._looked_up(frame)
        if self._picture is None:
            return
        top, left, image, _ = self._picture
        with device_pixels(painter, frame):
            painter.drawImage(QPoint(left, top), image)

    def _looked_up(self, frame: Frame) -> tuple[int, int, QImage, npt.NDArray[np.uint32]] | None:
        """The visible device pixels: their place, and for each the colour of the pixel it lies in."""
        assert self._packed is not None
        lines = [
            _line(frame.size[k], frame.phase[k], frame.origin[k], frame.cell[k] * self._reduction, first, count)
            for k, first, count in (
                (0, self._window.top, self._window.height),
                (1, self._window.left, self._window.width),
            )
        ]
        (top, rows), (left, cols) = lines
        if not len(rows) or not len(cols):
            return None
        if self._smooth and self._reduction == 1 and frame.magnified:
            pixels = self._blended(frame, top, len(rows), left, len(cols))
            return top, left, _image(pixels), pixels
        # Columns first, while there are few rows.
        first, last = int(rows[0]), int(rows[-1]) + 1
        pixels = self._packed[first:last].take(cols, axis=1).take(rows - first, axis=0)
        return top, left, _image(pixels), pixels

    def _blended(self, frame: Frame, top: int, height: int, left: int, width: int) -> npt.NDArray[np.uint32]:
        """The same device pixels, each a mixture of the four pixels whose middles lie around it."""
        assert self._rgba is not None
        rows, down = _between(top, height, frame.origin[0], frame.cell[0], self._window.top, self._window.height)
        cols, across = _between(left, width, frame.origin[1], frame.cell[1], self._window.left, self._window.width)
        first, last = int(rows[0].min()), int(rows[1].max()) + 1
        near = self._rgba[first:last, :, :3].astype(np.float32)
        wide = near[:, cols[0]] * (1 - across)[None, :, None] + near[:, cols[1]] * across[None, :, None]
        rows = (rows[0] - first, rows[1] - first)
        mixed = wide[rows[0]] * (1 - down)[:, None, None] + wide[rows[1]] * down[:, None, None]
        return _packed((mixed + 0.5).astype(np.uint8))


def _between(
    begin: int, count: int, origin: float, cell: float, first: int, have: int
) -> tuple[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]], npt.NDArray[np.float32]]:
    """Along one axis, for each device pixel: the pixels before and after its middle, and how far it is on the way."""
    place = (np.arange(begin, begin + count) + 0.5 - origin) / cell - 0.5 - first
    before = np.floor(place).astype(np.intp)
    share = (place - before).astype(np.float32)
    return (np.clip(before, 0, have - 1), np.clip(before + 1, 0, have - 1)), share


def _image(pixels: npt.NDArray[np.uint32]) -> QImage:
    """A view of the pixels as Qt paints them; they have to be kept as long as it."""
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)


def _packed(rgba: Bytes) -> npt.NDArray[np.uint32]:
    """Colours as Qt's raster engine holds them, so that nothing has to be converted when it paints."""
    red, green, blue = (rgba[:, :, k].astype(np.uint32) for k in (0, 1, 2))
    return np.asarray(red << 16 | green << 8 | blue | np.uint32(0xFF000000))


def _line(
    size: float, phase: float, origin: float, cell: float, first: int, count: int
) -> tuple[int, npt.NDArray[np.intp]]:
    """Along one axis: the first device pixel that shows something, and for each from there the index it shows."""
    begin = max(-1, math.floor(origin + first * cell + 0.5))
    end = min(math.ceil(size - phase) + 1, math.floor(origin + (first + count) * cell + 0.5))
    if end <= begin:
        return 0, np.zeros(0, np.intp)
    middles = np.arange(begin, end) + 0.5
    index = np.floor((middles - origin) / cell + 1e-9).astype(np.intp) - first
    return begin, np.clip(index, 0, count - 1)
