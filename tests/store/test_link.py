"""The tie to a server: how far both are, and what is still to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from pos.store import oplog
from pos.store.link import found_link, move_link, pending, read_link, waiting
from tests.shopkeeping import busy_day
from tests.store.several import link_of

if TYPE_CHECKING:
    from pos.shop import Shop


def test_a_shop_alone_has_no_link(shop: Shop) -> None:
    with shop.store.read() as connection:
        assert read_link(connection) is None


def test_a_link_is_read_as_it_was_founded_and_moved_field_by_field(shop: Shop) -> None:
    link = link_of(shop.paths)
    with shop.store.write() as unit:
        found_link(unit.connection, link)
        assert read_link(unit.connection) == link
        move_link(unit.connection, ack_n=5, cursors={"v": 9}, stock_seq=3)
        move_link(unit.connection)
    moved = msgspec.structs.replace(link, ack_n=5, cursors={"v": 9, "h": 0, "g": 0}, stock_seq=3)
    with shop.store.read() as connection:
        assert read_link(connection) == moved
    with shop.store.write() as unit:
        found_link(unit.connection, msgspec.structs.replace(link, server="https://elsewhere.example"))
        found = read_link(unit.connection)
    assert found is not None
    assert (found.server, found.ack_n) == ("https://elsewhere.example", 0)


def test_what_is_pending_comes_in_order_up_to_both_limits(shop: Shop) -> None:
    busy_day(shop)
    with shop.store.read() as connection:
        everything = list(oplog.read_after(connection, 0))
        assert pending(connection, 0, limit=10_000, limit_bytes=1 << 30) == everything
        assert pending(connection, 3, limit=4, limit_bytes=1 << 30) == everything[3:7]
        size = sum(len(o.body) + len(o.personal or b"") for o in everything[:3])
        assert pending(connection, 0, limit=10_000, limit_bytes=size) == everything[:3]
        assert pending(connection, 0, limit=10_000, limit_bytes=1) == everything[:1]
        assert pending(connection, len(everything), limit=10, limit_bytes=1000) == []
        assert waiting(connection, 3) == len(everything) - 3
        assert waiting(connection, len(everything) + 5) == 0
