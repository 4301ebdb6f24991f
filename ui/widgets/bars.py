"""The bars of the shell: the rail on the left, the title bar of a page, the hat bar, the status bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ui import keys
from ui.widgets.arrange import column, row
from ui.widgets.ink import CENTRE, Ink
from ui.widgets.pressing import Pressable
from ui.widgets.text import Box, Chip, Icon, KeyCap, Text

if TYPE_CHECKING:
    from ui.theme.look import Look

_HASANTA: Final = "\u09cd"
_MOST_OF_A_LETTER: Final = 6


class RailItem(Pressable):
    """One page on the rail: icon over word, a bar when it is the one shown, a count."""

    chosen = Signal(str)

    def __init__(self, look: Look, page: str, icon: str) -> None:
        self._word = look.word(f"page_{page}")
        super().__init__(look, self._word)
        self.page, self._icon = page, icon
        self._on = False
        self._count = 0
        self.setFixedHeight(look.px(64))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(f"{self._word}  {keys.cap(f'page_{page}')}")
        self.clicked.connect(self._pressed)

    def change_icon(self, icon: str) -> None:
        """Another sign: what it stands for is in another state."""
        if icon != self._icon:
            self._icon = icon
            self.update()

    def show_state(self, *, on: bool, count: int | None = None) -> None:
        """Whether it is the page shown, and how many things wait there."""
        count = self._count if count is None else count
        if (on, count) != (self._on, self._count):
            self._on, self._count = on, count
            self.setAccessibleName(f"{self._word} {self._look.count(count)}" if count else self._word)
            self.update()

    def _pressed(self) -> None:
        self.chosen.emit(self.page)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        look = self._look
        ink = Ink(look, QPainter(self))
        token = "railTA" if self._on else "railT"
        if self._on:
            ink.painter.fillRect(self.rect(), look.color("railA"))
            ink.painter.fillRect(QRectF(0, 0, 3, self.height()), look.color("badge"))
        self.ring(ink, QRectF(self.rect()).adjusted(4, 2, -4, -2), "railTA")
        top = (self.height() - 28 - look.line("cap")) / 2
        middle = self.width() / 2
        ink.icon(middle - 12, top + 2, self._icon, 24, token)
        words = QRectF(0, top + 28, self.width(), look.line("cap"))
        ink.text(words, self._word, "smb" if self._on else "cap", token, CENTRE)
        if self._count:
            text = look.count(self._count)
            width = max(22, look.width(text, "minib") + 10)
            badge = QRectF(middle + 6, top, width, look.px(18))
            ink.box(badge, "badge", None, badge.height() / 2)
            ink.text(badge, text, "minib", "badgeT", CENTRE, elide=False)
        ink.painter.end()


class Rail(QWidget):
    """The pages, down the left side."""

    chosen = Signal(str)

    def __init__(
        self, look: Look, mark: str, upper: list[tuple[str, str]], lower: list[tuple[str, str]]
    ) -> None:
        """The rail.

        Args:
            look: how it looks.
            mark: one letter of the shop.
            upper: (page, icon) of the work pages.
            lower: those that stand at the bottom.
        """
        super().__init__()
        self._look, self._mark = look, mark
        self.setFixedWidth(look.px(88))
        self.items = {page: RailItem(look, page, icon) for page, icon in (*upper, *lower)}
        layout = QVBoxLayout(self)
        layout.setSpacing(0)
        layout.setContentsMargins(0, 64, 0, 8)
        for page, _ in upper:
            layout.addWidget(self.items[page])
        layout.addStretch(1)
        for page, _ in lower:
            layout.addWidget(self.items[page])
        for item in self.items.values():
            item.chosen.connect(self.chosen)

    def show_page(self, page: str) -> None:
        """Mark the page that is shown."""
        for name, item in self.items.items():
            item.show_state(on=name == page)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground and the shop's mark."""
        ink = Ink(self._look, QPainter(self))
        ink.painter.fillRect(self.rect(), self._look.color("rail"))
        mark = QRectF((self.width() - 40) / 2, 12, 40, 40)
        ink.box(mark, "badge", None, 10)
        ink.text(mark, self._mark, "h2", "mark", CENTRE, elide=False)
        ink.painter.end()


class TitleBar(Box):
    """The head of a page: what it is, a line of figures under it, and its acts to the right."""

    def __init__(self, look: Look, title: str, *right: QWidget | int) -> None:
        self.title = Text(look, title, "h1", elide=True)
        self.sub = Text(look, "", "sm", "text3", elide=True)
        self.chips = row(gap=6)
        layout = row(
            (column("*", row((self.title, 1), self.chips, gap=8), self.sub, "*", gap=0), 1),
            *right,
            gap=8,
            margins=(24, 0, 16, 0),
        )
        super().__init__(look, "surface", "border", 0, "b", layout)
        self.setFixedHeight(look.px(68))


class Figure(msgspec.Struct, frozen=True):
    """One figure of the hat bar."""

    word: str
    value: str
    token: str = "text"


class HatBar(QWidget):
    """The market day at a glance: its state, the countdown, four totals and how far it has come."""

    def __init__(self, look: Look, *right: QWidget) -> None:
        super().__init__()
        self._look, self._right = look, right
        self._fill, self._bar, self._share = "surface", "primary", 0.0
        self.state = Chip(look, "", "grey", height=28)
        self.name = Text(look, "", "bodyb")
        self.hours = Text(look, "", "sm", "text3")
        self.until = Text(look, "", "cap", "text3")
        self.countdown = Text(look, "", "numl")
        self.figures = [(Text(look, "", "cap", "text3"), Text(look, "", "h2")) for _ in range(4)]
        self.groups: list[QWidget] = []
        parts: list[QWidget | int | str | object] = [
            self.state,
            column("*", self.name, self.hours, "*", gap=0),
            12,
            _Upright(look),
            12,
            self.until,
            self.countdown,
            "*",
        ]
        for at, (word, value) in enumerate(self.figures):
            figure = QWidget()
            figure.setLayout(
                row(*([_Upright(look)] if at else []), column("*", word, value, "*", gap=0), gap=12)
            )
            figure.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
            self.groups.append(figure)
            parts.append(figure)
        layout = row(*parts, "*", *right, gap=12, margins=(16, 0, 16, 3))  # type: ignore[arg-type]
        self.setLayout(layout)
        self.setFixedHeight(look.px(68))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_day(self, chip: tuple[str, str, str], name: str, hours: str, figures: list[Figure]) -> None:
        """What the day is: chip (word, tone, icon), its name and hours, four totals."""
        self.state.change(*chip)
        self.name.setText(name)
        self.hours.setText(hours)
        for (word, value), figure in zip(self.figures, figures, strict=True):
            word.setText(figure.word)
            value.setText(figure.value, figure.token)
        self.fit()

    def show_clock(self, until: str, countdown: str, share: float, *, amber: bool) -> None:
        """How long still, and how far the day has come (0 to 1)."""
        self.until.setText(until)
        self.countdown.setText(countdown)
        fill, bar = ("warnS", "warnI") if amber else ("surface", "primary")
        if (fill, bar, share) != (self._fill, self._bar, self._share):
            self._fill, self._bar, self._share = fill, bar, share
            self.update()

        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is narrow gives way."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Where it is narrow the advance goes first, then the orders, then the hours."""
        # Reckoned from the texts themselves: the layout learns of a longer text only when events are next handled.
        figures = [
            max(word.sizeHint().width(), value.sizeHint().width()) + (25 if at else 12)
            for at, (word, value) in enumerate(self.figures)
        ]
        name, hours = self.name.sizeHint().width(), self.hours.sizeHint().width()
        fixed = sum(w.sizeHint().width() + 12 for w in (self.state, self.until, self.countdown, *self._right))
        room = self.width() - 32 - fixed - 49 - max(name, hours) - sum(figures)
        for group, at in ((self.groups[2], 2), (self.groups[0], 0)):
            group.setVisible(room >= 0)
            if room < 0:
                room += figures[at]
        self.hours.setVisible(room >= 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground and the line of progress."""
        look = self._look
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.color(self._fill))
        line = QRectF(0, self.height() - 3, self.width(), 3)
        painter.fillRect(line, look.color("border"))
        line.setWidth(self.width() * min(1.0, max(0.0, self._share)))
        painter.fillRect(line, look.color(self._bar))
        painter.end()


class _Upright(QWidget):
    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFixedSize(1, 32)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("border"))
        painter.end()


class Avatar(QWidget):
    """The first letter of somebody in a circle."""

    def __init__(self, look: Look, name: str, size: int = 40, tone: str = "ok") -> None:
        super().__init__()
        self._look, self._name, self._tone = look, name, tone
        self.setFixedSize(look.px(size), look.px(size))
        self.setAccessibleName(name)

    def change(self, name: str) -> None:
        """Somebody else."""
        if name != self._name:
            self._name = name
            self.setAccessibleName(name)
            self.update()

    def sizeHint(self) -> QSize:
        """Round."""
        return self.size()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The letter."""
        ink = Ink(self._look, QPainter(self))
        rect = QRectF(self.rect())
        ink.box(rect, f"{self._tone}S", None, rect.width() / 2)
        ink.text(rect, initial(self._name), "bodyb", self._tone, CENTRE, elide=False)
        ink.painter.end()


def initial(name: str) -> str:
    """The first letter of a name with what is joined to it: `শা`, `রূ`, `প্র`, `N`."""
    name = name.strip()
    end = 1
    while end < len(name) and end < _MOST_OF_A_LETTER:
        sign = 0x0981 <= ord(name[end]) <= 0x09D7 and not name[end].isalpha()
        if not sign and name[end - 1] != _HASANTA:  # a hasanta takes the next letter with it
            break
        end += 1
    return name[:end].rstrip(_HASANTA)


class StatusBar(Box):
    """What stands at the foot of every page: whether all is safe, the printer, the backup, the keys, the time."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self.safe_icon = Icon(look, "circle-check", 16, "ok")
        self.safe = Text(look, "", "smb", "ok")
        self.detail = Text(look, "", "sm", "text2", elide=True)
        self.printer_icon = Icon(look, "printer", 16, "text3")
        self.printer = Text(look, "", "sm", "text2")
        self.backup = Text(look, "", "sm", "text2")
        self.time = Text(look, "", "sm", "text2")
        self.keys = Text(look, look.word("all_keys"), "sm", "text2")
        self.cap = KeyCap(look, keys.cap("help"))
        layout = row(
            self.safe_icon,
            self.safe,
            (self.detail, 1),
            self.printer_icon,
            self.printer,
            10,
            Icon(look, "shield-check", 16, "text3"),
            self.backup,
            10,
            Icon(look, "keyboard", 16, "text3"),
            self.keys,
            self.cap,
            10,
            self.time,
            gap=6,
            margins=(16, 0, 16, 0),
        )
        super().__init__(look, "surface2", "border", 0, "t", layout)
        self.setFixedHeight(look.px(32))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is narrow gives way."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Where it is narrow the word for the keys goes first, then the printer's; their icons say the same."""
        words = (self.safe, self.detail, self.printer, self.backup, self.keys, self.cap, self.time)
        room = self.width() - 32 - 4 * 16 - 3 * 10 - 14 * 6 - sum(w.sizeHint().width() for w in words) - 24
        for giving in (self.keys, self.printer):
            giving.setVisible(room >= 0)
            if room < 0:
                room += giving.sizeHint().width() + 6
