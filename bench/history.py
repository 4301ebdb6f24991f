"""A shop with years behind it against an empty one, and its backup against a plain copy of the file.

Nothing that a vendor waits for at the counter should notice how many orders there were. The two shops are
asked in turn, so that a busy machine weighs on both alike.
"""

from __future__ import annotations

import os
import random
import shutil
from typing import TYPE_CHECKING

from bench.checkout import BARE, Counter
from bench.shops import empty_shop, full_shop
from bench.table import Row, against, stated, timed
from pos.domain.times import SystemClock
from pos.paths import ShopPaths
from pos.services.health import examine
from pos.shop import Shop, open_shop

if TYPE_CHECKING:
    from pathlib import Path

_YOUNG_ORDERS = 100


def rows(place: Path, *, quick: bool) -> list[Row]:
    """Sales, looking things up, checking and backing up with many orders behind."""
    orders = 300 if quick else 100_000
    rounds = 20 if quick else 200
    home = full_shop(place if quick else place.parent, orders)  # beside: the big one is for the next run too
    named = f"with {orders:,} orders"
    with open_shop(ShopPaths(home), SystemClock()) as old, empty_shop(place / "young") as young:
        measured = [*_sales(old, young, place, rounds, named), *_reading(old, young, rounds, named)]
        measured += _backup(old, place, named)
    checks = [timed(examine, ShopPaths(home)) / 1000]
    return [*measured, stated(f"every check of doctor {named}", "s", checks)]


def _sales(old: Shop, young: Shop, place: Path, rounds: int, named: str) -> list[Row]:
    # Numbers above every number used before: what a request made once it does not make again.
    counters = [
        Counter(shop, place / f"{name}-floor.db", first=first)
        for shop, name, first in ((old, "old", _operations(old)), (young, "young", 0))
    ]
    for counter in counters:
        counter.measure(max(10, _YOUNG_ORDERS - 20), calm=False)
    taken = [(counters[0].once(calm=True), counters[1].once(calm=True)) for _ in range(rounds)]
    for counter in counters:
        counter.close()
    ours = [one[0].ours for one in taken]
    return [
        against(f"checkout {named}", "ms", ours, "checkout in a new shop", [one[1].ours for one in taken]),
        against(f"checkout {named}", "ms", ours, BARE, [one[0].floor for one in taken]),
    ]


def _reading(old: Shop, young: Shop, rounds: int, named: str) -> list[Row]:
    draw = random.Random(rounds)
    numbers = [[order.number for order in shop.orders.list(limit=1000)] for shop in (old, young)]
    shows, lists, stocks = [], [], []
    for _ in range(rounds):
        shows.append(
            [
                timed(shop.orders.show, draw.choice(some))
                for shop, some in zip((old, young), numbers, strict=True)
            ]
        )
        lists.append([timed(lambda shop=shop: shop.orders.list(limit=50)) for shop in (old, young)])
        stocks.append([timed(shop.stock.items) for shop in (old, young)])
    return [
        against(
            f"{name} {named}",
            "ms",
            [pair[0] for pair in pairs],
            "the same in a new shop",
            [pair[1] for pair in pairs],
        )
        for name, pairs in (
            ("order show", shows),
            ("order list --limit 50", lists),
            ("stock, all SKUs", stocks),
        )
    ]


def _backup(shop: Shop, place: Path, named: str) -> list[Row]:
    target, copy = place / "measured.hatkhata", place / "copy.db"
    ours = [timed(shop.backups.make, target) / 1000]
    copies = [timed(_copy, shop.paths.database, copy) / 1000]
    target.unlink()
    copy.unlink()
    return [
        against(
            f"backup {named}",
            "s",
            ours,
            "a copy of the file and one fsync",
            copies,
            note="a snapshot, every check of doctor on it, packed, read again",
        )
    ]


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def _operations(shop: Shop) -> int:
    with shop.store.read() as connection:
        return int(connection.exec_driver_sql("SELECT max(n) FROM op").scalar_one())
