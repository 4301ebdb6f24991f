"""One flipped bit in a shop's file: it is seen, or it changed nothing that counts; and it never ends in a traceback."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from typing import TYPE_CHECKING, Any

from pos.errors import PosError
from pos.services.health import examine
from pos.shop import open_shop
from tests.shopkeeping import busy_day, dump

if TYPE_CHECKING:
    from pathlib import Path

    from pos.domain.times import FixedClock
    from pos.paths import ShopPaths
    from pos.shop import Shop

FLIPS = 700
# An order's values, the stock and the chain: none of these may change unseen.
SACRED = (
    "orders", "order_line", "order_buyer", "order_event", "payment", "owed_refund", "stock_move", "series", "op",
)  # fmt: skip


def rows(database: Path) -> dict[str, Any] | None:
    """All rows, or None where they cannot be read."""
    try:
        return dump(database)
    except (sqlite3.Error, UnicodeDecodeError):
        return None


def look(paths: ShopPaths, clock: FixedClock) -> bool:
    """Whether a problem is found; opening and examining may refuse, but only with an error that has a sentence."""
    try:
        with open_shop(paths, clock) as shop:
            shop.orders.list()
            shop.catalogue.all()
    except PosError:
        pass
    try:
        return not examine(paths).report.ok
    except PosError:
        return True


def test_a_flipped_bit_is_seen_or_harmless(shop: Shop, clock: FixedClock) -> None:
    busy_day(shop)
    shop.close()
    database = shop.paths.database
    sound, before = database.read_bytes(), dump(database)
    stock = {row[3]: row[10] for row in before["variant"]}
    pages = [at for at in range(0, len(sound), 4096) if any(sound[at : at + 4096])]
    dice, told = random.Random(), Counter[str]()
    for turn in range(FLIPS):
        page = pages[turn % len(pages)]
        used = [at for at in range(page, page + 4096) if sound[at]]
        at, bit = dice.choice(used), dice.randrange(8)
        spoilt = bytearray(sound)
        spoilt[at] ^= 1 << bit
        database.write_bytes(spoilt)
        if look(shop.paths, clock):
            told["seen"] += 1
            continue
        after = rows(database)
        assert after is not None, f"byte {at} bit {bit}: unreadable and not seen"
        changed = [name for name in before if before[name] != after.get(name)]
        assert not set(changed) & set(SACRED), f"byte {at} bit {bit}: {changed}"
        assert {row[3]: row[10] for row in after["variant"]} == stock or "variant" not in changed
        told["harmless" if not changed else "unseen"] += 1; print(at, bit, changed)
    print(f"of {FLIPS} flipped bits {dict(told)}")
    assert told["seen"] > FLIPS // 2
    assert told["unseen"] < FLIPS // 5
