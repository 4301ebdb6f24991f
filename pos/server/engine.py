"""Opening the server's database: SQLite in a folder, or PostgreSQL; reading and writing transactions.

In SQLite one writer at a time, with WAL and synchronous=FULL. In PostgreSQL every transaction runs as a role that
owns nothing and sees the rows of one vendor only, the one it names first (`app.vendor`, trust.md §4).
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import threading
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.pool import QueuePool, StaticPool

from pos.errors import EnvironmentFault, UserError
from pos.server.prepared import driver, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL, Connection

APPLICATION_ID = 0x48415453  # "HATS": the server's file, told from a shop's
_SCRIPTS = Path(__file__).parent / "migrations"
_BUSY_MS = 15_000
SETTINGS: Final = (
    f"busy_timeout={_BUSY_MS}",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "synchronous=FULL",
    "temp_store=MEMORY",
    "cache_size=-16000",
    "secure_delete=ON",  # an erased buyer's name must not live on in the file's free places
)
"""Of every connection to SQLite."""
_READERS = 8
_PIPE = "hatkhata_pipe"  # what a connection stands in, as long as nothing but the driver has asked it
_CONNECTIONS = (
    32  # to PostgreSQL; not fewer than there are threads that use them at once (`pos.server.requests`)
)
_BEGIN_WRITING = "BEGIN IMMEDIATE"
_APP_ROLE = "hatkhata_app"
OFFICE_ROLE = "hatkhata_office"
"""Which PostgreSQL lets see and write every vendor's rows."""
OLDEST_POSTGRESQL = 15
_POSTGRESQL_DISK_FULL = "53100"
_SQLITE_DISK: Final = {sqlite3.SQLITE_FULL: "disk_full", sqlite3.SQLITE_IOERR: "disk_error"}


# Sees no vendor's rows: for whoever has not said yet whose it is.
NOBODY = uuid.UUID(int=0)


class Database:
    """One database of the server: SQLite, on disk or in memory, or PostgreSQL."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer = writer
        self._reader = reader
        self._turn = threading.RLock()
        self._kept: Connection | None = None
        self.dialect = writer.dialect.name

    @contextlib.contextmanager
    def write(self, vendor: uuid.UUID | None = None) -> Iterator[Connection]:
        """A writing transaction, committed at the end of the block.

        Args:
            vendor: the only vendor whose rows it may see and write; None for the organiser's own work.
        """
        if self.dialect == "sqlite":
            with self._alone() as connection:
                yield connection
        else:
            with self._piped(self._writer, vendor) as connection:
                yield connection

    @contextlib.contextmanager
    def _piped(self, engine: Engine, vendor: uuid.UUID | None) -> Iterator[Connection]:
        """PostgreSQL is told one thing after the other, and waited for only where an answer is needed.

        As in `_alone`, the transaction begins and ends on the driver. From SQLAlchemy's first statement on, if there is
        one, each is waited for: it looks for its rows at once.
        """
        with engine.connect() as connection, contextlib.ExitStack() as pipe:
            pipe.enter_context(driver(connection).pipeline())
            connection.info[_PIPE] = pipe
            try:
                self._name(connection, vendor)
                yield connection
                if connection.in_transaction():
                    connection.commit()
                else:
                    driver(connection).execute("COMMIT")  # and not its own `commit`, which waits by itself
            finally:
                connection.info.pop(_PIPE, None)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[Connection]:
        """SQLite has one writer. Its connection is kept: fetching it anew costs several times what beginning does.

        It begins and ends on the driver; SQLAlchemy joins in at its first statement, if there is one.
        """
        with self._turn:
            if self._kept is None:
                self._kept = self._writer.connect()
            kept = self._kept
            raw: Any = kept.connection.dbapi_connection
            raw.execute(_BEGIN_WRITING)
            try:
                yield kept
                if kept.in_transaction():
                    kept.commit()
                else:
                    raw.commit()
            finally:
                kept.rollback()  # of whatever is left
                if raw.in_transaction:  # a commit that failed, such as on a full disk, leaves it open
                    raw.rollback()

    @contextlib.contextmanager
    def read(self, vendor: uuid.UUID | None = None) -> Iterator[Connection]:
        """A reading transaction: one picture of the database from its first statement on."""
        if self._reader is self._writer:  # in memory there is but one connection
            with self._alone() as connection:
                yield connection
        elif self.dialect == "sqlite":
            with self._reader.begin() as connection:
                yield connection
        else:
            with self._piped(self._reader, vendor) as connection:
                yield connection

    @contextlib.contextmanager
    def owning(self) -> Iterator[Connection]:
        """A transaction of whoever owns the tables, to change them."""
        if self.dialect == "sqlite":
            with self._alone() as connection, connection.begin():
                yield connection
        else:
            with self._turn, self._writer.begin() as connection:
                yield connection

    def become(self, connection: Connection, vendor: uuid.UUID) -> None:
        """Go on in this transaction as another vendor, now that it is known which."""
        if self.dialect != "sqlite":
            self._name(connection, vendor)

    def migrate(self) -> None:
        """Bring the database to this version's schema, in one transaction.

        Raises:
            UserError: ``server_database_newer`` when a newer release has written it, ``postgresql_too_old``.
        """
        from alembic import command
        from alembic.config import Config
        from alembic.util import CommandError

        config = Config()
        config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
        with self.owning() as connection:
            version = int((connection.dialect.server_version_info or (0,))[0])
            if self.dialect == "postgresql" and version < OLDEST_POSTGRESQL:
                raise UserError("postgresql_too_old", version=version, oldest=OLDEST_POSTGRESQL)
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:
                raise UserError("server_database_newer") from error
            if self.dialect == "sqlite":
                connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")

    def is_current(self) -> bool:
        """Whether its schema is this release's."""
        from alembic.config import Config
        from alembic.script import ScriptDirectory

        config = Config()
        config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
        return self._revision() == ScriptDirectory.from_config(config).get_current_head()

    def is_empty(self) -> bool:
        """Whether nothing has been put into it yet."""
        return self._revision() is None

    def _revision(self) -> str | None:
        from alembic.runtime.migration import MigrationContext

        with self.owning() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def close(self) -> None:
        """Let go of every connection."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None
        self._reader.dispose()
        self._writer.dispose()

    @staticmethod
    def _name(connection: Connection, vendor: uuid.UUID | None) -> None:
        role = OFFICE_ROLE if vendor is None else _APP_ROLE
        # SET takes no parameter, and set_config() does not reach the shards of Citus; the text is 32 hex digits.
        naming = f"SET LOCAL app.vendor = '{'' if vendor is None else vendor.hex}'"
        with together(connection):
            driver(connection).execute(f"SET LOCAL ROLE {role}")
            driver(connection).execute(naming)


def open_database(url: str, *, checkpoints: bool = True) -> Database:
    """The database of this URL; it is not migrated.

    Args:
        url: ``sqlite:///PATH``, ``sqlite://`` (in memory), or ``postgresql://USER@HOST/NAME``.
        checkpoints: whether this process may move SQLite's log into its file. One process at a time may: a command
            beside the server leaves it to the server (SQLite before 3.51.3, trust.md §1).

    Raises:
        UserError: ``database_url_unclear``.
    """
    parsed = read_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed, checkpoints=checkpoints)
    return _open_postgresql(parsed)


def read_url(url: str) -> URL:
    """What the URL of a database says.

    Raises:
        UserError: ``database_url_unclear``, also for a database of no kind that the server knows.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UserError("database_url_unclear") from None
    if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        raise UserError("database_url_unclear")
    return parsed


def _open_sqlite(url: URL, *, checkpoints: bool) -> Database:
    if url.database in (None, "", ":memory:"):
        engine = create_engine(
            "sqlite://",
            creator=lambda: sqlite3.connect(":memory:", check_same_thread=False, cached_statements=256),
            poolclass=StaticPool,
        )
        _prepare(engine, begin=_BEGIN_WRITING, journal=False)
        return Database(engine, engine)
    assert url.database is not None
    path = Path(url.database).absolute()

    def connect() -> sqlite3.Connection:
        # What buyers entrusted to their shops is the account's alone, even in a folder that others may enter. A file
        # that is there stays unopened: closing it would drop the locks that this process has on it.
        with contextlib.suppress(OSError):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        return sqlite3.connect(path, check_same_thread=False, cached_statements=256)

    writer = create_engine("sqlite://", creator=connect, poolclass=QueuePool, pool_size=1, max_overflow=0)
    _prepare(writer, begin=_BEGIN_WRITING, journal=True, checkpoints=checkpoints)
    reader = create_engine(
        "sqlite://", creator=connect, poolclass=QueuePool, pool_size=_READERS, max_overflow=3 * _READERS
    )
    _prepare(reader, begin="BEGIN", journal=False)
    return Database(writer, reader)


def _prepare(engine: Engine, *, begin: str, journal: bool, checkpoints: bool = False) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in SETTINGS:
            connection.execute(f"PRAGMA {pragma}")
        if not checkpoints:
            connection.execute("PRAGMA wal_autocheckpoint=0")
        if journal:
            mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
            full = connection.execute("PRAGMA synchronous").fetchone()[0]
            if (mode, full) != ("wal", 2):
                raise EnvironmentFault("disk_cannot_keep", mode=str(mode), synchronous=int(full))

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        raw: Any = connection.connection.dbapi_connection
        if not raw.in_transaction:
            raw.execute(begin)


def _open_postgresql(url: URL) -> Database:
    where = url.set(drivername="postgresql+psycopg")
    # None beyond the pool: those are closed after each use, and opening one costs more than what is done with it.
    writer = create_engine(where, pool_size=_CONNECTIONS, max_overflow=0, pool_pre_ping=True)
    reader = writer.execution_options(isolation_level="REPEATABLE READ")

    @event.listens_for(writer, "before_cursor_execute")
    def leave(connection: Connection, *_: object) -> None:
        pipe = connection.info.pop(_PIPE, None)
        if pipe is not None:
            pipe.close()

    @event.listens_for(writer, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.autocommit = True
        # Nothing but Citus knows the first; it sends SET LOCAL on to the nodes that hold the rows.
        connection.execute("SET citus.propagate_set_commands = 'local'")
        connection.execute("SET TIME ZONE 'UTC'")
        connection.autocommit = False

    return Database(writer, reader)


def environment_failed(error: BaseException) -> bool:
    """Whether the database itself is at fault (gone, locked, its disk full) and not what was asked of it."""
    if isinstance(error, (OperationalError, InterfaceError, sqlite3.OperationalError)):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated
    # Statements that run on the driver itself raise its own errors; psycopg is there only where it is used.
    psycopg = sys.modules.get("psycopg")
    return psycopg is not None and isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError))


def disk_failed(error: BaseException) -> str | None:
    """What is wrong with the database's disk: ``disk_full``, ``disk_error``; None where that is not why."""
    origin = getattr(error, "orig", None) or error
    if getattr(origin, "sqlstate", None) == _POSTGRESQL_DISK_FULL:
        return "disk_full"
    return _SQLITE_DISK.get((getattr(origin, "sqlite_errorcode", None) or 0) & 0xFF)
