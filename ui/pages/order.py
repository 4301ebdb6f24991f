"""The page of one order: goods and money, buyer and what happened, and its paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from pos.domain.times import dhaka_day
from pos.l10n.dates import hat_name
from ui import keys
from ui.pages.order_dialogs import CancelDialog, PayDialog
from ui.pages.order_paper import PaperPane
from ui.pages.order_parts import (
    EntriesBlock,
    GoodsBlock,
    SumsBlock,
    address_of,
    head_line,
    money_entries,
    story_entries,
    sum_rows,
)
from ui.pages.order_where import WhereLine
from ui.pages.orders_preview import scrolling
from ui.pages.orders_rows import stage_chip
from ui.pages.page import PageView
from ui.widgets.area import Area
from ui.widgets.arrange import column, row
from ui.widgets.bars import Avatar
from ui.widgets.button import Button
from ui.widgets.text import Box, Card, Chip, Icon, Paragraph, Text

if TYPE_CHECKING:
    import datetime as dt

    from PySide6.QtGui import QResizeEvent

    from pos.services.views import OrderView
    from pos.shop import Shop
    from ui.presenters.order import Order
    from ui.presenters.thumbs import Thumbs
    from ui.theme.look import Look

_WIDE = 1600
_STEP_ICONS = {"check": "phone", "pack": "package"}


class OrderPage(PageView):
    """One order, whole.

    Signals:
        left: back to the list.
    """

    name: ClassVar[str] = "order"
    left = Signal()

    def __init__(self, look: Look, order: Order, shop: Shop, thumbs: Thumbs) -> None:
        super().__init__(look, order)
        self._order, self._shop = order, shop
        self.column.addWidget(self._head())
        self.goods_count = Text(look, "", "sm", "text3")
        self.goods = GoodsBlock(look, thumbs, codes=True)
        self.sums = SumsBlock(look)
        rule = Box(look, "border", None, 0)
        rule.setFixedHeight(1)
        goods = Card(
            look,
            column(
                row(Text(look, look.word("order_goods"), "bodyb"), "*", self.goods_count), self.goods, rule,
                self.sums, gap=6, margins=(16, 10, 16, 10),
            ),
        )  # fmt: skip
        self.pay = Button(
            look, look.word("money_received"), "soft", icon="plus", key=keys.cap("take_payment"), height=32
        )
        self.pay.clicked.connect(self._pay)
        self.money = EntriesBlock(look, line=False)
        money = Card(
            look,
            column(
                row(Text(look, look.word("order_money"), "bodyb"), "*", self.pay), self.money, gap=6,
                margins=(16, 10, 16, 10),
            ),
        )  # fmt: skip
        self.note = Area(
            look,
            look.word("order_note"),
            placeholder=look.word("note_hint"),
            icon="note",
            key=keys.cap("edit"),
        )
        self.note.typed.connect(order.type_note)
        self.note.left.connect(order.keep_note)
        self.note.done.connect(self._note_done)
        noted = Card(
            look,
            column(
                Text(look, look.word("order_note"), "bodyb"), self.note, gap=8, margins=(16, 10, 16, 12)
            ),
        )  # fmt: skip
        self.first = column(goods, money, noted, "*", gap=12)
        self.second = column(self._buyer(), self._story(), "*", gap=12)
        self.columns = row((self.first, 3), (self.second, 2), gap=12, margins=(16, 12, 12, 12))
        self.body = scrolling(self.columns)
        self.body.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.body.setAccessibleName(look.word("page_order"))
        self.body.verticalScrollBar().rangeChanged.connect(self._note_in_sight)
        self.paper = PaperPane(look, order)
        self.paper.printed.connect(order.print)
        self.paper.saved.connect(self._save)
        order.printing.watch(self.paper.draw)
        self.column.addLayout(row((self.body, 1), self.paper, gap=0), 1)
        self.toast_ground = self.body
        self._chooser: QFileDialog | None = None

    def _head(self) -> QWidget:
        look = self.look
        back = Button(look, "", icon="arrow-left", tip=f"{look.word('go_back')}  Esc")
        back.clicked.connect(self.left)
        self.number = Text(look, "", "h1")
        self.chip = Chip(look, "", "grey")
        self.open_sum = Chip(look, "", "warn")
        self.sub = Text(look, "", "sm", "text3", elide=True)
        self.cancel = Button(
            look, look.word("cancel_order"), "danger", icon="circle-x", key=keys.cap("cancel_order")
        )
        self.cancel.clicked.connect(self._cancel)
        self.step = Button(look, look.word("step_pack"), "primary", icon="package", key=keys.cap("main"))
        self.step.clicked.connect(self._order.step)
        words = column("*", row(self.number, 4, self.chip, self.open_sum, "*"), self.sub, "*", gap=0)
        bar = Box(
            look, "surface", "border", 0, "b",
            row(back, (words, 1), self.cancel, self.step, gap=12, margins=(16, 0, 16, 0)),
        )  # fmt: skip
        bar.setFixedHeight(look.px(68))
        return bar

    def _buyer(self) -> QWidget:
        look = self.look
        self.avatar = Avatar(look, "", 44, "violet")
        self.buyer_name = Text(look, "", "bodyb", elide=True)
        self.phone = Paragraph(look, "", "sm", "text2")  # a number is never cut
        self.address = Paragraph(look, "", "sm", "text2")
        self.place = QWidget()
        self.place.setLayout(
            row(column(Icon(look, "map-pin", 18, "text3"), "*", gap=0), (self.address, 1), gap=10)
        )
        self.past = Paragraph(look, "", "sm", "text2")
        self.known = QWidget()
        self.known.setLayout(
            row(column(Icon(look, "history", 18, "text3"), "*", gap=0), (self.past, 1), gap=10)
        )
        return Card(
            look,
            column(
                Text(look, look.word("order_customer"), "bodyb"),
                row(self.avatar, (column(self.buyer_name, self.phone, gap=0), 1), gap=8), self.place, self.known,
                gap=8, margins=(16, 10, 16, 12),
            ),
        )  # fmt: skip

    def _story(self) -> QWidget:
        look = self.look
        self.story = EntriesBlock(look, line=True)
        self.where = WhereLine(look)
        return Card(
            look,
            column(
                Text(look, look.word("order_timeline"), "bodyb"), self.where, self.story, gap=10,
                margins=(16, 10, 16, 8),
            ),
        )  # fmt: skip

    # ---- drawing -------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Show what the presenter holds."""
        look, order = self.look, self._order.order
        if order is None:
            return
        today = dhaka_day(self._shop.desk.clock.now_ms())
        self.number.setText(order.number)
        self.chip.change(*stage_chip(look, self._order.stage))
        self._draw_open(order)
        self.sub.setText(head_line(look, order, today, self._hat(order, today)))
        self.sub.setToolTip(self.sub.text())
        step = self._order.next()
        self.step.setVisible(step is not None)
        if step is not None:
            self.step.relabel(look.word(f"step_{step}"), _STEP_ICONS[step])
        self.cancel.setVisible(self._order.cancellable())
        pieces = look.quantity(sum(line.qty_milli for line in order.lines))
        whole = all(line.unit == "pcs" for line in order.lines)
        count = look.word("kinds_and_pieces", kinds=len(order.lines), pieces=look.quantity(
            sum(line.qty_milli for line in order.lines), "pcs")) if whole and pieces else ""  # fmt: skip
        self.goods_count.setText(count)
        self.goods.show_lines(order.lines)
        self.sums.show_rows(sum_rows(look, order, whole=False))
        self.pay.setVisible(self._order.takes_money())
        self.money.show_entries(money_entries(look, order, today))
        self.note.setText(order.note if self._order.note is None else self._order.note)
        fault = self._order.note_fault
        self.note.say(look.sentence(fault) if fault is not None else "")
        self._draw_buyer(order)
        self.story.show_entries(story_entries(look, order, self._order.story, step, today))
        self.where.show_where(self._order.where)
        self.paper.draw()

    def _draw_open(self, order: OrderView) -> None:
        look = self.look
        if order.refund_owed_paisa:
            self.open_sum.change(look.money(order.refund_owed_paisa), "danger", "receipt-refund")
        elif order.cod_paisa:
            self.open_sum.change(look.word("cod_sum", cod_paisa=order.cod_paisa), "warn", "truck-delivery")
        elif order.due_paisa:
            self.open_sum.change(look.word("due_sum", due_paisa=order.due_paisa), "danger", "notebook")
        else:
            self.open_sum.change(look.word("paid_whole"), "ok", "check")
        self.open_sum.setVisible(order.status != "cancelled" or bool(order.refund_owed_paisa))

    def _hat(self, order: OrderView, today: dt.date) -> str:
        if order.hat is None:
            return ""
        return hat_name(order.hat_ordinal, self.look.locale) or self.look.day(order.hat, today)

    def _draw_buyer(self, order: OrderView) -> None:
        look, buyer = self.look, order.customer
        name = buyer.name if buyer is not None else ""
        phones = [look.phone(p) for p in (buyer.phone, buyer.phone2) if p] if buyer is not None else []
        self.avatar.change(name or look.word("walk_in"))
        self.buyer_name.setText(name or look.word("no_name" if phones else "walk_in"))
        self.phone.setText(", ".join(phones) or look.word("over_the_counter"))
        self.address.setText(address_of(order))
        self.place.setVisible(bool(self.address.text()))
        known = self._order.customer
        self.known.setVisible(known is not None)
        if known is not None:
            owes = (
                look.word("owes", due_paisa=known.due_paisa) if known.due_paisa else look.word("owes_nothing")
            )
            past = look.word("buyer_history", orders=known.orders, returns=known.returned)
            self.past.setText(f"{past} · {owes}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A wide window gives the paper more room."""
        super().resizeEvent(event)
        wide = self.width() + self.look.px(88) >= _WIDE
        self.paper.setFixedWidth(440 if wide else 360)

    # ---- keys ----------------------------------------------------------------------------------------

    def arrive(self) -> None:
        """Draw; the arrows scroll."""
        self.draw()
        self.body.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Nothing calls it any more."""
        super().leave()
        self._order.printing.unwatch(self.paper.draw)

    def act(self, action: str) -> bool:
        """What the keys of this page do."""
        acts = {
            "main": self._order.step,
            "undo": self._order.undo,
            "redo": self._order.redo,
            "edit": self._note,
            "take_payment": self._pay,
            "cancel_order": self._cancel,
            "print": self._order.print,
            "print_invoice": self._invoice,
            "save_pdf": self._save,
            "back": self._back,
        }
        if action not in acts:
            return False
        acts[action]()
        return True

    def _back(self) -> None:
        """Out of the note, which stays as it was; else back to the list."""
        if self.note.edit.hasFocus():
            self._order.leave_note()
            self.body.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.left.emit()

    # ---- acts ----------------------------------------------------------------------------------------

    def _note(self) -> None:
        """Into the note."""
        self.note.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.body.ensureWidgetVisible(self.note)

    def _note_in_sight(self) -> None:
        """While it grows with what is written, too."""
        if self.note.edit.hasFocus():
            self.body.ensureWidgetVisible(self.note)

    def _note_done(self) -> None:
        """Leaving it keeps it."""
        self.body.setFocus(Qt.FocusReason.OtherFocusReason)

    def _pay(self) -> None:
        if self._order.takes_money():
            self.open_dialog(PayDialog(self.look, self.window(), self._order))

    def _cancel(self) -> None:
        if self._order.cancellable():
            self.open_dialog(CancelDialog(self.look, self.window(), self._order))

    def _invoice(self) -> None:
        self._order.choose_paper("invoice")
        self._order.print()

    def _save(self) -> None:
        """Ask where to, with the shop's folder of papers as the answer at hand."""
        order = self._order
        if order.order is None or self._chooser is not None:
            return
        place = order.printing.place(order.order, order.paper)
        folder = place.parent if place.parent.is_dir() else Path.home()
        chooser = QFileDialog(self, self.look.word("save_pdf_as"), str(folder), "PDF (*.pdf)")
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setDefaultSuffix("pdf")
        chooser.selectFile(place.name)
        chooser.fileSelected.connect(self._save_at)
        chooser.finished.connect(self._chosen)
        self._chooser = chooser
        chooser.open()

    def _save_at(self, path: str) -> None:
        self._order.save(Path(path))

    def _chosen(self) -> None:
        if self._chooser is not None:
            self._chooser.deleteLater()
            self._chooser = None
