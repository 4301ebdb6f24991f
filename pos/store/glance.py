"""A shop that is looked at before it is open: its file read by the driver alone.

Opening takes the store's libraries, which take longer than a window. What the first page shows is read here
meanwhile, by the same queries (`pos.store.plain`) and with nothing written. Whatever is out of the ordinary, such as a
file of an earlier release or one that does not read, is for the opening to find: then there is no glance.
"""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

from pos.store.file import APPLICATION_ID, SCHEMA, connect, faults_told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pos.paths import ShopPaths


class Glance:
    """Reads as `pos.store.store.Store` does, on one thread, until it is closed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """One consistent view of the database."""
        with faults_told():
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            finally:
                self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def glance_at(paths: ShopPaths) -> Glance | None:
    """A look into the shop at `paths`; None where it is no ordinary shop of this release."""
    try:
        connection = connect(paths.database, writer=False)
    except (OSError, sqlite3.Error):
        return None
    try:
        connection.execute(
            "PRAGMA busy_timeout=0"
        )  # whoever waits for a shop that is busy shows a window first
        known = [
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
        ]
    except sqlite3.Error:
        connection.execute(
            "PRAGMA busy_timeout=0"
        )  # whoever waits for a shop that is busy shows a window first
        known = []
    if known != [APPLICATION_ID, SCHEMA]:
        connection.close()
        return None
    return Glance(connection)
