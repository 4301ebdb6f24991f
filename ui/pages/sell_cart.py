"""The right side of the Sell page: buyer, lines, sums, money, and the button that takes the order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QSizePolicy, QWidget

from ui import keys
from ui.pages.sell_buyer import BuyerBlock
from ui.pages.sell_pay import PayBlock
from ui.pages.sell_rows import ROW_HEIGHT, CartRow, draw_cart_line, say_row, step_rects
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.ink import CENTRE, Ink
from ui.widgets.pressing import Pressable
from ui.widgets.rows import RowDelegate, Rows, RowsModel
from ui.widgets.text import Box, KeyCap, Text

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent

    from ui.presenters.sell import Sell
    from ui.theme.look import Look


_RING = 6  # the air between the words of a sum and the ring around them


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


class HoldButton(Button):
    """Puts the cart aside, and counts those that were; with nothing in the cart it leads to them."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "", icon="player-pause", height=56, tip=look.word("hold"))
        self._count = -1
        self.show_held(0, hold=True)

    def show_held(self, count: int, *, hold: bool) -> None:
        """So many are held; `hold` says that a press puts one more aside."""
        look = self._look
        held = look.word("held_n", n=look.count(count)) if count else look.word("held_orders")
        here = [f"{look.word('hold')}  {keys.cap('hold')}"] if hold else []
        names = [look.word("hold"), held] if hold and count else [look.word("hold") if hold else held]
        self.setAccessibleName(", ".join(names))
        self.setToolTip("\n".join([*here, f"{held}  {keys.cap('held')}"]))
        if count != self._count:
            self._count = count
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it, with the count in its corner."""
        super().paintEvent(event)
        if self._count <= 0:
            return
        look, ink = self._look, Ink(self._look, QPainter(self))
        text = look.count(self._count)
        width = max(look.px(20), look.width(text, "minib") + 10)
        badge = QRectF(self.width() - width - 4, 4, width, look.px(18))
        ink.box(badge, "badge", None, badge.height() / 2)
        ink.text(badge, text, "minib", "badgeT", CENTRE, elide=False)
        ink.painter.end()


class CartPane(Box):
    """The whole right side.

    Signals:
        ordered: the big button was pressed.
        held: the button beside it was.
        listed: the same with nothing in the cart: the held ones are to be seen.
        edited: the line at hand is to be written over.
        discounted: the discount is to be changed.
        delivered: the delivery charge is.
    """

    ordered = Signal()
    held = Signal()
    listed = Signal()
    edited = Signal()
    discounted = Signal()
    delivered = Signal()

    def __init__(self, look: Look, sell: Sell, width: int) -> None:
        self.buyer = BuyerBlock(look, sell)
        self.lines = CartList(look)
        self.pay = PayBlock(look, sell)
        middle = Qt.AlignmentFlag.AlignCenter
        self.empty = Text(look, look.word("cart_empty"), "sm", "text3", align=middle, elide=True)
        self.goods = _Sum(look, look.word("subtotal"), fixed=True)
        self.discount = _Sum(look, look.word("discount"), keys.cap("discount"), token="ptext")
        self.delivery = _Sum(look, look.word("delivery_charge"))
        self.total = Text(look, "", "numl", align=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.hold = HoldButton(look)
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
        self.sums.setLayout(
            column(self.goods, self.discount, self.delivery, gap=2, margins=(16 - _RING, 8, 16 - _RING, 8))
        )
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
        self.hold.clicked.connect(self._hold)
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
        self.hold.show_held(sell.held_count(), hold=bool(rows))
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
        pay = self.pay.heightForWidth(self.width() - 1) if self.pay.hasHeightForWidth() else -1
        pay = max(pay, self.pay.sizeHint().height())  # a sentence takes the lines that it needs at this width
        room = self.height() - look.px(52) - pay - look.px(56) - 16
        self.buyer.give_way(low=writing and room < self.buyer.wanted() + look.px(ROW_HEIGHT))
        room -= self.buyer.height() + 1
        sums = 3 * look.line("body") + 4 + 16
        self.sums.setVisible(room >= sums + look.px(ROW_HEIGHT))
        room -= sums if self.sums.isVisibleTo(self) else 0
        low = room < look.px(ROW_HEIGHT)
        self.lines.setVisible(not low)
        # An empty cart says so in a line of its own, and the list gives way to it.
        self.lines.setMinimumHeight(look.px(ROW_HEIGHT) if self._sell.cart.lines else 1)
        self.empty.setVisible(not low and not self._sell.cart.lines)
        self.pay.give_way(low=room < -8)

    def _hold(self) -> None:
        (self.held if self._sell.cart.lines else self.listed).emit()

    def _open(self, _at: int) -> None:
        self.edited.emit()


class _Sum(Pressable):
    """One line of the sums; a click, or Tab and Enter, changes it where it can be changed."""

    def __init__(
        self, look: Look, word: str, key: str = "", token: str = "text", *, fixed: bool = False
    ) -> None:
        super().__init__(look, word)
        self.word = Text(look, word, "body", "text2")
        self.value = Text(look, "", "body", token)
        parts: list[QWidget | str] = [self.word]
        if key:
            parts.append(KeyCap(look, key))
        self.setLayout(row(*parts, "*", self.value, margins=(_RING, 0, _RING, 0)))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setEnabled(not fixed)
        # a click leaves the focus where the typing is
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if fixed else Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        """As its words."""
        layout = self.layout()
        assert layout is not None
        return layout.sizeHint()

    def show_sum(self, word: str, value: str) -> None:
        """Another value."""
        self.word.setText(word)
        self.value.setText(value)
        self.setAccessibleName(f"{word}, {value}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Nothing but the ring: the words draw themselves."""
        ink = Ink(self._look, QPainter(self))
        self.ring(ink, QRectF(self.rect()), radius=4)
        ink.painter.end()
