"""The window: rail, pages, status bar, banners, keys, and what happens when something goes wrong in it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
    QGuiApplication,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from pos.domain.times import dhaka_day
from pos.errors import PosError
from pos.l10n.sentences import support_code
from ui import keys
from ui.notices import Banner, Notices
from ui.pages.page import Pages
from ui.pages.threshold import LOWER, UPPER, Threshold
from ui.presenters.needs import Watched
from ui.presenters.who import Who
from ui.tasks import as_pos_error
from ui.theme.look import look_of
from ui.theme.sheet import dress
from ui.widgets.arrange import column, row
from ui.widgets.banner import BannerBar
from ui.widgets.bars import Rail, StatusBar, initial
from ui.widgets.scanner import Scanner

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pos.printing.spooler import Spooler
    from pos.services.views import OrderView
    from pos.shop import Shop
    from ui.pages.backup_restore import Curtain
    from ui.pages.page import PageView
    from ui.pages.who import WhoDialog
    from ui.presenters.backup import Backup
    from ui.presenters.finder import Found
    from ui.presenters.goods_files import GoodsFiles
    from ui.presenters.order import Order
    from ui.presenters.orders import Orders
    from ui.presenters.printing import Printing
    from ui.presenters.settings import Settings
    from ui.presenters.steps import Steps
    from ui.presenters.stock import Stock
    from ui.tasks import Tasks
    from ui.theme.look import Look

SMALLEST = (1280, 640)
_TICK_MS = 1000
_REST_MS = 300  # once the first page has been drawn
_BARCODE_DIGITS = 6
_BACKUP_EVERY_TICKS = 60  # whether one is due is asked every minute


class Shell(QMainWindow):
    """The whole window. It is drawn before the shop is open, which takes the store's libraries some time."""

    def __init__(self, look: Look, tasks: Tasks, notices: Notices) -> None:
        super().__init__()
        self.look, self.tasks, self.notices = look, tasks, notices
        self.setMinimumSize(*SMALLEST)
        self.setWindowTitle("হাটখাতা")
        dress(look)
        self.threshold: Threshold | None = Threshold(look)
        self.setCentralWidget(self.threshold)
        self.threshold.setFocus()

    def enter(self, shop: Shop) -> None:
        """The shop is open: its pages take the place, with what was typed meanwhile."""
        from ui.presenters.sell import Sell
        from ui.presenters.thumbs import Thumbs

        tasks, notices = self.tasks, self.notices
        self.shop = shop
        self.sell = Sell(shop, tasks, notices, self.look)
        self.sell.on_print = self._print_receipt
        self.thumbs = Thumbs(shop)
        self._away = False
        self._curtain: Curtain | None = None
        self._gate: WhoDialog | None = None
        self.page_name = "sell"
        self._ticks = self._low = 0
        self._backup_at: int | None = None
        self._second_said = ""
        self.pages = Pages({}, QStackedWidget())
        self._shortcuts: list[tuple[QShortcut, keys.Action]] = []
        self.setWindowTitle(f"{shop.configuration.shop().name} – হাটখাতা")
        self._make_shortcuts()
        self.scanner = Scanner(self, self._scanned)
        typed = self.threshold.search.edit.text() if self.threshold is not None else ""
        self.threshold = None
        self.build()
        if typed:
            self.sell.type(typed)
        notices.toasted.connect(self._toast)
        notices.changed.connect(self._banners)
        tasks.failed.connect(self.fault)
        tasks.crashed.connect(self.crashed)
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self._tick)
        self._clock.start()
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._scheme_changed)

    def start(self) -> None:
        """Ask who is there if that is asked, and read what the first page shows; the window is there already."""
        self.ask_who()
        self.sell.start()
        self.tasks.later("rest", _REST_MS, self._start_rest)

    def _start_rest(self) -> None:
        self.stock.sum_up()
        self.tasks.read(self._last_backup, self._backup_known)

    # ---- what stands behind the pages ----------------------------------------------------------------

    # The first page opens without the others' presenters, each made when it is first asked for. They outlive
    # their pages, which are made anew with every look.

    @cached_property
    def printing(self) -> Printing:
        """Papers, for all pages."""
        from ui.presenters.printing import Printing

        return Printing(self.shop, self.tasks, self.notices, self.look, self._spooler(), _reveal)

    @cached_property
    def steps(self) -> Steps:
        """Moving orders on."""
        from ui.presenters.steps import Steps

        return Steps(self.shop, self.tasks, self.notices, self.look)

    @cached_property
    def orders(self) -> Orders:
        """The list of orders."""
        from ui.presenters.orders import Orders

        orders = Orders(self.shop, self.tasks, self.notices, self.look, self.steps, self.printing)
        orders.on_open = self.open_order
        return orders

    @cached_property
    def order(self) -> Order:
        """One order."""
        from ui.presenters.order import Order

        return Order(self.shop, self.tasks, self.notices, self.look, self.steps, self.printing)

    @cached_property
    def stock(self) -> Stock:
        """Goods on hand."""
        from ui.presenters.stock import Stock

        stock = Stock(self.shop, self.tasks, self.notices, self.look)
        stock.on_low = self._low_stock
        return stock

    @cached_property
    def goods_files(self) -> GoodsFiles:
        """Catalogue files in and out."""
        from ui.presenters.goods_files import GoodsFiles

        return GoodsFiles(self.shop, self.tasks, self.notices, self.look)

    @cached_property
    def settings(self) -> Settings:
        """Settings."""
        from ui.presenters.settings import Settings

        settings = Settings(self.shop, self.tasks, self.notices, self.look, self._spooler())
        settings.on_look = self.relook
        settings.on_kept = self._setting_kept
        return settings

    @cached_property
    def backup(self) -> Backup:
        """Backups made and put back."""
        from ui.presenters.backup import Backup

        backup = Backup(self.shop, self.tasks, self.notices, self.look)
        backup.while_closed = self.while_closed
        backup.on_status = self._backup_known
        return backup

    def _spooler(self) -> Spooler:
        from ui.printers import QtSpooler

        return QtSpooler()

    def _print_receipt(self, order: OrderView) -> None:
        self.printing.receipt(order)

    # ---- the look ------------------------------------------------------------------------------------

    def relook(self) -> None:
        """Settings of theme, language or text size have changed: everything is drawn anew, nothing is lost."""
        self.look = look_of(self.shop.desk.device.all())
        for made in vars(self).values():
            if isinstance(made, Watched):
                made.look = self.look
        self.build()

    def build(self) -> None:
        """Make every page anew from its presenter."""
        dress(self.look)
        self.pages.leave()
        look = self.look
        mark = initial(self.shop.configuration.shop().name)
        self.rail = Rail(look, mark, UPPER, LOWER)
        self.rail.chosen.connect(self.go)
        self.status = StatusBar(look)
        self._stack = QStackedWidget()
        self.pages = Pages(
            {
                "sell": self._sell_page,
                "orders": self._orders_page,
                "order": self._order_page,
                "stock": self._stock_page,
                "settings": self._settings_page,
                "backup": self._backup_page,
            },
            self._stack,
        )
        self._banner_place = QVBoxLayout()
        self._banner_place.setSpacing(0)
        middle = column(self._banner_place, (self._stack, 1), self.status, gap=0)
        whole = QWidget()
        whole.setLayout(row(self.rail, (middle, 1), gap=0))
        self.setCentralWidget(whole)
        self._banners()
        self._low_stock(self._low)
        self.go(self.page_name)
        gate, self._gate = self._gate, None
        if gate is not None:
            gate.close_dialog()
            self._ask(gate.who)

    def _sell_page(self) -> PageView:
        from ui.pages.sell import SellPage
        from ui.widgets.find_box import FindBox

        word = self.look.word
        find = FindBox(
            self.look, word("find_anything"), word("find_anything_long"), keys.cap("find_anything")
        )
        find.clicked.connect(self.find_anything)
        page = SellPage(self.look, self.sell, self.shop, find)
        page.unknown.connect(self._product_named)
        return page

    def _orders_page(self) -> PageView:
        from ui.pages.orders import OrdersPage

        page = OrdersPage(self.look, self.orders, self.shop, self.thumbs)
        page.selling.connect(self._sell_on)
        return page

    def _order_page(self) -> PageView:
        from ui.pages.order import OrderPage

        page = OrderPage(self.look, self.order, self.shop, self.thumbs)
        page.left.connect(self._to_orders)
        return page

    def _stock_page(self) -> PageView:
        from ui.pages.stock import StockPage

        return StockPage(self.look, self.stock, self.goods_files, self.shop)

    def _settings_page(self) -> PageView:
        from ui.pages.settings import SettingsPage

        return SettingsPage(self.look, self.settings)

    def _backup_page(self) -> PageView:
        from ui.pages.backup import BackupPage

        return BackupPage(self.look, self.backup)

    def _setting_kept(self, key: str) -> None:
        """What other pages made of a setting is made anew."""
        if key == "shop.name":
            self.setWindowTitle(f"{self.shop.configuration.shop().name} – হাটখাতা")
        self.refresh()

    def while_closed(
        self, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[PosError], None]
    ) -> None:
        """Do what needs the shop closed, behind a curtain; then it is opened anew, whatever came of the work."""
        from ui.pages.backup_restore import Curtain

        self._away = True
        self._clock.stop()
        curtain = self._curtain = Curtain(self.look, self)
        self.page().open_dialog(curtain)
        while self.tasks.busy():
            self.tasks.settle()
            QCoreApplication.sendPostedEvents(self.tasks)
        self.shop.close()

        def came(result: Any) -> None:
            self._open_anew(lambda: done(result))

        def went_wrong(error: PosError) -> None:
            self._open_anew(lambda: failed(error))

        self.tasks.write(lambda: self._as_told(work), came, went_wrong)

    def _as_told(self, work: Callable[[], Any]) -> Any:
        """What `work` gives; a bug in it is an error with a sentence as well, since the shop must open again."""
        try:
            return work()
        except PosError:
            raise
        except Exception as error:
            self.shop.log.crash("while_closed", error)
            self.shop.log.close()
            raise as_pos_error(error) from error

    def _open_anew(self, then: Callable[[], None]) -> None:
        """Open the shop; where that fails the curtain says so, and offers to try again or to leave."""
        curtain = self._curtain
        assert curtain is not None

        def opened(_nothing: object) -> None:
            self._away, self._curtain = False, None
            curtain.take_away()
            self.relook()
            self.refresh()
            self._clock.start()
            then()
            self.ask_who()

        def shut(error: PosError) -> None:
            curtain.show_trouble(error, lambda: self._open_anew(then), self.close)

        curtain.show_work()
        self.tasks.write(lambda: self._as_told(self.shop.reopen), opened, shut)

    def ask_who(self) -> None:
        """Where anybody has a PIN, whoever opens the shop says who he is before anything else is done."""
        who = Who(self.shop, self.tasks, self.look)
        if who.asked():
            self._ask(who)

    def _ask(self, who: Who) -> None:
        from ui.pages.who import WhoDialog

        who.look, who.on_known = self.look, self._known
        self._shut(True)
        self._gate = WhoDialog(self.look, self, who, self.shop.configuration.shop().name)
        self._gate.open()

    def _shut(self, shut: bool) -> None:
        whole = self.centralWidget()
        assert whole is not None
        whole.setEnabled(not shut)

    def _known(self) -> None:
        gate, self._gate = self._gate, None
        if gate is not None:
            self._shut(False)
            gate.close_dialog()
            self.refresh()
            self.page().arrive()

    # ---- pages and keys ------------------------------------------------------------------------------

    def page(self) -> PageView:
        """The page that is shown."""
        return self.pages[self.page_name]

    def go(self, name: str) -> None:
        """Show a page."""
        if name not in self.pages:
            return
        self.page_name = name
        self.rail.show_page("orders" if name == "order" else name)
        self._stack.setCurrentWidget(self.pages[name])
        for shortcut, action in self._shortcuts:
            shortcut.setEnabled(name in action.pages)
        self.pages[name].arrive()
        self._status()

    def _low_stock(self, products: int) -> None:
        self._low = products
        self.rail.items["stock"].show_state(on=self.page_name == "stock", count=products)

    def open_order(self, number: str) -> None:
        """Show one order."""
        try:
            self.order.open(number)
        except PosError as error:
            self.fault(error)
        else:
            self.go("order")

    def _sell_on(self) -> None:
        self.go("sell")
        self.sell.begin()

    def _product_named(self, words: str) -> None:
        self._new_product("name_bn", words)

    def _new_product(self, field: str, typed: str) -> None:
        """Write what nobody knows yet as a new product; one that was left half written is gone on with."""
        from ui.pages.product import ProductDialog

        self.notices.clear("scan")
        form = self.stock.new_form()
        if typed and not form.touched:
            form.type(field, typed)
            form.touched = False  # nobody has written anything yet
        self.page().open_dialog(ProductDialog(self.look, self, form))

    def _to_orders(self) -> None:
        self.go("orders")

    def _make_shortcuts(self) -> None:
        for action in keys.ACTIONS:
            for key in () if action.own else action.keys:
                shortcut = QShortcut(QKeySequence(key), self)
                shortcut.setAutoRepeat(False)
                shortcut.setProperty("action", action.name)
                shortcut.activated.connect(self._pressed)
                self._shortcuts.append((shortcut, action))

    def _pressed(self) -> None:
        self.act(self.sender().property("action"))

    def act(self, action: str) -> None:
        """Carry out an action: the dialog's if one is open, else the page's, else the window's."""
        dialog = self._gate or self.page().dialog()
        if dialog is not None:
            dialog.act(action)
        elif action.startswith("page_"):
            self.go(action.removeprefix("page_"))
        elif not self.page().act(action):
            if action == "full_screen":
                self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
            elif action == "help":
                from ui.pages.help import HelpDialog

                self.page().open_dialog(HelpDialog(self.look, self, self._key_page()))
            elif action == "find_anything":
                self.find_anything()

    def find_anything(self) -> None:
        """Open the line that finds everything."""
        from ui.pages.finder import FinderDialog
        from ui.presenters.finder import Command, Finder

        page = self._key_page()
        commands = [
            Command(action.name, self.look.word(action.word(page)), keys.cap(action.name))
            for action in keys.named_on(page)
            if not action.own and not action.name.startswith(("favourite_", "find_", "back"))
        ]
        dialog = FinderDialog(self.look, self, Finder(self.shop, self.look, commands))
        dialog.chosen.connect(self._found)
        self.page().open_dialog(dialog)

    def _key_page(self) -> keys.Page:
        return next((page for page in keys.WORK_PAGES if page == self.page_name), "sell")

    def _found(self, found: Found) -> None:
        if found.kind == "action":
            self.act(found.key)
        elif found.kind == "product":
            assert found.product is not None
            self.go("sell")
            self.sell.put(found.product)
        elif found.kind == "customer":
            self.go("sell")
            self.sell.set_buyer(phone=found.key)
        else:
            self.open_order(found.key)

    def _scanned(self, code: str) -> bool:
        """Whether a code was used up: the page knows it, or it is a barcode that nobody knows."""
        if self._gate is not None or self.page().dialog() is not None:
            return False
        if self.page().scan(code):
            self.notices.clear("scan")
            return True
        if not (code.isdecimal() and len(code) >= _BARCODE_DIGITS):
            return False
        word = self.look.word
        self.notices.banner(
            Banner(
                "scan",
                "warn",
                word("code_unknown", text=code),
                word("code_unknown_detail"),
                word("new_product"),
                lambda: self._new_product("barcode", code),
            )
        )
        return True

    # ---- notices -------------------------------------------------------------------------------------

    def _toast(self, toast: object) -> None:
        self.page().show_toast(toast)  # type: ignore[arg-type]

    def _banners(self) -> None:
        while (item := self._banner_place.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for banner in self.notices.banners()[:2]:
            self._banner_place.addWidget(BannerBar(self.look, banner, self.notices.clear))

    def fault(self, error: PosError) -> None:
        """An error that no page took: say it, and go on."""
        self.notices.banner(Banner(error.code, "danger", self.look.sentence(error)))

    def crashed(self, error: BaseException) -> None:
        """A bug: it goes into the log, the vendor gets a short code, and selling goes on."""
        code = support_code(f"{type(error).__name__}")
        self.shop.log.crash("window", error, support=code)
        word = self.look.word
        self.notices.banner(Banner("crash", "danger", word("crashed", support=code), word("crashed_detail")))

    # ---- time ----------------------------------------------------------------------------------------

    def _tick(self) -> None:
        self._ticks += 1
        self._come_forward_if_called()
        if self.shop.store.changed():
            self.refresh()
        self.page().tick()
        self._status()
        if self._ticks % _BACKUP_EVERY_TICKS == 0:
            self.tasks.read(self._keep_up, self._backup_known, self._backup_failed)

    def caught_up(self, _result: object) -> None:
        """What was done behind the window is done."""
        self.refresh()

    def refresh(self) -> None:
        """Somebody has written: what is shown is read again."""
        self.sell.refresh()
        if self.page_name == "orders":
            self.orders.refresh()
        elif self.page_name == "order":
            self.order.refresh()

    def _come_forward_if_called(self) -> None:
        call = self.shop.paths.window_call
        if call.exists():
            call.unlink(missing_ok=True)
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
            self.raise_()
            self.activateWindow()

    def _keep_up(self) -> int | None:
        self.shop.backups.keep_up()
        return self._last_backup()

    def _last_backup(self) -> int | None:
        return self.shop.backups.status().last_at_ms

    def _backup_known(self, at_ms: int | None) -> None:
        self._backup_at = at_ms
        self.notices.clear("backup")
        self._say_second_place(self.shop.backups.second.fault)

    def _say_second_place(self, fault: PosError | None) -> None:
        """The stick is out, or in again: said once, for it is out more often than in."""
        code = fault.code if fault is not None else ""
        if code == self._second_said:
            return
        self._second_said = code
        if fault is None:
            self.notices.clear("second_place")
        else:
            title = self.look.word("second_place_away")
            self.notices.banner(Banner("second_place", "warn", title, self.look.sentence(fault)))

    def _backup_failed(self, error: PosError) -> None:
        self.notices.banner(
            Banner("backup", "danger", self.look.word("backup_failed"), self.look.sentence(error))
        )

    def _status(self) -> None:
        look, bar = self.look, self.status
        values = self.shop.desk.device.all()
        busy = self.tasks.saving()
        bar.safe.setText(look.word("saving" if busy else "all_saved"), "info" if busy else "ok")
        bar.safe_icon.change("refresh" if busy else "circle-check", "info" if busy else "ok")
        printer = str(values["printer.address"] or values["printer.name"])
        has_printer = values["printer.kind"] != "none" and bool(printer)
        bar.printer.setText(printer if has_printer else look.word("no_printer"))
        bar.printer_icon.change("printer" if has_printer else "printer-off", "text3")
        now = self.shop.desk.clock.now_ms()
        last = self._backup_at
        bar.backup.setText(
            look.word("backup_at", time=look.time(last)) if last is not None else look.word("backup_never")
        )
        day = dhaka_day(now)
        bar.time.setText(f"{look.short_day(day)} · {look.time(now)}")
        bar.fit()
        board = self.sell.board
        self.rail.items["orders"].show_state(
            on=self.page_name in {"orders", "order"}, count=board.to_pack if board is not None else 0
        )

    def _scheme_changed(self) -> None:
        if not self._away and self.shop.desk.device.all()["ui.theme"] == "system":
            self.relook()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Everything under way is finished first."""
        if self.threshold is not None:  # whoever opens the shop looks whether the window still stands
            super().closeEvent(event)
            return
        if self._away and not (self._curtain and self._curtain.in_trouble):  # it is being put back: a moment
            event.ignore()
            return
        self._clock.stop()
        self.tasks.settle()
        self.tasks.close()
        super().closeEvent(event)


def _reveal(file: Path) -> None:
    """Show a saved paper in whatever the system opens it with."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(file)))
