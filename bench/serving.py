"""The server answers laptops that bring orders, held against a skeleton that only decodes and inserts the same rows.

On SQLite and on PostgreSQL. The skeleton unpacks the same messages, turns their operations into the same rows of the
same table, commits them as durably and packs an answer of the same shape. It does not ask who is there, holds nothing
against a chain, a kind or what it stands on, counts no stock and keeps no order.
"""

from __future__ import annotations

import sqlite3
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import make_url

from bench.shops import empty_shop, fill
from bench.table import Row, against, stated, timed
from pos.domain.times import SystemClock
from pos.protocol import codec
from pos.protocol.kinds import KINDS
from pos.protocol.messages import (
    MAX_OPERATIONS,
    ExchangeReply,
    ExchangeRequest,
    OpResult,
    PairReply,
    PairRequest,
    from_wire,
    to_wire,
)
from pos.server.desk import Desk
from pos.server.engine import open_database
from pos.server.intake import ADD
from pos.server.office import Office
from pos.server.roundtrip import STORED
from pos.server.tables import operation
from pos.store import oplog
from tests.server import postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pos.protocol.operations import Operation

_FLOOR = "decoding and inserting only"
_COPY = "a bare COPY of the same rows"
_ORDERS_EACH = 20
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "cache_size=-16000")
_COLUMNS = [column.name for column in operation.c]


@dataclass(frozen=True)
class Log:
    """A shop's log: what makes the shop, then orders in the lots in which a laptop brings them."""

    device: uuid.UUID
    founding: Sequence[Sequence[Operation]]
    lots: Sequence[Sequence[Operation]]


def rows(place: Path, *, quick: bool) -> list[Row]:
    """Lots of 20 orders of three lines by buyers with an address, one laptop after the other."""
    lots, rounds = (10, 2) if quick else (100, 7)
    log = shop_log(place / "shop", lots)
    found = []
    ours, floors = [], []
    for number in range(rounds):
        url = f"sqlite:///{place / f'server-{number}.db'}"
        ours.append(_served(url, log) / lots)
        floors.append(_skeleton(_into_sqlite(place / f"skeleton-{number}.db"), log) / lots)
    name = f"{_ORDERS_EACH} orders taken by the server"
    note = "at least 60 % of the skeleton"
    found.append(against(f"{name}, SQLite", "ms", ours, _FLOOR, floors, at_most=round(1 / 0.6, 2), note=note))
    size = sum(len(one) for one in _requests("", log.lots)) / lots
    with postgres.running(durable=True) as server:
        ours, floors, added, copied = [], [], [], []
        for _ in range(rounds):
            ours.append(_served(server.migrated(), log) / lots)
            floors.append(_skeleton(_into_postgresql(server), log) / lots)
            taken, floor = _put_in_once(server, log)
            added.append(taken)
            copied.append(floor)
    found += [
        against(f"{name}, PostgreSQL", "ms", ours, _FLOOR, floors),
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


def _served(url: str, log: Log) -> float:
    database = open_database(url)
    database.migrate()
    clock = SystemClock()
    desk = Desk(database, clock)
    reply = paired(desk, Office(database, clock).pairing_code("মাপের দোকান").code, log.device)
    for one in _requests(reply.epoch, log.founding):
        assert desk.exchange(reply.token, one).status == 200
    lots = _requests(reply.epoch, log.lots, head=sum(map(len, log.founding)))
    answers: list[Any] = []

    def serve() -> None:
        for one in lots:
            answers.append(desk.exchange(reply.token, one))  # noqa: PERF401 - as they come

    taken = timed(serve)
    for answer, lot in zip(answers, log.lots, strict=True):
        told = codec.decode(answer.body, ExchangeReply)
        assert [result.s for result in told.results] == ["ok"] * len(lot), told
    database.close()
    return taken


def _skeleton(insert: Callable[[list[list[Any]]], None], log: Log) -> float:
    vendor, seq = uuid.uuid4(), 0

    def take(data: bytes) -> bytes:
        nonlocal seq
        asked = codec.decode(data, ExchangeRequest)
        results, made = [], []
        for wire in asked.ops:
            seq += 1
            row = _row(vendor, log.device, from_wire(wire), seq)
            made.append([row[name] for name in _COLUMNS])
            results.append(OpResult(i=wire.i, n=wire.n, s="ok", seq=seq, r=wire.h))
        insert(made)
        return codec.encode(ExchangeReply(epoch="", server_ms=0, last_n=asked.ops[-1].n, results=results))

    lots = _requests("", log.lots)
    return timed(lambda: [take(one) for one in lots])


def _into_sqlite(file: Path) -> Callable[[list[list[Any]]], None]:
    database = open_database(f"sqlite:///{file}")
    database.migrate()
    database.close()
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA foreign_keys=OFF")
    sql = f"INSERT INTO operation VALUES ({', '.join('?' * len(_COLUMNS))})"

    def insert(made: list[list[Any]]) -> None:
        for row in made:
            row[:3] = [one.bytes for one in row[:3]]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(sql, made)
        connection.execute("COMMIT")

    return insert


def _into_postgresql(server: postgres.Server) -> Callable[[list[list[Any]]], None]:
    connection = psycopg.connect(_for_psycopg(server.admin_url(server.migrated_name())))

    def insert(made: list[list[Any]]) -> None:
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY operation ({', '.join(_COLUMNS)}) FROM STDIN") as copy,
        ):
            for row in made:
                copy.write_row(row)
        connection.commit()

    return insert


def _put_in_once(server: postgres.Server, log: Log) -> tuple[float, float]:
    """The server's own way, under its role and rules, and a COPY by whoever is above them; messages as they come."""
    vendor = uuid.uuid4()
    operations = [one for lot in log.lots for one in lot]
    made = [
        [_row(vendor, log.device, one, seq)[name] for name in _COLUMNS]
        for seq, one in enumerate(operations, 1)
    ]
    pages = [made[at : at + MAX_OPERATIONS] for at in range(0, len(made), MAX_OPERATIONS)]
    database = open_database(server.migrated())

    def put_in() -> None:
        for page in pages:
            with database.write(vendor) as connection:
                there = {
                    row.op_id for row in STORED.rows(connection, vid=vendor, ids=[row[1] for row in page])
                }
                ADD.add(connection, [row for row in page if row[1] not in there])

    copy = _into_postgresql(server)
    taken = timed(put_in), timed(lambda: [copy(page) for page in pages])
    database.close()
    return taken


def _for_psycopg(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _row(vendor: uuid.UUID, device: uuid.UUID, op: Operation, seq: int) -> dict[str, Any]:
    personal = op.personal.decode() if op.personal is not None else None
    return {
        "vendor_id": vendor, "op_id": op.op_id, "device_id": device, "n": op.n, "kind": op.kind, "v": op.v,
        "stream": KINDS[op.kind].stream, "agg": op.agg, "agg_id": op.agg_id, "body": op.body.decode(),
        "personal": personal, "commitment": op.commitment, "at_ms": op.at_ms, "hlc": op.hlc,
        "prev_hash": op.prev_hash, "hash": op.hash, "seq": seq, "rank": op.hlc, "status": "ok", "why": None,
        "size": len(op.body), "received_at_ms": op.at_ms,
    }  # fmt: skip
