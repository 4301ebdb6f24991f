"""A backup is whole or not there; a restore says what it would cost, keeps what it replaces, and numbers apart."""

from __future__ import annotations

import dataclasses
import random
import re
from typing import TYPE_CHECKING

import pytest

from pos.errors import EnvironmentFault, UserError
from pos.services.founding import found_shop
from pos.shop import Shop, open_shop
from pos.store import recovery
from pos.store.backup import read_manifest
from pos.store.restore import preview, restore
from tests.shopkeeping import busy_day, copy_file, dump, fill, paid, problems, sale, sale_to, spoil

if TYPE_CHECKING:
    from pathlib import Path

    from pos.domain.times import FixedClock
    from pos.paths import ShopPaths

OWN = ("installation", "device", "series", "op")  # what a re-key touches


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "stick"
    place.mkdir()
    return place


@pytest.fixture
def backup(shop: Shop, stick: Path) -> Path:
    """A backup with one order in it; the shop then sold three more."""
    shop.orders.take(sale_to())
    made = shop.backups.make(stick).path
    for qty in ("1", "2", "3"):
        shop.orders.take(sale("P003", qty, payments=paid("10", "bkash", f"CKO7A2KQ{qty}Z")))
    shop.close()
    return made


def test_a_backup_says_what_is_in_it_and_leaves_nothing_else_behind(shop: Shop, stick: Path) -> None:
    numbers = busy_day(shop)
    made = shop.backups.make(stick)
    assert made.manifest == read_manifest(made.path)
    assert made.manifest.orders == len(numbers)
    assert made.manifest.shop == "রূপকথা ঘর"
    assert made.manifest.total_paisa == sum(
        o.total_paisa for o in shop.orders.list() if o.status != "cancelled"
    )
    assert [path.name for path in stick.iterdir()] == [made.path.name]


def test_selling_goes_on_while_a_backup_is_made_and_two_of_one_second_both_stay(
    shop: Shop, stick: Path
) -> None:
    first, second = shop.backups.make(stick).path, shop.backups.make(stick).path
    assert first != second
    assert first.exists()
    shop.orders.take(sale())
    assert shop.backups.make(stick).manifest.orders == 1


def test_a_preview_names_what_would_be_missing_and_changes_nothing(paths: ShopPaths, backup: Path) -> None:
    before = {path: path.read_bytes() for path in paths.home.glob("*.*")}
    seen = preview(paths, backup)
    assert (seen.missing.orders, seen.missing.operations) == (3, 3)
    assert seen.missing.numbers == ("A-26-000002", "A-26-000003", "A-26-000004")
    assert seen.missing.total_paisa == sum(round(4550 * n, -2) for n in (1, 2)) + 13_700
    assert seen.replayable == 3
    assert (seen.current_shop, seen.same_vendor) == ("রূপকথা ঘর", True)
    assert {path: path.read_bytes() for path in paths.home.glob("*.*")} == before


def test_a_restored_shop_is_the_backups_with_a_new_series(
    paths: ShopPaths, clock: FixedClock, backup: Path
) -> None:
    done = restore(paths, clock, backup)
    assert re.fullmatch(r"A[2-9A-Z]{2}", done.device_code)
    assert (done.orders, done.replayed) == (1, 0)
    assert problems(paths) == []
    with open_shop(paths, clock) as shop:
        assert [o.number for o in shop.orders.list()] == ["A-26-000001"]
        assert shop.orders.take(sale()).number == f"{done.device_code}-26-000001"
        assert shop.store.recovered is None
    assert problems(paths) == []
    assert len(list(paths.set_aside.glob("*shop.db"))) == 1


def test_the_safety_backup_brings_the_later_state_back(
    paths: ShopPaths, clock: FixedClock, backup: Path
) -> None:
    before = dump(paths.database, without=OWN)
    done = restore(paths, clock, backup)
    assert done.safety is not None
    again = restore(paths, clock, done.safety)
    assert dump(paths.database, without=OWN) == before
    assert again.device_code != done.device_code
    assert problems(paths) == []


def test_replaying_the_journal_brings_everything_back(
    paths: ShopPaths, clock: FixedClock, backup: Path
) -> None:
    before = dump(paths.database, without=OWN)
    done = restore(paths, clock, backup, replay=True)
    assert (done.orders, done.replayed) == (4, 3)
    assert dump(paths.database, without=OWN) == before
    assert problems(paths) == []


def test_replaying_reaches_what_the_journal_did_not_have_yet(
    paths: ShopPaths, clock: FixedClock, backup: Path
) -> None:
    lines = paths.journal.read_bytes().splitlines(keepends=True)
    paths.journal.write_bytes(b"".join(lines[:-2]))
    paths.tip.unlink()
    assert restore(paths, clock, backup, replay=True).replayed == 3
    assert problems(paths) == []


def test_a_lost_shop_comes_back_from_backup_and_journal(
    paths: ShopPaths, clock: FixedClock, backup: Path
) -> None:
    before = dump(paths.database, without=OWN)
    paths.database.unlink()
    seen = preview(paths, backup)
    assert (seen.current_shop, seen.missing.orders) == (None, 3)
    done = restore(paths, clock, backup, replay=True)
    assert done.safety is None
    assert dump(paths.database, without=OWN) == before
    assert problems(paths) == []


def test_a_damaged_shop_is_set_aside_whole_and_replaced(
    paths: ShopPaths, clock: FixedClock, backup: Path
) -> None:
    data = bytearray(paths.database.read_bytes())
    data[4096 : 4096 * 6] = bytes(4096 * 5)
    paths.database.write_bytes(data)
    done = restore(paths, clock, backup, replay=True)
    assert (done.safety, done.orders) == (None, 4)
    assert problems(paths) == []
    (kept,) = paths.set_aside.glob("*shop.db")
    assert kept.read_bytes() == data


def test_codes_of_replaced_series_are_never_given_again(
    paths: ShopPaths, clock: FixedClock, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(1)
    monkeypatch.setattr("secrets.randbelow", lambda n: dice.randrange(2))  # four codes in all
    codes = []
    for _ in range(4):
        codes.append(restore(paths, clock, backup).device_code)
        with open_shop(paths, clock) as shop:
            shop.orders.take(sale())
    assert len(set(codes)) == 4


def test_a_shop_that_was_open_goes_on_with_what_was_restored(
    paths: ShopPaths, clock: FixedClock, backup: Path
) -> None:
    with open_shop(paths, clock) as still_open:
        assert len(still_open.orders.list()) == 4
        done = restore(paths, clock, backup)
        assert [o.number for o in still_open.orders.list()] == ["A-26-000001"]
        assert still_open.orders.take(sale()).number == f"{done.device_code}-26-000001"
    with open_shop(paths, clock) as shop:
        assert len(shop.orders.list()) == 2
    assert problems(paths) == []


# ---- what is refused ---------------------------------------------------------------------------------


def refused(paths: ShopPaths, clock: FixedClock, backup: Path) -> str:
    """The code of the refusal; the present shop is the same to the byte."""
    before = {path: path.read_bytes() for path in paths.home.glob("*.*")}
    with pytest.raises(UserError) as error:
        restore(paths, clock, backup)
    if error.value.code != "backup_other_shop":
        with pytest.raises(UserError) as preview_error:
            preview(paths, backup)
        assert preview_error.value.code == error.value.code
    assert {path: path.read_bytes() for path in paths.home.glob("*.*")} == before
    assert not list(paths.home.glob(".restoring-*"))
    return error.value.code


def test_a_backup_with_one_flipped_bit_anywhere_is_refused(
    paths: ShopPaths, clock: FixedClock, backup: Path
) -> None:
    whole, dice = backup.read_bytes(), random.Random(7)
    ends = [0, 3, 4, 8, 10, 12, len(whole) - 1, len(whole) - 65, len(whole) - 80, len(whole) - 90]
    for at in [*ends, *(dice.randrange(len(whole)) for _ in range(20))]:
        spoilt = bytearray(whole)
        spoilt[at] ^= 1 << dice.randrange(8)
        backup.write_bytes(spoilt)
        assert refused(paths, clock, backup) == "backup_damaged", f"byte {at}"


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.999])
def test_a_backup_that_was_cut_off_is_refused(
    paths: ShopPaths, clock: FixedClock, backup: Path, share: float
) -> None:
    whole = backup.read_bytes()
    backup.write_bytes(whole[: int(len(whole) * share)])
    assert refused(paths, clock, backup) == "backup_damaged"


def test_another_kind_of_file_is_refused(paths: ShopPaths, clock: FixedClock, tmp_path: Path) -> None:
    for name, data in (("a.txt", b"hello"), ("b.hatkhata", b"PK\x05\x06" + bytes(18)), ("c", bytes(9999))):
        (tmp_path / name).write_bytes(data)
        assert refused(paths, clock, tmp_path / name) == "backup_damaged"
    assert refused(paths, clock, tmp_path) == "backup_damaged"
    assert refused(paths, clock, tmp_path / "nowhere.hatkhata") == "backup_missing"


def test_another_vendors_backup_wants_the_shops_name(
    shop: Shop, clock: FixedClock, tmp_path: Path, stick: Path
) -> None:
    shop.close()
    other = dataclasses.replace(shop.paths, home=tmp_path / "other")
    found_shop(other, clock, vendor="অন্য দোকান", phone="01911223344")
    with open_shop(other, clock) as stranger:
        fill(stranger)
        theirs = stranger.backups.make(stick).path
    assert refused(shop.paths, clock, theirs) == "backup_other_shop"
    assert not preview(shop.paths, theirs).same_vendor
    restore(shop.paths, clock, theirs, shop_name="অন্য দোকান")
    with open_shop(shop.paths, clock) as now:
        assert now.configuration.shop().name == "অন্য দোকান"
    assert problems(shop.paths) == []


def test_another_vendors_backup_wants_the_name_even_where_the_shop_is_lost(
    paths: ShopPaths, clock: FixedClock, tmp_path: Path, stick: Path
) -> None:
    other = dataclasses.replace(paths, home=tmp_path / "other")
    found_shop(other, clock, vendor="অন্য দোকান", phone="01911223344")
    with open_shop(other, clock) as stranger:
        theirs = stranger.backups.make(stick).path
    paths.database.unlink()
    assert refused(paths, clock, theirs) == "backup_other_shop"


def test_a_shop_that_does_not_add_up_is_not_made_into_a_backup(shop: Shop, stick: Path) -> None:
    shop.orders.take(sale())
    spoil(shop.paths.database, "UPDATE variant SET on_hand_milli = 1 WHERE sku = 'P001'")
    with pytest.raises(EnvironmentFault) as error:
        shop.backups.make(stick)
    assert error.value.code == "backup_not_sound"
    assert list(stick.iterdir()) == []


def test_a_backup_into_a_file_where_a_folder_should_be_is_an_error_with_a_code(
    shop: Shop, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(EnvironmentFault):
        shop.backups.make(tmp_path / "file" / "backup.hatkhata")


def test_a_backup_onto_an_old_one_replaces_it_whole(shop: Shop, stick: Path) -> None:
    target = stick / "latest.hatkhata"
    shop.backups.make(target)
    shop.orders.take(sale())
    shop.backups.make(target)
    assert read_manifest(target).orders == 1
    assert [p.name for p in stick.iterdir()] == ["latest.hatkhata"]


def test_leftovers_of_killed_backups_are_swept_after_a_day(shop: Shop, stick: Path) -> None:
    import os
    import time

    for name, age in ((".making-old", 2 * 86_400), (".making-new", 60)):
        (stick / name).mkdir()
        (stick / name / "shop.db").write_bytes(b"half")
        os.utime(stick / name, (time.time() - age,) * 2)
    shop.backups.make(stick)
    assert not (stick / ".making-old").exists()
    assert (stick / ".making-new").exists()


def test_a_copy_of_a_backup_is_as_good_as_it(paths: ShopPaths, clock: FixedClock, backup: Path) -> None:
    copy = backup.with_name("কপি (১).zip")
    copy_file(backup, copy)
    assert restore(paths, clock, copy).orders == 1


# ---- what a restore costs, told by what the logs hold and not by how long they are --------------------


def test_a_preview_counts_from_where_the_two_courses_part(
    paths: ShopPaths, clock: FixedClock, stick: Path
) -> None:
    with open_shop(paths, clock) as shop:
        early = shop.backups.make(stick).path
        for _ in range(5):
            shop.orders.take(sale())
        late = shop.backups.make(stick).path
    restore(paths, clock, early)
    with open_shop(paths, clock) as shop:
        numbers = [shop.orders.take(sale()).number for _ in range(2)]
    seen = preview(paths, late)
    assert (seen.missing.orders, seen.missing.numbers) == (2, tuple(numbers))
    assert (seen.missing.operations, seen.replayable) == (3, 0), "two orders and the new series"
    paths.database.write_bytes(b"")
    unread = preview(paths, late)
    assert unread.missing == seen.missing, "the journal tells it as well"


def test_a_preview_of_another_shops_backup_counts_everything_that_would_go(
    shop: Shop, clock: FixedClock, tmp_path: Path, stick: Path
) -> None:
    shop.orders.take(sale())
    shop.close()
    operations = len(dump(shop.paths.database)["op"])
    other = dataclasses.replace(shop.paths, home=tmp_path / "other")
    found_shop(other, clock, vendor="অন্য দোকান", phone="01911223344")
    with open_shop(other, clock) as stranger:
        fill(stranger)
        for _ in range(9):
            stranger.orders.take(sale())
        theirs = stranger.backups.make(stick).path
    for _ in range(2):
        seen = preview(shop.paths, theirs)
        assert not seen.same_vendor
        assert (seen.missing.orders, seen.missing.operations) == (1, operations)
        shop.paths.database.write_bytes(b"")


def test_only_what_a_replay_would_take_is_called_replayable(
    paths: ShopPaths, clock: FixedClock, backup: Path
) -> None:
    lines = paths.journal.read_bytes().splitlines(keepends=True)
    lines[-2] = lines[-2].replace(b"order.confirmed", b"order.confirmes")
    paths.journal.write_bytes(b"".join(lines))
    paths.database.unlink()
    assert preview(paths, backup).replayable == 1
    assert restore(paths, clock, backup, replay=True).replayed == 1


# ---- cut off in its middle -------------------------------------------------------------------------------


def test_until_the_database_is_replaced_the_journal_stays_in_its_place(
    paths: ShopPaths, clock: FixedClock, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = paths.journal.read_bytes()
    paths.database.write_bytes(b"")  # a shop of which the journal is all that is left

    def refuse(*_: object) -> None:
        raise OSError(5, "no")

    with monkeypatch.context() as patch:
        patch.setattr("pos.store.restore.put_in_place", refuse)
        with pytest.raises(EnvironmentFault):
            restore(paths, clock, backup)
    assert paths.journal.read_bytes() == before
    assert restore(paths, clock, backup, replay=True).orders == 4
    assert problems(paths) == []


@pytest.mark.parametrize("replay", [True, False])
@pytest.mark.parametrize("moved", [0, 1, 2])
def test_a_restore_cut_off_before_its_journal_is_sound_and_finished_by_the_next_sale(
    paths: ShopPaths,
    clock: FixedClock,
    backup: Path,
    monkeypatch: pytest.MonkeyPatch,
    replay: bool,
    moved: int,
) -> None:
    old, aside = paths.journal.read_bytes(), recovery.set_aside

    def cut_off(own: ShopPaths, *files: Path) -> list[Path]:
        if paths.journal in files:
            aside(own, *files[:moved])
            raise OSError(5, "no")
        return aside(own, *files)

    with monkeypatch.context() as patch:
        patch.setattr("pos.store.recovery.set_aside", cut_off)
        done = restore(paths, clock, backup, replay=replay)
    assert problems(paths) == [], "whoever looks right then is not alarmed"
    with open_shop(paths, clock) as shop:
        number = shop.orders.take(sale()).number
        assert number == f"{done.device_code}-26-000001"
        assert len(shop.orders.list()) == done.orders + 1
        assert shop.store.recovered is None
    assert problems(paths) == []
    if replay and moved < 2:  # the old journal is this shop's own, and goes on
        assert paths.journal.read_bytes().startswith(old)
    else:
        (kept,) = paths.set_aside.glob("*ops.jsonl")
        assert kept.read_bytes() == old
