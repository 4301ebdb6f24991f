"""What stands behind the pages: it outlives them, since they are made anew with every look."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from ui.presenters.needs import Watched

if TYPE_CHECKING:
    from pathlib import Path

    from pos.printing.spooler import Spooler
    from pos.services.notices import NoticeView
    from pos.services.views import OrderView
    from pos.shop import Shop
    from ui.notices import Notices
    from ui.presenters.backup import Backup
    from ui.presenters.goods_files import GoodsFiles
    from ui.presenters.order import Order
    from ui.presenters.orders import Orders
    from ui.presenters.printing import Printing
    from ui.presenters.sell import Sell
    from ui.presenters.settings import Settings
    from ui.presenters.steps import Steps
    from ui.presenters.stock import Stock
    from ui.presenters.sync import Sync
    from ui.presenters.thumbs import Thumbs
    from ui.shell.closed import Closed
    from ui.shell.news import BackupNews
    from ui.tasks import Tasks
    from ui.theme.look import Look


class Window(Protocol):
    """What presenters ask of the window."""

    closed: Closed
    news: BackupNews

    def open_order(self, number: str) -> None:
        """Show one order."""

    def show_low(self, products: int) -> None:
        """Show how many products run low."""

    def show_sync(self) -> None:
        """Show how it stands with the server."""

    def show_notices(self, notices: list[NoticeView]) -> None:
        """Show what the organiser has to say."""

    def relook(self) -> None:
        """Draw everything anew."""

    def setting_kept(self, key: str) -> None:
        """A setting has changed."""


class Presenters:
    """Each is made, and its module imported, when it is first asked for: the first page opens without the others'."""

    def __init__(self, shop: Shop, tasks: Tasks, notices: Notices, look: Look, window: Window) -> None:
        self._shop, self._tasks, self._notices = shop, tasks, notices
        self._look, self._window = look, window

    def relook(self, look: Look) -> None:
        """Those that are made speak as this look does, and so will the others."""
        self._look = look
        for made in vars(self).values():
            if isinstance(made, Watched):
                made.look = look

    @cached_property
    def sell(self) -> Sell:
        """The sale at hand."""
        from ui.presenters.sell import Sell

        sell = Sell(self._shop, self._tasks, self._notices, self._look)
        sell.on_print = self._print_receipt
        return sell

    @cached_property
    def thumbs(self) -> Thumbs:
        """Small pictures of goods."""
        from ui.presenters.thumbs import Thumbs

        return Thumbs(self._shop)

    @cached_property
    def printing(self) -> Printing:
        """Papers, for all pages."""
        from ui.presenters.printing import Printing

        return Printing(self._shop, self._tasks, self._notices, self._look, self._spooler(), _reveal)

    @cached_property
    def steps(self) -> Steps:
        """Moving orders on."""
        from ui.presenters.steps import Steps

        return Steps(self._shop, self._tasks, self._notices, self._look)

    @cached_property
    def orders(self) -> Orders:
        """The list of orders."""
        from ui.presenters.orders import Orders

        orders = Orders(self._shop, self._tasks, self._notices, self._look, self.steps, self.printing)
        orders.on_open = self._window.open_order
        return orders

    @cached_property
    def order(self) -> Order:
        """One order."""
        from ui.presenters.order import Order

        return Order(self._shop, self._tasks, self._notices, self._look, self.steps, self.printing)

    @cached_property
    def stock(self) -> Stock:
        """Goods on hand."""
        from ui.presenters.stock import Stock

        stock = Stock(self._shop, self._tasks, self._notices, self._look)
        stock.on_low = self._window.show_low
        return stock

    @cached_property
    def goods_files(self) -> GoodsFiles:
        """Catalogue files in and out."""
        from ui.presenters.goods_files import GoodsFiles

        return GoodsFiles(self._shop, self._tasks, self._notices, self._look)

    @cached_property
    def settings(self) -> Settings:
        """Settings."""
        from ui.presenters.settings import Settings

        settings = Settings(self._shop, self._tasks, self._notices, self._look, self._spooler())
        settings.on_look = self._window.relook
        settings.on_kept = self._window.setting_kept
        return settings

    @cached_property
    def backup(self) -> Backup:
        """Backups made and put back."""
        from ui.presenters.backup import Backup

        backup = Backup(self._shop, self._tasks, self._notices, self._look)
        backup.while_closed = self._window.closed.do
        backup.on_status = self._window.news.known
        return backup

    @cached_property
    def sync(self) -> Sync:
        """The tie to the server."""
        from ui.presenters.sync import Sync

        sync = Sync(self._shop, self._tasks, self._notices, self._look, self._spooler())
        sync.while_closed = self._window.closed.do
        sync.on_state = self._window.show_sync
        sync.on_notices = self._window.show_notices
        return sync

    def _spooler(self) -> Spooler:
        from ui.printers import QtSpooler

        return QtSpooler()

    def _print_receipt(self, order: OrderView) -> None:
        self.printing.receipt(order)


def _reveal(file: Path) -> None:
    """Show a saved paper in whatever the system opens it with."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(file)))
