"""The Sell page: search and favourites to the left, the cart to the right, the market day on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from pos.domain.money import plain_money
from pos.domain.times import dhaka_day
from ui.pages.page import PageView
from ui.pages.sell_buyer import BUYER_FIELDS
from ui.pages.sell_cart import CartPane
from ui.pages.sell_hat import MarketDay, is_over
from ui.pages.sell_rows import (
    ROW_HEIGHT,
    QuestionRow,
    ResultRow,
    Tile,
    VariantRow,
    draw_result,
    say_row,
)
from ui.pages.threshold import CART_WIDTH, search_field
from ui.widgets.arrange import column, row
from ui.widgets.bars import Avatar
from ui.widgets.button import Button, Pills
from ui.widgets.empty_state import EmptyState
from ui.widgets.rows import RowDelegate, Rows, RowsModel
from ui.widgets.text import Box, Icon, Text

if TYPE_CHECKING:
    from pathlib import Path

    from pos.services.views import ProductView
    from pos.shop import Shop
    from ui.presenters.sell import Sell
    from ui.theme.look import Look
    from ui.widgets.find_box import FindBox

_WIDE = 1600
_TILE = 180  # less cuts the names of favourites short


class SellPage(PageView):
    """Every order by the keyboard alone: search, Enter, phone, Enter, F9."""

    name: ClassVar[str] = "sell"
    unknown = Signal(str)  # the words of a product that is to be made
    stocking = Signal()  # to the page where products are

    def __init__(self, look: Look, sell: Sell, shop: Shop, find: FindBox) -> None:
        super().__init__(look, sell)
        self._sell, self._shop, self._find = sell, shop, find
        self._shown: list[object] = []
        self.me = Avatar(look, shop.desk.operator.name, 36)
        self.hat = MarketDay(look, find, self.me)
        self.search = search_field(look)
        self.search.edit.setText(sell.typed)
        self.search.edit.textEdited.connect(sell.type)
        self.search.edit.installEventFilter(self)
        self.pills = Pills(look)
        self.pills.chosen.connect(self._category)
        self.found = Text(look, "", "sm", "text3")
        self.results = Rows(
            look, RowsModel(self._say), RowDelegate(look, ROW_HEIGHT, draw_result), look.word("results")
        )
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.clicked.connect(self._clicked)
        self.list_box = Box(
            look, "surface", "border", 8, layout=column(self.results, gap=0, margins=(1, 1, 1, 1))
        )
        self.nothing = QWidget()
        self.no_match = Text(look, "", "body", "text2", elide=True)
        self.as_new = Button(look, look.word("add_as_new"), icon="plus")
        self.as_new.clicked.connect(self._as_new)
        self.nothing.setLayout(row((self.no_match, 1), self.as_new, gap=12))
        self.best = QWidget()
        self.best_word = Text(look, "", "bodyb", "text2")
        self.best.setLayout(
            row(
                Icon(look, "star", 18, "text3"), self.best_word, "*",
                Text(look, look.word("alt_digits"), "sm", "text3"), gap=6,
            )
        )  # fmt: skip
        self.tiles = [Tile(look, at) for at in range(16)]
        self.grid = QGridLayout()
        self.grid.setSpacing(8)
        for tile in self.tiles:
            tile.clicked.connect(sell.add_favourite)
        self.first_new = Button(look, look.word("new_product"), "primary", icon="plus")
        self.first_new.clicked.connect(lambda: self.unknown.emit(""))
        self.to_stock = Button(look, look.word("page_stock"), icon="packages")
        self.to_stock.clicked.connect(self.stocking)
        self.empty = EmptyState(look, "packages", self.first_new, self.to_stock)
        self.empty.say(look.word("no_products_yet"), look.word("no_products_hint"))
        self.left = QWidget()
        self.left.setLayout(
            column(
                self.search, row((self.pills, 1), self.found), self.list_box, self.nothing, self.best, self.grid,
                (self.empty, 1), "*", gap=12, margins=(16, 16, 16, 12),
            )
        )  # fmt: skip
        self.cart = CartPane(look, sell, look.px(CART_WIDTH))
        self.cart.ordered.connect(self._order)
        self.cart.held.connect(sell.hold)
        self.cart.listed.connect(self._held)
        self.cart.edited.connect(self._edit_line)
        self.cart.discounted.connect(self._discount)
        self.cart.delivered.connect(self._delivery)
        self.cart.buyer.done.connect(self.focus_search)
        self.column.addWidget(self.hat)
        self.column.addLayout(row((self.left, 1), self.cart, gap=0), 1)
        self.toast_ground = self.left
        sell.on_focus = self._focus_on
        self._columns = 0

    def _as_new(self) -> None:
        self.unknown.emit(self._sell.times()[1].strip())

    # ---- drawing -------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Show what the presenter holds."""
        sell, look = self._sell, self.look
        if self.search.edit.text() != sell.typed:
            self.search.edit.setText(sell.typed)
        self.me.change(self._shop.desk.operator.name)
        words = sell.times()[1]
        self.pills.fill(
            [("", look.word("all"), None)]
            + [(c.code, look.word_or(f"category_{c.code}", c.code), None) for c in sell.categories if c.code],
            sell.category,
        )
        self._shown, selected = self._rows(words)
        self.results.rows.fill(self._shown)
        self.results.select(selected)
        asked = bool(words.strip() or sell.category)
        self.list_box.setVisible(bool(self._shown))
        self.nothing.setVisible(asked and not self._shown and not sell.waiting)
        self.empty.setVisible(not asked and not sell.categories and not sell.waiting)
        self.no_match.setText(look.word("no_match", text=words))
        if sell.whole:
            self.found.setText(look.word("n_found", found=len(sell.found)) if asked and sell.found else "")
        self._fit()
        self._tiles()
        self.cart.draw()
        self._board()
        self.tick()

    def _rows(self, words: str) -> tuple[list[object], int]:
        sell = self._sell
        if sell.asking is not None:
            return [QuestionRow(sell.asking, *sell.there_and_asked(sell.asking))], 0
        if sell.picking is not None:
            product = sell.picking
            head = ResultRow(product, words, self._picture(product))
            return [head, *(VariantRow(product, v) for v in product.variants)], sell.variant_at + 1
        return [ResultRow(hit.product, words, self._picture(hit.product)) for hit in sell.found], sell.chosen

    def _picture(self, product: ProductView) -> Path | None:
        return self._shop.pictures.of(product.id)

    def _say(self, shown: object) -> str:
        return say_row(self.look, shown)

    def _tiles(self) -> None:
        favourites = self._sell.favourites
        for at, tile in enumerate(self.tiles):
            product = favourites[at] if at < len(favourites) and at < self._room else None
            picture = self._shop.pictures.of(product.id) if product is not None else None
            tile.show_product(product, self._sell.cart.count_of(product.sku) if product else 0, picture)
        self.best.setVisible(self._room > 0 and bool(favourites))
        self.best_word.setText(self.look.word("best_sellers" if self._sell.sold_before else "your_products"))

    def _board(self) -> None:
        board = self._sell.board
        if board is not None:
            self.hat.show_board(board, dhaka_day(self._shop.desk.clock.now_ms()))

    def tick(self) -> None:
        """The countdown goes on."""
        board, now_ms = self._sell.board, self._shop.desk.clock.now_ms()
        if board is None:
            return
        if is_over(board, now_ms):
            self._sell.refresh()
        else:
            self.hat.show_time(board, now_ms)

    # ---- room ----------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is low gives way: favourites first, then results."""
        super().resizeEvent(event)
        wide = self.width() + self.look.px(88) >= _WIDE
        self.cart.setFixedWidth(self.look.px(480 if wide else CART_WIDTH))
        self._find.spread(wide=wide)
        self._fit()
        self._tiles()

    def _fit(self) -> None:
        """How many rows of results and favourites there is room for."""
        look = self.look
        wide = self.width() + look.px(88) >= _WIDE
        columns = 4 if wide else max(1, min(3, (self.width() - self.cart.width() - 32) // look.px(_TILE)))
        if columns != self._columns:
            self._columns = columns
            for at, tile in enumerate(self.tiles):
                self.grid.addWidget(tile, at // columns, at % columns)
            for at in range(4):
                self.grid.setColumnStretch(at, 1 if at < columns else 0)
        room = self.height() - look.px(68) - 28 - look.px(48) - 12 - look.px(36) - 12
        shown = len(self._shown) if self._shown else 1 if self.nothing.isVisible() else 0
        row_high, tile_high, head = look.px(ROW_HEIGHT), look.px(72) + 8, look.line("bodyb") + 24
        wanted = min(shown, 5)
        results = wanted * row_high + 14 if wanted else 0
        tile_rows = max(0, (room - results - head) // tile_high)
        if wanted > 3 and tile_rows < 1:
            results = 3 * row_high + 14
            tile_rows = max(0, (room - results - head) // tile_high)
            wanted = 3
        if wanted:
            spare = room - results - (head + tile_rows * tile_high if tile_rows else 0)
            extra = min(len(self._shown) - wanted, max(0, spare) // row_high) if self._shown else 0
            self.list_box.setFixedHeight((wanted + max(0, extra)) * row_high + 2)
        self._room = int(min(tile_rows, 4)) * columns

    _room = 0

    # ---- keys ----------------------------------------------------------------------------------------

    def arrive(self) -> None:
        """Draw, and type on."""
        self.draw()
        self.focus_search()

    def focus_search(self) -> None:
        """Where every sale begins."""
        self.search.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def act(self, action: str) -> bool:
        """What the keys of this page do."""
        acts = {
            "search": self.focus_search,
            "customer": self.cart.buyer.write,
            "edit": self._edit_line,
            "hold": self._sell.hold,
            "held": self._held,
            "discount": self._discount,
            "main": self._order,
            "main_print": self._order_print,
            "into_cart": self.cart.lines.setFocus,
            "back_to_search": self.focus_search,
            "undo": self._undo,
            "redo": self._sell.redo,
            "back": self._back,
            "new": self._sell.begin,
        }
        if action in acts:
            acts[action]()
            return True
        if action.startswith("favourite_"):
            self._sell.add_favourite(int(action.removeprefix("favourite_")) - 1)
            self.focus_search()
            return True
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list while typing goes on; Enter adds."""
        if event.type() != QEvent.Type.KeyPress or watched is not self.search.edit:
            return super().eventFilter(watched, event)
        assert isinstance(event, QKeyEvent)
        key, plain = event.key(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 5, Qt.Key.Key_PageUp: -5}
        if plain and key in steps and self._shown:
            self._sell.move(steps[Qt.Key(key)])
            return True
        if plain and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._sell.enter()
            return True
        return super().eventFilter(watched, event)

    def scan(self, code: str) -> bool:
        """Straight into the cart, wherever the focus is."""
        return self._sell.scan(code)

    # ---- acts ----------------------------------------------------------------------------------------

    def _category(self, code: str) -> None:
        self._sell.choose_category(code)
        self.focus_search()

    def _clicked(self, index: object) -> None:
        at = index.row()  # type: ignore[attr-defined]
        sell = self._sell
        if sell.asking is not None:
            sell.take_anyway()
        elif sell.picking is not None:
            if at > 0:
                sell.variant_at = at - 1
                sell.enter()
        else:
            sell.pick(at)
        self.focus_search()

    def _order(self) -> None:
        self._take(printed=False)

    def _order_print(self) -> None:
        self._take(printed=True)

    def _take(self, *, printed: bool) -> None:
        sell = self._sell
        if not sell.ready():
            self.focus_search()
            return
        if sell.needs_money() and not printed:
            from ui.pages.payment import PaymentDialog
            from ui.presenters.payment import TakeMoney

            money = TakeMoney(sell.total_paisa())
            who = sell.cart.buyer.name or sell.phone() or self.look.word("walk_in")
            dialog = PaymentDialog(self.look, self.window(), money, who, printer=self._printer())
            dialog.taken.connect(self._paid)
            self.open_dialog(dialog)
        else:
            sell.take(printed=printed)

    def _paid(self, payments: list[object], printed: bool) -> None:
        self._sell.take(payments, printed=printed)  # type: ignore[arg-type]

    def _printer(self) -> str:
        values = self._shop.desk.device.all()
        return (
            str(values["printer.address"] or values["printer.name"])
            if values["printer.kind"] != "none"
            else ""
        )

    def _edit_line(self) -> None:
        if self._sell.cart.lines:
            from ui.pages.sell_dialogs import LineDialog

            self.open_dialog(LineDialog(self.look, self.window(), self._sell))

    def _discount(self) -> None:
        if self._sell.cart.lines:
            from ui.pages.sell_dialogs import DiscountDialog

            self.open_dialog(DiscountDialog(self.look, self.window(), self._sell))

    def _delivery(self) -> None:
        from ui.pages.sell_dialogs import DeliveryDialog

        charges: dict[str, str] = {
            choice.area: plain_money(choice.charge_paisa).removesuffix(".00")
            for choice in self._shop.counter.delivery_choices()
        }
        self.open_dialog(DeliveryDialog(self.look, self.window(), self._sell, charges))

    def _held(self) -> None:
        from ui.pages.sell_dialogs import HeldDialog

        dialog = HeldDialog(self.look, self.window(), self._sell.held())
        dialog.chosen.connect(self._sell.recall)
        self.open_dialog(dialog)

    def _undo(self) -> None:
        """In a field the typing there is undone first."""
        edit = self.window().focusWidget()
        if isinstance(edit, QLineEdit) and edit is not self.search.edit and edit.isUndoAvailable():
            edit.undo()
        elif self.search.edit.text() and self.search.edit.isUndoAvailable():
            self.search.edit.undo()
            self._sell.type(self.search.edit.text())
        else:
            self._sell.undo()

    def _back(self) -> None:
        if self.cart.buyer.writing():
            self.cart.buyer.close_fields()
        else:
            self._sell.back()
        self.focus_search()

    def _focus_on(self, where: str) -> None:
        """Go to the first problem, or back to the search."""
        if where in BUYER_FIELDS:
            self.cart.buyer.write()
            self.cart.buyer.fields[where].edit.setFocus()
        elif where == "amount":
            self.cart.pay.advance.amount.edit.setFocus()
        elif where == "trxid":
            self.cart.pay.advance.trxid.edit.setFocus()
        elif where == "cart":
            self.cart.lines.setFocus()
        else:
            self.cart.buyer.close_fields()
            self.focus_search()
