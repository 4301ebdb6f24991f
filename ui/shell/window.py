"""The window: rail, pages, status bar, banners, keys, and what happens when something goes wrong in it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget

from pos.errors import PosError
from pos.l10n.sentences import support_code
from ui import keys
from ui.notices import Banner, Notices
from ui.pages.page import Pages
from ui.pages.threshold import Threshold
from ui.shell.closed import Closed
from ui.shell.finding import Finding
from ui.shell.frame import Frame
from ui.shell.gate import Gate
from ui.shell.news import BackupNews, OrganiserNews
from ui.shell.pages import page_makers
from ui.shell.presenters import Presenters
from ui.theme.look import look_of
from ui.theme.sheet import dress
from ui.widgets.scanner import Scanner

if TYPE_CHECKING:
    from pos.services.notices import NoticeView
    from pos.shop import Shop
    from ui.pages.page import PageView
    from ui.tasks import Tasks
    from ui.theme.look import Look
    from ui.widgets.overlay import Dialog

SMALLEST = (1280, 640)
_TICK_MS = 1000
_REST_MS = 300  # once the first page has been drawn
_BACKUP_EVERY_TICKS = 60  # whether one is due is asked every minute


class Shell(QMainWindow):
    """The whole window. It is drawn before the shop is open, which takes the store's libraries some time.

    Ordinarily with its first page, whose presenters look into the shop meanwhile (`Shop.look_in`); where that cannot
    be had, with the page's empty frame.

    Attributes:
        presenters: what stands behind the pages.
        pages: the pages, each made when it is first asked for; others with every look.
        finding: where words and codes lead that no page knows.
        gate: asks who is there.
        closed: the shop while it is closed.
        news: of backups that nobody asked for.
        organiser: what the organiser has to say.
        looking_in: the first page was drawn before the shop was open.
        entered: the shop is open, and the window at work.
        not_seen: why the shop could not be looked in, where that is no ordinary reason.
    """

    def __init__(self, look: Look, tasks: Tasks, notices: Notices) -> None:
        super().__init__()
        self.look, self.tasks, self.notices = look, tasks, notices
        self.setMinimumSize(*SMALLEST)
        self.setWindowTitle("হাটখাতা")
        self.threshold: Threshold | None = None
        self.looking_in = False
        self.entered = False
        self.not_seen: Exception | None = None

    def wait_for_shop(self) -> None:
        """Nothing is known of the shop yet: show the first page's frame, with a search that is typed into already."""
        dress(self.look)
        self.threshold = Threshold(self.look)
        self.setCentralWidget(self.threshold)
        self.threshold.setFocus()

    def look_in(self, shop: Shop) -> None:
        """The shop can be looked in: draw the first page with what it shows."""
        self.looking_in = True
        self._furnish(shop)

    def enter(self, shop: Shop) -> None:
        """The shop is open; where only the first page's frame stood, its pages take the place, with what was typed."""
        if not self.looking_in:
            typed = self.threshold.search.edit.text() if self.threshold is not None else ""
            self.threshold = None
            self._furnish(shop)
            if typed:
                self.presenters.sell.type(typed)
        shop.let_go()
        self.entered = True
        self._clock.start()

    def _furnish(self, shop: Shop) -> None:
        """Make what stands in the window, over a shop that is open or looked in."""
        look, tasks, notices = self.look, self.tasks, self.notices
        self.shop = shop
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self._tick)
        self.news = BackupNews(shop, tasks, notices, look)
        self.organiser = OrganiserNews(shop, notices, look)
        self.gate = Gate(self, shop, tasks, look, self._passed)
        self.closed = Closed(shop, tasks, self, self._clock, self.gate)
        self.presenters = Presenters(shop, tasks, notices, look, self)
        self.finding = Finding(shop, notices, self.presenters, self)
        self.page_name = "sell"
        self._ticks = self._low = 0
        self._rested = False  # whether what the first page does without has begun
        self._scheme_behind = False
        self.pages = Pages({}, QStackedWidget())
        self._shortcuts: list[tuple[QShortcut, keys.Action]] = []
        self._make_shortcuts()
        self.scanner = Scanner(self, self.finding.scanned)
        self._show_name()
        if self.looking_in:
            self.presenters.sell.look_in()
        self._build()
        notices.toasted.connect(self._toast)
        notices.changed.connect(self._banners)
        tasks.failed.connect(self.fault)
        tasks.crashed.connect(self.crashed)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._scheme_changed)

    def start(self) -> None:
        """Ask who is there if that is asked, and read what the first page shows; the window is there already."""
        self.shop.store.changed()
        if self.looking_in:
            self.presenters.sell.refresh()
        else:
            self.gate.ask()
            self.presenters.sell.start()
        self.tasks.later("rest", _REST_MS, self._start_rest)

    def _start_rest(self) -> None:
        self._rested = True
        self.presenters.stock.sum_up()
        self.news.read()
        self.presenters.sync.begin()

    def reopened(self) -> None:
        """The shop was closed for a while, and may be another one."""
        if self._rested:
            self.presenters.sync.stopped()

    def _passed(self) -> None:
        self.refresh()
        self.page().arrive()

    # ---- the look ------------------------------------------------------------------------------------

    def relook(self) -> None:
        """Settings of theme, language or text size have changed: everything is drawn anew, nothing is lost."""
        self._scheme_behind = False
        self.look = self.news.look = self.organiser.look = look_of(self.shop.desk.device.all())
        self.presenters.relook(self.look)
        self._build()
        self.gate.relook(self.look)

    def _build(self) -> None:
        """Make the frame anew, and every page from its presenter."""
        dress(self.look)
        self.pages.leave()
        self.frame = Frame(self.look, self.shop)
        self.frame.rail.chosen.connect(self.go)
        self.pages = Pages(page_makers(self), self.frame.stack)
        self.setCentralWidget(self.frame)
        self._banners()
        self.frame.show_count("stock", self._low)
        if self._rested:
            self.show_sync()
        self.go(self.page_name)

    def _scheme_changed(self) -> None:
        self._scheme_behind = True
        self._follow_scheme()

    def _follow_scheme(self) -> None:
        """Take on the system's colours once no dialog is open, since it would go with its page, and be half filled."""
        if self.page().dialog() is None and QApplication.activeModalWidget() is None:
            self._scheme_behind = False
            if self.shop.desk.device.all()["ui.theme"] == "system":
                self.relook()

    def setting_kept(self, key: str) -> None:
        """What other pages made of a setting is made anew."""
        if key == "shop.name":
            self._show_name()
        self.refresh()

    def _show_name(self) -> None:
        self.setWindowTitle(f"{self.shop.desk.shop_name()} – হাটখাতা")

    # ---- pages ---------------------------------------------------------------------------------------

    def page(self) -> PageView:
        """The page that is shown."""
        return self.pages[self.page_name]

    def key_page(self) -> keys.Page:
        """The page whose keys hold: one that has none of its own stands where selling is done."""
        return next((page for page in keys.WORK_PAGES if page == self.page_name), "sell")

    def dialog(self) -> Dialog | None:
        """What lies over the page, if anything does."""
        return self.gate.dialog or self.page().dialog()

    def go(self, name: str) -> None:
        """Show a page."""
        if name not in self.pages:
            return
        self.page_name = name
        self.frame.show_page(name, self.pages[name])
        for shortcut, action in self._shortcuts:
            shortcut.setEnabled(name in action.pages)
        self.pages[name].arrive()
        self._status()

    def open_order(self, number: str) -> None:
        """Show one order."""
        try:
            self.presenters.order.open(number)
        except PosError as error:
            self.fault(error)
        else:
            self.go("order")

    def sell_on(self) -> None:
        """Begin a sale, whatever page is shown."""
        self.go("sell")
        self.presenters.sell.begin()

    def to_orders(self) -> None:
        """Show the list of orders."""
        self.go("orders")

    def show_low(self, products: int) -> None:
        """How many products run low."""
        self._low = products
        self.frame.show_count("stock", products)

    def show_sync(self) -> None:
        """How it stands with the server."""
        sync = self.presenters.sync
        shown = sync.shown
        self.frame.show_sync(shown.icon, shown.waiting if shown.troubled else len(sync.disputes))
        self._status()

    def show_notices(self, notices: list[NoticeView]) -> None:
        """What the organiser has to say."""
        self.organiser.show(notices)

    # ---- keys ----------------------------------------------------------------------------------------

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
        dialog = self.dialog()
        if dialog is not None:
            dialog.act(action)
        elif action.startswith("page_"):
            self.go(action.removeprefix("page_"))
        elif not self.page().act(action):
            if action == "full_screen":
                self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
            elif action == "help":
                from ui.pages.help import HelpDialog

                self.page().open_dialog(HelpDialog(self.look, self, self.key_page()))
            elif action == "find_anything":
                self.finding.open()
            elif action == "sync_now":
                self._sync_now()

    def _sync_now(self) -> None:
        """Sync at once; where there is no server yet, show how to get to one."""
        if self.presenters.sync.paired:
            self.presenters.sync.now()
        else:
            self.go("sync")

    # ---- notices -------------------------------------------------------------------------------------

    def _toast(self, toast: object) -> None:
        self.page().show_toast(toast)  # type: ignore[arg-type]

    def _banners(self) -> None:
        self.frame.show_banners(self.notices)

    def fault(self, error: PosError) -> None:
        """An error that no page took: say it, and go on."""
        self.notices.banner(Banner(error.code, "danger", self.look.sentence(error)))

    def crashed(self, error: BaseException) -> None:
        """A bug: it goes into the log, the vendor gets a short code, and selling goes on."""
        code = support_code(f"{type(error).__name__}")
        with contextlib.suppress(PosError):  # a shop that does not open has said why, and has no log
            self.shop.log.crash("window", error, support=code)
        word = self.look.word
        self.notices.banner(Banner("crash", "danger", word("crashed", support=code), word("crashed_detail")))

    # ---- time ----------------------------------------------------------------------------------------

    def _tick(self) -> None:
        self._ticks += 1
        self._come_forward_if_called()
        if self._scheme_behind:
            self._follow_scheme()
        if self.shop.store.changed():
            self.refresh()
        if self._rested:
            self.presenters.sync.tick()
        self.page().tick()
        self._status()
        if self._ticks % _BACKUP_EVERY_TICKS == 0:
            self.news.keep_up()

    def caught_up(self, _result: object) -> None:
        """What was done behind the window is done."""
        self.refresh()

    def refresh(self) -> None:
        """Somebody has written: what is shown is read again."""
        self.shop.store.changed()  # what is written from here on is news
        self.presenters.sell.refresh()
        if self.page_name == "orders":
            self.presenters.orders.refresh()
        elif self.page_name == "order":
            self.presenters.order.refresh()
        elif self.page_name == "settings":
            self.presenters.settings.refresh()
        if self._rested:
            self.presenters.sync.written(whole=self.page_name == "sync")

    def _come_forward_if_called(self) -> None:
        call = self.shop.paths.window_call
        if call.exists():
            call.unlink(missing_ok=True)
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
            self.raise_()
            self.activateWindow()

    def _status(self) -> None:
        sync = self.presenters.sync.shown if self._rested else None
        self.frame.show_status(saving=self.tasks.saving(), news=self.news, sync=sync)
        board = self.presenters.sell.board
        self.frame.show_count("orders", board.to_pack if board is not None else 0)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Everything under way is finished first."""
        if not self.entered:  # whoever opens the shop looks whether the window still stands
            super().closeEvent(event)
            return
        if self.closed.at_work:  # it is being put back: a moment
            event.ignore()
            return
        self._clock.stop()
        self.tasks.settle()
        if self._rested:
            self.presenters.sync.end()
        self.tasks.close()
        super().closeEvent(event)
