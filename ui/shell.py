"""The window: rail, pages, status bar, banners, keys, and what happens when something goes wrong in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QRectF, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
    QGuiApplication,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from pos.domain.times import dhaka_day
from pos.errors import PosError
from pos.l10n.sentences import support_code
from ui import keys
from ui.notices import Banner, Notices
from ui.pages.backup import BackupPage
from ui.pages.backup_restore import Curtain
from ui.pages.finder import FinderDialog
from ui.pages.help import HelpDialog
from ui.pages.order import OrderPage
from ui.pages.orders import OrdersPage
from ui.pages.sell import SellPage
from ui.pages.settings import SettingsPage
from ui.pages.stock import StockPage
from ui.presenters.backup import Backup
from ui.presenters.finder import Command, Finder
from ui.presenters.goods_files import GoodsFiles
from ui.presenters.order import Order
from ui.presenters.orders import Orders
from ui.presenters.printing import Printing
from ui.presenters.sell import Sell
from ui.presenters.settings import Settings
from ui.presenters.steps import Steps
from ui.presenters.stock import Stock
from ui.presenters.thumbs import Thumbs
from ui.printers import QtSpooler
from ui.theme.look import Look
from ui.theme.sheet import palette, style_sheet
from ui.widgets.arrange import column, row
from ui.widgets.bars import Rail, StatusBar, initial
from ui.widgets.button import Button
from ui.widgets.ink import Ink
from ui.widgets.scanner import Scanner
from ui.widgets.text import Icon, Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pos.shop import Shop
    from ui.pages.page import PageView
    from ui.presenters.finder import Found
    from ui.tasks import Tasks
    from ui.theme.look import ThemeName

SMALLEST = (1280, 640)
_TICK_MS = 1000
_BARCODE_DIGITS = 6
_BACKUP_EVERY_TICKS = 60  # whether one is due is asked every minute
_BANNER_ICONS = {"info": "info-circle", "warn": "alert-triangle", "danger": "alert-circle"}


class BannerBar(QWidget):
    """One banner: what happened, what is safe, one button."""

    def __init__(self, look: Look, banner: Banner, dismiss: Callable[[str], None]) -> None:
        super().__init__()
        self._look, self.banner, self._dismiss = look, banner, dismiss
        words = column(Text(look, banner.title, "bodyb", banner.tone, elide=True), gap=0)
        if banner.detail:
            words.addWidget(Text(look, banner.detail, "sm", "text2", elide=True))
        icon = Icon(look, _BANNER_ICONS[banner.tone], 20, banner.tone)
        layout = row(icon, (words, 1), gap=12, margins=(24, 8, 16, 8))
        if banner.word and banner.action is not None:
            act = Button(look, banner.word, height=32)
            act.clicked.connect(banner.action)
            layout.addWidget(act)
        if not banner.lasting:
            away = Button(look, "", "ghost", icon="x", height=32, tip=look.word("leave"))
            away.clicked.connect(self._away)
            layout.addWidget(away)
        self.setLayout(layout)

    def _away(self) -> None:
        self._dismiss(self.banner.about)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground of its tone."""
        ink = Ink(self._look, QPainter(self))
        ink.painter.fillRect(self.rect(), self._look.color(f"{self.banner.tone}S"))
        ink.painter.fillRect(
            QRectF(0, self.height() - 1, self.width(), 1), self._look.color(f"{self.banner.tone}L")
        )
        ink.painter.end()


class Shell(QMainWindow):
    """The whole window over one open shop."""

    def __init__(self, shop: Shop, tasks: Tasks, notices: Notices) -> None:
        super().__init__()
        self.shop, self.tasks, self.notices = shop, tasks, notices
        self.look = self._look_now()
        self.sell = Sell(shop, tasks, notices, self.look)
        self.thumbs = Thumbs(shop)
        self.printing = Printing(shop, tasks, notices, self.look, QtSpooler(), _reveal)
        self.sell.on_print = self.printing.receipt
        self.steps = Steps(shop, tasks, notices, self.look)
        self.orders = Orders(shop, tasks, notices, self.look, self.steps, self.printing)
        self.orders.on_open = self.open_order
        self.order = Order(shop, tasks, notices, self.look, self.steps, self.printing)
        self.stock = Stock(shop, tasks, notices, self.look)
        self.goods_files = GoodsFiles(shop, tasks, notices, self.look)
        self.settings = Settings(shop, tasks, notices, self.look, QtSpooler())
        self.settings.on_look = self.relook
        self.settings.on_kept = self._setting_kept
        self.backup = Backup(shop, tasks, notices, self.look)
        self.backup.while_closed = self.while_closed
        self.backup.on_status = self._backup_known
        self._away = False
        self.page_name = "sell"
        self._ticks = 0
        self._backup_at: int | None = None
        self.pages: dict[str, PageView] = {}
        self._shortcuts: list[tuple[QShortcut, keys.Action]] = []
        self.setWindowTitle(f"{shop.configuration.shop().name} – হাটখাতা")
        self.setMinimumSize(*SMALLEST)
        self._make_shortcuts()
        self.scanner = Scanner(self, self._scanned)
        self.build()
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
        """Read what the first page shows; the window is there already."""
        self.sell.start()
        self.stock.sum_up()
        self.tasks.read(self._last_backup, self._backup_known)

    # ---- the look ------------------------------------------------------------------------------------

    def _look_now(self) -> Look:
        values = self.shop.desk.device.all()
        theme = str(values["ui.theme"])
        if theme == "system":
            dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
            theme = "dark" if dark else "light"
        name: ThemeName = "dark" if theme == "dark" else "light"
        return Look(name, self.shop.configuration.locale(), int(values["ui.text"]))

    def relook(self) -> None:
        """Settings of theme, language or text size have changed: everything is drawn anew, nothing is lost."""
        self.look = self._look_now()
        for presenter in (
            self.sell,
            self.printing,
            self.steps,
            self.orders,
            self.order,
            self.stock,
            self.goods_files,
            self.settings,
            self.backup,
        ):
            presenter.look = self.look
        self.build()

    def build(self) -> None:
        """Make every page anew from its presenter."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.setPalette(palette(self.look))
        application.setStyleSheet(style_sheet(self.look))
        application.setFont(self.look.font("body"))
        for page in self.pages.values():
            page.leave()
        look = self.look
        mark = initial(self.shop.configuration.shop().name)
        upper = [("sell", "shopping-cart"), ("orders", "clipboard-list"), ("stock", "packages")]
        lower = [("backup", "shield-check"), ("settings", "settings")]
        self.rail = Rail(look, mark, upper, lower)
        self.rail.chosen.connect(self.go)
        self.status = StatusBar(look)
        find = Button(
            look, look.word("find_anything"), icon="search", key=keys.cap("find_anything"), height=40
        )
        orders = OrdersPage(look, self.orders, self.shop, self.thumbs)
        orders.selling.connect(self._sell_on)
        order = OrderPage(look, self.order, self.shop, self.thumbs)
        order.left.connect(self._to_orders)
        self.pages = {
            "sell": SellPage(look, self.sell, self.shop, find),
            "orders": orders,
            "order": order,
            "stock": StockPage(look, self.stock, self.goods_files, self.shop),
            "settings": SettingsPage(look, self.settings),
            "backup": BackupPage(look, self.backup),
        }
        self.stock.on_low = self._low_stock
        find.clicked.connect(self.find_anything)
        self._stack = QStackedWidget()
        for page in self.pages.values():
            self._stack.addWidget(page)
        self._banner_place = QVBoxLayout()
        self._banner_place.setSpacing(0)
        middle = column(self._banner_place, (self._stack, 1), self.status, gap=0)
        whole = QWidget()
        whole.setLayout(row(self.rail, (middle, 1), gap=0))
        self.setCentralWidget(whole)
        self._banners()
        self.go(self.page_name)

    def _setting_kept(self, key: str) -> None:
        """What other pages made of a setting is made anew."""
        if key == "shop.name":
            self.setWindowTitle(f"{self.shop.configuration.shop().name} – হাটখাতা")
        self.refresh()

    def while_closed(
        self, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[PosError], None]
    ) -> None:
        """Do what needs the shop closed, behind a curtain; then it is opened anew, whatever came of the work."""
        self._away = True
        self._clock.stop()
        curtain = Curtain(self.look, self)
        self.page().open_dialog(curtain)
        while self.tasks.busy():
            self.tasks.settle()
            QCoreApplication.sendPostedEvents(self.tasks)
        self.shop.close()

        def closed() -> Any:
            try:
                return work()
            finally:
                self.shop.reopen()

        def open_again() -> None:
            self._away = False
            curtain.take_away()
            self.relook()
            self.refresh()
            self._clock.start()

        def came(result: Any) -> None:
            open_again()
            done(result)

        def went_wrong(error: PosError) -> None:
            open_again()
            failed(error)

        self.tasks.write(closed, came, went_wrong)

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
        dialog = self.page().dialog()
        if dialog is not None:
            dialog.act(action)
        elif action.startswith("page_"):
            self.go(action.removeprefix("page_"))
        elif not self.page().act(action):
            if action == "full_screen":
                self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
            elif action == "help":
                self.page().open_dialog(HelpDialog(self.look, self))
            elif action == "find_anything":
                self.find_anything()

    def find_anything(self) -> None:
        """Open the line that finds everything."""
        commands = [
            Command(action.name, self.look.word(f"key_{action.name}"), keys.cap(action.name))
            for action in keys.on_page(self._key_page())
            if not action.own and not action.name.startswith("favourite_") and action.name != "find_anything"
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
        if self.page().dialog() is not None:
            return False
        if self.page().scan(code):
            self.notices.clear("scan")
            return True
        if not (code.isdecimal() and len(code) >= _BARCODE_DIGITS):
            return False
        word = self.look.word
        self.notices.banner(
            Banner("scan", "warn", word("code_unknown", text=code), word("code_unknown_detail"))
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
        if self._away:  # the shop is being put back: a moment
            event.ignore()
            return
        self._clock.stop()
        self.tasks.settle()
        self.tasks.close()
        super().closeEvent(event)


def _reveal(file: Path) -> None:
    """Show a saved paper in whatever the system opens it with."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(file)))
