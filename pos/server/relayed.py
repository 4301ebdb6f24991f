"""Laptops that this server knows from their logs only: it was set back, and others relay what they wrote.

Such a laptop has a row and no token: it comes in again by a pairing code, under its own identity and code. Its log
begins either at the beginning, or where it parted from a log that is known (docs/decisions/0050).
"""

from __future__ import annotations

import uuid
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from pos.protocol import bodies
from pos.protocol.operations import GENESIS
from pos.server import devices
from pos.server.judging import examine
from pos.server.tables import device

if TYPE_CHECKING:
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
    *,
    parent: uuid.UUID | None = None,
) -> Any | None:
    """The row of the device whose log is relayed, made if need be; None where these do not begin a log.

    Args:
        connection: inside the writing transaction that takes them in.
        vendor_id: whose device it is.
        device_id: which.
        ops: what is relayed of it, in order.
        brought: positions and hashes of other logs that the same request brings.
        now_ms: the server's time.
        parent: whose log they part from, where they are no laptop's own.
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
        parent_id=parent,
        parent_n=None if parent is None else first.n - 1,
        sold=int(any(one.operation.kind == "order.confirmed" for one in ops)),
    )
    return devices.one(connection, vendor_id, device_id)


def parted(
    connection: Connection,
    vendor_id: uuid.UUID,
    author: uuid.UUID,
    lost: Sequence[Candidate],
    walked: Container[uuid.UUID],
) -> tuple[uuid.UUID, list[Candidate]]:
    """A log of its own for operations whose author has lost them and has written others at their positions.

    It is the author's parted log that they go on from, where there is one and the request has brought none of it.
    Else its identity follows from the first of them, so that it is one whoever relays them.
    """
    first = lost[0].operation
    ends_before = (device.c.last_n == first.n - 1) & (device.c.last_hash == first.prev_hash)
    asked = select(device.c.device_id).where(
        device.c.vendor_id == vendor_id, device.c.parent_id == author, device.c.token_hash == b"", ends_before
    )
    there = connection.execute(asked.order_by(device.c.device_id)).scalars()
    digest = blake2b(first.hash, digest_size=16, person=b"parted log").digest()
    apart = next((one for one in there if one not in walked), uuid.UUID(bytes=digest))
    return apart, [examine(one.operation, apart) for one in lost]


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
