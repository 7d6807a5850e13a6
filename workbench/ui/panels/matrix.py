"""The matrix of the article beside the images: outputs down, sources across; the probe lights one of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from workbench.kernels.arrays import Image, Pixel, channels_of
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.stencil_conv import Convolution, TransposedConvolution
from workbench.kernels.provenance import offset_at
from workbench.model.display import format_card
from workbench.model.document import ORIGINAL, SOURCE
from workbench.model.facts import always
from workbench.model.matrix import MatrixReader, flat, flattened, mode_of, tap_between, unflat
from workbench.model.peak import peak_weight
from workbench.model.probe import ProbePoint, pixel_in, world_of
from workbench.ui.binding import bind
from workbench.ui.context import Context
from workbench.ui.controls import Line, Text, Toggle
from workbench.ui.panels.matrix_layout import Axis, Drawing
from workbench.ui.panels.matrix_view import MatrixView

WIDTH = 320

Key = Literal["slot", "preparation"]


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A matrix that can be shown.

    Parameters
    ----------
    key : {"slot", "preparation"}
    letter : str
        "C" of a convolution, as in the article; else "A" of a slot, "D" of a preparation.
    title : str
        Whose it is, for the menu.
    operator : LinearOperator
    values : Image
        What it multiplies.
    rows, columns : str
        Names of the panels whose pixels its rows and columns are.
    """

    key: Key
    letter: str
    title: str
    operator: LinearOperator
    values: Image
    rows: str
    columns: str


class MatrixPanel(QWidget):
    """Right dock: whose matrix, the drawing, and the lit entry in words.

    Hovering a cell is hovering its output pixel; hovering an image lights its row here, and hovering the source its
    column. Arrow keys walk from cell to cell.
    """

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._reader: MatrixReader | None = None
        self._wanted: Key | None = None
        self._pointed: tuple[int, int] | None = None
        self._led_by_pointer = False
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Matrix")

        self._title = Text("Matrix A", 12, 600)
        self._chooser = QToolButton()
        self._chooser.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._chooser.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._chooser.setAccessibleName("Which matrix")
        self._chooser.setIcon(context.theme.icon("down"))
        self._menu = QMenu(self._chooser)
        self._chooser.setMenu(self._menu)
        self._transpose = Toggle("", "Aᵀ", "Transposed: rows and columns exchanged")
        self._transpose.setAccessibleName("Transposed")
        self._transpose.setFixedSize(38, 24)
        self._size = Text("", 11, 400, "text2")
        self.view = MatrixView(context.theme)
        self._entry = Text("", 12, 600)
        self._sentence = Text("", 12, 400, "text2", wrap=True)
        self._legend = Text("", 11, 400, "text2", wrap=True)

        head = QHBoxLayout()
        head.setContentsMargins(12, 0, 8, 0)
        head.setSpacing(2)
        head.addWidget(self._title)
        head.addWidget(self._chooser)
        head.addWidget(self._transpose)
        head.addStretch(1)
        head.addWidget(self._size)
        top = QWidget()
        top.setFixedHeight(33)
        top.setLayout(head)
        words = QVBoxLayout()
        words.setContentsMargins(12, 10, 12, 14)
        words.setSpacing(4)
        words.addWidget(self._entry)
        words.addWidget(self._sentence)
        words.addSpacing(6)
        words.addWidget(self._legend)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(top)
        layout.addWidget(Line())
        layout.addWidget(self.view, 1000)
        layout.addLayout(words)
        layout.addStretch(1)

        self.view.cell_hovered.connect(self._hovered)
        self.view.cell_clicked.connect(self._clicked)
        self.view.left.connect(self._left)
        self.view.stepped.connect(self._stepped)
        self._transpose.toggled.connect(self._show)
        self._menu.aboutToShow.connect(self._fill_menu)
        for signal in (context.probe.changed, context.results.changed, context.view.changed, context.session.changed):
            bind(self, signal, self._show)
        context.theme.changed.connect(self._dress)
        self._show()

    # What is shown

    def subjects(self) -> tuple[Subject, ...]:
        """The matrices there are to choose from: the selected slot's, then the preparation's."""
        results, comparison = self._context.results, self._context.session.value
        found = []
        selected = self._context.view.value.selected
        slots = [slot for slot in comparison.slots if slot.id == selected] or list(comparison.slots[:1])
        for slot in slots:
            ready = results.ready(slot.id)
            if ready is not None:
                letter = "C" if isinstance(ready.operator, Convolution) else "A"
                title = f"{letter} of {comparison.number(slot.id)} {slot.title}"
                found.append(Subject("slot", letter, title, ready.operator, ready.prepared.values, slot.id, SOURCE))
        prepared = results.prepared
        if prepared is not None and prepared.operator is not None and prepared.preparation.method is not None:
            info = prepared.preparation.method.info
            letter = "C" if isinstance(prepared.operator, Convolution) else "D"
            title = f"{letter} of the preparation: {info.name}"
            found.append(Subject("preparation", letter, title, prepared.operator, prepared.picture, SOURCE, ORIGINAL))
        if selected == SOURCE:
            found.reverse()
        return tuple(found)

    def subject(self) -> Subject | None:
        """The matrix on show."""
        found = self.subjects()
        return next((one for one in found if one.key == self._wanted), found[0] if found else None)

    def lit(self) -> tuple[int | None, int | None]:
        """Flattened row and column of A that are lit."""
        subject, active = self.subject(), self._context.probe.active
        if subject is None or active is None or self._reader is None:
            return (None, None)
        operator = subject.operator
        if active.slot == subject.columns:
            inside = active.row < operator.in_shape[0] and active.col < operator.in_shape[1]
            return (None, flat(Pixel(active.row, active.col), operator.in_shape) if inside else None)
        pixel: Pixel | None = Pixel(active.row, active.col)
        if active.slot != subject.rows:
            results, comparison = self._context.results, self._context.session.value
            placing = self._context.view.value.placing
            world = world_of(results, comparison, active, placing)
            pixel = None if world is None else pixel_in(results, comparison, subject.rows, world, placing)
        if pixel is None or pixel.row >= operator.out_shape[0] or pixel.col >= operator.out_shape[1]:
            return (None, None)
        row = flat(pixel, operator.out_shape)
        if self._pointed is not None and self._pointed[0] == row:
            return (row, self._pointed[1])
        strongest = self._reader.strongest_column(row, subject.values)
        if self._context.view.value.scatter and isinstance(operator, TransposedConvolution) and strongest is not None:
            return (None, strongest)  # the stamp that is drawn: what its source reaches
        return (row, strongest)

    def _show(self, *_: object) -> None:
        if not self.isVisible() and self.view.drawing is not None:
            return  # read again when it is opened
        subject = self.subject()
        several = len(self.subjects()) > 1
        self._chooser.setVisible(several)
        if subject is None:
            self._reader = None
            self._show_nothing()
            return
        channel = min(self._context.view.value.channel, channels_of(subject.values) - 1)
        reader = self._reader
        if reader is None or reader.operator is not subject.operator or reader.channel != channel:
            self._reader = reader = MatrixReader(subject.operator, channel)
            self._pointed = None
        row, col = self.lit()
        excerpt = reader.excerpt(row, col)
        mode, transposed = mode_of(subject.operator), self._transpose.isChecked()
        x = y = None
        if mode == "cells" and not transposed:
            x = flattened(subject.values, channel)
            weights = reader.block(excerpt.rows, excerpt.cols)
            with np.errstate(invalid="ignore"):  # a weight of 0 takes nothing, not even from NaN; ∞ − ∞ is NaN
                y = np.where(weights != 0, weights * x, 0.0).sum(axis=1)
        outputs = Axis("output", subject.operator.out_shape, excerpt.rows, _place(row, excerpt.rows), y, "y")
        sources = Axis("source", subject.operator.in_shape, excerpt.cols, _place(col, excerpt.cols), x, "x")

        def block(down: slice, across: slice) -> np.ndarray:
            if transposed:
                return reader.block(excerpt.rows[across], excerpt.cols[down]).T
            return reader.block(excerpt.rows[down], excerpt.cols[across])

        down, across = (sources, outputs) if transposed else (outputs, sources)
        self.view.show_drawing(
            Drawing(mode, down, across, block, peak_weight(subject.operator)), follow=not self._led_by_pointer
        )
        self._say(subject, row, col, excerpt.left_out)

    def _show_nothing(self) -> None:
        self.view.show_drawing(None)
        self._transpose.setEnabled(False)
        self._title.setText("Matrix")
        self._size.setText("")
        self._entry.setText("No matrix yet")
        self._sentence.setText("It is there as soon as a method and its source are.")
        self._legend.setText("")

    def _say(self, subject: Subject, row: int | None, col: int | None, left_out: int) -> None:
        reader, transposed = self._reader, self._transpose.isChecked()
        assert reader is not None
        name = subject.letter + ("ᵀ" if transposed else "")
        self._transpose.setEnabled(True)
        self._transpose.setText(f"{subject.letter}ᵀ")
        self._title.setText(f"Matrix {name}")
        self._title.setToolTip(_meaning(subject))
        n, m = reader.shape[::-1] if transposed else reader.shape
        down, across = (col, row) if transposed else (row, col)
        places = [f"{word} {place}" for word, place in (("row", down), ("column", across)) if place is not None]
        full = " · ".join((f"{n} × {m}", ", ".join(places))) if places else f"{n} × {m}"
        room = WIDTH - 20 - self._title.sizeHint().width() - 46 - (28 if self._chooser.isVisibleTo(self) else 0)
        fits = self._size.fontMetrics().horizontalAdvance(full) <= room
        self._size.setText(full if fits else f"{n} × {m}")
        self._size.setToolTip(full)
        if row is not None and col is not None:
            weight = reader.weight(row, col)
            self._entry.setText(f"{name}[{down}, {across}] = {format_card(weight)}")
            self._sentence.setText(_way(subject.operator, row, col, weight))
        elif row is not None:
            self._entry.setText(f"row {row}: no source")
            output = unflat(row, subject.operator.out_shape)
            held = always(offset_at(subject.operator, output, reader.channel))
            self._sentence.setText(f"output {_coordinates(output)} is {held}")
        elif col is not None:
            reached, weights = reader.column(col)
            self._entry.setText(f"column {col}: sum {format_card(float(weights.sum()))}")
            place = _coordinates(unflat(col, subject.operator.in_shape))
            self._sentence.setText(f"source {place} reaches {len(reached)} outputs")
        else:
            self._entry.setText("")
            self._sentence.setText("Point at a pixel or a cell to light its row and column.")
        lit, other = ("column", "row") if transposed else ("row", "column")
        legend = f"{lit} lit: sources of this output · {other} lit: its footprint"
        if row is None and col is not None and self._context.view.value.scatter:
            legend = f"scatter: {other} lit, the stamp that this source leaves"
        if mode_of(subject.operator) == "window":
            legend = f"Around the probe only; {'rows' if transposed else 'columns'} without weight are left out."
            if left_out:
                legend = f"Around the probe only: the strongest columns, {left_out} more are left out."
        self._legend.setText(legend)

    def _fill_menu(self) -> None:
        self._menu.clear()
        shown = self.subject()
        for subject in self.subjects():
            action = self._menu.addAction(subject.title)
            action.setCheckable(True)
            action.setChecked(shown is not None and subject.key == shown.key)
            action.triggered.connect(lambda _=False, key=subject.key: self.choose(key))

    def choose(self, key: Key) -> None:
        """Show the slot's or the preparation's matrix from now on, where there is one."""
        self._wanted = key
        self._pointed = None
        self._show()

    def set_transposed(self, transposed: bool) -> None:
        """Exchange rows and columns, or not."""
        self._transpose.setChecked(transposed)

    # Acts

    def _cell(self, down: int, across: int) -> tuple[int, int]:
        """Row and column of A from what runs down and across."""
        return (across, down) if self._transpose.isChecked() else (down, across)

    def _point(self, row: int) -> ProbePoint | None:
        subject = self.subject()
        if subject is None:
            return None
        pixel = unflat(row, subject.operator.out_shape)
        return ProbePoint(subject.rows, pixel.row, pixel.col)

    def _hovered(self, down: int, across: int) -> None:
        self._pointed, self._led_by_pointer = self._cell(down, across), True
        self._context.probe.hover(self._point(self._pointed[0]))
        self._show()

    def _clicked(self, down: int, across: int) -> None:
        self._pointed = self._cell(down, across)
        point = self._point(self._pointed[0])
        if point is not None:
            self._context.probe.click(point)
        self._show()

    def _left(self) -> None:
        if self._led_by_pointer:
            self._led_by_pointer = False
            self._context.probe.hover(None)

    def _stepped(self, down: int, across: int) -> None:
        row, col = self.lit()
        if self._reader is None or row is None:
            return
        n, m = self._reader.shape
        step = self._cell(down, across)
        row = min(max(row + step[0], 0), n - 1)
        col = min(max((col or 0) + step[1], 0), m - 1)
        self._pointed, self._led_by_pointer = (row, col), False
        point = self._point(row)
        if point is not None:
            self._context.probe.moved_to(point)
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def _dress(self) -> None:
        self._chooser.setIcon(self._context.theme.icon("down"))
        self.view.viewport().update()


def _place(index: int | None, indices: np.ndarray) -> int | None:
    """Position of a flattened pixel among those that are drawn."""
    if index is None:
        return None
    at = int(np.searchsorted(indices, index))
    return at if at < len(indices) and indices[at] == index else None


def _coordinates(pixel: Pixel) -> str:
    return f"{pixel.row}, {pixel.col}"


def _way(operator: LinearOperator, row: int, col: int, weight: float) -> str:
    """How a source gets to an output, in a sentence."""
    output, source = unflat(row, operator.out_shape), unflat(col, operator.in_shape)
    tap = tap_between(operator, output, source)
    through = f" through tap {_coordinates(tap)}" if tap is not None else ""
    if weight == 0:
        if tap is not None:
            return (
                f"tap {_coordinates(tap)} between source {_coordinates(source)} and output {_coordinates(output)} is 0"
            )
        return f"source {_coordinates(source)} does not reach output {_coordinates(output)}"
    return f"source {_coordinates(source)} reaches output {_coordinates(output)}{through}"


def _meaning(subject: Subject) -> str:
    """What the letter stands for."""
    if isinstance(subject.operator, TransposedConvolution):
        return "y = A x. A = Cᵀ, the transpose of the matrix of the convolution with the same kernel."
    return f"y = {subject.letter} x: rows are outputs, columns are sources, both flattened row by row."
