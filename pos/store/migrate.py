"""Making the shop's file and bringing one to this version's schema.

Alembic is imported only here, since it costs a start a quarter second.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from pos.store.engine import make_engine
from pos.store.file import APPLICATION_ID, SCHEMA

if TYPE_CHECKING:
    from sqlalchemy import Connection

_SCRIPTS = Path(__file__).parent / "migrations"


def create(path: Path) -> None:
    """Make an empty shop at `path`, which must not exist."""
    with path.open("xb"):
        pass
    migrate(path)


def migrate(path: Path) -> None:
    """Bring the file at `path` to this version's schema, in place and in one transaction."""
    engine = make_engine(path, writer=True)
    try:
        with engine.connect() as connection:
            # A table that others point at is made anew by dropping it; this cannot be said inside a transaction.
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.execute("PRAGMA foreign_keys=OFF")
            with connection.begin():
                connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
                _upgrade(connection)
                connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA}")
    finally:
        engine.dispose()


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
