"""What the appliers share: whole rows, edited fields and who wrote them last."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, exists, insert, select, update

from pos.store import tables as t
from pos.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pos.store.oplog import Recorded


BLANK: Mapping[str, Any] = {
    "name": "", "phone": None, "phone2": None, "address": "", "district": "", "thana": "", "note": "",
}  # fmt: skip

Rows = list[dict[str, Any]]


def insert_whole(table: Table, *, without: Sequence[str] = ()) -> Prepared:
    """An insert of whole rows; columns `without` a value here keep their default."""
    return Prepared(insert(table), *(column.name for column in table.c if column.name not in without))


def identity(value: str) -> bytes:
    return bytes.fromhex(value)


def write_many(connection: Connection, statement: Any, rows: Rows) -> None:
    if rows:
        connection.execute(statement, rows)


COLUMN_OF = {"price": "price_paisa", "cost": "cost_paisa", "minimum": "minimum_milli"}


def edit_fields(
    connection: Connection,
    table: Table,
    r: Recorded,
    values: Mapping[str, Any] | None = None,
) -> bool:
    """Set named fields and note this operation as the writer of each.

    Returns:
        Whether the record has conflicts: then all that is known of it is to be folded anew. A record that is
        not here yet is made, with this edit, when it comes.
    """
    where = table.c.id == r.agg_id
    open_ = exists().where(t.conflict.c.agg == table.name, t.conflict.c.agg_id == r.agg_id)
    stored = connection.execute(select(table.c.fv, open_.label("disputed")).where(where)).first()
    if stored is None:
        return False
    writers = json.loads(stored.fv) | dict.fromkeys(r.body["over"], r.op_id.hex)
    columns = values if values is not None else r.body["set"]
    told = json.dumps(writers, sort_keys=True)  # a replayed body has its fields in another order
    connection.execute(
        update(table)
        .where(where)
        .values({COLUMN_OF.get(name, name): value for name, value in columns.items()} | {"fv": told})
    )
    return bool(stored.disputed)


def disputed(connection: Connection, agg: str, run: Sequence[Recorded]) -> list[bytes]:
    """Those of the records that have conflicts: all that is known of them is to be folded anew."""
    c = t.conflict.c
    there = select(c.agg_id).where(c.agg == agg, c.agg_id.in_([r.agg_id for r in run]))
    return list(connection.execute(there).scalars())


def written_by(r: Recorded) -> str:
    return f'{{"*": "{r.op_id.hex}"}}'


def day(value: str | None) -> dt.date | None:
    return None if value is None else dt.date.fromisoformat(value)
