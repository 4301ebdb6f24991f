"""The steps of the first run, down the left side: what is done, what is asked now, what comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.widgets.bars import initial
from ui.widgets.ink import CENTRE, Ink
from ui.widgets.pressing import Pressable

if TYPE_CHECKING:
    from ui.theme.look import Look

_HEAD: Final = 92
_FOOT: Final = 56


class StepItem(Pressable):
    """One step: its number or a tick, its name, and what was chosen there."""

    chosen = Signal(int)

    def __init__(self, look: Look, step: int, word: str) -> None:
        super().__init__(look, word)
        self.step, self._word = step, word
        self._sub = self._number = ""
        self._now = self._done = self._open = False
        self.setFixedHeight(look.px(60))
        self.clicked.connect(self._pressed)

    def show_state(self, sub: str, number: str, *, now: bool, done: bool, open_: bool) -> None:
        """How it stands; `open_` ones can be gone to."""
        self._sub, self._number, self._now, self._done, self._open = sub, number, now, done, open_
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if open_ and not now else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if open_ else Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(f"{number}. {self._word}, {sub}")
        self.update()

    def _pressed(self) -> None:
        if self._open:
            self.chosen.emit(self.step)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        look, rect = self._look, QRectF(self.rect())
        ink = Ink(look, QPainter(self))
        if self._now:
            ink.box(rect, "railA", None, 8)
        self.ring(ink, rect.adjusted(2, 2, -2, -2), "railTA")
        disc = QRectF(16, rect.center().y() - 16, 32, 32)
        if self._done:
            ink.box(disc, "badge", None, 16)
            ink.icon(disc.x() + 7, disc.y() + 7, "check", 18, "mark")
        elif self._now:
            ink.box(disc, "railTA", None, 16)
            ink.text(disc, self._number, "bodyb", "rail", CENTRE, elide=False)
        else:
            ink.box(disc, None, "railT", 16, 1.5)
            ink.text(disc, self._number, "bodyb", "railT", CENTRE, elide=False)
        word, sub = look.line("body"), look.line("sm")
        top, room = (rect.height() - word - sub) / 2, rect.width() - 70
        token = "railTA" if self._now or self._done else "railT"
        ink.text(QRectF(60, top, room, word), self._word, "bodyb" if self._now else "bodym", token)
        ink.text(QRectF(60, top + word, room, sub), self._sub, "sm", "railT")
        ink.painter.end()


class StepsPane(QWidget):
    """The dark side with the mark, the steps, and a promise at its foot.

    Signals:
        chosen: the step to go to.
    """

    chosen = Signal(int)

    def __init__(self, look: Look, words: list[str]) -> None:
        super().__init__()
        self._look = look
        self._mark = self._title = self._sub = self._promise = ""
        self.setFixedWidth(min(look.px(300), 360))
        self.items = [StepItem(look, step, word) for step, word in enumerate(words, 1)]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, look.px(_HEAD) + 4, 20, look.px(_FOOT))
        layout.setSpacing(4)
        for item in self.items:
            item.chosen.connect(self.chosen)
            layout.addWidget(item)
        layout.addStretch(1)

    def show_head(self, name: str, title: str, sub: str, promise: str) -> None:
        """The shop's letter, what this is, and what is promised."""
        self._mark, self._title, self._sub, self._promise = initial(name), title, sub, promise
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground, the mark and the promise."""
        look = self._look
        ink = Ink(look, QPainter(self))
        ink.painter.fillRect(self.rect(), look.color("rail"))
        mark = QRectF(20, 28, 40, 40)
        ink.box(mark, "badge", None, 10)
        ink.text(mark, self._mark, "h2", "mark", CENTRE, elide=False)
        word, sub, room = look.line("h2"), look.line("sm"), self.width() - 92
        top = mark.center().y() - (word + sub) / 2
        ink.text(QRectF(72, top, room, word), self._title, "h2", "railTA")
        ink.text(QRectF(72, top + word, room, sub), self._sub, "sm", "railT")
        foot = self.height() - 35.0
        ink.icon(20, foot - 9, "lock", 18, "railT")
        ink.text(QRectF(46, foot - sub / 2, self.width() - 60, sub), self._promise, "sm", "railT")
        ink.painter.end()
