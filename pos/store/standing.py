"""Carrying out what other devices did, in bulk; what cannot stand yet is put off until what it needs has come.

Facts add up in whatever order they come, so they are written kind by kind; records and orders that several have
touched are folded afterwards. An operation that cannot be written never stands in the way of another one: it is
kept in its log and tried again whenever operations come in (sync.md §1.4).
"""

from __future__ import annotations

import sqlite3
from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from sqlalchemy.exc import DBAPIError

from pos.protocol import kinds
from pos.store import apply, erasing, oplog
from pos.store.apply.orders import raise_series
from pos.store.oplog import Recorded
from pos.store.prepared import many, savepoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from pos.store.oplog import Known
    from pos.store.refold import Touched

# What a value that is not what its kind says makes of a statement or of its reading.
_CANNOT_STAND = (
    sqlite3.IntegrityError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OverflowError,
)
_DEVICE_KINDS = frozenset({"shop.founded", "device.joined", "device.rekeyed"})
_RECORD_OF = {"operator.added": "operator", "product.added": "product", "customer.added": "customer"}


def carry_out(
    connection: Connection, operations: Sequence[Known], touched: Touched, *, stock_seq: int | None = None
) -> list[bytes]:
    """Write what these operations make, and note what is to be folded.

    Args:
        connection: inside the caller's transaction; the operations stand in their logs already.
        operations: in any order.
        touched: grows by what is to be folded afterwards.
        stock_seq: movements up to this place of the server's order are counted in what is on hand already.

    Returns:
        Those that cannot stand yet.
    """
    put_off: list[bytes] = []
    by_kind: dict[str, list[Known]] = {}
    for known in _without_erased(connection, operations):
        if is_of_this_release(known.kind, known.v):
            by_kind.setdefault(known.kind, []).append(known)
        else:
            put_off.append(known.op_id)
    know(connection, {known.device_id for known in operations})
    for kind_name in apply.MAKING:
        some = sorted(
            by_kind.pop(kind_name, ()), key=lambda one: (one.device_id, _counts(one, stock_seq), one.place)
        )
        for (device_id, counts), run in groupby(
            some, key=lambda one: (one.device_id, _counts(one, stock_seq))
        ):
            put_off += _make(connection, device_id, kind_name, list(run), touched, counts=counts)
    for rest in by_kind.values():
        for known in rest:
            put_off += _edit(connection, known, touched)
    return put_off


def is_of_this_release(kind: str, v: int) -> bool:
    """Whether this release can carry such an operation out."""
    found = kinds.KINDS.get(kind)
    return found is not None and v in found.versions


def _counts(known: Known, stock_seq: int | None) -> bool:
    return known.seq is None or not stock_seq or known.seq > stock_seq


def _without_erased(connection: Connection, operations: Sequence[Known]) -> Iterable[Known]:
    """The same, without the words of buyers who are erased; these leave the log as well."""
    if not any(known.personal is not None for known in operations):
        return operations
    gone = erasing.erased(connection)
    if not gone.customers:
        return operations
    gone = gone.with_orders_among(operations)
    blank = {known.op_id for known in operations if known.personal is not None and gone.covers(known)}
    erasing.blank(connection, list(blank))
    return [msgspec.structs.replace(k, personal=None) if k.op_id in blank else k for k in operations]


def know(connection: Connection, devices: Iterable[bytes]) -> None:
    """Every author has a row, though what it said of its numbers may be held at the server."""
    many(
        connection,
        "INSERT OR IGNORE INTO device (id, code) VALUES (?, '')",
        [(one,) for one in sorted(devices)],
    )


def _make(
    connection: Connection,
    device_id: bytes,
    kind: str,
    run: Sequence[Known],
    touched: Touched,
    *,
    counts: bool,
) -> list[bytes]:
    """One kind of one author: all at once, and where that does not go, each by itself."""
    try:
        recorded = [_recorded(known) for known in run]
        with savepoint(connection):
            apply.take(connection, device_id, kind, recorded, counts=counts)
            for one in recorded:
                _note(touched, kind, one)
    except _CANNOT_STAND:
        pass
    except DBAPIError as error:
        if not isinstance(error.orig, _CANNOT_STAND):
            raise
    else:
        return []
    if len(run) == 1:
        _keep_number(connection, run[0])
        return [run[0].op_id]
    half = len(run) // 2
    return [
        *_make(connection, device_id, kind, run[:half], touched, counts=counts),
        *_make(connection, device_id, kind, run[half:], touched, counts=counts),
    ]


def _keep_number(connection: Connection, known: Known) -> None:
    """A number that this device gave is given, also while its order cannot be shown."""
    if known.own and known.kind == "order.confirmed":
        raise_series(connection, [msgspec.json.decode(known.body)["series"]])


def _recorded(known: Known) -> Recorded:
    return Recorded(
        UUID(bytes=known.op_id),
        known.kind,
        known.agg_id,
        _body(known),
        None if known.personal is None else msgspec.json.decode(known.personal),
        known.at_ms,
    )


def _body(known: Known) -> Any:
    if known.v == kinds.KINDS[known.kind].newest:
        return msgspec.json.decode(known.body)
    return msgspec.to_builtins(kinds.read_body(known.kind, known.v, known.body.encode()))


def _note(touched: Touched, kind: str, r: Recorded) -> None:
    """What else may be known of what was made."""
    body = r.body
    match kind:
        case "order.confirmed":
            touched.wallet_ids.update((p["method"], p["trxid"]) for p in body["payments"] if p["trxid"])
        case "payment.received":
            touched.orders.add(bytes.fromhex(body["order"]))
            if body["payment"]["trxid"]:
                touched.wallet_ids.add((body["payment"]["method"], body["payment"]["trxid"]))
        case "variant.added":
            touched.products.add(bytes.fromhex(body["product"]))
            touched.record("variant", r.agg_id)
        case "product.added":
            touched.products.add(r.agg_id)
            touched.record("product", r.agg_id)
            for variant in body["variants"]:
                touched.record("variant", bytes.fromhex(variant["id"]))
        case _ if kind in _RECORD_OF:
            touched.record(_RECORD_OF[kind], r.agg_id)
        case _ if kind.startswith("order."):
            touched.orders.add(r.agg_id)


def _edit(connection: Connection, known: Known, touched: Touched) -> list[bytes]:
    if known.kind in _DEVICE_KINDS:
        touched.devices = True
        return []
    try:
        kinds.read_body(known.kind, known.v, known.body.encode())
    except ValueError:
        return [known.op_id]
    if known.kind == "customer.erased":
        erasing.scrub(connection, known.agg_id, erasing.orders_named(known.body.encode()))
    touched.record(known.kind.partition(".")[0], known.agg_id)
    return []


def apply_again(connection: Connection, device_id: UUID, recorded: Sequence[Recorded]) -> None:
    """Carry out own operations that came back; what stands on what is not here is put off."""
    if _applied(connection, device_id, recorded):
        return
    for one in recorded:
        if not _applied(connection, device_id, [one]):
            postpone(connection, [one.op_id])
            if one.kind == "order.confirmed":
                raise_series(connection, [one.body["series"]])


def postpone(connection: Connection, ids: Iterable[UUID]) -> None:
    """Own operations that came back wait with those that wait already."""
    many(connection, "INSERT INTO deferred (op_id) VALUES (?)", [(one.bytes,) for one in ids])


def _applied(connection: Connection, device_id: UUID, recorded: Sequence[Recorded]) -> bool:
    try:
        with savepoint(connection):
            apply.apply(connection, device_id, recorded)
    except _CANNOT_STAND:
        return False
    except DBAPIError as error:
        if not isinstance(error.orig, _CANNOT_STAND):
            raise
        return False
    return True


def deferred(connection: Connection) -> list[Known]:
    """Operations that could not stand so far."""
    ids = connection.exec_driver_sql("SELECT op_id FROM deferred").scalars().all()
    return oplog.known(connection, list(ids)) if ids else []


def defer(connection: Connection, ids: Sequence[bytes]) -> None:
    """From now on these wait, and no others."""
    connection.exec_driver_sql("DELETE FROM deferred")
    if ids:
        connection.exec_driver_sql("INSERT INTO deferred (op_id) VALUES (?)", [(one,) for one in ids])
