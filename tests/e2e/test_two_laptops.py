"""Two laptops and the central server: what they sell while it is away is the same on all of them afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pos.domain.times import SystemClock
from pos.paths import ShopPaths, resource
from pos.services.order_request import CustomerRequest, ItemRequest, OrderRequest
from pos.shop import open_shop
from tests.e2e.central import Central, Laptop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VENDOR = "রূপকথা ঘর"
_EACH = 200
_RARE = "P003"  # sold by both until there is less than none
_OTHERS = ("P001", "P017", "P056")


@pytest.fixture
def central(tmp_path: Path) -> Iterator[Central]:
    """A server that serves, on a folder of its own."""
    central = Central(tmp_path / "central")
    central.start()
    yield central
    central.stop()


@pytest.fixture
def two(tmp_path: Path, central: Central) -> tuple[Laptop, Laptop]:
    """A shop with the demo catalogue, and a second laptop that has taken it over from the server."""
    first, second = Laptop(tmp_path / "first"), Laptop(tmp_path / "second")
    demo = resource("demo")
    first("init", "--vendor", VENDOR, "--phone", "01733456789")
    first("import", str(demo / "catalogue.csv"), "--variants", str(demo / "catalogue_variants.csv"))
    first.pair(central, VENDOR)
    first("sync")
    second.pair(central, VENDOR)
    second("sync")
    return first, second


def sell(laptop: Laptop, mark: str) -> list[str]:
    """Sell, each order a buyer of its own, and every tenth the rare goods as well; which numbers were given."""
    numbers = []
    with open_shop(ShopPaths(laptop.home), SystemClock()) as shop:
        for n in range(_EACH):
            items = [ItemRequest("1", sku=_OTHERS[n % len(_OTHERS)])]
            if n % 10 == 0:
                items.append(ItemRequest("5", sku=_RARE))
            buyer = CustomerRequest(name=f"ক্রেতা {mark}{n}", phone=f"017{mark}{n:07d}")
            order = shop.orders.take(OrderRequest(items, buyer, rest="due", request_id=f"{mark}-{n}"))
            numbers.append(order.number)
    return numbers


def agreed(*laptops: Laptop) -> tuple[Any, Any]:
    """What all of them say of stock and orders, which must be the same."""
    stocks = [laptop("stock")["items"] for laptop in laptops]
    orders = [laptop("order", "list")["orders"] for laptop in laptops]
    assert all(stock == stocks[0] for stock in stocks)
    assert all(each == orders[0] for each in orders)
    return stocks[0], orders[0]


def test_two_laptops_that_sold_without_the_server_agree_once_it_is_back(
    central: Central, two: tuple[Laptop, Laptop]
) -> None:
    first, second = two
    central.stop()
    given = [sell(first, "1"), sell(second, "2")]
    assert first("sync", codes=(3,))["error"]
    assert first("sync", "status", codes=(3,))["pending"] >= _EACH
    central.start()
    for laptop in (first, second, first, second):
        laptop("sync")
    stock, orders = agreed(first, second)
    numbers = [order["number"] for order in orders]
    assert sorted(numbers) == sorted([*given[0], *given[1]])
    assert len(set(numbers)) == 2 * _EACH
    (rare,) = [item for item in stock if item["sku"] == _RARE]
    assert float(rare["on_hand"]) < 0
    for laptop in two:
        verified = laptop("sync", "verify")
        assert verified["agrees"]
        assert any(_RARE in str(alert) for alert in verified["alerts"])
        assert laptop("doctor")["ok"]
        status = laptop("sync", "status")
        assert (status["pending"], status["held"], status["conflicts"]) == (0, 0, 0)
