"""Ctrl+K: one line that finds pages, acts, products, orders and customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent

from ui.widgets.arrange import column
from ui.widgets.field import Field
from ui.widgets.ink import Ink, keycap_width
from ui.widgets.overlay import Dialog
from ui.widgets.rows import RowDelegate, Rows, RowsModel
from ui.widgets.text import Text

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex
    from PySide6.QtWidgets import QWidget

    from ui.presenters.finder import Finder, Found
    from ui.theme.look import Look

_ICONS = {"action": "bolt", "product": "packages", "order": "clipboard-list", "customer": "user"}
_SHOWN = 8


class FinderDialog(Dialog):
    """The line and what answers it.

    Signals:
        chosen: the `Found` that was chosen.
    """

    chosen = Signal(object)

    def __init__(self, look: Look, over: QWidget, finder: Finder) -> None:
        super().__init__(look, over, 640, look.word("find_anything_long"))
        self._finder = finder
        self.line = Field(
            look, look.word("find_anything_long"), placeholder=look.word("find_anything_hint"), icon="search",
            height=48, style="h2",
        )  # fmt: skip
        self.line.edit.textEdited.connect(finder.type)
        self.line.edit.installEventFilter(self)
        self.list = Rows(look, RowsModel(self._say), RowDelegate(look, 48, self._row), look.word("results"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.clicked.connect(self._clicked)
        self.nothing = Text(look, "", "body", "text2", elide=True)
        self.panel.setLayout(column(self.line, self.list, self.nothing, gap=8, margins=(16, 16, 16, 16)))
        self.first = self.line.edit
        finder.watch(self.draw)
        self.draw()

    def draw(self) -> None:
        """Show what answers."""
        found = self._finder.found
        self.list.rows.fill(found)
        self.list.select(self._finder.chosen)
        self.list.setFixedHeight(self._look.px(48) * max(1, min(_SHOWN, len(found))))
        self.nothing.setText("" if found else self._look.word("no_match", text=self._finder.typed))
        self.nothing.setVisible(not found)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move, Enter chooses, while typing goes on."""
        if watched is self.line.edit and event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None:
                self._finder.move(step)
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._choose()
                return True
        return super().eventFilter(watched, event)

    def close_dialog(self) -> None:
        """Leave."""
        self._finder.unwatch(self.draw)
        super().close_dialog()

    def _choose(self) -> None:
        if self._finder.found:
            found = self._finder.found[self._finder.chosen]
            self.close_dialog()
            self.chosen.emit(found)

    def _clicked(self, index: QModelIndex) -> None:
        self._finder.chosen = index.row()
        self._choose()

    def _say(self, found: Found) -> str:
        return f"{found.name}, {found.detail}" if found.detail else found.name

    def _row(self, ink: Ink, rect: QRect, found: Found, selected: bool) -> None:
        look = self._look
        area = QRectF(rect)
        ink.box(area, "sel" if selected else "surface", None, 6)
        ink.icon(
            area.x() + 12, area.center().y() - 10, _ICONS[found.kind], 20, "ptext" if selected else "text3"
        )
        right = area.right() - 12
        if found.cap:
            wide, high = keycap_width(look, found.cap), look.px(20)
            ink.keycap(QRectF(right - wide, area.center().y() - high / 2, wide, high), found.cap)
            right -= wide + 12
        x = area.x() + 44
        name_room = (right - x) * (0.55 if found.detail else 1.0)
        used = ink.text(QRectF(x, area.y(), name_room, area.height()), found.name, "bodym")
        x += used + 12
        ink.text(QRectF(x, area.y(), right - x, area.height()), found.detail, "sm", "text3")
