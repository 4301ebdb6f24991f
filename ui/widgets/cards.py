"""Radio cards: one of a few, each with an icon, a word and a line on what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QWidget

from ui.widgets.ink import Ink
from ui.widgets.pressing import Pressable

if TYPE_CHECKING:
    from ui.theme.look import Look

_GAP: Final = 12
_SIDEWAYS: Final = {Qt.Key.Key_Up: Qt.Key.Key_Left, Qt.Key.Key_Down: Qt.Key.Key_Right}


class RadioCard(Pressable):
    """One card; a click or Space chooses it, arrows go to its neighbours. Enter is the page's."""

    def __init__(self, look: Look, code: str, word: str, sub: str, icon: str) -> None:
        super().__init__(look, f"{word}, {sub}" if sub else word)
        self.code, self._word, self._sub, self._icon = code, word, sub, icon
        self.bare = False  # without its icon, where there is little room
        self.setCheckable(True)
        self.setAutoExclusive(True)  # with those on the same ground; Qt moves the choice by arrows then
        self.setFixedHeight(look.px(60))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(word if not sub else f"{word} · {sub}")

    def turn(self, *, on: bool) -> None:
        """Whether it is the one chosen; only that one is reached by Tab."""
        self.setChecked(on)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.ClickFocus)

    def minimumSizeHint(self) -> QSize:
        """The word is never cut; the line under it may be."""
        return QSize(46 + self._look.width(self._word, "bodyb") + 12, self.height())

    def sizeHint(self) -> QSize:
        """Word and line side by side with the icon."""
        wide = max(self._look.width(self._word, "bodyb"), self._look.width(self._sub, "sm"))
        return QSize((76 if self._icon else 46) + wide + 14, self.height())

    def _left(self) -> int:
        return 76 if self._icon and not self.bare else 46

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows step, up and down too; Space chooses; everything else is the page's."""
        key = _SIDEWAYS.get(Qt.Key(event.key()), event.key())
        if event.modifiers() or key not in {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space}:
            event.ignore()
        else:
            super().keyPressEvent(QKeyEvent(event.type(), key, event.modifiers()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it: chosen, under the pointer, in focus."""
        look, rect, on = self._look, QRectF(self.rect()), self.isChecked()
        ink = Ink(look, QPainter(self))
        ground = "sel" if on else "surface2" if self.underMouse() else "surface"
        ink.box(rect, ground, "focus" if on else "border", 8, 2 if on else 1)
        self.ring(ink, rect.adjusted(4, 4, -4, -4), radius=5)
        middle = rect.center().y()
        if on:
            ink.box(QRectF(15, middle - 9, 18, 18), "primary", None, 9)
            ink.icon(18, middle - 6, "check", 12, "onprimary")
        else:
            ink.box(QRectF(15, middle - 9, 18, 18), "surface", "control", 9, 1.5)
        if self._icon and not self.bare:
            ink.icon(44, middle - 12, self._icon, 24, "ptext" if on else "text2")
        left = self._left()
        room = rect.width() - left - 10
        word, line = look.line("body"), look.line("sm") if self._sub else 0
        top = middle - (word + line) / 2
        ink.text(QRectF(left, top, room, word), self._word, "bodyb" if on else "bodym",
                 "ptext" if on else "text")  # fmt: skip
        if self._sub:
            ink.text(QRectF(left, top + word, room, line), self._sub, "sm", "text2" if on else "text3")
        ink.painter.end()


class RadioCards(QWidget):
    """Cards side by side, or one under another where there is little room; one of them is chosen.

    Signals:
        chosen: the code, when the vendor chooses another.
    """

    chosen = Signal(str)

    def __init__(self, look: Look, items: list[tuple[str, str, str, str]]) -> None:
        """Cards.

        Args:
            look: how it looks.
            items: (code, word, line under it, icon or "") of each.
        """
        super().__init__()
        self.cards = [RadioCard(look, *item) for item in items]
        self._layout = layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP)
        for card in self.cards:
            layout.addWidget(card, 1)
            card.clicked.connect(self._pick)
        self.choose(items[0][0])

    def minimumSizeHint(self) -> QSize:
        """One under another, they need no more than the widest word."""
        widest = max(card.minimumSizeHint().width() for card in self.cards)
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where not all the words have room, the icons make it; where that is too little, the cards stack."""
        super().resizeEvent(event)
        room = event.size().width() - _GAP * (len(self.cards) - 1)
        bare = any(card.sizeHint().width() > room / len(self.cards) for card in self.cards)
        stacked = sum(card.minimumSizeHint().width() for card in self.cards) > room
        way = QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        if way != self._layout.direction():
            self._layout.setDirection(way)
        for card in self.cards:
            card.bare = bare and not stacked
            card.update()

    def choice(self) -> str:
        """The code chosen."""
        return self._chosen

    def choose(self, code: str) -> None:
        """Choose without saying so."""
        self._chosen = code
        for card in self.cards:
            card.turn(on=card.code == code)
            if card.code == code:
                self.setFocusProxy(card)

    def _pick(self) -> None:
        code = next(card.code for card in self.cards if card.isChecked())
        if code != self._chosen:
            focus = any(card.hasFocus() for card in self.cards)
            self.choose(code)
            if focus:
                self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.chosen.emit(code)
