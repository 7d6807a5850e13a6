"""The form of what is selected: the method of a slot, or the preparation of the source."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.kernels.method import Method, SourceSpec
from workbench.kernels.methods.transposed_conv import TransposedConv
from workbench.kernels.params import BoolKind, EnumKind
from workbench.kernels.registry import all_methods
from workbench.kernels.weights import KernelKind
from workbench.model import edits
from workbench.model.document import SOURCE, AlphaRule, Light, Preparation, Slot
from workbench.model.results import Failed
from workbench.ui.binding import bind
from workbench.ui.controls import IconButton, Text
from workbench.ui.field_form import FieldForm, Row
from workbench.ui.inputs import Combo
from workbench.ui.kernel_editor import KernelEditor
from workbench.ui.kernel_taps import follow_taps, lit_taps
from workbench.ui.panels.slot_menu import slot_menu
from workbench.ui.tab_order import put_behind, stops

if TYPE_CHECKING:
    from workbench.ui.context import Context

_LIGHTS: tuple[tuple[Light, str], ...] = (("encoded", "As stored"), ("linear", "Linear light"))
_ALPHAS: tuple[tuple[AlphaRule, str], ...] = (
    ("ignore", "Ignore"),
    ("premultiply", "Premultiply"),
    ("channel", "As a channel"),
)


class PreparationForm(QWidget):
    """What is done to the picture before any method sees it: a forward method, the light, the alpha."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._methods: tuple[type[Method] | None, ...] = (None, *all_methods("forward"))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        self.method = Combo()
        for cls in self._methods:
            self.method.addItem("Use as it is" if cls is None else cls.info.name)
        self.method.setToolTip("What makes the source of the methods from the picture")
        self.method.setAccessibleName("Prepare")
        self.fields = FieldForm(self)
        self.light = Combo()
        self.light.addItems([name for _, name in _LIGHTS])
        self.light.setToolTip("Compute on the stored values, as PyTorch does, or in linear light")
        self.light.setAccessibleName("Light")
        self.alpha = Combo()
        self.alpha.addItems([name for _, name in _ALPHAS])
        self.alpha.setToolTip("What becomes of opacity")
        self.alpha.setAccessibleName("Alpha")
        self._alpha_row = Row("Alpha", self.alpha)
        for widget in (Row("Prepare", self.method), self.fields, Row("Light", self.light), self._alpha_row):
            box.addWidget(widget)
        self.method.currentIndexChanged.connect(self._on_method)
        self.fields.edited.connect(lambda method: self._do(method=method))
        follow_taps(self.fields, context, lambda: SOURCE)
        self.light.currentIndexChanged.connect(lambda index: self._do(light=_LIGHTS[index][0]))
        self.alpha.currentIndexChanged.connect(lambda index: self._do(alpha=_ALPHAS[index][0]))

    def show_preparation(self) -> None:
        """Show the preparation of the open document."""
        comparison, results = self._context.session.value, self._context.results
        preparation, source = comparison.preparation, comparison.source
        kinds = [None if cls is None else cls.info.id for cls in self._methods]
        chosen = None if preparation.method is None else preparation.method.info.id
        for combo, index in (
            (self.method, kinds.index(chosen)),
            (self.light, [light for light, _ in _LIGHTS].index(preparation.light)),
            (self.alpha, [alpha for alpha, _ in _ALPHAS].index(preparation.alpha)),
        ):
            with QSignalBlocker(combo):
                combo.setCurrentIndex(index)
        self._alpha_row.setVisible(source is not None and source.channel_names[-1] == "A")
        self.fields.setVisible(preparation.method is not None)
        if preparation.method is not None:
            spec = None if source is None else SourceSpec(source.shape, channels=source.channels)
            self.fields.show_method(preparation.method, spec, results.source_error)

    def _on_method(self, index: int) -> None:
        cls = self._methods[index]
        self._do(method=None if cls is None else cls())

    def _do(self, **changes: object) -> None:
        preparation: Preparation = replace(self._context.session.value.preparation, **changes)
        old = self._context.session.value.preparation
        merge = None
        if replace(old, method=None) == replace(preparation, method=None):
            merge = _one_turn("preparation", old.method, preparation.method)
        self._context.session.do("Change preparation", edits.set_preparation(preparation), merge=merge)


class MethodForm(QWidget):
    """The form of the selected slot, or of the preparation while the source is selected."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._shown: str | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 0, 12, 12)
        box.setSpacing(0)

        head = QHBoxLayout()
        head.setContentsMargins(0, 3, 0, 3)
        head.setSpacing(11)
        self.title = Text("", 12, 600, elide=True)
        self.title.setFixedHeight(26)
        self.eye = IconButton("eye", "Hide")
        self.more = IconButton("more", "More for this method")
        self.eye.clicked.connect(self._toggle_hidden)
        self.more.clicked.connect(self._open_menu)
        head.addWidget(self.title, 1)
        head.addWidget(self.eye)
        head.addWidget(self.more)
        head.addSpacing(-2)
        box.addLayout(head)

        self.fields = FieldForm(self)
        self._preparation: PreparationForm | None = None
        self.waiting = Text(
            "Methods can be set up first; they run as soon as there is a source.", 11, 400, "text3", wrap=True
        )
        for widget in (self.fields, self.waiting):
            box.addWidget(widget)
        self.fields.edited.connect(self._on_edited)
        follow_taps(self.fields, context, lambda: self.slot.id if self.slot is not None else None)

        bind(self, context.session.changed, lambda *_: self.refresh())
        bind(self, context.view.changed, self._on_view)
        bind(self, context.results.changed, self._on_result)
        bind(self, context.probe.changed, self._show_taps)
        self.refresh()

    @property
    def slot(self) -> Slot | None:
        """The slot whose form is open."""
        return self._context.session.value.slot(self._context.view.value.selected)

    @property
    def preparation(self) -> PreparationForm:
        """What is done to the source; made when it is first asked for."""
        if self._preparation is None:
            before = stops(self)
            self._preparation = PreparationForm(self._context, self)
            self.layout().addWidget(self._preparation)
            put_behind(before, self._preparation)
        return self._preparation

    def refresh(self) -> None:
        """Show what is selected in the open document."""
        comparison, results = self._context.session.value, self._context.results
        slot = self.slot
        if slot is not None and self._shown != slot.id:
            # Another slot of the same method must not inherit a draft.
            self.fields.forget()
        self._shown = slot.id if slot else None
        waits = slot is None and comparison.source is None
        self.fields.setVisible(slot is not None)
        prepares = slot is None and not waits
        if prepares or self._preparation is not None:
            self.preparation.setVisible(prepares)
        self.waiting.setVisible(waits)
        for widget in (self.eye, self.more):
            widget.setVisible(slot is not None)
        self.title.setVisible(not waits)
        if slot is None:
            self.title.setText("Preparation")
            if prepares:
                self.preparation.show_preparation()
            return
        self.title.setText(f"{comparison.number(slot.id)}  {slot.title}")
        self.eye.set_icon("eyeoff" if slot.hidden else "eye")
        self.eye.setToolTip("Show" if slot.hidden else "Hide")
        self.eye.setAccessibleName(self.eye.toolTip())
        result = results.get(slot.id)
        failure = result.error if isinstance(result, Failed) and result.slot.method == slot.method else None
        spec = results.prepared.spec if results.prepared else None
        self.fields.show_method(slot.method, spec, failure)
        self._show_taps()

    def _on_view(self, new: object, old: object) -> None:
        if new.selected != old.selected:
            self.refresh()

    def _on_result(self, id: str) -> None:
        if id in ("source", self._context.view.value.selected) or self.slot is None:
            self.refresh()

    def _on_edited(self, method: Method) -> None:
        slot = self.slot
        if slot is not None:
            self._context.session.do(
                f"Change {slot.title}",
                edits.set_method(slot.id, method),
                merge=_one_turn(f"method-{slot.id}", slot.method, method),
            )

    def _toggle_hidden(self) -> None:
        slot = self.slot
        if slot is not None:
            label = "Show" if slot.hidden else "Hide"
            self._context.session.do(f"{label} {slot.title}", edits.set_hidden(slot.id, not slot.hidden))

    def _open_menu(self) -> None:
        if self.slot is not None:
            menu = slot_menu(self._context, self.slot.id, self)
            menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _show_taps(self) -> None:
        """Outline the taps of the kernel that make the inspected pixel."""
        row = self.fields.rows.get("kernel")
        slot, prepared, point = self.slot, self._context.results.prepared, self._context.probe.active
        if row is None or slot is None or not isinstance(row.editor, KernelEditor):
            return
        cells: frozenset[tuple[int, int]] = frozenset()
        if prepared and point and point.slot == slot.id and isinstance(slot.method, TransposedConv):
            cells = lit_taps(slot.method, prepared.shape, (point.row, point.col))
        row.editor.grid.set_lit(cells)


def _one_turn(owner: str, old: Method | None, new: Method | None) -> str | None:
    """What the turns of one spin box, or the typing in one table, share in the history; a choice is a step alone."""
    if old is None or type(old) is not type(new):
        return None
    changed = [spec for spec in old.fields() if getattr(old, spec.name) != getattr(new, spec.name)]
    if len(changed) != 1 or isinstance(changed[0].kind, (EnumKind, BoolKind, KernelKind)):
        return None
    return f"{owner}-{changed[0].name}"
