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
_STEPS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}
_DOT: Final = 18


class PickCard(Pressable):
    """One of several cards on one ground; a click or Space picks it, arrows go to the next. Enter is the page's."""

    def __init__(self, look: Look, name: str, tip: str, height: int) -> None:
        super().__init__(look, name)
        self.setCheckable(True)
        self.setAutoExclusive(True)  # with those on the same ground
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(tip)

    def turn(self, *, on: bool) -> None:
        """Whether it is the one picked; only that one is reached by Tab."""
        self.setChecked(on)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.ClickFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows step, however the cards lie; Space picks; everything else is the page's."""
        step = _STEPS.get(Qt.Key(event.key()))
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
        elif step is not None:
            self._step(step)
        elif event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def _step(self, step: int) -> None:
        # Qt itself steps only to what lies in the arrow's own direction.
        ground = self.parentWidget()
        assert ground is not None
        cards = [one for one in ground.findChildren(PickCard) if not one.isHidden()]
        at = cards.index(self) + step
        if 0 <= at < len(cards):
            cards[at].setFocus(Qt.FocusReason.TabFocusReason)
            cards[at].click()

    def ground(self, ink: Ink, dot: QRectF) -> None:
        """Draw what is under the words: picked, under the pointer, in focus; the dot stands where it is told."""
        rect, on = QRectF(self.rect()), self.isChecked()
        fill = "sel" if on else "surface2" if self.underMouse() else "surface"
        ink.box(rect, fill, "focus" if on else "border", 8, 2 if on else 1)
        self.ring(ink, rect.adjusted(4, 4, -4, -4), radius=5)
        if on:
            ink.box(dot, "primary", None, _DOT / 2)
            ink.icon(dot.x() + 3, dot.y() + 3, "check", 12, "onprimary")
        else:
            ink.box(dot, "surface", "control", _DOT / 2, 1.5)


def dot_at(x: float, middle: float) -> QRectF:
    """Where the dot of a card stands: from `x` on, its middle so far down."""
    return QRectF(x, middle - _DOT / 2, _DOT, _DOT)


class RadioCard(PickCard):
    """A card with an icon, a word and a line under it."""

    def __init__(self, look: Look, code: str, word: str, sub: str, icon: str) -> None:
        name, tip = (f"{word}, {sub}", f"{word} · {sub}") if sub else (word, word)
        super().__init__(look, name, tip, look.px(60))
        self.code, self._word, self._sub, self._icon = code, word, sub, icon
        self.bare = False  # without its icon, where there is little room

    def minimumSizeHint(self) -> QSize:
        """The word is never cut; the line under it may be."""
        return QSize(46 + self._look.width(self._word, "bodyb") + 12, self.height())

    def sizeHint(self) -> QSize:
        """Word and line side by side with the icon."""
        wide = max(self._look.width(self._word, "bodyb"), self._look.width(self._sub, "sm"))
        return QSize((76 if self._icon else 46) + wide + 14, self.height())

    def _left(self) -> int:
        return 76 if self._icon and not self.bare else 46

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        look, rect, on = self._look, QRectF(self.rect()), self.isChecked()
        ink = Ink(look, QPainter(self))
        middle = rect.center().y()
        self.ground(ink, dot_at(15, middle))
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
