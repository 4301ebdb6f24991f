"""The Stock page: figures, tabs and the list to the left, the product at hand to the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget

from pos.errors import UserError
from ui import keys
from ui.pages.goods_files import FilesDialog
from ui.pages.page import PageView
from ui.pages.product import ProductDialog
from ui.pages.stock_bar import FilesButton, Tabs, drop_under
from ui.pages.stock_dialogs import HistoryDialog, QuantitiesDialog
from ui.pages.stock_pane import StockPane
from ui.pages.stock_rows import ROW_HEIGHT, ListHead, Tiles, draw_product, say_product
from ui.presenters.stock import SORTS
from ui.widgets.arrange import column, row
from ui.widgets.bars import TitleBar
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.field import Field
from ui.widgets.paged import Paged
from ui.widgets.rows import RowDelegate, Rows, RowsModel
from ui.widgets.text import Box

if TYPE_CHECKING:
    from pos.services.shelf import ShelfRow
    from pos.shop import Shop
    from ui.presenters.goods_files import GoodsFiles
    from ui.presenters.stock import Mode, Stock
    from ui.theme.look import Look
    from ui.widgets.ink import Ink

_WIDE = 1600
_ALL_WELL = {"low": "nothing_low", "out": "nothing_out"}


class StockPage(PageView):
    """What there is, and what is done about it."""

    name: ClassVar[str] = "stock"

    def __init__(self, look: Look, stock: Stock, files: GoodsFiles, shop: Shop) -> None:
        super().__init__(look, stock)
        self._stock, self._files, self._shop = stock, files, shop
        self.search = Field(
            look, look.word("search_products"), placeholder=look.word("search_products"), icon="search",
            key=keys.cap("search"),
        )  # fmt: skip
        self.search.setFixedWidth(look.px(280))
        self.search.edit.textEdited.connect(stock.type)
        self.search.edit.installEventFilter(self)
        self.in_out = FilesButton(look, files)
        self.in_out.chosen.connect(self.show_files)
        new = Button(look, look.word("new_product"), "primary", icon="plus", key=keys.cap("new"))
        new.clicked.connect(self.new_product)
        self.bar = TitleBar(look, look.word("page_stock"), self.search, self.in_out, new)
        self.tiles = Tiles(look)
        self.tabs = Tabs(look, tabs=True, height=40)
        self.tabs.chosen.connect(self._tab)
        self.sort = Button(look, "", "ghost", icon="sort-ascending", height=36)
        self.sort.clicked.connect(self._sort_menu)
        self.list = Rows(
            look, RowsModel(self._say), RowDelegate(look, ROW_HEIGHT, self._draw_row), look.word("stock_list")
        )
        self.head = ListHead(look, self.list)
        self.list.moved.connect(stock.choose)
        self.list.opened.connect(self._opened)
        self.first_new = Button(look, look.word("new_product"), "primary", icon="plus")
        self.first_new.clicked.connect(self.new_product)
        self.first_file = Button(look, look.word("from_excel"), icon="file-import")
        self.first_file.clicked.connect(self.in_out.import_file)
        self.nothing = EmptyState(look, "packages", self.first_new, self.first_file)
        box = Box(
            look, "surface", "border", 8,
            layout=column(self.head, (self.list, 1), (self.nothing, 1), self.make_toast_room(), gap=0,
                          margins=(1, 1, 1, 1)),
        )  # fmt: skip
        self.left = QWidget()
        self.left.setLayout(
            column(
                self.tiles, row((self.tabs, 1), self.sort, gap=8), (box, 1), gap=8, margins=(16, 12, 16, 12)
            )
        )
        self.pane = StockPane(look, stock, shop.desk.clock)
        self.pane.came_in.connect(self.goods_in)
        self.pane.counting.connect(self.count)
        self.pane.edited.connect(self.edit_product)
        self.pane.archived.connect(stock.archive)
        self.pane.all_moves.connect(self._history)
        self.pane.matrix.counted.connect(self._counted)
        self.pane.matrix.left.connect(self.list.setFocus)
        self.column.addWidget(self.bar)
        self.column.addLayout(row((self.left, 1), self.pane, gap=0), 1)
        self.toast_ground = self.left
        self._ids: list[bytes] | None = None
        files.watch(self._file_changed)

    def leave(self) -> None:
        """The page is thrown away."""
        self._files.unwatch(self._file_changed)
        super().leave()

    # ---- drawing -------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Show what the presenter holds."""
        stock = self._stock
        if self.search.edit.text() != stock.typed:
            self.search.edit.setText(stock.typed)
        if stock.ids is not self._ids:
            self._ids = stock.ids
            self.list.rows.fill(Paged(stock.ids, stock.rows))
        self.list.select(stock.at)
        self._figures()
        self.sort.relabel(self.look.word(f"sort_{stock.sort}"))
        self._nothing()
        focus = QApplication.focusWidget()
        if stock.detail is None and focus is not None and self.pane.isAncestorOf(focus):  # it goes away
            (self.search.edit if self.nothing.isVisible() else self.list).setFocus(
                Qt.FocusReason.OtherFocusReason
            )
        self.pane.draw()

    def _figures(self) -> None:
        look, summary = self.look, self._stock.summary
        if summary is None:
            return
        self.head.mark(marked=summary.marked > 0)
        self.bar.sub.setText(
            look.word("stock_counts", products=look.count(summary.all), variants=look.count(summary.skus))
        )
        units = [look.quantity(milli, unit) for unit, milli in summary.by_unit.items()]
        pieces = look.quantity(summary.pieces_milli, "pcs")
        low, out = (
            look.word("one_product" if n == 1 else "n_products", products=look.count(n))
            for n in (summary.low, summary.out)
        )
        self.tiles.fill(
            [
                ("packages", "ok", look.word("tile_in_hand"), pieces),
                ("currency-taka", "info", look.word("tile_value"), look.money(summary.cost_paisa)),
                ("alert-triangle", "warn", look.word("tile_low"), low),
                ("circle-x", "danger", look.word("tile_out"), out),
            ],
            ", ".join(units),
        )
        items: list[tuple[str, str, int | None]] = [
            ("all", look.word("all"), summary.all),
            ("low", look.word("low_stock"), summary.low),
            ("out", look.word("out_of_stock"), summary.out),
        ]
        for name, count in summary.categories.items():
            word = look.word_or(f"category_{name}", name) if name else look.word("no_category")
            items.append((f"category:{name}", word, count))
        if summary.archived or self._stock.tab == "archived":
            items.append(("archived", look.word("archived_tab"), summary.archived))
        self.tabs.fill(items, self._stock.tab_code())

    def _nothing(self) -> None:
        """Three different texts: no product at all, none that answers, and all is well."""
        look, stock = self.look, self._stock
        empty = stock.listed and not stock.ids
        if empty and self.list.hasFocus():  # else Qt would hand it to whatever comes next
            self.search.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.head.setVisible(not empty)
        self.list.setVisible(not empty)
        self.nothing.setVisible(empty)
        if not empty:
            return
        whole = stock.tab == "all" and stock.category is None
        if stock.typed.strip():
            line, hint = look.word("no_match", text=stock.typed.strip()[:60]), ""
        elif whole:
            line, hint = look.word("no_products_yet"), look.word("no_products_hint")
        else:
            line, hint = look.word(_ALL_WELL.get(stock.tab, "nothing_here")), ""
        self.nothing.say(line, hint)
        self.first_new.setVisible(whole)
        self.first_new.relabel(look.word("add_as_new" if stock.typed.strip() else "new_product"))
        self.first_file.setVisible(whole and not stock.typed.strip())

    def _say(self, shown: ShelfRow | None) -> str:
        return say_product(self.look, shown)

    def _draw_row(self, ink: Ink, rect: QRect, shown: ShelfRow | None, selected: bool) -> None:
        picture = self._stock.picture(shown.product) if shown is not None else None
        draw_product(
            ink, rect, shown, picture, selected=selected, focus=self.list.hasFocus(), marked=self.head.marked
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The pane keeps its width as long as the list has room."""
        super().resizeEvent(event)
        look, window = self.look, self.width() + self.look.px(88)
        width = look.px(480 if window >= _WIDE else 424)
        self.pane.setFixedWidth(min(width, round(self.width() * 0.4)))
        self.pane.draw()

    # ---- keys ----------------------------------------------------------------------------------------

    def arrive(self) -> None:
        """Read what has changed meanwhile, and stand in the list."""
        self._stock.refresh()
        (self.search.edit if self._stock.listed and not self._stock.ids else self.list).setFocus(
            Qt.FocusReason.OtherFocusReason
        )

        self._file_changed()  # a file may have been looked through while another page was shown

    def act(self, action: str) -> bool:
        """What the keys of this page do."""
        acts = {
            "search": self.focus_search,
            "main": self.goods_in,
            "edit": self.edit_product,
            "count": self.count,
            "new": self.new_product,
            "undo": self._undo,
            "redo": self._stock.redo,
            "back": self._back,
        }
        if action not in acts:
            return False
        acts[action]()
        return True

    def scan(self, code: str) -> bool:
        """A barcode brings its product to hand, whatever the list showed."""
        found = self._shop.catalogue.find(code, limit=1)
        if not found or found[0].matched is None:
            return False
        self._stock.bring(found[0].product.id.bytes)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def focus_search(self) -> None:
        """Type what to look for."""
        self.search.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.edit.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list while typing goes on; Enter goes there."""
        if event.type() != QEvent.Type.KeyPress or watched is not self.search.edit:
            return super().eventFilter(watched, event)
        assert isinstance(event, QKeyEvent)
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 5, Qt.Key.Key_PageUp: -5}
        key, plain = Qt.Key(event.key()), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and key in steps:
            self._stock.move(steps[key])
            return True
        if plain and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self._stock.ids:
                self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return super().eventFilter(watched, event)

    def _back(self) -> None:
        """One step: the number being typed, the grid, the search, the tab."""
        matrix = self.pane.matrix
        if matrix.typing():
            matrix.stop()
        elif matrix.hasFocus() or self._stock.back() or self.search.edit.hasFocus():
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _undo(self) -> None:
        """In the search the typing there is undone first."""
        edit = QApplication.focusWidget()
        if isinstance(edit, QLineEdit) and edit.isUndoAvailable():
            edit.undo()
            if edit is self.search.edit:
                self._stock.type(edit.text())
        else:
            self._stock.undo()

    def _opened(self, _at: int) -> None:
        """Enter on a product: into its sizes and colours, or its count where it has none."""
        if self.pane.matrix.isVisible() and self.pane.matrix.isEnabled():
            self.pane.area.ensureWidgetVisible(self.pane.matrix)
            self.pane.matrix.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.count()

    def _tab(self, code: str) -> None:
        self._stock.choose_tab(code)

    # ---- acts ----------------------------------------------------------------------------------------

    def _counted(self, sku: str, text: str) -> None:
        try:
            self._stock.count(sku, text)
        except UserError as error:
            matrix = self.pane.matrix
            matrix.begin(text)
            matrix.say(self.look.sentence(error))

    def goods_in(self) -> None:
        """Goods came in."""
        self._quantities("in")

    def count(self) -> None:
        """Count what is there."""
        self._quantities("count")

    def _quantities(self, mode: Mode) -> None:
        detail = self._stock.detail
        if detail is not None and not detail.row.archived:
            self.open_dialog(QuantitiesDialog(self.look, self.window(), self._stock, mode))

    def new_product(self) -> None:
        """Write a new product."""
        form = self._stock.new_form()
        typed = self._stock.typed.strip()
        if typed and not form.touched and not self._stock.ids:
            form.type("name_bn", typed)
            form.touched = False
        self.open_dialog(ProductDialog(self.look, self.window(), form))

    def edit_product(self) -> None:
        """Change the product at hand."""
        form = self._stock.edit_form()
        if form is not None:
            self.open_dialog(ProductDialog(self.look, self.window(), form))

    def _history(self) -> None:
        self.open_dialog(HistoryDialog(self.look, self.window(), self._stock, self._shop.desk.clock))

    # ---- order and files -----------------------------------------------------------------------------

    def _sort_menu(self) -> None:
        menu = QMenu(self)
        for sort in SORTS:
            item = menu.addAction(self.look.word(f"sort_{sort}"))
            item.setCheckable(True)
            item.setChecked(sort == self._stock.sort)
            item.setData(sort)
        menu.triggered.connect(self._sorted)
        drop_under(menu, self.sort)

    def _sorted(self, item: QAction) -> None:
        self._stock.choose_sort(item.data())

    def show_files(self) -> None:
        """The dialog of the file that is looked through."""
        self.open_dialog(FilesDialog(self.look, self.window(), self._files))

    def _file_changed(self) -> None:
        if self._files.state == "done":
            self._stock.refresh()
        elif self._files.state in {"ready", "failed"} and self._dialog is None and self.isVisible():
            self.show_files()
