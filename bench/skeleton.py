"""A server that only decodes and inserts: what the real one is held against.

It unpacks the same messages, turns their operations into the same rows of the same table with all its indexes, commits
them as durably and packs an answer of the same shape. It does not ask who is there, holds nothing against a chain, a
kind or what it stands on, counts no stock and keeps no order.

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
from typing import TYPE_CHECKING, Any

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
from pos.server.tables import operation

if TYPE_CHECKING:
    import uuid

    from pos.protocol.operations import Operation

Insert = Callable[[Sequence[list[Any]]], None]

COLUMNS = [column.name for column in operation.c]
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "cache_size=-16000", "foreign_keys=OFF")


def take(insert: Insert, vendor: uuid.UUID, device: uuid.UUID, data: bytes) -> bytes:
    """Answer a message."""
    asked = codec.decode(data, ExchangeRequest)
    results, made = [], []
    for wire in asked.ops:
        op = from_wire(wire)
        made.append(row(vendor, device, op, op.n))
        results.append(OpResult(i=wire.i, n=wire.n, s="ok", seq=op.n, r=wire.h))
    insert(made)
    return codec.encode(ExchangeReply(epoch="", server_ms=0, last_n=asked.ops[-1].n, results=results))


def row(vendor: uuid.UUID, device: uuid.UUID, op: Operation, seq: int) -> list[Any]:
    """The row of an operation, its columns in order."""
    personal = op.personal.decode() if op.personal is not None else None
    return [
        vendor, op.op_id, device, op.n, op.kind, op.v, KINDS[op.kind].stream, op.agg, op.agg_id, op.body.decode(),
        personal, op.commitment, op.at_ms, op.hlc, op.prev_hash, op.hash, seq, op.hlc, "ok", None, len(op.body),
        op.at_ms,
    ]  # fmt: skip


def into(url: str) -> Insert:
    """Inserts rows into this migrated database, a commit each time."""
    return _into_sqlite(url) if url.startswith("sqlite") else _into_postgresql(url)


def _into_sqlite(url: str) -> Insert:
    connection = sqlite3.connect(make_url(url).database or "", isolation_level=None, check_same_thread=False)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    sql = f"INSERT INTO operation VALUES ({', '.join('?' * len(COLUMNS))})"
    turn = threading.Lock()

    def insert(made: Sequence[list[Any]]) -> None:
        for one in made:
            one[:3] = [identity.bytes for identity in one[:3]]
        with turn:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(sql, made)
            connection.execute("COMMIT")

    return insert


def _into_postgresql(url: str) -> Insert:
    where = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    own = threading.local()
    sql = f"COPY operation ({', '.join(COLUMNS)}) FROM STDIN"

    def insert(made: Sequence[list[Any]]) -> None:
        if not hasattr(own, "connection"):
            own.connection = psycopg.connect(where)
        with own.connection.cursor() as cursor, cursor.copy(sql) as copy:
            for one in made:
                copy.write_row(one)
        own.connection.commit()

    return insert


def _app(insert: Insert) -> FastAPI:
    app = FastAPI(openapi_url=None)

    def answer(token: str, data: bytes) -> bytes:
        who = read_token(token)
        assert who is not None
        return take(insert, who.vendor_id, who.device_id, data)

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
