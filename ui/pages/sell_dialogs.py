"""Small dialogs of the Sell page: a line, the discount, the delivery, held carts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Signal

from pos.errors import UserError
from pos.l10n.numbers import TAKA
from ui import keys
from ui.pages.sell_amount import grouped
from ui.widgets.arrange import column, row
from ui.widgets.button import Button, Segments
from ui.widgets.field import Field
from ui.widgets.ink import RIGHT, Ink
from ui.widgets.overlay import Dialog
from ui.widgets.rows import RowDelegate, Rows, RowsModel
from ui.widgets.text import Paragraph, Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.presenters.sell import Sell
    from ui.presenters.taking import HeldCart
    from ui.theme.look import Look


class FormDialog(Dialog):
    """A few fields and one button; Enter in the last field presses it."""

    def __init__(self, look: Look, over: QWidget, title: str, word: str, width: int = 440) -> None:
        super().__init__(look, over, width, title)
        self.title = Text(look, title, "h1", elide=True)
        self.body = column(gap=10)
        self.fault = Paragraph(look, "", "sm", "danger")
        self.fault.hide()
        self.save = Button(look, word, "primary", icon="check", key=keys.cap("main"), height=40)
        self.save.clicked.connect(self.accept)
        leave = Button(look, look.word("leave"), "ghost", key="Esc", height=40)
        leave.clicked.connect(self.close_dialog)
        self.panel.setLayout(
            column(
                self.title,
                self.body,
                self.fault,
                4,
                row("*", leave, self.save),
                gap=12,
                margins=(24, 20, 24, 20),
            )
        )

    def field(self, name: str, value: str, *, sign: str = "", right: bool = False) -> Field:
        """One more field with its name over it."""
        field = Field(self._look, name, sign=sign, right=right)
        field.edit.setText(value)
        field.edit.returnPressed.connect(self._enter)
        self.body.addLayout(column(Text(self._look, name, "smb", "text2"), field, gap=4))
        return field

    def act(self, action: str) -> None:
        """F9 saves."""
        if action == "main":
            self.accept()
        else:
            super().act(action)

    def accept(self) -> None:
        """Save what was typed, or say what does not read."""
        try:
            fault = self.apply()
        except UserError as error:
            fault = self._look.sentence(error)
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))
        if not fault:
            self.close_dialog()

    def apply(self) -> str:
        """Carry it out; what is wrong, or nothing. UserError where something does not read."""
        raise NotImplementedError

    def _enter(self) -> None:
        fields = [field for field in self.panel.findChildren(Field) if field.isVisible()]
        at = next(at for at, field in enumerate(fields) if field.edit is self.sender())
        if at + 1 < len(fields):
            fields[at + 1].edit.setFocus()
            fields[at + 1].edit.selectAll()
        else:
            self.accept()


class LineDialog(FormDialog):
    """Quantity, price and discount of the line at hand."""

    def __init__(self, look: Look, over: QWidget, sell: Sell) -> None:
        line = sell.cart.lines[sell.cart_at]
        super().__init__(look, over, look.either(line.name_bn, line.name_en), look.word("save"))
        self._sell = sell
        self.qty = self.field(look.word("quantity"), look.quantity(line.qty_milli), right=True)
        self._own_price = look.money(line.price_paisa).removeprefix(TAKA)
        price = grouped(look, line.price) or self._own_price
        self.price = self.field(look.word("price"), price, sign="৳", right=True)
        self.discount = self.field(
            look.word("discount_hint"), look.digits(grouped(look, line.discount)), right=True
        )
        self.first = self.qty.edit
        self.qty.edit.selectAll()

    def apply(self) -> str:
        """Write the line over."""
        price = self.price.text().strip()
        return self._sell.set_line(
            self.qty.text(), "" if price == self._own_price else price, self.discount.text()
        )


class DiscountDialog(FormDialog):
    """What is taken off the whole order."""

    def __init__(self, look: Look, over: QWidget, sell: Sell) -> None:
        super().__init__(look, over, look.word("order_discount"), look.word("save"))
        self._sell = sell
        discount = look.digits(grouped(look, sell.cart.discount))
        self.discount = self.field(look.word("discount_hint"), discount, right=True)
        self.first = self.discount.edit
        self.discount.edit.selectAll()

    def apply(self) -> str:
        """Take it off."""
        return self._sell.set_discount(self.discount.text())


class DeliveryDialog(FormDialog):
    """Where the parcel goes, what that costs, and a note to oneself."""

    def __init__(self, look: Look, over: QWidget, sell: Sell, charges: dict[str, str]) -> None:
        super().__init__(look, over, look.word("delivery_charge"), look.word("save"))
        self._sell, self._charges = sell, charges
        areas = [(area, look.word(f"area_{area}"), "") for area in ("none", "inside", "outside")]
        self.area = Segments(look, areas)
        self.area.choose(sell.cart.area or "none")
        self.area.chosen.connect(self._area)
        self.body.addWidget(self.area)
        self.charge = self.field(
            look.word("delivery_charge"), grouped(look, sell.cart.delivery), sign="৳", right=True
        )
        self.note = self.field(look.word("note_to_self"), sell.cart.note)
        self.first = self.charge.edit
        self.charge.edit.selectAll()

    def apply(self) -> str:
        """Keep it."""
        self._sell.set_note(self.note.text())
        area = self.area.choice()
        return self._sell.set_delivery("" if area == "none" else area, self.charge.text().strip())

    def _area(self, area: str) -> None:
        self.charge.edit.setText(grouped(self._look, self._charges.get(area, "")))


class HeldDialog(Dialog):
    """The carts that were put aside.

    Signals:
        chosen: the one to go on with.
    """

    chosen = Signal(object)

    def __init__(self, look: Look, over: QWidget, held: list[HeldCart]) -> None:
        super().__init__(look, over, 480, look.word("held_orders"))
        self._held = held
        self.list = Rows(
            look, RowsModel(self._say), RowDelegate(look, 56, self._draw), look.word("held_orders")
        )
        self.list.rows.fill(held)
        self.list.select(0)
        self.list.opened.connect(self._open)
        self.list.setFixedHeight(look.px(56) * max(1, min(6, len(held))))
        nothing = Text(look, look.word("none_held"), "body", "text2")
        (nothing if held else self.list).hide()  # showing one that stands nowhere yet would open a window
        leave = Button(look, look.word("leave"), "ghost", key="Esc")
        leave.clicked.connect(self.close_dialog)
        self.panel.setLayout(
            column(
                Text(look, look.word("held_orders"), "h1"), nothing, self.list, row("*", leave),
                gap=12, margins=(24, 20, 24, 20),
            )
        )  # fmt: skip
        self.first = self.list if held else leave

    def _words(self, cart: HeldCart) -> tuple[str, str]:
        """What stands under the label, and the total."""
        look = self._look
        if cart.total_paisa is None:
            return look.time(cart.at_ms), ""
        lines = look.word("held_line" if cart.lines == 1 else "held_lines", n=look.count(cart.lines))
        return f"{lines}  ·  {look.time(cart.at_ms)}", look.money(cart.total_paisa)

    def _say(self, cart: HeldCart) -> str:
        return ", ".join(part for part in (cart.label, *self._words(cart)) if part)

    def _draw(self, ink: Ink, rect: QRect, cart: HeldCart, selected: bool) -> None:
        look, area = self._look, QRectF(rect)
        ink.ground(area, selected=selected, focus=self.list.hasFocus())
        inner = area.adjusted(16, 0, -16, 0)
        under, total = self._words(cart)
        ink.text(inner, total, "bodyb", "text", RIGHT, elide=False)
        high, low = look.line("bodym"), look.line("sm")
        top = inner.y() + (inner.height() - high - low) / 2
        room = inner.width() - look.width(total, "bodyb") - 16
        ink.text(QRectF(inner.x(), top, room, high), cart.label, "bodym")
        ink.text(QRectF(inner.x(), top + high, room, low), under, "sm", "text3")

    def _open(self, at: int) -> None:
        cart = self._held[at]
        self.close_dialog()
        self.chosen.emit(cart.id)
