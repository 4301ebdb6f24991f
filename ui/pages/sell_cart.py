"""The right side of the Sell page: buyer, lines, sums, money, and the button that takes the order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QWidget

from ui import keys
from ui.pages.sell_buyer import BuyerBlock
from ui.pages.sell_pay import PayBlock
from ui.pages.sell_rows import ROW_HEIGHT, CartRow, draw_cart_line, say_row, step_rects
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.rows import RowDelegate, Rows, RowsModel
from ui.widgets.text import Box, KeyCap, Text

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent

    from ui.presenters.sell import Sell
    from ui.theme.look import Look
    from ui.widgets.ink import Ink


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
        delegate = RowDelegate(look, ROW_HEIGHT, self._draw)
        super().__init__(look, model, delegate, look.word("cart"))
        self._look, self._row, self._rest = look, look.px(ROW_HEIGHT), 0
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Only whole lines show, and it scrolls by whole lines."""
        super().resizeEvent(event)
        rest = self.height() % self._row if self.height() > self._row else 0
        if rest != self._rest:
            self._rest = rest
            self.setViewportMargins(0, 0, 0, rest)
            self.scrollTo(self.currentIndex())

    def _draw(self, ink: Ink, rect: QRect, line: CartRow, selected: bool) -> None:
        draw_cart_line(ink, rect, line, selected=selected, focus=self.hasFocus())

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
        layout.insertStretch(3, 0)  # where the lines have to go, nothing else grows
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
        units = {line.unit for line in sell.cart.lines}
        pieces = (
            look.quantity(sell.cart.pieces_milli, *units) if len(units) == 1 else ""
        )  # kilos and pieces make no sum
        self.goods.show_sum(
            f"{look.word('subtotal')} ({pieces})" if pieces else look.word("subtotal"),
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
        self.sums.setVisible(room >= sums + look.px(ROW_HEIGHT))
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
