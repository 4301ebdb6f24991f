"""SQLite's one writing connection is kept from one transaction to the next, whatever became of the last."""

from __future__ import annotations

import sqlite3
import threading
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from pos.server.engine import Database, open_database
from pos.server.tables import device, erased

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOBODYS = uuid.UUID(int=7)


@pytest.fixture(params=["sqlite://", "file"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    made = open_database(request.param if request.param != "file" else f"sqlite:///{tmp_path / 'server.db'}")
    made.migrate()
    yield made
    made.close()


def put(database: Database, name: bytes) -> None:
    with database.write() as connection:
        connection.execute(insert(erased), {"vendor_id": NOBODYS, "agg_id": name})


def put_twice(database: Database, name: bytes) -> None:
    with database.write() as connection:
        for _ in range(2):
            connection.execute(insert(erased), {"vendor_id": NOBODYS, "agg_id": name})


def put_orphan(database: Database) -> None:
    """A device whose vendor is missed only by the commit, which then leaves its transaction open."""
    values: dict[str, Any] = {column.name: 0 for column in device.c if not column.nullable}
    values |= {"vendor_id": NOBODYS, "device_id": NOBODYS, "token_hash": b"", "last_hash": b""}
    with database.write() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        connection.execute(insert(device), values)


def there(database: Database) -> list[bytes]:
    with database.read() as connection:
        return list(connection.execute(select(erased.c.agg_id).order_by(erased.c.agg_id)).scalars())


def test_a_block_that_fails_leaves_nothing_and_the_next_one_works(database: Database) -> None:
    put(database, b"before")
    with pytest.raises(IntegrityError):
        put_twice(database, b"lost")
    put(database, b"next")
    assert there(database) == [b"before", b"next"]


def test_a_commit_that_fails_leaves_nothing_and_the_next_one_works(database: Database) -> None:
    with pytest.raises(IntegrityError):
        put_orphan(database)
    put(database, b"next")
    assert there(database) == [b"next"]
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(device)).scalar_one() == 0


def test_a_writer_that_cannot_begin_begins_later(tmp_path: Path) -> None:
    file = tmp_path / "server.db"
    database = open_database(f"sqlite:///{file}")
    database.migrate()
    with database.write() as connection:
        connection.exec_driver_sql("SELECT 1")
        raw: Any = connection.connection.dbapi_connection
    raw.execute("PRAGMA busy_timeout=1")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError):
        put(database, b"locked out")
    other.execute("ROLLBACK")
    put(database, b"next")
    assert there(database) == [b"next"]
    other.close()
    database.close()


def test_threads_write_one_after_the_other(database: Database) -> None:
    names = [bytes([number]) for number in range(20)]
    threads = [threading.Thread(target=put, args=(database, name)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert there(database) == names


def test_what_was_let_go_is_opened_again(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'server.db'}")
    database.migrate()
    put(database, b"one")
    database.close()
    put(database, b"two")
    assert there(database) == [b"one", b"two"]
    database.close()
