"""Old backups go by the calendar, and only from the shop's own folder."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from pos.domain.times import FixedClock
from pos.paths import ShopPaths
from pos.services.founding import found_shop
from pos.shop import open_shop

if TYPE_CHECKING:
    from pathlib import Path

DAY_MS = 86_400_000


def test_ten_backups_a_day_for_five_days_leave_one_for_each_past_day(tmp_path: Path) -> None:
    paths, clock = ShopPaths(tmp_path / "shop"), FixedClock(dt.datetime(2026, 11, 1, 9))
    found_shop(paths, clock, vendor="রূপকথা ঘর", phone="01733456789")
    elsewhere = tmp_path / "stick"
    elsewhere.mkdir()
    with open_shop(paths, clock) as shop:
        for _ in range(5):
            for _ in range(3):
                shop.backups.make()
                clock.advance(ms=DAY_MS // 12)
            shop.backups.make(elsewhere)
            clock.advance(ms=DAY_MS * 3 // 4)
        damaged = paths.backups / "unreadable.hatkhata"
        damaged.write_bytes(b"not a backup")
        shop.backups.make()
    names = {path.name[:10] for path in paths.backups.glob("2026*")}
    assert names == {f"2026-11-0{day}" for day in range(1, 7)}
    assert len(list(paths.backups.glob("2026*"))) == 4 + 3 + 1
    assert damaged.exists()
    assert len(list(elsewhere.iterdir())) == 5
