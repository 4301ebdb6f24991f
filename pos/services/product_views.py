"""From rows to the frozen products that screen, files and command line show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pos.services.views import ProductView, VariantView
from pos.store import wares

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from pos.store.plain import Reading


def one_view(connection: Reading, product_id: uuid.UUID, now_ms: int) -> ProductView:
    """One product, whole."""
    return product_views(connection, [product_id], now_ms)[product_id]


def product_views(connection: Reading, ids: Sequence[uuid.UUID], now_ms: int) -> dict[uuid.UUID, ProductView]:
    """Products by id, in the order asked for."""
    rows = wares.products_by_id(connection, ids)
    variants = wares.variants_of(connection, ids, now_ms)
    return {i: product_view(rows[i], variants.get(i, [])) for i in ids if i in rows}


def product_view(row: Any, variants: Sequence[Any]) -> ProductView:
    """One product from its row and those of what is sold of it."""
    return ProductView(
        id=row.id,
        sku=row.sku,
        name_bn=row.name_bn,
        name_en=row.name_en,
        category=row.category,
        unit=row.unit,
        fractions=row.fractions,
        price_paisa=row.price_paisa,
        cost_paisa=row.cost_paisa,
        barcode=row.barcode,
        minimum_milli=row.minimum_milli,
        on_hand_milli=sum(v.on_hand_milli for v in variants),
        reserved_milli=sum(v.reserved_milli for v in variants),
        variants=tuple(
            VariantView(
                sku=v.sku,
                size=v.size,
                colour=v.colour,
                barcode=v.barcode,
                price_paisa=v.price_paisa if v.price_paisa is not None else row.price_paisa,
                on_hand_milli=v.on_hand_milli,
                reserved_milli=v.reserved_milli,
            )
            for v in variants
            if not v.plain
        ),
    )
