"""A form made from the fields of a method: nothing here knows any method by name.

It keeps a draft of all fields, since some are only valid together. A draft that is a method is announced; one that is
not shows its sentence under the field it names, and what was valid last stays.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Hint, Method, SourceSpec
from workbench.kernels.params import FieldSpec
from workbench.kernels.weights import KernelMethod
from workbench.ui.controls import Text, TextButton
from workbench.ui.editors import Editor, make_editor, tip_of
from workbench.ui.kernel_editor import KernelEditor
from workbench.ui.tab_order import put_behind, stops

LABEL = 90
GAP = 8


class Row(QWidget):
    """A label, a control, and under the control the room for a hint or an error."""

    def __init__(self, label: str, control: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = Text(label, 12, token="text2", elide=True)
        self.label.setFixedWidth(LABEL)
        self.label.setMinimumHeight(28)
        self.label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.control = control
        self.note = Text("", 11, token="text3", wrap=True)
        self.note.setContentsMargins(2, 0, 0, 4)
        self.note.hide()
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(GAP)
        self.grid.setVerticalSpacing(2)
        self.grid.setColumnMinimumWidth(0, LABEL)
        self.grid.setColumnStretch(1, 1)
        self.grid.addWidget(self.label, 0, 0, Qt.AlignmentFlag.AlignTop)
        self.grid.addWidget(control, 0, 1)
        self.grid.addWidget(self.note, 1, 1)

    def show_note(self, text: str, *, error: bool = False) -> None:
        """A sentence under the control; ``""`` takes it away with its room."""
        self.note.set_token("err" if error else "text3")
        self.note.setText(text)
        self.note.setVisible(bool(text))


class FieldRow(Row):
    """The row of one field."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        self.editor: Editor = make_editor(spec)
        super().__init__(spec.param.label, self.editor, parent)
        self.spec = spec
        tip = tip_of(spec)
        self.editor.set_tip(tip)
        self.label.setToolTip(tip)
        if isinstance(self.editor, KernelEditor):
            # A table of one's own takes the whole field: its menu stands under the label.
            holder = QHBoxLayout()
            holder.setContentsMargins(0, 26, 0, 0)
            self.editor.choices.setProperty("flush", True)
            holder.addWidget(self.editor.choices, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            self.grid.addLayout(holder, 0, 0, Qt.AlignmentFlag.AlignTop)

    def show_state(self, hint: Hint, error: str) -> None:
        """Whether it can be changed, why not, and what is wrong with it."""
        self.editor.setEnabled(hint.enabled)
        self.editor.set_invalid(bool(error))
        self.show_note(error or hint.text, error=bool(error))


class Page(QWidget):
    """The rows of one class of methods: plain fields, a button, and behind it the advanced ones."""

    def __init__(self, cls: type[Method], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = {spec.name: FieldRow(spec, self) for spec in cls.fields()}
        self.more = TextButton("More", "quiet", "down")
        self.more.setProperty("flush", True)  # its sign stands under the labels
        self.other = Text("", 11, token="err", wrap=True)
        self.other.hide()
        self._fold = QWidget()
        fold = QHBoxLayout(self._fold)
        fold.setContentsMargins(0, 0, 0, 0)
        fold.addWidget(self.more)
        fold.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        plain = [row for row in self.rows.values() if not row.spec.param.advanced]
        folded = [row for row in self.rows.values() if row.spec.param.advanced]
        for widget in (*plain, self._fold, *folded, self.other):
            box.addWidget(widget)

    def show_fold(self, hidden: int, unfolded: bool) -> None:
        """Offer the advanced fields, where there are any to offer."""
        self._fold.setVisible(hidden > 0)
        self.more.setText("Less" if unfolded else "More")
        self.more.set_icon("up" if unfolded else "down")


class FieldForm(QWidget):
    """The fields of one method; ``edited(method)`` after each change that is valid.

    ``tap_hovered(row, column)`` and ``tap_left()`` tell where the pointer is on the drawing of a kernel.
    """

    edited = Signal(object)
    tap_hovered = Signal(int, int)
    tap_left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages: dict[type[Method], Page] = {}
        self._page: Page | None = None
        self._method: Method | None = None
        self._spec: SourceSpec | None = None
        self._draft: dict[str, Any] = {}
        self._error: ParameterError | None = None
        self._failure: ParameterError | None = None
        self._unfolded = False
        self._stale = True
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)

    @property
    def rows(self) -> dict[str, FieldRow]:
        """The rows by the names of their fields."""
        return self._page.rows if self._page else {}

    @property
    def more(self) -> TextButton:
        """What shows the advanced fields."""
        assert self._page is not None
        return self._page.more

    def show_method(self, method: Method, spec: SourceSpec | None, failure: Exception | None = None) -> None:
        """Show a method; a draft of the same method that a person is at stays as typed.

        Parameters
        ----------
        method : Method
        spec : SourceSpec, optional
            What it acts on: some hints depend on it.
        failure : Exception, optional
            Why its operator could not be built; shown under the field it names.
        """
        if type(method) is not type(self._method):
            self._turn_to(type(method))
        if method != self._method or self._stale:
            self._stale = False
            self._draft = {field.name: getattr(method, field.name) for field in method.fields()}
            self._error = None
            for name, row in self.rows.items():
                row.editor.set_value(self._draft[name])
        self._method, self._spec = method, spec
        self._failure = failure if isinstance(failure, ParameterError) else None
        self._refresh()

    def forget(self) -> None:
        """The next method shown takes no part of the draft of this one."""
        self._error = self._failure = None
        self._unfolded = False
        self._stale = True

    def _turn_to(self, cls: type[Method]) -> None:
        """Show the page of a class; made once, since a page is a dozen native controls."""
        page = self._pages.get(cls)
        if page is None:
            around = self.parentWidget()
            before = stops(self) or (stops(around) if around is not None else [])
            page = self._pages[cls] = Page(cls, self)
            page.more.clicked.connect(self._toggle_more)
            for name, row in page.rows.items():
                row.editor.edited.connect(lambda page=page, name=name: self._on_edit(page, name))
                if isinstance(row.editor, KernelEditor):
                    row.editor.failed.connect(self._on_failed)
                    row.editor.grid.tap_hovered.connect(self.tap_hovered)
                    row.editor.grid.tap_left.connect(self.tap_left)
            page.hide()
            self._box.addWidget(page)
            put_behind(before, page)
        gone = self._page
        self._page, self._method, self._unfolded, self._stale = page, None, False, True
        page.show()
        if gone is None:
            return
        focus = QApplication.focusWidget()
        if focus is not None and gone.isAncestorOf(focus):
            # Hidden with the focus it would hand that on as Tab does, to a panel perhaps, which would be selected.
            heir = next((one for one in stops(page) if one.isVisible()), None)
            focus.clearFocus() if heir is None else heir.setFocus()
        gone.hide()

    def _on_edit(self, page: Page, name: str) -> None:
        # A field that is hidden while something is typed into it finishes its edit, which nobody means any more.
        if self._method is None or page is not self._page:
            return
        self._draft[name] = self.rows[name].editor.value()
        try:
            method = type(self._method).from_fields(self._draft)
        except ParameterError as error:
            self._error = error
            self._refresh()
            return
        self._error = self._failure = None
        self._method = method
        self._refresh()
        self.edited.emit(method)

    def _on_failed(self, error: ParameterError) -> None:
        self._error = error
        self._refresh()

    def _toggle_more(self) -> None:
        self._unfolded = not self._unfolded
        self._refresh()

    def _refresh(self) -> None:
        """Hints, errors and folding, from the last valid method; never the value of a field."""
        if self._method is None or self._page is None:
            return
        hints = self._method.hints(self._spec)
        error = self._error or self._failure
        hidden = 0
        for name, row in self.rows.items():
            hint = hints.get(name, Hint())
            wrong = error is not None and error.field == name
            row.show_state(hint, str(error) if wrong else "")
            folds = row.spec.param.advanced and not wrong and getattr(self._method, name) == row.spec.default
            hidden += folds and hint.visible
            row.setVisible((hint.visible or wrong) and (self._unfolded or not folds))
            if isinstance(row.editor, KernelEditor) and isinstance(self._method, KernelMethod):
                row.editor.show_method(self._method)
        self._page.show_fold(hidden, self._unfolded)
        elsewhere = error is not None and error.field not in self.rows
        self._page.other.setText(str(error) if elsewhere else "")
        self._page.other.setVisible(elsewhere)
