"""Products: adding, changing, showing, finding."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from pos.domain.money import checked
from pos.domain.quantity import QTY_LIMIT_MILLI
from pos.domain.text import clean, clean_name, fold_digits
from pos.domain.units import canonical_unit, fractions_by_default
from pos.errors import ConflictError, UserError
from pos.protocol.bodies import MOST_MOVES, MOST_VARIANTS
from pos.services.codes import clean_barcode, clean_sku
from pos.services.product_views import one_view, product_views
from pos.services.views import FoundView, ProductView
from pos.store import goods, search, wares
from pos.store import tables as t
from pos.store.oplog import Act

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Mapping, Sequence

    from pos.services.desk import Desk
    from pos.services.product_change import ProductChange, VariantChange
    from pos.store.store import WriteUnit
    from pos.store.types import AnyRow

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


class Catalogue:
    """The vendor's products."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add(self, new: NewProduct) -> ProductView:
        """Add one product with its opening stock; a code that is left empty, also a variant's, is given.

        Raises:
            UserError: ``name_empty``, ``sku_unclear``, ``unit_unknown``, ``product_price_missing``.
            ConflictError: ``sku_taken``, ``barcode_taken``.
        """
        new = tidy(new)
        with self._desk.store.write() as unit:
            sku = new.sku or next(free_skus(unit.connection))
            new = replace(new, sku=sku, variants=tuple(_coded(unit.connection, sku, new.variants, 0)))
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
            values = change.against(row)
            if values.get("barcode"):
                refuse_taken_barcode(unit.connection, values["barcode"], row.id)
            if values:
                unit.record_all(edit_acts(self._desk, unit.connection, row, values))
            return one_view(unit.connection, row.id, unit.at_ms)

    def edit_variant(self, code: str, change: VariantChange) -> ProductView:
        """Change named fields of one variant; its product comes back.

        Raises:
            UserError: ``sku_unknown``, ``variant_unknown`` for a code that is a whole product's.
            ConflictError: ``barcode_taken``.
        """
        with self._desk.store.write() as unit:
            row = self._row(unit.connection, code)
            variant = self._variant(unit.connection, row, code)
            values = change.against(variant)
            if values.get("barcode"):
                refuse_taken_barcode(unit.connection, values["barcode"], None)
            if values:
                unit.record(variant_edit_act(self._desk, variant, values))
            return one_view(unit.connection, row.id, unit.at_ms)

    def add_variants(self, code: str, variants: Sequence[NewVariant]) -> ProductView:
        """Add sizes or colours to a product that has some, with their opening stock.

        Args:
            code: the product's.
            variants: a SKU that is left empty is given: the product's, a dash and the next free number.

        Raises:
            UserError: ``sku_unknown``, ``sku_unclear`` and what the rules of text raise.
            ConflictError: ``sku_taken``, ``barcode_taken``; ``product_is_plain`` if it is sold without variants.
        """
        with self._desk.store.write() as unit:
            row = self._row(unit.connection, code)
            present = wares.variants_of(unit.connection, [row.id], unit.at_ms).get(row.id, [])
            if any(v.plain for v in present):
                raise ConflictError("product_is_plain", sku=row.sku)
            new = _coded(unit.connection, row.sku, [tidy_variant(v) for v in variants], len(present))
            refuse_taken_codes(unit.connection, [v.sku for v in new], [v.barcode for v in new if v.barcode])
            first = max((v.position for v in present), default=-1) + 1
            acts = [
                act
                for position, v in enumerate(new, first)
                for act in variant_added_acts(self._desk, row.id, v, position)
            ]
            # All variants before all movements: operations of one kind in a row go in by bulk statements.
            unit.record_all(sorted(acts, key=lambda act: act.kind == "stock.moved"))
            return one_view(unit.connection, row.id, unit.at_ms)

    def archive(self, code: str) -> ProductView:
        """Put a product away: it is not found, not sold and not counted any more, its orders and stock stay.

        Raises:
            UserError: ``sku_unknown``.
        """
        return self._put_away(code, archived=True)

    def unarchive(self, code: str) -> ProductView:
        """Take a product back from where `archive` put it.

        Raises:
            UserError: ``sku_unknown``.
            ConflictError: ``sku_taken``, ``barcode_taken``: a code of it belongs to another product by now.
        """
        return self._put_away(code, archived=False)

    def _put_away(self, code: str, *, archived: bool) -> ProductView:
        with self._desk.store.write() as unit:
            row = self._row(unit.connection, code)
            if row.archived != archived:
                if not archived:
                    self._refuse_return(unit, row)
                unit.record(_edit_act(self._desk, "product", row.id, row.fv, {"archived": archived}))
            return one_view(unit.connection, row.id, unit.at_ms)

    def _refuse_return(self, unit: WriteUnit, row: AnyRow) -> None:
        variants = wares.variants_of(unit.connection, [row.id], unit.at_ms).get(row.id, [])
        skus = goods.taken_codes(unit.connection, [row.sku, *(v.sku for v in variants)])
        barcodes = [b for b in (row.barcode, *(v.barcode for v in variants)) if b]
        for sku, owner in skus.items():
            if owner != row.id:
                raise ConflictError("sku_taken", sku=sku)
        for barcode, owner in goods.taken_barcodes(unit.connection, barcodes).items():
            if owner != row.id:
                raise ConflictError("barcode_taken", barcode=barcode)

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

    def _variant(self, connection: Connection, product: AnyRow, code: str) -> Any:
        typed = fold_digits(clean(code, field="sku")).upper()
        for variant in wares.variants_of(connection, [product.id], self._desk.clock.now_ms())[product.id]:
            if not variant.plain and typed in (variant.sku.upper(), (variant.barcode or "").upper()):
                return variant
        raise UserError("variant_unknown", sku=product.sku)

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
    checked(new.price_paisa, field="price")
    checked(new.cost_paisa or 0, field="cost")
    _refuse_huge(stock=new.stock_milli, minimum=new.minimum_milli)
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
        variants=tuple(tidy_variant(v) for v in new.variants),
    )


def tidy_variant(new: NewVariant) -> NewVariant:
    """The same of a variant; its SKU may be left empty."""
    checked(new.price_paisa or 0, field="price")
    _refuse_huge(stock=new.stock_milli)
    return replace(
        new,
        sku=clean_sku(new.sku) if new.sku else "",
        size=clean(new.size, field="size"),
        colour=clean(new.colour, field="colour"),
        barcode=clean_barcode(new.barcode),
    )


def _refuse_huge(**quantities: int | None) -> None:
    for field, milli in quantities.items():
        if not 0 <= (milli or 0) <= QTY_LIMIT_MILLI:
            raise UserError("quantity_too_big", field=field)


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
    refuse_taken_codes(connection, skus, [b for b in (new.barcode, *(v.barcode for v in new.variants)) if b])


def refuse_taken_codes(connection: Connection, skus: Sequence[str], barcodes: Sequence[str]) -> None:
    """Refuse new codes that something has already, or that two of the new things share."""
    if len(set(skus)) != len(skus):
        raise ConflictError("sku_taken", sku=next(s for s in skus if skus.count(s) > 1))
    for sku, owner in goods.taken_codes(connection, skus).items():
        raise ConflictError("sku_archived" if goods.is_archived(connection, owner) else "sku_taken", sku=sku)
    if len(set(barcodes)) != len(barcodes):
        raise ConflictError("barcode_taken", barcode=next(b for b in barcodes if barcodes.count(b) > 1))
    for barcode in goods.taken_barcodes(connection, barcodes):
        raise ConflictError("barcode_taken", barcode=barcode)


def refuse_taken_barcode(connection: Connection, barcode: str, own: uuid.UUID | None) -> None:
    """Refuse a barcode that is on anything but the product `own`."""
    owner = goods.taken_barcodes(connection, [barcode]).get(barcode)
    if owner is not None and owner != own:
        raise ConflictError("barcode_taken", barcode=barcode)


def _coded(connection: Connection, sku: str, new: Sequence[NewVariant], present: int) -> list[NewVariant]:
    """The same with codes: `P002-03` follows two variants, past codes that are taken or named among the new."""
    named = {v.sku for v in new}
    numbers = (f"{sku}-{n:02d}" for n in count(present + 1))
    free = (code for code in numbers if code not in named and not goods.taken_codes(connection, [code]))
    return [v if v.sku else replace(v, sku=next(free)) for v in new]


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
        "variants": entries[:MOST_VARIANTS],
    }
    acts = [
        Act("product.added", "product", product_id.bytes, body),
        *(_variant_added(desk, product_id, entry) for entry in entries[MOST_VARIANTS:]),
    ]
    opening = [
        (entry["id"], v.stock_milli) for entry, v in zip(entries, variants, strict=True) if v.stock_milli
    ]
    if opening:
        acts += move_acts(desk, [(variant, "opening", qty, "") for variant, qty in opening])
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


def variant_added_acts(desk: Desk, product_id: uuid.UUID, new: NewVariant, position: int) -> list[Act]:
    """The operations that add a tidy variant with its code to a product, and its opening stock if it has any."""
    values = variant_values(desk, new, position, plain=False)
    acts = [_variant_added(desk, product_id, values)]
    if new.stock_milli:
        acts.append(move_act(desk, [(values["id"], "opening", new.stock_milli, "")]))
    return acts


def _variant_added(desk: Desk, product_id: uuid.UUID, values: Mapping[str, Any]) -> Act:
    body = {"by": desk.by, "product": product_id.hex, "variant": values}
    return Act("variant.added", "variant", bytes.fromhex(values["id"]), body)


def move_acts(desk: Desk, moves: Sequence[tuple[str, str, int, str]]) -> list[Act]:
    """Movements of stock, in as many operations as they need."""
    return [move_act(desk, moves[at : at + MOST_MOVES]) for at in range(0, len(moves), MOST_MOVES)]


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
