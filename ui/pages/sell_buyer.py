"""Who buys: the head of the cart, and the fields that it opens to."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from pos.l10n.dates import ordinal_text
from ui import keys
from ui.pages.sell_amount import show_typed
from ui.widgets.arrange import column, row
from ui.widgets.bars import Avatar
from ui.widgets.field import Field
from ui.widgets.text import Chip, KeyCap, Text

if TYPE_CHECKING:
    from ui.presenters.sell import Sell
    from ui.theme.look import Look

BUYER_FIELDS = ("phone", "name", "address", "thana", "district")


class BuyerBlock(QWidget):
    """Who buys: a line that says it, or the fields to write it in place.

    Signals:
        done: the vendor has left the fields.
        changed: it is of another height now.
    """

    done = Signal()
    changed = Signal()

    def __init__(self, look: Look, sell: Sell) -> None:
        super().__init__()
        self._look, self._sell = look, sell
        self._drawing = False
        self.avatar = Avatar(look, "", 40, "violet")
        self.name = Text(look, "", "bodyb", snug=True)
        self.chip = Chip(look, "", "ok", height=22)
        self.line = Text(look, "", "sm", "text2", elide=True)
        shown = QWidget()
        shown.setLayout(
            row(
                self.avatar,
                (column("*", row(self.name, self.chip, "*"), self.line, "*", gap=0), 1),
                KeyCap(look, keys.cap("customer")),
                gap=12,
                margins=(16, 0, 16, 0),
            )
        )
        self.past = Text(look, "", "sm", "text2", elide=True)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(shown)
        self._fit()

    @cached_property
    def fields(self) -> dict[str, Field]:
        """The fields by their part of the buyer; made when they are first opened, since most carts begin without."""
        look = self._look
        fields = {
            "phone": Field(
                look, look.word("phone_number"), placeholder=look.word("phone_example"), icon="phone"
            ),
            "name": Field(look, look.word("name"), placeholder=look.word("name")),
            "address": Field(look, look.word("address"), placeholder=look.word("address"), icon="map-pin"),
            "thana": Field(look, look.word("thana"), placeholder=look.word("thana")),
            "district": Field(look, look.word("district"), placeholder=look.word("district")),
        }
        written = QWidget()
        written.setLayout(
            column(
                row((fields["phone"], 1), (fields["name"], 1)),
                self.past,
                fields["address"],
                row((fields["thana"], 1), (fields["district"], 1)),
                gap=6,
                margins=(16, 10, 16, 10),
            )
        )
        self._stack.addWidget(written)
        for name, field in fields.items():
            field.edit.setProperty("part", name)
            field.edit.textEdited.connect(self._typed)
            field.edit.returnPressed.connect(self._next)
            field.edit.installEventFilter(self)
        return fields

    def write(self) -> None:
        """Open the fields, the phone first."""
        phone = self.fields["phone"].edit
        self._stack.setCurrentIndex(1)
        self._fit()
        self.draw()
        self.changed.emit()
        phone.setFocus(Qt.FocusReason.ShortcutFocusReason)
        phone.selectAll()

    def _made(self) -> bool:
        return "fields" in self.__dict__

    def writing(self) -> bool:
        """Whether the fields are open."""
        return self._stack.currentIndex() == 1

    def close_fields(self) -> None:
        """Back to the line."""
        if self.writing():
            self._stack.setCurrentIndex(0)
            self._fit()
            self.draw()
            self.changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click opens the fields."""
        event.accept()
        if not self.writing():
            self.write()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc leaves the fields and keeps what was written; what is left is shown as people write it."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.draw()
        if event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            if event.key() == Qt.Key.Key_Escape:
                self.close_fields()
                self.done.emit()
                return True
        return super().eventFilter(watched, event)

    def draw(self) -> None:
        """Show what the presenter holds."""
        look, buyer, card = self._look, self._sell.cart.buyer, self._sell.card
        self._drawing = True
        for name in BUYER_FIELDS if self._made() else ():
            value = getattr(buyer, name)
            whole = name == "phone" and card is not None and card.phone
            show_typed(self.fields[name], value, self._sell.phone() if whole else value)
            self.fields[name].say(self._sell.faults.get(name, ""))
        self._drawing = False
        known = card is not None and card.customer is not None
        self.avatar.change(buyer.name or "?")
        title = buyer.name or (look.word("new_customer") if buyer.phone else look.word("walk_in"))
        self.name.setText(title)
        place = f"{buyer.thana}, {buyer.district}".strip(", ") if buyer.thana else buyer.address
        self.line.setText(" · ".join(p for p in (self._sell.phone(), place) if p) or look.word("press_f3"))
        self.chip.setVisible(known)
        self.past.setText("", "text2")
        if card is not None and card.customer is not None:
            nth = ordinal_text(card.customer.orders + 1, look.locale)
            self.chip.change(look.word("nth_order", nth=nth), "ok")
            self.past.setText(
                self._past(card.customer.orders, card.customer.returned, card.customer.due_paisa)
            )
        elif card is not None and card.phone:
            self.past.setText(look.word("new_customer"))
        elif card is not None and card.code and not (self._made() and self.fields["phone"].edit.hasFocus()):
            self.past.setText(look.sentence(card), "danger")
        elif card is not None and card.missing:
            self.past.setText(look.word("digits_missing", missing=card.missing), "text3")
        self._fit()

    def wanted(self) -> int:
        """How high the open fields would like to be."""
        three = 3 * self._look.px(40) + 2 * 6 + 2 * 10
        return three + self._look.line("sm") + 6

    def give_way(self, *, low: bool) -> None:
        """Without the hint where it is low."""
        if self._made():
            self.past.setVisible(not low)
        self._fit()

    def _past(self, orders: int, returned: int, due_paisa: int) -> str:
        look = self._look
        due = look.word("owes", due_paisa=due_paisa) if due_paisa else look.word("owes_nothing")
        return f"{look.word('orders_so_far', orders=orders)} · {look.word('returns_so_far', returns=returned)} · {due}"

    def _typed(self, text: str) -> None:
        if not self._drawing:
            self._sell.set_buyer(**{self.sender().property("part"): text})

    def _next(self) -> None:
        """Enter goes to the next field that is empty; behind the last one the block closes."""
        part = self.sender().property("part")
        order = BUYER_FIELDS[BUYER_FIELDS.index(part) + 1 :]
        known = self._sell.card is not None and self._sell.card.customer is not None
        empty = next((name for name in order if not self.fields[name].text()), None)
        if known or empty is None:
            self.close_fields()
            self.done.emit()
        else:
            self.fields[empty].edit.setFocus(Qt.FocusReason.TabFocusReason)

    def _fit(self) -> None:
        current = self._stack.currentWidget()
        assert current is not None
        high = self._look.px(64) if not self.writing() else current.sizeHint().height()
        self.setFixedHeight(high)
