"""A catalogue out to CSV or XLSX: text stays text, nothing a spreadsheet would run, and never half a file."""

from __future__ import annotations

import csv
import io
import os
import re
import secrets
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Final

from pos.domain.money import plain_money
from pos.domain.quantity import plain_quantity
from pos.domain.units import fractions_by_default
from pos.errors import EnvironmentFault, UserError
from pos.sheets.headings import PRODUCT_FIELDS, VARIANT_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from openpyxl import Workbook

    from pos.sheets.rows import ProductRow, VariantRow

    Progress = Callable[[int, int | None], None]
    Cell = str | Decimal | None

_EVERY: Final = 500
# A cell that a spreadsheet would run, with the apostrophes that guard it already; `delimited` takes one off.
_RISKY: Final = re.compile(r"'*[=+\-@\t\r]")
_LOOKS_ESCAPED: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NOT_XML: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_WIDTHS: Final = {"name_bn": 32, "name_en": 28, "barcode": 16, "variant_sku": 14, "sizes": 16, "colours": 22}
_TEXT_FIELDS: Final = frozenset({"sku", "variant_sku", "barcode", "size", "colour", "sizes", "colours"})


@dataclass(frozen=True, slots=True)
class Written:
    """What an export made: the file, for a CSV a second one with the variants, and how many rows."""

    files: tuple[Path, ...]
    products: int
    variants: int


def write_catalogue(
    path: Path,
    products: Iterable[ProductRow],
    variants: Iterable[VariantRow] = (),
    *,
    progress: Progress | None = None,
) -> Written:
    """Write a catalogue that `parse_catalogue` reads back equal.

    Args:
        path: ends in `.csv` or `.xlsx`. A CSV's variants go into `NAME_variants.csv` beside it; a workbook
            holds them in a second sheet.
        products: taken one by one, so they may come straight from a query.
        variants: the same, after the products.
        progress: called now and then with rows done and None.

    Raises:
        UserError: `export_kind`.
        EnvironmentFault: `file_not_written`; what was there before is untouched.
    """
    count = _Count(progress)
    kind = path.suffix.lower()
    if "\0" in str(path):  # Python's own answer is a ValueError
        raise EnvironmentFault("file_not_written", file=path.name)
    if kind not in {".csv", ".xlsx"}:
        raise UserError("export_kind", file=path.name)
    try:
        if kind == ".csv":
            return _write_csv(path, products, variants, count)
        return _write_xlsx(path, products, variants, count)
    except OSError as error:
        raise EnvironmentFault("file_not_written", file=path.name) from error


def guarded(text: str) -> str:
    """Text for a CSV cell: an apostrophe stands before what a spreadsheet would take for a formula."""
    return f"'{text}" if _RISKY.match(text) else text


class _Count:
    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self.rows = 0

    def over(self, cells: Iterable[list[Cell]]) -> Iterator[list[Cell]]:
        for row in cells:
            yield row
            self.rows += 1
            if self._progress is not None and self.rows % _EVERY == 0:
                self._progress(self.rows, None)


def _product_cells(product: ProductRow) -> list[Cell]:
    default = fractions_by_default(product.unit)
    return [
        product.sku,
        product.name_bn,
        product.name_en,
        product.category,
        product.unit,
        _taka(product.cost_paisa),
        _taka(product.price_paisa),
        product.barcode,
        _options(product.sizes),
        _options(product.colours),
        _quantity(product.stock_milli),
        _quantity(product.minimum_milli),
        "" if product.fractions == default else ("yes" if product.fractions else "no"),
    ]


def _variant_cells(variant: VariantRow) -> list[Cell]:
    return [
        variant.product_sku,
        variant.variant_sku,
        variant.size,
        variant.colour,
        variant.barcode,
        _quantity(variant.stock_milli),
        _taka(variant.price_paisa),
    ]


def _taka(paisa: int | None) -> Decimal | None:
    return None if paisa is None else Decimal(plain_money(paisa).removesuffix(".00"))


def _quantity(milli: int | None) -> Decimal | None:
    return None if milli is None else Decimal(plain_quantity(milli))


def _options(options: tuple[str, ...]) -> str:
    # A single option with a comma in it would be read as several; a semicolon makes the comma a letter.
    return f"{options[0]};" if len(options) == 1 and "," in options[0] else ";".join(options)


def _write_csv(
    path: Path, products: Iterable[ProductRow], variants: Iterable[VariantRow], count: _Count
) -> Written:
    beside = path.with_name(f"{path.stem}_variants{path.suffix}")
    with ExitStack() as stack:
        first = stack.enter_context(_replacing(path))
        second = stack.enter_context(_replacing(beside))
        _csv_rows(first.file, PRODUCT_FIELDS, count.over(map(_product_cells, products)))
        done = count.rows
        _csv_rows(second.file, VARIANT_FIELDS, count.over(map(_variant_cells, variants)))
        # Both are whole on the disk before either takes its place. Old variants never stay beside new
        # products; without any variant, old or new, there is no second file.
        first.finish()
        wanted = count.rows > done or beside.exists()
        if wanted:
            second.finish()
        first.place()
        if wanted:
            second.place()
    return Written((path, beside) if wanted else (path,), done, count.rows - done)


def _csv_rows(file: IO[bytes], header: tuple[str, ...], rows: Iterable[list[Cell]]) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    text.detach()


def _write_xlsx(
    path: Path, products: Iterable[ProductRow], variants: Iterable[VariantRow], count: _Count
) -> Written:
    from openpyxl import Workbook
    from openpyxl.utils.exceptions import WorkbookAlreadySaved

    with _replacing(path) as target:
        book = Workbook(write_only=True)
        try:
            _xlsx_rows(book, "products", PRODUCT_FIELDS, count.over(map(_product_cells, products)))
            done = count.rows
            _xlsx_rows(book, "variants", VARIANT_FIELDS, count.over(map(_variant_cells, variants)))
            book.save(target.file)
        except BaseException:
            # A sheet that is dropped open complains when it is collected, long after its file is gone.
            for sheet in book.worksheets:
                with suppress(OSError, ValueError, WorkbookAlreadySaved):
                    sheet.close()
            raise
        target.finish()
        target.place()
    return Written((path,), done, count.rows - done)


def _xlsx_rows(book: Workbook, title: str, header: tuple[str, ...], rows: Iterable[list[Cell]]) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, name in enumerate(header, 1):
        column = sheet.column_dimensions[get_column_letter(number)]
        column.width = _WIDTHS.get(name, 11)
        if name in _TEXT_FIELDS:
            # What the vendor types below stays text too: no 2.1E+12, no 2-Apr.
            column.number_format = "@"

    def cell(value: Cell) -> object:
        if not isinstance(value, str):
            return value
        text = _xml_text(value)
        if text[:1] not in {"=", "#"}:
            return text or None
        forced = WriteOnlyCell(sheet, text)
        forced.data_type = "s"  # openpyxl takes "=1+1" for a formula and "#N/A" for an error
        return forced

    sheet.append(list(header))
    for row in rows:
        sheet.append([cell(value) for value in row])


def _xml_text(text: str) -> str:
    """Text as ECMA-376 keeps it: what XML cannot hold as `_xHHHH_`, and what looks like that escaped too."""
    if "_x" in text:
        text = _LOOKS_ESCAPED.sub("_x005F_", text)
    text = _NOT_XML.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    return text.encode("utf-8", "replace").decode()


class _Target:
    """A file that is written beside the one it will replace."""

    def __init__(self, path: Path, temporary: Path, file: IO[bytes]) -> None:
        self.file = file
        self._path = path
        self._temporary = temporary

    def finish(self) -> None:
        """Put every byte on the disk."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()

    def place(self) -> None:
        """Take the place of the old file."""
        self._temporary.replace(self._path)
        with suppress(OSError, AttributeError):  # Windows opens no folders
            folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


@contextmanager
def _replacing(path: Path) -> Iterator[_Target]:
    # A short name of its own: a long Bangla name leaves no room for an ending.
    temporary = path.with_name(f".{secrets.token_hex(6)}.tmp")
    with temporary.open("xb") as file:
        try:
            yield _Target(path, temporary, file)
        finally:
            # Gone already where it took its place; else it is half a file, whatever the reason.
            if not file.closed:
                with suppress(OSError):
                    file.close()
            with suppress(OSError):
                temporary.unlink()
