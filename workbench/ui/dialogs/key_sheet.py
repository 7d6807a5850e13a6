"""The key sheet: every key by topic, narrowed while typing; it can stay open beside the work."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from workbench.ui.action_set import ActionSet, native
from workbench.ui.controls import TextButton
from workbench.ui.dialogs.palette import matches
from workbench.ui.keymap import KeyLine, topics
from workbench.ui.theme import current

ROW, TWO_LINES, HEAD, COLUMN, GAP, KEYS = 24, 38, 32, 372, 24, 124


class KeySheet(QDialog):
    """All keys in columns.

    Parameters
    ----------
    actions : ActionSet
        For the keys as they are now, also where a person changed them.
    """

    def __init__(self, actions: ActionSet, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._actions = actions
        self._field = QLineEdit(placeholderText="Find a key or a command", clearButtonEnabled=True)
        self._field.setAccessibleName("Find a key")
        self._page = _Page()
        area = QScrollArea()
        area.setWidget(self._page)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setAccessibleName("Keys by topic")
        self._remap = TextButton("Change keys…")
        self._remap.clicked.connect(actions["remap"].trigger)
        close = TextButton("Close")
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addWidget(self._remap)
        foot.addStretch(1)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(self._field)
        layout.addWidget(area, 1)
        layout.addLayout(foot)
        self._field.textChanged.connect(self._fill)
        actions.keys_changed.connect(self._fill)
        current().changed.connect(self._page.update)
        self._fill()
        self.resize(3 * COLUMN + 2 * GAP + 52, 760)

    @property
    def lines(self) -> list[KeyLine]:
        """What is shown now."""
        return [line for _, lines in self._page.topics for line in lines]

    def _fill(self, *_: object) -> None:
        query = self._field.text().strip()
        shown = []
        for topic, lines in topics(self._actions.own_keys):
            kept = tuple(line for line in lines if not query or _fits(query, line))
            if kept:
                shown.append((topic, kept))
        self._page.show_topics(tuple(shown))


def _fits(query: str, line: KeyLine) -> bool:
    keys = " ".join(native(key) if line.id else key for key in line.keys)
    return query.lower() in keys.lower() or query.lower() in line.title.lower() or matches(query, line.title)


class _Page(QWidget):
    """The topics in as many columns as there is room for, each topic in one piece where it fits."""

    def __init__(self) -> None:
        super().__init__()
        self.topics: tuple[tuple[str, tuple[KeyLine, ...]], ...] = ()

    def show_topics(self, topics: tuple[tuple[str, tuple[KeyLine, ...]], ...]) -> None:
        self.topics = topics
        said = [f"{'; '.join(line.keys)}: {line.title}" for _, lines in topics for line in lines]
        self.setAccessibleName("Keys")
        self.setAccessibleDescription(". ".join(said))
        self._arrange()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _columns(self) -> list[list[tuple[str, KeyLine | None]]]:
        """Rows of each column: heads (no line) and lines; a topic that does not fit any more begins a new column."""
        count = max(1, (self.width() + GAP) // (COLUMN + GAP))
        width = self._width(count)
        heights = [HEAD + sum(self._tall(line, width) for line in lines) for _, lines in self.topics]
        room = max(-(-sum(heights) // count) + 2 * ROW, max(heights, default=0))
        columns: list[list[tuple[str, KeyLine | None]]] = [[]]
        filled = 0
        for (topic, lines), height in zip(self.topics, heights, strict=True):
            if columns[-1] and filled + height > room and len(columns) < count:
                columns.append([])
                filled = 0
            columns[-1].append((topic, None))
            columns[-1] += [("", line) for line in lines]
            filled += height
        return columns

    def _width(self, count: int) -> int:
        return (self.width() - GAP * (count - 1)) // max(count, 1)

    def _tall(self, line: KeyLine, width: int) -> int:
        """A row has two lines where its words need them."""
        words = QFontMetrics(current().font(12)).horizontalAdvance(line.title)
        return ROW if words <= width - KEYS else TWO_LINES

    def _arrange(self) -> None:
        columns = self._columns()
        width = self._width(len(columns))
        tallest = max((sum(self._tall(line, width) if line else HEAD for _, line in one) for one in columns), default=0)
        self.setMinimumHeight(tallest + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), current()
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        if not self.topics:
            painter.setFont(theme.font(12))
            painter.setPen(theme.color("text2"))
            painter.drawText(0, 0, self.width(), ROW, middle, "No key and no command has these letters.")
        columns = self._columns()
        width = self._width(len(columns))
        for k, column in enumerate(columns):
            x, y = k * (width + GAP), 0
            for topic, line in column:
                if line is None:
                    painter.setFont(theme.font(12, 600))
                    painter.setPen(theme.color("text"))
                    painter.drawText(x, y, width, HEAD, middle, topic)
                    y += HEAD
                    continue
                painter.setFont(theme.font(11, 500))
                painter.setPen(theme.color("text2"))
                keys = "  ".join(native(key) if line.id else key for key in line.keys)
                fits = painter.fontMetrics().elidedText(keys, Qt.TextElideMode.ElideRight, KEYS - 8)
                painter.drawText(x, y, KEYS - 8, ROW, middle, fits)
                painter.setFont(theme.font(12))
                painter.setPen(theme.color("text"))
                tall = self._tall(line, width)
                wrapped = middle | int(Qt.TextFlag.TextWordWrap)
                painter.drawText(x + KEYS, y, width - KEYS, tall, wrapped, line.title)
                y += tall
