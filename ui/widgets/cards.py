"""Radio cards: one of a few, each with an icon, a word and a line on what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.widgets.ink import Ink

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent

    from ui.theme.look import Look


class RadioCard(QWidget):
    """One card; a click or Space chooses it, arrows go to its neighbours."""

    chosen = Signal(str)
    stepped = Signal(int)

    def __init__(self, look: Look, code: str, word: str, sub: str, icon: str) -> None:
        super().__init__()
        self._look, self.code, self._word, self._sub, self._icon = look, code, word, sub, icon
        self.on = False
        self.bare = False  # without its icon, where there is little room
        self.setFixedHeight(look.px(60))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{word}, {sub}" if sub else word)
        self.setToolTip(word if not sub else f"{word} · {sub}")

    def turn(self, *, on: bool) -> None:
        """Whether it is the one chosen; only that one is reached by Tab."""
        self.on = on
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.ClickFocus)
        self.update()

    def minimumSizeHint(self) -> QSize:
        """The word is never cut; the line under it may be."""
        return QSize(46 + self._look.width(self._word, "bodyb") + 12, self.height())

    def sizeHint(self) -> QSize:
        """Word and line side by side with the icon."""
        wide = max(self._look.width(self._word, "bodyb"), self._look.width(self._sub, "sm"))
        return QSize((76 if self._icon else 46) + wide + 14, self.height())

    def _left(self) -> int:
        return 76 if self._icon and not self.bare else 46

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose it."""
        event.accept()
        self.chosen.emit(self.code)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows step, Space chooses; everything else is the page's."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key())) if not event.modifiers() else None
        if step is not None:
            self.stepped.emit(step)
        elif event.key() == Qt.Key.Key_Space:
            self.chosen.emit(self.code)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        self.update()
        super().focusOutEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer came."""
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer left."""
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it: chosen, under the pointer, in focus."""
        look, rect = self._look, QRectF(self.rect())
        ink = Ink(look, QPainter(self))
        ground = "sel" if self.on else "surface2" if self.underMouse() else "surface"
        ink.box(rect, ground, "focus" if self.on else "border", 8, 2 if self.on else 1)
        if self.hasFocus():
            ink.box(rect.adjusted(4, 4, -4, -4), None, "focus", 5, 1)
        middle = rect.center().y()
        if self.on:
            ink.box(QRectF(15, middle - 9, 18, 18), "primary", None, 9)
            ink.icon(18, middle - 6, "check", 12, "onprimary")
        else:
            ink.box(QRectF(15, middle - 9, 18, 18), "surface", "control", 9, 1.5)
        if self._icon and not self.bare:
            ink.icon(44, middle - 12, self._icon, 24, "ptext" if self.on else "text2")
        left = self._left()
        room = rect.width() - left - 10
        word, line = look.line("body"), look.line("sm") if self._sub else 0
        top = middle - (word + line) / 2
        ink.text(QRectF(left, top, room, word), self._word, "bodyb" if self.on else "bodym",
                 "ptext" if self.on else "text")  # fmt: skip
        if self._sub:
            ink.text(QRectF(left, top + word, room, line), self._sub, "sm", "text2" if self.on else "text3")
        ink.painter.end()


class RadioCards(QWidget):
    """Cards side by side, of which one is chosen.

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
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for card in self.cards:
            layout.addWidget(card, 1)
            card.chosen.connect(self._pick)
            card.stepped.connect(self._step)
        self.choose(items[0][0])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where not all the words have room, the icons make it."""
        super().resizeEvent(event)
        share = (event.size().width() - 12 * (len(self.cards) - 1)) / len(self.cards)
        bare = any(card.sizeHint().width() > share for card in self.cards)
        for card in self.cards:
            card.bare = bare
            card.update()

    def choice(self) -> str:
        """The code chosen."""
        return next(card.code for card in self.cards if card.on)

    def choose(self, code: str) -> None:
        """Choose without saying so."""
        for card in self.cards:
            card.turn(on=card.code == code)
        self.setFocusProxy(next(card for card in self.cards if card.on))

    def _pick(self, code: str) -> None:
        if code != self.choice():
            focus = any(card.hasFocus() for card in self.cards)
            self.choose(code)
            if focus:
                self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.chosen.emit(code)

    def _step(self, step: int) -> None:
        at = next(at for at, card in enumerate(self.cards) if card.on) + step
        if 0 <= at < len(self.cards):
            self.cards[at].setFocus(Qt.FocusReason.OtherFocusReason)
            self._pick(self.cards[at].code)
