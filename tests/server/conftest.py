"""Servers to test: the real core on SQLite and on a real PostgreSQL, each test with a database of its own."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from pos.domain.times import FixedClock
from pos.log import EventLog
from pos.protocol import codec
from pos.protocol.messages import PairReply
from pos.server.app import make_app
from pos.server.desk import Desk
from pos.server.engine import Database, open_database
from pos.server.office import Office
from tests.server import postgres
from tests.server.laptop import Laptop, pair_request, read
from tests.server.overhttp import Client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

VENDOR = "রূপকথা ঘর"
NOW = dt.datetime(2026, 11, 24, 17, 46)


@dataclass(slots=True)
class Central:
    """A server with its clock; whatever crashed in it is written down."""

    database: Database
    url: str
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))
    crashes: list[BaseException] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        """Where devices are served; each time as after a restart."""
        return Desk(self.database, self.clock, crashed=self.crashes.append)

    @property
    def office(self) -> Office:
        """Where the organiser works."""
        return Office(self.database, self.clock, crashed=self.crashes.append)

    def laptop(self, vendor: str = VENDOR, **more: Any) -> Laptop:
        """A laptop of this vendor, paired just now."""
        code = self.office.pairing_code(vendor).code
        answer = self.desk.pair(codec.encode(pair_request(code, **more)), "zstd")
        return Laptop(self.desk, self.clock, read(answer, PairReply))

    def shop(self, vendor: str = VENDOR) -> Laptop:
        """The first laptop of a vendor, its shop founded."""
        laptop = self.laptop(vendor)
        laptop.found()
        return laptop

    def second(self, first: Laptop, vendor: str = VENDOR) -> Laptop:
        """One more laptop of the same vendor."""
        laptop = self.laptop(vendor)
        laptop.join(first)
        return laptop

    def rows(self, table: str, columns: str = "*", where: str = "") -> list[tuple[Any, ...]]:
        """Rows of a table, past every rule of whose they are."""
        with self.database.read() as connection:
            sql = f"SELECT {columns} FROM {table}" + (f" WHERE {where}" if where else "")
            return [tuple(row) for row in connection.exec_driver_sql(sql)]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with this version's schema, to copy."""
    path = tmp_path_factory.mktemp("server") / "server.db"
    database = open_database(f"sqlite:///{path}")
    database.migrate()
    database.close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def central(request: pytest.FixtureRequest, tmp_path: Path, migrated: Path) -> Iterator[Central]:
    if request.param == "sqlite":
        shutil.copy(migrated, tmp_path / "server.db")
        url = f"sqlite:///{tmp_path / 'server.db'}"
    else:
        url = request.getfixturevalue("postgres_server").migrated()
    database = open_database(url)
    made = Central(database, url)
    yield made
    database.close()
    assert not made.crashes, made.crashes


@pytest.fixture
def opened(central: Central, tmp_path: Path) -> Iterator[Callable[..., Client]]:
    """Makes clients of an application on the server's database."""
    log = EventLog(tmp_path / "logs")
    clients: list[Client] = []

    def open_app(address: str = "5.5.5.5", **more: Any) -> Client:
        app = make_app(central.database, central.clock, log, **more)
        app.state.serving.desk._crashed = central.crashes.append
        app.state.serving.organisers._crashed = central.crashes.append
        clients.append(Client(app, address))
        return clients[-1]

    yield open_app
    for client in clients:
        client.close()
    log.close()
