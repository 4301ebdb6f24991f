"""The server answers laptops that bring orders, held against a skeleton that only decodes and inserts the same rows.

On SQLite and on PostgreSQL, without HTTP; with it, and many at once, see `bench.drain`.
"""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Column, select

from bench import skeleton
from bench.shops import empty_shop, fill
from bench.table import Row, against, stated, timed
from pos.domain.times import SystemClock
from pos.protocol import codec
from pos.protocol.messages import (
    MAX_OPERATIONS,
    ExchangeReply,
    ExchangeRequest,
    PairReply,
    PairRequest,
    to_wire,
)
from pos.server.desk import Desk
from pos.server.devices import read_token
from pos.server.engine import open_database
from pos.server.intake import ADD
from pos.server.office import Office
from pos.server.roundtrip import STORED
from pos.server.tables import device, operation, sale, stock, vendor_stream
from pos.store import oplog
from tests.server import postgres

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pos.protocol.operations import Operation

_FLOOR = "decoding and inserting only"
_COPY = "a bare COPY of the same rows"
_ORDERS_EACH = 20

# What the skeleton must leave as the server does; it keeps no digest and does not say when it was there.
_LEFT: Final[tuple[tuple[Column[Any], ...], ...]] = (
    tuple(column for column in operation.c if column.name != "received_at_ms"),
    tuple(sale.c),
    tuple(stock.c),
    (device.c.vendor_id, device.c.device_id, device.c.last_n, device.c.last_hash),
    (vendor_stream.c.vendor_id, vendor_stream.c.head),
)


@dataclass(frozen=True)
class Log:
    """A shop's log: what makes the shop, then orders in the lots in which a laptop brings them."""

    device: uuid.UUID
    founding: Sequence[Sequence[Operation]]
    lots: Sequence[Sequence[Operation]]


@dataclass(frozen=True)
class Shop:
    """A laptop that is paired and has brought what makes its shop."""

    token: str
    epoch: str


def rows(place: Path, *, quick: bool) -> list[Row]:
    """Lots of 20 orders of three lines by buyers with an address, one laptop after the other."""
    lots, rounds = (10, 2) if quick else (100, 7)
    log = shop_log(place / "shop", lots)
    found = []
    ours, floors = [], []
    file = place / "founded.db"
    shop = founded(f"sqlite:///{file}", log)
    for number in range(rounds):
        urls = []
        for name in ("server", "skeleton"):
            urls.append(f"sqlite:///{place / f'{name}-{number}.db'}")
            shutil.copyfile(file, place / f"{name}-{number}.db")
        taken, floor = _in_turn(urls[0], urls[1], log, shop)
        ours.append(taken / lots)
        floors.append(floor / lots)
        assert _left(urls[0]) == _left(urls[1])
    name = f"{_ORDERS_EACH} orders taken by the server"
    demand: Any = {"at_most": round(1 / 0.6, 2), "note": "at least 60 % of the skeleton"}
    found.append(against(f"{name}, SQLite", "ms", ours, _FLOOR, floors, **demand))
    size = sum(len(one) for one in _requests("", log.lots)) / lots
    with postgres.running(durable=True) as server:
        ours, floors, added, copied = [], [], [], []
        made = server.migrated_name()
        shop = founded(server.url(made), log)
        for _ in range(rounds):
            names = server.create(made), server.create(made)
            taken, floor = _in_turn(server.url(names[0]), server.admin_url(names[1]), log, shop)
            ours.append(taken / lots)
            floors.append(floor / lots)
            assert _left(server.admin_url(names[0])) == _left(server.admin_url(names[1]))
            taken, floor = _put_in_once(server, log)
            added.append(taken)
            copied.append(floor)
    found += [
        against(f"{name}, PostgreSQL", "ms", ours, _FLOOR, floors, **demand),
        against(
            f"operations of {lots * _ORDERS_EACH:,} orders, those not there yet put in, PostgreSQL",
            "ms", added, _COPY, copied, at_most=2,
        ),
        stated(f"{_ORDERS_EACH} orders on the line", "kB", [size / 1000]),
    ]  # fmt: skip
    return found


def shop_log(home: Path, lots: int) -> Log:
    """The log of a shop with the demo catalogue that has sold so many lots of 20."""
    with empty_shop(home) as shop:
        with shop.store.read() as connection:
            before = oplog.read_tip(connection).n
        fill(shop, lots * _ORDERS_EACH)
        with shop.store.read() as connection:
            operations = list(oplog.read_after(connection, 0))
        with shop.store.write() as unit:
            device = unit.device_id
    founding, sold = operations[:before], operations[before:]
    cut: list[list[Operation]] = [[]]
    orders = 0
    for one in sold:
        cut[-1].append(one)
        orders += one.kind == "order.confirmed"
        if orders == _ORDERS_EACH:
            cut.append([])
            orders = 0
    pages = [founding[at : at + MAX_OPERATIONS] for at in range(0, len(founding), MAX_OPERATIONS)]
    return Log(device, pages, [lot for lot in cut if lot])


def request(lot: Sequence[Operation], epoch: str | None, cursors: dict[str, int]) -> bytes:
    """A message that brings these operations."""
    first = lot[0]
    return codec.encode(
        ExchangeRequest(
            proto=1, app="bench", schema=1, epoch=epoch, first=first.n, prev=first.prev_hash.hex(), cursors=cursors,
            now_ms=first.at_ms, ops=[to_wire(one) for one in lot],
        )
    )  # fmt: skip


def paired(desk: Desk, code: str, device: uuid.UUID) -> PairReply:
    """A laptop with a shop of its own joins."""
    asked = PairRequest(
        code=code,
        app="bench",
        schema=1,
        machine="bench",
        device=device.hex,
        device_code="A",
        operations=1,
        sold=True,
    )
    answer = desk.pair(codec.encode(asked), "zstd")
    assert answer.status == 200, answer.body
    return codec.decode(answer.body, PairReply)


def _requests(epoch: str, lots: Sequence[Sequence[Operation]], *, head: int = 0) -> list[bytes]:
    """Messages of a laptop that has everything up to `head` when it sends the first."""
    made = []
    for lot in lots:
        made.append(request(lot, epoch, {"v": head, "h": head, "g": 0}))
        head += len(lot)
    return made


def founded(url: str, log: Log) -> Shop:
    """A database in which this shop is, and has sold nothing yet."""
    database = open_database(url)
    database.migrate()
    clock = SystemClock()
    desk = Desk(database, clock)
    reply = paired(desk, Office(database, clock).pairing_code("মাপের দোকান").code, log.device)
    for one in _requests(reply.epoch, log.founding):
        assert desk.exchange(reply.token, one).status == 200
    database.close()
    return Shop(reply.token, reply.epoch)


def _in_turn(url: str, beside: str, log: Log, shop: Shop) -> tuple[float, float]:
    """The server with one database and the skeleton with another, message by message; milliseconds of all."""
    who = read_token(shop.token)
    assert who is not None
    database, keep = open_database(url), skeleton.into(beside)
    desk = Desk(database, SystemClock())
    messages = _requests(shop.epoch, log.lots, head=sum(map(len, log.founding)))
    answers: list[Any] = []

    def served(message: bytes) -> None:
        answers.append(desk.exchange(shop.token, message))

    def inserted(message: bytes) -> None:
        skeleton.take(keep, who.vendor_id, who.device_id, message)

    ours = floor = 0.0
    for number, message in enumerate(messages):
        if number % 2:
            floor += timed(inserted, message)
        ours += timed(served, message)
        if not number % 2:
            floor += timed(inserted, message)
    for answer, lot in zip(answers, log.lots, strict=True):
        told = codec.decode(answer.body, ExchangeReply)
        assert [result.s for result in told.results] == ["ok"] * len(lot), told
    database.close()
    return ours, floor


def _left(url: str) -> list[Any]:
    """The rows that were left, for whoever may see all of them."""
    database = open_database(url)
    with database.owning() as connection:
        left = [sorted(map(tuple, connection.execute(select(*columns))), key=repr) for columns in _LEFT]
    database.close()
    return left


def _put_in_once(server: postgres.Server, log: Log) -> tuple[float, float]:
    """The server's own way, under its role and rules, and a COPY by whoever is above them; messages as they come."""
    vendor = uuid.uuid4()
    operations = [one for lot in log.lots for one in lot]
    made = [skeleton.row(vendor, log.device, one, seq) for seq, one in enumerate(operations, 1)]
    pages = [made[at : at + MAX_OPERATIONS] for at in range(0, len(made), MAX_OPERATIONS)]
    database = open_database(server.migrated())

    def put_in() -> None:
        for page in pages:
            with database.write(vendor) as connection:
                there = {
                    row.op_id for row in STORED.rows(connection, vid=vendor, ids=[row[1] for row in page])
                }
                ADD.add(connection, [row for row in page if row[1] not in there])

    copy = skeleton.copying(server.admin_url(server.migrated_name()))
    taken = timed(put_in), timed(lambda: [copy(page) for page in pages])
    database.close()
    return taken
