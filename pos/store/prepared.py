"""Statements of the sale: written in Core, compiled once, then run on the driver itself.

A sale runs some twenty small statements. SQLAlchemy's way through each costs ten times what SQLite needs for
it, and a sale is what a buyer waits for; so these few keep Core's definition and skip the rest. Everything
else goes the ordinary way.
"""

from __future__ import annotations

import contextlib
from collections import namedtuple
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects.sqlite.pysqlite import dialect as sqlite_dialect

from pos.store.plain import driver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ClauseElement, Connection
    from sqlalchemy.engine import Dialect


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    bind: Callable[[Mapping[str, Any]], Any]  # values in the order of the statement's question marks
    results: tuple[tuple[int, Callable[[Any], Any]], ...]  # columns whose values are to be turned into ours
    row: Callable[[Iterable[Any]], Any]


class Prepared:
    """One statement; an insert names the columns it will be given.

    Values are handed over as they are stored: ids as bytes, dates as ISO text. Rows come back as named tuples
    with the types of their columns. Errors are those of `sqlite3`; `faults_told` knows them.
    """

    __slots__ = ("_columns", "_compiled", "_statement")

    def __init__(self, statement: ClauseElement, *columns: str) -> None:
        self._statement = statement
        self._columns = columns
        self._compiled: _Compiled | None = None  # at first use: a start does not pay for it

    def rows(self, connection: Connection, **values: Any) -> list[Any]:
        """All rows of a query, inside the caller's transaction."""
        c = self._compiled or self._compile()
        found = driver(connection).execute(c.sql, c.bind(values)).fetchall()
        return [_row(c, raw) for raw in found]

    def first(self, connection: Connection, **values: Any) -> Any:
        """The first row of a query, or None."""
        c = self._compiled or self._compile()
        raw = driver(connection).execute(c.sql, c.bind(values)).fetchone()
        return None if raw is None else _row(c, raw)

    def scalar(self, connection: Connection, **values: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.first(connection, **values)
        return None if row is None else row[0]

    def run(self, connection: Connection, row: Mapping[str, Any]) -> None:
        """Write one row."""
        c = self._compiled or self._compile()
        driver(connection).execute(c.sql, c.bind(row))

    def run_all(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write any number of rows, or none."""
        if len(rows) == 1:  # as most are that a sale writes; the driver takes one sooner than many
            self.run(connection, rows[0])
        elif rows:
            c = self._compiled or self._compile()
            driver(connection).executemany(c.sql, map(c.bind, rows))

    def _compile(self) -> _Compiled:
        dialect = sqlite_dialect()
        # As for many rows, an insert never asks for its new key back.
        made: Any = self._statement.compile(
            dialect=dialect, column_keys=self._columns or None, for_executemany=True
        )
        assert "POSTCOMPILE" not in made.string, "a list of unknown length cannot be prepared"
        sql, names = _written_out(made.string, made.positiontup, _constants(made.binds, dialect))
        columns = made._result_columns  # noqa: SLF001 - there is no public way to the types
        self._compiled = _Compiled(
            sql=sql,
            bind=_in_order(names),
            results=tuple(
                (place, convert)
                for place, column in enumerate(columns)
                if (convert := column.type.result_processor(dialect, None)) is not None
            ),
            row=_row_type([column.keyname for column in columns]),
        )
        return self._compiled


def begin(connection: Connection) -> None:
    """Begin to write, as the engine's own way would."""
    driver(connection).execute("BEGIN IMMEDIATE")


def commit(connection: Connection) -> None:
    """Commit what `begin` began, and whatever SQLAlchemy has joined to it by itself since."""
    driver(connection).execute("COMMIT")
    if connection.in_transaction():
        connection.commit()


def many(connection: Connection, sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """One plain statement over many rows, or none, inside the caller's transaction."""
    driver(connection).executemany(sql, rows)


@contextlib.contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """A part of a transaction that is undone alone if it raises."""
    raw = driver(connection)
    raw.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        raw.execute("ROLLBACK TO part")
        raise
    finally:
        raw.execute("RELEASE part")


def data_version(connection: Connection) -> int:
    """A number that changes when another connection has written (SQLite, PRAGMA data_version)."""
    return int(driver(connection).execute("PRAGMA data_version").fetchone()[0])


def _in_order(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Any]:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: [values[name] for name in names]


def _written_out(sql: str, names: Sequence[str], constants: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The statement with its constants in the text, and the names of what is still to be bound.

    Bound, a constant like `archived IS ?` decides whether SQLite may use an index over a part of the rows. It
    would then plan the whole statement anew at every execution, which costs more than carrying it out.
    """
    said, *rest = sql.split("?")
    assert len(rest) == len(names), "a question mark inside a text would be taken for a value"
    left = []
    for name, text in zip(names, rest, strict=True):
        if name in constants:
            said += _literal(constants[name]) + text
        else:
            said += "?" + text
            left.append(name)
    return said, left


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(int(value))
    assert isinstance(value, str), "no other constant stands in a statement"
    return "'" + value.replace("'", "''") + "'"


def _constants(binds: Mapping[str, Any], dialect: Dialect) -> dict[str, Any]:
    """What stands in the statement itself, such as a limit, as it is stored."""
    found = {}
    for name, bind in binds.items():
        if not bind.required:
            convert = bind.type.bind_processor(dialect)
            found[name] = bind.value if convert is None else convert(bind.value)
    return found


def _row_type(names: Sequence[str]) -> Callable[[Iterable[Any]], Any]:
    made: Any = namedtuple("Row", names)  # type: ignore[misc] # noqa: PYI024 - the fields are the query's
    make: Callable[[Iterable[Any]], Any] = made._make
    return make


def _row(c: _Compiled, raw: Sequence[Any]) -> Any:
    values = list(raw)
    for place, convert in c.results:
        values[place] = convert(values[place])
    return c.row(values)
