"""What a checkerboard has to look like at a zoom, computed without the program, beside what is on the screen.

Also run in a process of its own, since Qt reads its scale factor once: ``python -c "from tests.ui.zoom_truth import
main; main()"`` prints a report as JSON.
"""

from __future__ import annotations

import json

import numpy as np
import numpy.typing as npt
from PySide6.QtWidgets import QApplication, QWidget

from workbench.model.samples import array_source
from workbench.model.view_state import Camera, zoom_rungs
from workbench.ui.camera import LOST
from workbench.ui.context import Context
from workbench.ui.image_view import ImageView

SHAPE = (52, 76)
AT = (7, 5)
RUNGS = tuple(zoom for zoom in zoom_rungs((1.0,))[0] if 1 / 16 <= zoom <= 32)
Bytes = npt.NDArray[np.uint8]


def board(period: int) -> Bytes:
    """A full-contrast checkerboard of fields of so many pixels."""
    rows, cols = np.indices(SHAPE) // period
    return ((rows + cols) % 2 * 255).astype(np.uint8)


def blocks(values: npt.NDArray[np.float64], b: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Means and spreads of b × b pixels, one block after the other."""
    if b == 1:
        return values, np.zeros_like(values)
    height, width = (-(-side // b) for side in values.shape)
    means, spreads = np.empty((height, width)), np.empty((height, width))
    for row in range(height):
        for col in range(width):
            part = values[row * b : (row + 1) * b, col * b : (col + 1) * b]
            means[row, col], spreads[row, col] = part.mean(), part.max() - part.min()
    return means, spreads


def grabbed(window: QWidget) -> Bytes:
    image = window.grab().toImage()
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return lines[:, : image.width(), 2::-1].copy()


def seen(window: QWidget, view: ImageView) -> tuple[Bytes, npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The device pixels that show the image, and for each line and column of them the block it belongs to."""
    frame, shot = view.frame, grabbed(window)
    lines = []
    for axis, at in enumerate((AT[1], AT[0])):
        first = round(at * frame.ratio + frame.phase[axis])
        cell = frame.cell[axis] * frame.reduction
        count = -(-SHAPE[axis] // frame.reduction)
        device = np.arange(int(frame.size[axis] - frame.phase[axis]))
        index = np.floor((device + 0.5 - frame.origin[axis]) / cell).astype(np.intp)
        inside = (index >= 0) & (index < count)
        lines.append((device[inside] + first, index[inside]))
    (down, rows), (across, cols) = lines
    return shot[np.ix_(down, across)], rows, cols


def lies(app: QApplication, context: Context, window: QWidget, view: ImageView, period: int) -> list[str]:
    """Where the screen shows something else than the board, its exact means, or hides something without saying so."""
    values = board(period) / 255.0
    found: list[str] = []
    for zoom in RUNGS:
        context.view.set(camera=Camera(SHAPE[0] / 2 + 0.3, SHAPE[1] / 2, zoom), annotations="none")
        app.processEvents()
        b = view.frame.reduction
        means, spreads = blocks(values, b)
        shot, rows, cols = seen(window, view)
        wanted = np.floor(means[np.ix_(rows, cols)] * 255 + 0.5).astype(np.uint8)
        if shot.size < 12 or not (shot == wanted[:, :, None]).all():
            found.append(f"{period} px at {zoom:.4f}: not its exact mean")
        badges = view.view_filter.badges
        if (LOST in badges) != (b > 1):
            found.append(f"{period} px at {zoom:.4f}: badges {badges}")
        if b == 1:
            continue
        context.view.set(annotations="automatic")
        app.processEvents()
        shot = seen(window, view)[0].astype(int)
        green = shot[:, :, 1] - shot[:, :, 0] > 8
        hidden = spreads[np.ix_(rows, cols)] > 0.02
        if (green != hidden).any():
            found.append(f"{period} px at {zoom:.4f}: the envelope is elsewhere than what is hidden")
        if not hidden.any() and np.ptp(wanted) < 255:
            found.append(f"{period} px at {zoom:.4f}: flat without a word")
    return found


def show_board(context: Context, period: int) -> None:
    """The board as the source, nothing made of it."""
    from workbench.model.document import Comparison, Preparation

    context.session.load(Comparison(array_source(board(period), "board"), Preparation()))


def main() -> None:
    """Report the lies at this process's scale factor."""
    from workbench.model.document import Comparison
    from workbench.model.jobs import InlineRunner
    from workbench.model.pipeline import Pipeline
    from workbench.model.probe import Probe
    from workbench.model.results import Results
    from workbench.model.session import Session
    from workbench.model.view_state import ViewState
    from workbench.ui.theme import Theme

    app = QApplication([])
    theme = Theme("dark")
    theme.apply(app)
    session, view, results, runner = Session(Comparison()), ViewState(), Results(), InlineRunner()
    pipeline = Pipeline(session, view, results, runner)
    pipeline.start()
    context = Context(session, view, results, Probe(), pipeline, theme, runner)
    window, made = framed(context)
    found = []
    for period in (1, 2):
        show_board(context, period)
        found += lies(app, context, window, made, period)
    print(json.dumps({"ratio": made.devicePixelRatioF(), "lies": found}))
    window.close()
    pipeline.close()


def framed(context: Context) -> tuple[QWidget, ImageView]:
    """A view that begins at an odd place of its window."""
    window = QWidget()
    window.resize(150, 120)
    view = ImageView(context, "source", window)
    view.setGeometry(*AT, 131, 101)
    window.show()
    return window, view
