"""The order at hand beside the list: buyer, goods, sums, what happened, and its next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from ui import keys
from ui.pages.order_parts import (
    EntriesBlock,
    GoodsBlock,
    SumsBlock,
    address_of,
    head_line,
    story_entries,
    sum_rows,
)
from ui.pages.orders_rows import stage_chip
from ui.widgets.arrange import column, row
from ui.widgets.bars import Avatar
from ui.widgets.button import Button
from ui.widgets.text import Box, Chip, Icon, Paragraph, Text

if TYPE_CHECKING:
    import datetime as dt

    from PySide6.QtWidgets import QLayout

    from ui.presenters.orders import Orders
    from ui.presenters.thumbs import Thumbs
    from ui.theme.look import Look


def scrolling(layout: QLayout, *, ground: str = "") -> QScrollArea:
    """What is higher than its place is scrolled; its ground shows through."""
    inner = QWidget()
    inner.setProperty("clear", True)
    inner.setLayout(layout)
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    area.viewport().setAutoFillBackground(False)
    inner.setAutoFillBackground(False)
    if ground:
        area.setStyleSheet(f"background: {ground};")
    return area


class OrderPreview(Box):
    """One order at a glance.

    Signals:
        stepped: its next step.
        printed: its receipt or invoice.
    """

    stepped = Signal()
    printed = Signal(str)

    def __init__(self, look: Look, thumbs: Thumbs) -> None:
        super().__init__(look, "surface", "border", 0, "l")
        self.number = Text(look, "", "h2")
        self.chip = Chip(look, "", "grey")
        self.sub = Text(look, "", "sm", "text3", elide=True)
        head = Box(
            look, None, "border", 0, "b",
            column("*", row(self.number, "*", self.chip), self.sub, "*", gap=2, margins=(16, 0, 16, 0)),
        )  # fmt: skip
        head.setFixedHeight(look.px(76))
        self.avatar = Avatar(look, "", 40, "info")
        self.name = Text(look, "", "bodyb", elide=True)
        self.phone = Text(look, "", "sm", "text2", elide=True)
        self.buyer = QWidget()
        self.buyer.setLayout(row(self.avatar, (column(self.name, self.phone, gap=0), 1), gap=8))
        self.address = Paragraph(look, "", "sm", "text2")
        self.place = QWidget()
        self.place.setLayout(
            row(column(Icon(look, "map-pin", 18, "text3"), "*", gap=0), (self.address, 1), gap=8)
        )
        self.note = Paragraph(look, "", "sm", "text2")
        self.noted = QWidget()
        self.noted.setLayout(row(column(Icon(look, "note", 18, "text3"), "*", gap=0), (self.note, 1), gap=8))
        self.goods = GoodsBlock(look, thumbs, codes=False)
        self.sums = SumsBlock(look)
        self.card = Box(
            look, "surface2", "border", 8,
            layout=column(self.goods, self.sums, gap=4, margins=(12, 6, 12, 10)),
        )  # fmt: skip
        self.story = EntriesBlock(look, line=True)
        self.body = scrolling(
            column(
                self.buyer, self.place, self.noted, self.card, 4, self.story, "*", gap=10,
                margins=(16, 12, 16, 12),
            )
        )  # fmt: skip
        self.step = Button(
            look,
            look.word("step_pack"),
            "primary",
            icon="package",
            key=keys.cap("main"),
            height=48,
            spread=True,
        )
        self.step.clicked.connect(self.stepped)
        self.receipt = Button(look, look.word("paper_receipt"), icon="receipt", tip=keys.cap("print"))
        self.receipt.clicked.connect(self._receipt)
        self.invoice = Button(
            look, look.word("paper_invoice"), icon="file-invoice", tip=keys.cap("print_invoice")
        )
        self.invoice.clicked.connect(self._invoice)
        foot = Box(
            look, None, "border", 0, "t",
            column(
                self.step, row((self.receipt, 1), (self.invoice, 1)), gap=8, margins=(16, 12, 16, 12)
            ),
        )  # fmt: skip
        self.whole = QWidget()
        self.whole.setLayout(column(head, (self.body, 1), foot, gap=0))
        self.setLayout(column(self.whole, gap=0, margins=(1, 0, 0, 0)))

    def draw(self, orders: Orders, today: dt.date) -> None:
        """Show the order at hand."""
        look, order, line = self._look, orders.order, orders.row
        self.whole.setVisible(order is not None)
        if order is None or line is None:
            return
        self.number.setText(order.number)
        self.chip.change(*stage_chip(look, line.stage))
        self.sub.setText(head_line(look, order, today, ""))
        self.sub.setToolTip(self.sub.text())
        buyer = order.customer
        name = buyer.name if buyer is not None else ""
        phone = look.phone(buyer.phone) if buyer is not None else ""
        self.buyer.setVisible(True)
        self.avatar.change(name or look.word("walk_in"))
        self.name.setText(name or phone or look.word("walk_in"))
        self.phone.setText(
            phone if name else look.word("no_name") if phone else look.word("over_the_counter")
        )
        self.address.setText(address_of(order))
        self.place.setVisible(bool(self.address.text()))
        self.note.setText(order.note)
        self.noted.setVisible(bool(order.note))
        self.goods.show_lines(order.lines)
        self.sums.show_rows(sum_rows(look, order, whole=True))
        step = orders.next()
        self.story.show_entries(story_entries(look, order, orders.story, step, today))
        self.step.setVisible(step is not None)
        if step is not None:
            self.step.relabel(look.word(f"step_{step}"), {"check": "phone", "pack": "package"}[step])

    def _receipt(self) -> None:
        self.printed.emit("receipt")

    def _invoice(self) -> None:
        self.printed.emit("invoice")
