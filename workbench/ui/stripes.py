"""Stripes over what lies beyond a limit: "/" and light where it lies above, "\\" and dark where it lies below.

Their width is that of the screen, whatever the zoom; they move with the picture. Each header tells count, share, and
the largest excess; a click on that goes there.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QPoint
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
    """Finds what lies beyond in the background, and paints it.

    Parameters
    ----------
    context : Context
    owner : QObject
        With it the handler's subscriptions end; the toolbox outlives nobody and would hold them in a circle.
    """

    def __init__(self, context: Context, owner: QObject) -> None:
        self._context = context
        self._asked: dict[str, Search] = {}
        self._found: dict[str, tuple[Search, Beyond]] = {}
        self._pictures: dict[int, _Picture] = {}
        bind(owner, context.results.part_changed, self._look)
        bind(owner, context.results.changed, self._look_all)
        bind(owner, context.view.changed, self._view_changed)

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
    shape = (len(rows), len(cols))
    start = (top - int(frame.origin[0]), left - int(frame.origin[1]))
    pixels: npt.NDArray[np.uint32] | None = None
    for mask, slope, rgb, rim in (
        (found.above, 1, ABOVE.rgb, 0xFF000000), (found.below, -1, BELOW.rgb, 0xFFFFFFFF),
    ):  # fmt: skip
        seen = mask[rows[0] : rows[-1] + 1]
        if not seen.any():
            continue
        inside = seen.take(cols, axis=1).take(rows - rows[0], axis=0)
        painted = pattern(shape, start, slope, rgb, rim, frame.ratio)
        painted *= inside
        if pixels is None:
            pixels = painted
        else:
            np.copyto(pixels, painted, where=painted != 0)
    if pixels is None:
        return None, (0, 0), None
    # Every pixel is opaque or nothing, so that colours need no multiplying.
    image = QImage(pixels.data, shape[1], shape[0], 4 * shape[1], QImage.Format.Format_ARGB32_Premultiplied)
    return image, (top, left), pixels


def pattern(
    shape: tuple[int, int], start: tuple[int, int], slope: int, rgb: tuple[int, int, int], rim: int, ratio: float
) -> npt.NDArray[np.uint32]:
    """Diagonal stripes over a whole rectangle of device pixels whose corner lies at ``start`` of the picture."""
    period, width, edge = (max(1, round(size * ratio)) for size in (PERIOD, WIDTH, 1))
    phase = (np.arange(start[0], start[0] + period)[:, None] + slope * np.arange(start[1], start[1] + period)) % period
    tile = np.zeros((period, period), np.uint32)
    tile[phase < width] = 0xFF000000 | rgb[0] << 16 | rgb[1] << 8 | rgb[2]
    tile[(phase >= width) & (phase < width + edge)] = rim
    return np.tile(tile, (-(-shape[0] // period), -(-shape[1] // period)))[: shape[0], : shape[1]].copy()
