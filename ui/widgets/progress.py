"""Long work under way: what it is, how far it has come, and a way to stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.ink import Ink
from ui.widgets.text import Box, Text

if TYPE_CHECKING:
    from ui.theme.look import Look

_LINE: Final = 8
_UNKNOWN: Final = 0.3  # shown where nobody knows how much there is


class ProgressLine(Box):
    """A card with a count and a line; `stopped` when the vendor wants no more of it."""

    stopped = Signal()

    def __init__(self, look: Look) -> None:
        self._words = look.word
        self.title = Text(look, "", "bodyb", elide=True)
        self.count = Text(look, "", "sm", "text2")
        self.line = _Line(look)
        self.stop = Button(look, look.word("set_stop_work"), height=32)
        head = row((self.title, 1), self.count, gap=8)
        super().__init__(
            look, "surface", "border", 8,
            layout=column(head, row((self.line, 1), self.stop, gap=16), gap=6, margins=(16, 10, 16, 10)),
        )  # fmt: skip
        self.stop.clicked.connect(self.stopped)

    def show_count(self, title: str, done: int, total: int | None) -> None:
        """How far it has come; `total` None where that is not known."""
        self.title.setText(title)
        if total:
            self.count.setText(self._words("set_done_of", done=done, total=total))
        else:
            self.count.setText(self._look.count(done) if done else "")
        self.line.show_share(done / total if total else _UNKNOWN if done else 0.0)

    def show_work(self, title: str, *, stoppable: bool) -> None:
        """Work that cannot be counted."""
        self.title.setText(title)
        self.count.setText("")
        self.line.show_share(_UNKNOWN)
        self.stop.setVisible(stoppable)


class _Line(QWidget):
    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look, self._share = look, 0.0
        self.setFixedHeight(_LINE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, share: float) -> None:
        self._share = min(1.0, max(0.0, share))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        ink = Ink(self._look, QPainter(self))
        ink.box(QRectF(self.rect()), "surface3", None, _LINE / 2)
        if self._share:
            ink.box(QRectF(0, 0, max(_LINE, self.width() * self._share), _LINE), "primary", None, _LINE / 2)
        ink.painter.end()
