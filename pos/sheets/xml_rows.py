"""The XML inside a workbook, read as a stream: rows, shared strings and tags, with every size bounded.

A document type is refused before anything of it is read: no entity is expanded and nothing is fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import IO, TYPE_CHECKING, Final
from xml.parsers import expat

from pos.errors import UserError
from pos.sheets.sheet import CELL_LIMIT, COLUMN_LIMIT, NO_MARKS, ROW_LIMIT, Mark, SheetRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.parsers.expat import XMLParserType

_CHUNK: Final = 1 << 16
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_STRING_LIMIT: Final = 5_000_000
# Excel keeps 15 digits of a number and puts noughts in place of the rest.
_DIGITS_KEPT: Final = 15


@dataclass(frozen=True, slots=True)
class DateStyles:
    """Numbers of the cell styles that show a date, and whether day 0 is in 1904."""

    styles: frozenset[str]
    date1904: bool


def parse_tags(part: IO[bytes], file: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every opening tag of a small part, by local name, with its attributes.

    Raises:
        UserError: `sheet_has_dtd`.
        ExpatError: the XML is broken.
    """
    found: list[tuple[str, dict[str, str]]] = []
    parser = _parser(file)
    parser.StartElementHandler = lambda name, attributes: found.append((_local(name), attributes))
    for _ in _fed(parser, part):
        yield from found
        found.clear()


def parse_strings(part: IO[bytes], file: str) -> list[str]:
    """The shared strings in their order, without the small print of phonetic hints.

    Raises:
        UserError: `sheet_has_dtd`, `sheet_bomb`.
        ExpatError: the XML is broken.
    """
    texts = _Strings(file)
    for _ in _fed(texts.parser, part):
        pass
    return texts.found


def parse_sheet(part: IO[bytes], file: str, strings: list[str], dates: DateStyles) -> Iterator[SheetRow]:
    """The rows of a sheet that hold something.

    Raises:
        UserError: `sheet_has_dtd`, `cell_too_long`, `sheet_too_long`.
        ExpatError, ValueError, IndexError: the XML is broken.
    """
    rows = _Rows(file, strings, dates)
    for _ in _fed(rows.parser, part):
        rows.refuse_endless_text()
        yield from rows.found
        rows.found.clear()


def _parser(file: str) -> XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise UserError("sheet_has_dtd", file=file)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def _fed(parser: XMLParserType, part: IO[bytes]) -> Iterator[None]:
    while chunk := part.read(_CHUNK):
        parser.Parse(chunk, False)  # noqa: FBT003 - expat's own signature
        yield
    parser.Parse(b"", True)  # noqa: FBT003
    yield


def _local(name: str) -> str:
    return name.rpartition(":")[2] if ":" in name else name


def unescaped(text: str) -> str:
    """Text of a cell with `_x000D_` and its like as the characters they stand for (ECMA-376, ST_Xstring)."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class _Strings:
    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[str] = []
        self._text: list[str] = []
        self._length = 0
        self._phonetic = False
        self.parser = _parser(file)
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, name: str, _: dict[str, str]) -> None:
        name = _local(name)
        if name == "t" and not self._phonetic:
            self.parser.CharacterDataHandler = self._add
        elif name == "rPh":
            self._phonetic = True

    def _add(self, data: str) -> None:
        self._length += len(data)
        if self._length <= CELL_LIMIT + 1:  # what is too long is refused with its row, when a cell uses it
            self._text.append(data)

    def _end(self, name: str) -> None:
        name = _local(name)
        if name == "t":
            self.parser.CharacterDataHandler = None
        elif name == "rPh":
            self._phonetic = False
        elif name == "si":
            self.found.append(unescaped("".join(self._text)))
            self._text.clear()
            self._length = 0
            if len(self.found) > _STRING_LIMIT:
                raise UserError("sheet_bomb", file=self.file)


class _Rows:
    def __init__(self, file: str, strings: list[str], dates: DateStyles) -> None:
        self.found: list[SheetRow] = []
        self._file = file
        self._strings = strings
        self._dates = dates
        self._columns: dict[str, int] = {}
        self._number = 0
        self._cells: list[str] = []
        self._marks: dict[int, Mark] = {}
        self._column = -1
        self._type = "n"
        self._style = "0"
        self._formula = False
        self._phonetic = False
        self._text: list[str] = []
        self.parser = _parser(file)
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        # Asked for every tag of the file: the commonest first, and no call where none is needed.
        if ":" in name:
            name = _local(name)
        if name == "c":
            self._start_cell(attributes)
        elif name in {"v", "t"}:
            if not self._phonetic:
                self.parser.CharacterDataHandler = self._text.append
        elif name == "row":
            self._start_row(attributes)
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._phonetic = True

    def _end(self, name: str) -> None:
        if ":" in name:
            name = _local(name)
        if name == "c":
            self._end_cell()
        elif name in {"v", "t"}:
            self.parser.CharacterDataHandler = None
        elif name == "row":
            self._end_row()
        elif name == "rPh":
            self._phonetic = False

    def refuse_endless_text(self) -> None:
        """Stop a cell that grows from chunk to chunk, before it has filled the memory."""
        if sum(map(len, self._text)) > CELL_LIMIT + _CHUNK:
            raise UserError("cell_too_long", file=self._file, row=self._number, limit=CELL_LIMIT)

    def _start_row(self, attributes: dict[str, str]) -> None:
        said = attributes.get("r")
        self._number = int(said) if said is not None and len(said) < 9 else self._number + 1
        if not 0 < self._number <= ROW_LIMIT:
            raise UserError("sheet_too_long", file=self._file, limit=ROW_LIMIT)
        self._cells = []
        self._marks = {}
        self._column = -1

    def _end_row(self) -> None:
        cells = self._cells
        while cells and not cells[-1] and len(cells) - 1 not in self._marks:
            cells.pop()
        if self._marks or "".join(cells).strip():
            self.found.append(SheetRow(self._number, tuple(cells), self._marks or NO_MARKS))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        if place is None:
            self._column += 1
        else:
            letters = place.rstrip("0123456789")
            column = self._columns.get(letters)
            if column is None:
                column = self._columns[letters] = _column_index(letters)
            self._column = column
        self._type = attributes.get("t", "n")
        self._style = attributes.get("s", "0")
        self._formula = False
        self._text = []

    def _end_cell(self) -> None:
        column = self._column
        if column >= COLUMN_LIMIT:
            return
        text = "".join(self._text)
        mark: Mark | None = None
        if text:
            kind = self._type
            if kind == "s":
                text = self._strings[int(text)]
            elif kind == "n":
                text, mark = self._number_text(text)
            elif kind in {"inlineStr", "str"}:
                text = unescaped(text)
            elif kind == "e":
                mark = Mark.FAULT
            elif kind == "b":
                text = "TRUE" if text == "1" else "FALSE"
            elif kind == "d":
                text, mark = text[:10], Mark.DATE
            if len(text) > CELL_LIMIT:
                raise UserError("cell_too_long", file=self._file, row=self._number, limit=CELL_LIMIT)
        if self._formula and mark is None:
            mark = Mark.FORMULA if text or self._type == "str" else Mark.FORMULA_UNSAVED
        if not text and mark is None:
            return
        cells = self._cells
        if column < len(cells):
            cells[column] = text
        else:
            if len(cells) < column:
                cells.extend([""] * (column - len(cells)))
            cells.append(text)
        if mark is not None:
            self._marks[column] = mark

    def _number_text(self, text: str) -> tuple[str, Mark | None]:
        if self._style in self._dates.styles:
            return _date_text(text, date1904=self._dates.date1904), Mark.DATE
        if text.isdigit() and text.isascii() and len(text) <= _DIGITS_KEPT:
            return text.lstrip("0") or "0", None
        return _plain_number(text)


def _plain_number(text: str) -> tuple[str, Mark | None]:
    """A number as a spreadsheet shows it: 15 digits, no exponent, no noughts behind the point."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text, Mark.FAULT
    if not value.is_finite() or abs(value.adjusted()) > 40:
        return text, Mark.FAULT
    exact = Decimal(f"{value:.{_DIGITS_KEPT - 1}E}")
    mark = Mark.DIGITS_LOST if value.adjusted() >= _DIGITS_KEPT else None
    plain = f"{exact:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return ("0" if plain == "-0" else plain), mark


def _date_text(text: str, *, date1904: bool) -> str:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

    try:
        value = from_excel(float(text), CALENDAR_MAC_1904 if date1904 else CALENDAR_WINDOWS_1900)
    except (ValueError, OverflowError):
        return text
    return str(value)[:10]


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters:
        digit = ord(letter) - 64
        if not 0 < digit < 27:
            raise ValueError(letters)
        index = index * 26 + digit
    if not 0 < index <= 16_384:
        raise ValueError(letters)
    return index - 1
