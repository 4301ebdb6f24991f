"""Long lists: one model for rows that are already here, and the list view that shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate

from ui.widgets.ink import Ink

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
    from PySide6.QtWidgets import QStyleOptionViewItem

    from ui.theme.look import Look

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole


class RowsModel(QAbstractListModel):
    """Rows that are all here; `say` gives what a screen reader reads of one."""

    def __init__(self, say: Callable[[Any], str]) -> None:
        super().__init__()
        self._rows: Sequence[Any] = ()
        self._say = say

    def fill(self, rows: Sequence[Any]) -> None:
        """Show these instead. Where only values changed, nothing moves; where nothing did, nothing is drawn."""
        if rows == self._rows:
            return
        if len(rows) == len(self._rows):
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
        else:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def row(self, at: int) -> Any:
        """One row."""
        return self._rows[at]

    def rowCount(self, parent: Index | None = None) -> int:
        """How many there are."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row itself, or what is read of it."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        if role == ROW:
            return self._rows[index.row()]
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole}:
            return self._say(self._rows[index.row()])
        return None


class RowDelegate(QStyledItemDelegate):
    """Draws rows of one height. `draw` is given the ink, the rectangle, the row and whether it is selected."""

    def __init__(self, look: Look, height: int, draw: Callable[[Ink, Any, Any, bool], None]) -> None:
        super().__init__()
        self._look, self._height, self._draw = look, look.px(height), draw

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """All rows are of one height."""
        return QSize(200, self._height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        from PySide6.QtWidgets import (
            QStyle,
        )  # with its flags a tenth of a bare window, and the first page has no row

        painter.save()
        rect, state = option.rect, option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        self._draw(Ink(self._look, painter), rect, index.data(ROW), selected)
        painter.restore()


class Rows(QListView):
    """A list of rows; Enter and a double click open, a click selects.

    Signals:
        opened: the row's place.
        moved: the selected row's place.
        pressed_key: a key that the list itself does nothing with.
    """

    opened = Signal(int)
    moved = Signal(int)

    def __init__(self, look: Look, model: RowsModel, delegate: RowDelegate, name: str) -> None:
        super().__init__()
        self._delegate = delegate  # Qt does not keep it alive
        self.rows = model
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setUniformItemSizes(True)
        self.setAccessibleName(name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(look.px(56))
        self.doubleClicked.connect(self._double)

    def at(self) -> int:
        """The selected row's place; -1 where none is."""
        index = self.currentIndex()
        return index.row() if index.isValid() else -1

    def select(self, at: int) -> None:
        """Select a row and bring it into view."""
        if 0 <= at < self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(at))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The selected row stays in sight if it was."""
        now = self.currentIndex()
        seen = now.isValid() and 0 <= self.visualRect(now).top() < event.oldSize().height()
        super().resizeEvent(event)
        if seen:
            self.scrollTo(now)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Another row was selected."""
        super().currentChanged(current, previous)
        self.moved.emit(current.row() if current.isValid() else -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; letters are not searched for, since typing goes to the search field."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            if self.at() >= 0:
                self.opened.emit(self.at())
        elif event.text() and event.text().isprintable() and event.key() != Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _double(self, index: QModelIndex) -> None:
        self.opened.emit(index.row())
