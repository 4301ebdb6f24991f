"""Reading products and what is sold of them, in plain SQL: the first page reads this before SQLAlchemy is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pos.store.plain import ANY_ID, Query, by_ids, to_uuid

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from pos.store.plain import Reading

_PRODUCTS = Query(f"SELECT * FROM product WHERE id IN ({ANY_ID})", id=to_uuid, fractions=bool, archived=bool)
# What held carts and pre-orders still hold of one variant at the instant `now` is not free.
_VARIANTS = Query(
    f"""SELECT variant.*, (SELECT coalesce(sum(reservation.qty_milli), 0) FROM reservation
                           WHERE reservation.variant_id = variant.id AND reservation.released_at_ms IS NULL
                           AND reservation.expires_at_ms > :now) AS reserved_milli
        FROM variant WHERE variant.product_id IN ({ANY_ID}) AND variant.archived IS 0
        ORDER BY variant.position, variant.sku""",
    id=to_uuid, product_id=to_uuid, plain=bool, archived=bool,
)  # fmt: skip


def products_by_id(connection: Reading, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Any]:
    """Products by id."""
    return {row.id: row for row in by_ids(_PRODUCTS, connection, ids)}


def variants_of(
    connection: Reading, products: Iterable[uuid.UUID], now_ms: int
) -> dict[uuid.UUID, list[Any]]:
    """The live variants of each product, plain ones included, in their order."""
    found: dict[uuid.UUID, list[Any]] = {}
    for row in by_ids(_VARIANTS, connection, products, now=now_ms):
        found.setdefault(row.product_id, []).append(row)
    return found
