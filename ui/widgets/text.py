"""Text, icons and boxes."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QSizePolicy, QWidget

from ui.widgets.ink import LEFT, TONES, Ink, chip_width, keycap_width

if TYPE_CHECKING:
    from ui.theme.look import Look

_JOINERS: Final = "\u09cd\u200c\u200d"
_LONGEST: Final = 24  # letters of a word that need not be broken


class Text(QWidget):
    """One line of text in a style of the look; what does not fit ends in … and is whole in the tooltip."""

    def __init__(
        self,
        look: Look,
        text: str = "",
        style: str = "body",
        token: str = "text",
        *,
        align: Qt.AlignmentFlag = LEFT,
        elide: bool = False,
        snug: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """A line of text.

        Args:
            look: how it looks.
            text: what it says.
            style: of `ui.theme.look.TYPE`.
            token: its colour.
            align: within its width.
            elide: it takes the width it is given, and ends in … where that is too little.
            snug: the same, but never wider than its text.
            parent: the widget it stands on.
        """
        super().__init__(parent)
        self._look, self._style, self._token, self._align = look, style, token, align
        self._elide = elide or snug
        self._text = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        horizontal = QSizePolicy.Policy.Ignored if elide else QSizePolicy.Policy.Fixed
        if snug:
            horizontal = QSizePolicy.Policy.Maximum
        self.setSizePolicy(horizontal, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def text(self) -> str:
        """What it says, whole."""
        return self._text

    def setText(self, text: str, token: str | None = None) -> None:
        """Say something else, in another colour if one is given."""
        token = token or self._token
        if (text, token) == (self._text, self._token):
            return
        self._token = token
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The text's own width and its line height."""
        return QSize(self._look.width(self._text, self._style), self._look.line(self._style))

    def minimumSizeHint(self) -> QSize:
        """A cut text keeps a little."""
        hint = self.sizeHint()
        return QSize(min(24, hint.width()), hint.height()) if self._elide else hint

    def is_cut(self) -> bool:
        """Whether not all of it shows."""
        return self._look.width(self._text, self._style) > self.width()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Write it."""
        ink = Ink(self._look, QPainter(self))
        ink.text(QRectF(self.rect()), self._text, self._style, self._token, self._align, elide=self._elide)
        ink.painter.end()


class Paragraph(QLabel):
    """Text that may run over several lines."""

    def __init__(self, look: Look, text: str = "", style: str = "body", token: str = "text") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(look.font(style))
        self.setStyleSheet(f"color: {look.css(token)}; font-size: {look.font(style).pixelSize()}px;")
        self.setWordWrap(True)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Say something else; a word without an end (a code, an address) may run over several lines too."""
        super().setText(breakable(text))
        self.setAccessibleName(text)


class Icon(QWidget):
    """An icon of the look; always beside a word that says the same, so it has no name of its own."""

    def __init__(self, look: Look, name: str, size: int = 20, token: str = "text2") -> None:
        super().__init__()
        self._look, self._name, self._size, self._token = look, name, size, token
        self.setFixedSize(size, size)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def change(self, name: str, token: str) -> None:
        """Draw another one."""
        if (name, token) != (self._name, self._token):
            self._name, self._token = name, token
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        ink = Ink(self._look, QPainter(self))
        ink.icon(0, 0, self._name, self._size, self._token)
        ink.painter.end()


class Mark(QWidget):
    """What stands over the words of an empty page: an icon on a soft disc."""

    def __init__(self, look: Look, name: str) -> None:
        super().__init__()
        self._look, self._name = look, name
        self.setFixedSize(64, 64)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        ink = Ink(self._look, QPainter(self))
        ink.box(QRectF(self.rect()), "okS", None, 32)
        ink.icon(16, 16, self._name, 32, "ok")
        ink.painter.end()


class Chip(QWidget):
    """A state: colour, icon and word."""

    def __init__(self, look: Look, text: str, tone: str = "grey", icon: str = "", height: int = 24) -> None:
        super().__init__()
        assert tone in TONES
        self._look, self._text, self._tone, self._icon = look, text, tone, icon
        self._height = height
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def change(self, text: str, tone: str, icon: str = "") -> None:
        """Show another state."""
        if (text, tone, icon) == (self._text, self._tone, self._icon):
            return
        self._text, self._tone, self._icon = text, tone, icon
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The word on it."""
        return self._text

    def sizeHint(self) -> QSize:
        """As wide as it needs."""
        return QSize(chip_width(self._look, self._text, self._icon), self._look.px(self._height))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        ink = Ink(self._look, QPainter(self))
        ink.chip(QRectF(self.rect()), self._text, self._tone, self._icon)
        ink.painter.end()


class KeyCap(QWidget):
    """A key beside what it does."""

    def __init__(self, look: Look, text: str) -> None:
        super().__init__()
        self._look, self._text = look, text
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        """As wide as it needs."""
        return QSize(keycap_width(self._look, self._text), self._look.px(20))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        ink = Ink(self._look, QPainter(self))
        ink.keycap(QRectF(self.rect()), self._text)
        ink.painter.end()


class Box(QFrame):
    """A surface with corners and an edge; `sides` names the sides that have one, all if left out."""

    def __init__(
        self,
        look: Look,
        fill: str | None = "surface",
        edge: str | None = "border",
        radius: int = 8,
        sides: str = "",
        layout: QLayout | None = None,
    ) -> None:
        super().__init__()
        self._look, self._fill, self._edge, self._radius, self._sides = look, fill, edge, radius, sides
        if layout is not None:
            self.setLayout(layout)

    def recolour(self, fill: str | None, edge: str | None) -> None:
        """Another ground and edge."""
        if (fill, edge) != (self._fill, self._edge):
            self._fill, self._edge = fill, edge
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and the edge."""
        ink = Ink(self._look, QPainter(self))
        rect = QRectF(self.rect())
        if not self._sides:
            ink.box(rect, self._fill, self._edge, self._radius)
        else:
            if self._fill:
                ink.painter.fillRect(rect, self._look.color(self._fill))
            edges = {
                "l": QRectF(0, 0, 1, rect.height()),
                "r": QRectF(rect.width() - 1, 0, 1, rect.height()),
                "t": QRectF(0, 0, rect.width(), 1),
                "b": QRectF(0, rect.height() - 1, rect.width(), 1),
            }
            for side in self._sides:
                if self._edge:
                    ink.painter.fillRect(edges[side], self._look.color(self._edge))
        ink.painter.end()


class Card(Box):
    """A card of the page."""

    def __init__(self, look: Look, layout: QLayout | None = None) -> None:
        super().__init__(look, "surface", "border", 8, layout=layout)


def whole(text: str, start: int, end: int) -> tuple[int, int]:
    """A part of a text, grown until it begins and ends with whole letters: signs and conjuncts stay with theirs."""
    while 0 < start < len(text) and _goes_on(text, start):
        start -= 1
    while end < len(text) and _goes_on(text, end):
        end += 1
    return start, end


def _goes_on(text: str, at: int) -> bool:
    """Whether the character there is part of the letter before it."""
    return unicodedata.category(text[at])[0] == "M" or text[at] in _JOINERS or text[at - 1] in _JOINERS


def breakable(text: str) -> str:
    """Places to break (U+200B) inside words that are longer than a line might be, never inside a conjunct."""
    said, run, before = [], 0, ""
    for char in text:
        run = 0 if char.isspace() else run + 1
        if run > _LONGEST and unicodedata.category(char)[0] not in "MC" and before not in _JOINERS:
            said.append("\u200b")
            run = 1
        said.append(char)
        before = char
    return "".join(said)
