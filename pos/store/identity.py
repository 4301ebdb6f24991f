"""Going on under another identity, where this log and the server's have parted (docs/decisions/0050)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.store.oplog import Act

if TYPE_CHECKING:
    import uuid

    from pos.store.store import WriteUnit


def take_identity(unit: WriteUnit, device_id: uuid.UUID, code: str, after_n: int, reason: str) -> None:
    """From here on this device is `device_id`, and so was whoever wrote what stands behind `after_n`.

    Args:
        unit: the transaction.
        device_id: the new identity, as the server gave it.
        code: what its numbers begin with.
        after_n: the last position that this log and the server's have in common.
        reason: why, a code.
    """
    unit.found(device_id, code)
    body = {"code": code, "reason": reason, "device": device_id.hex, "after": after_n}
    unit.record(Act("device.rekeyed", "device", device_id.bytes, body))
