"""One row of a sheet as a typed row: what each cell may hold, and what is wrong with it otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar, cast

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

_Value = TypeVar("_Value")

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
        kind: products or variants.
        errors, warnings: what was found so far.
        bijoy: fields whose text is converted from Bijoy before anything else.
    """

    def __init__(
        self, kind: Kind, columns: ColumnMap, bijoy: frozenset[str], *, strict_width: int | None
    ) -> None:
        self.errors: list[RowError] = []
        self.warnings: list[RowWarning] = []
        self.kind = kind
        self._fields = {index: field for field, index in columns.columns.items()}
        self._order = [self._fields.get(index, "") for index in range(max(self._fields) + 1)]
        self._width = strict_width
        wanted = {heading_key(name) for name in bijoy}
        self.bijoy = frozenset(
            field
            for field in columns.columns
            if heading_key(field) in wanted or heading_key(columns.headings[field]) in wanted
        )
        self._formulas: dict[str, RowWarning] = {}
        # The same unit, category, price and stock stand in many rows: read once, remembered.
        self._known: dict[tuple[str, str, str], object] = {}
        self._row = 0
        self._cells: dict[str, str] = {}
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
            category=self._read("category", lambda text: clean(text, field="category", limit=CATEGORY_LIMIT))
            or "",
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

    def refuse(self, row: int, field: str, code: str, /, **params: object) -> None:
        """Note an error that only a comparison of rows can find."""
        self.errors.append(RowError(row, field, code, {"field": field} | params, self.kind))

    def warn(self, row: int, field: str, code: str, /, **params: object) -> None:
        """Note something the vendor should look at."""
        self.warnings.append(RowWarning(row, field, code, {"field": field} | params, self.kind))

    def finish(self) -> None:
        """Add the warnings that stand for a whole column."""
        self.warnings.extend(self._formulas.values())

    def _begin(self, row: SheetRow) -> None:
        self._row = row.number
        self._cells = dict(zip(self._order, row.cells, strict=False))
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
                self._row, field, "formula_value", {"field": field, "text": shown(text)}, self.kind
            )

    def _error(self, field: str, code: str, /, **params: object) -> None:
        self._failed.add(field)
        self.errors.append(RowError(self._row, field, code, {"field": field} | params, self.kind))

    def _text(self, field: str) -> str:
        text = self._cells.get(field)
        if not text or field in self._failed:
            return ""
        text = text.strip()
        return convert_bijoy(text) if field in self.bijoy else text

    def _read(self, field: str, parse: Callable[[str], _Value], rule: str = "") -> _Value | None:
        """The parsed cell, or None for an empty one and for one with an error.

        `rule` names whatever the result depends on beside the text.
        """
        text = self._text(field)
        if not text:
            return None
        key = (field, rule, text)
        known = self._known.get(key)
        if known is not None:
            return cast("_Value", known)  # one field is always read by one function
        try:
            value = parse(text)
        except UserError as error:
            self._error(field, error.code, **error.params)
            return None
        if len(self._known) < _MEMORY:
            self._known[key] = value
        return value

    def _fractions(self, unit: str) -> bool:
        text = self._text("fractions")
        if not text:
            return fractions_by_default(unit)
        said = heading_key(text)
        if said in _YES or said in _NO:
            return said in _YES
        self._error("fractions", "yes_or_no", text=shown(text))
        return fractions_by_default(unit)

    def _names(self) -> tuple[str, str]:
        bangla, english = self._text("name_bn"), self._text("name_en")
        # A product with an English name only is shown by that name.
        bangla = self._name("name_bn", bangla or english)
        return bangla, self._name("name_en", english) if english else ""

    def _name(self, field: str, text: str) -> str:
        if field in self._failed:
            return ""
        if _is_plain(text):
            return text
        try:
            return clean_name(text, field=field)
        except UserError as error:
            self._error(field, error.code, **error.params)
            return ""

    def _sku(self, field: str) -> str | None:
        text = self._text(field)
        if not text:
            return None
        if "+" in text and _SCIENTIFIC.fullmatch(text):
            self._error(field, "digits_lost", text=shown(text))
            return None
        if len(text) > SKU_LIMIT or not _is_plain(text):
            try:
                text = fold_digits(clean_name(text, field=field, limit=SKU_LIMIT))
            except UserError as error:
                self._error(field, error.code, **error.params)
                return None
        if any(map(str.isspace, text)):
            self._error(field, "sku_unclear", text=shown(text))
            return None
        return text

    def _price(self, *, needed: bool) -> int | None:
        text = self._text("price")
        if not text:
            if needed and "price" not in self._failed:
                self._error("price", "price_missing")
            return None
        paisa = self._read("price", lambda text: parse_money(text, field="price"))
        if paisa == 0:
            self._error("price", "price_zero")
        return paisa

    def _barcode(self) -> str | None:
        text = self._text("barcode")
        if not text:
            return None
        code = fold_digits(text)
        if _SCIENTIFIC.fullmatch(code):
            self._error("barcode", "digits_lost", text=shown(text))
            return None
        if _GROUPED_DIGITS.fullmatch(code):
            code = code.replace(" ", "").replace("-", "")
        if not _BARCODE.fullmatch(code):
            self._error("barcode", "barcode_unclear", text=shown(text))
            return None
        if not check_digit_fits(code):
            if len(code) >= 12 and code.endswith("000000"):
                self._error("barcode", "digits_lost", text=shown(text))
                return None
            self.warn(self._row, "barcode", "barcode_check", text=code)
        return code

    def _quantity(self, field: str, unit: str, *, fractions: bool) -> int | None:
        text = self._text(field)
        if text.isascii() and text.isdigit() and len(text) < 6:
            return int(text) * 1000
        rule = f"{unit} {fractions}"
        return self._read(field, lambda text: _stock(text, unit, fractions=fractions, field=field), rule)

    def _options(self, field: str) -> tuple[str, ...]:
        return self._read(field, lambda text: _parts(text, field)) or ()


def _is_plain(text: str) -> bool:
    """Whether `clean_name` would give this trimmed text back unchanged; cheap, and asked for every name."""
    return text.isascii() and 0 < len(text) <= 200 and text.isprintable()


def check_digit_fits(code: str) -> bool:
    """Whether the last digit of an EAN-8, UPC-A, EAN-13 or GTIN-14 is right; other codes have none (GS1)."""
    if len(code) not in {8, 12, 13, 14} or not code.isdigit():
        return True
    weighted = sum(
        int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(code[:-1]))
    )
    return (weighted + int(code[-1])) % 10 == 0


def _stock(text: str, unit: str, *, fractions: bool, field: str) -> int:
    """Thousandths of the unit; nought is a stock too, and so is `10 kg` of a product in kg."""
    plain = number_text(text)
    if _ZERO.fullmatch(plain):
        return 0
    if _SIGNED.match(plain):
        raise UserError("quantity_negative", field=field, text=shown(text))
    number, _, word = plain.rpartition(" ")
    if number and _same_unit(word, unit):
        plain = number
    return parse_quantity(plain, fractions=fractions, field=field)


def _same_unit(word: str, unit: str) -> bool:
    try:
        return canonical_unit(word, field="unit") == unit
    except UserError:
        return False


def _parts(text: str, field: str) -> tuple[str, ...]:
    """`S;M;L` apart; commas part them only where no semicolon does."""
    parts = _PART.split(text) if _PART.search(text) else text.split(",")
    cleaned = (clean(part, field=field, limit=OPTION_LIMIT) for part in parts)
    return tuple(dict.fromkeys(part for part in cleaned if part))
