"""Reading what was sold beyond what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from pos.store import tables as t

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from pos.store.types import AnyRow

_MOST = 100
_ORDERS = 50
_v, _p, _m, _o = t.variant.c, t.product.c, t.stock_move.c, t.orders.c


def below_zero(connection: Connection) -> Sequence[AnyRow]:
    """Variants with less than nothing on hand, the most missing first."""
    statement = (
        select(
            _v.id, _v.sku, _v.size, _v.colour, _v.on_hand_milli, _p.sku.label("product_sku"), _p.name_bn,
            _p.name_en, _p.unit,
        )
        .join(t.product, _p.id == _v.product_id)
        .where(_v.on_hand_milli < 0)
        .order_by(_v.on_hand_milli, _v.sku)
        .limit(_MOST)
    )  # fmt: skip
    return connection.execute(statement).all()


def latest_orders(connection: Connection, variant: uuid.UUID, milli: int) -> list[str]:
    """Numbers of the latest orders that took a variant and still stand, until they cover so many thousandths."""
    statement = (
        select(_o.number, _m.qty_milli)
        .join(t.orders, _o.id == _m.order_id)
        .where(_m.variant_id == variant, _m.kind == "sale", _m.reversal.is_(False), _o.status != "cancelled")
        .order_by(_m.at_ms.desc(), _o.number.desc())
        .limit(_ORDERS)
    )
    found: dict[str, None] = {}
    for row in connection.execute(statement):
        if milli <= 0:
            break
        found[row.number] = None
        milli += row.qty_milli
    return list(found)
