"""Statements of the exchange: written in Core, compiled once for each database, then run on the driver itself.

An exchange runs a dozen small statements. SQLAlchemy's way through each costs several times what the database needs for
it; so these few keep Core's definition and skip the rest. Everything else goes the ordinary way.
"""

from __future__ import annotations

import contextlib
import re
from collections import defaultdict, namedtuple
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar
from uuid import UUID

from sqlalchemy.dialects import registry

from pos.server.tables import Id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import ClauseElement, Connection, Table
    from sqlalchemy.engine import Dialect

_LIST: Final = re.compile(r"IN \(__\[POSTCOMPILE_(\w+?)(?:~~[^\]]*)?\]\)")
_STEP: Final = 8
_STEPS: Final = 128
_MOST: Final = 8192  # of one list; SQLite takes some 32,000 values in a statement
_MARK: Final = re.compile(rf"\?|{_LIST.pattern}")

_T = TypeVar("_T")
_Sql = Callable[[Mapping[str, Any]], str]
_Bind = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement as one kind of database takes it.

    Attributes:
        sql: its text, for a list of so many values.
        bind: values as this text takes them.
        ids: columns of identities that come as bytes.
        row: makes a row.
        by_place: the text where values come in the order of their names in it; it has no list and no constant.
        spread: of an insert, the text where each column comes as one list; in PostgreSQL only.
        listed: the list that a long one is asked in parts of; in SQLite only.
    """

    sql: _Sql
    bind: _Bind
    ids: tuple[int, ...]
    row: Callable[[Iterable[Any]], Any]
    by_place: str
    spread: str
    listed: str | None


class Prepared:
    """One statement; at most one of its values is a list, of identities or of bytes.

    SQLite is asked for a long list in parts: an order of the rows, or what groups them, holds within each.
    Rows come back as named tuples with the types of their columns. Errors are the driver's own.
    """

    __slots__ = ("_compiled", "_lists_of", "_statement")

    every: ClassVar[list[Prepared]] = []

    def __init__(self, statement: ClauseElement, *, lists_of: str = "bytea") -> None:
        """`lists_of` is PostgreSQL's type of what a list holds."""
        self._statement = statement
        self._lists_of = lists_of
        self._compiled: dict[str, _Compiled] = {}  # at first use: a start does not pay for it
        Prepared.every.append(self)

    def rows(self, connection: Connection, **values: Any) -> list[Any]:
        """All rows, inside the caller's transaction."""
        c = self._for(connection)
        return self._made(c, _found(c, connection, values))

    def send(self, connection: Connection, **values: Any) -> Callable[[], list[Any]]:
        """Ask inside `together`; behind it the rows are there. PostgreSQL only."""
        c = self._for(connection)
        cursor = driver(connection).execute(c.sql(values), c.bind(values))
        return lambda: self._made(c, cursor.fetchall())

    def first(self, connection: Connection, **values: Any) -> Any:
        """The first row, or None."""
        c = self._for(connection)
        found = _found(c, connection, values)
        return self._made(c, found[:1])[0] if found else None

    def scalar(self, connection: Connection, **values: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.first(connection, **values)
        return None if row is None else row[0]

    def run(self, connection: Connection, **values: Any) -> None:
        """Write once."""
        c = self._for(connection)
        for some in _parts(c, values):
            driver(connection).execute(c.sql(some), c.bind(some))

    def run_all(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write for each of these, or for none."""
        if rows:
            c = self._for(connection)
            driver(connection).cursor().executemany(c.sql(rows[0]), list(map(c.bind, rows)))

    def run_each(self, connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
        """As `run_all`, with values in the order of their names in the statement, identities as `stored` has them."""
        if rows:
            driver(connection).cursor().executemany(self._for(connection).by_place, rows)

    def add(self, connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
        """Insert whole rows, or none: values in the order of the table's columns, identities as `stored` has them."""
        if not rows:
            return
        if connection.dialect.name == "postgresql":
            driver(connection).execute(self._for(connection).spread, list(map(list, zip(*rows, strict=True))))
        else:
            self.run_each(connection, rows)

    def text(self, dialect: str) -> str:
        """The statement as this kind of database takes it, its list with one value."""
        sql: str = self._compile(registry.load(dialect)()).sql(defaultdict(lambda: [None]))
        return sql

    def _for(self, connection: Connection) -> _Compiled:
        dialect = connection.dialect
        return self._compiled.get(dialect.name) or self._compile(dialect)

    @staticmethod
    def _made(c: _Compiled, found: list[Any]) -> list[Any]:
        if not c.ids:
            return list(map(c.row, found))
        made = []
        for raw in found:
            values = list(raw)
            for place in c.ids:
                if values[place] is not None:
                    values[place] = UUID(bytes=values[place])
            made.append(c.row(values))
        return made

    def _compile(self, dialect: Dialect) -> _Compiled:
        # As for many rows, an insert never asks for its new key back.
        made: Any = self._statement.compile(dialect=dialect, for_executemany=True)
        columns = getattr(made, "_result_columns", [])
        as_bytes = dialect.name == "sqlite"
        sql, bind = _in_order(made) if as_bytes else _by_name(made, self._lists_of)
        listed = _LIST.search(made.string) if as_bytes else None
        found = self._compiled[dialect.name] = _Compiled(
            sql=sql,
            bind=bind,
            ids=tuple(at for at, column in enumerate(columns) if as_bytes and isinstance(column.type, Id)),
            row=_row_type([column.keyname for column in columns]),
            # A cast behind a name stays, so that every row has the same types.
            by_place=re.sub(r"%\(\w+\)s", "%s", made.string),
            spread="" if as_bytes or not made.isinsert else _spread(self._statement.table, dialect),  # type: ignore[attr-defined]
            listed=listed and listed[1],
        )
        return found


@contextlib.contextmanager
def together(connection: Connection) -> Iterator[None]:
    """Statements of the block that give nothing back are sent one after the other, and waited for at its end."""
    if connection.dialect.name == "postgresql" and not driver(connection).info.pipeline_status:
        with driver(connection).pipeline():
            yield
    else:
        yield


Question = tuple[Prepared, Mapping[str, Any]]
"""A statement, and its values."""


def rows_of(connection: Connection, *asked: Question) -> list[list[Any]]:
    """The rows of each of several statements; PostgreSQL gets them all before the first answer is waited for."""
    if len(asked) < 2 or connection.dialect.name != "postgresql":
        return [statement.rows(connection, **values) for statement, values in asked]
    with together(connection):
        sent = [statement.send(connection, **values) for statement, values in asked]
    return [arrived() for arrived in sent]


def _found(c: _Compiled, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
    # To the end: an update with rows to give back is done only then.
    run = driver(connection).execute
    return [row for some in _parts(c, values) for row in run(c.sql(some), c.bind(some)).fetchall()]


def _parts(c: _Compiled, values: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The values as often as their list is too long for once, each time with a part of it."""
    if c.listed is None or len(values[c.listed]) <= _MOST:
        return (values,)
    every = list(dict.fromkeys(values[c.listed]))  # no row comes twice, whatever was asked twice
    return [{**values, c.listed: every[at : at + _MOST]} for at in range(0, len(every), _MOST)]


def stored(connection: Connection) -> Callable[[UUID], Any]:
    """How this database takes an identity."""
    return _as_bytes if connection.dialect.name == "sqlite" else _as_it_is


def stored_bytes(connection: Connection) -> Callable[[bytes], Any]:
    """How this database takes bytes soonest."""
    return bytearray if connection.dialect.name == "sqlite" else _as_it_is


def driver(connection: Connection) -> Any:
    """The driver's own connection."""
    return connection.connection.dbapi_connection


def _as_bytes(value: UUID) -> bytearray:
    """SQLite's driver takes a `bytearray` at once; of `bytes` it asks each time whether somebody adapts them."""
    return bytearray(value.bytes)


def _as_it_is(value: _T) -> _T:
    return value


def _by_name(made: Any, lists_of: str) -> tuple[_Sql, _Bind]:
    """For PostgreSQL: values by name, a list as one array, so that its length makes no other statement."""
    text = _LIST.sub(rf"= ANY(%(\1)s::{lists_of}[])", made.string)
    for name, constant in _constants(made).items():
        text = text.replace(f"%({name})s", _literal(constant))
    return (lambda _values: text), dict


def _in_order(made: Any) -> tuple[_Sql, _Bind]:
    """For SQLite: values in the order of the question marks, identities as bytes."""
    text, names = _written_out(made.string, made.positiontup, _constants(made))
    ids = [at for at, name in enumerate(names) if isinstance(made.binds[name].type, Id)]
    pick = itemgetter(*names) if len(names) > 1 else lambda values: [values[name] for name in names]
    listed = _LIST.search(text)
    if listed is not None:
        return _with_list(text, listed, names, ids, pick)

    def bind(values: Mapping[str, Any]) -> Any:
        found = list(pick(values))
        for at in ids:
            if found[at] is not None:
                found[at] = _as_bytes(found[at])
        return found

    return (lambda _values: text), bind if ids else pick


def _with_list(
    text: str, listed: re.Match[str], names: Sequence[str], ids: Sequence[int], pick: Callable[[Any], Any]
) -> tuple[_Sql, _Bind]:
    """A list has more places than values; what is left over repeats the last of them."""
    name = listed[1]
    place = names.index(name)
    texts: dict[int, str] = {}

    def sql(values: Mapping[str, Any]) -> str:
        room = _room(len(values[name]))
        if room not in texts:
            marks = ", ".join("?" * room)
            texts[room] = f"{text[: listed.start()]}IN ({marks}){text[listed.end() :]}"
        return texts[room]

    def bind(values: Mapping[str, Any]) -> Any:
        found = list(pick(values))
        for at in ids:
            found[at] = [one.bytes for one in found[at]] if at == place else _as_bytes(found[at])
        some = list(map(bytearray, found[place]))  # see `_as_bytes`
        found[place : place + 1] = some + some[-1:] * (_room(len(some)) - len(some))
        return found

    return sql, bind


def _spread(table: Table, dialect: Dialect) -> str:
    """An insert of whole rows, for any number of them, each column one list.

    A COPY does not go where row-level security decides who may insert what; a statement for each row, or a COPY into a
    table of its own and on from there, takes up to twice as long (measured with 24 rows and with 480).
    """
    lists = ", ".join(f"%b::{column.type.compile(dialect)}[]" for column in table.columns)
    return f"INSERT INTO {table.name} ({', '.join(table.columns.keys())}) SELECT * FROM unnest({lists})"


def _constants(made: Any) -> dict[str, Any]:
    """What stands in the statement itself, such as a limit."""
    return {name: bind.value for name, bind in made.binds.items() if not bind.required}


def _written_out(sql: str, names: Sequence[str], constants: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The statement with its constants in the text, and the names of what is still to be bound.

    Bound, a constant may decide whether SQLite can use an index over a part of the rows; it would then plan the
    statement anew at every execution.
    """
    said, left = "", []
    at = 0
    for name, mark in zip(names, _MARK.finditer(sql), strict=True):
        said += sql[at : mark.start()]
        if name in constants:
            said += _literal(constants[name])
        else:
            said += mark[0]
            left.append(name)
        at = mark.end()
    return said + sql[at:], left


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(int(value))
    assert isinstance(value, str), "no other constant stands in a statement"
    assert not set(value) & set("'%?\\"), "none that would have to be escaped"
    return f"'{value}'"


def _room(count: int) -> int:
    """Few lengths, so that there are few statements, and not much more than is needed."""
    return -(-count // _STEP) * _STEP if count <= _STEPS else 1 << (count - 1).bit_length()


def _row_type(names: Sequence[str]) -> Callable[[Iterable[Any]], Any]:
    made: Any = namedtuple("Row", names)  # type: ignore[misc] # noqa: PYI024 - the fields are the query's
    make: Callable[[Iterable[Any]], Any] = made._make
    return make
