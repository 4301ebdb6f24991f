"""Which edits of a record stand in a conflict that nobody has decided yet.

The fold is the one that every device makes (`pos.protocol.merge`); the server needs of it only who is concerned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, select, update

from pos.protocol import kinds
from pos.protocol.changes import changes_of
from pos.protocol.merge import fold
from pos.protocol.operations import Operation
from pos.server.prepared import Prepared
from pos.server.tables import operation, stock

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection

    from sqlalchemy import Connection

    from pos.protocol.merge import Change
    from pos.protocol.messages import Result

EDITS: Final = frozenset(
    {
        *("operator.edited", "product.edited", "variant.edited", "customer.edited", "customer.erased"),
        *("hat.set", "hat.unset", "setting.set", "order.noted"),
    }
)

_MADE_BY: Final = Prepared(
    select(stock.c.made_by).where(
        stock.c.vendor_id == bindparam("vid"), stock.c.variant_id.in_(bindparam("ids", expanding=True))
    )
)
_ACCEPTED: Final = select(operation).where(
    operation.c.vendor_id == bindparam("vid"), operation.c.seq.is_not(None)
)
_OF_AGGREGATES: Final = Prepared(_ACCEPTED.where(operation.c.agg_id.in_(bindparam("ids", expanding=True))))
_THESE: Final = Prepared(
    _ACCEPTED.where(operation.c.op_id.in_(bindparam("ids", expanding=True))), lists_of="uuid"
)
_MARK: Final = (
    update(operation)
    .where(operation.c.vendor_id == bindparam("vid"), operation.c.op_id == bindparam("o"))
    .values(status=bindparam("to"))
)


def mark_conflicts(
    connection: Connection, vendor_id: uuid.UUID, records: Collection[tuple[str, bytes]]
) -> dict[uuid.UUID, Result]:
    """Fold these records and write which edits are in an open conflict; those whose status changed."""
    if not records:
        return {}
    variants = [agg_id for agg, agg_id in records if agg == "variant"]
    rows = _OF_AGGREGATES.rows(connection, vid=vendor_id, ids=[agg_id for _, agg_id in records])
    if variants:  # a variant may have been made with its product
        made = _MADE_BY.rows(connection, vid=vendor_id, ids=variants)
        seen = {row.op_id.int for row in rows}
        makers = {row.made_by for row in made if row.made_by.int not in seen}
        rows += _THESE.rows(connection, vid=vendor_id, ids=list(makers)) if makers else []
    said: dict[tuple[str, bytes], list[Change]] = {record: [] for record in records}
    for row in rows:
        for agg, agg_id, change in _changes(row):
            if (agg, agg_id) in said:
                said[agg, agg_id].append(change)
    concerned: set[bytes] = set()
    for changes in said.values():
        for conflict in fold(changes).conflicts:
            concerned |= {conflict.kept, conflict.other}
    marked: dict[uuid.UUID, Result] = {}
    for row in rows:
        status: Result = "conflict" if row.op_id.bytes in concerned else "ok"
        if row.kind in EDITS and row.status != status:
            marked[row.op_id] = status
    if marked:
        connection.execute(_MARK, [{"vid": vendor_id, "o": op_id, "to": to} for op_id, to in marked.items()])
    return marked


def _changes(row: Any) -> list[tuple[str, bytes, Change]]:
    """What a stored operation says of records."""
    body = kinds.read_body(row.kind, row.v, row.body.encode())
    personal = None
    if row.personal is not None:
        personal = kinds.read_personal(row.kind, row.v, row.personal.encode())
    return changes_of(
        row.kind, row.agg_id, body, personal, op=row.op_id.bytes, seq=row.seq, n=row.n, rank=row.rank
    )


def operation_of(row: Any) -> Operation:
    """The operation that stands in this row of `operation`."""
    return Operation(
        n=row.n,
        op_id=row.op_id,
        kind=row.kind,
        v=row.v,
        agg=row.agg,
        agg_id=row.agg_id,
        body=row.body.encode(),
        personal=None if row.personal is None else row.personal.encode(),
        commitment=row.commitment,
        at_ms=row.at_ms,
        hlc=row.hlc,
        prev_hash=row.prev_hash,
        hash=row.hash,
    )
