"""What came back from the server: results of what was sent, and operations in the server's order.

One reply is taken in by one writing transaction. First what became of this device's own operations, then what
others did, then the records and orders that both have touched (docs/decisions/0050). In whatever batches replies
come, the rows are those that `pos.store.remake` would make of all operations together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from pos.protocol import kinds
from pos.protocol.messages import Digest, digest_of
from pos.store import onhand, oplog, standing
from pos.store import tables as t
from pos.store.apply import parting
from pos.store.prepared import many
from pos.store.refold import Touched, refold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from sqlalchemy import Connection

    from pos.protocol.operations import Operation

TAKEN_IN: Final = "taken_in"  # what whoever keeps settings and rules in memory is told by
_CHUNK = 400
_OK, _DISPUTED = 1, 2
_KEEP = """INSERT INTO foreign_op (op_id, device_id, n, kind, v, agg, agg_id, body, personal, commitment, at_ms, hlc,
           prev_hash, hash, seq, rank, stream) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_SETTLE = """UPDATE op SET state = ?, seq = coalesce(?, seq), rank = coalesce(?, rank), why = nullif(?, '')
             WHERE op_id = ?"""
_PLACE_OWN = (
    """UPDATE op SET seq = ?, rank = ?, state = iif(state IN (0, 3), 1, state), why = NULL WHERE op_id = ?"""
)
_AUTHOR = "UPDATE op SET author = ? WHERE op_id = ?"
_PLACE = "UPDATE foreign_op SET seq = ?, rank = ?, device_id = ? WHERE op_id = ?"


class Settled(msgspec.Struct, frozen=True):
    """What became of one of this device's operations: its place and rank, or why it is held.

    `state` is as in the log: 1 taken, 2 in conflict with another's, 3 held. `author` is in whose log the server has it,
    where this is not sure to be the device that wrote it.
    """

    op_id: UUID
    seq: int | None
    rank: int | None
    state: int
    why: str
    author: UUID | None = None


class Arrived(msgspec.Struct, frozen=True):
    """An operation in the server's order, with its author; `stream` says which feed brought it, where that is known."""

    operation: Operation
    device_id: UUID
    seq: int
    rank: int
    stream: str = ""


def take_in(
    connection: Connection,
    settled: Sequence[Settled],
    arrived: Sequence[Arrived],
    *,
    stock_seq: int | None = None,
) -> None:
    """Take in one reply, inside the caller's transaction.

    Args:
        connection: a writing transaction.
        settled: what became of operations that were sent.
        arrived: what came down, of both streams; what is known already only gets its place.
        stock_seq: what is on hand counts everything up to this place already.
    """
    touched = Touched()
    placed = _settle(connection, settled)
    fresh = _place(connection, arrived, placed, touched)
    _keep(connection, fresh)
    waiting = standing.deferred(connection)
    operations = [*waiting, *(_known(one) for one in fresh)]
    if operations:
        left = standing.carry_out(connection, operations, touched, stock_seq=stock_seq)
        if left or waiting:
            standing.defer(connection, left)
    _touch_met(connection, placed, touched)
    refold(connection, touched)
    connection.info[TAKEN_IN] = True


def _settle(connection: Connection, settled: Sequence[Settled]) -> set[bytes]:
    """Write what became of each; those that were given a place by it."""
    rows = [(one.state, one.seq, one.rank, one.why, one.op_id.bytes) for one in settled]
    many(connection, _SETTLE, rows)
    _know_authors(
        connection,
        {
            one.op_id.bytes: one.author.bytes
            for one in settled
            if one.seq is not None and one.author is not None
        },
    )
    return {one.op_id.bytes for one in settled if one.seq is not None}


def _place(
    connection: Connection, arrived: Sequence[Arrived], placed: set[bytes], touched: Touched
) -> list[Arrived]:
    """Give what is known its place; what is new comes back, each once."""
    ids = [one.operation.op_id.bytes for one in arrived]
    own = _places(connection, "op", ids)
    others = _places(connection, "foreign_op", ids)
    moved_own, moved, fresh = [], [], {}
    for one, op_id in zip(arrived, ids, strict=True):
        device = one.device_id.bytes
        if op_id in own:
            if own[op_id] not in ((one.seq, one.rank, _OK), (one.seq, one.rank, _DISPUTED)):
                moved_own.append((one.seq, one.rank, op_id))
        elif op_id not in others:
            fresh[op_id] = one
        elif others[op_id] != (one.seq, one.rank, device):
            moved.append((one.seq, one.rank, device, op_id))
    many(connection, _PLACE_OWN, moved_own)
    many(connection, _PLACE, moved)
    placed.update(row[2] for row in moved_own)
    for known in oplog.known(connection, [row[3] for row in moved]):
        _touch(known, touched)
    # Two laptops of one log may have sent it, and a server that was set back has heard the other one first.
    _give(connection, [op_id for *_, device, op_id in moved if others[op_id][2] != device])
    _know_authors(
        connection,
        {op_id: one.device_id.bytes for one, op_id in zip(arrived, ids, strict=True) if op_id in own},
    )
    return list(fresh.values())


def _know_authors(connection: Connection, told: Mapping[bytes, bytes]) -> None:
    """Own operations that the server has from an identity which this log has given up are that one's.

    So it is where a copy sent them, or a reply was lost before the log parted: every device shows one author.
    """
    other = [o for o in oplog.known(connection, list(told)) if told[o.op_id] != o.device_id]
    if other:
        many(connection, _AUTHOR, [(told[o.op_id], o.op_id) for o in other])
        _give(connection, [o.op_id for o in other])


def _give(connection: Connection, ids: Sequence[bytes]) -> None:
    """What these operations made is their authors' from now on."""
    if ids:
        known = oplog.known(connection, ids)
        standing.know(connection, {one.device_id for one in known})
        parting.give_rows(connection, known)


def _places(connection: Connection, log: str, ids: Sequence[bytes]) -> dict[bytes, tuple[Any, ...]]:
    more = "state" if log == "op" else "device_id"
    found: dict[bytes, tuple[Any, ...]] = {}
    for start in range(0, len(ids), _CHUNK):
        some = ids[start : start + _CHUNK]
        marks = ", ".join("?" * len(some))
        rows = connection.exec_driver_sql(
            f"SELECT op_id, seq, rank, {more} FROM {log} WHERE op_id IN ({marks})", tuple(some)
        )
        found |= {row[0]: (row[1], row[2], row[3]) for row in rows}
    return found


def _keep(connection: Connection, fresh: Sequence[Arrived]) -> None:
    rows = []
    for one in fresh:
        o = one.operation
        rows.append(
            (
                o.op_id.bytes, one.device_id.bytes, o.n, o.kind, o.v, o.agg, o.agg_id, o.body.decode(),
                o.personal.decode() if o.personal is not None else None, o.commitment, o.at_ms, o.hlc, o.prev_hash,
                o.hash, one.seq, one.rank, one.stream or stream_of(o.kind, o.agg),
            )
        )  # fmt: skip
    many(connection, _KEEP, rows)


def stream_of(kind: str, agg: str) -> str:
    """Which feed carries a kind; one of a later release goes with its kind of aggregate, else with history."""
    if kind in kinds.KINDS:
        return kinds.KINDS[kind].stream
    return next((known.stream for known in kinds.KINDS.values() if known.agg == agg), "h")


def _known(one: Arrived) -> oplog.Known:
    o = one.operation
    return oplog.Known(
        o.op_id.bytes,
        one.device_id.bytes,
        o.kind,
        o.v,
        o.agg_id,
        o.body.decode(),
        o.personal.decode() if o.personal is not None else None,
        o.at_ms,
        o.hlc,
        one.seq,
        one.rank,
        own=False,
    )


def _touch_met(connection: Connection, placed: set[bytes], touched: Touched) -> None:
    """Own operations that have their place now: what another device has touched as well is to be folded anew."""
    if not placed:
        return
    known = oplog.known(connection, sorted(placed))
    mine = Touched()
    for one in known:
        _touch(one, mine)
    for agg, records in mine.records.items():
        for one_id in _met(
            connection, "SELECT DISTINCT agg_id FROM foreign_op WHERE {records} AND agg_id IN", records
        ):
            touched.record(agg, one_id)
    of_orders = (
        "SELECT DISTINCT e.order_id FROM order_event e JOIN foreign_op f ON f.op_id = e.id"
        " WHERE e.kind <> 'taken' AND e.order_id IN"
    )
    touched.orders |= _met(connection, of_orders, mine.orders)
    touched.wallet_ids |= mine.wallet_ids  # of those that stand alone nothing is made anew


def _met(connection: Connection, sql: str, ids: set[bytes]) -> set[bytes]:
    found: set[bytes] = set()
    ordered = sorted(ids)
    for start in range(0, len(ordered), _CHUNK):
        some = ordered[start : start + _CHUNK]
        text = sql.format(records=f"kind IN {t.RECORD_KINDS!r}")
        marks = ", ".join("?" * len(some))
        found.update(connection.exec_driver_sql(f"{text} ({marks})", tuple(some)).scalars())
    return found


def _touch(known: oplog.Known, touched: Touched) -> None:
    """What an operation that is here already belongs to."""
    agg, _, step = known.kind.partition(".")
    if agg == "order" and step != "confirmed":
        touched.orders.add(known.agg_id)
    elif known.kind in ("payment.received", "order.confirmed"):
        body = msgspec.json.decode(known.body)
        payments = body["payments"] if agg == "order" else [body["payment"]]
        touched.wallet_ids |= {(p["method"], p["trxid"]) for p in payments if p["trxid"]}
        if agg == "payment":
            touched.orders.add(bytes.fromhex(body["order"]))
    elif known.kind in t.RECORD_KINDS and agg not in ("shop", "device"):
        touched.record(agg, known.agg_id)


# ---- the server's order and memory -------------------------------------------------------------------


def forget_order(connection: Connection) -> None:
    """The server is another one: every place is forgotten, and not one operation or row.

    What is on hand is the sum of the movements that are here, until the server is asked for it again.
    """
    connection.exec_driver_sql("UPDATE op SET seq = NULL, rank = NULL, state = 0, why = NULL")
    connection.exec_driver_sql("UPDATE foreign_op SET seq = NULL, rank = NULL")
    connection.exec_driver_sql("UPDATE link SET stock_seq = NULL")
    onhand.summed(connection)


def unplaced(connection: Connection, after: Mapping[UUID, int]) -> list[tuple[UUID, Operation]]:
    """Operations of other devices' logs that the server has lost: from position `after` of each device on, in order."""
    found: list[tuple[UUID, Operation]] = []
    statement = t.foreign_op.select().order_by(t.foreign_op.c.n)
    f = t.foreign_op.c
    for device, first in after.items():
        rows = connection.execute(statement.where(f.seq.is_(None), f.device_id == device, f.n >= first))
        found += [(device, oplog.operation_of(row)) for row in rows]
    return found


def digests(connection: Connection) -> dict[str, Digest]:
    """Of each stream, how many operations have a place, and the sum of their hashes."""
    hashes: dict[str, list[bytes]] = {"v": [], "h": []}
    for kind, digest in connection.exec_driver_sql("SELECT kind, hash FROM op WHERE seq IS NOT NULL"):
        hashes[stream_of(kind, "")].append(digest)
    for stream, digest in connection.exec_driver_sql(
        "SELECT stream, hash FROM foreign_op WHERE seq IS NOT NULL"
    ):
        hashes[stream].append(digest)
    return {stream: digest_of(found) for stream, found in hashes.items()}


def stock_known(connection: Connection, on_hand: Mapping[bytes, int], last_n: int) -> None:
    """What the server has on hand, by variant in thousandths; to be told after the reply was taken in.

    `last_n` is up to where it has this device's log.
    """
    onhand.told(connection, on_hand, last_n)
