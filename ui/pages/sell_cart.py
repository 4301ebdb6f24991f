"""The right side of the Sell page: buyer, lines, sums, money, and the button that takes the order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from pos.domain.payments import METHODS
from pos.l10n.unit_names import method_name
from ui import keys
from ui.pages.sell_rows import ROW_HEIGHT, CartRow, draw_cart_line, say_row, step_rects
from ui.widgets.arrange import column, row
from ui.widgets.bars import Avatar
from ui.widgets.button import Button, Segments
from ui.widgets.choice import Choice
from ui.widgets.field import Field
from ui.widgets.rows import RowDelegate, Rows, RowsModel
from ui.widgets.text import Box, Chip, Icon, KeyCap, Text

if TYPE_CHECKING:
    from ui.presenters.sell import Sell
    from ui.theme.look import Look

_KINDS = (("cod", "truck-delivery"), ("full", "cash"), ("due", "notebook"))
BUYER_FIELDS = ("phone", "name", "address", "thana", "district")


class CartList(Rows):
    """The lines; + and − change the one at hand, Delete takes it out.

    Signals:
        stepped: one more (1) or one less (-1).
        removed: take the line out.
    """

    stepped = Signal(int)
    removed = Signal()

    def __init__(self, look: Look) -> None:
        model = RowsModel(lambda line: say_row(look, line))
        delegate = RowDelegate(look, ROW_HEIGHT, draw_cart_line)
        super().__init__(look, model, delegate, look.word("cart"))
        self._look = look

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """More, less, out."""
        text = event.text()
        if text == "+" or event.key() == Qt.Key.Key_Right:
            self.stepped.emit(1)
        elif text in {"-", "−"} or event.key() == Qt.Key.Key_Left:
            self.stepped.emit(-1)
        elif event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on − or + changes the quantity, anywhere else chooses the line; neither takes the focus."""
        index = self.indexAt(event.position().toPoint())
        if not index.isValid():
            return
        self.select(index.row())
        less, _, more = step_rects(self._look, QRectF(self.visualRect(index)))
        if less.contains(event.position()):
            self.stepped.emit(-1)
        elif more.contains(event.position()):
            self.stepped.emit(1)


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
        self.fields = {
            "phone": Field(
                look, look.word("phone_number"), placeholder=look.word("phone_example"), icon="phone"
            ),
            "name": Field(look, look.word("name"), placeholder=look.word("name")),
            "address": Field(look, look.word("address"), placeholder=look.word("address"), icon="map-pin"),
            "thana": Field(look, look.word("thana"), placeholder=look.word("thana")),
            "district": Field(look, look.word("district"), placeholder=look.word("district")),
        }
        self.past = Text(look, "", "sm", "text2", elide=True)
        written = QWidget()
        written.setLayout(
            column(
                row((self.fields["phone"], 1), (self.fields["name"], 1)),
                self.past,
                self.fields["address"],
                row((self.fields["thana"], 1), (self.fields["district"], 1)),
                gap=6,
                margins=(16, 10, 16, 10),
            )
        )
        self._stack = QStackedLayout(self)
        self._stack.addWidget(shown)
        self._stack.addWidget(written)
        for name, field in self.fields.items():
            field.edit.setProperty("part", name)
            field.edit.textEdited.connect(self._typed)
            field.edit.returnPressed.connect(self._next)
            field.edit.installEventFilter(self)
        self._fit()

    def write(self) -> None:
        """Open the fields, the phone first."""
        self._stack.setCurrentIndex(1)
        self._fit()
        self.draw()
        self.changed.emit()
        self.fields["phone"].edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.fields["phone"].edit.selectAll()

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
        """Esc leaves the fields and keeps what was written."""
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
        for name in BUYER_FIELDS:
            edit = self.fields[name].edit
            value = getattr(buyer, name)
            if edit.text() != value:
                edit.setText(value)
            self.fields[name].say(self._sell.faults.get(name, ""))
        self._drawing = False
        known = card is not None and card.customer is not None
        self.avatar.change(buyer.name or "?")
        title = buyer.name or (look.word("new_customer") if buyer.phone else look.word("walk_in"))
        self.name.setText(title)
        place = buyer.address or buyer.thana
        self.line.setText(
            " · ".join(p for p in (look.digits(buyer.phone), place) if p) or look.word("press_f3")
        )
        self.chip.setVisible(known)
        self.past.setText("")
        if card is not None and card.customer is not None:
            self.chip.change(look.word("nth_order", nth=card.customer.orders + 1), "ok")
            self.past.setText(
                self._past(card.customer.orders, card.customer.returned, card.customer.due_paisa)
            )
        elif card is not None and card.missing:
            self.past.setText(look.word("digits_missing", missing=card.missing), "text3")
        self._fit()

    def wanted(self) -> int:
        """How high the open fields would like to be."""
        three = 3 * self._look.px(40) + 2 * 6 + 2 * 10
        return three + self._look.line("sm") + 6

    def give_way(self, *, low: bool) -> None:
        """Without the hint where it is low."""
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


class PayBlock(QWidget):
    """How it is paid: the kind, and for an advance its method, amount and id."""

    def __init__(self, look: Look, sell: Sell) -> None:
        super().__init__()
        self._look, self._sell = look, sell
        self._drawing = False
        self.kind = Segments(look, [(code, look.word(f"kind_{code}"), icon) for code, icon in _KINDS])
        self.kind.chosen.connect(self._chosen)
        methods = [(method, method_name(method, look.locale.lang)) for method in METHODS]
        self.method = Choice(look, look.word("payment_method"), methods)
        self.method.currentIndexChanged.connect(self._method)
        self.amount = Field(look, look.word("advance"), sign="৳", right=True, style="bodyb")
        self.trxid = Field(look, "TrxID", sign="TrxID", style="body")
        self.amount.edit.textEdited.connect(self._amount)
        self.trxid.edit.textEdited.connect(self._trxid)
        self.advance = QWidget()
        self.advance.setLayout(row((self.method, 5), (self.amount, 4), (self.trxid, 7)))
        self.rest_icon = Icon(look, "truck-delivery", 18, "warnI")
        self.rest_word = Text(look, look.word("courier_collects"), "sm", "text2")
        self.rest = Text(look, "", "bodyb", "warn")
        self.fault = Text(look, "", "sm", "danger", elide=True)
        self.rest_row = QWidget()
        self.rest_row.setLayout(row(self.rest_icon, self.rest_word, "*", self.rest, gap=6))
        self.setLayout(
            column(
                self.kind,
                self.advance,
                self.fault,
                self.rest_row,
                gap=8,
                margins=(16, 0, 16, 8),
            )
        )

    def draw(self) -> None:
        """Show what the presenter holds."""
        sell, look, pay = self._sell, self._look, self._sell.cart.pay
        kind = sell.cart.kind
        self._drawing = True
        self.kind.choose(kind)
        self.method.choose(pay.method)
        for field, value in ((self.amount, pay.amount), (self.trxid, pay.trxid)):
            if field.text() != value:
                field.edit.setText(value)
        self._drawing = False
        self.advance.setVisible(kind == "cod")
        fault = sell.faults.get("amount") or sell.faults.get("trxid") or ""
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))
        word, icon, tone, paisa = {
            "cod": ("courier_collects", "truck-delivery", "warn", sell.cod_paisa()),
            "due": ("owed_to_me", "notebook", "warn", sell.total_paisa()),
            "full": ("paid_now", "cash", "ok", sell.total_paisa()),
        }[kind if kind != "auto" else "full"]
        self.rest_icon.change(icon, "warnI" if tone == "warn" else "ok")
        self.rest_word.setText(look.word(word))
        self.rest.setText(look.money(paisa), tone)

    def give_way(self, *, low: bool) -> None:
        """Without what the courier collects where it is low: the total says most of it."""
        self.rest_row.setVisible(not low)

    def _chosen(self, kind: str) -> None:
        self._sell.set_pay(kind=kind)

    def _method(self, at: int) -> None:
        if not self._drawing and at >= 0:
            self._sell.set_pay(method=METHODS[at])

    def _amount(self, text: str) -> None:
        self._sell.set_pay(amount=text)

    def _trxid(self, text: str) -> None:
        self._sell.set_pay(trxid=text)


class CartPane(Box):
    """The whole right side.

    Signals:
        ordered: the big button was pressed.
        held: the button beside it was.
        edited: the line at hand is to be written over.
    """

    ordered = Signal()
    held = Signal()
    edited = Signal()
    discounted = Signal()
    delivered = Signal()

    def __init__(self, look: Look, sell: Sell, width: int) -> None:
        self.buyer = BuyerBlock(look, sell)
        self.lines = CartList(look)
        self.pay = PayBlock(look, sell)
        middle = Qt.AlignmentFlag.AlignCenter
        self.empty = Text(look, look.word("cart_empty"), "sm", "text3", align=middle, elide=True)
        self.goods = _Sum(look, look.word("subtotal"))
        self.discount = _Sum(look, look.word("discount"), keys.cap("discount"), token="ptext")
        self.delivery = _Sum(look, look.word("delivery_charge"))
        self.total = Text(look, "", "numl", align=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.hold = Button(look, "", icon="player-pause", height=56, tip=f"{look.word('hold')}", key="")
        self.hold.setToolTip(f"{look.word('hold')}  {keys.cap('hold')}")
        self.take = Button(
            look,
            look.word("take_order"),
            "primary",
            icon="check",
            key=keys.cap("main"),
            height=56,
            spread=True,
        )
        self.sums = QWidget()
        self.sums.setLayout(column(self.goods, self.discount, self.delivery, gap=2, margins=(16, 8, 16, 8)))
        total = Box(
            look, None, "border", 0, "t",
            row(Text(look, look.word("total"), "h2"), (self.total, 1), margins=(16, 0, 16, 0)),
        )  # fmt: skip
        total.setFixedHeight(look.px(52))
        self.total.setSizePolicy(
            self.lines.sizePolicy().Policy.Expanding, self.lines.sizePolicy().Policy.Fixed
        )
        buyer = Box(look, None, "border", 0, "b", column(self.buyer, gap=0))
        layout = column(
            buyer,
            self.empty,
            (self.lines, 1),
            self.sums,
            total,
            self.pay,
            row(self.hold, (self.take, 1), margins=(16, 4, 16, 12)),
            gap=0,
            margins=(1, 0, 0, 0),  # the edge
        )
        super().__init__(look, "surface", "border", 0, "l", layout)
        self._sell = sell
        self.setFixedWidth(width)
        self.lines.setMinimumHeight(look.px(ROW_HEIGHT))
        self.empty.setFixedHeight(look.px(48))
        self.lines.stepped.connect(sell.more)
        self.lines.removed.connect(sell.remove)
        self.lines.moved.connect(sell.choose_line)
        self.lines.opened.connect(self._open)
        self.buyer.changed.connect(self.fit)
        self.take.clicked.connect(self.ordered)
        self.hold.clicked.connect(self.held)
        self.discount.clicked.connect(self.discounted)
        self.delivery.clicked.connect(self.delivered)

    def draw(self) -> None:
        """Show what the presenter holds."""
        look, sell, quote = self._look, self._sell, self._sell.quote
        rows = sell.cart_rows()
        self.lines.rows.fill([CartRow(*values) for values in rows])
        self.lines.select(sell.cart_at)
        pieces = look.quantity(sell.cart.pieces_milli)
        self.goods.show_sum(
            f"{look.word('subtotal')} ({pieces})" if rows else look.word("subtotal"),
            look.money(quote.subtotal_paisa if quote else 0),
        )
        off = quote.discount_paisa if quote else 0
        self.discount.show_sum(look.word("discount"), look.money(-off) if off else look.money(0))
        area = sell.cart.area
        delivery = look.word("delivery_charge")
        if area:
            delivery = f"{look.word('delivery')} · {look.word(f'area_{area}')}"
        self.delivery.show_sum(delivery, look.money(quote.delivery_paisa if quote else 0))
        total = look.money(sell.total_paisa())
        self.total.setText(total)
        self.take.relabel(f"{look.word('take_order')} · {total}" if rows else look.word("take_order"))
        self.take.setEnabled(not sell.taking)
        self.buyer.draw()
        self.pay.draw()
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is low gives way."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Buyer, total, money and the button always stand; hints, sums and lines give way where it is low."""
        writing, look = self.buyer.writing(), self._look
        room = self.height() - look.px(52) - self.pay.sizeHint().height() - look.px(56) - 16
        self.buyer.give_way(low=writing and room < self.buyer.wanted() + look.px(ROW_HEIGHT))
        room -= self.buyer.height() + 1
        sums = 3 * look.line("body") + 4 + 16
        self.sums.setVisible(not writing or room >= sums + look.px(ROW_HEIGHT))
        room -= sums if self.sums.isVisibleTo(self) else 0
        low = room < look.px(ROW_HEIGHT)
        self.lines.setVisible(not low)
        self.empty.setVisible(not low and not self._sell.cart.lines)
        self.pay.give_way(low=room < -8)

    def _open(self, _at: int) -> None:
        self.edited.emit()


class _Sum(QWidget):
    """One line of the sums; a click changes it where it can be changed."""

    clicked = Signal()

    def __init__(self, look: Look, word: str, key: str = "", token: str = "text") -> None:
        super().__init__()
        self._token = token
        self.word = Text(look, word, "body", "text2")
        self.value = Text(look, "", "body", token)
        parts: list[QWidget | str] = [self.word]
        if key:
            parts.append(KeyCap(look, key))
        self.setLayout(row(*parts, "*", self.value))

    def show_sum(self, word: str, value: str) -> None:
        """Another value."""
        self.word.setText(word)
        self.value.setText(value)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Change it."""
        event.accept()
        self.clicked.emit()
