"""Backups that keep themselves up: when one is due, what a quick one reads, and what the Backup page says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.errors import EnvironmentFault, UserError
from pos.services.backups import EVERY_MS, LATE_AFTER_MS, PROVE_EVERY_MS, WHOLE_EVERY_MS
from pos.services.checked import Checked, read_checked, write_checked
from pos.shop import open_shop
from pos.store.backup import try_restore
from tests.shopkeeping import busy_day, sale, spoil

if TYPE_CHECKING:
    from pos.domain.times import FixedClock
    from pos.paths import ShopPaths
    from pos.shop import Shop


def now(clock: FixedClock) -> int:
    return clock.now_ms()


def test_a_shop_without_a_backup_is_told_so_and_gets_one_at_once(shop: Shop, clock: FixedClock) -> None:
    assert shop.backups.due(now(clock))
    before = shop.backups.status()
    assert (before.last_at_ms, before.last_file, before.tested_at_ms, before.late) == (None, None, None, True)
    made = shop.backups.keep_up()
    assert made is not None
    assert made.manifest.whole
    after = shop.backups.status()
    assert (after.last_at_ms, after.last_file) == (now(clock), made.path)
    assert (after.operations_since, after.orders_since, after.late) == (0, 0, False)
    assert (after.tested_at_ms, after.tested_file) == (now(clock), made.path.name)
    assert after.size_bytes == made.path.stat().st_size


def test_the_next_is_due_half_an_hour_later_and_only_if_something_was_written(
    shop: Shop, clock: FixedClock
) -> None:
    shop.backups.keep_up()
    clock.advance(ms=EVERY_MS)
    assert shop.backups.keep_up() is None, "nothing was written"
    shop.orders.take(sale())
    assert shop.backups.status().orders_since == 1
    assert shop.backups.keep_up() is not None
    shop.orders.take(sale())
    clock.advance(ms=EVERY_MS - 1)
    assert shop.backups.keep_up() is None
    clock.advance(ms=1)
    assert shop.backups.keep_up() is not None
    assert shop.backups.keep_up(closing=True) is None


def test_at_closing_whatever_is_new_is_saved_without_waiting(shop: Shop) -> None:
    shop.backups.keep_up()
    shop.orders.take(sale())
    made = shop.backups.keep_up(closing=True)
    assert made is not None
    assert made.manifest.orders == 1


def test_a_clock_set_back_neither_puts_a_backup_off_nor_loses_one(shop: Shop, clock: FixedClock) -> None:
    first = shop.backups.make()
    shop.orders.take(sale())
    clock.advance(ms=-400 * WHOLE_EVERY_MS)
    made = shop.backups.keep_up()
    assert made is not None
    assert made.manifest.whole, "when everything was last read is no longer known"
    assert first.path.exists()
    assert shop.backups.keep_up() is None


def test_between_two_whole_ones_a_backup_reads_only_what_is_new(shop: Shop, clock: FixedClock) -> None:
    kinds = []
    for _ in range(4):
        made = shop.backups.keep_up()
        assert made is not None
        kinds.append(made.manifest.whole)
        shop.orders.take(sale())
        clock.advance(ms=WHOLE_EVERY_MS // 2)
        assert try_restore(made.path).manifest.orders == made.manifest.orders
        assert read_checked(shop.paths.checked).n == made.manifest.operations
    assert kinds == [True, False, True, False]


def test_a_quick_backup_refuses_an_operation_that_was_changed_since_the_last(
    shop: Shop, clock: FixedClock
) -> None:
    shop.backups.make()
    shop.orders.take(sale())
    clock.advance(ms=EVERY_MS)
    spoil(
        shop.paths.database,
        "UPDATE op SET body = replace(body, '1000', '2000') WHERE n = (SELECT max(n) FROM op)",
    )
    before = sorted(shop.paths.backups.iterdir())
    with pytest.raises(EnvironmentFault) as fault:
        shop.backups.make(quick=True)
    assert fault.value.code == "backup_not_sound"
    assert sorted(shop.paths.backups.iterdir()) == before


def test_a_quick_backup_refuses_sums_that_do_not_add_up_however_old_they_are(shop: Shop) -> None:
    busy_day(shop)
    shop.backups.make()
    spoil(shop.paths.database, "UPDATE orders SET total_paisa = total_paisa + 100 WHERE series_no = 1")
    with pytest.raises(EnvironmentFault) as fault:
        shop.backups.make(quick=True)
    problems = fault.value.params["problems"]
    assert isinstance(problems, list)
    assert {"order_total_wrong", "order_due_wrong"} <= set(problems)


def test_what_rots_in_old_rows_is_seen_by_the_whole_look_of_the_day(shop: Shop, clock: FixedClock) -> None:
    busy_day(shop)
    shop.backups.make()
    spoil(shop.paths.database, "UPDATE order_line SET name_bn = 'অন্য নাম'")
    shop.orders.take(sale())
    clock.advance(ms=WHOLE_EVERY_MS)
    with pytest.raises(EnvironmentFault) as fault:
        shop.backups.keep_up()
    assert fault.value.params["problems"] == ["order_unlike_its_operation"]


@pytest.mark.parametrize(
    "kept",
    [
        b"",
        b"{",
        b'{"n": 3, "hash": "no hex", "whole_at_ms": 1}',
        b'{"n": 3, "hash": "00"}',
        b'{"n": 999999, "hash": "00"}',
        b'{"n": -1, "hash": ""}',
        b"[]",
    ],
)
def test_a_note_that_does_not_fit_the_shop_makes_it_read_everything(shop: Shop, kept: bytes) -> None:
    shop.paths.checked.write_bytes(kept)
    assert shop.backups.make(quick=True).manifest.whole


def test_a_note_that_cannot_be_kept_is_no_reason_to_have_no_backup(shop: Shop) -> None:
    shop.paths.checked.mkdir()
    assert shop.backups.make().path.exists()
    assert shop.backups.status().tested_at_ms is None


@given(
    st.builds(
        Checked,
        n=st.integers(0, 2**60),
        hash=st.binary(min_size=32, max_size=32).map(bytes.hex),
        whole_at_ms=st.none() | st.integers(0, 2**50),
        proved_at_ms=st.none() | st.integers(0, 2**50),
        proved_file=st.text(st.characters(codec="utf-8")),
    )
)
def test_a_note_is_read_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, noted: Checked) -> None:
    path = tmp_path_factory.mktemp("note") / "checked.json"
    write_checked(path, noted)
    assert read_checked(path) == noted


def test_it_is_late_once_something_new_has_waited_a_day(shop: Shop, clock: FixedClock) -> None:
    shop.backups.make()
    clock.advance(ms=2 * LATE_AFTER_MS)
    assert not shop.backups.status().late
    shop.orders.take(sale())
    status = shop.backups.status()
    assert status.late
    assert (status.orders, status.orders_since) == (0, 1)


def test_the_list_has_the_newest_first_and_names_what_does_not_read(shop: Shop, clock: FixedClock) -> None:
    first = shop.backups.make()
    busy_day(shop)
    clock.advance(ms=EVERY_MS)
    second = shop.backups.make()
    broken = shop.paths.backups / "broken.hatkhata"
    broken.write_bytes(b"no backup")
    listed = shop.backups.list()
    assert [entry.file for entry in listed] == [second.path, first.path, broken]
    assert [entry.readable for entry in listed] == [True, True, False]
    assert (listed[0].shop, listed[0].orders, listed[1].orders) == ("রূপকথা ঘর", 4, 0)
    assert shop.backups.status().last_file == second.path, "the newest that reads"


def test_a_backup_is_restored_on_trial_every_month_and_nothing_of_it_stays(
    shop: Shop, clock: FixedClock
) -> None:
    assert not shop.backups.proof_due(now(clock)), "there is nothing to be tried"
    with pytest.raises(UserError) as none:
        shop.backups.prove()
    assert none.value.code == "backup_none"
    busy_day(shop)
    shop.backups.make()
    clock.advance(ms=EVERY_MS)
    shop.backups.make(quick=True)
    there = sorted(shop.paths.backups.iterdir())
    assert not shop.backups.proof_due(now(clock))
    clock.advance(ms=PROVE_EVERY_MS)
    assert shop.backups.proof_due(now(clock))
    assert set(shop.backups.prove()) == set(there)
    assert sorted(shop.paths.backups.iterdir()) == there
    assert shop.backups.status().tested_at_ms == now(clock)
    assert not shop.backups.proof_due(now(clock))


def test_a_backup_that_lies_about_what_it_holds_fails_its_trial(shop: Shop, tmp_path: Path) -> None:
    made = shop.backups.make()
    data = bytearray(made.path.read_bytes())
    data[len(data) // 2] ^= 1
    made.path.write_bytes(data)
    with pytest.raises(UserError) as error:
        shop.backups.prove()
    assert error.value.code == "backup_damaged"
    assert shop.backups.status().tested_file == made.path.name, "an older proof is not taken for a newer one"


def test_a_backup_of_before_says_that_everything_was_checked(shop: Shop) -> None:
    old = msgspec.to_builtins(shop.backups.make().manifest)
    del old["whole"]
    from pos.store.backup import Manifest

    assert msgspec.convert(old, Manifest).whole


def test_another_process_goes_on_from_the_same_note(paths: ShopPaths, clock: FixedClock) -> None:
    with open_shop(paths, clock) as shop:
        shop.backups.make()
        shop.orders.take(sale())
    clock.advance(ms=EVERY_MS)
    with open_shop(paths, clock) as again:
        made = again.backups.keep_up()
    assert made is not None
    assert not made.manifest.whole


def test_a_backup_of_an_earlier_release_is_tried_as_this_one_would_restore_it(tmp_path: Path) -> None:
    releases = Path(__file__).parents[1] / "data" / "releases"
    for file in sorted(releases.glob("*.hatkhata")):
        copy = tmp_path / file.name
        copy.write_bytes(file.read_bytes())
        assert try_restore(copy).manifest.orders > 0
        assert list(tmp_path.iterdir()) == [copy]
        copy.unlink()
