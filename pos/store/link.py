"""The server that this shop is paired with, how far both are, and what is still to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, func, insert, select

from pos.store import onhand, oplog
from pos.store import tables as t
from pos.store.prepared import Prepared, many

if TYPE_CHECKING:
    from pos.protocol.operations import Operation

_STREAMS = ("v", "h", "g")
_link = Prepared(select(t.link))
_end = Prepared(select(func.coalesce(func.max(t.op.c.n), 0).label("n")))


class Link(msgspec.Struct, frozen=True):
    """The shop's tie to its server.

    Attributes:
        server: its address.
        vendor: what the vendor is called there.
        epoch: which memory of the server's the cursors belong to; None before the first exchange.
        ack_n: the server has answered for every operation of this log up to here.
        cursors: how far each stream has come in: ``v`` the shop's records, ``h`` its history, ``g`` the organiser's.
        stock_seq: what is on hand already counts the history up to here; None where it is the sum of all.
        machine: the mark of the machine on which this database was last known to be.
        synced_at_ms: when both sides last had everything, UTC milliseconds.
        shut_out: the vendor has taken this device out, as far as the server was heard.
    """

    server: str
    vendor: str
    epoch: str | None
    ack_n: int
    cursors: dict[str, int]
    stock_seq: int | None
    machine: str
    synced_at_ms: int | None
    shut_out: bool = False


def read_link(connection: Connection) -> Link | None:
    """The link; None where the shop is alone."""
    row = _link.first(connection)
    if row is None:
        return None
    return Link(
        server=row.server,
        vendor=row.vendor,
        epoch=row.epoch,
        ack_n=row.ack_n,
        cursors={stream: int(getattr(row, f"cursor_{stream}")) for stream in _STREAMS},
        stock_seq=row.stock_seq,
        machine=row.machine,
        synced_at_ms=row.synced_at_ms,
        shut_out=bool(row.shut_out),
    )


def found_link(connection: Connection, link: Link) -> None:
    """Tie the shop to a server, in place of whatever it was tied to."""
    connection.execute(t.link.delete())
    connection.execute(insert(t.link).values(one=1, **_columns(msgspec.structs.asdict(link))))


def move_link(connection: Connection, **changes: Any) -> None:
    """Change named fields of the link; of `cursors` those streams that are named.

    With `stock_seq` None the history is whole: what is on hand is the sum of all movements from then on.
    """
    columns = _columns(changes)
    if changes.get("stock_seq", 0) is None and onhand.is_told(connection):
        onhand.summed(connection)
    if columns:
        places = ", ".join(f"{name} = ?" for name in columns)
        many(connection, f"UPDATE link SET {places}", [tuple(columns.values())])


def _columns(fields: dict[str, Any]) -> dict[str, Any]:
    plain = {name: value for name, value in fields.items() if name != "cursors"}
    cursors = fields.get("cursors", {})
    return plain | {f"cursor_{stream}": cursors[stream] for stream in _STREAMS if stream in cursors}


def pending(connection: Connection, ack_n: int, *, limit: int, limit_bytes: int) -> list[Operation]:
    """Operations behind `ack_n`, in order: at least one where there is any, then as many as both limits let in."""
    found: list[Operation] = []
    size = 0
    for operation in oplog.read_after(connection, ack_n, page=limit):
        size += len(operation.body) + len(operation.personal or b"")
        if found and size > limit_bytes:
            break
        found.append(operation)
        if len(found) >= limit:
            break
    return found


def waiting(connection: Connection, ack_n: int) -> int:
    """How many operations the server has not answered for."""
    return max(0, int(_end.scalar(connection)) - ack_n)
