"""Running the application: one process in the foreground, or several that share one PostgreSQL.

A stop (SIGTERM, Ctrl-C) lets the requests under way be answered, then closes the database.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pos.domain.times import SystemClock
from pos.errors import EnvironmentFault, UserError
from pos.log import EventLog
from pos.server.app import make_app
from pos.server.engine import open_database, read_url
from pos.server.home import claimed, server_home
from pos.server.limits import DEFAULT_QUOTA_GB, usual_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8725
QUOTA_VARIABLE = "HATKHATA_SERVER_QUOTA_GB"
_SETTINGS = "HATKHATA_SERVER_WORKER"  # how a worker process is told what its parent was
_BACKLOG = 1024


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """How to serve.

    Attributes:
        quota_gb: what the operations of one vendor may take up, in GiB.
    """

    database: str
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    workers: int = 1
    behind_proxy: bool = False
    quota_gb: int = DEFAULT_QUOTA_GB


@contextlib.contextmanager
def sole(settings: ServeSettings) -> Iterator[None]:
    """Look whether it may serve so before anything is touched, and keep others off its SQLite file meanwhile.

    Raises:
        UserError: ``workers_need_postgresql``, ``database_url_unclear``.
        ConflictError: ``server_runs_already``.
        EnvironmentFault: ``address_taken``, ``server_home_unwritable``.
    """
    url = read_url(settings.database)
    lite = url.get_backend_name() == "sqlite"
    if settings.workers > 1 and lite:
        raise UserError("workers_need_postgresql")
    _refuse_taken(settings)
    with claimed(Path(url.database).absolute()) if lite and url.database else contextlib.nullcontext():
        yield


def serve(settings: ServeSettings, told: Callable[[], None] = lambda: None) -> None:
    """Serve until stopped.

    Args:
        settings: how.
        told: called once when connections are taken.
    """
    if settings.workers > 1:
        _serve_many(settings, told)
    else:
        asyncio.run(_serve_one(settings, told))


def _refuse_taken(settings: ServeSettings) -> None:
    """Two servers that share a port would each get some of the laptops: Granian lets them, we do not."""
    try:
        family = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as probe:
            if (
                os.name == "posix"
            ):  # a port that was just let go may be taken; on Windows it means another thing
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.host, settings.port))
    except OSError as error:
        raise EnvironmentFault("address_taken", host=settings.host, port=settings.port) from error


async def _serve_one(settings: ServeSettings, told: Callable[[], None]) -> None:
    from granian.constants import Interfaces
    from granian.server.embed import Server

    server = Server(
        _made(settings),
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        backlog=_BACKLOG,
        websockets=False,
        log_enabled=False,
    )
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(signum, server.stop)
        except NotImplementedError:  # Windows: Ctrl-C comes as KeyboardInterrupt
            break
    loop.call_soon(told)
    await server.serve()


def _serve_many(settings: ServeSettings, told: Callable[[], None]) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    os.environ[_SETTINGS] = json.dumps(asdict(settings))
    server = Granian(
        "pos.server.serving:worker_app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        factory=True,
        backlog=_BACKLOG,
        websockets=False,
        log_enabled=False,
        respawn_failed_workers=True,
    )
    server.on_startup(told)
    server.serve()


def worker_app() -> FastAPI:
    """The application of one worker process, as its parent was told."""
    return _made(ServeSettings(**json.loads(os.environ[_SETTINGS])))


def _made(settings: ServeSettings) -> FastAPI:
    database = open_database(settings.database)
    log = EventLog(server_home().logs)
    limits = usual_limits(settings.quota_gb)
    return make_app(database, SystemClock(), log, limits=limits, behind_proxy=settings.behind_proxy)
