"""Who is at the counter: lies over the whole window until somebody has said, and shown that he knows his PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent

from ui.pages.settings_people import draw_person, hide_pin
from ui.widgets.arrange import column
from ui.widgets.button import Button
from ui.widgets.field import Field
from ui.widgets.overlay import Dialog
from ui.widgets.rows import RowDelegate, Rows, RowsModel
from ui.widgets.text import Paragraph, Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from pos.services.operators import OperatorCard
    from ui.presenters.who import Who
    from ui.theme.look import Look
    from ui.widgets.ink import Ink

_SHOWN: Final = 5
_SECOND_MS: Final = 1000
_STEPS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class WhoDialog(Dialog):
    """Asks; no key leads past it, and what lies under it is not to be read."""

    def __init__(self, look: Look, over: QWidget, who: Who, shop_name: str) -> None:
        super().__init__(look, over, 440, look.word("who_title"))
        self.who = who
        self.list = Rows(
            look, RowsModel(self._say), RowDelegate(look, 56, self._draw), look.word("section_people")
        )
        self.list.rows.fill(who.people)
        self.list.setFixedHeight(look.px(56) * min(_SHOWN, len(who.people)))
        self.list.moved.connect(who.choose)
        self.list.opened.connect(self._opened)
        self.pin = Field(look, look.word("operator_pin"), icon="lock")
        hide_pin(self.pin.edit)
        self.pin.edit.returnPressed.connect(self.accept)
        self.fault = Paragraph(look, "", "sm", "danger")
        self.go = Button(look, look.word("who_start"), "primary", key="Enter", height=48)
        self.go.clicked.connect(self.accept)
        self.panel.setLayout(column(
            Text(look, shop_name, "sm", "text2", elide=True), Text(look, look.word("who_title"), "h1"),
            self.list, self.pin, self.fault, self.go, gap=12, margins=(24, 20, 24, 24),
        ))  # fmt: skip
        self._second = QTimer(self)
        self._second.setInterval(_SECOND_MS)
        self._second.timeout.connect(who.look_again)
        who.watch(self.draw)
        self.list.select(who.at)
        self.draw()

    def draw(self) -> None:
        """Show who is chosen, and what was wrong."""
        who, asked = self.who, self.who.person.has_pin
        self.pin.edit.setPlaceholderText(self._look.word("operator_pin" if asked else "who_no_pin"))
        self.pin.setEnabled(asked and not who.waits)
        self.go.setEnabled(not who.waits)
        if who.waits != self._second.isActive():
            self._second.start() if who.waits else self._second.stop()
        self.fault.setText(who.fault)
        self.fault.setVisible(bool(who.fault))
        if who.fault or not asked:
            self.pin.edit.clear()
        self.first = self.pin if asked and not who.waits else self.list
        if self.isVisible():
            self.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def accept(self) -> None:
        """Begin, if the PIN is right."""
        if not self.who.waits:
            self.who.enter(self.pin.text())

    def close_dialog(self) -> None:
        """Somebody has said who he is."""
        self.who.unwatch(self.draw)
        super().close_dialog()

    def act(self, action: str) -> None:
        """No key does anything else before that, nor leads away."""
        if action == "main":
            self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows choose while the PIN is being typed."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.list.select(self.list.at() + step)
        elif event.text().isprintable() and self.pin.isEnabled():
            self.pin.setFocus()
            self.pin.edit.insert(event.text())
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Nothing of the shop shows through."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("bg"))
        painter.end()

    def _opened(self, _at: int) -> None:
        self.accept()

    def _say(self, person: OperatorCard) -> str:
        word = self._look.word
        return ", ".join(
            [person.name, word(f"role_{person.role}"), *([word("has_pin")] if person.has_pin else [])]
        )

    def _draw(self, ink: Ink, rect: QRect, person: OperatorCard, selected: bool) -> None:
        draw_person(self._look, ink, QRectF(rect), person, selected=selected)
