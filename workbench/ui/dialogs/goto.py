"""Go to a pixel by its row and column, of the source or of any output."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QComboBox, QWidget

from workbench.kernels.arrays import Pixel, Shape
from workbench.kernels.errors import ParameterError
from workbench.model.document import ORIGINAL, SOURCE
from workbench.model.panels import geometry, panel_name
from workbench.model.probe import ProbePoint, world_of
from workbench.model.view_state import Camera
from workbench.ui.context import Context
from workbench.ui.controls import Text
from workbench.ui.dialogs.ask import AskLine

_NUMBERS = re.compile(r"\(?\s*([-−]?\d+)\s*[,;\s]\s*([-−]?\d+)\s*\)?")


def pixel_of(text: str, shape: Shape) -> Pixel:
    """``"12, 40"`` as a pixel of an image.

    Raises
    ------
    ParameterError
        If these are not two whole numbers, or no pixel of it.
    """
    found = _NUMBERS.fullmatch(text.strip())
    if found is None:
        raise ParameterError("pixel", f"must be row, column, as 12, 40, not “{text.strip()}”")
    numbers = [int(group.replace("−", "-")) for group in found.groups()]
    for name, number, side in zip(("row", "column"), numbers, shape, strict=True):
        if not 0 <= number < side:
            raise ParameterError(name, f"must be 0 … {side - 1}, not {number}")
    return Pixel(*numbers)


class GoTo(AskLine):
    """Asks for a pixel; there the probe goes, and into the middle of the view."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("Go to pixel", "Row, column", "Go", self._go, parent)
        self._context = context
        self.picture = QComboBox()
        self.picture.setAccessibleName("Picture whose pixels are counted")
        results, comparison = context.results, context.session.value
        for name in (SOURCE, ORIGINAL, *(slot.id for slot in comparison.slots)):
            found = geometry(results, comparison, name)
            if found is not None:
                height, width = found.shape
                self.picture.addItem(f"{panel_name(comparison, name)} · {height} × {width} pixels", name)
        self.form.addRow(Text("Of", 12, 400, "text2"), self.picture)
        point = context.probe.active
        if point is not None:
            self.field.setText(f"{point.row}, {point.col}")
            self.picture.setCurrentIndex(max(self.picture.findData(point.slot), 0))

    def _go(self, text: str) -> str | None:
        context = self._context
        name, placing = str(self.picture.currentData()), context.view.value.placing
        found = geometry(context.results, context.session.value, name, placing)
        if found is None:
            return "This picture is gone, or is not ready."
        try:
            point = ProbePoint(name, *pixel_of(text, found.shape))
        except ParameterError as error:
            return str(error)
        context.probe.moved_to(point)
        world = world_of(context.results, context.session.value, point, placing)
        if world is not None:
            context.view.set(camera=Camera(*world, context.view.value.camera.zoom))
        return None
