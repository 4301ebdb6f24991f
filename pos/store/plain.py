"""Queries in plain SQL, run on the driver itself: what the window's first page reads before SQLAlchemy is imported.

That import takes longer than a whole window (`docs/decisions/0042`), so what the first page asks is written here in
SQL and not in Core. It is the only place where it is written: whatever else needs the same, asks through it too.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import uuid
from collections import namedtuple
from typing import TYPE_CHECKING, Any, TypeAlias

from pos.errors import EnvironmentFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import Connection

Reading: TypeAlias = "Connection | sqlite3.Connection"
"""A transaction that is read in: the store's, or before the store is open the driver's own."""


class Query:
    """One query. Values are handed over as they are stored, ids as bytes; rows come back as named tuples.

    Errors are those of `sqlite3`; `pos.store.file.faults_told` knows them.
    """

    __slots__ = ("_kinds", "_make", "_sql")

    def __init__(self, sql: str, **kinds: Callable[[Any], Any]) -> None:
        """A query and what is made of the values of some columns.

        Args:
            sql: with values as ``:name``.
            kinds: by column: `to_uuid`, `to_day`, `bool`.
        """
        self._sql, self._kinds = sql, kinds
        self._make: (
            tuple[Callable[[Iterable[Any]], Any], tuple[tuple[int, Callable[[Any], Any]], ...]] | None
        ) = None

    def rows(self, connection: Reading, **values: object) -> list[Any]:
        """All rows, inside the caller's transaction."""
        cursor = driver(connection).execute(self._sql, values)
        if self._make is None:
            names = [column[0] for column in cursor.description]
            row: Any = namedtuple("Row", names)  # type: ignore[misc] # noqa: PYI024 - the fields are the query's
            places = tuple((names.index(name), kind) for name, kind in self._kinds.items())
            self._make = row._make, places
        make, places = self._make
        if not places:
            return [make(raw) for raw in cursor]
        found = []
        for raw in cursor:
            turned = list(raw)
            for place, kind in places:
                turned[place] = kind(turned[place])
            found.append(make(turned))
        return found

    def column(self, connection: Reading, **values: object) -> list[Any]:
        """The first column of all rows."""
        return [row[0] for row in self.rows(connection, **values)]


def driver(connection: Reading) -> Any:
    """The driver's connection behind the store's."""
    return (
        connection if isinstance(connection, sqlite3.Connection) else connection.connection.dbapi_connection
    )


def to_uuid(value: bytes | None) -> uuid.UUID | None:
    """An id from its 16 bytes.

    Raises:
        EnvironmentFault: ``database_damaged``: a CHECK keeps the length, so the file itself was altered.
    """
    try:
        return None if value is None else uuid.UUID(bytes=value)
    except (ValueError, TypeError) as error:
        raise EnvironmentFault("database_damaged") from error


def to_day(value: str | None) -> dt.date | None:
    """A date from its ISO text.

    Raises:
        EnvironmentFault: ``database_damaged``.
    """
    try:
        return None if value is None else dt.date.fromisoformat(value)
    except (ValueError, TypeError) as error:
        raise EnvironmentFault("database_damaged") from error


def any_of(name: str, count: int) -> str:
    """``:id0, :id1, …`` for ``IN``: a list of a fixed length, since a statement is kept by its text."""
    return ", ".join(f":{name}{n}" for n in range(count))


def by_chunks(name: str, count: int, values: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """The values for `any_of`, so many at once; free places of the last chunk are NULL, which is in no list."""
    for start in range(0, len(values), count):
        some = values[start : start + count]
        yield {f"{name}{n}": some[n] if n < len(some) else None for n in range(count)}


_IDS_AT_ONCE = 16  # what a search shows at first
ANY_ID = any_of("id", _IDS_AT_ONCE)


def by_ids(query: Query, connection: Reading, ids: Iterable[uuid.UUID], **more: object) -> Iterator[Any]:
    """The rows of a query that asks for `ANY_ID`, however many ids there are."""
    for some in by_chunks("id", _IDS_AT_ONCE, [one.bytes for one in ids]):
        yield from query.rows(connection, **more, **some)
