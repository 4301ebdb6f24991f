"""A server that only decodes and inserts: what the real one is held against.

It unpacks the same messages of a laptop that sells, turns their operations and orders into the same rows of the same
tables with all their indexes, in a database with the same settings, commits them as durably and packs an answer of the
same shape. Of an order's body it reads what its rows need. It does not ask who is there, holds nothing against a chain,
a kind or what it stands on, looks nothing up and keeps no digest.

    python -m bench.skeleton URL PORT

serves it as the real one is served: the same web server, routes in the same framework, work in threads.
"""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
import psycopg
from anyio import to_thread
from fastapi import FastAPI, Request, Response
from granian.constants import Interfaces
from granian.server.embed import Server
from sqlalchemy import make_url

from pos.protocol import codec
from pos.protocol.kinds import KINDS
from pos.protocol.messages import ExchangeReply, ExchangeRequest, OpResult, from_wire
from pos.server.devices import read_token
from pos.server.engine import SETTINGS
from pos.server.tables import operation, sale

if TYPE_CHECKING:
    import uuid

    from pos.protocol.operations import Operation

_COLUMNS = [column.name for column in operation.c]
_SALE_COLUMNS = [column.name for column in sale.c]
_SEQ = _COLUMNS.index("seq")

_RAISE = "UPDATE vendor_stream SET head = head + ? WHERE vendor_id = ? RETURNING head"
_STOCK = "UPDATE stock SET on_hand = on_hand + ? WHERE vendor_id = ? AND variant_id = ?"
_DEVICE = "UPDATE device SET last_n = ?, last_hash = ? WHERE vendor_id = ? AND device_id = ?"


class _Line(msgspec.Struct, gc=False):
    qty: int
    variant: str


class _Order(msgspec.Struct, gc=False):
    customer: str | None
    hat: str | None
    lines: list[_Line]
    number: str
    taken_at: int
    taken_on: str
    total: int


_order = msgspec.json.Decoder(_Order)


@dataclass(slots=True)
class Made:
    """What a message becomes; identities of vendor, operation and device stand first in a row."""

    vendor: uuid.UUID
    device: uuid.UUID
    last: Operation
    operations: list[list[Any]] = field(default_factory=list)
    sales: list[list[Any]] = field(default_factory=list)
    moved: dict[bytes, int] = field(default_factory=dict)


Keep = Callable[[Made], int]


def take(keep: Keep, vendor: uuid.UUID, device: uuid.UUID, data: bytes) -> bytes:
    """Answer a message."""
    asked = codec.decode(data, ExchangeRequest)
    ops = [from_wire(wire) for wire in asked.ops]
    made = Made(vendor, device, ops[-1])
    for op in ops:
        made.operations.append(row(vendor, device, op, 0))
        if op.kind == "order.confirmed":
            _sell(made, op)
    first = keep(made) - len(ops) + 1
    results = [
        OpResult(i=wire.i, n=wire.n, s="ok", seq=seq, r=wire.h) for seq, wire in enumerate(asked.ops, first)
    ]
    return codec.encode(ExchangeReply(epoch="", server_ms=0, last_n=ops[-1].n, results=results))


def row(vendor: uuid.UUID, device: uuid.UUID, op: Operation, seq: int) -> list[Any]:
    """The row of an operation, its columns in order."""
    size, personal = len(op.body), None
    if op.personal is not None:
        size += len(op.personal)
        personal = op.personal.decode()
    return [
        vendor, op.op_id, device, op.n, op.kind, op.v, KINDS[op.kind].stream, op.agg, op.agg_id, op.body.decode(),
        personal, op.commitment, op.at_ms, op.hlc, op.prev_hash, op.hash, seq, op.hlc, "ok", None, size, op.at_ms,
    ]  # fmt: skip


def _sell(made: Made, op: Operation) -> None:
    """The row of an order, and what it takes from the stock."""
    body = _order.decode(op.body)
    customer = bytes.fromhex(body.customer) if body.customer is not None else None
    made.sales.append(
        [
            made.vendor, op.agg_id, body.number, made.device, body.hat, body.taken_on, body.taken_at, body.total,
            "confirmed", customer,
        ]
    )  # fmt: skip
    for line in body.lines:
        variant = bytes.fromhex(line.variant)
        made.moved[variant] = made.moved.get(variant, 0) - line.qty


def into(url: str) -> Keep:
    """Writes into this migrated database, in which vendor, device and variants are; a commit each time.

    It gives back how far the vendor's order goes then.
    """
    return _into_sqlite(url) if url.startswith("sqlite") else _into_postgresql(url)


def _into_sqlite(url: str) -> Keep:
    connection = sqlite3.connect(make_url(url).database or "", isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=WAL", *SETTINGS):
        connection.execute(f"PRAGMA {pragma}")
    add = f"INSERT INTO operation VALUES ({', '.join('?' * len(_COLUMNS))})"
    add_sale = f"INSERT INTO sale VALUES ({', '.join('?' * len(_SALE_COLUMNS))})"
    turn = threading.Lock()

    def keep(made: Made) -> int:
        vendor, device = made.vendor.bytes, made.device.bytes
        for one in made.operations:
            one[:3] = vendor, one[1].bytes, device
        for one in made.sales:
            one[0], one[3] = vendor, device
        with turn:
            connection.execute("BEGIN IMMEDIATE")
            head: int = connection.execute(_RAISE, [len(made.operations), vendor]).fetchall()[0][0]
            _place(made, head)
            connection.executemany(add, made.operations)
            connection.executemany(add_sale, made.sales)
            connection.executemany(_STOCK, [(qty, vendor, variant) for variant, qty in made.moved.items()])
            connection.execute(_DEVICE, [made.last.n, made.last.hash, vendor, device])
            connection.execute("COMMIT")
        return head

    return keep


def _into_postgresql(url: str) -> Keep:
    connect = _connecting(url)

    def keep(made: Made) -> int:
        connection = connect()
        with connection.cursor() as cursor:
            found = cursor.execute(_named(_RAISE), [len(made.operations), made.vendor]).fetchone()
            assert found is not None
            head: int = found[0]
            _place(made, head)
            _pour(cursor, "operation", _COLUMNS, made.operations)
            _pour(cursor, "sale", _SALE_COLUMNS, made.sales)
            moved = [(qty, made.vendor, variant) for variant, qty in made.moved.items()]
            cursor.executemany(_named(_STOCK), moved)
            cursor.execute(_named(_DEVICE), [made.last.n, made.last.hash, made.vendor, made.device])
        connection.commit()
        return head

    return keep


def copying(url: str) -> Callable[[Sequence[Sequence[Any]]], None]:
    """A bare COPY of rows of operations into this migrated database, a commit each time."""
    connect = _connecting(url)

    def copy(made: Sequence[Sequence[Any]]) -> None:
        connection = connect()
        with connection.cursor() as cursor:
            _pour(cursor, "operation", _COLUMNS, made)
        connection.commit()

    return copy


def _connecting(url: str) -> Callable[[], psycopg.Connection]:
    """A connection for each thread, made when it is first asked for."""
    where = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    own = threading.local()

    def connect() -> psycopg.Connection:
        if not hasattr(own, "connection"):
            own.connection = psycopg.connect(where)
        connection: psycopg.Connection = own.connection
        return connection

    return connect


def _pour(cursor: psycopg.Cursor, table: str, columns: Sequence[str], made: Sequence[Sequence[Any]]) -> None:
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for one in made:
            copy.write_row(one)


def _place(made: Made, head: int) -> None:
    for seq, one in enumerate(made.operations, head - len(made.operations) + 1):
        one[_SEQ] = seq


def _named(sql: str) -> str:
    return sql.replace("?", "%s")


def _app(keep: Keep) -> FastAPI:
    app = FastAPI(openapi_url=None)

    def answer(token: str, data: bytes) -> bytes:
        who = read_token(token)
        assert who is not None
        return take(keep, who.vendor_id, who.device_id, data)

    @app.post("/sync/v1/exchange")
    async def exchange(request: Request) -> Response:
        token = request.headers["authorization"].removeprefix("Bearer ")
        packed = await to_thread.run_sync(answer, token, await request.body())
        return Response(packed, headers={"Content-Type": "application/json", "Content-Encoding": "zstd"})

    return app


async def _serve(url: str, port: int) -> None:
    server = Server(
        _app(into(url)),
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGI,
        backlog=1024,
        websockets=False,
        log_enabled=False,
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.stop)
    await server.serve()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], int(sys.argv[2])))
