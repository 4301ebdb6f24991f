"""The payment dialog: method, amount, round sums, change, keypad, splitting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from pos.domain.payments import METHODS
from pos.errors import UserError
from pos.l10n.unit_names import method_name
from ui import keys
from ui.pages.sell_amount import AmountField
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.choice import Tick
from ui.widgets.field import Field
from ui.widgets.ink import Ink, keycap_width
from ui.widgets.overlay import Dialog
from ui.widgets.pressing import Pressable
from ui.widgets.text import Box, Icon, KeyCap, Paragraph, Text

if TYPE_CHECKING:
    from ui.presenters.payment import TakeMoney
    from ui.theme.look import Look

_ICONS = {
    "cash": "cash", "bkash": "device-mobile", "nagad": "wallet", "rocket": "device-mobile", "upay": "wallet",
    "card": "credit-card", "bank": "building-bank",
}  # fmt: skip
_CARD = 64
_LOW = 640  # a window that is lower has to do with less air
_PAD = ("7", "8", "9", "4", "5", "6", "1", "2", "3", "0", "00", "⌫")


class MethodCard(Pressable):
    """One method, with its number on the Alt key.

    Signals:
        chosen: the code of the method.
    """

    chosen = Signal(str)

    def __init__(self, look: Look, method: str, at: int, height: int) -> None:
        self._word = method_name(method, look.locale.lang)
        super().__init__(look, self._word)
        self._method = method
        self._cap = f"Alt {look.digits(at + 1)}"
        self._on = False
        self.setFixedHeight(look.px(height))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the focus with the amount
        self.clicked.connect(self._choose)

    def turn(self, *, on: bool) -> None:
        """Whether it is the one chosen."""
        if on != self._on:
            self._on = on
            self.update()

    def sizeHint(self) -> QSize:
        """The cards share the width."""
        return QSize(96, self.height())

    def _choose(self) -> None:
        self.chosen.emit(self._method)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        look = self._look
        ink = Ink(look, QPainter(self))
        rect = QRectF(self.rect())
        ink.box(
            rect,
            "psoft" if self._on else "surface2" if self.underMouse() else "surface",
            "focus" if self._on else "border",
            6,
            2 if self._on else 1,
        )
        self.ring(ink, rect.adjusted(4, 4, -4, -4), radius=4)
        token = "ptext" if self._on else "text2"
        style, said = ("bodyb", "ptext") if self._on else ("bodym", "text")
        if rect.height() < look.px(_CARD):  # one line of it
            ink.icon(8, rect.center().y() - 10, _ICONS[self._method], 20, token)
            ink.text(rect.adjusted(34, 0, -4, 0), self._word, style, said)
            ink.painter.end()
            return
        ink.icon(10, 10, _ICONS[self._method], 20, token)
        wide = keycap_width(look, self._cap)
        if wide + 36 < rect.width():
            ink.keycap(QRectF(rect.width() - wide - 8, 10, wide, look.px(20)), self._cap)
        words = QRectF(10, rect.height() - look.line("bodym") - 6, rect.width() - 16, look.line("bodym"))
        ink.text(words, self._word, style, said)
        ink.painter.end()


class PaymentDialog(Dialog):
    """Takes money in full.

    Signals:
        taken: the payments, and whether the receipt is to be printed.
    """

    taken = Signal(list, bool)

    def __init__(self, look: Look, over: QWidget, money: TakeMoney, who: str, *, printer: str) -> None:
        super().__init__(look, over, 792, look.word("take_money"))
        self._money = money
        low = over.height() < look.px(_LOW)
        gap, high = (8, 40) if low else (12, 56)
        self.who = Text(look, who, "sm", "text2", elide=True)
        total = Text(look, look.money(money.total_paisa), "numxl")
        head = row(
            (
                column(
                    Text(look, look.word("take_money"), "h1"),
                    self.who,
                    gap=0,
                ),
                1,
            ),
            column(row("*", Text(look, look.word("total"), "sm", "text2")), row("*", total), gap=0),
        )
        self.cards = {
            method: MethodCard(look, method, at, 44 if low else _CARD) for at, method in enumerate(METHODS)
        }
        for card in self.cards.values():
            card.chosen.connect(money.choose)
        gave = look.word("customer_gave")
        self.amount = AmountField(look, gave, 48 if low else 64)
        self.amount.edit.setPlaceholderText(look.money(money.rest_paisa()))
        self.amount.written.connect(self._written)
        self.amount.edit.returnPressed.connect(self.take)
        self.trxid = Field(look, "TrxID", sign="TrxID")
        self.trxid.edit.textEdited.connect(money.set_trxid)
        self.trxid.edit.returnPressed.connect(self.take)
        self.sums = [Button(look, "", "outline", height=40) for _ in range(3)]
        for button in self.sums:
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(self._sum)
        self.change_icon = Icon(look, "cash", 24, "ptext")
        self.change_word = Text(look, "", "h2", "ptext")
        self.change_sum = Text(look, "", "numxl", "ptext")
        self.change_box = Box(
            look,
            "psoft",
            "pline",
            8,
            layout=row(
                self.change_icon, self.change_word, "*", self.change_sum, gap=10, margins=(18, 0, 18, 0)
            ),
        )
        self.change_box.setFixedHeight(look.px(48 if low else 72))
        self.parts = Text(look, "", "sm", "text2", elide=True)
        self.fault = Paragraph(look, "", "sm", "danger")
        self.printed = Tick(look, look.word("print_receipt"))
        self.printed.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.printed.setChecked(bool(printer))
        receipt = QWidget()
        named = Text(look, printer, "sm", "text2", elide=True)
        receipt.setLayout(row(self.printed, (named, 1), KeyCap(look, keys.cap("print")), gap=4))
        if not printer:
            receipt.hide()  # showing one that stands nowhere yet would open a window
        left = column(
            self.amount, self.trxid, row(*[(button, 1) for button in self.sums]), self.change_box, self.parts,
            self.fault, receipt, "*", gap=gap,
        )  # fmt: skip
        pad = QGridLayout()
        pad.setSpacing(8)
        self.pad: list[Button] = []
        for at, digit in enumerate(_PAD):
            button = Button(look, "" if digit == "⌫" else look.digits(digit), icon="backspace" if digit == "⌫" else "",
                            height=high, tip=look.word("erase_digit") if digit == "⌫" else "")  # fmt: skip
            button.setProperty("digit", digit)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setMinimumWidth(look.px(88))
            self.pad.append(button)
            button.clicked.connect(self._pressed)
            pad.addWidget(button, at // 3, at % 3)
        back = Button(look, look.word("go_back"), "ghost", icon="arrow-left", key="Esc", height=high)
        back.clicked.connect(self.close_dialog)
        self.split = Button(look, look.word("split_payment"), icon="arrows-shuffle", height=high)
        self.split.clicked.connect(self._split)
        self.done = Button(
            look,
            look.word("money_taken"),
            "primary",
            icon="check",
            key=keys.cap("main"),
            height=high,
            spread=True,
        )
        self.done.setMinimumWidth(look.px(260))
        self.done.clicked.connect(self.take)
        rule = Box(look, "border", None, 0)
        rule.setFixedHeight(1)
        self.panel.setLayout(
            column(
                head,
                row(*[(card, 1) for card in self.cards.values()]),
                row((left, 1), 16, pad),
                rule,
                row(back, "*", self.split, self.done),
                gap=gap + 2,
                margins=(24, 12, 24, 12) if low else (24, 20, 24, 20),
            )
        )
        money.watch(self.draw)
        self.draw()
        self.first = self.amount.edit

    def draw(self) -> None:
        """Show what the presenter holds."""
        look, money = self._look, self._money
        for method, card in self.cards.items():
            card.turn(on=method == money.method)
        self.amount.show_amount(money.typed)
        if self.trxid.text() != money.trxid:
            self.trxid.edit.setText(money.trxid)
        self.amount.edit.setPlaceholderText(look.money(money.rest_paisa()))
        self.trxid.setVisible(money.method != "cash")
        sums = money.round_sums() if money.method == "cash" else money.round_sums()[:1]
        for at, button in enumerate(self.sums):
            button.setVisible(at < len(sums))
            if at < len(sums):
                exact = look.word("exact", sum_paisa=sums[at]) if at == 0 else look.money(sums[at])
                button.relabel(exact)
                button.setProperty("paisa", sums[at])
        short = money.short_paisa()
        self.change_icon.change("alert-triangle" if short else "cash", "warn" if short else "ptext")
        self.change_word.setText(
            look.word("still_missing" if short else "give_change"), "warn" if short else "ptext"
        )
        self.change_sum.setText(look.money(short or money.change_paisa()), "warn" if short else "ptext")
        self.change_box.recolour("warnS" if short else "psoft", "warnL" if short else "pline")
        said_already = bool(self.fault.text()) and money.method != "cash"
        self.change_box.setVisible(money.method == "cash" or (bool(short) and not said_already))
        said = [
            f"{method_name(part.method, look.locale.lang)} {look.money(part.amount_paisa)}"
            for part in money.parts
        ]
        self.parts.setText(" + ".join(said))
        self.parts.setVisible(bool(said))
        self.fault.setVisible(bool(self.fault.text()))

    def take(self) -> None:
        """Hand the payments over."""
        try:
            payments = self._money.payments()
        except UserError as error:
            self._say(error)
            return
        printed = self.printed.isVisible() and self.printed.isChecked()
        self.close_dialog()
        self.taken.emit(payments, printed)

    def act(self, action: str) -> None:
        """F9 takes; Alt and a digit choose the method; Ctrl+P turns the receipt on and off."""
        if action in {"main", "main_print"}:
            if action == "main_print":
                self.printed.setChecked(True)
            self.take()
        elif action.startswith("favourite_"):
            at = int(action.removeprefix("favourite_")) - 1
            if at < len(METHODS):
                self._money.choose(METHODS[at])
        elif action == "print":
            self.printed.toggle()
        elif action == "undo" and self._money.parts:
            self._money.unsplit()
        else:
            super().act(action)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits go to the amount wherever the focus is."""
        if event.text().isdecimal():
            self._written(self._money.typed + event.text())
            self.amount.edit.setFocus()
            self.amount.edit.setCursorPosition(len(self.amount.text()))
        super().keyPressEvent(event)

    def close_dialog(self) -> None:
        """Leave without change."""
        self._money.unwatch(self.draw)
        super().close_dialog()

    def _say(self, error: UserError) -> None:
        self.fault.setText(self._look.sentence(error))
        self.draw()

    def _written(self, typed: str) -> None:
        self.fault.setText("")
        self._money.type(typed)

    def _sum(self) -> None:
        self.fault.setText("")
        self._money.set_sum(self.sender().property("paisa"))

    def _pressed(self) -> None:
        digit = self.sender().property("digit")
        typed = self._money.typed
        self._written(typed[:-1] if digit == "⌫" else typed + digit)

    def _split(self) -> None:
        self.fault.setText("")
        try:
            self._money.split()
        except UserError as error:
            self._say(error)
        self.amount.edit.setFocus()
