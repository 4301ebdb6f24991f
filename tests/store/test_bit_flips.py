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

FLIPS = 60


def changed_tables(database: Path, before: dict[str, Any]) -> list[str]:
    """Tables whose rows are not what they were, or cannot be read any more."""
    changed = []
    connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
    try:
        for name, rows in before.items():
            try:
                now = sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
            except (sqlite3.Error, UnicodeDecodeError):
                now = None
            if now != rows:
                changed.append(name)
    finally:
        connection.close()
    return changed


def look(paths: ShopPaths, clock: FixedClock) -> bool:
    """Whether a problem is found; opening and examining may refuse, but only with an error that has a sentence."""
    try:
        with open_shop(paths, clock) as shop:
            shop.orders.list()
            shop.catalogue.all()
            shop.configuration.all()
            shop.customers.find("শারমিন")
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
    pages = [at for at in range(0, len(sound), 4096) if any(sound[at : at + 4096])]
    dice, told = random.Random(20261124), Counter[str]()
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
        changed = changed_tables(database, before)
        # The search index is made again from the products; nothing else may change unseen.
        assert all(name.startswith("search_") for name in changed), f"byte {at} bit {bit}: {changed}"
        told["only the search index" if changed else "harmless"] += 1
    assert told["seen"] > FLIPS // 2
