"""Reading products, variants and their stock."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, func, select

from pos.store import tables as t
from pos.store.prepared import Prepared

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Iterator, Sequence

    from pos.store.types import AnyRow

_CHUNK = 500

# What held carts and pre-orders still hold of one variant at the instant `now`.
RESERVED = (
    select(func.coalesce(func.sum(t.reservation.c.qty_milli), 0))
    .where(
        t.reservation.c.variant_id == t.variant.c.id,
        t.reservation.c.released_at_ms.is_(None),
        t.reservation.c.expires_at_ms > bindparam("now"),
    )
    .correlate(t.variant)
    .scalar_subquery()
    .label("reserved_milli")
)

_SELLABLE = select(
    t.variant.c.id,
    t.variant.c.sku,
    t.variant.c.barcode,
    t.variant.c.size,
    t.variant.c.colour,
    t.variant.c.on_hand_milli,
    func.coalesce(t.variant.c.price_paisa, t.product.c.price_paisa).label("price_paisa"),
    t.product.c.sku.label("product_sku"),
    t.product.c.name_bn,
    t.product.c.name_en,
    t.product.c.unit,
    t.product.c.fractions,
    t.product.c.minimum_milli,
    RESERVED,
).join(t.product, t.product.c.id == t.variant.c.product_id)

_LIVE = (t.variant.c.archived.is_(False)) & (t.product.c.archived.is_(False))

# So many codes are asked for at once; an order seldom has more lines.
_AT_ONCE = [f"code{n}" for n in range(8)]
_ANY_OF_THEM: list[Any] = [bindparam(name) for name in _AT_ONCE]
_BY_SKU = Prepared(_SELLABLE.where(t.variant.c.sku.in_(_ANY_OF_THEM), _LIVE))
_BY_BARCODE = Prepared(_SELLABLE.where(t.variant.c.barcode.in_(_ANY_OF_THEM), _LIVE))
_STOCK = _SELLABLE.where(_LIVE).order_by(t.product.c.sku, t.variant.c.position, t.variant.c.sku)


def sellable_by_sku(connection: Connection, skus: Sequence[str], now_ms: int) -> dict[str, AnyRow]:
    """Sold SKUs with price and stock, by their code."""
    return {row.sku: row for row in _by_codes(_BY_SKU, connection, skus, now_ms)}


def sellable_by_barcode(connection: Connection, codes: Sequence[str], now_ms: int) -> dict[str, AnyRow]:
    """The same by barcode."""
    return {row.barcode: row for row in _by_codes(_BY_BARCODE, connection, codes, now_ms)}


def _by_codes(query: Prepared, connection: Connection, codes: Sequence[str], now_ms: int) -> Iterator[AnyRow]:
    for start in range(0, len(codes), len(_AT_ONCE)):
        some = codes[start : start + len(_AT_ONCE)]
        yield from query.rows(connection, now=now_ms, **dict(zip_longest(_AT_ONCE, some)))


def stock_rows(
    connection: Connection, now_ms: int, *, product_id: uuid.UUID | None = None
) -> Sequence[AnyRow]:
    """Stock of all sold SKUs, or of one product's."""
    statement = _STOCK if product_id is None else _STOCK.where(t.variant.c.product_id == product_id)
    return connection.execute(statement, {"now": now_ms}).all()


def product_by_code(connection: Connection, code: str) -> AnyRow | None:
    """A product by its own SKU, or by the SKU or barcode of one of its variants; archived ones too."""
    by_own = connection.execute(
        select(t.product).where(t.product.c.sku == code).order_by(t.product.c.archived).limit(1)
    ).first()
    if by_own is not None:
        return by_own
    return connection.execute(
        select(t.product)
        .join(t.variant, t.variant.c.product_id == t.product.c.id)
        .where((t.variant.c.sku == code) | (t.variant.c.barcode == code) | (t.product.c.barcode == code))
        .order_by(t.product.c.archived)
        .limit(1)
    ).first()


def taken_codes(connection: Connection, codes: Iterable[str]) -> dict[str, uuid.UUID]:
    """Which of these SKUs are taken, and by which product; products' and variants' codes share one space."""
    v, p = t.variant.c, t.product.c
    return _taken(connection, codes, (v.sku, v.product_id, v.archived), (p.sku, p.id, p.archived))


def taken_barcodes(connection: Connection, barcodes: Iterable[str]) -> dict[str, uuid.UUID]:
    """Which of these barcodes are taken, and by which product, its variants' included."""
    v, p = t.variant.c, t.product.c
    return _taken(connection, barcodes, (p.barcode, p.id, p.archived), (v.barcode, v.product_id, v.archived))


def _taken(
    connection: Connection, codes: Iterable[str], *places: tuple[Any, Any, Any]
) -> dict[str, uuid.UUID]:
    """Owner by code, of what is not archived; a place is its column of codes, of owners and of archiving."""
    taken: dict[str, uuid.UUID] = {}
    for chunk in _chunks(list(codes)):
        for code, owner, archived in places:
            statement = select(code, owner).where(code.in_(chunk), archived.is_(False))
            taken.update((row[0], row[1]) for row in connection.execute(statement))
    return taken


def is_archived(connection: Connection, product_id: uuid.UUID) -> bool:
    """Whether a product was put away; the codes of what is sold of it stay its own."""
    statement = select(t.product.c.archived).where(t.product.c.id == product_id)
    return bool(connection.execute(statement).scalar())


def is_held(connection: Connection, reservation: uuid.UUID) -> bool:
    """Whether a reservation is there and has not been released."""
    statement = select(t.reservation.c.id).where(
        t.reservation.c.id == reservation, t.reservation.c.released_at_ms.is_(None)
    )
    return connection.execute(statement).first() is not None


def last_given_sku(connection: Connection) -> int:
    """The highest number among codes of the form ``P017``, from which a missing code is counted on."""
    statement = """SELECT coalesce(max(CAST(substr(sku, 2) AS INTEGER)), 0) FROM product
                   WHERE sku GLOB 'P[0-9]*' AND substr(sku, 2) NOT GLOB '*[^0-9]*' AND length(sku) < 10"""
    return int(connection.exec_driver_sql(statement).scalar_one())


def _chunks(items: list[Any], size: int = _CHUNK) -> Iterable[list[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))
