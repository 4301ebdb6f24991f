"""Fields: an edge that shows focus and error, an icon or sign before the text, a key cap behind it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from ui.widgets.arrange import row
from ui.widgets.ink import Ink
from ui.widgets.text import Icon, KeyCap, Text, breakable

if TYPE_CHECKING:
    from ui.theme.look import Look

_WRAPPED: Final = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
_ENDLESS: Final = 1000  # pixels that no sentence fills


class _Line(QLineEdit):
    """The line itself. Ctrl Z and Ctrl Y are its own as long as it has typing to take back, then the page's."""

    def event(self, event: QEvent) -> bool:
        """Qt's line keeps both keys for itself in any case."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            mine = {
                QKeySequence.StandardKey.Undo: self.isUndoAvailable(),
                QKeySequence.StandardKey.Redo: self.isRedoAvailable(),
            }
            if any(event.matches(key) and not there for key, there in mine.items()):
                event.ignore()
                return False
        return super().event(event)


class Field(QWidget):
    """A line to type in. `edit` is the line itself; `fault` is the sentence under it, empty where all is well."""

    def __init__(
        self,
        look: Look,
        name: str,
        *,
        placeholder: str = "",
        icon: str = "",
        sign: str = "",
        key: str = "",
        height: int = 40,
        style: str = "body",
        right: bool = False,
    ) -> None:
        """A field.

        Args:
            look: how it looks.
            name: its accessible name.
            placeholder: shown while it is empty.
            icon: drawn before the text.
            sign: short text before it, such as ৳ or TrxID.
            key: the key that leads here.
            height: of the box, at 100 % text.
            style: of the text.
            right: amounts stand to the right.
        """
        super().__init__()
        self._look, self._high = look, look.px(height)
        self.fault = ""
        self._elsewhere = False  # somebody else says what is wrong
        self.edit = _Line(self)
        self.edit.setProperty("bare", True)
        self.edit.setFrame(False)
        self.edit.setFont(look.font(style))
        self.edit.setStyleSheet(f"color: {look.css('text')}; font-size: {look.font(style).pixelSize()}px;")
        self.edit.setPlaceholderText(placeholder)
        self.edit.setAccessibleName(name)
        self.edit.setMaxLength(1000)
        if right:
            self.edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._icon = Icon(look, icon, 20, "text3") if icon else None
        parts: list[QWidget | tuple[QWidget, int]] = []
        if self._icon is not None:
            parts.append(self._icon)
        if sign:
            parts.append(Text(look, sign, "sm" if len(sign) > 1 else style, "text3"))
        parts.append((self.edit, 1))
        if key:
            parts.append(KeyCap(look, key))
        self._layout = row(*parts, gap=8, margins=(12, 0, 10, 0))
        self._right = 10
        self.setLayout(self._layout)
        self.setFocusProxy(self.edit)
        self.setFixedHeight(self._high)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.edit.installEventFilter(self)

    def text(self) -> str:
        """What was typed."""
        return self.edit.text()

    def say(self, fault: str) -> None:
        """Show what is wrong with it, or nothing."""
        if fault == self.fault:
            return
        self.fault = fault
        self.edit.setAccessibleDescription(fault)
        self._fit()
        self.update()

    def mark(self, fault: str) -> None:
        """Something is wrong with it, or nothing; the sentence stands elsewhere."""
        self._elsewhere = True
        self.say(fault)

    def _fit(self) -> None:
        """As high as the sentence under it needs at this width."""
        under = 0
        if self.fault and not self._elsewhere:
            room = QRectF(0, 0, max(1, self.width()), _ENDLESS)
            high = self._look.metrics("sm").boundingRect(room, _WRAPPED, breakable(self.fault)).height()
            under = max(self._look.line("sm"), math.ceil(high)) + 4
        self.setFixedHeight(self._high + under)
        self._layout.setContentsMargins(12, 0, self._right, under)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The sentence under it may take more lines now, or fewer."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def sizeHint(self) -> QSize:
        """A field takes the room it is given."""
        return QSize(160, self.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The edge follows the line's focus."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            if self._icon is not None:
                self._icon.change(self._icon._name, "ptext" if self.edit.hasFocus() else "text3")  # noqa: SLF001
            self.update()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the text is meant for it."""
        self.edit.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the edge, and the sentence under it."""
        ink = Ink(self._look, QPainter(self))
        focus = self.edit.hasFocus()
        edge = "focus" if focus else "dangerB" if self.fault else "control"
        ink.box(QRectF(0, 0, self.width(), self._high), "surface", edge, 6, 2 if focus else 1)
        if self.fault and not self._elsewhere:
            ink.painter.setFont(self._look.font("sm"))
            ink.painter.setPen(self._look.color("danger"))
            rect = QRectF(0, self._high + 4, self.width(), self.height() - self._high - 4)
            ink.painter.drawText(rect, _WRAPPED, breakable(self.fault))
        ink.painter.end()
