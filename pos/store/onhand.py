"""What is on hand: the sum of all movements, and while a new laptop's history is still to come, what that lacks.

A paired laptop is told what is on hand before it has the movements that made it, so that it can sell. The
difference stands in `stock_base`; a movement that the answer counted already moves only that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, update

from pos.protocol import kinds
from pos.store import oplog
from pos.store import tables as t
from pos.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

_count = Prepared(
    update(t.variant)
    .where(t.variant.c.id == bindparam("v"))
    .values(on_hand_milli=t.variant.c.on_hand_milli + bindparam("q"))
)
_uncount = Prepared(
    update(t.stock_base)
    .where(t.stock_base.c.variant_id == bindparam("v"))
    .values(on_hand_milli=t.stock_base.c.on_hand_milli - bindparam("q"))
)

# Of two cancellations of one order only one moved goods.
_CANCELLATIONS = "SELECT count(*) FROM order_event e WHERE e.order_id = ? AND e.kind = 'cancelled'"


def count(connection: Connection, moved: Iterable[tuple[bytes, int]], *, counts: bool = True) -> None:
    """Movements (variant, signed thousandths) were written; `counts` where no answer has counted them before."""
    sums: dict[bytes, int] = {}
    for variant, qty in moved:
        sums[variant] = sums.get(variant, 0) + qty
    statement = _count if counts else _uncount
    statement.run_all(connection, [{"v": variant, "q": qty} for variant, qty in sums.items()])


def told(connection: Connection, on_hand: Mapping[bytes, int], last_n: int) -> None:
    """What the server has on hand; to it comes what this device has moved and the server does not count.

    What others have moved came from the server. Only a server that was set back may have lost of it; until it has that
    again, whoever is told meanwhile lacks it too.

    Args:
        connection: a writing transaction.
        on_hand: thousandths by variant; one that is not in it has none.
        last_n: up to where the server has this device's log.
    """
    sums: dict[bytes, int] = {}
    for variant, qty in _pending(connection, last_n):
        sums[variant] = sums.get(variant, 0) + qty
    rows = connection.exec_driver_sql("SELECT id FROM variant").scalars().all()
    values = [(on_hand.get(one, 0) + sums.get(one, 0), one) for one in rows]
    if values:
        connection.exec_driver_sql("UPDATE variant SET on_hand_milli = ? WHERE id = ?", values)
    connection.exec_driver_sql("DELETE FROM stock_base")
    connection.exec_driver_sql(
        """INSERT INTO stock_base (variant_id, on_hand_milli)
           SELECT id, on_hand_milli - (SELECT coalesce(sum(qty_milli), 0) FROM stock_move m
                                       WHERE m.variant_id = v.id) FROM variant v"""
    )


def is_told(connection: Connection) -> bool:
    """Whether what is on hand counts an answer of the server's beside the movements that are here."""
    return connection.exec_driver_sql("SELECT 1 FROM stock_base LIMIT 1").first() is not None


def summed(connection: Connection) -> None:
    """The history is whole, or an answer holds no more: what is on hand is the sum of all movements."""
    connection.exec_driver_sql(
        """UPDATE variant SET on_hand_milli = variant.on_hand_milli - b.on_hand_milli
           FROM stock_base b WHERE b.variant_id = variant.id AND b.on_hand_milli <> 0"""
    )
    connection.exec_driver_sql("DELETE FROM stock_base")


def recount(connection: Connection) -> None:
    """Count all anew, from the movements and what the history lacks."""
    connection.exec_driver_sql(
        """UPDATE variant SET on_hand_milli =
           (SELECT coalesce(sum(qty_milli), 0) FROM stock_move m WHERE m.variant_id = variant.id)
           + coalesce((SELECT b.on_hand_milli FROM stock_base b WHERE b.variant_id = variant.id), 0)"""
    )


def _pending(connection: Connection, last_n: int) -> list[tuple[bytes, int]]:
    """What this device's operations have moved that the server does not count."""
    moved: list[tuple[bytes, int]] = []
    for one in oplog.uncounted_moves(connection, last_n):
        if one.kind == "order.cancelled":
            cancelled = connection.exec_driver_sql(_CANCELLATIONS, (one.agg_id,)).scalar_one()
            if cancelled != 1:
                continue
        moved += kinds.stock_moved_by(kinds.read_body(one.kind, one.v, one.body.encode()))
    return moved
