"""A field of several lines that grows with what is written in it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from ui.widgets.arrange import column, row
from ui.widgets.ink import Ink
from ui.widgets.text import Icon, KeyCap, Paragraph

if TYPE_CHECKING:
    from ui.theme.look import Look

_MOST_LINES = 6


class _Lines(QPlainTextEdit):
    """The lines themselves: Enter is done, Shift+Enter a new line, Tab goes on."""

    done = Signal()
    entered = Signal()
    left = Signal()
    rewrapped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            event.accept()
            self.done.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:  # its own menu
            self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.rewrapped.emit()


class Area(QWidget):
    """Several lines to type in.

    Signals:
        typed: what it says now, after every change by hand.
        done: Enter.
        left: the focus has gone elsewhere.
    """

    typed = Signal(str)
    done = Signal()
    left = Signal()

    def __init__(
        self, look: Look, name: str, *, placeholder: str = "", icon: str = "", key: str = ""
    ) -> None:
        """A field of several lines.

        Args:
            look: how it looks.
            name: its accessible name.
            placeholder: shown while it is empty.
            icon: drawn before the text.
            key: the key that leads here.
        """
        super().__init__()
        self._look, self._name, self._high = look, name, look.px(40)
        self.fault = ""
        self.edit = _Lines(self)
        self.edit.setProperty("bare", True)
        self.edit.setFont(look.font("body"))
        self.edit.setStyleSheet(
            f"color: {look.css('text')}; font-size: {look.font('body').pixelSize()}px;"
            "background: transparent; border: 0; padding: 0;"
        )
        self.edit.setPlaceholderText(placeholder)
        self.edit.setAccessibleName(name)
        self.edit.setTabChangesFocus(True)
        self.edit.setUndoRedoEnabled(True)
        self.edit.document().setDocumentMargin(0)
        self.edit.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.edit.textChanged.connect(self._changed)
        self.edit.rewrapped.connect(self.fit)
        self.edit.entered.connect(self.update)
        self.edit.left.connect(self._left)
        self.edit.done.connect(self.done)
        self._icon = Icon(look, icon, 20, "text3") if icon else None
        parts: list[QWidget | tuple[QWidget, int] | object] = []
        if self._icon is not None:
            parts.append(column(10, self._icon, "*", gap=0))
        parts.append((self.edit, 1))
        if key:
            parts.append(column(10, KeyCap(look, key), "*", gap=0))
        self.wrong = Paragraph(look, "", "sm", "danger")
        self.wrong.hide()
        self._field = QWidget()
        self._field.setLayout(row(*parts, gap=8, margins=(12, 0, 10, 0)))  # type: ignore[arg-type]
        self.setLayout(column(self._field, self.wrong, gap=4))
        self.setFocusProxy(self.edit)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._silent = False
        self.fit()

    def text(self) -> str:
        """What was typed."""
        return self.edit.toPlainText()

    def setText(self, text: str) -> None:
        """Say something else, without telling anybody; the cursor is at the end."""
        if text != self.text():
            self._silent = True
            self.edit.setPlainText(text)
            self.edit.moveCursor(QTextCursor.MoveOperation.End)
            self._silent = False

    def say(self, fault: str) -> None:
        """Show what is wrong with it, or nothing."""
        self.fault = fault
        self.edit.setAccessibleDescription(fault)
        self.wrong.setText(fault)
        self.wrong.setVisible(bool(fault))
        self.update()

    def fit(self) -> None:
        """As high as its lines, up to some; then they scroll."""
        document = self.edit.document()
        place = document.documentLayout()
        high = sum(
            place.blockBoundingRect(document.findBlockByNumber(n)).height()
            for n in range(document.blockCount())
        )
        one = math.ceil(self._look.metrics("body").lineSpacing())
        scrolls = high > one * _MOST_LINES
        shown = max(one, min(math.ceil(high), one * _MOST_LINES))
        bar = Qt.ScrollBarPolicy.ScrollBarAsNeeded if scrolls else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.edit.setVerticalScrollBarPolicy(bar)
        self.edit.setFixedHeight(shown)
        self._field.setFixedHeight(shown + self._high - one)
        if not scrolls:
            self.edit.verticalScrollBar().setValue(0)

    def sizeHint(self) -> QSize:
        """It takes the width it is given."""
        return QSize(160, super().sizeHint().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the text is meant for it."""
        self.edit.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The edge."""
        ink = Ink(self._look, QPainter(self))
        focus = self.edit.hasFocus()
        edge = "focus" if focus else "dangerB" if self.fault else "control"
        ink.box(QRectF(self._field.geometry()), "surface", edge, 6, 2 if focus else 1)
        ink.painter.end()

    def _changed(self) -> None:
        self.fit()
        if not self._silent:
            self.typed.emit(self.text())

    def _left(self) -> None:
        self.update()
        self.left.emit()
