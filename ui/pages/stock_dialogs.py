"""Dialogs of the Stock page: quantities that came in, were counted or are damaged, and the whole history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from pos.domain.quantity import parse_counted, parse_quantity
from pos.errors import UserError
from ui.pages.sell_dialogs import FormDialog
from ui.pages.stock_pane import Moves
from ui.pages.stock_rows import MOVE_HEIGHT
from ui.widgets.arrange import column, row
from ui.widgets.button import Button, Segments
from ui.widgets.field import Field
from ui.widgets.overlay import Dialog
from ui.widgets.text import Paragraph, Text

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from pos.domain.times import Clock
    from pos.services.views import ProductView
    from ui.presenters.stock import Mode, Stock
    from ui.theme.look import Look

_EDGE = 16  # of the window, that every dialog keeps free
_TITLES = {"in": "goods_in", "count": "count_fix", "damage": "damaged"}
_HINTS = {"in": "goods_in_hint", "count": "count_hint", "damage": "damage_hint"}
_NOTES = {"in": "supplier_note", "count": "reason_note", "damage": "reason_note"}


class _Kind(QWidget):
    """One kind of the product: what is in the book, what is typed, and what that comes to."""

    def __init__(self, look: Look, sku: str, name: str, on_hand_milli: int, product: ProductView) -> None:
        super().__init__()
        self._look, self._product = look, product
        self.sku, self.on_hand_milli = sku, on_hand_milli
        self.field = Field(look, name, right=True, style="bodyb")
        self.field.setFixedWidth(look.px(120))
        self.comes_to = Text(look, "", "sm", "text3")
        self.comes_to.setFixedWidth(look.px(120))
        self._there = look.word("now_there", quantity=look.quantity(on_hand_milli, product.unit))
        self.line = Text(look, f"{sku} · {self._there}", "sm", "text3", elide=True)
        names = column(Text(look, name, "bodym", elide=True), self.line, gap=0)
        self.setLayout(row((names, 1), self.field, self.comes_to, gap=12))
        self.setFixedHeight(look.px(52))

    def show_unsent(self, milli: int) -> None:
        """What is sold and still lies on the shelf: it is counted too, and is in the book no more."""
        if milli:
            sold = self._look.word("sold_unsent", quantity=self._look.quantity(milli, self._product.unit))
            self.line.setText(f"{self.sku} · {self._there} · {sold}", "warn")

    def say(self, mode: Mode) -> None:
        """What the number comes to; nothing as long as it does not read."""
        look, text = self._look, self.field.text()
        said, token = "", "text3"
        try:
            if text.strip() and mode == "count":
                off = parse_counted(text, fractions=self._product.fractions, field="qty") - self.on_hand_milli
                said, token = look.word("differs", quantity=_signed(look, off)), "warn" if off else "ok"
            elif text.strip():
                more = parse_quantity(text, fractions=self._product.fractions, field="qty")
                after = self.on_hand_milli + (more if mode == "in" else -more)
                said = look.word("becomes", quantity=look.quantity(after, self._product.unit))
        except UserError:
            said = ""
        self.comes_to.setText(said, token)


def _signed(look: Look, milli: int) -> str:
    return ("+" if milli > 0 else "") + look.quantity(milli)


class QuantitiesDialog(FormDialog):
    """What came in, was counted or is damaged, of each kind of the product at hand; what was typed stays when the
    dialog is left.
    """

    def __init__(self, look: Look, over: QWidget, stock: Stock, mode: Mode) -> None:
        product = stock.product()
        assert product is not None
        super().__init__(look, over, look.word(_TITLES[mode]), look.word("save"), 600)
        self._stock, self.mode = stock, mode
        self.kinds: list[_Kind] = []
        self._left = False
        self.hint = Paragraph(look, "", "sm", "text2")
        self.body.addWidget(Text(look, look.either(product.name_bn, product.name_en), "bodyb", elide=True))
        self.which = Segments(
            look,
            [("count", look.word("count_fix"), "adjustments"), ("damage", look.word("damaged"), "trash")],
        )
        if mode == "in":
            self.which.hide()
        self.which.chosen.connect(self._which)
        self.body.addWidget(self.which)
        self.body.addWidget(self.hint)
        self.body.addWidget(self._rows(product))
        self.note = self.field(look.word(_NOTES[mode]), "")
        self.note.edit.textEdited.connect(self._note)
        self.show_mode(mode)
        self._fit()
        self.first = self.kinds[0].field.edit
        if mode == "count":
            stock.unsent(self._unsent)

    def _rows(self, product: ProductView) -> QWidget:
        look = self._look
        listed = QWidget()
        listed.setProperty("clear", True)
        layout = column(gap=4, margins=(0, 0, 8, 0))
        name = look.either(product.name_bn, product.name_en)
        wanted = [
            (v.sku, look.digits(" · ".join(p for p in (v.colour, v.size) if p)) or v.sku, v.on_hand_milli)
            for v in product.variants
        ] or [(product.sku, name, product.on_hand_milli)]
        for sku, kind, milli in wanted:
            one = _Kind(look, sku, kind, milli, product)
            one.field.edit.setProperty("sku", sku)
            one.field.edit.textEdited.connect(self._typed)
            one.field.edit.returnPressed.connect(self._enter)
            self.kinds.append(one)
            layout.addWidget(one)
        listed.setLayout(layout)
        self.list = QScrollArea()
        self.list.setWidget(listed)
        self.list.setWidgetResizable(True)
        self.list.setFrameShape(QScrollArea.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._wanted = layout.sizeHint().height() + 2
        return self.list

    def _fit(self) -> None:
        """The list is as high as it needs, as long as the window has room for what stands around it."""
        self.list.setFixedHeight(0)
        around = self.panel.sizeHint().height()
        room = self._window.height() - 2 * _EDGE - around - self._look.line("sm") - 12  # a fault may come
        self.list.setFixedHeight(max(self._look.px(56), min(room, self._wanted)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The window has another size."""
        super().resizeEvent(event)
        self._fit()

    def _unsent(self, by_sku: dict[str, int]) -> None:
        if not self._left:
            for kind in self.kinds:
                kind.show_unsent(by_sku.get(kind.sku, 0))

    def show_mode(self, mode: Mode) -> None:
        """Count, or note damage."""
        look = self._look
        self.mode = mode
        self.title.setText(look.word(_TITLES[mode]))
        self.hint.setText(look.word(_HINTS[mode]))
        if mode != "in":
            self.which.choose(mode)
        sheet = self._stock.sheet(mode)
        self.note.edit.setText(sheet.note)
        for kind in self.kinds:
            kind.field.edit.setText(sheet.typed.get(kind.sku, ""))
            kind.say(mode)

    def apply(self) -> str:
        """Carry it out."""
        self._stock.enter(self._stock.sheet(self.mode))
        return ""

    def close_dialog(self) -> None:
        """Leave; what is still being read comes too late."""
        self._left = True
        super().close_dialog()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """What takes the focus comes into view."""
        moved = super().focusNextPrevChild(forward)
        self._show_focus()
        return moved

    def _enter(self) -> None:
        super()._enter()
        self._show_focus()

    def _show_focus(self) -> None:
        for kind in self.kinds:
            if kind.field.edit.hasFocus():
                self.list.ensureWidgetVisible(kind)

    def _which(self, mode: str) -> None:
        self.show_mode("damage" if mode == "damage" else "count")
        self.fault.hide()

    def _typed(self, text: str) -> None:
        sku = self.sender().property("sku")
        self._stock.sheet(self.mode).typed[sku] = text
        self.fault.hide()
        for kind in self.kinds:
            if kind.sku == sku:
                kind.say(self.mode)

    def _note(self, text: str) -> None:
        self._stock.sheet(self.mode).note = text


class HistoryDialog(Dialog):
    """All movements of the product at hand; more are read as the list is scrolled."""

    def __init__(self, look: Look, over: QWidget, stock: Stock, clock: Clock) -> None:
        super().__init__(look, over, 640, look.word("stock_history"))
        self._stock = stock
        self._all = stock.history(None)
        product = stock.product()
        name = look.either(product.name_bn, product.name_en) if product is not None else ""
        self.moves = Moves(look, clock, walked=True)
        self.moves.rows.fill(self._all)
        self.moves.select(0)
        room = over.height() - look.px(200)
        self.moves.setFixedHeight(max(look.px(MOVE_HEIGHT) * 2, min(room, look.px(560))))
        self.moves.verticalScrollBar().valueChanged.connect(self._scrolled)
        leave = Button(look, look.word("go_back"), "ghost", key="Esc")
        leave.clicked.connect(self.close_dialog)
        self.panel.setLayout(
            column(
                Text(look, look.word("stock_history"), "h1"),
                Text(look, name, "sm", "text2", elide=True),
                self.moves,
                row("*", leave),
                gap=8,
                margins=(24, 20, 24, 16),
            )
        )
        self.first = self.moves

    def _scrolled(self, value: int) -> None:
        if value >= self.moves.verticalScrollBar().maximum() - 400 and self._all:
            more = self._stock.history(self._all[-1])
            if more:
                self._all = [*self._all, *more]
                self.moves.rows.fill(self._all)
