"""The district: typed in either language, offered while it is typed, and free where the list has no such place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter

from pos.l10n.districts import districts
from ui.widgets.field import Field
from ui.widgets.ink import Ink

if TYPE_CHECKING:
    from ui.theme.look import Look

_SPELLINGS = Qt.ItemDataRole.UserRole


class _Completer(QCompleter):
    """Finds by all spellings, and writes the name."""

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """What goes into the field."""
        return str(index.data(Qt.ItemDataRole.DisplayRole))


class DistrictField(Field):
    """A field with the 64 districts; the arrow down opens all of them."""

    def __init__(self, look: Look, name: str, height: int = 40) -> None:
        super().__init__(look, name, icon="map-pin", height=height)
        self._look_of = look
        model = QStandardItemModel(self)
        for word, spellings in districts(look.locale.lang):
            item = QStandardItem(word)
            item.setData(spellings, _SPELLINGS)
            item.setFont(look.font("body"))
            item.setEditable(False)
            model.appendRow(item)
        self.completer = _Completer(model, self)
        self.completer.setCompletionRole(_SPELLINGS)
        self.completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.completer.setMaxVisibleItems(8)
        self.edit.setCompleter(self.completer)
        self._right = 36
        self._layout.setContentsMargins(12, 0, self._right, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow down opens the whole list."""
        if event.key() == Qt.Key.Key_Down and not self.edit.text():
            self.completer.setCompletionPrefix("")
            self.completer.complete()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A field with an arrow behind."""
        super().paintEvent(event)
        ink = Ink(self._look_of, QPainter(self))
        rect = QRectF(self.rect())
        ink.icon(rect.width() - 30, (self._high - 18) / 2, "chevron-down", 18, "text2")
        ink.painter.end()
