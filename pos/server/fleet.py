"""A vendor's own look at its devices: which there are, a code for one more, and shutting one out.

Any device that is not shut out may ask; who of the people at it may, is for the shop to say.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import update

from pos.protocol.messages import CodeReply, DeviceEntry, DevicesReply, DevicesRequest
from pos.server import devices
from pos.server.tables import device

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection


def asks_to_revoke(request: DevicesRequest, own: uuid.UUID) -> uuid.UUID | None:
    """The device that is to be shut out; None where none is named, or none that can be.

    Args:
        request: what was asked.
        own: whose device asks; it cannot shut itself out.
    """
    try:
        named = uuid.UUID(hex=request.revoke) if request.revoke else None
    except ValueError:
        return None
    return named if named != own else None


def revoke(connection: Connection, vendor_id: uuid.UUID, device_id: uuid.UUID, now_ms: int) -> None:
    """Shut a device out. What it sends from now on is held, and nothing comes back; once is enough."""
    connection.execute(
        update(device)
        .where(
            device.c.vendor_id == vendor_id,
            device.c.device_id == device_id,
            device.c.revoked_at_ms.is_(None),
        )
        .values(revoked_at_ms=now_ms)
    )


def listed(connection: Connection, vendor_id: uuid.UUID, now_ms: int) -> DevicesReply:
    """All devices of a vendor, oldest first."""
    rows = sorted(devices.every(connection, vendor_id), key=lambda row: (row.paired_at_ms, row.code))
    return DevicesReply(
        [
            DeviceEntry(
                row.device_id.hex,
                row.code,
                row.name,
                row.app,
                row.paired_at_ms,
                row.last_seen_ms,
                row.waiting,
                row.revoked_at_ms,
            )
            for row in rows
        ],
        now_ms,
    )


def new_code(
    connection: Connection, vendor_id: uuid.UUID, now_ms: int, random: Callable[[int], bytes]
) -> CodeReply:
    """A code for one more laptop."""
    code, expires = devices.new_code(connection, vendor_id, now_ms, random)
    return CodeReply(code, expires, now_ms)
