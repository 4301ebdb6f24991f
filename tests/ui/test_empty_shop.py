"""The window of a shop that has no product yet: it says how to begin, and shows at once what comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pos.paths import ShopPaths
from pos.services.catalogue import NewProduct
from pos.services.founding import found_shop
from pos.shop import open_shop
from tests.ui.test_walk import faults_at_every_size, set_up
from ui.pages.product import ProductDialog
from ui.pages.sell import SellPage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pos.domain.times import FixedClock
    from pos.shop import Shop
    from ui.shell import Shell


@pytest.fixture
def shop(tmp_path: Path, clock: FixedClock) -> Iterator[Shop]:
    """A shop as it was founded."""
    paths = ShopPaths(tmp_path / "empty")
    found_shop(paths, clock, vendor="রূপকথা ঘর", phone="01733456789")
    with open_shop(paths, clock) as opened:
        yield opened


def sell_page(shell: Shell) -> SellPage:
    page = shell.pages["sell"]
    assert isinstance(page, SellPage)
    return page


def test_a_shop_without_products_says_how_to_begin(shell: Shell) -> None:
    page = sell_page(shell)
    assert page.empty.isVisible()
    page.first_new.click()
    assert isinstance(page.dialog(), ProductDialog)
    shell.act("back")
    assert page.dialog() is None
    page.to_stock.click()
    assert shell.page_name == "stock"


def test_what_comes_while_the_page_is_open_is_there_with_its_category(shop: Shop, shell: Shell) -> None:
    page = sell_page(shell)
    shop.catalogue.add(NewProduct(name_bn="খাঁটি মধু", unit="kg", price_paisa=80_000, category="food"))
    shell.refresh()
    assert page.empty.isHidden()
    assert [one.code for one in shell.presenters.sell.categories] == ["food"]


@pytest.mark.parametrize("text", ["100", "130"])
@pytest.mark.parametrize("lang", ["bn", "en"])
def test_it_stands_in_every_window(shop: Shop, shell: Shell, lang: str, text: str) -> None:
    set_up(shell, shop, "light", lang, text)
    shell.go("sell")
    assert faults_at_every_size(shell) == {}
    assert sell_page(shell).empty.isVisible()
