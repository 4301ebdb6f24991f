"""How each page is made of its presenters, when it is first shown."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from ui import keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.shop import Shop
    from ui.pages.page import PageView
    from ui.shell.finding import Finding
    from ui.shell.presenters import Presenters
    from ui.theme.look import Look


class Window(Protocol):
    """What pages are made with, and where they lead."""

    look: Look
    shop: Shop
    presenters: Presenters
    finding: Finding

    def go(self, name: str) -> None:
        """Show a page."""

    def sell_on(self) -> None:
        """Begin a sale."""

    def to_orders(self) -> None:
        """Show the list of orders."""


def page_makers(window: Window) -> dict[str, Callable[[], PageView]]:
    """What makes each page, by its name; the page looks as the window does when it is made."""
    return {
        "sell": partial(_sell, window),
        "orders": partial(_orders, window),
        "order": partial(_order, window),
        "stock": partial(_stock, window),
        "sync": partial(_sync, window),
        "settings": partial(_settings, window),
        "backup": partial(_backup, window),
    }


def _sell(window: Window) -> PageView:
    from ui.pages.sell import SellPage
    from ui.widgets.find_box import FindBox

    word = window.look.word
    find = FindBox(window.look, word("find_anything"), word("find_anything_long"), keys.cap("find_anything"))
    find.clicked.connect(window.finding.open)
    page = SellPage(window.look, window.presenters.sell, window.shop, find)
    page.unknown.connect(window.finding.write_named)
    page.stocking.connect(partial(window.go, "stock"))
    return page


def _orders(window: Window) -> PageView:
    from ui.pages.orders import OrdersPage

    page = OrdersPage(window.look, window.presenters.orders, window.shop, window.presenters.thumbs)
    page.selling.connect(window.sell_on)
    return page


def _order(window: Window) -> PageView:
    from ui.pages.order import OrderPage

    page = OrderPage(window.look, window.presenters.order, window.shop, window.presenters.thumbs)
    page.left.connect(window.to_orders)
    return page


def _stock(window: Window) -> PageView:
    from ui.pages.stock import StockPage

    return StockPage(window.look, window.presenters.stock, window.presenters.goods_files, window.shop)


def _sync(window: Window) -> PageView:
    from ui.pages.sync import SyncPage

    return SyncPage(window.look, window.presenters.sync, window.presenters.backup, window.shop)


def _settings(window: Window) -> PageView:
    from ui.pages.settings import SettingsPage

    return SettingsPage(window.look, window.presenters.settings)


def _backup(window: Window) -> PageView:
    from ui.pages.backup import BackupPage

    return BackupPage(window.look, window.presenters.backup)
