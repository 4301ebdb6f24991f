"""Fields of the Settings page: each keeps itself when it is left, and says so with a quiet tick."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos.settings import WEEKDAYS
from ui.widgets.arrange import column, row
from ui.widgets.button import Segments
from ui.widgets.district import DistrictField
from ui.widgets.field import Field
from ui.widgets.form import named, say_fault
from ui.widgets.ink import CENTRE, Ink
from ui.widgets.pressing import Places
from ui.widgets.text import Card, Icon, Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLayout

    from ui.presenters.settings import Settings
    from ui.theme.look import Look

# Shown in the script of the setting.
_NUMBERS: Final = {
    "shop.phone", "shop.complaint_days", "delivery.inside", "delivery.outside", "refund.days", "hat.opens",
    "hat.closes",
}  # fmt: skip
_FORM: Final = 640
_WEEK: Final = ("sat", "sun", "mon", "tue", "wed", "thu", "fri")  # as a week runs in Bangladesh


class Kept(QWidget):
    """The tick behind a name."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setLayout(
            row(Icon(look, "check", 16, "ok"), Text(look, look.word("kept_now"), "sm", "ok"), gap=4)
        )
        self.hide()


class Section(QWidget):
    """One section of settings: cards one under another; every field in it is drawn from the presenter."""

    def __init__(self, look: Look, settings: Settings) -> None:
        super().__init__()
        self.look, self.settings = look, settings
        self.setProperty("clear", True)
        self.body = column(gap=12)
        self.setLayout(self.body)
        self.setMaximumWidth(look.px(_FORM))
        self.fields: dict[str, Field] = {}
        self.choices: dict[str, Segments] = {}
        self.ticks: dict[str, Kept] = {}

    def card(self, title: str, *parts: QWidget | QLayout, tick: str = "") -> Card:
        """A card with its name on top."""
        head = row(Text(self.look, title, "bodyb"), gap=8)
        head.addStretch(1)
        if tick:
            head.addWidget(self._tick(tick))
        layout = column(head, gap=12, margins=(16, 12, 16, 16))
        for part in parts:
            if isinstance(part, QWidget):
                layout.addWidget(part)
            else:
                layout.addLayout(part)
        made = Card(self.look, layout)
        self.body.addWidget(made)
        return made

    def field(self, key: str, word: str, *, icon: str = "", sign: str = "", example: str = "") -> QLayout:
        """A setting that is typed."""
        made = Field(self.look, word, icon=icon, sign=sign, placeholder=example)
        return self._around(key, word, made)

    def district(self, key: str, word: str) -> QLayout:
        """The district, with the list of them."""
        return self._around(key, word, DistrictField(self.look, word))

    def _around(self, key: str, word: str, made: Field) -> QLayout:
        made.edit.setProperty("key", key)
        made.edit.editingFinished.connect(self._left)
        self.fields[key] = made
        return named(self.look, word, made, self._tick(key))

    def choice(self, key: str, word: str, items: list[tuple[str, str, str]]) -> QLayout:
        """A setting of a few words."""
        made = Segments(self.look, items, height=40)
        made.setProperty("key", key)
        made.setAccessibleDescription(word)
        made.chosen.connect(self._chosen)
        self.choices[key] = made
        return named(self.look, word, row(made, "*"), self._tick(key))

    def _tick(self, key: str) -> Kept:
        self.ticks[key] = Kept(self.look)
        return self.ticks[key]

    def draw(self) -> None:
        """Show what the presenter holds; a field that is being typed in is left alone."""
        settings = self.settings
        for key, field in self.fields.items():
            shown = settings.text(key)
            value = self.look.digits(shown) if key in _NUMBERS and key not in settings.typed else shown
            if field.text() != value and not (field.edit.hasFocus() and field.edit.isModified()):
                field.edit.setText(value)
            say_fault(self.look, field, settings.faults.get(key))
        for key, made in self.choices.items():
            made.choose(str(settings.values.get(key, "")))
        for key, tick in self.ticks.items():
            tick.setVisible(settings.kept == key)

    def arrive(self) -> None:
        """The first field takes the focus."""
        for made in (*self.fields.values(), *self.choices.values()):
            made.setFocus(Qt.FocusReason.OtherFocusReason)
            return

    def keep(self) -> None:
        """The section is left with a field half typed: that counts as leaving the field."""
        for key, field in self.fields.items():
            if field.edit.isModified():
                self._put(key, field)

    def _left(self) -> None:
        key = str(self.sender().property("key"))
        field = self.fields[key]
        if field.edit.isModified():
            self._put(key, field)

    def _put(self, key: str, field: Field) -> None:
        field.edit.setModified(False)
        self.settings.put(key, field.text())

    def _chosen(self, code: str) -> None:
        self.settings.put(str(self.sender().property("key")), code)


class WeekDays(Places):
    """The days of the week, of which any may be a hat's; arrows move, Space turns.

    Signals:
        turned: the day, as settings name it.
    """

    turned = Signal(str)

    def __init__(self, look: Look, words: dict[str, str], name: str) -> None:
        super().__init__(look)
        self._words = words
        self._on: set[str] = set()
        self.setFixedHeight(look.px(40))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def show_days(self, on: set[str]) -> None:
        """Those that are hats."""
        assert on <= set(WEEKDAYS)
        self._on = on
        self.setAccessibleDescription(", ".join(self._words[day] for day in _WEEK if day in on))
        self.update()

    def _rects(self) -> list[QRectF]:
        wide = (self.width() - 6 * 6) / 7
        return [QRectF(at * (wide + 6), 0, wide, self.height()) for at in range(7)]

    def _go(self, at: int) -> None:
        self._at = max(0, min(at, 6))
        self.update()

    def _pressed(self, at: int) -> None:
        self._go(at)
        self.turned.emit(_WEEK[self._at])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space turns the day at hand."""
        if event.key() == Qt.Key.Key_Space:
            self._pressed(self._at)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Seven boxes; a tick says it besides the colour."""
        look = self._look
        ink = Ink(look, QPainter(self))
        for at, (day, rect) in enumerate(zip(_WEEK, self._rects(), strict=True)):
            on = day in self._on
            focus = self.hasFocus() and at == self._at
            edge = "focus" if focus else "pline" if on else "control2"
            ink.box(rect, "psoft" if on else "surface", edge, 6, 2 if focus else 1)
            word = self._words[day]
            wide = look.width(word, "bodym") + (20 if on else 0)
            if on and wide + 8 <= rect.width():
                x = rect.center().x() - wide / 2
                ink.icon(x, rect.center().y() - 8, "check", 16, "ptext")
                rect.setLeft(x + 20)
                ink.text(rect, word, "bodyb", "ptext", elide=False)
            else:
                ink.text(rect, word, "bodyb" if on else "bodym", "ptext" if on else "text2", CENTRE)
        ink.painter.end()
