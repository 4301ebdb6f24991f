"""All rows made again from the operations: what mends damage that is not in the logs themselves."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from pos.protocol import kinds
from pos.store import apply, onhand, oplog, search, standing
from pos.store.prepared import many
from pos.store.refold import Touched, refold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

_BATCH = 2000
# Those that point at others first. What the organiser says, and what is this device's own, is no operation's.
_TABLES = (
    "conflict", "order_event", "owed_refund", "payment", "order_buyer", "stock_move", "order_line", "orders",
    "reservation", "variant", "product", "customer", "operator", "setting",
)  # fmt: skip
# Of this device alone; they point at what is emptied meanwhile.
_KEPT = ("draft", "stock_base")


def remake(connection: Connection) -> None:
    """Empty every table that is made from operations, and make it again from both logs.

    Drafts, the link, what the server told to be on hand and the highest numbers given stay.
    """
    search.clear(connection)
    kept = {table: _take_out(connection, table) for table in _KEPT}
    for table in _TABLES:
        connection.exec_driver_sql(f"DELETE FROM {table}")
    connection.exec_driver_sql("DELETE FROM hat_day WHERE source = 'vendor'")
    touched = Touched()
    put_off: set[bytes] = set()
    for some in _in_turn():
        put_off |= _carry_out(connection, some, touched)
    # Something may have come before what it points at, from this device's own log before the others'.
    again = oplog.known(connection, sorted(put_off))
    left = {
        *standing.carry_out(connection, again, touched),
        *oplog.of_later_release(connection, list(kinds.KINDS)),
    }
    standing.defer(connection, sorted(left))
    refold(connection, touched)
    for table, rows in kept.items():
        _put_back(connection, table, rows)
    onhand.recount(connection)
    search.rebuild(connection)


def _in_turn() -> list[list[str]]:
    """Kinds that are carried out together: records, then facts, then what was done to orders."""
    made = list(apply.MAKING)
    edits = [kind for kind in kinds.KINDS if kind not in apply.MAKING]
    records = [kind for kind in made if kind.endswith(".added")]
    steps = [kind for kind in made if kind.startswith(("order.", "payment.")) and kind != "order.confirmed"]
    facts = [kind for kind in made if kind not in (*records, *steps)]
    return [[*records, *edits], facts, steps]


def _carry_out(connection: Connection, some: Sequence[str], touched: Touched) -> set[bytes]:
    put_off: set[bytes] = set()
    left = oplog.of_kinds(connection, some)
    while batch := list(islice(left, _BATCH)):
        put_off.update(standing.carry_out(connection, batch, touched))
    return put_off


def _take_out(connection: Connection, table: str) -> list[tuple[Any, ...]]:
    rows = [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}")]
    connection.exec_driver_sql(f"DELETE FROM {table}")
    return rows


def _put_back(connection: Connection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        many(connection, f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
