"""Several laptops of one vendor around a server that is nothing but an order, each a real shop on a real disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pos.domain.ids import uuid7
from pos.log import EventLog
from pos.paths import ShopPaths
from pos.shop import open_shop
from pos.store import migrate, oplog
from pos.store.inbox import Arrived, Settled, take_in
from pos.store.link import Link, found_link, move_link, pending, read_link
from pos.store.oplog import Act
from pos.store.remake import remake
from pos.store.store import Store
from pos.sync.machine import machine_mark
from tests.shopkeeping import dump

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from uuid import UUID

    from sqlalchemy import Connection

    from pos.domain.times import Clock
    from pos.protocol.operations import Operation
    from pos.shop import Shop

# What a laptop has for itself: its log, its place, its carts; and how the search index counts its products.
OWN = (
    "op", "foreign_op", "installation", "link", "draft", "deferred", "stock_base", "search_doc", "search_code",
    "search_word", "search_near",
)  # fmt: skip


def link_of(paths: ShopPaths) -> Link:
    """A link over which nothing has gone yet."""
    nowhere = {"v": 0, "h": 0, "g": 0}
    return Link("http://127.0.0.1:8725", "রূপকথা ঘর", "e1", 0, nowhere, None, machine_mark(paths), None)


@dataclass
class Central:
    """The one order: whoever comes, is next."""

    taken: list[Arrived] = field(default_factory=list)
    places: dict[UUID, Arrived] = field(default_factory=dict)

    def push(self, shop: Shop, limit: int = 500) -> int:
        """The next operations of a shop get their place, and it is told so."""
        with shop.store.write() as unit:
            link = read_link(unit.connection)
            assert link is not None
            sent = pending(unit.connection, link.ack_n, limit=limit, limit_bytes=1 << 20)
            settled = [self._place(unit.device_id, operation) for operation in sent]
            take_in(unit.connection, settled, [], stock_seq=link.stock_seq)
            if sent:
                move_link(unit.connection, ack_n=sent[-1].n)
        return len(sent)

    def _place(self, device: UUID, operation: Operation) -> Settled:
        known = self.places.get(operation.op_id)
        if known is None:
            known = Arrived(operation, device, len(self.taken) + 1, operation.hlc)
            self.taken.append(known)
            self.places[operation.op_id] = known
        return Settled(operation.op_id, known.seq, known.rank, 1, "")

    def pull(self, shop: Shop, limit: int = 10_000) -> int:
        """A shop takes in what it has not seen."""
        with shop.store.write() as unit:
            link = read_link(unit.connection)
            assert link is not None
            since = link.cursors["v"]
            arrived = self.taken[since : since + limit]
            take_in(unit.connection, [], arrived, stock_seq=link.stock_seq)
            move_link(unit.connection, cursors={"v": since + len(arrived), "h": since + len(arrived)})
        return len(arrived)

    def settle(self, *shops: Shop) -> None:
        """Everybody sends all and takes in all."""
        for shop in shops:
            while self.push(shop):
                pass
        for shop in shops:
            while self.pull(shop):
                pass


def tie(shop: Shop) -> None:
    """Pair a founder's shop."""
    with shop.store.write() as unit:
        found_link(unit.connection, link_of(shop.paths))


def joined(central: Central, home: Path, clock: Clock, code: str) -> Shop:
    """A new laptop, with all that the others have sent, opened."""
    paths = ShopPaths(home)
    paths.home.mkdir()
    migrate.create(paths.database)
    store = Store(paths, clock, EventLog(paths.logs))
    device = uuid7(clock.now_ms())
    with store.write() as unit:
        unit.found(device, code)
        body = {"vendor": uuid7(1).hex, "code": code}
        unit.record(Act("device.joined", "device", device.bytes, body))
        found_link(unit.connection, link_of(paths))
        take_in(unit.connection, [], central.taken)
        move_link(unit.connection, cursors={"v": len(central.taken), "h": len(central.taken)})
    store.settle()
    store.close()
    return open_shop(paths, clock)


def rows(shop: Shop) -> dict[str, list[tuple[Any, ...]]]:
    """What every laptop of the vendor must show alike."""
    return dump(shop.paths.database, without=OWN)


def all_rows(shop: Shop) -> dict[str, list[tuple[Any, ...]]]:
    """Every row but the search index's, whose numbers tell in which order products came."""
    hidden = ("search_doc", "search_code", "search_word", "search_near")
    return dump(shop.paths.database, without=hidden)


def remade_rows(shop: Shop) -> dict[str, list[tuple[Any, ...]]]:
    """The same after all was made again from the operations."""
    with shop.store.write() as unit:
        remake(unit.connection)
    return all_rows(shop)


def log(connection: Connection) -> Sequence[Operation]:
    """A device's own operations."""
    return list(oplog.read_after(connection, 0))
