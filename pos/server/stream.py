"""The vendor's counter row: the lock of every writing transaction, the places in the order, digest and counts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, select, update

from pos.server.prepared import Prepared
from pos.server.tables import operation, vendor_stream

if TYPE_CHECKING:
    from sqlalchemy import Connection

MASK: Final = (1 << 64) - 1
_HALF = 1 << 63

_RAISE: Final = Prepared(
    update(vendor_stream)
    .where(vendor_stream.c.vendor_id == bindparam("vid"))
    .values(head=vendor_stream.c.head + bindparam("n"))
    .returning(*vendor_stream.c)
)
_SETTLE: Final = Prepared(
    update(vendor_stream)
    .where(vendor_stream.c.vendor_id == bindparam("vid"))
    .values(
        {
            name: bindparam(name)
            for name in ("v_count", "v_sum", "h_count", "h_sum", "waiting", "erased", "stored_bytes")
        }
    )
)

_RESTORED: Final = "r"  # no hex digit: the first memory's name is 32 of them


@dataclass(slots=True)
class Order:
    """The vendor's counter row, as it stands in this transaction."""

    vendor_id: uuid.UUID
    next_seq: int
    head: int
    epoch: str
    counts: dict[str, int]
    sums: dict[str, int]
    waiting: int
    erased: int
    stored_bytes: int

    @property
    def restored(self) -> bool:
        """This memory is not the vendor's first: devices may be out there that it has never heard of."""
        return self.epoch.startswith(_RESTORED)

    @classmethod
    def of(cls, row: Any, next_seq: int) -> Order:
        """The row as it was read."""
        return cls(
            row.vendor_id,
            next_seq,
            row.head,
            row.epoch,
            {"v": row.v_count, "h": row.h_count},
            {"v": row.v_sum & MASK, "h": row.h_sum & MASK},
            row.waiting,
            row.erased,
            row.stored_bytes,
        )


def new_epoch() -> str:
    """A name for a memory that may lack what an earlier one had."""
    return _RESTORED + uuid.uuid4().hex


def raise_counter(connection: Connection, vendor_id: uuid.UUID, by: int) -> Order | None:
    """Lock the vendor's order for this transaction and allot `by` places in it; None: no such vendor."""
    row = _RAISE.first(connection, vid=vendor_id, n=by)
    return None if row is None else Order.of(row, row.head - by + 1)


def more_places(connection: Connection, order: Order, by: int) -> None:
    """Allot more places than were asked for at first."""
    order.head = _RAISE.first(connection, vid=order.vendor_id, n=by).head


def settle(connection: Connection, order: Order) -> None:
    """Write digest and counts back."""
    _SETTLE.run(
        connection,
        vid=order.vendor_id,
        v_count=order.counts["v"],
        v_sum=_signed(order.sums["v"]),
        h_count=order.counts["h"],
        h_sum=_signed(order.sums["h"]),
        waiting=order.waiting,
        erased=order.erased,
        stored_bytes=order.stored_bytes,
    )


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= _HALF else value


def received(connection: Connection, vendor_id: uuid.UUID) -> bool:
    """Whether any operation of this vendor ever came, held ones included."""
    asked = select(operation.c.op_id).where(operation.c.vendor_id == vendor_id).limit(1)
    return connection.execute(asked).first() is not None
