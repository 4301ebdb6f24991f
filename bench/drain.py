"""A morning after the market: a thousand laptops with a day's orders each come back to one server process.

The server is `hatkhata-server serve` as it is run in earnest, with its limits, its log and one process; the laptops
are threads of another process, each with a connection of its own. Both share the machine. In turn with it the same
laptops are drained by a skeleton that is served the same way (`bench.skeleton`).
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import msgspec

from bench.laptops import Log, Message, Sent
from bench.table import Row, against, stated
from pos.domain.times import SystemClock
from pos.protocol import codec
from pos.protocol.messages import ExchangeReply, PairReply, PairRequest
from pos.server.desk import Desk
from pos.server.engine import open_database
from pos.server.home import DATABASE_VARIABLE, HOME_VARIABLE
from pos.server.office import Office
from tests.server import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ROOT = Path(__file__).parents[1]
_FLOOR = "decoding and inserting only, served alike"
_ORDERS_EACH = 20
_AT_ONCE = 32
_MARKET = 10_000
_READY_S = 60
_PROGRAM = "import sys; from pos.server.cli import main; sys.exit(main())"


def rows(place: Path, *, quick: bool) -> list[Row]:
    """On SQLite and on PostgreSQL."""
    laptops, rounds = (20, 1) if quick else (1000, 3)
    file = place / "server.db"
    messages = _messages(f"sqlite:///{file}", laptops)
    urls = []
    for number in range(2 * rounds):
        urls.append(f"sqlite:///{place / f'{number}.db'}")
        shutil.copyfile(file, place / f"{number}.db")
    found = _drained("SQLite", place, messages, urls)
    with postgres.running(durable=True) as server:
        made = server.migrated_name()
        messages = _messages(server.url(made), laptops)
        names = [server.create(made) for _ in range(2 * rounds)]
        urls = [server.admin_url(name) if at % 2 else server.url(name) for at, name in enumerate(names)]
        found += _drained("PostgreSQL", place, messages, urls)
    return found


def _drained(name: str, place: Path, messages: Sequence[Message], urls: Sequence[str]) -> list[Row]:
    """The server and the skeleton in turn, each on a database of its own."""
    file = place / "messages"
    file.write_bytes(msgspec.msgpack.encode(messages))
    ours, floors, each_ms = [], [], []
    for url, other in zip(urls[::2], urls[1::2], strict=True):
        sent = _sent(file, (sys.executable, "-c", _PROGRAM, "serve", "--port"), place, url)
        ours.append(sent.seconds)
        each_ms += sent.each_ms
        floors.append(_sent(file, (sys.executable, "-m", "bench.skeleton", other), place, other).seconds)
    laptops = len(messages)
    pace = laptops / median(ours)
    note = (
        f"{pace:.0f} exchanges/s; {_MARKET:,} laptops, not measured: {_MARKET / pace:.0f} s at the same pace"
    )
    what = f"{laptops:,} laptops × {_ORDERS_EACH} orders drained, {name}"
    return [
        against(what, "s", ours, _FLOOR, floors, note=note),
        stated(f"what a laptop waits for, {_AT_ONCE} at once, {name}", "ms", each_ms),
    ]


def _sent(file: Path, served_by: Sequence[str], place: Path, url: str) -> Sent:
    with _serving(served_by, place, url) as port:
        command = (sys.executable, "-m", "bench.laptops", str(file), "127.0.0.1", str(port), str(_AT_ONCE))
        done = subprocess.run(command, check=True, capture_output=True, cwd=_ROOT)
    return msgspec.json.decode(done.stdout, type=Sent)


def _messages(url: str, laptops: int) -> list[Message]:
    """Every laptop is paired, and its shop founded and known; its orders are packed and ready to go."""
    database, clock, draw = open_database(url), SystemClock(), random.Random(laptops)
    database.migrate()
    desk, office = Desk(database, clock), Office(database, clock)
    made = []
    for number in range(laptops):
        code = office.pairing_code(f"দোকান {number}")
        log = Log(draw, uuid.UUID(bytes=draw.randbytes(16)))
        asked = PairRequest(
            code=code.code, app="bench", schema=1, machine="bench", device=log.device.hex, device_code="A",
            operations=len(log.operations),
        )  # fmt: skip
        answer = desk.pair(codec.encode(asked), "zstd")
        assert answer.status == 200, answer.body
        reply = codec.decode(answer.body, PairReply)
        founded = len(log.operations)
        told = codec.decode(desk.exchange(reply.token, log.request(reply.epoch, 0)).body, ExchangeReply)
        assert [result.s for result in told.results] == ["ok"] * founded, told
        log.sell(_ORDERS_EACH)
        made.append(Message(reply.token, log.request(reply.epoch, founded)))
    database.close()
    return made


@contextlib.contextmanager
def _serving(served_by: Sequence[str], home: Path, url: str) -> Iterator[int]:
    """A server on this database; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environ = os.environ | {HOME_VARIABLE: str(home), DATABASE_VARIABLE: url}
    process = subprocess.Popen(
        [*served_by, str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env=environ,
    )
    try:
        _listens(process, port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _listens(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + _READY_S
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError("the server does not listen")
