"""Which column holds what: headings in Bangla or English, in any order, spelt as people spell them."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from pos.domain.text import drop_invisible, fold_digits, shown
from pos.errors import EnvironmentFault, UserError
from pos.sheets.spellings import ANY_NAME, PRODUCTS, VARIANTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

Kind = Literal["products", "variants"]

PRODUCT_FIELDS: Final = (
    "sku", "name_bn", "name_en", "category", "unit", "cost", "price", "barcode", "sizes", "colours", "stock",
    "minimum", "fractions",
)  # fmt: skip
VARIANT_FIELDS: Final = ("sku", "variant_sku", "size", "colour", "barcode", "stock", "price")

IGNORED: Final = "-"
"""What a mapping file says of a column that is not to be read."""


def heading_key(text: str) -> str:
    """What is compared of a heading: letters, vowel signs and digits, without case and punctuation."""
    text = fold_digits(drop_invisible(unicodedata.normalize("NFKC", text))).casefold()
    return "".join(char for char in text if unicodedata.category(char)[0] in "LMN")


def _without_brackets(text: str) -> str:
    # "Price (Tk)", "দাম [টাকা]", "দাম, টাকা"
    for sign in "([{,:৳/":
        text = text.partition(sign)[0]
    return text


_FIELDS: Final[tuple[tuple[Kind, dict[str, str]], ...]] = (("products", PRODUCTS), ("variants", VARIANTS))
_KEYS: Final[Mapping[Kind, Mapping[str, str]]] = MappingProxyType(
    {
        kind: {heading_key(word): name for name, words in fields.items() for word in words.split("|")}
        for kind, fields in _FIELDS
    }
)
_ALL_KEYS: Final = frozenset(_KEYS["products"]) | frozenset(_KEYS["variants"])


def _known(heading: str, kind: Kind) -> str | None:
    keys = _KEYS[kind]
    return keys.get(heading_key(heading)) or keys.get(heading_key(_without_brackets(heading)))


def known_headings(cells: Iterable[str]) -> int:
    """How many different headings of any sheet are among the cells."""
    keys = {
        key
        for cell in cells
        if len(cell) <= 80
        for key in (heading_key(cell), heading_key(_without_brackets(cell)))
    }
    return len(keys & _ALL_KEYS)


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Where each field stands.

    Attributes:
        columns: field -> index of its column.
        headings: field -> heading as the vendor wrote it.
        ignored: headings of columns that are not read.
        guessed: headings that were misspelt -> the field they were taken for.
        used: keys of the mapping that named a column of this sheet.
    """

    columns: Mapping[str, int]
    headings: Mapping[str, str]
    ignored: tuple[str, ...] = ()
    guessed: Mapping[str, str] = field(default_factory=dict)
    used: frozenset[str] = frozenset()


def read_mapping(path: Path) -> dict[str, str]:
    """A mapping file: a JSON object of the vendor's heading (or column letter) -> field name.

    Raises:
        UserError: `mapping_broken` where it is no such object, `sheet_missing`.
        EnvironmentFault: `sheet_unreadable`.
    """
    try:
        if not path.is_file():
            raise UserError("sheet_missing", file=path.name)
        if path.stat().st_size > 1_000_000:
            raise UserError("mapping_broken", file=path.name)
        data = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise EnvironmentFault("sheet_unreadable", file=path.name) from error
    except (ValueError, RecursionError):
        raise UserError("mapping_broken", file=path.name) from None
    if not isinstance(data, dict) or not all(isinstance(value, str) for value in data.values()):
        raise UserError("mapping_broken", file=path.name)
    return data


def map_columns(header: Sequence[str], kind: Kind, mapping: Mapping[str, str] | None = None) -> ColumnMap:
    """Which column holds what.

    Args:
        header: cells of the heading row.
        kind: products or their variants.
        mapping: the vendor's heading, or the column's letter, -> field name or one of its spellings; `-` for
            a column that is not to be read. What it says wins.

    Raises:
        UserError: `column_twice` (names), `header_missing`, `columns_missing` (names, found),
            `mapping_field_unknown` (names, known).
    """
    table = _Table(header, kind)
    used = table.apply(mapping or {})
    table.recognise()
    table.settle_names()
    table.refuse_twice()
    guessed = table.guess()
    if not table.found:
        raise _no_header(header, kind)
    table.refuse_missing()
    columns = {name: indexes[0] for name, indexes in table.found.items()}
    taken = set(columns.values())
    return ColumnMap(
        columns=columns,
        headings={name: header[index].strip() for name, index in columns.items()},
        ignored=tuple(
            shown(text.strip()) for index, text in enumerate(header) if index not in taken and text.strip()
        ),
        guessed=guessed,
        used=used,
    )


def find_header(rows: Sequence[Sequence[str]], mapping: Mapping[str, str] | None = None) -> int:
    """Which of the first rows is the heading row: the first with two known headings, else the first at all.

    A price list often has a title in merged cells above its headings.
    """
    wanted = {heading_key(key) for key in mapping or {}}
    for index, cells in enumerate(rows):
        named = {heading_key(cell) for cell in cells} & wanted
        if len(named) + known_headings(cell for cell in cells if heading_key(cell) not in named) >= 2:
            return index
    return 0


class _Table:
    """The work of `map_columns`: fields and the columns that claim them."""

    def __init__(self, header: Sequence[str], kind: Kind) -> None:
        self.header = header
        self.kind = kind
        self.fields = PRODUCT_FIELDS if kind == "products" else VARIANT_FIELDS
        self.found: dict[str, list[int]] = {}
        self.spoken_for: set[int] = set()
        self.ruled: set[str] = set()

    def apply(self, mapping: Mapping[str, str]) -> frozenset[str]:
        used = set()
        unknown = []
        for said, name in mapping.items():
            indexes = self._named(said)
            target = self._field(name)
            if target is None:
                unknown.append(shown(name))
                continue
            if not indexes:
                continue
            used.add(said)
            self.spoken_for.update(indexes)
            if target in self.fields:
                self.found.setdefault(target, []).extend(indexes)
                self.ruled.add(target)
        if unknown:
            raise UserError("mapping_field_unknown", names=unknown, known=list(PRODUCT_FIELDS))
        return frozenset(used)

    def _named(self, said: str) -> list[int]:
        key = heading_key(said)
        indexes = [i for i, text in enumerate(self.header) if text.strip() and heading_key(text) == key]
        if indexes or not said.strip().isascii():
            return indexes
        index = _column_index(said.strip())
        return [index] if index is not None and index < len(self.header) else []

    def _field(self, name: str) -> str | None:
        if name.strip() in {"", IGNORED}:
            return IGNORED
        key = heading_key(name)
        for candidate in (*PRODUCT_FIELDS, *VARIANT_FIELDS):
            if heading_key(candidate) == key:
                return candidate
        target = _KEYS[self.kind].get(key)
        if target is None and key in _ALL_KEYS:
            return IGNORED  # a field of the other sheet
        return "name_bn" if target == ANY_NAME else target

    def recognise(self) -> None:
        for index, text in enumerate(self.header):
            if index in self.spoken_for or not text.strip():
                continue
            name = _known(text, self.kind)
            if name is not None and name not in self.ruled:
                self.found.setdefault(name, []).append(index)

    def settle_names(self) -> None:
        """A column that says only "name" is the Bangla one, or the English one beside a Bangla one."""
        plain = self.found.pop(ANY_NAME, None)
        if plain is None:
            # One name column is the name that is shown, in whatever script it is.
            if "name_en" in self.found and "name_bn" not in self.found and "name_bn" in self.fields:
                self.found["name_bn"] = self.found.pop("name_en")
            return
        if "name_bn" not in self.found:
            self.found["name_bn"] = plain
        elif "name_en" not in self.found:
            self.found["name_en"] = plain
        elif not {"name_bn", "name_en"} & self.ruled:
            self.found["name_bn"].extend(plain)

    def refuse_twice(self) -> None:
        names = [
            self.header[i].strip() for indexes in self.found.values() if len(indexes) > 1 for i in indexes
        ]
        if names:
            twice = [name for name, indexes in self.found.items() if len(indexes) > 1]
            letters = [column_letter(i) for name in twice for i in self.found[name]]
            raise UserError(
                "column_twice", names=[shown(name) for name in names], fields=twice, columns=letters
            )

    def guess(self) -> dict[str, str]:
        """Take misspelt headings for what they nearly say, where only one field is near."""
        taken = {index for indexes in self.found.values() for index in indexes} | self.spoken_for
        claims: dict[str, list[int]] = {}
        for index, text in enumerate(self.header):
            if index not in taken and (name := self._near(text)) is not None:
                claims.setdefault(name, []).append(index)
        guessed = {}
        for name, indexes in claims.items():
            if len(indexes) == 1 and name not in self.found:
                self.found[name] = indexes
                guessed[self.header[indexes[0]].strip()] = name
        return guessed

    def _near(self, text: str) -> str | None:
        from rapidfuzz.distance import OSA

        key = heading_key(_without_brackets(text))
        # One slip in a short word, two in a long one; in a shorter word a slip makes another word.
        slips = 0 if len(key) < 5 else 1 if len(key) < 8 else 2
        best: dict[str, int] = {}
        for word, name in _KEYS[self.kind].items():
            distance = OSA.distance(key, word, score_cutoff=slips)
            if distance <= slips:
                best[name] = min(distance, best.get(name, distance))
        nearest = [name for name, distance in best.items() if distance == min(best.values())]
        if len(nearest) != 1:
            return None
        return "name_bn" if nearest[0] == ANY_NAME else nearest[0]

    def refuse_missing(self) -> None:
        if self.kind == "products":
            missing = [name for name in ("name_bn", "price") if name not in self.found]
        else:
            missing = ["sku"] if "sku" not in self.found else []
            if not {"variant_sku", "size", "colour"} & set(self.found):
                missing.append("variant_sku")
        if missing:
            found = [shown(text.strip()) for text in self.header if text.strip()][:20]
            raise UserError("columns_missing", names=missing, field=missing, found=found)


def _no_header(header: Sequence[str], kind: Kind) -> UserError:
    """No heading was known: either there is none, or every one of them is foreign."""
    found = [shown(text.strip()) for text in header if text.strip()][:20]
    if any(char.isdigit() for text in header for char in text):
        return UserError("header_missing", found=found)
    names = ["name_bn", "price"] if kind == "products" else ["sku", "variant_sku"]
    return UserError("columns_missing", names=names, field=names, found=found)


def column_letter(index: int) -> str:
    """The letter of a column as a spreadsheet shows it: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _column_index(letters: str) -> int | None:
    if not (0 < len(letters) <= 2 and letters.isalpha() and letters.isupper()):
        return None
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1
