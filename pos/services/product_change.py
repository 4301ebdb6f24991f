"""What may be changed of a product or a variant, and what a change comes to against what is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pos.domain.money import checked
from pos.domain.quantity import QTY_LIMIT_MILLI
from pos.domain.text import clean, clean_name
from pos.domain.units import canonical_unit, fractions_by_default
from pos.errors import UserError
from pos.services.codes import clean_barcode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pos.store.types import AnyRow


@dataclass(frozen=True, slots=True)
class ProductChange:
    """What to change of a product; None leaves a field as it is, an empty barcode takes it away.

    `no_cost` and `no_minimum` take those away. A new unit brings its own rule of fractions unless `fractions`
    says otherwise.
    """

    name_bn: str | None = None
    name_en: str | None = None
    category: str | None = None
    unit: str | None = None
    price_paisa: int | None = None
    cost_paisa: int | None = None
    barcode: str | None = None
    minimum_milli: int | None = None
    fractions: bool | None = None
    no_cost: bool = False
    no_minimum: bool = False

    def against(self, row: AnyRow) -> dict[str, Any]:
        """The fields that become another value, as operations name them."""
        values: dict[str, Any] = {}
        if self.no_cost:
            values["cost"] = None
        if self.no_minimum:
            values["minimum"] = None
        if self.name_bn is not None:
            values["name_bn"] = clean_name(self.name_bn, field="name_bn")
        if self.name_en is not None:
            values["name_en"] = clean(self.name_en, field="name_en")
        if self.category is not None:
            values["category"] = clean(self.category, field="category")
        if self.unit is not None:
            values["unit"] = canonical_unit(self.unit)
            if values["unit"] != row.unit:
                values["fractions"] = fractions_by_default(values["unit"])
        if self.fractions is not None:
            values["fractions"] = self.fractions
        if self.price_paisa is not None:
            values["price"] = _price(self.price_paisa)
        if self.cost_paisa is not None:
            values["cost"] = checked(self.cost_paisa, field="cost")
        if self.barcode is not None:
            values["barcode"] = clean_barcode(self.barcode)
        if self.minimum_milli is not None:
            if not 0 <= self.minimum_milli <= QTY_LIMIT_MILLI:
                raise UserError("quantity_too_big", field="minimum")
            values["minimum"] = self.minimum_milli
        return _differing(values, row)


@dataclass(frozen=True, slots=True)
class VariantChange:
    """What to change of one variant; None leaves a field as it is, an empty barcode takes it away.

    With `no_price` the variant costs what its product costs.
    """

    size: str | None = None
    colour: str | None = None
    price_paisa: int | None = None
    barcode: str | None = None
    no_price: bool = False

    def against(self, row: AnyRow) -> dict[str, Any]:
        """The fields that become another value, as operations name them."""
        values: dict[str, Any] = {"price": None} if self.no_price else {}
        if self.size is not None:
            values["size"] = clean(self.size, field="size")
        if self.colour is not None:
            values["colour"] = clean(self.colour, field="colour")
        if self.price_paisa is not None:
            values["price"] = _price(self.price_paisa)
        if self.barcode is not None:
            values["barcode"] = clean_barcode(self.barcode)
        return _differing(values, row)


def _price(paisa: int) -> int:
    if paisa <= 0:
        raise UserError("product_price_missing")
    return checked(paisa, field="price")


_COLUMNS = {"price": "price_paisa", "cost": "cost_paisa", "minimum": "minimum_milli"}


def _differing(values: Mapping[str, Any], row: AnyRow) -> dict[str, Any]:
    return {name: v for name, v in values.items() if v != getattr(row, _COLUMNS.get(name, name))}
