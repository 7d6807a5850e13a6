"""Stripes over what lies beyond a limit: "/" and light where it lies above, "\\" and dark where it lies below.

Their width is that of the screen, whatever the zoom; they move with the picture. Each header tells count, share, and
the largest excess; a click on that goes there.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter

from workbench.model.display import ABOVE, BELOW
from workbench.model.document import DIFFERENCE
from workbench.model.jobs import Done, Outcome
from workbench.model.panels import geometry, panel_name, visible_panels
from workbench.model.probe import ProbePoint
from workbench.model.stripes import Beyond, Search, search_of
from workbench.model.view_state import Camera, ViewValue
from workbench.ui.binding import bind
from workbench.ui.camera import Frame
from workbench.ui.context import Context
from workbench.ui.image_view import ImageView
from workbench.ui.tools import GO, Handler

PERIOD, WIDTH = 8, 2
"""Logical pixels from stripe to stripe, and of a stripe; beside it runs a line of 1 that sets it off."""

_Picture = tuple[tuple[object, ...], QImage | None, tuple[int, int], npt.NDArray[np.uint32] | None]


class StripesHandler(Handler):
    """Finds what lies beyond in the background, and paints it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._asked: dict[str, Search] = {}
        self._found: dict[str, tuple[Search, Beyond]] = {}
        self._pictures: dict[int, _Picture] = {}
        bind(context.tools, context.results.part_changed, self._look)
        bind(context.tools, context.results.changed, self._look_all)
        bind(context.tools, context.view.changed, self._view_changed)

    def found(self, panel: str) -> Beyond | None:
        """What lies beyond in a panel; None while that is not known, or not asked."""
        known = self._found.get(panel)
        return known[1] if known is not None else None

    # ---- finding -----------------------------------------------------------------------------------------------

    def _view_changed(self, new: ViewValue, old: ViewValue) -> None:
        if (new.stripes, new.channel_view, new.layout, new.show, new.selected) != (
            old.stripes, old.channel_view, old.layout, old.show, old.selected,
        ):  # fmt: skip
            self._look_all()

    def _look_all(self, *_: object) -> None:
        context = self._context
        panels = visible_panels(context.session.value, context.view.value, context.results)
        for panel in {*panels, *self._asked}:
            self._look(panel)

    def _look(self, panel: str) -> None:
        context = self._context
        if panel.startswith(DIFFERENCE):
            return
        if context.view.value.stripes == "off" and panel not in self._asked:
            return
        search = search_of(context.session.value, context.view.value, context.results, panel)
        if search is None:
            if self._asked.pop(panel, None) is not None:
                context.pipeline.work.stop(("stripes", panel))
                self._found.pop(panel, None)
                self._tell()
        elif not search.same(self._asked.get(panel)):
            self._asked[panel] = search
            name = panel_name(context.session.value, panel)
            land = partial(self._landed, panel, search)
            context.pipeline.work.submit(("stripes", panel), f"{name}: what lies beyond", search.run, land, 1)

    def _landed(self, panel: str, search: Search, outcome: Outcome) -> None:
        if self._asked.get(panel) is not search:
            return
        if not isinstance(outcome, Done):
            raise outcome.exception
        self._found[panel] = (search, outcome.value)
        self._tell()

    def _tell(self) -> None:
        self._context.tools.repaint()
        self._context.tools.chips_changed.emit()

    # ---- the header --------------------------------------------------------------------------------------------

    def chips(self, panel: str) -> tuple[str, ...]:
        found = self.found(panel)
        if found is None:
            return ()
        return (f"{found.words} {GO}" if found.where is not None else found.words,)

    def chip_clicked(self, panel: str, chip: str) -> bool:
        """Go to the largest excess."""
        found, context = self.found(panel), self._context
        shown = chip.removesuffix(GO).strip().rpartition(": ")[2]
        if found is None or found.where is None or not found.words.endswith(shown):
            return False
        placed = geometry(context.results, context.session.value, panel, context.view.value.placing)
        if placed is not None:
            y, x = placed.placement.centre(found.where)
            context.view.set(camera=Camera(y, x, context.view.value.camera.zoom))
            context.probe.show(ProbePoint(panel, *found.where))
        return True

    # ---- painting ----------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, view: ImageView) -> None:
        known = self._found.get(view.panel)
        if known is None or view.geometry_shown is None:
            return
        found, frame = known[1], view.frame
        key = (found, frame)
        picture = self._pictures.get(id(view))
        if picture is None or picture[0] != key:
            self._pictures[id(view)] = picture = (key, *striped(found, frame))
        if picture[1] is not None:
            painter.drawImage(QPoint(picture[2][1], picture[2][0]), picture[1])


def striped(found: Beyond, frame: Frame) -> tuple[QImage | None, tuple[int, int], npt.NDArray[np.uint32] | None]:
    """The stripes of the device pixels that are seen: image, its place (y, x), and the memory it stands in."""
    if found.where is None:
        return None, (0, 0), None
    lines = []
    for k, first, count in ((0, found.window.top, found.window.height), (1, found.window.left, found.window.width)):
        cell, origin = frame.cell[k] * found.reduction, frame.origin[k]
        begin = max(0, int(np.floor(origin + first * cell + 0.5)))
        end = min(int(np.ceil(frame.size[k])), int(np.floor(origin + (first + count) * cell + 0.5)))
        if end <= begin:
            return None, (0, 0), None
        index = np.floor((np.arange(begin, end) + 0.5 - origin) / cell + 1e-9).astype(np.intp) - first
        lines.append((begin, np.clip(index, 0, count - 1)))
    (top, rows), (left, cols) = lines
    down = np.arange(len(rows))[:, None] + (top - int(frame.origin[0]))
    across = np.arange(len(cols))[None, :] + (left - int(frame.origin[1]))
    period, width, edge = (max(1, round(size * frame.ratio)) for size in (PERIOD, WIDTH, 1))
    pixels = np.zeros((len(rows), len(cols)), np.uint32)
    for mask, place, rgb, rim in (
        (found.above, down + across, ABOVE.rgb, 0xFF000000), (found.below, down - across, BELOW.rgb, 0xFFFFFFFF),
    ):  # fmt: skip
        if not mask.any():
            continue
        inside = mask[rows[0] : rows[-1] + 1].take(cols, axis=1).take(rows - rows[0], axis=0)
        phase = place % period
        pixels[inside & (phase < width)] = 0xFF000000 | rgb[0] << 16 | rgb[1] << 8 | rgb[2]
        pixels[inside & (phase >= width) & (phase < width + edge)] = rim
    image = QImage(pixels.data, len(cols), len(rows), 4 * len(cols), QImage.Format.Format_ARGB32)
    return image, (top, left), pixels
