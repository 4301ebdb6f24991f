"""The frame around the pages: rail, banners and status bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from pos.domain.times import dhaka_day
from ui.pages.sync_bar import bar_words
from ui.pages.threshold import LOWER, UPPER
from ui.widgets.arrange import column, row
from ui.widgets.banner import BannerBar
from ui.widgets.bars import Rail, StatusBar, initial
from ui.widgets.focus import tab_on

if TYPE_CHECKING:
    from pos.shop import Shop
    from ui.notices import Notices
    from ui.pages.page import PageView
    from ui.presenters.sync_state import Shown
    from ui.shell.news import BackupNews
    from ui.theme.look import Look

_BANNERS = 2  # the worst; more would leave no room to sell


class Frame(QWidget):
    """What stands around every page; made anew with every look."""

    def __init__(self, look: Look, shop: Shop) -> None:
        super().__init__()
        self._look, self._shop = look, shop
        self.rail = Rail(look, initial(shop.desk.shop_name()), UPPER, LOWER)
        self.status = StatusBar(look)
        self.stack = QStackedWidget()
        self._page_name = ""
        self._banner_place = QVBoxLayout()
        self._banner_place.setSpacing(0)
        middle = column(self._banner_place, (self.stack, 1), self.status, gap=0)
        self.setLayout(row(self.rail, (middle, 1), gap=0))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes by where things stand, not by when they were made: some are made when they are first needed."""
        tab_on(self, forward=forward)
        return True

    def show_page(self, name: str, page: PageView) -> None:
        """Show this page, and on the rail the one it belongs to."""
        self._page_name = "orders" if name == "order" else name
        self.rail.show_page(self._page_name)
        self.stack.setCurrentWidget(page)

    def show_count(self, page: str, count: int) -> None:
        """How many things wait on a page of the rail."""
        self.rail.items[page].show_state(on=page == self._page_name, count=count)

    def show_sync(self, icon: str, count: int) -> None:
        """How it stands with the server, on the rail."""
        self.rail.items["sync"].change_icon(icon)
        self.show_count("sync", count)

    def show_banners(self, notices: Notices) -> None:
        """Those that stand, the worst of them."""
        while (item := self._banner_place.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for banner in notices.banners()[:_BANNERS]:
            self._banner_place.addWidget(BannerBar(self._look, banner, notices.clear))

    def show_status(self, *, saving: bool, news: BackupNews, sync: Shown | None) -> None:
        """What the status bar says: whether all is kept, the server, printer, last backup, day and time."""
        look, bar = self._look, self.status
        values = self._shop.desk.device.all()
        detail = ""
        if saving or sync is None or sync.state == "alone":
            bar.safe.setText(look.word("saving" if saving else "all_saved"), "info" if saving else "ok")
            bar.safe_icon.change("refresh" if saving else "circle-check", "info" if saving else "ok")
        else:
            said, detail = bar_words(look, sync, self._shop.desk.clock.now_ms())
            bar.safe.setText(said, sync.tone)
            bar.safe_icon.change(sync.icon, sync.tone)
        bar.detail.setText(detail)
        bar.detail.setToolTip(detail)
        printer = str(values["printer.address"] or values["printer.name"])
        has_printer = values["printer.kind"] != "none" and bool(printer)
        bar.printer.setText(printer if has_printer else look.word("no_printer"))
        bar.printer_icon.change("printer" if has_printer else "printer-off", "text3")
        if news.last_at_ms is not None:
            bar.backup.setText(look.word("backup_at", time=look.time(news.last_at_ms)))
        else:  # that there is none is not said before anybody has looked
            bar.backup.setText(look.word("backup_never") if news.read_once else "")
        now = self._shop.desk.clock.now_ms()
        bar.time.setText(f"{look.short_day(dhaka_day(now))} · {look.time(now)}")
        bar.fit()
