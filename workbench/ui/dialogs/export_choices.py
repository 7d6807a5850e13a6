"""The choices of a figure, in the order of the page: columns, rows, text, page."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from workbench.figures.export import region_of
from workbench.figures.layout import FigureSpec, RowKind
from workbench.figures.render import Format
from workbench.kernels.arrays import Shape, Window
from workbench.kernels.errors import ParameterError
from workbench.model.display import Range, format_value
from workbench.model.document import ORIGINAL, SOURCE
from workbench.model.panels import difference_panel, difference_reason, reference_name, reference_reason
from workbench.ui.context import Context
from workbench.ui.controls import Text
from workbench.ui.panels.enter_field import EnterField

WIDTH = 300
MOST_COLUMNS = 4
"""Columns that are chosen at first; with more, pictures become small."""
INSET_SHARE = 0.18
SMALLEST_FOR_INSET = 8

WIDTHS = ((170.0, "170 mm, two columns"), (120.0, "120 mm"), (85.0, "85 mm, one column"), (250.0, "250 mm, slide"))
TEXT_SIZES = (6.0, 7.0, 7.5, 8.0, 9.0, 10.0, 12.0)
FORMATS: tuple[tuple[Format, str], ...] = (("pdf", "PDF, vector text"), ("png", "PNG"), ("svg", "SVG, vector text"))
RESOLUTIONS = (150, 300, 600)


class ExportChoices(QScrollArea):
    """A column of check boxes and fields; ``changed`` after each choice."""

    changed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setFixedWidth(WIDTH)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Choices of the figure")
        inside = QWidget()
        inside.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(16, 14, 16, 12)
        self._list.setSpacing(0)
        self.columns = self._column_boxes()
        self._head("Rows", first=False)
        self.rows = self._row_boxes()
        self._head("Text", first=False)
        self.letters = self._box("Letters (a) (b) (c)")
        self.metrics_line = self._box("Metrics line", "PSNR, SSIM")
        self.colour_bar = self._box("Colour bar")
        self.pins = self._box("Pins", "numbered crosshairs")
        self._head("Page", first=False)
        self.width_field = self._combo("Width", [title for _, title in WIDTHS], 0)
        self.text_field = self._combo("Text size", [f"{size:g} pt" for size in TEXT_SIZES], 2)
        self.format_field = self._combo("Format", [title for _, title in FORMATS], 0)
        self.dpi_field = self._combo("Resolution", [f"at least {dpi} dpi" for dpi in RESOLUTIONS], 1)
        self._list.addStretch(1)
        self.setWidget(inside)

    @property
    def format(self) -> Format:
        """What kind of file is written."""
        return FORMATS[self.format_field.currentIndex()][0]

    def spec(self) -> FigureSpec:
        """The figure that is chosen.

        Raises
        ------
        ParameterError
            If nothing is chosen, or the region cannot be read.
        """
        context = self._context
        view = context.view.value
        columns = tuple(name for name, box in self.columns.items() if box.isChecked())
        rows = tuple(row for row, box in self.rows.items() if box.isChecked() and box.isEnabled())
        if not columns:
            raise ParameterError("columns", "choose at least one")
        if not rows:
            raise ParameterError("rows", "choose at least one")
        spec = FigureSpec(
            columns,
            rows,
            region=self.region() if "inset" in rows else None,
            difference=view.difference,
            difference_range=view.difference_range,
            difference_map=view.difference_map,
            image_range=view.image_range,
            image_map=view.image_map,
            epsilon=view.epsilon,
            expression=view.expression,
            channel=view.channel_view,
            image_tone=view.image_tone,
            difference_tone=view.difference_tone,
        )
        return replace(
            spec,
            letters=self.letters.isChecked(),
            metrics_line=self.metrics_line.isChecked(),
            colour_bar=self.colour_bar.isChecked(),
            pins=self.pins.isChecked(),
            width_mm=WIDTHS[self.width_field.currentIndex()][0],
            text_pt=TEXT_SIZES[self.text_field.currentIndex()],
            dpi=RESOLUTIONS[self.dpi_field.currentIndex()],
        )

    def region(self) -> Window:
        """The region of the insets, in pixels of the source.

        Raises
        ------
        ParameterError
            If the field does not hold four whole numbers that lie inside.
        """
        try:
            numbers = [int(word) for word in self.region_field.text().replace(",", " ").split()]
            made = region_of(*numbers)
        except (ValueError, TypeError):
            raise ParameterError("region", "must be row, column, height, width") from None
        prepared = self._context.results.prepared
        if made.is_empty or (prepared is not None and not Window.of(prepared.shape).contains(made)):
            shape = prepared.shape if prepared is not None else (0, 0)
            raise ParameterError("region", f"must lie inside the source of {shape[1]} × {shape[0]} pixels")
        return made

    # Building

    def _column_boxes(self) -> dict[str, QCheckBox]:
        self._head("Columns")
        comparison, results = self._context.session.value, self._context.results
        reference = reference_name(comparison, results)
        origin = ORIGINAL if results.prepared is not None and results.prepared.original is not None else SOURCE
        title = "R  Original" if origin == ORIGINAL else "S  Source"
        boxes = {origin: self._box(title, "reference" if reference == origin else "")}
        for number, slot in enumerate(comparison.slots, 1):
            ready = results.ready(slot.id)
            twin = ready.same_as if ready is not None else None
            detail = "reference" if slot.id == reference else f"same as {comparison.number(twin)}" if twin else ""
            box = self._box(f"{number}  {slot.title}", detail if ready is not None else "failed")
            chosen = sum(other.isChecked() for other in boxes.values())
            box.setEnabled(ready is not None)
            box.setChecked(ready is not None and not slot.hidden and not twin and chosen < MOST_COLUMNS)
            boxes[slot.id] = box
        return boxes

    def _row_boxes(self) -> dict[RowKind, QCheckBox]:
        comparison, results, view = self._context.session.value, self._context.results, self._context.view.value
        region = self._proposed_region()
        large = results.prepared is not None and min(results.prepared.shape) >= SMALLEST_FOR_INSET
        image = self._box("Image with box" if large else "Image")
        inset = self._box("Inset of region", f"{region.width} × {region.height} px")
        self._region_size: Text = inset.detail
        self.region_field = EnterField(f"{region.top}, {region.left}, {region.height}, {region.width}")
        self._region_drawn = self.region_field.text()
        self.region_field.setAccessibleName("Region: row, column, height, width")
        self.region_field.setToolTip("Row, column, height, width in pixels of the source")
        self._labelled("Region", self.region_field)
        difference = self._box(f"{view.difference.label} difference", _ends(view.difference_range))
        reason = reference_reason(comparison, results)
        difference.setEnabled(not reason)
        difference.setToolTip(reason)
        inset.setChecked(large)
        difference.setChecked(not reason and not self._not_comparable())
        inset.toggled.connect(self.region_field.setEnabled)
        self.region_field.setEnabled(large)
        self.region_field.entered.connect(self._region_typed)
        return {"image": image, "inset": inset, "difference": difference}

    def _not_comparable(self) -> str:
        """Why one of the chosen columns has no difference: a figure that opens with an error helps nobody."""
        comparison, results = self._context.session.value, self._context.results
        reference = reference_name(comparison, results)
        chosen = [name for name, box in self.columns.items() if box.isChecked() and name not in (reference, SOURCE)]
        reasons = (difference_reason(results, comparison, difference_panel(name)) for name in chosen)
        return next(filter(None, reasons), "")

    def _proposed_region(self) -> Window:
        """The selected region; without one a part of the source around what the window looks at."""
        prepared, camera = self._context.results.prepared, self._context.view.value.camera
        shape: Shape = prepared.shape if prepared is not None else (1, 1)
        region = self._context.session.value.region(self._context.view.value.region)
        if region is not None:
            top, left = math.floor(region.top), math.floor(region.left)
            whole = Window(top, left, math.ceil(region.bottom), math.ceil(region.right)).intersect(Window.of(shape))
            if not whole.is_empty:
                return whole
        height, width = (max(1, round(side * INSET_SHARE)) for side in shape)
        top = min(max(0, round(camera.y - height / 2)), shape[0] - height)
        left = min(max(0, round(camera.x - width / 2)), shape[1] - width)
        return Window(top, left, top + height, left + width)

    def _region_typed(self) -> None:
        if self.region_field.text() == self._region_drawn:
            return
        self._region_drawn = self.region_field.text()
        try:
            region = self.region()
        except ParameterError:
            self._region_size.setText("")
        else:
            self._region_size.setText(f"{region.width} × {region.height} px")
        self.changed.emit()

    def _head(self, title: str, *, first: bool = True) -> None:
        if not first:
            self._list.addSpacing(8)
        label = Text(title, 11, 500, "text2")
        label.setFixedHeight(22)
        self._list.addWidget(label)

    def _box(self, title: str, detail: str = "") -> QCheckBox:
        box = QCheckBox(title)
        box.setChecked(True)
        box.setFixedHeight(26)
        box.toggled.connect(self.changed)
        label = Text(detail, 11, 400, "text3")
        box.detail = label
        self._row(box, label)
        return box

    def _combo(self, title: str, words: list[str], chosen: int) -> QComboBox:
        combo = QComboBox()
        combo.addItems(words)
        combo.setCurrentIndex(chosen)
        combo.setAccessibleName(title)
        combo.currentIndexChanged.connect(self.changed)
        self._labelled(title, combo)
        return combo

    def _labelled(self, title: str, field: QWidget) -> None:
        field.setFixedWidth(168)
        holder = QWidget()
        holder.setFixedHeight(32)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 2, 0, 2)
        row.addWidget(Text(title, 12, 400, "text2"))
        row.addStretch(1)
        row.addWidget(field)
        self._list.addWidget(holder)

    def _row(self, left: QWidget, right: QWidget) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(left)
        row.addStretch(1)
        row.addWidget(right)
        self._list.addLayout(row)


def _ends(ends: Range) -> str:
    if ends.lo == -ends.hi:
        return f"±{format_value(ends.hi, 2)}"
    return f"{ends.lo:g} … {ends.hi:g}"
