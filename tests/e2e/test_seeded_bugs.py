"""Bugs put in on purpose: the checks that the other tests lean on must catch each of them (trust.md §5)."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from pos.errors import PosError
from pos.services import orders as orders_service
from pos.services.basket import fill_basket
from pos.shop import Shop, open_shop
from pos.store import apply, engine, journal, oplog, prepared, recovery, sales
from pos.store.apply import goods
from pos.store.apply import orders as order_rows
from pos.store.oplog import Act
from pos.store.restore import restore
from tests.e2e.crew import assert_all_there
from tests.shopkeeping import PHONE, dump, problems, sale, sale_to

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from pos.domain.times import FixedClock
    from pos.paths import ShopPaths


def test_a_number_given_outside_the_transaction_leaves_a_gap_that_is_seen(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = iter(range(100))
    monkeypatch.setattr(sales, "last_number", lambda *_: next(given))
    shop.orders.take(sale())
    monkeypatch.setattr(orders_service.Orders, "_line_entry", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        shop.orders.take(sale())
    monkeypatch.undo()
    monkeypatch.setattr(sales, "last_number", lambda *_: next(given))
    shop.orders.take(sale())
    shop.close()
    assert "number_gap" in problems(shop.paths)


def test_stock_written_in_a_second_transaction_that_never_came_is_seen(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_rows, "write_moves", lambda *_, **__: None)
    shop.orders.take(sale())
    shop.close()
    assert "sale_not_its_lines" in problems(shop.paths)


def test_stock_that_forgets_its_count_is_seen(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def written_only(connection: Connection, moves: list[dict[str, Any]], *, counts: bool) -> None:
        goods._add_move.run_all(connection, moves)

    monkeypatch.setattr(order_rows, "write_moves", written_only)
    shop.orders.take(sale())
    shop.close()
    assert problems(shop.paths) == ["stock_not_its_movements"]


def test_a_restore_that_keeps_its_series_gives_a_number_twice_and_the_crew_sees_it(
    shop: Shop, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    backup = shop.backups.make(tmp_path).path
    confirmed = {o.number: o.total_paisa for o in [shop.orders.take(sale("P003", "2"))]}
    shop.close()

    def keeps(connection: Connection, reason: str, _given: set[str]) -> Act:
        device = dump_device(connection)
        return Act("device.rekeyed", "device", device, {"code": "A", "reason": reason})

    monkeypatch.setattr(recovery, "rekey_act", keeps)
    restore(shop.paths, clock, backup)
    with open_shop(shop.paths, clock) as again:
        number = again.orders.take(sale("P003")).number
    assert number in confirmed
    with pytest.raises(AssertionError):
        assert_all_there(shop.paths, confirmed)


def dump_device(connection: Connection) -> bytes:
    found: bytes = connection.exec_driver_sql("SELECT device_id FROM installation").scalar_one()
    return found


def test_a_journal_written_before_the_commit_knows_of_an_order_that_never_was(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shop.store.write():
        pass
    shop.store.settle()

    def early(connection: Connection) -> None:
        operations = list(oplog.read_after(connection, len(shop.paths.journal.read_bytes().splitlines())))
        with shop.paths.journal.open("ab") as file:
            journal._append(file, operations)
        raise sqlite3.OperationalError("power cut")

    monkeypatch.setattr(shop.store, "_commit", early)
    with pytest.raises(PosError):
        shop.orders.take(sale())
    shop.close()
    assert problems(shop.paths) == ["database_older_than_journal"]


def test_writers_that_neither_lock_nor_begin_immediately_get_in_each_others_way_and_it_is_told(
    paths: ShopPaths, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two sales interleaved by hand; with the lock in place the second would wait."""
    for step in ("__enter__", "__exit__"):
        monkeypatch.setattr(engine.WriteLock, step, lambda *_: None)
    with open_shop(paths, clock) as one, open_shop(paths, clock) as other:
        monkeypatch.setattr(prepared, "begin", _begin_late)

        def meanwhile(*given: Any) -> Any:
            monkeypatch.setattr(orders_service, "fill_basket", fill_basket)
            other.orders.take(sale("P003"))
            return fill_basket(*given)

        monkeypatch.setattr(orders_service, "fill_basket", meanwhile)
        with pytest.raises(PosError) as error:
            one.orders.take(sale("P003"))
    assert error.value.code == "shop_busy"
    assert [row[1] for row in dump(paths.database)["orders"]] == ["A-26-000001"]


def _begin_late(connection: Connection) -> None:
    """Begin as Python's default does."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    raw.execute("BEGIN")


def test_a_buyer_in_the_body_of_an_operation_is_seen_by_the_canary(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leaky(kind: str, agg: str, agg_id: bytes, body: Any, personal: Any = None) -> Act:
        return Act(kind, agg, agg_id, body | {"source": (personal or {}).get("phone")}, personal)

    monkeypatch.setattr(orders_service, "Act", leaky)
    shop.orders.take(sale_to(PHONE))
    bodies = "".join(row[6] for row in dump(shop.paths.database)["op"])
    assert PHONE[1:] in bodies


def test_an_erasure_that_forgets_the_log_is_seen(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.orders.take(sale_to(PHONE))
    monkeypatch.setitem(apply._APPLIERS, "customer.erased", lambda *_: None)
    shop.customers.erase(PHONE)
    shop.close()
    assert "record_unlike_its_operations" in problems(shop.paths)


def test_an_order_told_before_its_commit_is_missed_by_the_crew(paths: ShopPaths) -> None:
    with pytest.raises(AssertionError):
        assert_all_there(paths, {"A-26-000001": 4_600})
