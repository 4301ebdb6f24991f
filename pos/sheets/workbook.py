"""XLSX in: the package is looked over before anything is unpacked, then its sheets are read row by row.

The rows are read with expat and not with openpyxl: 200,000 rows took openpyxl several times as long, it
cannot say which cell holds a formula beside the saved value, and it builds a whole row in memory however long
it is (docs/decisions/0020-sheets.md).
"""

from __future__ import annotations

import re
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Final
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

from pos.errors import EnvironmentFault, UserError
from pos.sheets.sheet import Sheet
from pos.sheets.xml_rows import DateStyles, parse_sheet, parse_strings, parse_tags

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from zipfile import ZipInfo

    from pos.sheets.sheet import SheetRow

ENTRY_LIMIT: Final = 2000
"""Parts inside a workbook; one with a hundred sheets and pictures has a few hundred."""
UNPACKED_LIMIT: Final = 400 * 1024 * 1024
"""Declared bytes of all parts together; 200,000 products take about 100 MB."""
RATIO_LIMIT: Final = 150
"""Declared bytes per packed byte of a part over 1 MB; sheets of real shops stay under 40."""
_SMALL: Final = 1024 * 1024

_NOT_XLSX: Final = (
    ("Index/Document.iwa", "Numbers"),
    ("Index.zip", "Numbers"),
    ("word/document.xml", "DOCX"),
    ("ppt/presentation.xml", "PPTX"),
    ("xl/workbook.bin", "XLSB"),
)
_VARIANT_TITLES: Final = frozenset({"variants", "variant", "ধরন", "ভ্যারিয়েন্ট"})
_DAMAGE: Final = (
    BadZipFile,
    ExpatError,
    KeyError,
    ValueError,
    IndexError,
    zlib.error,
    EOFError,
    NotImplementedError,
)


@dataclass(frozen=True, slots=True)
class _Tab:
    title: str
    part: str


@dataclass(frozen=True, slots=True)
class _Book:
    """What is shared by the sheets of one workbook."""

    path: Path
    tabs: tuple[_Tab, ...]
    strings_part: str | None
    dates: DateStyles


def read_workbook(path: Path) -> Sheet:
    """The first visible sheet of a workbook that holds something; a sheet named `variants` comes with it.

    Raises:
        UserError: `sheet_kind`, `sheet_damaged`, `sheet_bomb`, `sheet_has_dtd`, `sheet_empty`.
        EnvironmentFault: `sheet_unreadable`.
    """
    with _faults(path), ZipFile(path) as package:
        _look_over(path, package)
        book = _book(path, package)
        strings = _strings(book, package)
    products: tuple[_Tab, Callable[[], Iterator[SheetRow]]] | None = None
    variants: Sheet | None = None
    for tab in book.tabs:
        is_variants = tab.title.strip().casefold() in _VARIANT_TITLES
        if variants is not None if is_variants else products is not None:
            continue
        opener = _opener(book, tab, strings)
        if next(opener(), None) is None:
            continue
        if is_variants:
            variants = _sheet(book, tab, opener, None)
        else:
            products = (tab, opener)
    if products is None:
        if variants is None:
            raise UserError("sheet_empty", file=path.name)
        return variants
    return _sheet(book, *products, variants)


def _sheet(book: _Book, tab: _Tab, opener: Callable[[], Iterator[SheetRow]], variants: Sheet | None) -> Sheet:
    with _faults(book.path), ZipFile(book.path) as package, package.open(tab.part) as part:
        # Written before the rows, and at times wrong: good enough for a progress bar.
        said = re.search(rb'<(?:\w+:)?dimension ref="[A-Z]+\d+:[A-Z]+(\d{1,7})"', part.read(4096))
    return Sheet(
        path=book.path,
        kind="xlsx",
        title=tab.title,
        encoding="utf-8",
        delimiter="",
        total=int(said[1]) if said else None,
        open_rows=opener,
        variants=variants,
    )


def _opener(book: _Book, tab: _Tab, strings: list[str]) -> Callable[[], Iterator[SheetRow]]:
    def rows() -> Iterator[SheetRow]:
        with _faults(book.path), ZipFile(book.path) as package, package.open(tab.part) as part:
            yield from parse_sheet(part, book.path.name, strings, book.dates)

    return rows


@contextmanager
def _faults(path: Path) -> Iterator[None]:
    """A damaged or unreadable file as one of our errors; ours pass through."""
    try:
        yield
    except _DAMAGE as error:
        raise UserError("sheet_damaged", file=path.name) from error
    except RuntimeError as error:  # zipfile's word for a part with a password
        raise UserError("sheet_locked", file=path.name) from error
    except OSError as error:
        raise EnvironmentFault("sheet_unreadable", file=path.name) from error


def _look_over(path: Path, package: ZipFile) -> None:
    """Refuse by what the package says of itself; zipfile never unpacks more of a part than is declared."""
    parts = package.infolist()
    names = {part.filename for part in parts}
    for name, kind in _NOT_XLSX:
        if name in names:
            raise UserError("sheet_kind", file=path.name, kind=kind)
    if "mimetype" in names and "content.xml" in names:
        raise UserError("sheet_kind", file=path.name, kind="ODS")
    if "[Content_Types].xml" not in names:
        raise UserError("sheet_kind", file=path.name, kind="ZIP")
    if len(parts) > ENTRY_LIMIT or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
        raise UserError("sheet_bomb", file=path.name)
    if any(_swells(part) for part in parts):
        raise UserError("sheet_bomb", file=path.name)
    if len(names) < len(parts):
        raise UserError("sheet_damaged", file=path.name)


def _swells(part: ZipInfo) -> bool:
    return part.file_size > _SMALL and part.file_size > RATIO_LIMIT * max(1, part.compress_size)


def _book(path: Path, package: ZipFile) -> _Book:
    main = _related(package, "", "officeDocument")
    if main is None:
        raise UserError("sheet_damaged", file=path.name)
    targets = {identity: target for identity, _, target in _relations(package, main)}
    tabs = []
    date1904 = False
    with package.open(main) as part:
        for name, attributes in parse_tags(part, path.name):
            if name == "workbookPr":
                date1904 = attributes.get("date1904") in {"1", "true"}
            elif name == "sheet" and attributes.get("state", "visible") == "visible":
                target = targets.get(_attribute(attributes, "id"))
                if target in package.NameToInfo:
                    tabs.append(_Tab(attributes.get("name", ""), target))
    return _Book(path, tuple(tabs), _related(package, main, "sharedStrings"), _dates(package, main, date1904))


def _attribute(attributes: dict[str, str], local: str) -> str:
    return next(
        (value for key, value in attributes.items() if key.rpartition(":")[2] == local and ":" in key), ""
    )


def _relations(package: ZipFile, source: str) -> list[tuple[str, str, str]]:
    """(id, kind, part) of what a part of the package points at; "" is the package itself."""
    folder, _, file = source.rpartition("/")
    name = f"{folder}/_rels/{file}.rels".lstrip("/") if source else "_rels/.rels"
    if name not in package.NameToInfo:
        return []
    with package.open(name) as part:
        found = [attributes for tag, attributes in parse_tags(part, name) if tag == "Relationship"]
    return [
        (
            attributes.get("Id", ""),
            attributes.get("Type", "").rpartition("/")[2],
            _resolve(source, attributes.get("Target", "")),
        )
        for attributes in found
        if attributes.get("TargetMode") != "External"
    ]


def _resolve(source: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(join(dirname(source), target))


def _related(package: ZipFile, source: str, kind: str) -> str | None:
    parts = [part for _, found, part in _relations(package, source) if found == kind]
    return parts[0] if parts and parts[0] in package.NameToInfo else None


def _strings(book: _Book, package: ZipFile) -> list[str]:
    if book.strings_part is None:
        return []
    with package.open(book.strings_part) as part:
        return parse_strings(part, book.path.name)


def _dates(package: ZipFile, main: str, date1904: bool) -> DateStyles:
    """Which cell styles show a number as a date."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

    styles = _related(package, main, "styles")
    formats: dict[int, str] = dict(BUILTIN_FORMATS)
    used: list[int] = []
    in_cells = False
    if styles is not None:
        with package.open(styles) as part:
            for name, attributes in parse_tags(part, styles):
                if name == "numFmt":
                    formats[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
                elif name in {"cellXfs", "cellStyleXfs", "cellStyles"}:
                    in_cells = name == "cellXfs"
                elif name == "xf" and in_cells:
                    used.append(int(attributes.get("numFmtId", "0")))
    dates = frozenset(
        str(index) for index, number in enumerate(used) if is_date_format(formats.get(number, ""))
    )
    return DateStyles(dates, date1904)
