"""A choice from a short list, drawn as a field; and a box to tick."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QSizePolicy

from ui.widgets.ink import Ink

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from ui.theme.look import Look

_WORD: Final = 30  # where the word of a box begins


class Choice(QComboBox):
    """One of a few words; `code` is what the chosen one stands for."""

    def __init__(
        self, look: Look, name: str, items: list[tuple[str, str]], height: int = 40, icon: str = ""
    ) -> None:
        """A choice.

        Args:
            look: how it looks.
            name: its accessible name.
            items: (code, word) of each.
            height: at 100 % text.
            icon: drawn before the word.
        """
        super().__init__()
        self._look, self._icon = look, icon
        self.setAccessibleName(name)
        self.setFont(look.font("body"))
        self.setFixedHeight(look.px(height))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for code, word in items:
            self.addItem(word, code)

    def code(self) -> str:
        """What is chosen."""
        return str(self.currentData())

    def choose(self, code: str) -> None:
        """Choose, without telling anybody."""
        at = self.findData(code)
        if at >= 0 and at != self.currentIndex():
            self.blockSignals(True)
            self.setCurrentIndex(at)
            self.blockSignals(False)
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as its longest word."""
        words = [self._look.width(self.itemText(at), "body") for at in range(self.count())]
        return QSize(max(words, default=60) + 48 + (28 if self._icon else 0), self.height())

    def minimumSizeHint(self) -> QSize:
        """The word may be cut."""
        return QSize(72, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it like a field."""
        ink = Ink(self._look, QPainter(self))
        focus = self.hasFocus()
        ink.box(QRectF(self.rect()), "surface", "focus" if focus else "control", 6, 2 if focus else 1)
        x = 12.0
        if self._icon:
            ink.icon(x, (self.height() - 20) / 2, self._icon, 20, "text2")
            x += 28
        token = "text" if self.isEnabled() else "text3"
        ink.text(QRectF(x, 0, self.width() - x - 32, self.height()), self.currentText(), "body", token)
        ink.icon(self.width() - 28, (self.height() - 18) / 2, "chevron-down", 18, "text3")
        ink.painter.end()


class Tick(QCheckBox):
    """A box to tick, with its word."""

    def __init__(self, look: Look, word: str) -> None:
        super().__init__()  # the word is drawn as it is: Qt would take an & in it for a key
        self._look, self._word = look, word
        self.setAccessibleName(word)
        self.setFixedHeight(look.px(32))
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """The box and the whole word."""
        return QSize(_WORD + self._look.width(self._word, "bodym") + 8, self.height())

    def minimumSizeHint(self) -> QSize:
        """The word may be cut."""
        return QSize(72, self.height())

    def hitButton(self, place: QPoint) -> bool:
        """A click on the word is one on the box."""
        return self.rect().contains(place)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the box, its tick and the word."""
        rect, on = QRectF(self.rect()), self.isChecked()
        ink = Ink(self._look, QPainter(self))
        if self.hasFocus():
            wide = min(rect.width(), self.sizeHint().width())
            ink.box(QRectF(0, 0, wide, rect.height()), None, "focus", 6, 2)
        box = QRectF(4, rect.center().y() - 9, 18, 18)
        edge = "primary" if on else "text3" if self.underMouse() else "control"
        ink.box(box, "primary" if on else "surface", edge, 4, 1.5)
        if on:
            ink.icon(box.x() + 2, box.y() + 2, "check", 14, "onprimary")
        words = rect.adjusted(_WORD, 0, 0, 0)
        ink.text(words, self._word, "bodym", "text" if self.isEnabled() else "text3")
        ink.painter.end()
