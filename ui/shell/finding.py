"""Where a word or a code leads that no page knows: the line that finds everything, and what a scanner reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ui import keys
from ui.notices import Banner

if TYPE_CHECKING:
    from pos.shop import Shop
    from ui.notices import Notices
    from ui.pages.page import PageView
    from ui.presenters.finder import Found
    from ui.shell.presenters import Presenters
    from ui.widgets.overlay import Dialog

_BARCODE_DIGITS = 6
_SECTION = "section_"


class Window(Protocol):
    """The window it leads through."""

    def page(self) -> PageView:
        """The page that is shown."""

    def key_page(self) -> keys.Page:
        """The page whose keys hold."""

    def dialog(self) -> Dialog | None:
        """What lies over the page, if anything does."""

    def go(self, name: str) -> None:
        """Show a page."""

    def open_order(self, number: str) -> None:
        """Show one order."""

    def act(self, action: str) -> None:
        """Carry out an action of the key table."""


class Finding:
    """Finds orders, goods, buyers and actions, and offers to write what nobody knows as a new product."""

    def __init__(self, shop: Shop, notices: Notices, presenters: Presenters, window: Window) -> None:
        self._shop, self._notices = shop, notices
        self._presenters, self._window = presenters, window

    def open(self) -> None:
        """Open the line that finds everything."""
        from ui.pages.finder import FinderDialog
        from ui.presenters.finder import Command, Finder
        from ui.presenters.settings import SECTIONS

        over, page = self._window.page(), self._window.key_page()
        commands = [
            Command(action.name, over.look.word(action.word(page)), keys.cap(action.name))
            for action in keys.named_on(page)
            if not action.own and not action.name.startswith(("favourite_", "find_", "back"))
        ]
        commands += [
            Command(f"{_SECTION}{name}", over.look.word(f"section_{name}"), keys.cap("page_settings"))
            for name in SECTIONS
        ]
        dialog = FinderDialog(over.look, over.window(), Finder(self._shop, over.look, commands))
        dialog.chosen.connect(self._found)
        over.open_dialog(dialog)

    def _found(self, found: Found) -> None:
        window, sell = self._window, self._presenters.sell
        if found.kind == "action" and found.key.startswith(_SECTION):
            window.go("settings")
            self._presenters.settings.choose(found.key.removeprefix(_SECTION))
        elif found.kind == "action":
            window.act(found.key)
        elif found.kind == "product":
            assert found.product is not None
            window.go("sell")
            sell.put(found.product)
        elif found.kind == "customer":
            window.go("sell")
            sell.set_buyer(phone=found.key)
        else:
            window.open_order(found.key)

    def scanned(self, code: str) -> bool:
        """Whether a code was used up: the page knows it, or it is a barcode that nobody knows."""
        if self._window.dialog() is not None:
            return False
        page = self._window.page()
        if page.scan(code):
            self._notices.clear("scan")
            return True
        if not (code.isdecimal() and len(code) >= _BARCODE_DIGITS):
            return False
        word = page.look.word
        self._notices.banner(
            Banner(
                "scan",
                "warn",
                word("code_unknown", text=code),
                word("code_unknown_detail"),
                word("new_product"),
                lambda: self._write("barcode", code),
            )
        )
        return True

    def write_named(self, words: str) -> None:
        """Write a product of this name."""
        self._write("name_bn", words)

    def _write(self, field: str, typed: str) -> None:
        """Write what nobody knows yet as a new product; one that was left half written is gone on with."""
        from ui.pages.product import ProductDialog

        self._notices.clear("scan")
        form = self._presenters.stock.new_form()
        if typed and not form.touched:
            form.type(field, typed)
            form.touched = False  # nobody has written anything yet
        over = self._window.page()
        over.open_dialog(ProductDialog(over.look, over.window(), form))
