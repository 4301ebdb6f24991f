"""A log that parted from the server's goes on under another identity; a joined laptop's log begins its own."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from pos.domain.ids import uuid7
from pos.paths import ShopPaths
from pos.shop import open_shop
from pos.store import journal, migrate, oplog, recovery
from pos.store.backup import copy_database
from pos.store.engine import make_engine
from pos.store.identity import take_identity
from pos.store.inbox import Arrived, take_in
from pos.store.verify import verify
from tests.shopkeeping import LOCAL, busy_day, dump, paid, problems, rebuild, sale, sale_to
from tests.store.several import Central, all_rows, joined, remade_rows, tie

if TYPE_CHECKING:
    from pathlib import Path

    from pos.shop import Shop


def tip_of(shop: Shop) -> int:
    with shop.store.read() as connection:
        return oplog.read_tip(connection).n


def devices_of(shop: Shop, table: str, key: str) -> dict[object, object]:
    with shop.store.read() as connection:
        return {row[0]: row[1] for row in connection.exec_driver_sql(f"SELECT {key}, device_id FROM {table}")}


def test_what_was_written_since_the_logs_parted_is_the_new_identitys(shop: Shop, tmp_path: Path) -> None:
    first, *_ = busy_day(shop)
    with shop.store.read() as connection:
        old = oplog.Authors(connection).of(1)
    at = tip_of(shop)
    shop.orders.pay(first, "cash", "100")
    kept = shop.orders.take(sale_to("01911223344", payments=paid("50"))).number
    gone = shop.orders.take(sale()).number
    shop.orders.cancel(gone, "ভুল")
    shop.stock.move("P003", "3", "purchase", "")
    with shop.store.write() as unit:
        unit.record(recovery.rekey_act(unit.connection, "copied", set()))
    new = uuid7(shop.desk.clock.now_ms())
    with shop.store.write() as unit:
        take_identity(unit, new, "K", at, "fork")
        assert (unit.device_id, unit.code) == (new, "K")
    assert shop.orders.take(sale()).number == "K-26-000001"
    by = devices_of(shop, "orders", "number")
    assert (by[first], by[kept], by[gone], by["K-26-000001"]) == (old, new.bytes, new.bytes, new.bytes)
    assert sorted(row[1] for row in dump(shop.paths.database)["device"]) == ["A", "K"]
    assert new.bytes in devices_of(shop, "payment", "hex(id)").values()
    assert all_rows(shop) == remade_rows(shop)
    shop.close()
    assert problems(shop.paths) == []
    rebuild(shop.paths, tmp_path / "rebuilt.db")
    assert dump(tmp_path / "rebuilt.db", without=LOCAL) == dump(shop.paths.database, without=LOCAL)


def test_a_log_that_parted_twice_is_of_three_identities(shop: Shop) -> None:
    with shop.store.read() as connection:
        first = oplog.Authors(connection).of(1)
    ends = []
    ids = [uuid7(1), uuid7(2)]
    for code, one in zip("KL", ids, strict=True):
        shop.orders.take(sale())
        ends.append(tip_of(shop))
        shop.orders.take(sale())
        with shop.store.write() as unit:
            take_identity(unit, one, code, ends[-1], "fork")
    with shop.store.read() as connection:
        authors = oplog.Authors(connection)
    assert [authors.of(n) for n in (1, ends[0], ends[0] + 1, ends[1], ends[1] + 1)] == [
        first, first, ids[0].bytes, ids[0].bytes, ids[1].bytes,
    ]  # fmt: skip
    assert all_rows(shop) == remade_rows(shop)
    assert problems(shop.paths) == []


def test_a_copy_of_a_copy_leaves_both_before_it_the_numbers_that_they_have(shop: Shop) -> None:
    at = tip_of(shop)
    copied_from, own = uuid7(1), uuid7(2)

    def numbered_anew() -> None:
        with shop.store.write() as unit:
            act = recovery.rekey_act(unit.connection, "copied", set())
            unit.record(act)
            unit.found(unit.device_id, str(act.body["code"]))

    for one, code in ((copied_from, "C"), (own, "E")):
        shop.orders.take(sale())
        numbered_anew()
        with shop.store.write() as unit:
            take_identity(unit, one, code, at, "copied")
    with shop.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT id, code FROM device").all()
    codes = {bytes(row[0]): row[1] for row in rows}
    assert (codes[copied_from.bytes], codes[own.bytes]) == ("C", "E")
    assert "A" in codes.values()
    assert all_rows(shop) == remade_rows(shop)


def test_the_original_of_a_copy_is_another_device_with_the_same_beginning(shop: Shop, tmp_path: Path) -> None:
    """Both sold after the copy was made; the copy took a new identity, and the numbers of both are kept."""
    tie(shop)
    central = Central()
    shop.orders.take(sale())
    central.push(shop)
    at = tip_of(shop)
    twin = ShopPaths(tmp_path / "twin")
    twin.home.mkdir()
    engine = make_engine(shop.paths.database, writer=True)
    copy_database(engine, twin.database)
    engine.dispose()
    with open_shop(twin, shop.desk.clock) as copied:
        copied.orders.take(sale("P003"))
        with copied.store.write() as unit:
            take_identity(unit, uuid7(5), "K", at, "copied")
        shop.orders.take(sale_to())
        central.push(shop)
        with copied.store.write() as unit:
            take_in(unit.connection, [], central.taken)
        assert len(copied.orders.list()) == 3
        with copied.store.read() as connection:
            assert verify(connection).problems == []
        assert all_rows(copied) == remade_rows(copied)


def test_a_joined_laptops_journal_alone_keeps_what_it_sold_until_the_rest_comes_again(
    shop: Shop, tmp_path: Path
) -> None:
    tie(shop)
    central = Central()
    central.push(shop)
    with joined(central, tmp_path / "other", shop.desk.clock, "B") as other:
        central.pull(other)
        for sku in ("P001", "P003", "P003"):
            other.orders.take(sale(sku))
        other.orders.cancel("B-26-000003", "ভুল")
        there = all_rows(other)
        paths = other.paths
    into = tmp_path / "rebuilt.db"
    migrate.create(into)
    engine = make_engine(into, writer=True)
    with engine.begin() as connection:
        replayed = recovery.replay(connection, journal.read_operations(paths.journal))
    with engine.begin() as connection:
        waiting = connection.exec_driver_sql("SELECT count(*) FROM deferred").scalar_one()
        assert (replayed, waiting) == (5, 4)
        assert connection.exec_driver_sql("SELECT code, last_no FROM series").all() == [("B", 3)]
        assert verify(connection).problems == []
        take_in(connection, [], central.taken)
        assert verify(connection).problems == []
    engine.dispose()
    rebuilt = dump(into, without=("link", "search_doc", "search_code", "search_word", "search_near"))
    assert rebuilt == {name: rows for name, rows in there.items() if name != "link"}


def test_what_the_server_has_from_the_given_up_identity_stays_that_ones(shop: Shop) -> None:
    """Its reply was lost before the logs parted, so this side parted them further back."""
    tie(shop)
    central = Central()
    central.push(shop)
    at = tip_of(shop)
    with shop.store.read() as connection:
        old = oplog.Authors(connection).of(1)
    number = shop.orders.take(sale(payments=paid("50"))).number
    shop.orders.cancel(number, "ভুল")
    shop.stock.move("P003", "3", "purchase", "")
    with shop.store.read() as connection:
        sent = [Arrived(o, uuid.UUID(bytes=old), 100 + o.n, o.hlc) for o in oplog.read_after(connection, at)]
    with shop.store.write() as unit:
        take_identity(unit, uuid7(5), "K", at, "fork")
    assert devices_of(shop, "orders", "number")[number] == own_identity(shop)
    with shop.store.write() as unit:
        take_in(unit.connection, [], sent)
    assert devices_of(shop, "orders", "number")[number] == old
    assert set(devices_of(shop, "stock_move", "hex(id)").values()) == {old}
    assert all_rows(shop) == remade_rows(shop)
    assert problems(shop.paths) == []


def own_identity(shop: Shop) -> bytes:
    with shop.store.read() as connection:
        found: bytes = connection.exec_driver_sql("SELECT device_id FROM installation").scalar_one()
    return found
