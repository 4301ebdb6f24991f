"""Which encoding a text file is in: told where it can be known, refused where it would be a guess.

A wrong guess turns every name into mojibake that nobody notices until it is printed, so anything that does
not prove itself is refused with the cure: save as "CSV UTF-8" or as .xlsx.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pos.errors import UserError
from pos.sheets.bijoy import looks_like_bijoy

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK: Final = 1 << 20
_SAMPLE: Final = 1 << 16
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the start of this one
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Typographic signs that Western Windows programs put into otherwise plain English.
_PLAIN_SIGNS: Final = frozenset("‘’“”–—…•·\u00a0£€¥¢©®™°±½¼¾×²³§«»")
# UTF-8 Bangla read as Windows-1252: only a damaged UTF-8 file shows it.
_BROKEN_UTF8: Final = re.compile("à[¦§]")
_FOREIGN_LETTERS: Final = re.compile(r"[^\x00-\x7f]+")


@dataclass(frozen=True, slots=True)
class Encoding:
    """Python's name of an encoding, and how many line ends the file has in it."""

    name: str
    lines: int


def find_encoding(path: Path) -> Encoding:
    """The encoding of a text file, proven over its whole length.

    Raises:
        UserError: `encoding_unclear`; `sheet_unknown` for bytes that are no text at all.
    """
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    for bom, name in _BOMS:
        if start.startswith(bom):
            return _proven(path, name) or _unclear(path)
    if b"\x00" in start:
        wide = _utf16_without_mark(start)
        found = _proven(path, wide) if wide else None
        if found is None and start.count(b"\x00") * 20 > len(start):
            raise UserError("sheet_unknown", file=path.name)
        if found is not None:
            return found
    return _proven(path, "utf-8") or _legacy(path)


def _unclear(path: Path) -> Encoding:
    raise UserError("encoding_unclear", file=path.name)


def _proven(path: Path, name: str) -> Encoding | None:
    decoder = codecs.getincrementaldecoder(name)()
    newlines = returns = pairs = 0
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                text = decoder.decode(chunk)
                newlines += text.count("\n")
                returns += text.count("\r")
                pairs += text.count("\r\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return None
    return Encoding(name, newlines + returns - pairs)


def _utf16_without_mark(start: bytes) -> str | None:
    # Commas and line ends are ASCII: their high byte is the NUL that gives the order of bytes away.
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if len(start) < 4 or max(even, odd) <= 4 * min(even, odd):
        return None
    name = "utf-16-le" if odd > even else "utf-16-be"
    text = start[: len(start) // 2 * 2].decode(name, errors="ignore")
    strange = sum(unicodedata.category(char) in {"Cn", "Co", "Cs"} or char == "\x00" for char in text)
    return name if strange * 50 <= len(text) else None


def _legacy(path: Path) -> Encoding:
    """Windows-1252, if the text proves it: Bijoy fonts, typographic signs, or Western letters."""
    data = path.read_bytes()
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return _unclear(path)
    lines = len(re.findall("\r\n|\r|\n", text))
    if _BROKEN_UTF8.search(text):
        return _unclear(path)
    cells = re.split("[,;\t|\r\n]", text[: _SAMPLE * 4])
    foreign = set("".join(_FOREIGN_LETTERS.findall(text)))
    if looks_like_bijoy(cells) or foreign <= _PLAIN_SIGNS or _western(data, text):
        return Encoding("cp1252", lines)
    return _unclear(path)


def _western(data: bytes, text: str) -> bool:
    """Whether the statistics of charset-normalizer agree that this is Western European text."""
    from charset_normalizer import from_bytes

    # A word made of foreign letters only is Greek, Cyrillic or Thai in another code page.
    if re.search(r"(?<![A-Za-z])[^\x00-\xbf]{3,}(?![A-Za-z])", text):
        return False
    best = from_bytes(data[:_SAMPLE]).best()
    return best is not None and not {"cp1252", "latin_1"}.isdisjoint(best.could_be_from_charset)
