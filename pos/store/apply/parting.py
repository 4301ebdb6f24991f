"""A log that parted goes on under another identity: whose rows are whose is seen anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from pos.store import oplog
from pos.store.refold import Touched, refold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

    from pos.store.oplog import Known

_ROWS = {
    "order": "UPDATE orders SET device_id = ? WHERE id = ?",
    "sold": "UPDATE stock_move SET device_id = ? WHERE order_id = ? AND reversal = 0",
    "move": "UPDATE stock_move SET device_id = ? WHERE id = ?",
    "payment": "UPDATE payment SET device_id = ? WHERE id = ?",
    "event": "UPDATE order_event SET device_id = ? WHERE id = ?",
    "reservation": "UPDATE reservation SET device_id = ? WHERE id = ?",
}


def give_rows_since(connection: Connection) -> None:
    """Rows that this device's log has made since it parted belong to the identity it goes on under."""
    give_rows(connection, oplog.parted(connection))


def give_rows(connection: Connection, operations: Iterable[Known]) -> None:
    """The rows of these operations belong to their authors."""
    touched = Touched(devices=True)
    for known in operations:
        for row, key in _made_by(known):
            connection.exec_driver_sql(_ROWS[row], (known.device_id, key))
        if known.kind == "order.cancelled":
            touched.orders.add(known.agg_id)
    refold(connection, touched)


def _made_by(known: Known) -> Iterator[tuple[str, bytes]]:
    match known.kind:
        case "order.confirmed":
            yield from (("order", known.agg_id), ("sold", known.agg_id), ("event", known.op_id))
            yield from (("payment", one) for one in _ids(known, "payments"))
        case "payment.received":
            yield from (("payment", known.agg_id), ("event", known.op_id))
        case "stock.moved":
            yield from (("move", one) for one in _ids(known, "moves"))
        case "reservation.made":
            yield "reservation", known.agg_id
        case kind if kind.startswith("order."):
            yield "event", known.op_id


def _ids(known: Known, what: str) -> list[bytes]:
    entries: list[dict[str, Any]] = msgspec.json.decode(known.body)[what]
    return [bytes.fromhex(entry["id"]) for entry in entries]
