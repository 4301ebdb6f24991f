"""The server's real core on SQLite in memory, which can die at a commit and be set back to a backup."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from functools import cache
from typing import TYPE_CHECKING

from pos.errors import EnvironmentFault
from pos.server.desk import Desk
from pos.server.engine import Database, open_database
from pos.server.office import Office
from pos.sync.transport import Response, retry_after_of
from tests.sync.memory import fill
from tests.sync.versions import release

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from pos.domain.times import Clock
    from pos.server.desk import Answer

VENDOR = "রূপকথা ঘর"


@cache
def _migrated() -> bytes:
    """The server's file with nothing in it, as the migrations make it."""
    database = open_database("sqlite://")
    database.migrate()
    return _raw_of(database).serialize()


# Opened databases for the next worlds: SQLAlchemy keeps the statements that it has compiled with each.
_IDLE: list[tuple[Database, sqlite3.Connection]] = []


def _opened() -> tuple[Database, sqlite3.Connection]:
    database = open_database("sqlite://")
    return database, _raw_of(database)


def _random(size: int) -> bytes:
    return os.urandom(size)  # looked up anew each time: the seed draws it


def _raw_of(database: Database) -> sqlite3.Connection:
    with database.read() as connection:
        raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


class ServerDied(BaseException):
    """The server's process was killed."""


class MortalDatabase(Database):
    """The server's database; a process that works on it may be killed just before it commits."""

    def __init__(self, database: Database) -> None:
        self.__dict__.update(database.__dict__)
        self.dying = False

    @contextlib.contextmanager
    def write(self, vendor: uuid.UUID | None = None) -> Iterator[Connection]:
        """A writing transaction."""
        with super().write(vendor) as connection:
            yield connection
            if self.dying:
                raise ServerDied


class Central:
    """The organiser's server.

    Attributes:
        older: it is one release behind.
        backups: images of its database, oldest first.
        epochs: how many memories it has had.
        crashes: what should not have happened in it.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._safe, self._raw = _IDLE.pop() if _IDLE else _opened()
        self._database = MortalDatabase(self._safe)
        fill(self._raw, _migrated())
        self.older = False
        self.backups: list[bytes] = []
        self.epochs = 1
        self.crashes: list[BaseException] = []
        self.restart()

    def restart(self) -> None:
        """The process begins anew; only what is committed is left."""
        self._database.dying = False
        self.desk = Desk(self._database, self._clock, _random, self.crashes.append)
        self.office = Office(self._safe, self._clock, _random)

    def die_before_commit(self) -> None:
        """The next transaction is its last, and does not arrive."""
        self._database.dying = True

    def answer(self, path: str, body: bytes, token: str | None) -> Response:
        """What the routes hand to the core, and what they make of its answer."""
        try:
            with release(older=self.older):
                given = self._ask(path, body, token)
        except ServerDied:
            self.restart()
            raise EnvironmentFault("server_unreachable", server="sim") from None
        if self.crashes:
            raise self.crashes.pop()
        headers = {name.lower(): value for name, value in given.headers.items()}
        encoding = headers.get("content-encoding", "identity")
        return Response(given.status, given.body, retry_after_of(headers), encoding)

    def _ask(self, path: str, body: bytes, token: str | None) -> Answer:
        match path:
            case "/sync/v1/exchange":
                return self.desk.exchange(token, body, "zstd")
            case "/sync/v1/verify":
                return self.desk.verify(token, body, "zstd")
            case "/devices/rekey":
                return self.desk.rekey(token, body, "zstd")
            case _:
                assert path == "/devices/pair", path
                return self.desk.pair(body, "zstd")

    def revoke(self, device: bytes) -> None:
        """A laptop is stolen: it is shut out."""
        code = self.ask("SELECT code FROM device WHERE device_id = ?", device)[0][0]
        self.office.revoke(VENDOR, str(code))

    def upgrade(self) -> None:
        """The newer release comes; what was held for want of it is looked at once more."""
        self.older = False
        self.restart()
        self.office.retry_all()

    # ---- its disk ------------------------------------------------------------------------------------

    def image(self) -> bytes:
        """The database as it lies on the disk."""
        return self._raw.serialize()

    def put_back(self, image: bytes) -> None:
        """Another database lies at its place."""
        fill(self._raw, image)
        self._raw.execute("PRAGMA foreign_keys=ON")
        self.restart()

    def set_back(self, image: bytes) -> None:
        """The disk was lost: the backup is put in place, and by the runbook a new epoch begins."""
        self.put_back(image)
        self.office.new_epoch()
        self.epochs += 1

    def close(self) -> None:
        """Let go of it."""
        _IDLE.append((self._safe, self._raw))

    @property
    def works(self) -> bool:
        """It is in the midst of a transaction: whoever asks now waits for its end."""
        return self._raw.in_transaction

    def ask(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Look into what is committed."""
        return self._raw.execute(sql, values).fetchall()
