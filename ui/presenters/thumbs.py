"""What the little picture before a sold line needs and its row does not hold: the product's category and photo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from pos.services.views import ProductView
    from pos.shop import Shop


class Thumbs:
    """Looks products up by the code on a line, each once."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._found: dict[str, ProductView | None] = {}

    def of(self, product_sku: str) -> tuple[str, Path | None]:
        """Category and photo; an empty text and None for a product that is gone."""
        if product_sku not in self._found:
            try:
                self._found[product_sku] = self._shop.catalogue.show(product_sku)
            except UserError:
                self._found[product_sku] = None
        product = self._found[product_sku]
        return ("", None) if product is None else (product.category, self._shop.pictures.of(product.id))
