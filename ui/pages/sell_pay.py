"""How an order is paid: advance and cash on delivery, in full, or on credit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

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
        self.amount.edit.installEventFilter(self)
        self.trxid.edit.textEdited.connect(self._trxid)
        self.advance = QWidget()
        self.advance.setLayout(row((self.method, 5), (self.amount, 4), (self.trxid, 7)))
        self.rest_icon = Icon(look, "truck-delivery", 18, "warnI")
        self.rest_word = Text(look, look.word("courier_collects"), "sm", "text2")
        self.rest = Text(look, "", "bodyb", "warn")
        self.fault = Paragraph(look, "", "sm", "danger")
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
        self.setMinimumWidth(
            1
        )  # the pane says how wide: asked at more, a sentence would seem to need fewer lines

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
        self.method.choose(pay.method)
        show_typed(self.amount, pay.amount, grouped(look, pay.amount))
        show_typed(self.trxid, pay.trxid, pay.trxid)
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
