"""Give commands other keys: a list of all of them, one field to press a key into, and why a key cannot be had."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workbench.ui.action_set import ActionSet, Keys, native
from workbench.ui.actions import ACTIONS, SPECS
from workbench.ui.controls import Text, TextButton
from workbench.ui.dialogs.palette import matches
from workbench.ui.keymap import key_problem

_ID = Qt.ItemDataRole.UserRole


class RemapDialog(QDialog):
    """Changes take effect with OK; Cancel leaves everything as it was.

    Parameters
    ----------
    actions : ActionSet
        Where the keys are taken from; `chosen` holds what was made of them.
    """

    def __init__(self, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Change keys")
        self._own = dict(actions.own_keys)
        self._find = QLineEdit(placeholderText="Find a command", clearButtonEnabled=True)
        self._find.setAccessibleName("Find a command")
        self.list = QTreeWidget()
        self.list.setAccessibleName("Commands and their keys")
        self.list.setHeaderLabels(["Command", "Keys"])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for spec in ACTIONS:
            item = QTreeWidgetItem([spec.title, ""])
            item.setData(0, _ID, spec.id)
            item.setToolTip(0, spec.tip)
            item.setSizeHint(0, QSize(0, 24))
            self.list.addTopLevelItem(item)
        self.field = QKeySequenceEdit()
        self.field.setMaximumSequenceLength(1)
        self.field.setAccessibleName("New key")
        self.give = TextButton("Give this key")
        self.clear = TextButton("No key")
        self.back = TextButton("As it came")
        self.all_back = TextButton("All as they came", kind="quiet")
        self.problem = Text(size=11, token="err", wrap=True)
        self.problem.setMinimumHeight(32)
        self._ok, cancel = TextButton("OK", kind="primary"), TextButton("Cancel")
        self._ok.setDefault(True)
        change = QHBoxLayout()
        change.setSpacing(8)
        change.addWidget(self.field, 1)
        for button in (self.give, self.clear, self.back):
            change.addWidget(button)
        foot = QHBoxLayout()
        foot.addWidget(self.all_back)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self._ok)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(self._find)
        layout.addWidget(self.list, 1)
        layout.addLayout(change)
        layout.addWidget(self.problem)
        layout.addLayout(foot)
        self._find.textChanged.connect(self._narrow)
        self.list.currentItemChanged.connect(self._chosen)
        self.field.keySequenceChanged.connect(self._judge)
        self.give.clicked.connect(self._give)
        self.clear.clicked.connect(lambda: self._set(()))
        self.back.clicked.connect(lambda: self._set(None))
        self.all_back.clicked.connect(self._all_back)
        self._ok.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        self._show()
        self.list.setCurrentItem(self.list.topLevelItem(0))
        self.resize(560, 620)

    @property
    def chosen(self) -> dict[str, Keys]:
        """Every action whose keys are not the table's own."""
        return dict(self._own)

    def select(self, id: str) -> None:
        """Choose a command in the list."""
        self.list.setCurrentItem(next(item for item in self._items() if item.data(0, _ID) == id))

    def _items(self) -> list[QTreeWidgetItem]:
        return [self.list.topLevelItem(k) for k in range(self.list.topLevelItemCount())]

    def _id(self) -> str | None:
        item = self.list.currentItem()
        return None if item is None else str(item.data(0, _ID))

    def _show(self) -> None:
        for item in self._items():
            id = str(item.data(0, _ID))
            keys = (*self._own.get(id, SPECS[id].keys), *SPECS[id].canvas_keys)
            item.setText(1, "  ".join(map(native, keys)))
            font = item.font(1)
            font.setBold(id in self._own)
            item.setFont(1, font)

    def _narrow(self, query: str) -> None:
        for item in self._items():
            item.setHidden(not (matches(query, item.text(0)) or query.lower() in item.text(1).lower()))

    def _chosen(self) -> None:
        self.field.clear()
        self.problem.setText("")
        self.give.setEnabled(False)
        id = self._id()
        self.back.setEnabled(id in self._own)
        self.clear.setEnabled(id is not None and bool(self._own.get(id, SPECS[id].keys)))

    def _key(self) -> str:
        return self.field.keySequence().toString(QKeySequence.SequenceFormat.PortableText)

    def _judge(self) -> None:
        id, key = self._id(), self._key()
        problem = None if id is None or not key else key_problem(id, key, self._own)
        self.problem.setText(problem or "")
        self.give.setEnabled(bool(id and key and problem is None))

    def _give(self) -> None:
        self._set((self._key(),))

    def _set(self, keys: Keys | None) -> None:
        id = self._id()
        if id is None:
            return
        if keys is None or keys == SPECS[id].keys:
            taken = [key for key in SPECS[id].keys if key_problem(id, key, {**self._own, id: ()})]
            if taken:
                self.problem.setText(key_problem(id, taken[0], {**self._own, id: ()}) or "")
                return
            self._own.pop(id, None)
        else:
            self._own[id] = keys
        self._show()
        self._chosen()

    def _all_back(self) -> None:
        self._own.clear()
        self._show()
        self._chosen()
