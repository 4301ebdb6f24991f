"""How an order is paid: advance and cash on delivery, in full, or on credit."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos.domain.payments import METHODS
from pos.l10n.unit_names import method_name
from ui.pages.sell_amount import grouped, show_typed
from ui.widgets.arrange import column, row
from ui.widgets.button import Segments
from ui.widgets.choice import Choice
from ui.widgets.field import Field
from ui.widgets.text import Icon, Paragraph, Text

if TYPE_CHECKING:
    from ui.presenters.sell import Sell
    from ui.theme.look import Look

_KINDS = (("cod", "truck-delivery"), ("full", "cash"), ("due", "notebook"))


class Advance(QWidget):
    """The method, amount and id of an advance."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        methods = [(method, method_name(method, look.locale.lang)) for method in METHODS]
        self.method = Choice(look, look.word("payment_method"), methods)
        self.amount = Field(look, look.word("advance"), sign="৳", right=True, style="bodyb")
        self.trxid = Field(look, "TrxID", sign="TrxID", style="body")
        self.setLayout(row((self.method, 5), (self.amount, 4), (self.trxid, 7)))


class PayBlock(QWidget):
    """How it is paid: the kind, and what is paid in advance."""

    def __init__(self, look: Look, sell: Sell) -> None:
        super().__init__()
        self._look, self._sell = look, sell
        self._drawing = False
        self.kind = Segments(look, [(code, look.word(f"kind_{code}"), icon) for code, icon in _KINDS])
        self.kind.chosen.connect(self._chosen)
        self._place = QVBoxLayout()
        self.rest_icon = Icon(look, "truck-delivery", 18, "warnI")
        self.rest_word = Text(look, look.word("courier_collects"), "sm", "text2")
        self.rest = Text(look, "", "bodyb", "warn")
        self.fault = Paragraph(look, "", "sm", "danger")
        self.rest_row = QWidget()
        self.rest_row.setLayout(row(self.rest_icon, self.rest_word, "*", self.rest, gap=6))
        self.setLayout(
            column(
                self.kind,
                self._place,
                self.fault,
                self.rest_row,
                gap=8,
                margins=(16, 0, 16, 8),
            )
        )
        self.setMinimumWidth(
            1
        )  # the pane says how wide: asked at more, a sentence would seem to need fewer lines

    @cached_property
    def advance(self) -> Advance:
        """Made for the first order that asks for one."""
        advance = Advance(self._look)
        advance.method.currentIndexChanged.connect(self._method)
        advance.amount.edit.textEdited.connect(self._amount)
        advance.amount.edit.installEventFilter(self)
        advance.trxid.edit.textEdited.connect(self._trxid)
        self._place.addWidget(advance)
        return advance

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The amount that was left stands in groups."""
        if event.type() == QEvent.Type.FocusOut:
            self.draw()
        return super().eventFilter(watched, event)

    def draw(self) -> None:
        """Show what the presenter holds."""
        sell, look, pay = self._sell, self._look, self._sell.cart.pay
        kind = sell.cart.kind
        self._drawing = True
        self.kind.choose(kind)
        if kind == "cod" or "advance" in self.__dict__:
            self.advance.method.choose(pay.method)
            show_typed(self.advance.amount, pay.amount, grouped(look, pay.amount))
            show_typed(self.advance.trxid, pay.trxid, pay.trxid)
            self.advance.setVisible(kind == "cod")
        self._drawing = False
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
