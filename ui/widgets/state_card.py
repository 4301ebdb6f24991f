"""One large word on how something stands: a sign on a disc, a line under the word, a figure to the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.widgets.arrange import column, row
from ui.widgets.ink import Ink
from ui.widgets.text import Box, Paragraph, Text

if TYPE_CHECKING:
    from ui.theme.look import Look


class _Disc(QWidget):
    """The sign."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look, self._icon, self._tone = look, "refresh", "info"
        self.setFixedSize(56, 56)

    def change(self, icon: str, tone: str) -> None:
        if (icon, tone) != (self._icon, self._tone):
            self._icon, self._tone = icon, tone
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        ink = Ink(self._look, QPainter(self))
        ink.box(QRectF(self.rect()), "surface", f"{self._tone}L", 28)
        ink.icon(14, 14, self._icon, 28, self._tone)
        ink.painter.end()


class StateCard(Box):
    """The card. It grows with its line, which may run over several."""

    def __init__(self, look: Look) -> None:
        self._disc = _Disc(look)
        self.title = Text(look, "", "h2", elide=True)
        self.sub = Paragraph(look, "", "sm", "text2")
        self.word = Text(look, "", "sm", "text2")
        self.value = Text(look, "", "bodyb")
        self.figure = QWidget()
        self.figure.setProperty("clear", True)
        figures = column("*", self.word, self.value, "*", gap=0)
        for figure in (self.word, self.value):
            figures.setAlignment(figure, Qt.AlignmentFlag.AlignRight)
        self.figure.setLayout(figures)
        self.figure.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        words = column("*", self.title, self.sub, "*", gap=0)
        layout = row(self._disc, (words, 1), self.figure, gap=16, margins=(16, 13, 20, 13))
        super().__init__(look, "infoS", "infoL", 8, layout=layout)
        self.setMinimumHeight(look.px(84))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_state(self, tone: str, icon: str, title: str, sub: str, word: str = "", value: str = "") -> None:
        """What it says: title and line to the left, a figure with its word to the right, where there is one."""
        self._disc.change(icon, tone)
        self.title.setText(title, tone)
        self.sub.setText(sub)
        self.word.setText(word)
        self.value.setText(value)
        self.figure.setVisible(bool(value))
        self.recolour(f"{tone}S", f"{tone}L")
        said = f"{title}. {sub}"
        self.setAccessibleName(f"{said}. {word}: {value}" if value else said)
