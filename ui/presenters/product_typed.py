"""What is typed of a product, as text, and what the catalogue takes for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pos.domain.money import parse_money, plain_money
from pos.domain.quantity import parse_counted, plain_quantity
from pos.domain.text import fold_digits
from pos.services.catalogue import NewProduct, NewVariant
from pos.services.product_change import ProductChange, VariantChange

if TYPE_CHECKING:
    from pos.services.views import ProductView, VariantView

# In the order in which they stand on the form.
FIELDS = ("name_bn", "name_en", "sku", "category", "price", "cost", "barcode", "minimum", "stock")
VARIANT_FIELDS = ("colour", "size", "price", "barcode", "stock")


@dataclass(slots=True)
class VariantEntry:
    """One size or colour as it is typed; `sku` is empty for one that is new."""

    sku: str = ""
    colour: str = ""
    size: str = ""
    price: str = ""
    barcode: str = ""
    stock: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from the others, however it is written."""
        return (fold_digits(self.colour).strip().casefold(), fold_digits(self.size).strip().casefold())


class Typed:
    """The fields of a product as they are typed.

    Attributes:
        values: the text of each of `FIELDS`.
        unit: what it is sold in.
        fractions: whether it is sold in parts of its unit.
        variants: its sizes and colours.
    """

    def fill(self, product: ProductView | None) -> None:
        """As a product stands in the catalogue; all empty for None."""
        self.values = dict.fromkeys(FIELDS, "") | (_texts(product) if product is not None else {})
        self.unit = product.unit if product is not None else "pcs"
        self.fractions = product.fractions if product is not None else False
        self.variants = [_entry(product, v) for v in product.variants] if product is not None else []

    def quantity(self, text: str, field: str) -> int | None:
        """A quantity in thousandths, None where nothing is typed.

        Raises:
            UserError: ``quantity_…``.
        """
        return parse_counted(text, fractions=self.fractions, field=field) if text.strip() else None

    def new_product(self) -> NewProduct:
        """All of it, for a product that is new.

        Raises:
            UserError: a field does not read.
        """
        values = self.values
        return NewProduct(
            name_bn=values["name_bn"],
            name_en=values["name_en"],
            sku=values["sku"].strip() or None,
            category=values["category"],
            unit=self.unit,
            price_paisa=parse_money(values["price"], field="price"),
            cost_paisa=money(values["cost"], "cost"),
            barcode=values["barcode"],
            stock_milli=0 if self.variants else self.quantity(values["stock"], "stock") or 0,
            minimum_milli=self.quantity(values["minimum"], "minimum"),
            fractions=self.fractions,
            variants=tuple(self.new_variants()),
        )

    def new_variants(self) -> list[NewVariant]:
        """The variants that are not saved yet; their codes are given with the product's."""
        return [
            NewVariant(
                sku="",
                size=one.size,
                colour=one.colour,
                barcode=one.barcode or None,
                price_paisa=money(one.price, "price"),
                stock_milli=self.quantity(one.stock, "stock") or 0,
            )
            for one in self.variants
            if not one.sku
        ]

    def change(self) -> ProductChange:
        """All fields of a known product, its variants apart.

        Raises:
            UserError: a field does not read.
        """
        values = self.values
        cost, minimum = money(values["cost"], "cost"), self.quantity(values["minimum"], "minimum")
        return ProductChange(
            name_bn=values["name_bn"],
            name_en=values["name_en"],
            category=values["category"],
            unit=self.unit,
            price_paisa=parse_money(values["price"], field="price"),
            cost_paisa=cost,
            barcode=values["barcode"],
            minimum_milli=minimum,
            fractions=self.fractions,
            no_cost=cost is None,
            no_minimum=minimum is None,
        )

    def variant_changes(self) -> dict[str, VariantChange]:
        """Its known variants, by their codes."""
        changes = {}
        for one in self.variants:
            if one.sku:
                price = money(one.price, "price")
                changes[one.sku] = VariantChange(
                    size=one.size,
                    colour=one.colour,
                    price_paisa=price,
                    barcode=one.barcode,
                    no_price=price is None,
                )
        return changes


def as_it_was(product: ProductView) -> tuple[ProductChange, dict[str, VariantChange]]:
    """The change that brings a product back to what it was."""
    change = ProductChange(
        name_bn=product.name_bn,
        name_en=product.name_en,
        category=product.category,
        unit=product.unit,
        price_paisa=product.price_paisa,
        cost_paisa=product.cost_paisa,
        barcode=product.barcode or "",
        minimum_milli=product.minimum_milli,
        fractions=product.fractions,
        no_cost=product.cost_paisa is None,
        no_minimum=product.minimum_milli is None,
    )
    kinds = {
        v.sku: VariantChange(
            size=v.size,
            colour=v.colour,
            price_paisa=None if v.price_paisa == product.price_paisa else v.price_paisa,
            barcode=v.barcode or "",
            no_price=v.price_paisa == product.price_paisa,
        )
        for v in product.variants
    }
    return change, kinds


def money(text: str, field: str) -> int | None:
    """An amount in paisa, None where nothing is typed.

    Raises:
        UserError: ``money_…``.
    """
    return parse_money(text, field=field) if text.strip() else None


def listed(text: str) -> list[str]:
    """Words between commas; one empty word where there are none, so that a list of one kind alone is enough."""
    parts = [part.strip() for part in text.replace("،", ",").replace("、", ",").split(",")]
    return list(dict.fromkeys(part for part in parts if part)) or [""]


def _amount(paisa: int | None) -> str:
    return "" if paisa is None else plain_money(paisa).removesuffix(".00")


def _texts(product: ProductView) -> dict[str, str]:
    return {
        "name_bn": product.name_bn,
        "name_en": product.name_en,
        "sku": product.sku,
        "category": product.category,
        "price": _amount(product.price_paisa),
        "cost": _amount(product.cost_paisa),
        "barcode": product.barcode or "",
        "minimum": "" if product.minimum_milli is None else plain_quantity(product.minimum_milli),
    }


def _entry(product: ProductView, variant: VariantView) -> VariantEntry:
    return VariantEntry(
        sku=variant.sku,
        colour=variant.colour,
        size=variant.size,
        price="" if variant.price_paisa == product.price_paisa else _amount(variant.price_paisa),
        barcode=variant.barcode or "",
    )
