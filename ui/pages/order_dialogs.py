"""Dialogs of an order: taking money later, and cancelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from pos.domain.money import plain_money
from pos.domain.payments import METHODS
from pos.l10n.unit_names import method_name
from ui import keys
from ui.pages.sell_dialogs import FormDialog
from ui.widgets.arrange import column, row
from ui.widgets.button import Button, Pills
from ui.widgets.field import Field
from ui.widgets.overlay import Dialog
from ui.widgets.text import Icon, Paragraph, Text

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

    from pos.errors import PosError
    from ui.presenters.order import Order
    from ui.theme.look import Look


class PayDialog(FormDialog):
    """Money that comes in later: how, how much, and the wallet's id."""

    def __init__(self, look: Look, over: QWidget, order: Order) -> None:
        super().__init__(look, over, look.word("money_received"), look.word("money_received"), 620)
        self._order = order
        assert order.order is not None
        self.methods = Pills(look)
        self.methods.fill([(method, method_name(method, look.locale.lang), None) for method in METHODS])
        self.methods.chosen.connect(self._changed)
        self.body.addWidget(self.methods)
        due = look.digits(plain_money(order.order.due_paisa).removesuffix(".00"))
        self.amount = self.field(look.word("amount_received"), due, sign="৳", right=True)
        self.amount.edit.textEdited.connect(self._changed)
        self.trxid = Field(look, "TrxID", sign="TrxID")
        self.trxid.edit.returnPressed.connect(self._enter)
        self.body.addWidget(self.trxid)
        self.after = Text(look, "", "bodym", "text2", elide=True)
        self.body.addWidget(self.after)
        self.wrong = Paragraph(look, "", "sm", "danger")  # whole sentences: what is safe stands at their end
        self.body.addWidget(self.wrong)
        self._changed()

    def open(self) -> None:
        """The method first: the amount is there already, and a digit goes to it."""
        super().open()
        self.methods.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit typed while the methods have the focus begins another amount."""
        if event.text().isdecimal() and self.methods.hasFocus():
            self.amount.edit.setFocus(Qt.FocusReason.TabFocusReason)
            self.amount.edit.setText(event.text())
            self.amount.edit.textEdited.emit(event.text())
        else:
            super().keyPressEvent(event)

    def accept(self) -> None:
        """Take the money, or say what does not read."""
        if not self.save.isEnabled():
            return
        method = self.methods.choice()
        trxid = "" if method == "cash" else self.trxid.text()
        self.save.setEnabled(False)  # until it is on the disk: pressed twice it is one payment
        self._order.pay(method, self.amount.text(), trxid, self.close_dialog, self._failed)

    def _failed(self, error: PosError) -> None:
        self.save.setEnabled(True)
        self.wrong.setText(self._look.sentence(error))
        self.wrong.show()
        if error.code.startswith("trxid"):
            self.trxid.edit.setFocus()
        else:
            self.amount.edit.setFocus()

    def _changed(self) -> None:
        look, method = self._look, self.methods.choice()
        self.trxid.setVisible(method != "cash")
        left = self._order.after_paying(method, self.amount.text())
        if left is None:
            self.after.setText("")
        elif left[0]:
            self.after.setText(look.word("due_after", due_paisa=left[0]), "warn")
        elif left[1]:
            self.after.setText(look.word("change_after", sum_paisa=left[1]), "ptext")
        else:
            self.after.setText(look.word("nothing_after"), "ptext")
        self.wrong.hide()


class CancelDialog(Dialog):
    """Asks once more, since a cancelled order does not come back; says what becomes of goods and money."""

    def __init__(self, look: Look, over: QWidget, order: Order) -> None:
        assert order.order is not None
        title = look.word("cancel_question", number=order.number)
        super().__init__(look, over, 560, title)
        self._order = order
        view = order.order
        kinds = len({line.sku for line in view.lines})
        money = (
            look.word("cancel_refund", sum_paisa=view.paid_paisa)
            if view.paid_paisa
            else look.word("cancel_no_refund")
        )
        said = " ".join((look.word("cancel_stock", kinds=kinds), money, look.word("cancel_number")))
        self.said = Paragraph(look, said, "sm", "text2")
        self.why = Field(look, look.word("cancel_why"), placeholder=look.word("cancel_why"))
        self.why.edit.returnPressed.connect(self.cancel)
        self.wrong = Paragraph(look, "", "sm", "danger")
        self.wrong.hide()
        leave = Button(look, look.word("no_leave"), key="Esc")
        leave.clicked.connect(self.close_dialog)
        self.sure = Button(look, look.word("yes_cancel"), "destroy", icon="trash", key=keys.cap("main"))
        self.sure.clicked.connect(self.cancel)
        icon = Icon(look, "alert-triangle", 24, "danger")
        words = column(Text(look, title, "h2"), self.said, 4, self.why, self.wrong, gap=6)
        self.panel.setLayout(
            column(
                row(column(4, icon, "*", gap=0), (words, 1), gap=16), row("*", leave, self.sure), gap=16,
                margins=(24, 20, 24, 20),
            )
        )  # fmt: skip

    def open(self) -> None:
        """The reason first."""
        super().open()
        self.why.edit.setFocus(Qt.FocusReason.TabFocusReason)

    def act(self, action: str) -> None:
        """F9 cancels the order, Esc leaves it."""
        if action == "main":
            self.cancel()
        else:
            super().act(action)

    def cancel(self) -> None:
        """Cancel it; without a reason it is not."""
        if self.sure.isEnabled():
            self.sure.setEnabled(False)
            self._order.cancel(self.why.text(), self.close_dialog, self._failed)

    def _failed(self, error: PosError) -> None:
        self.sure.setEnabled(True)
        self.wrong.setText(self._look.sentence(error))
        self.wrong.show()
        self.why.edit.setFocus()
