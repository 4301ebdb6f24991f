"""Where a laptop's log stands at the server: forks, new identities, a server set back, and what others lost."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from typing import TYPE_CHECKING

import msgspec
import pytest

from pos.domain.times import FixedClock
from pos.protocol import codec
from pos.protocol.messages import MAX_OPERATIONS, RekeyRequest, digest_of, to_wire
from pos.server.engine import open_database
from tests.server.conftest import NOW, Central
from tests.server.laptop import Laptop, statuses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def copy_of(laptop: Laptop) -> Laptop:
    """The same laptop from a copied disk: same identity, same token."""
    other = object.__new__(Laptop)
    other.__dict__ = dict(laptop.__dict__)
    other.log, other.cursors, other.seen = list(laptop.log), dict(laptop.cursors), dict(laptop.seen)
    return other


def test_a_log_that_parts_from_what_is_here_is_told_where(central: Central) -> None:
    shop = central.shop()
    shop.push()
    clone = copy_of(shop)
    shop.setting("shop.name", "ক")
    shop.setting("shop.page", "ক")
    shop.push()
    clone.setting("shop.name", "খ")
    reply = clone.exchange(clone.log[1:])
    assert reply.fork == 3
    assert [result.n for result in reply.results] == [2]
    assert (reply.changes, reply.cursors) == ({}, reply.since)


def test_a_log_that_parted_long_before_is_asked_for_again_until_the_place_is_found(central: Central) -> None:
    shop = central.shop()
    shop.push()
    clone = copy_of(shop)
    for _ in range(300):
        shop.setting("shop.name", "ক")
        clone.setting("shop.name", "খ")
    for begin in range(0, 302, 100):
        shop.exchange(shop.log[begin : begin + 100])
    clone.setting("shop.name", "গ")
    reply, begin = clone.exchange(clone.log[302:]), 303
    while reply.fork is None:
        assert reply.need is not None
        assert reply.need < begin
        begin = reply.need
        reply = clone.exchange(clone.log[begin - 1 : begin + 99])
    assert reply.fork == 3


def test_a_laptop_that_parted_goes_on_under_a_new_identity_and_nothing_is_lost(central: Central) -> None:
    shop = central.shop()
    _, [variant] = shop.product()
    shop.push()
    clone = copy_of(shop)
    shop.order(variant)
    clone.order(variant, 2000)
    shop.push()
    reply = clone.push()
    assert reply.fork == 4
    other = clone.rekey(3)
    assert other.device != shop.device
    assert other.code not in ("", shop.code)
    assert statuses(other.exchange(other.log[3:])) == ["ok"]
    assert central.rows("stock", "on_hand") == [(-3000,)]
    # From its first position on as well: what both have is known by its hash.
    again = other.exchange(other.log, first=1)
    assert statuses(again) == ["ok"] * 4
    assert {str(row[0]) for row in central.rows("sale", "device_id")} == {
        str(value) for value in (central.rows("device", "device_id")[i][0] for i in range(2))
    }


def test_a_new_identity_needs_a_position_that_is_known(central: Central) -> None:
    shop = central.shop()
    shop.push()
    for at, digest in ((2, b"x" * 32), (3, shop.log[1].hash), (-1, bytes(32)), (1, b"")):
        answer = shop.desk.rekey(shop.token, codec.encode(RekeyRequest(at, digest.hex(), "m")))
        assert answer.status == 409
        assert b"log_parts_earlier" in answer.body
    assert shop.rekey(0).code == "B"


def test_a_revoked_laptop_does_not_get_in_again_by_a_new_identity(central: Central) -> None:
    shop = central.shop()
    shop.push()
    central.office.revoke("রূপকথা ঘর", "A")
    other = shop.rekey(2)
    other.setting("shop.name", "ক")
    reply = other.exchange(other.log[2:])
    assert reply.revoked
    assert statuses(reply) == ["device_revoked"]


def test_the_whole_log_of_a_shop_that_was_paired_anew_is_known(central: Central) -> None:
    shop = central.shop()
    _, [variant] = shop.product()
    shop.order(variant)
    shop.push()
    again = central.laptop()
    again.log, again.owner = list(shop.log), shop.owner
    reply = again.exchange(again.log)
    assert statuses(reply) == ["ok"] * 4
    assert reply.last_n == 4
    assert central.rows("stock", "on_hand") == [(-1000,)]
    again.order(variant)
    assert statuses(again.exchange(again.log[2:])) == ["ok"] * 3


def test_a_new_epoch_makes_every_device_begin_anew_and_applies_nothing(central: Central) -> None:
    shop = central.shop()
    shop.push()
    epoch = central.office.new_epoch()
    shop.setting("shop.name", "ক")
    reply = shop.ask(shop.request(shop.log[2:]))
    assert (reply.reset, reply.epoch, reply.last_n, reply.results) == (True, epoch, 2, [])
    shop.epoch, shop.cursors = epoch, {"v": 0, "h": 0, "g": 0}
    assert statuses(shop.exchange(shop.log[2:])) == ["ok"]


def test_what_a_server_lost_comes_back_from_another_laptop(central: Central) -> None:
    shop = central.shop()
    _, [variant] = shop.product()
    shop.push()
    other = central.second(shop)
    other.push()
    with lost_by_the_server(central) as forget:
        lost = [other.order(variant) for _ in range(3)]
        other.push()
        shop.pull()
        forget()
    # `other` never comes again; `shop` has its operations.
    assert central.rows("sale") == []
    shop.epoch = central.office.new_epoch()
    shop.cursors = {"v": 0, "h": 0, "g": 0}
    reply = shop.exchange()
    assert reply.relay_from == {shop.device.hex: 4, other.device.hex: 2}
    relayed = [to_wire(op, device=other.device) for op in other.log[1:]]
    shop.exchange(relay=[*relayed, to_wire(shop.log[0], device=central.laptop("অন্য ঘর").device)])
    assert {bytes(row[0]) for row in central.rows("sale", "order_id")} == {order.bytes for order in lost}
    # What is relayed once more is passed over, and its author finds it taken in.
    shop.exchange(relay=relayed)
    other.epoch = shop.epoch
    assert statuses(other.exchange(other.log)) == ["ok"] * 4
    assert central.rows("stock", "on_hand") == [(-3000,)]


def test_what_is_relayed_must_follow_what_is_here(central: Central) -> None:
    shop = central.shop()
    _, [variant] = shop.product()
    shop.push()
    other = central.second(shop)
    other.push()
    other.order(variant)
    other.order(variant)
    shop.exchange(relay=[to_wire(other.log[2], device=other.device)])
    assert central.rows("sale") == []
    clone = copy_of(other)
    clone.log = clone.log[:1]
    clone.order(variant)
    shop.exchange(relay=[to_wire(clone.log[1], device=other.device)])
    assert len(central.rows("sale", "order_id")) == 1
    assert other.push().fork == 2


def test_a_server_that_was_set_back_and_does_not_say_so_is_found_out(central: Central) -> None:
    shop = central.shop()
    shop.push()
    with lost_by_the_server(central) as forget:
        shop.setting("shop.name", "ক")
        shop.push()
        forget()
    before = shop.epoch
    reply = shop.ask(shop.request())
    assert reply.reset
    assert reply.epoch != before
    shop.epoch, shop.cursors = reply.epoch, {"v": 0, "h": 0, "g": 0}
    assert statuses(shop.push()) == ["ok"] * 3


@contextlib.contextmanager
def lost_by_the_server(central: Central) -> Iterator[Callable[[], None]]:
    """Hands out what sets the server's database back to where it was at the beginning of the block."""
    tables = ("operation", "sale", "stock", "device", "vendor_stream")
    with central.database.write() as connection:
        kept = {
            table: [dict(row._mapping) for row in connection.exec_driver_sql(f"SELECT * FROM {table}")]
            for table in tables
        }

    def forget() -> None:
        with central.database.write() as connection:
            for table in tables:
                connection.exec_driver_sql(f"DELETE FROM {table}")
            for table in reversed(tables):
                for row in kept[table]:
                    names = list(row)
                    marks = ", ".join("?" if central.database.dialect == "sqlite" else "%s" for _ in names)
                    connection.exec_driver_sql(
                        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", tuple(row.values())
                    )

    yield forget


def test_the_digest_tells_what_two_sides_have(central: Central) -> None:
    shop = central.shop()
    _, [variant] = shop.product()
    shop.order(variant)
    shop.push()
    digest = {"v": digest_of([op.hash for op in shop.log[:3]]), "h": digest_of([shop.log[3].hash])}
    assert shop.exchange(digest=digest).agree is True
    other = central.second(shop)
    other.push()
    assert shop.exchange(digest=digest).agree is None
    assert shop.exchange(digest=digest).agree is False


def test_more_operations_than_one_request_may_bring_are_too_many(central: Central) -> None:
    shop = central.shop()
    op = to_wire(shop.log[0])
    request = msgspec.structs.replace(shop.request(), ops=[op] * (MAX_OPERATIONS + 1))
    assert shop.desk.exchange(shop.token, codec.encode(request)).status == 413


def test_a_server_started_from_a_copy_of_its_file_serves_on(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'a.db'}")
    database.migrate()
    central = Central(database, "", FixedClock(NOW))
    shop = central.shop()
    shop.push()
    database.close()
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(tmp_path / "a.db", tmp_path / "b.db")
    again = open_database(f"sqlite:///{tmp_path / 'b.db'}")
    again.migrate()
    shop.desk = Central(again, "", FixedClock(NOW)).desk
    shop.setting("shop.name", "ক")
    assert statuses(shop.push()) == ["ok"] * 3
    again.close()


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "", "sqlite:///a\x00b"])
def test_a_database_that_none_can_be_is_refused(url: str) -> None:
    from pos.errors import PosError

    with pytest.raises((PosError, ValueError)):
        open_database(url).migrate()
