"""A whole catalogue out of one or two sheets: rows read, compared with each other, variants made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from pos.domain.text import drop_invisible, fold_digits, shown
from pos.errors import UserError
from pos.sheets.bijoy import convert_bijoy, looks_like_bijoy
from pos.sheets.headings import find_header, map_columns
from pos.sheets.rows import RowReader, VariantRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pos.sheets.headings import ColumnMap, Kind
    from pos.sheets.rows import ProductRow, RowError, RowWarning
    from pos.sheets.sheet import Sheet, SheetRow

    Progress = Callable[[int, int | None], None]

VARIANT_LIMIT: Final = 500
"""Sizes times colours of one product; more is a slip of the separator."""
_HEADER_WITHIN: Final = 10
_EVERY: Final = 500
_SAMPLE: Final = 400
_SAMPLED: Final = ("name_bn", "category")
_PREVIEW: Final = 3


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a file holds.

    Attributes:
        products: rows that can be taken.
        variants: those of the variants' sheet, and those made from sizes and colours; each row's
            `product_row` is the `row` of its product.
        errors: every row that cannot be taken, in the order of the sheets.
        warnings: what the vendor should look at.
        ignored_columns: headings that nothing was made of.
    """

    products: list[ProductRow]
    variants: list[VariantRow]
    errors: list[RowError]
    warnings: list[RowWarning]
    ignored_columns: tuple[str, ...]

    @property
    def skus(self) -> int:
        """How many things are sold: variants, and products without any."""
        with_variants = {variant.product_row for variant in self.variants}
        return len(self.variants) + len(self.products) - len(with_variants)

    def variants_of(self) -> dict[int, list[VariantRow]]:
        """Variants by the row number of their product."""
        grouped: dict[int, list[VariantRow]] = {}
        for variant in self.variants:
            grouped.setdefault(variant.product_row, []).append(variant)
        return grouped


def parse_catalogue(
    products: Sheet,
    variants: Sheet | None = None,
    *,
    mapping: Mapping[str, str] | None = None,
    bijoy: frozenset[str] = frozenset(),
    progress: Progress | None = None,
) -> Catalogue:
    """Products and variants of one or two sheets; an error of a row never stops the others.

    Args:
        products: the sheet of products.
        variants: the sheet of variants; a workbook's own sheet `variants` is taken where none is given.
        mapping: heading or column letter -> field, see `headings.map_columns`.
        bijoy: fields or headings whose text is Bijoy and is to be converted.
        progress: called now and then with rows done and, where it is known, rows in all.

    Raises:
        UserError: what is wrong with a sheet as a whole: `nothing_to_import`, `mapping_unused`, and what
            `map_columns` and reading raise.
        EnvironmentFault: `sheet_unreadable`.
    """
    variants = variants or products.variants
    count = _Count(progress, [products] if variants is None else [products, variants])
    work = _Work(products, mapping, bijoy, count)
    if variants is not None:
        work.read_variants(variants)
    unused = set(mapping or {}) - work.used
    if unused:
        raise UserError("mapping_unused", names=sorted(shown(name) for name in unused))
    work.settle_variants()
    count.done()
    return work.catalogue()


def expand_variants(product: ProductRow) -> list[VariantRow]:
    """A variant for each size and colour of a product, coded `P068-01`, `P068-02` …; none without either.

    Stock and prices stay with the product; a product without a code gives its variants none.
    """
    options = [(size, colour) for size in product.sizes or ("",) for colour in product.colours or ("",)]
    if not product.sizes and not product.colours:
        return []
    return [
        VariantRow(
            row=product.row,
            product_sku=product.sku,
            variant_sku=_code(product.sku, number) if product.sku else None,
            size=size,
            colour=colour,
            product_row=product.row,
        )
        for number, (size, colour) in enumerate(options, 1)
    ]


def _code(sku: str, number: int) -> str:
    return f"{sku}-{number:02d}"


class _Count:
    """Rows done, told to whoever shows a progress bar."""

    def __init__(self, progress: Progress | None, sheets: list[Sheet]) -> None:
        totals = [sheet.total for sheet in sheets]
        self._total = None if None in totals else sum(total or 0 for total in totals)
        self._progress = progress
        self._done = 0

    def step(self) -> None:
        self._done += 1
        if self._progress is not None and self._done % _EVERY == 0:
            self._progress(self._done, max(self._total, self._done) if self._total is not None else None)

    def done(self) -> None:
        if self._progress is not None:
            self._progress(self._done, self._done)


def _key(text: str) -> str:
    return text.casefold() if text.isascii() else fold_digits(drop_invisible(text)).casefold()


class _Work:
    """The state of one `parse_catalogue`."""

    def __init__(
        self, sheet: Sheet, mapping: Mapping[str, str] | None, bijoy: frozenset[str], count: _Count
    ) -> None:
        self.used: set[str] = set()
        self._mapping = mapping
        self._bijoy = bijoy
        self._count = count
        self._products: list[ProductRow] = []
        self._variants: list[VariantRow] = []
        self._ignored: list[str] = []
        self._readers: list[RowReader] = []
        self._asked: dict[int, int] = {}  # row of a product -> how many rows of variants named it
        self._skus: dict[str, tuple[Kind, int]] = {}
        self._names: dict[str, tuple[int, bool]] = {}
        self._barcodes: dict[str, tuple[Kind, int]] = {}
        self._by_sku: dict[str, ProductRow | None] = {}
        self._products_reader = self._read_products(sheet)

    def _open(self, sheet: Sheet, kind: Kind) -> tuple[ColumnMap, RowReader, Iterator[SheetRow]]:
        rows = sheet.rows()
        first = list(islice(rows, _HEADER_WITHIN))
        at = find_header([row.cells for row in first], self._mapping)
        header = first[at].cells
        columns = map_columns(header, kind, self._mapping)
        self.used |= columns.used
        self._ignored.extend(columns.ignored)
        width = len(header) if sheet.kind == "csv" else None
        reader = RowReader(kind, columns, self._bijoy, strict_width=width)
        self._readers.append(reader)
        for heading, field in columns.guessed.items():
            reader.warn(first[at].number, field, "heading_guessed", heading=shown(heading))
        return columns, reader, chain(first[at + 1 :], rows)

    def _read_products(self, sheet: Sheet) -> RowReader:
        columns, reader, rows = self._open(sheet, "products")
        samples: dict[str, list[str]] = {
            field: [] for field in _SAMPLED if field in columns.columns and field not in reader.bijoy
        }
        seen = False
        for row in rows:
            seen = True
            self._count.step()
            product = reader.product(row)
            for field, texts in samples.items():
                index = columns.columns[field]
                if len(texts) < _SAMPLE and index < len(row.cells):
                    texts.append(row.cells[index])
            if product is not None and self._is_new(reader, product):
                self._products.append(product)
                if product.sku:
                    self._by_sku[_key(product.sku)] = product
            else:
                self._remember_failed(columns, row)
        if not seen:
            raise UserError("nothing_to_import", file=sheet.path.name)
        for field, texts in samples.items():
            self._offer_bijoy(reader, field, columns.headings[field], texts)
        return reader

    def _remember_failed(self, columns: ColumnMap, row: SheetRow) -> None:
        """Keep the code of a row with an error, so that its variants are not called orphans on top."""
        index = columns.columns.get("sku")
        if index is not None and index < len(row.cells) and (sku := row.cells[index].strip()):
            self._by_sku.setdefault(_key(sku), None)

    def _is_new(self, reader: RowReader, product: ProductRow) -> bool:
        """Compare with the rows before; the later of two equal ones is the error."""
        name, sku = _key(product.name_bn), product.sku
        first = self._names.setdefault(name, (product.row, sku is None))
        if first[0] != product.row and (sku is None or first[1]):
            reader.refuse(product.row, "name_bn", "name_twice", name=product.name_bn, first_row=first[0])
            return False
        if sku is not None and not self._fresh(reader, self._skus, "sku", sku, product.row):
            return False
        barcode = product.barcode
        return barcode is None or self._fresh(reader, self._barcodes, "barcode", barcode, product.row)

    def _fresh(
        self, reader: RowReader, seen: dict[str, tuple[Kind, int]], field: str, value: str, row: int
    ) -> bool:
        here = (reader.kind, row)
        first = seen.setdefault(_key(value), here)
        if first == here:
            return True
        code = "barcode_twice" if field == "barcode" else "sku_twice"
        reader.refuse(row, field, code, text=shown(value), first_row=first[1], first_sheet=first[0])
        return False

    def _offer_bijoy(self, reader: RowReader, field: str, heading: str, texts: list[str]) -> None:
        if looks_like_bijoy(texts):
            preview = list(dict.fromkeys(convert_bijoy(text.strip()) for text in texts if text.strip()))[
                :_PREVIEW
            ]
            reader.warn(1, field, "bijoy_suspected", column=heading, preview=preview)

    def read_variants(self, sheet: Sheet) -> None:
        """Read the sheet of variants; each row looks for its product among those already read."""
        _, reader, rows = self._open(sheet, "variants")
        options: dict[tuple[int, str, str], int] = {}
        for row in rows:
            self._count.step()
            variant = reader.variant(row, self._parent)
            if variant is not None and self._is_new_variant(reader, variant, options):
                self._variants.append(variant)

    def _is_new_variant(
        self, reader: RowReader, variant: VariantRow, options: dict[tuple[int, str, str], int]
    ) -> bool:
        sku, barcode = variant.variant_sku, variant.barcode
        if sku and not self._fresh(reader, self._skus, "variant_sku", sku, variant.row):
            return False
        if barcode and not self._fresh(reader, self._barcodes, "barcode", barcode, variant.row):
            return False
        if not variant.size and not variant.colour:
            return True
        first = options.setdefault(
            (variant.product_row, _key(variant.size), _key(variant.colour)), variant.row
        )
        if first != variant.row:
            text = " ".join(filter(None, (variant.size, variant.colour)))
            reader.refuse(variant.row, "variant_sku", "variant_twice", text=text, first_row=first)
        return first == variant.row

    def _parent(self, sku: str) -> ProductRow | None:
        key = _key(sku)
        if key not in self._by_sku:
            raise UserError("parent_unknown", field="sku", text=shown(sku))
        product = self._by_sku[key]
        if product is not None:
            self._asked[product.row] = self._asked.get(product.row, 0) + 1
        return product

    def settle_variants(self) -> None:
        """Give every product its variants: the sheet's own, else one per size and colour."""
        own: dict[int, list[VariantRow]] = {}
        for variant in self._variants:
            own.setdefault(variant.product_row, []).append(variant)
        products: list[ProductRow] = []
        variants: list[VariantRow] = []
        for product in self._products:
            if product.row in self._asked:
                made = self._own_variants(product, own.get(product.row, []))
            elif product.sizes or product.colours:
                made = self._made_variants(product)
            else:
                products.append(product)
                continue
            # Without a single variant the product would come in as a plain one with a stock of its own.
            if made:
                products.append(product)
                variants.extend(self._coded(product, made))
        self._products, self._variants = products, variants

    def _own_variants(self, product: ProductRow, variants: list[VariantRow]) -> list[VariantRow]:
        """The variants' stock counts; the product's is at best their sum."""
        if product.stock_milli and variants:
            stocks = [variant.stock_milli for variant in variants if variant.stock_milli is not None]
            if not stocks:
                self._refuse_stock(product, len(variants))
                return []
            if len(variants) == self._asked[product.row] and sum(stocks) != product.stock_milli:
                self._products_reader.warn(
                    product.row,
                    "stock",
                    "stock_differs",
                    name=product.name_bn,
                    stock_milli=product.stock_milli,
                    sum_milli=sum(stocks),
                )
        return variants

    def _made_variants(self, product: ProductRow) -> list[VariantRow]:
        count = max(1, len(product.sizes)) * max(1, len(product.colours))
        if count > VARIANT_LIMIT:
            self._products_reader.refuse(
                product.row, "sizes", "too_many_variants", count=count, limit=VARIANT_LIMIT
            )
            return []
        if count > 1 and product.stock_milli:
            self._refuse_stock(product, count)
            return []
        made = [replace(variant, variant_sku=None) for variant in expand_variants(product)]
        return [replace(made[0], stock_milli=product.stock_milli)] if count == 1 else made

    def _refuse_stock(self, product: ProductRow, count: int) -> None:
        self._products_reader.refuse(
            product.row,
            "stock",
            "stock_needs_variants",
            name=product.name_bn,
            stock_milli=product.stock_milli,
            count=count,
        )

    def _coded(self, product: ProductRow, variants: list[VariantRow]) -> Iterator[VariantRow]:
        """The variants with codes; a code that something else in the file has already is passed over."""
        number = 0
        for variant in variants:
            if product.sku is None or variant.variant_sku is not None:
                yield variant
                continue
            number += 1
            while _key(code := _code(product.sku, number)) in self._skus:
                number += 1
            self._skus[_key(code)] = ("variants", variant.row)
            yield replace(variant, variant_sku=code)

    def catalogue(self) -> Catalogue:
        """What was found, warnings for whole columns included."""
        for reader in self._readers:
            reader.finish()
        return Catalogue(
            products=self._products,
            variants=self._variants,
            errors=[
                error for reader in self._readers for error in sorted(reader.errors, key=lambda e: e.row)
            ],
            warnings=[warning for reader in self._readers for warning in reader.warnings],
            ignored_columns=tuple(self._ignored),
        )
