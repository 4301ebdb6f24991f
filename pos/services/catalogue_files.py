"""Catalogue files in: what a sheet holds becomes operations, all of it or nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, select

from pos.domain.text import nfc
from pos.services.catalogue import (
    NewProduct,
    edit_acts,
    free_skus,
    product_acts,
    variant_added_acts,
    variant_edit_act,
)
from pos.store import goods, oplog, wares
from pos.store import tables as t
from pos.store.apply.goods import entry_of
from pos.store.search import Reading

if TYPE_CHECKING:
    from pos.services.desk import Desk
    from pos.store.oplog import Act
    from pos.store.types import AnyRow

Progress = Callable[[int, int], None]
_CHUNK = 500
# Operations in memory: some 3 kB a product. What lies beyond is worked out while it is written.
_AHEAD = 50 * _CHUNK
_CATALOGUE = ("product.added", "product.edited", "variant.added", "variant.edited")


@dataclass(frozen=True, slots=True)
class SheetProduct:
    """A product of a file with its variants; `row` is where the vendor sees it."""

    row: int
    new: NewProduct


@dataclass(frozen=True, slots=True)
class Refused:
    """A product of a file that the shop as it stands cannot take."""

    row: int
    field: str
    code: str
    params: dict[str, object]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or in a dry run would do. `updated` products were there before."""

    products: int
    variants: int
    skus: int
    updated: int
    refused: tuple[Refused, ...]
    written: bool


class CatalogueFiles:
    """Takes whole catalogues."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def take(
        self,
        products: Sequence[SheetProduct],
        *,
        dry_run: bool = False,
        partial: bool = False,
        progress: Progress | None = None,
    ) -> ImportReport:
        """Add what is new and update what is there, in one transaction.

        A product is there if its SKU is, or, for a product without one, if its exact name is. Opening stock
        counts only for what is new: a second import never doubles it.

        Everything is worked out before the transaction begins, so that sales wait only while it is written.

        Args:
            products: tidy products; a row without a SKU is given one.
            dry_run: find out what would happen, write nothing.
            partial: take the rest where some are refused.
            progress: called with products done and in all; one that is ready to be written is half done.
        """
        tell = progress or _untold
        with self._desk.store.read() as connection:
            work = _Import(self._desk, connection, products)
            if dry_run or (work.refused and not partial):
                return work.report(products)
            work.make_ready(tell)
        with self._desk.store.write() as unit:
            if work.outdated(unit.connection):
                work = _Import(self._desk, unit.connection, products)
                if work.refused and not partial:
                    return work.report(products)
            for acts in work.chunks(unit.connection, tell):
                unit.record_all(acts)
        return replace(work.report(products), written=True)


class _Import:
    """One import: what it comes to in the shop as a connection sees it, and the operations for that."""

    def __init__(self, desk: Desk, connection: Connection, products: Sequence[SheetProduct]) -> None:
        self._desk = desk
        self._connection = connection
        self._tip = oplog.read_tip(connection)
        self._free_skus = free_skus(connection)
        self._present: dict[str, AnyRow] = {}
        self._variants: dict[Any, list[AnyRow]] = {}
        self._names: dict[str, str] = {}
        self._reading = Reading()
        self._ready: deque[list[Act]] = deque()
        self.accepted: list[SheetProduct] = []
        self.refused: list[Refused] = []
        self._look_up(products)

    def outdated(self, connection: Connection) -> bool:
        """Whether anybody has changed the catalogue since, or the shop is another one by now."""
        tip = self._tip
        return oplog.hash_at(connection, tip.n) != tip.hash or oplog.any_after(connection, tip.n, _CATALOGUE)

    def make_ready(self, tell: Progress) -> None:
        """Work out the operations of as many products as memory should hold at once."""
        for done, chunk in _counted(self.accepted[:_AHEAD]):
            self._ready.append(self._acts_of(chunk))
            tell(done // 2, len(self.accepted))

    def chunks(self, connection: Connection, tell: Progress) -> Iterator[list[Act]]:
        """The operations, chunk by chunk: first those that are ready."""
        self._connection = connection
        count = len(self.accepted)
        behind = min(_AHEAD, count) // 2 if self._ready else 0
        for done, chunk in _counted(self.accepted):
            yield self._ready.popleft() if self._ready else self._acts_of(chunk)
            tell(behind + done * (count - behind) // count, count)

    def _acts_of(self, products: Sequence[SheetProduct]) -> list[Act]:
        acts = [act for product in products for act in self._acts(product)]
        # All products before all movements: operations of one kind in a row go in by bulk statements.
        return sorted(acts, key=lambda act: act.kind == "stock.moved")

    def _look_up(self, products: Sequence[SheetProduct]) -> None:
        """Find what is there already, and refuse what contradicts it."""
        self._names = self._skus_by_name(products)
        named = {sku for p in products for sku in _skus(p.new)}
        coded = [self._coded(p, named) for p in products]
        self._present = _products_by_sku(self._connection, [p.new.sku or "" for p in coded])
        self._variants = wares.variants_of(self._connection, [r.id for r in self._present.values()], 0)
        skus = [s for p in coded for s in _skus(p.new)]
        taken = goods.taken_codes(self._connection, skus)
        barcodes = goods.taken_barcodes(self._connection, [b for p in coded for b in _barcodes(p.new)])
        seen: set[str] = set()
        for product in coded:
            problem = self._problem(product, taken, barcodes) or _met_twice(product, seen)
            if problem is None:
                self.accepted.append(product)
                seen |= _codes(product.new)
            else:
                self.refused.append(problem)

    def _skus_by_name(self, products: Sequence[SheetProduct]) -> dict[str, str]:
        names = [nfc(p.new.name_bn) for p in products if p.new.sku is None]
        found: dict[str, str] = {}
        for chunk in _chunks(names):
            statement = select(t.product.c.name_bn, t.product.c.sku).where(
                t.product.c.name_bn.in_(chunk),
                t.product.c.archived.is_(False),
            )
            found.update((row.name_bn, row.sku) for row in self._connection.execute(statement))
        return found

    def _coded(self, product: SheetProduct, named: set[str]) -> SheetProduct:
        """The product with a code: its own, that of the same name, or one that neither shop nor file knows."""
        new = product.new
        sku = new.sku or self._names.get(new.name_bn)
        if sku is None:
            sku = next(free for free in self._free_skus if free not in named)
        variants = tuple(
            v if v.sku else replace(v, sku=f"{sku}-{number:02d}") for number, v in enumerate(new.variants, 1)
        )
        return replace(product, new=replace(new, sku=sku, variants=variants))

    def _problem(
        self, product: SheetProduct, taken: dict[str, Any], barcodes: dict[str, Any]
    ) -> Refused | None:
        new = product.new
        mine = self._present.get(new.sku or "")
        own = mine.id if mine is not None else None
        for sku in _skus(new):
            if taken.get(sku, own) != own:
                away = goods.is_archived(self._connection, taken[sku])
                return Refused(product.row, "sku", "sku_archived" if away else "sku_taken", {"sku": sku})
        for barcode in _barcodes(new):
            if barcodes.get(barcode, own) != own:
                return Refused(product.row, "barcode", "barcode_taken", {"barcode": barcode})
        if own is not None:
            plain = any(v.plain for v in self._variants.get(own, []))
            if plain and new.variants:
                return Refused(product.row, "sku", "product_is_plain", {"sku": new.sku})
        return None

    def report(self, products: Sequence[SheetProduct]) -> ImportReport:
        """What the accepted products come to."""
        variants = sum(len(p.new.variants) for p in self.accepted)
        plain = sum(1 for p in self.accepted if not p.new.variants)
        return ImportReport(
            products=len(self.accepted),
            variants=variants,
            skus=variants + plain,
            updated=sum(1 for p in self.accepted if p.new.sku in self._present),
            refused=tuple(self.refused),
            written=not products,
        )

    def _acts(self, product: SheetProduct) -> list[Act]:
        """The operations for one accepted product."""
        row = self._present.get(product.new.sku or "")
        if row is None:
            added, *moved = product_acts(self._desk, product.new)[1]
            return [msgspec.structs.replace(added, ready=entry_of(self._reading, added.body)), *moved]
        return [*self._changes(row, product.new), *self._variant_changes(row, product.new)]

    def _changes(self, row: AnyRow, new: NewProduct) -> list[Act]:
        wanted = {
            "name_bn": new.name_bn,
            "name_en": new.name_en or row.name_en,
            "category": new.category or row.category,
            "unit": new.unit,
            "fractions": bool(new.fractions),
            "price": new.price_paisa,
            "cost": row.cost_paisa if new.cost_paisa is None else new.cost_paisa,
            "barcode": new.barcode or row.barcode,
            "minimum": row.minimum_milli if new.minimum_milli is None else new.minimum_milli,
        }
        present = {
            "name_bn": row.name_bn,
            "name_en": row.name_en,
            "category": row.category,
            "unit": row.unit,
            "fractions": row.fractions,
            "price": row.price_paisa,
            "cost": row.cost_paisa,
            "barcode": row.barcode,
            "minimum": row.minimum_milli,
        }
        values = {name: value for name, value in wanted.items() if value != present[name]}
        return edit_acts(self._desk, self._connection, row, values) if values else []

    def _variant_changes(self, row: AnyRow, new: NewProduct) -> list[Act]:
        present = {v.sku: v for v in self._variants.get(row.id, [])}
        acts: list[Act] = []
        for position, variant in enumerate(new.variants):
            stored = present.get(variant.sku)
            if stored is None:
                acts += variant_added_acts(self._desk, row.id, variant, position)
                continue
            wanted = {"size": variant.size, "colour": variant.colour}
            if variant.barcode is not None:
                wanted["barcode"] = variant.barcode
            values: dict[str, Any] = {k: v for k, v in wanted.items() if v != getattr(stored, k)}
            if variant.price_paisa is not None and variant.price_paisa != stored.price_paisa:
                values["price"] = variant.price_paisa
            if values:
                acts.append(variant_edit_act(self._desk, stored, values))
        return acts


def _untold(_done: int, _all: int) -> None:
    """Nobody waits to be told."""


def _counted(products: Sequence[SheetProduct]) -> Iterator[tuple[int, Sequence[SheetProduct]]]:
    """Chunks, each with how many are done once it is."""
    return ((min(start + _CHUNK, len(products)), products[start : start + _CHUNK])
            for start in range(0, len(products), _CHUNK))  # fmt: skip


def _met_twice(product: SheetProduct, seen: set[str]) -> Refused | None:
    """A code that an earlier row of the same file has, or that this row has twice."""
    for sku in _skus(product.new):
        if f"sku {sku}" in seen or _skus(product.new).count(sku) > 1:
            return Refused(product.row, "sku", "sku_taken", {"sku": sku})
    for barcode in _barcodes(product.new):
        if f"barcode {barcode}" in seen or _barcodes(product.new).count(barcode) > 1:
            return Refused(product.row, "barcode", "barcode_taken", {"barcode": barcode})
    return None


def _codes(new: NewProduct) -> set[str]:
    return {f"sku {sku}" for sku in _skus(new)} | {f"barcode {barcode}" for barcode in _barcodes(new)}


def _products_by_sku(connection: Connection, skus: Sequence[str]) -> dict[str, AnyRow]:
    found: dict[str, AnyRow] = {}
    for chunk in _chunks(skus):
        statement = select(t.product).where(t.product.c.sku.in_(chunk), t.product.c.archived.is_(False))
        found.update((row.sku, row) for row in connection.execute(statement))
    return found


def _skus(new: NewProduct) -> list[str]:
    return [new.sku or "", *(v.sku for v in new.variants)]


def _barcodes(new: NewProduct) -> list[str]:
    return [b for b in (new.barcode, *(v.barcode for v in new.variants)) if b]


def _chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))
