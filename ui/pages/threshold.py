"""What stands in the window until the shop is open: the Sell page's frame, with a search that is typed into already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui import keys
from ui.widgets.arrange import column, row
from ui.widgets.bars import Rail
from ui.widgets.field import Field
from ui.widgets.text import Box

if TYPE_CHECKING:
    from ui.theme.look import Look

CART_WIDTH = 424
UPPER = [("sell", "shopping-cart"), ("orders", "clipboard-list"), ("stock", "packages")]
LOWER = [("sync", "cloud"), ("backup", "shield-check"), ("settings", "settings")]


def search_field(look: Look) -> Field:
    """The search of the Sell page."""
    return Field(
        look, look.word("search_products"), placeholder=look.word("search_products"), icon="barcode",
        key=keys.cap("search"), height=48, style="h2",
    )  # fmt: skip


class Threshold(QWidget):
    """The page before it is filled. What was typed into `search` goes on in the page."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        rail = Rail(look, "", UPPER, LOWER)
        rail.show_page("sell")
        rail.setEnabled(False)
        self.search = search_field(look)
        left = QWidget()
        left.setLayout(column(self.search, "*", gap=12, margins=(16, 16, 16, 12)))
        bar = Box(look, "surface", "border", 0, "b")
        bar.setFixedHeight(look.px(68))
        cart = Box(look, "surface", "border", 0, "l")
        cart.setFixedWidth(look.px(CART_WIDTH))
        foot = Box(look, "surface2", "border", 0, "t")
        foot.setFixedHeight(look.px(32))
        page = column(bar, (row((left, 1), cart, gap=0), 1), foot, gap=0)
        self.setLayout(row(rail, (page, 1), gap=0))
        self.setFocusProxy(self.search.edit)
