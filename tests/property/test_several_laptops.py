"""Several laptops under any course of acts and of lines that come and go: in the end all show the same shop.

And at any moment the rows of each are those that all its operations make, taken together.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos.domain.times import FixedClock
from pos.errors import PosError
from pos.paths import ShopPaths
from pos.services.catalogue import NewProduct
from pos.services.product_change import ProductChange, VariantChange
from pos.shop import open_shop
from pos.sync.machine import machine_mark
from tests.shopkeeping import IN_A_HAT, founded, paid, problems, sale, sale_to
from tests.store.several import Central, all_rows, joined, remade_rows, rows, tie

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.shop import Shop

CODES = ("A", "B", "C")
PHONES = ("01712345678", "01911223344")
TRXIDS = ("75AB12CD", "75AB12CE")
PRICES = (88_800, 99_900)


def _numbers(shop: Shop) -> list[str]:
    return sorted(order.number for order in shop.orders.list())


def _some(shop: Shop, k: int) -> str:
    numbers = _numbers(shop)
    return numbers[k % len(numbers)] if numbers else "A-26-000001"


ACTS: dict[str, Callable[[Shop, int], object]] = {
    "sell": lambda s, k: s.orders.take(sale_to(PHONES[k % 2], qty=str(k + 1), note=str(k))),
    "sell over the counter": lambda s, k: s.orders.take(sale("P003")),
    "sell by wallet": lambda s, k: s.orders.take(sale(payments=paid("100", "nagad", TRXIDS[k % 2]))),
    "sell a colour": lambda s, k: s.orders.take(sale("P002-01", rest="cod")),
    "pay": lambda s, k: s.orders.pay(_some(s, k), "cash", "1200"),
    "pay by wallet": lambda s, k: s.orders.pay(_some(s, k), "nagad", "10", TRXIDS[k % 2]),
    "cancel": lambda s, k: s.orders.cancel(_some(s, k), f"কারণ {k}"),
    "check": lambda s, k: s.steps.check(_some(s, k)),
    "uncheck": lambda s, k: s.steps.uncheck(_some(s, k)),
    "pack": lambda s, k: s.steps.pack(_some(s, k)),
    "unpack": lambda s, k: s.steps.unpack(_some(s, k)),
    "note": lambda s, k: s.steps.note(_some(s, k), f"নোট {k}"),
    "price": lambda s, k: s.catalogue.edit("P001", ProductChange(price_paisa=PRICES[k % 2])),
    "name": lambda s, k: s.catalogue.edit("P003", ProductChange(name_bn=f"সাবান {k}", category="ঘর")),
    "colour": lambda s, k: s.catalogue.edit_variant("P002-02", VariantChange(colour=f"রং {k}")),
    "archive": lambda s, k: s.catalogue.archive("P004"),
    "unarchive": lambda s, k: s.catalogue.unarchive("P004"),
    "add": lambda s, k: s.catalogue.add(NewProduct(f"পণ্য {k}", 100, "piece", sku=f"N{k}", stock_milli=5_000)),
    "move": lambda s, k: s.stock.move("P003", "-2", "adjustment", "গোনায় কম"),
    "address": lambda s, k: s.configuration.put("shop.address", f"রোড {k}"),
    "cancel hat": lambda s, k: s.configuration.cancel_hat(dt.date(2026, 11, 27)),
    "add hat": lambda s, k: s.configuration.add_hat(dt.date(2026, 11, 28), opens=f"1{k % 3}:00"),
    "erase": lambda s, k: s.customers.erase(PHONES[k % 2]),
    "reserve": lambda s, k: s.stock.reserve("P001", "1", until_ms=s.desk.clock.now_ms() + 1000),
    "operator": lambda s, k: s.operators.add(f"কর্মী {k}"),
}
_STEP = st.one_of(
    st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 2), st.integers(0, 5)),
    st.tuples(st.just("push"), st.integers(0, 2), st.integers(1, 8)),
    st.tuples(st.just("pull"), st.integers(0, 2), st.integers(1, 8)),
)


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Central]:
    """Three laptops of one shop with an order each, to be copied, and what the server has of them."""
    home = tmp_path_factory.mktemp("fleet")
    clock = FixedClock(IN_A_HAT)
    central = Central()
    shops = [open_shop(founded(home / "A"), clock)]
    tie(shops[0])
    shops[0].orders.take(sale_to(note="প্রথম"))
    central.push(shops[0])
    shops += [joined(central, home / code, clock, code) for code in CODES[1:]]
    central.settle(*shops)
    for shop in shops:
        shop.close()
    return home, central


def _timelines(shop: Shop) -> list[object]:
    return [shop.book.timeline(number) for number in _numbers(shop)]


class _Fleet:
    """Copies of the three laptops, opened, with a clock that all go by."""

    def __init__(self, fleet: tuple[Path, Central]) -> None:
        home, central = fleet
        self.folder = Path(tempfile.mkdtemp(prefix="fleet-"))
        shutil.copytree(home, self.folder / "fleet")
        self.clock = FixedClock(IN_A_HAT)
        self.central = Central(list(central.taken), dict(central.places))
        self.shops = [self._opened(self.folder / "fleet" / code) for code in CODES]

    def _opened(self, home: Path) -> Shop:
        paths = ShopPaths(home)
        with contextlib.closing(sqlite3.connect(paths.database)) as connection, connection:
            connection.execute("UPDATE link SET machine = ?", (machine_mark(paths),))
        return open_shop(paths, self.clock)

    def go(self, steps: list[tuple[str, int, int]]) -> None:
        for name, who, k in steps:
            shop = self.shops[who]
            if name == "push":
                self.central.push(shop, limit=k)
            elif name == "pull":
                self.central.pull(shop, limit=k)
            else:
                self.clock.advance(ms=60_000 * (k % 2))
                with contextlib.suppress(PosError):
                    ACTS[name](shop, k)

    def close(self) -> None:
        for shop in self.shops:
            shop.close()
        shutil.rmtree(self.folder)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(_STEP, max_size=40))
def test_the_rows_of_each_are_at_any_moment_what_its_operations_make_and_in_the_end_alike(
    fleet: tuple[Path, Central], steps: list[tuple[str, int, int]]
) -> None:
    there = _Fleet(fleet)
    try:
        there.go(steps)
        for shop in there.shops:
            assert all_rows(shop) == remade_rows(shop)
            assert problems(shop.paths) == []
        there.central.settle(*there.shops)
        first, *others = (rows(shop) for shop in there.shops)
        for other in others:
            assert other == first
        for shop in there.shops:
            assert all_rows(shop) == remade_rows(shop)
            assert problems(shop.paths) == []
            assert _timelines(shop) == _timelines(there.shops[0])
    finally:
        there.close()
