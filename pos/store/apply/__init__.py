"""From an operation to its rows: the one place that writes documents, stock, people, hats and settings.

Services decide and record; this module only carries out, so that the rows can be made again from the log:
after a restore the second journal is replayed through it, and a test rebuilds whole shops and compares.
Appliers take runs of one kind, so that a catalogue of thousands goes in by bulk statements.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from pos.errors import BugError
from pos.store.apply import customers, goods, orders, shop
from pos.store.oplog import Recorded

if TYPE_CHECKING:
    import uuid


def apply(connection: Connection, device_id: uuid.UUID, recorded: Sequence[Recorded]) -> None:
    """Carry out operations in their order, inside the caller's transaction."""
    for kind, run in groupby(recorded, key=lambda r: r.kind):
        applier = _APPLIERS.get(kind)
        if applier is None:
            raise BugError("operation_unknown", kind=kind)
        applier(connection, device_id.bytes, list(run))


_Applier = Callable[[Connection, bytes, Sequence[Recorded]], None]
_APPLIERS: Mapping[str, _Applier] = {
    "shop.founded": shop.shop_founded,
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
