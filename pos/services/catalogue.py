"""Products: adding, changing, showing, finding."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from pos.domain.text import clean, clean_name, fold_digits
from pos.domain.units import canonical_unit, fractions_by_default
from pos.errors import ConflictError, UserError
from pos.services.views import FoundView, ProductView, VariantView
from pos.store import goods, search
from pos.store import tables as t
from pos.store.oplog import Act

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Mapping, Sequence

    from pos.services.desk import Desk
    from pos.store.types import AnyRow

_BARCODE = re.compile(r"[!-~]{1,48}")
DEFAULT_FOUND = 20


@dataclass(frozen=True, slots=True)
class NewVariant:
    """A sold SKU of a product that is being added."""

    sku: str
    size: str = ""
    colour: str = ""
    barcode: str | None = None
    price_paisa: int | None = None
    stock_milli: int = 0


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A product as the vendor enters it; without variants it is sold as it is. Texts are cleaned here."""

    name_bn: str
    price_paisa: int
    unit: str
    name_en: str = ""
    sku: str | None = None
    category: str = ""
    cost_paisa: int | None = None
    barcode: str | None = None
    stock_milli: int = 0
    minimum_milli: int | None = None
    fractions: bool | None = None
    variants: tuple[NewVariant, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductChange:
    """What to change of a product; None leaves a field as it is, an empty barcode takes it away."""

    name_bn: str | None = None
    name_en: str | None = None
    category: str | None = None
    unit: str | None = None
    price_paisa: int | None = None
    cost_paisa: int | None = None
    barcode: str | None = None
    minimum_milli: int | None = None


class Catalogue:
    """The vendor's products."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add(self, new: NewProduct) -> ProductView:
        """Add one product with its opening stock.

        Raises:
            UserError: ``name_empty``, ``sku_unclear``, ``unit_unknown``, ``product_price_missing``.
            ConflictError: ``sku_taken``, ``barcode_taken``.
        """
        new = tidy(new)
        with self._desk.store.write() as unit:
            sku = new.sku or next(free_skus(unit.connection))
            new = replace(new, sku=sku)
            refuse_taken(unit.connection, new)
            product_id, acts = product_acts(self._desk, new)
            unit.record_all(acts)
            return one_view(unit.connection, product_id, unit.at_ms)

    def edit(self, code: str, change: ProductChange) -> ProductView:
        """Change named fields of a product; what stays the same is not written.

        Raises:
            UserError: ``sku_unknown`` and what the rules of text raise.
            ConflictError: ``barcode_taken``.
        """
        with self._desk.store.write() as unit:
            row = self._row(unit.connection, code)
            wanted = _wanted(change, row.unit)
            values = {k: v for k, v in wanted.items() if v != _stored(row, k)}
            barcode = values.get("barcode")
            if barcode:
                owner = goods.taken_barcodes(unit.connection, [barcode]).get(barcode)
                if owner is not None and owner != row.id:
                    raise ConflictError("barcode_taken", barcode=barcode)
            if values:
                unit.record_all(edit_acts(self._desk, unit.connection, row, values))
            return one_view(unit.connection, row.id, unit.at_ms)

    def show(self, code: str) -> ProductView:
        """A product by its SKU, a variant's SKU or a barcode.

        Raises:
            UserError: ``sku_unknown``.
        """
        with self._desk.store.read() as connection:
            row = self._row(connection, code)
            return one_view(connection, row.id, self._desk.clock.now_ms())

    def find(self, query: str, *, limit: int = DEFAULT_FOUND) -> list[FoundView]:
        """Products that answer a query, best first."""
        with self._desk.store.read() as connection:
            hits = search.search(connection, query, limit=limit)
            views = product_views(connection, [h.product_id for h in hits], self._desk.clock.now_ms())
        return [FoundView(views[h.product_id], h.sku) for h in hits if h.product_id in views]

    def all(self) -> list[ProductView]:
        """Every product that is not archived, by SKU."""
        with self._desk.store.read() as connection:
            ids = connection.execute(
                select(t.product.c.id).where(t.product.c.archived.is_(False)).order_by(t.product.c.sku)
            ).scalars()
            return list(product_views(connection, list(ids), self._desk.clock.now_ms()).values())

    def _row(self, connection: Connection, code: str) -> AnyRow:
        row = find_row(connection, code)
        if row is None:
            raise UserError("sku_unknown", sku=code)
        return row


def find_row(connection: Connection, code: str) -> AnyRow | None:
    """A product's row by any of its codes, typed as people type: spaces, small letters, Bangla digits."""
    typed = clean(code, field="sku")
    for spelling in dict.fromkeys((typed, fold_digits(typed), fold_digits(typed).upper())):
        row = goods.product_by_code(connection, spelling)
        if row is not None:
            return row
    return None


def tidy(new: NewProduct) -> NewProduct:
    """Texts by the rule of the border, unit and codes in their one spelling."""
    if new.price_paisa <= 0:
        raise UserError("product_price_missing")
    unit = canonical_unit(new.unit)
    return replace(
        new,
        name_bn=clean_name(new.name_bn, field="name_bn"),
        name_en=clean(new.name_en, field="name_en"),
        category=clean(new.category, field="category"),
        unit=unit,
        sku=clean_sku(new.sku) if new.sku is not None else None,
        barcode=clean_barcode(new.barcode),
        fractions=fractions_by_default(unit) if new.fractions is None else new.fractions,
        variants=tuple(
            replace(
                v,
                sku=clean_sku(v.sku) if v.sku else "",
                size=clean(v.size, field="size"),
                colour=clean(v.colour, field="colour"),
                barcode=clean_barcode(v.barcode),
            )
            for v in new.variants
        ),
    )


def clean_sku(text: str) -> str:
    """A code in the vendor's own letters, in Latin digits, without spaces inside.

    Raises:
        UserError: ``sku_unclear`` and what `clean_name` raises.
    """
    sku = fold_digits(clean_name(text, field="sku", limit=64))
    if any(char.isspace() for char in sku):
        raise UserError("sku_unclear", text=text)
    return sku


def clean_barcode(text: str | None) -> str | None:
    """A barcode as scanners send it, in Latin digits; None for an empty one."""
    if text is None:
        return None
    barcode = fold_digits(clean(text, field="barcode")).replace(" ", "")
    if barcode and not _BARCODE.fullmatch(barcode):
        raise UserError("barcode_unclear", text=text)
    return barcode or None


def free_skus(connection: Connection) -> Iterator[str]:
    """Codes for products that have none: ``P001`` counted on, past those that a variant has."""
    no = goods.last_given_sku(connection) + 1
    ahead = 1  # one product needs one code; an import asks for the next thousands in fewer questions
    while True:
        skus = [f"P{n:03d}" for n in range(no, no + ahead)]
        taken = goods.taken_codes(connection, skus)
        yield from (sku for sku in skus if sku not in taken)
        no, ahead = no + ahead, 500


def refuse_taken(connection: Connection, new: NewProduct) -> None:
    """Refuse codes that another product has."""
    skus = [new.sku or "", *(v.sku for v in new.variants)]
    if len(set(skus)) != len(skus):
        raise ConflictError("sku_taken", sku=next(s for s in skus if skus.count(s) > 1))
    for sku in goods.taken_codes(connection, skus):
        raise ConflictError("sku_taken", sku=sku)
    barcodes = [b for b in (new.barcode, *(v.barcode for v in new.variants)) if b]
    if len(set(barcodes)) != len(barcodes):
        raise ConflictError("barcode_taken", barcode=next(b for b in barcodes if barcodes.count(b) > 1))
    for barcode in goods.taken_barcodes(connection, barcodes):
        raise ConflictError("barcode_taken", barcode=barcode)


def product_acts(desk: Desk, new: NewProduct) -> tuple[uuid.UUID, list[Act]]:
    """The operations that add a tidy product with its code, and its opening stock if it has any."""
    assert new.sku is not None
    product_id = desk.new_id()
    variants = new.variants or (NewVariant(new.sku, barcode=new.barcode, stock_milli=new.stock_milli),)
    entries = [
        variant_values(desk, v, position, plain=not new.variants) for position, v in enumerate(variants)
    ]
    body = {
        "by": desk.by,
        "sku": new.sku,
        "name_bn": new.name_bn,
        "name_en": new.name_en,
        "category": new.category,
        "unit": new.unit,
        "fractions": bool(new.fractions),
        "price": new.price_paisa,
        "cost": new.cost_paisa,
        "minimum": new.minimum_milli,
        "barcode": new.barcode,
        "variants": entries,
    }
    acts = [Act("product.added", "product", product_id.bytes, body)]
    opening = [
        (entry["id"], v.stock_milli) for entry, v in zip(entries, variants, strict=True) if v.stock_milli
    ]
    if opening:
        acts.append(move_act(desk, [(variant, "opening", qty, "") for variant, qty in opening]))
    return product_id, acts


def variant_values(desk: Desk, new: NewVariant, position: int, *, plain: bool) -> dict[str, Any]:
    """A variant as operations carry it."""
    return {
        "id": desk.new_hex(),
        "sku": new.sku,
        "size": new.size,
        "colour": new.colour,
        "barcode": new.barcode,
        "price": new.price_paisa,
        "plain": plain,
        "position": position,
    }


def move_act(desk: Desk, moves: Sequence[tuple[str, str, int, str]]) -> Act:
    """Movements of stock as one operation: (variant's id as hex, kind, signed thousandths, note) each."""
    entries: list[dict[str, Any]] = [
        {"id": desk.new_hex(), "variant": variant, "kind": kind, "qty": qty, "note": note}
        for variant, kind, qty, note in moves
    ]
    first = bytes.fromhex(entries[0]["id"])
    return Act("stock.moved", "stock_move", first, {"by": desk.by, "moves": entries})


def edit_acts(desk: Desk, connection: Connection, row: AnyRow, values: Mapping[str, Any]) -> list[Act]:
    """The operations that change a product's fields; a plain product's barcode stands on its variant too."""
    acts = [_edit_act(desk, "product", row.id, row.fv, values)]
    if "barcode" in values:
        plain = connection.execute(
            select(t.variant.c.id, t.variant.c.fv).where(
                t.variant.c.product_id == row.id,
                t.variant.c.plain.is_(True),
            )
        ).first()
        if plain is not None:
            acts.append(_edit_act(desk, "variant", plain.id, plain.fv, {"barcode": values["barcode"]}))
    return acts


def _edit_act(desk: Desk, agg: str, agg_id: uuid.UUID, fv: str, values: Mapping[str, Any]) -> Act:
    """An edit names, for each field, the operation whose value the user saw (sync.md §1.5)."""
    writers = json.loads(fv)
    over = {name: writers.get(name, writers.get("*")) for name in values}
    return Act(f"{agg}.edited", agg, agg_id.bytes, {"by": desk.by, "set": dict(values), "over": over})


def variant_edit_act(desk: Desk, row: AnyRow, values: Mapping[str, Any]) -> Act:
    """The operation that changes a variant's fields."""
    return _edit_act(desk, "variant", row.id, row.fv, values)


def _wanted(change: ProductChange, unit: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if change.name_bn is not None:
        values["name_bn"] = clean_name(change.name_bn, field="name_bn")
    if change.name_en is not None:
        values["name_en"] = clean(change.name_en, field="name_en")
    if change.category is not None:
        values["category"] = clean(change.category, field="category")
    if change.unit is not None:
        values["unit"] = canonical_unit(change.unit)
        if values["unit"] != unit:
            values["fractions"] = fractions_by_default(values["unit"])
    if change.price_paisa is not None:
        if change.price_paisa <= 0:
            raise UserError("product_price_missing")
        values["price"] = change.price_paisa
    if change.cost_paisa is not None:
        values["cost"] = change.cost_paisa
    if change.barcode is not None:
        values["barcode"] = clean_barcode(change.barcode)
    if change.minimum_milli is not None:
        values["minimum"] = change.minimum_milli
    return values


_COLUMNS = {"price": "price_paisa", "cost": "cost_paisa", "minimum": "minimum_milli"}


def _stored(row: AnyRow, name: str) -> Any:
    return getattr(row, _COLUMNS.get(name, name))


def one_view(connection: Connection, product_id: uuid.UUID, now_ms: int) -> ProductView:
    """One product, whole."""
    return product_views(connection, [product_id], now_ms)[product_id]


def product_views(
    connection: Connection, ids: Sequence[uuid.UUID], now_ms: int
) -> dict[uuid.UUID, ProductView]:
    """Products by id, in the order asked for."""
    rows = goods.products_by_id(connection, ids)
    variants = goods.variants_of(connection, ids, now_ms)
    return {i: _view(rows[i], variants.get(i, [])) for i in ids if i in rows}


def _view(row: AnyRow, variants: Sequence[AnyRow]) -> ProductView:
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
