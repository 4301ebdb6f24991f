"""Reading what the counter shows at a glance: what sells, and the hat so far.

All of it in plain SQL: the first page reads this before SQLAlchemy is imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pos.store.plain import ANY_ID, Query, any_of, by_chunks, by_ids, to_uuid

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Sequence

    from pos.store.plain import Reading

# So many of the latest orders tell well enough what sells, in a time that does not grow with the years.
_SAMPLE = 250
_FIRST = 40
_SHELF = 200  # looked at for what is in stock, in a time that does not grow with the catalogue
_AT_ONCE = 8

_IN_SOME = """JOIN order_line ON order_line.order_id = some.id JOIN variant ON variant.id = order_line.variant_id
              GROUP BY variant.product_id"""
_MOST_ORDERED = Query(
    f"""SELECT variant.product_id FROM
        (SELECT id, taken_at_ms FROM orders
         WHERE taken_at_ms >= :since AND taken_at_ms < :before AND status <> 'cancelled'
         ORDER BY taken_at_ms DESC LIMIT {_SAMPLE}) AS some {_IN_SOME}
        ORDER BY count(DISTINCT some.id) DESC, max(some.taken_at_ms) DESC, variant.product_id""",
    product_id=to_uuid,
)
_FIRST_ORDERED = Query(
    f"""SELECT variant.product_id FROM
        (SELECT id, taken_at_ms FROM orders WHERE taken_at_ms >= :since AND status <> 'cancelled'
         ORDER BY taken_at_ms LIMIT {_FIRST}) AS some {_IN_SOME}
        ORDER BY min(some.taken_at_ms), variant.product_id""",
    product_id=to_uuid,
)
# The plus keeps SQLite from the index of categories, which would have it sort the whole catalogue.
_SHELF_ROWS = Query(
    f"""SELECT some.id, EXISTS (SELECT 1 FROM variant WHERE variant.product_id = some.id
                                AND variant.archived IS 0 AND variant.on_hand_milli > 0) AS there
        FROM (SELECT id, sku FROM product WHERE +archived IS 0 ORDER BY sku, id LIMIT {_SHELF}) AS some
        ORDER BY some.sku, some.id""",
    id=to_uuid,
)
_CATEGORIES = Query(
    """SELECT category, count(*) AS products FROM product WHERE archived IS 0 GROUP BY category
       ORDER BY category = '', count(*) DESC, category"""
)
_OF_HAT = Query(
    """SELECT count(*) AS orders, coalesce(sum(total_paisa), 0) AS sales_paisa,
              coalesce(sum(paid_paisa), 0) AS received_paisa,
              count(*) FILTER (WHERE status = 'confirmed') AS to_pack
       FROM orders WHERE hat_on = :hat_on AND status <> 'cancelled'"""
)
_CODES = any_of("code", _AT_ONCE)
_OWNERS = [
    Query(
        f"SELECT sku, product_id AS owner FROM variant WHERE sku IN ({_CODES}) AND archived IS 0",
        owner=to_uuid,
    ),
    Query(f"SELECT sku, id AS owner FROM product WHERE sku IN ({_CODES}) AND archived IS 0", owner=to_uuid),
]
_ON_SALE = Query(f"SELECT id FROM product WHERE id IN ({ANY_ID}) AND archived IS 0", id=to_uuid)


def most_ordered(connection: Reading, since_ms: int, before_ms: int) -> list[uuid.UUID]:
    """Products in the latest orders of a time, the one in most orders first, then the one sold last."""
    return _MOST_ORDERED.column(connection, since=since_ms, before=before_ms)


def first_ordered(connection: Reading, since_ms: int) -> list[uuid.UUID]:
    """Products in the first orders since an instant, as they came."""
    return _FIRST_ORDERED.column(connection, since=since_ms)


def on_shelf(connection: Reading, sold: Sequence[uuid.UUID], limit: int) -> list[uuid.UUID]:
    """The first products of the catalogue that are in stock or among the `sold`; where none is, the first ones."""
    rows = _SHELF_ROWS.rows(connection)
    return ([row.id for row in rows if row.there or row.id in sold] or [row.id for row in rows])[:limit]


def products_of(connection: Reading, codes: Sequence[str]) -> list[uuid.UUID]:
    """The products of these SKUs, a variant's standing for its product; what is not sold any more is left out."""
    owners = {
        row.sku: row.owner
        for query in _OWNERS
        for some in by_chunks("code", _AT_ONCE, codes)
        for row in query.rows(connection, **some)
    }
    return list(dict.fromkeys(owners[code] for code in codes if code in owners))


def on_sale(connection: Reading, ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Those of the products that are not archived, in their order."""
    found = {row.id for row in by_ids(_ON_SALE, connection, ids)}
    return [one for one in ids if one in found]


def categories(connection: Reading) -> list[Any]:
    """Each category that has products on sale, with how many; an empty one last."""
    return _CATEGORIES.rows(connection)


def of_hat(connection: Reading, on: dt.date) -> Any:
    """Orders, their sum, what was received on them and how many are still to pack; cancelled ones left out."""
    return _OF_HAT.rows(connection, hat_on=on.isoformat())[0]
