"""What the window is told before and after a backup takes the shop's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pos.errors import UserError
from pos.services.restoring import preview_restore, restore_backup
from pos.shop import open_shop
from tests.shopkeeping import problems, sale, spoil

if TYPE_CHECKING:
    from pathlib import Path

    from pos.domain.times import FixedClock
    from pos.shop import Shop


def test_it_is_told_before_what_would_be_missing_and_can_be_brought_back(
    shop: Shop, clock: FixedClock
) -> None:
    kept = shop.orders.take(sale())
    made = shop.backups.make()
    lost = shop.orders.take(sale())
    shop.store.settle()
    seen = preview_restore(shop.paths, made.path)
    assert (seen.shop, seen.orders, seen.total_paisa) == ("রূপকথা ঘর", 1, kept.total_paisa)
    assert (seen.missing_orders, seen.missing_paisa, seen.missing_numbers) == (
        1,
        lost.total_paisa,
        (lost.number,),
    )
    assert (seen.replayable, seen.missing_operations, seen.same_vendor) == (1, 1, True)
    assert [o.number for o in shop.orders.list()] == [lost.number, kept.number], "nothing was changed"
    shop.close()
    done = restore_backup(shop.paths, clock, made.path)
    assert (done.orders, done.replayed) == (1, 0)
    with open_shop(shop.paths, clock) as again:
        assert [o.number for o in again.orders.list()] == [kept.number]
        assert done.safety in {entry.file for entry in again.backups.list()}
        assert again.orders.take(sale()).number.startswith(done.device_code)
    assert problems(shop.paths) == []


def test_a_backup_made_with_a_quick_look_gets_the_whole_one_before_it_takes_the_place(
    shop: Shop, clock: FixedClock
) -> None:
    shop.orders.take(sale())
    shop.backups.make()
    spoil(shop.paths.database, "UPDATE order_line SET name_bn = 'অন্য নাম'")
    shop.orders.take(sale())
    quick = shop.backups.make(quick=True)
    assert not quick.manifest.whole
    shop.close()
    for act in (
        lambda: preview_restore(shop.paths, quick.path),
        lambda: restore_backup(shop.paths, clock, quick.path),
    ):
        with pytest.raises(UserError) as error:
            act()
        assert error.value.code == "backup_damaged"


def test_a_file_that_is_no_backup_is_refused(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "x.hatkhata").write_bytes(b"no backup")
    with pytest.raises(UserError) as error:
        preview_restore(shop.paths, tmp_path / "x.hatkhata")
    assert error.value.code == "backup_damaged"
