"""Laptops that this server knows from their logs only: it was set back, and others relay what they wrote.

Such a laptop has a row and no token: it comes in again by a pairing code, under its own identity and code. Its log
begins either at the beginning, or where it parted from a log that is known (docs/decisions/0050).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from pos.protocol import bodies
from pos.protocol.operations import GENESIS
from pos.server import devices
from pos.server.tables import device

if TYPE_CHECKING:
    import uuid
    from collections.abc import Container, Sequence

    from sqlalchemy import Connection

    from pos.server.judging import Candidate


def row_of(
    connection: Connection,
    vendor_id: uuid.UUID,
    device_id: uuid.UUID,
    ops: Sequence[Candidate],
    brought: Container[tuple[int, bytes]],
    now_ms: int,
) -> Any | None:
    """The row of the device whose log is relayed, made if need be; None where these do not begin a log.

    Args:
        connection: inside the writing transaction that takes them in.
        vendor_id: whose device it is.
        device_id: which.
        ops: what is relayed of it, in order.
        brought: positions and hashes of other logs that the same request brings.
        now_ms: the server's time.
    """
    row = devices.one(connection, vendor_id, device_id)
    if row is not None and devices.is_code(row.code):
        return row
    said = next((code for one in ops if (code := _code_in(one, device_id)) is not None), None)
    if row is not None:
        if said is not None and not _has(connection, vendor_id, said):
            here = (device.c.vendor_id == vendor_id) & (device.c.device_id == device_id)
            connection.execute(update(device).where(here).values(code=said))
        return row
    first = ops[0].operation
    if first.n == 1:
        begins = first.prev_hash == GENESIS and said is not None
    else:
        before = (first.n - 1, first.prev_hash)
        begins = before in brought or devices.has_position(connection, vendor_id, *before)
    if not begins:
        return None
    devices.add_unseen(
        connection,
        vendor_id,
        device_id,
        said if said is not None and not _has(connection, vendor_id, said) else None,
        now_ms,
        last_n=first.n - 1,
        last_hash=first.prev_hash,
        sold=int(any(one.operation.kind == "order.confirmed" for one in ops)),
    )
    return devices.one(connection, vendor_id, device_id)


def _code_in(candidate: Candidate, device_id: uuid.UUID) -> str | None:
    """The code under which this device began, if this is the operation that says so."""
    match candidate.body:
        case bodies.ShopFounded() | bodies.DeviceJoined():
            own = candidate.operation.agg_id == device_id.bytes
        case bodies.DeviceRekeyed():
            own = candidate.body.device == device_id.hex
        case _:
            return None
    return candidate.body.code if own and devices.is_code(candidate.body.code) else None


def _has(connection: Connection, vendor_id: uuid.UUID, code: str) -> bool:
    asked = select(device.c.device_id).where(device.c.vendor_id == vendor_id, device.c.code == code)
    return connection.execute(asked).first() is not None
