"""Setting text in a space: what can be printed, how wide it is, where it wraps and where it is elided.

Widths are millimetres, sizes points. Text is never markup: whatever a name holds is set as it was typed.
The rules are those of the paper design: wrap at spaces with lines of like length, elide at a cluster's edge,
break a word that is wider than its column at a cluster's edge, and print no empty box for anything.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from pos.printing.faces import Weight, shipped_face

MM_PER_POINT = 25.4 / 72
ELLIPSIS = "…"

_LINE_ENDS = re.compile(r"[,\s]*[\n\r\v\f\x85\u2028\u2029]\s*")
# Pictographs, flags and skin tones; dingbats, stars and clocks from the older blocks.
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff]")
_SPACES = re.compile(r"\s+")
_ZERO_WIDTH_SPACE = "\u200b"
_JOINERS = "\u200c\u200d"
_VIRAMA = "\u09cd"
# Bangla digits rise to about 0.6 of the size and stand on the baseline.
_MIDDLE = 0.34
# A dash or dot between two parts ends a line; it never begins one.
_HANGING = {"–", "·"}
# More than any field of a paper can show: it bounds the work that an endless text makes.
_LONGEST_TEXT = 1_000
# No syllable of any language written with Bangla letters comes near this; a prank of stacked marks does.
_LONGEST_CLUSTER = 12


@dataclass(frozen=True, slots=True)
class Style:
    """Size in points and weight of a line of text; rank on paper is made of these two alone."""

    size: float
    weight: Weight = 400

    def at(self, size: float) -> Style:
        """The same weight at another size."""
        return Style(size, self.weight)


@lru_cache(maxsize=4096)
def printable(text: str) -> str:
    """What the font can show of a text, in NFC.

    A line end becomes a comma, № becomes নং; an emoji, a tab or a control becomes a space; joiners stay where
    they shape Bangla; whatever else the font lacks is dropped, since an empty box would say less.
    """
    coverage = shipped_face(400).coverage
    text = unicodedata.normalize("NFC", text.strip()[:_LONGEST_TEXT])
    text = _LINE_ENDS.sub(", ", text).replace("№", "নং")
    kept: list[str] = []
    base = ""  # the last letter or mark that was kept, joiners aside
    joined = 0  # how many characters hang on the cluster that is being read
    for character in text:
        category = unicodedata.category(character)
        if character in _JOINERS:
            if base and "\u0980" <= base <= "\u09ff":
                kept.append(character)
            continue
        if category in {"Cc", "Zs"} or (ord(character) not in coverage and _EMOJI.match(character)):
            character = " "  # noqa: PLW2901
        elif ord(character) not in coverage or category == "Cf" or character == _ZERO_WIDTH_SPACE:
            continue
        hangs = category.startswith("M") or (base == _VIRAMA and category == "Lo")
        joined = joined + 1 if hangs else 0
        if joined < _LONGEST_CLUSTER:
            kept.append(character)
            base = character
    return _SPACES.sub(" ", "".join(kept)).strip()


def width(text: str, style: Style) -> float:
    """Width of one line in millimetres."""
    return _advance(printable(text), style)


def shrunk(text: str, style: Style, limit: float) -> Style:
    """The style, or as much smaller a one as brings the text into `limit`: for what is never cut."""
    wide = width(text, style)
    return style if wide <= limit else style.at(style.size * limit / wide)


def baseline(middle: float, style: Style) -> float:
    """Where the baseline of figures lies whose height is to be centred on `middle`."""
    return middle + _MIDDLE * style.size * MM_PER_POINT


def elide(text: str, style: Style, limit: float) -> str:
    """The text, or as many whole clusters of it as fit `limit` millimetres together with `…`."""
    text = printable(text)
    if _advance(text, style) <= limit:
        return text
    room = limit - _advance(ELLIPSIS, style)
    kept = ""
    for cluster in shipped_face(style.weight).shape(text):
        room -= cluster.advance / 1000 * style.size * MM_PER_POINT
        if room < 0:
            break
        kept += cluster.text
    return kept.rstrip(" ,·-–") + ELLIPSIS


def wrap(text: str, style: Style, limit: float, max_lines: int = 1_000) -> list[str]:
    """Lines of at most `limit` millimetres, of like length; what is beyond `max_lines` is elided."""
    pieces = _pieces(printable(text), style, limit)
    lines = _fill(pieces, style, limit)
    if len(lines) > max_lines:
        kept = [_join(line) for line in lines[: max_lines - 1]]
        rest = [piece for line in lines[max_lines - 1 :] for piece in line]
        # More than one line of the rest is never shown, so no more than two need be joined.
        shown = rest[: len(lines[max_lines - 1]) + len(lines[max_lines])]
        last = elide(_join(shown), style, limit)
        return [*kept, last if last.endswith(ELLIPSIS) else elide(last + ELLIPSIS, style, limit)]
    return [_join(line) for line in _balance(pieces, lines, style, limit)]


def wrap_parts(text: str, style: Style, limit: float, max_lines: int = 1_000) -> list[str]:
    """As `wrap`, for parts with a dot between them: where a line ends, the break is separator enough."""
    return [line.removesuffix("·").rstrip() for line in wrap(text, style, limit, max_lines)]


def wrap_words(text: str, style: Style, limit: float, max_lines: int) -> list[str]:
    """As `wrap_parts`; what is beyond `max_lines` loses its last words, never half of one."""
    words = printable(text).split(" ")
    widths = accumulate(_advance(word, style) for word in words)
    most = sum(1 for used in widths if used <= max_lines * limit)
    for kept in range(most, 0, -1):
        shown = " ".join(words[:kept]).rstrip(" ,·-–") + (ELLIPSIS if kept < len(words) else "")
        lines = wrap_parts(shown, style, limit)
        if len(lines) <= max_lines:
            return lines
    return wrap(text, style, limit, max_lines)


class _Piece(NamedTuple):
    """A word, or a part of a word that is wider than the column."""

    text: str
    width: float
    spaced: bool  # a space goes before it on a line


def _advance(text: str, style: Style) -> float:
    clusters = shipped_face(style.weight).shape(text)
    return sum(cluster.advance for cluster in clusters) / 1000 * style.size * MM_PER_POINT


def _pieces(text: str, style: Style, limit: float) -> list[_Piece]:
    pieces: list[_Piece] = []
    for word in text.split(" "):
        whole = _advance(word, style)
        if word in _HANGING and pieces:
            joined = f"{pieces[-1].text} {word}"
            whole = _advance(joined, style)
            if whole <= limit:
                pieces[-1] = _Piece(joined, whole, pieces[-1].spaced)
                continue
        if whole <= limit:
            pieces.append(_Piece(word, whole, spaced=True))
        else:
            pieces += _broken(word, style, limit)
    return pieces


def _broken(word: str, style: Style, limit: float) -> list[_Piece]:
    pieces: list[_Piece] = []
    part, part_width = "", 0.0
    for cluster in shipped_face(style.weight).shape(word):
        advance = cluster.advance / 1000 * style.size * MM_PER_POINT
        if part and part_width + advance > limit:
            pieces.append(_Piece(part, part_width, spaced=not pieces))
            part, part_width = "", 0.0
        part += cluster.text
        part_width += advance
    pieces.append(_Piece(part, part_width, spaced=not pieces))
    return pieces


def _fill(pieces: list[_Piece], style: Style, limit: float) -> list[list[_Piece]]:
    """As many pieces to a line as it takes."""
    space = _advance(" ", style)
    lines: list[list[_Piece]] = []
    used = 0.0
    for piece in pieces:
        gap = space if piece.spaced else 0.0
        if lines and used + gap + piece.width <= limit + 1e-9:
            lines[-1].append(piece)
            used += gap + piece.width
        else:
            lines.append([piece])
            used = piece.width
    return lines


def _balance(
    pieces: list[_Piece], lines: list[list[_Piece]], style: Style, limit: float
) -> list[list[_Piece]]:
    """The same number of lines on the narrowest measure, so that no single word is left over."""
    if len(lines) == 1:
        return lines
    low, high = limit / 2, limit
    best = lines
    for _ in range(10):
        middle = (low + high) / 2
        trial = _fill(pieces, style, middle)
        if len(trial) == len(lines):
            best, high = trial, middle
        else:
            low = middle
    return best


def _join(line: list[_Piece]) -> str:
    return "".join((" " if piece.spaced and index else "") + piece.text for index, piece in enumerate(line))
