"""CSV in: which sign stands between the cells, and rows read one by one."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from pos.errors import EnvironmentFault, UserError
from pos.sheets.encoding import find_encoding
from pos.sheets.headings import known_headings
from pos.sheets.sheet import CELL_LIMIT, COLUMN_LIMIT, ROW_LIMIT, Sheet, SheetRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DELIMITERS: Final = (",", ";", "\t", "|")
_SEP_LINE: Final = re.compile(r'"?sep=(?P<sign>[^\r\n"])"?[\r\n]*', re.IGNORECASE)
_LOOKED_AT: Final = 20
# What a spreadsheet would run as a formula. Our own files put an apostrophe before it; another apostrophe
# before a text that already has one keeps the two apart.
_GUARDED: Final = re.compile(r"'+[=+\-@\t\r]")


@dataclass(frozen=True, slots=True)
class _Dialect:
    encoding: str
    delimiter: str
    skip_first: bool


def read_delimited(path: Path) -> Sheet:
    """The sheet in a CSV file; encoding and delimiter are found out.

    Raises:
        UserError: `encoding_unclear`, `sheet_empty`, and what reading the rows raises.
        EnvironmentFault: `sheet_unreadable`.
    """
    try:
        encoding = find_encoding(path)
        dialect = _dialect(path, encoding.name)
    except OSError as error:
        raise EnvironmentFault("sheet_unreadable", file=path.name) from error
    if next(_rows(path, dialect), None) is None:
        raise UserError("sheet_empty", file=path.name)
    return Sheet(
        path=path,
        kind="csv",
        title=path.name,
        encoding=encoding.name,
        delimiter=dialect.delimiter,
        total=encoding.lines,
        open_rows=lambda: _rows(path, dialect),
    )


def unguarded(text: str) -> str:
    """The text without the apostrophe that `writing` puts before what a spreadsheet would run."""
    return text[1:] if _GUARDED.match(text) else text


def _dialect(path: Path, encoding: str) -> _Dialect:
    with path.open(encoding=encoding, newline="") as file:
        said = _SEP_LINE.fullmatch(file.readline(64))
    if said:  # Excel's own first line; it does not count as a row
        return _Dialect(encoding, said["sign"], skip_first=True)
    best, best_score = ",", (0, 0, 0)
    for delimiter in _DELIMITERS:
        score = _score(path, _Dialect(encoding, delimiter, skip_first=False))
        if score > best_score:
            best, best_score = delimiter, score
    return _Dialect(encoding, best, skip_first=False)


def _score(path: Path, dialect: _Dialect) -> tuple[int, int, int]:
    """How well a delimiter fits: headings it uncovers, rows as wide as the first, columns."""
    try:
        rows = [row.cells for row in islice(_rows(path, dialect), _LOOKED_AT)]
    except UserError:
        return (0, 0, 0)
    if not rows or len(rows[0]) < 2:
        return (0, 0, 0)
    headings = max(known_headings(cells) for cells in rows)
    return headings, sum(len(cells) == len(rows[0]) for cells in rows), len(rows[0])


def _rows(path: Path, dialect: _Dialect) -> Iterator[SheetRow]:
    number = 0
    try:
        with path.open(encoding=dialect.encoding, newline="") as file:
            if dialect.skip_first:
                file.readline()
            # strict: an open quote would else swallow the rest of the file in silence.
            for cells in csv.reader(file, delimiter=dialect.delimiter, strict=True):
                number += 1
                if number > ROW_LIMIT:
                    raise UserError("sheet_too_long", file=path.name, limit=ROW_LIMIT)
                if any(cells) and not all(map(str.isspace, filter(None, cells))):
                    yield _row(path, number, cells)
    except csv.Error as error:
        raise _csv_error(path, number + 1, str(error)) from error
    except UnicodeDecodeError as error:  # the file was changed since its encoding was found
        raise UserError("encoding_unclear", file=path.name) from error
    except OSError as error:
        raise EnvironmentFault("sheet_unreadable", file=path.name) from error


def _row(path: Path, number: int, cells: list[str]) -> SheetRow:
    whole = "\n".join(cells)
    if len(whole) > CELL_LIMIT and max(map(len, cells)) > CELL_LIMIT:
        raise UserError("cell_too_long", file=path.name, row=number, limit=CELL_LIMIT)
    if "'" in whole:
        cells = [unguarded(text) for text in cells]
    while cells and not cells[-1]:
        cells.pop()
    return SheetRow(number, tuple(cells[:COLUMN_LIMIT]))


def _csv_error(path: Path, row: int, text: str) -> UserError:
    if "field limit" in text:
        return UserError("cell_too_long", file=path.name, row=row, limit=CELL_LIMIT)
    if "unexpected end" in text:
        return UserError("quote_open", file=path.name, row=row)
    return UserError("quote_broken", file=path.name, row=row)
