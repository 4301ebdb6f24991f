"""From an operation to its rows: the one place that writes documents, stock, people, hats and settings.

Services decide and record; this module only carries out, so that the rows can be made again from the log:
after a restore the second journal is replayed through it, and a test rebuilds whole shops and compares.
Appliers take runs of one kind, so that a catalogue of thousands goes in by bulk statements.

`apply` carries out what this device records: it follows from what the device sees. `take` writes what other
devices did; what becomes of a record or an order by then, `pos.store.refold` says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from pos.errors import BugError
from pos.store.apply import customers, goods, orders, parting, shop
from pos.store.oplog import Recorded
from pos.store.refold import Touched, refold

if TYPE_CHECKING:
    import uuid


def apply(connection: Connection, device_id: uuid.UUID, recorded: Sequence[Recorded]) -> None:
    """Carry out this device's operations in their order, inside the caller's transaction."""
    for kind, run in groupby(recorded, key=lambda r: r.kind):
        applier = _APPLIERS.get(kind)
        if applier is None:
            raise BugError("operation_unknown", kind=kind)
        left = applier(connection, device_id.bytes, list(run))
        if left and kind == "device.rekeyed":
            parting.give_rows_since(connection)
        elif left:  # somebody decided, or wrote over, what two devices had written differently
            touched = Touched(records={kind.partition(".")[0]: set(left)})
            refold(connection, touched)


def take(
    connection: Connection, device_id: bytes, kind: str, run: Sequence[Recorded], *, counts: bool
) -> None:
    """Write the rows that operations of one kind and one author make, whatever else is done to them.

    Args:
        connection: inside the caller's transaction.
        device_id: the author.
        kind: their kind, one of `MAKING`.
        run: the operations.
        counts: their movements are to be counted in what is on hand.
    """
    if kind in _MOVING:
        _MOVING[kind](connection, device_id, run, counts=counts)
    else:
        MAKING[kind](connection, device_id, run)


_Applier = Callable[[Connection, bytes, Sequence[Recorded]], Any]
_APPLIERS: Mapping[str, _Applier] = {
    "shop.founded": shop.shop_founded,
    "device.joined": shop.device_joined,
    "device.rekeyed": shop.device_rekeyed,
    "operator.added": shop.operator_added,
    "operator.edited": shop.operator_edited,
    "product.added": goods.product_added,
    "product.edited": goods.product_edited,
    "variant.added": goods.variant_added,
    "variant.edited": goods.variant_edited,
    "stock.moved": goods.stock_moved,
    "reservation.made": goods.reservation_made,
    "reservation.released": goods.reservation_released,
    "customer.added": customers.customer_added,
    "customer.edited": customers.customer_edited,
    "customer.erased": customers.customer_erased,
    "order.confirmed": orders.order_confirmed,
    "order.cancelled": orders.order_cancelled,
    "order.noted": orders.order_noted,
    "order.checked": orders.order_checked,
    "order.unchecked": orders.order_unchecked,
    "order.packed": orders.order_packed,
    "order.unpacked": orders.order_unpacked,
    "payment.received": orders.payment_received,
    "hat.set": shop.hat_set,
    "hat.unset": shop.hat_unset,
    "setting.set": shop.setting_set,
}
# What makes rows whoever did it, each kind after those that its rows point at.
MAKING: Mapping[str, _Applier] = {
    "operator.added": shop.operator_added,
    "product.added": goods.product_made,
    "variant.added": goods.variant_made,
    "customer.added": customers.customer_added,
    "stock.moved": goods.stock_moved,
    "reservation.made": goods.reservation_made,
    "reservation.released": goods.reservation_released,
    "order.confirmed": orders.order_confirmed,
    "payment.received": orders.payment_taken,
    "order.checked": orders.order_checked,
    "order.unchecked": orders.order_unchecked,
    "order.packed": orders.happened("packed"),
    "order.unpacked": orders.happened("unpacked"),
    "order.noted": orders.happened("noted"),
    "order.cancelled": orders.happened("cancelled"),
}
_MOVING: Mapping[str, Callable[..., None]] = {
    "stock.moved": goods.stock_moved,
    "order.confirmed": orders.order_confirmed,
}
