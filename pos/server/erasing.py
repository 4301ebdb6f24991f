"""A buyer who asked to be forgotten: the personal parts go, and those that come later are not kept either.

Hashes cover only a commitment to a personal part, so that every chain verifies as before (contracts.md §2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, insert, select, update

from pos.server.prepared import Prepared
from pos.server.tables import erased, operation, sale

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection

_KNOWN: Final = Prepared(
    select(erased.c.agg_id).where(
        erased.c.vendor_id == bindparam("vid"), erased.c.agg_id.in_(bindparam("ids", expanding=True))
    )
)
_BLANK: Final = Prepared(
    update(operation)
    .where(
        operation.c.vendor_id == bindparam("vid"),
        operation.c.agg_id.in_(bindparam("ids", expanding=True)),
        operation.c.personal.is_not(None),
    )
    .values(personal=None)
)
_ORDERS: Final = Prepared(
    select(sale.c.order_id).where(
        sale.c.vendor_id == bindparam("vid"), sale.c.customer_id.in_(bindparam("ids", expanding=True))
    )
)


def forget(connection: Connection, vendor_id: uuid.UUID, aggregates: Collection[bytes]) -> int:
    """Blank the personal parts of these aggregates' operations; how many aggregates are new to it.

    Of a buyer all orders are meant, also those that another laptop took without knowing of the erasure.
    """
    orders = _ORDERS.rows(connection, vid=vendor_id, ids=list(aggregates))
    everything = list(dict.fromkeys((*aggregates, *(row.order_id for row in orders))))
    known = _known(connection, vendor_id, everything)
    fresh = [one for one in everything if one not in known]
    if fresh:
        connection.execute(insert(erased), [{"vendor_id": vendor_id, "agg_id": one} for one in fresh])
    _BLANK.run(connection, vid=vendor_id, ids=everything)
    return len(fresh)


def _known(connection: Connection, vendor_id: uuid.UUID, aggregates: Collection[bytes]) -> set[bytes]:
    """Which of these are erased already."""
    return {row.agg_id for row in _KNOWN.rows(connection, vid=vendor_id, ids=list(aggregates))}


def forget_late(
    connection: Connection, vendor_id: uuid.UUID, aggregates: Collection[bytes], buyers: Mapping[bytes, str]
) -> int:
    """Blank what has just come in of aggregates that were erased before: a laptop was away meanwhile.

    Args:
        connection: inside the transaction that took it in.
        vendor_id: whose.
        aggregates: what came with a personal part.
        buyers: of each order that came, who bought it, in hex.

    Returns:
        How many aggregates are erased besides: the orders of erased buyers.
    """
    wanted = {*aggregates, *(bytes.fromhex(buyer) for buyer in buyers.values())}
    late = _known(connection, vendor_id, wanted)
    if not late:
        return 0
    orders = [order for order, buyer in buyers.items() if bytes.fromhex(buyer) in late]
    return forget(connection, vendor_id, [*(one for one in aggregates if one in late), *orders])
