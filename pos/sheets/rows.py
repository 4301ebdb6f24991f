"""One row of a sheet as a typed row: what each cell may hold, and what is wrong with it otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from pos.domain.money import parse_money
from pos.domain.quantity import parse_quantity
from pos.domain.text import clean, clean_name, fold_digits, number_text, shown
from pos.domain.units import canonical_unit, fractions_by_default
from pos.errors import UserError
from pos.sheets.bijoy import convert_bijoy
from pos.sheets.headings import heading_key
from pos.sheets.sheet import Mark

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pos.sheets.headings import ColumnMap, Kind
    from pos.sheets.sheet import SheetRow

DEFAULT_UNIT: Final = "pcs"
SKU_LIMIT: Final = 64
CATEGORY_LIMIT: Final = 100
OPTION_LIMIT: Final = 60


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product as a sheet holds it; `row` is its row's number in the sheet, the headings' row counted."""

    row: int
    sku: str | None
    name_bn: str
    name_en: str = ""
    category: str = ""
    unit: str = DEFAULT_UNIT
    cost_paisa: int | None = None
    price_paisa: int = 0
    barcode: str | None = None
    stock_milli: int | None = None
    minimum_milli: int | None = None
    sizes: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    fractions: bool = False


@dataclass(frozen=True, slots=True)
class VariantRow:
    """A size or colour of a product.

    Attributes:
        row: its row's number in the sheet of variants, or in the sheet of products where it was made from
            the product's sizes and colours.
        product_sku: None where the product has none yet; `product_row` then tells whose it is.
        variant_sku: None where it is still to be given.
        price_paisa: None means the product's own price.
        product_row: row number of its product in the sheet of products; 0 where it is not known.
    """

    row: int
    product_sku: str | None
    variant_sku: str | None
    size: str = ""
    colour: str = ""
    barcode: str | None = None
    stock_milli: int | None = None
    price_paisa: int | None = None
    product_row: int = 0


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row cannot be taken: the code and values of its sentence, the field, and where it stands."""

    row: int
    field: str
    code: str
    params: Mapping[str, object]
    sheet: Kind = "products"


@dataclass(frozen=True, slots=True)
class RowWarning:
    """What the vendor should look at although the row, or the whole column, is taken."""

    row: int
    field: str
    code: str
    params: Mapping[str, object]
    sheet: Kind = "products"


# 2.1E+12, as Excel shows a long number and as it then writes it into a CSV.
_SCIENTIFIC: Final = re.compile(r"[0-9]+[.,][0-9]+[eE]\+?[0-9]{1,3}|[0-9]+[eE]\+[0-9]{1,3}")
_BARCODE: Final = re.compile(r"[\x21-\x7e]{1,48}")
_GROUPED_DIGITS: Final = re.compile(r"[0-9]+(?:[ -][0-9]+)+")
_ZERO: Final = re.compile(r"[-+−]?0+(?:\.0*)?|[-+−]?\.0+")
_SIGNED: Final = re.compile(r"[-−–] ?[0-9.]")
_PART: Final = re.compile(r"[;|\n]")
_YES: Final = frozenset({"yes", "y", "1", "true", "হ্যাঁ", "হা"})
_NO: Final = frozenset({"no", "n", "0", "false", "না"})
_MEMORY: Final = 20_000

_FAULTS: Final = {
    Mark.FAULT: "cell_fault",
    Mark.FORMULA_UNSAVED: "formula_unsaved",
    Mark.DATE: "cell_date",
}


class RowReader:
    """Reads the rows of one sheet; gathers errors, warnings and samples while it goes.

    Attributes:
        errors, warnings: what was found so far.
        bijoy: fields whose text is converted from Bijoy before anything else.
    """

    def __init__(self, kind: Kind, columns: ColumnMap, bijoy: frozenset[str], *, strict_width: int | None) -> None:
        self.errors: list[RowError] = []
        self.warnings: list[RowWarning] = []
        self._kind = kind
        self._columns = columns.columns
        self._fields = {index: field for field, index in columns.columns.items()}
        self._width = strict_width
        wanted = {heading_key(name) for name in bijoy}
        self.bijoy = frozenset(
            field
            for field in columns.columns
            if heading_key(field) in wanted or heading_key(columns.headings[field]) in wanted
        )
        self._formulas: dict[str, RowWarning] = {}
        # The same unit, category, price and stock stand in many rows: read once, remembered.
        self._known: dict[tuple[str, str, bool], object] = {}
        self._row = 0
        self._cells: tuple[str, ...] = ()
        self._failed: set[str] = set()

    def product(self, row: SheetRow) -> ProductRow | None:
        """The product in a row; None where the row has an error."""
        self._begin(row)
        unit = self._read("unit", lambda text: canonical_unit(text, field="unit")) or DEFAULT_UNIT
        fractions = self._fractions(unit)
        name_bn, name_en = self._names()
        product = ProductRow(
            row=row.number,
            sku=self._sku("sku"),
            name_bn=name_bn,
            name_en=name_en,
            category=self._read("category", lambda text: clean(text, field="category", limit=CATEGORY_LIMIT)) or "",
            unit=unit,
            cost_paisa=self._read("cost", lambda text: parse_money(text, field="cost")),
            price_paisa=self._price(needed=True) or 0,
            barcode=self._barcode(),
            stock_milli=self._quantity("stock", unit, fractions=fractions),
            minimum_milli=self._quantity("minimum", unit, fractions=fractions),
            sizes=self._options("sizes"),
            colours=self._options("colours"),
            fractions=fractions,
        )
        return None if self._failed else product

    def variant(self, row: SheetRow, parent: Callable[[str], ProductRow | None]) -> VariantRow | None:
        """The variant in a row; None where the row has an error or its product had one.

        Args:
            row: the row.
            parent: the product of a code; raises UserError where there is no such product, returns None
                where the product's own row could not be taken.
        """
        self._begin(row)
        sku = self._sku("sku")
        product: ProductRow | None = None
        if sku is None:
            if "sku" not in self._failed:
                self._error("sku", "sku_missing")
        else:
            try:
                product = parent(sku)
            except UserError as error:
                self._error("sku", error.code, **error.params)
        unit, fractions = (product.unit, product.fractions) if product else (DEFAULT_UNIT, True)
        variant = VariantRow(
            row=row.number,
            product_sku=product.sku if product else sku,
            variant_sku=self._sku("variant_sku"),
            size=self._read("size", lambda text: clean(text, field="size", limit=OPTION_LIMIT)) or "",
            colour=self._read("colour", lambda text: clean(text, field="colour", limit=OPTION_LIMIT)) or "",
            barcode=self._barcode(),
            stock_milli=self._quantity("stock", unit, fractions=fractions),
            price_paisa=self._price(needed=False),
            product_row=product.row if product else 0,
        )
        if not (variant.variant_sku or variant.size or variant.colour or self._failed):
            self._error("variant_sku", "variant_unnamed")
        return variant if product is not None and not self._failed else None

    def refuse(self, row: int, field: str, code: str, **params: object) -> None:
        """Note an error that only a comparison of rows can find."""
        self.errors.append(RowError(row, field, code, params, self._kind))

    def warn(self, row: int, field: str, code: str, **params: object) -> None:
        """Note something the vendor should look at."""
        self.warnings.append(RowWarning(row, field, code, params, self._kind))

    def finish(self) -> None:
        """Add the warnings that stand for a whole column."""
        self.warnings.extend(self._formulas.values())

    def _begin(self, row: SheetRow) -> None:
        self._row = row.number
        self._cells = row.cells
        self._failed = set()
        if self._width is not None and len(row.cells) > self._width:
            # `চাল,1,250` without quotes: the price would be read as 1 and nobody would notice.
            extra = [text for text in row.cells[self._width :] if text.strip()]
            if extra:
                self._error("row", "cells_shifted", text=shown(extra[0].strip()))
        for index, mark in row.marks.items():
            field = self._fields.get(index)
            if field is not None:
                self._marked(field, mark, row.cells[index] if index < len(row.cells) else "")

    def _marked(self, field: str, mark: Mark, text: str) -> None:
        if mark in _FAULTS:
            self._error(field, _FAULTS[mark], text=shown(text))
        elif mark is Mark.DIGITS_LOST and field in {"barcode", "sku", "variant_sku"}:
            self._error(field, "digits_lost", text=shown(text))
        elif mark is Mark.FORMULA and field not in self._formulas:
            self._formulas[field] = RowWarning(
                self._row, field, "formula_value", {"field": field, "text": shown(text)}, self._kind
            )

    def _error(self, field: str, code: str, **params: object) -> None:
        self._failed.add(field)
        self.errors.append(RowError(self._row, field, code, {"field": field} | params, self._kind))

    def _text(self, field: str) -> str:
        index = self._columns.get(field, -1)
        if not 0 <= index < len(self._cells) or field in self._failed:
            return ""
        text = self._cells[index].strip()
        return convert_bijoy(text) if text and field in self.bijoy else text

    def _read[T](self, field: str, parse: Callable[[str], T], *, hint: bool = False) -> T | None:
        """The parsed cell, or None for an empty one and for one with an error."""
        text = self._text(field)
        if not text:
            return None
        key = (field, text, hint)
        known = self._known.get(key)
        if known is not None:
            return known  # type: ignore[return-value]  # one field is always read by one function
        try:
            value = parse(text)
        except UserError as error:
            self._error(field, error.code, **error.params)
            return None
        if len(self._known) < _MEMORY:
            self._known[key] = value
        return value
