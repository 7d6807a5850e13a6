"""The rest of a difference: where one of two pictures has no pixels nothing is compared, and that is hatched."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QTransform

from workbench.kernels.placement import Rect
from workbench.model.document import DIFFERENCE
from workbench.model.panels import geometry, reference_name, slot_of
from workbench.ui.context import Context
from workbench.ui.image_view import ImageView
from workbench.ui.tools import Handler


class HatchingHandler(Handler):
    """Hatches what a slot and its reference do not have in common."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def outside(self, panel: str) -> tuple[Rect, ...]:
        """World rectangles of a slot and its reference where they are not the same as what is compared."""
        context = self._context
        reference = reference_name(context.session.value, context.results)
        if not panel.startswith(DIFFERENCE) or reference is None:
            return ()
        places = [
            geometry(context.results, context.session.value, name, context.view.value.placing)
            for name in (panel, slot_of(panel), reference)
        ]
        if any(place is None for place in places):
            return ()
        common, *others = (place.placement.extent(place.shape) for place in places if place is not None)
        return tuple(rect for rect in others if any(abs(a - b) > 1e-6 for a, b in zip(rect, common, strict=True)))

    def paint(self, painter: QPainter, view: ImageView) -> None:
        rects = self.outside(view.panel)
        placed = view.geometry_shown
        if not rects or placed is None:
            return
        path = QPainterPath()
        for rect in rects:
            one = QPainterPath()
            one.addRect(self._device(view, rect))
            path = path.united(one)
        inner = QPainterPath()
        inner.addRect(self._device(view, placed.placement.extent(placed.shape)))
        theme = self._context.theme
        brush = QBrush(theme.color("text3"), Qt.BrushStyle.BDiagPattern)
        brush.setTransform(QTransform.fromScale(view.frame.ratio, view.frame.ratio))
        painter.fillPath(path.subtracted(inner), brush)

    @staticmethod
    def _device(view: ImageView, rect: Rect) -> QRectF:
        """A world rectangle in whole device pixels of the frame."""
        frame = view.frame
        top, left = frame.device(rect[0], rect[1])
        bottom, right = frame.device(rect[2], rect[3])
        (down, across) = frame.phase
        corner = (round(left - across), round(top - down))
        return QRectF(*corner, round(right - across) - corner[0], round(bottom - down) - corner[1])
