"""Text at the border: what is dropped, what is refused, and how a number is read out of what people write.

Stored text is normalised once, where it comes in: NFC, outer spaces trimmed, invisible marks dropped that
only come from copying, and nothing else changed, so that every device holds the same.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from decimal import Decimal
from typing import Final

from pos.errors import UserError

SHOWN_LIMIT: Final = 60
"""Outside text inside an error's params is cut to this many characters."""

# Marks that ride along when text is copied from a chat and that nobody typed: zero-width space, word joiner,
# byte order mark and the bidi controls. ZWJ and ZWNJ shape Bangla and emoji, so they stay.
_DROPPED: Final = dict.fromkeys([0x200B, 0x2060, 0xFEFF, 0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F)]) | (
    dict.fromkeys(range(0x2066, 0x206A))
)
_JOINERS: Final = dict.fromkeys([0x200C, 0x200D])
_CONTROLS: Final = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)])
_NONCHARACTERS: Final = dict.fromkeys(
    [
        *range(0xFDD0, 0xFDF0),
        *(plane + end for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF)),
    ]
)
# Line ends of every kind; \x85 is a C1 control, U+2028 and U+2029 come from web pages.
_LINE_ENDS: Final = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")

_BORDER: Final = _DROPPED | _CONTROLS | _NONCHARACTERS
_ONE_LINE: Final[dict[int, str | None]] = {**_BORDER, 0x09: " ", 0x0A: " "}
_MANY_LINES: Final[dict[int, str | None]] = {**_BORDER, 0x09: " ", 0x0A: "\n"}

# Letters and symbols that draw no ink although their category says that they should.
_BLANK: Final = frozenset(
    {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x2800, 0x3164, 0xFFA0, 0x16FE4, 0x1D159}
    | {*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFF9), *range(0xE0000, 0xE1000)}
)

# Bangla, Arabic-Indic, its eastern form, Devanagari and full-width digits.
_DIGIT_ZEROS: Final = (0x09E6, 0x0660, 0x06F0, 0x0966, 0xFF10)
_DIGITS: Final = {zero + value: str(value) for zero in _DIGIT_ZEROS for value in range(10)}

_NUMBER_LIMIT: Final = 400
_NFC_QUICK: Final = 2000
_SPACES: Final = re.compile(r"\s+")


def nfc(text: str) -> str:
    """Unicode form C; ড় ঢ় য় come out as letter and dot, which is how everything is stored and compared."""
    if text.isascii():
        return text
    if len(text) > _NFC_QUICK:
        # Python orders a run of marks in quadratic time, 40 s for 200,000 of them; so each run is put into
        # that very order here first.
        runs = (list(run) for _, run in itertools.groupby(text, key=_is_mark))
        text = "".join(char for run in runs for char in sorted(run, key=unicodedata.combining))
    return unicodedata.normalize("NFC", text)


def _is_mark(char: str) -> bool:
    return unicodedata.combining(char) > 0


def compose_for_count(text: str) -> str:
    """NFC text with ড় ঢ় য় as single letters again, for counting and for an SMS, where NFC is longer."""
    text = nfc(text)
    for letter, composed in (("\u09a1", "\u09dc"), ("\u09a2", "\u09dd"), ("\u09af", "\u09df")):
        text = text.replace(letter + "\u09bc", composed)
    return text


def clean(text: str, *, field: str, limit: int = 200, multiline: bool = False) -> str:
    """Text as it is stored: normalised once here, at the border, so that every device holds the same.

    Args:
        text: what was typed, pasted or imported.
        field: name of the field, for the error.
        limit: the most code points after cleaning.
        multiline: keep line ends (addresses and notes); else they become spaces.

    Raises:
        UserError: `text_broken` for half a surrogate pair, `text_too_long`.
    """
    if not text.isprintable():  # else there is no line end, control, mark or half pair in it, as in most text
        if not _encodes(text):
            raise UserError("text_broken", field=field)
        text = _LINE_ENDS.sub("\n", text).translate(_MANY_LINES if multiline else _ONE_LINE)
    text = text.strip()
    if len(text) > limit * 8:  # NFC never shortens to an eighth; a pasted book is refused at once
        raise UserError("text_too_long", field=field, limit=limit)
    text = nfc(text).strip()
    if len(text) > limit:
        raise UserError("text_too_long", field=field, limit=limit)
    return text


def clean_name(text: str, *, field: str, limit: int = 200) -> str:
    """A cleaned name that shows something.

    Raises:
        UserError: `name_empty` for spaces, fillers and joiners only, and what `clean` raises.
    """
    text = clean(text, field=field, limit=limit)
    if not any(_has_ink(char) for char in text):
        raise UserError("name_empty", field=field)
    return text


def must_be_text(value: object, field: str) -> str:
    """The value, if it is text; a JSON number or list in a text field is refused as `text_needed`."""
    if not isinstance(value, str):
        raise UserError("text_needed", field=field)
    return value


def fold_digits(text: str) -> str:
    """The text with Bangla, Arabic, Devanagari and full-width digits as ASCII digits; superscripts stay."""
    return text.translate(_DIGITS)


def drop_marks(text: str) -> str:
    """The text without the marks that came along with copying; joiners stay, so it shows the same."""
    return text.translate(_DROPPED)


def drop_invisible(text: str) -> str:
    """The text without those marks and without joiners: for reading numbers and for keys."""
    return text.translate(_DROPPED | _JOINERS)


def shown(value: object) -> str:
    """A value from outside, short enough to be repeated in an error."""
    if isinstance(value, int) and value.bit_length() > SHOWN_LIMIT * 3:
        return "…"  # Python refuses to write out an int of thousands of digits
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= SHOWN_LIMIT else text[: SHOWN_LIMIT - 1] + "…"


def number_text(text: str) -> str:
    """Text prepared for reading a number: ASCII digits, lower case, single plain spaces, nothing invisible.

    Text too long to be a number comes out empty.
    """
    if len(text) > _NUMBER_LIMIT:
        return ""
    if text.isascii() and text.isdecimal():
        return text
    text = fold_digits(drop_invisible(nfc(text)))
    return _SPACES.sub(" ", text).strip().lower()


_PLAIN: Final = re.compile(r"(?P<whole>[0-9]*)(?:\.(?P<places>[0-9]*))?")
# 12,34,567 as in Bangladesh, 1,234,567 as in the West; the same with single spaces, but then the head has one
# or two digits: 500 600 is two prices rather than one number.
_GROUPED: Final = re.compile(
    r"(?P<whole>[1-9][0-9]?(?:,[0-9]{2})*,[0-9]{3}|[1-9][0-9]{0,2}(?:,[0-9]{3})+"
    r"|[1-9][0-9]?(?: [0-9]{2})* [0-9]{3}|[1-9][0-9]?(?: [0-9]{3})+)(?:\.(?P<places>[0-9]*))?"
)
_DECIMAL_COMMA: Final = re.compile(r"[0-9]+,[0-9]+|[0-9]*,[0-9]{1,2}")


def read_number(text: str, *, field: str) -> Decimal | None:
    """A number without sign from prepared text (see `number_text`), or None where it is not one.

    Groups must be well formed. `1,5` may be 1.5 or 15, so it is asked back and never guessed.

    Raises:
        UserError: `number_ambiguous`.
    """
    match = _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)
    if match is None:
        if _DECIMAL_COMMA.fullmatch(text):
            raise UserError("number_ambiguous", field=field, text=shown(text))
        return None
    whole, places = match["whole"].replace(",", "").replace(" ", ""), match["places"] or ""
    if not whole and not places:
        return None
    return Decimal(f"{whole or '0'}.{places or '0'}")


def scaled(value: Decimal, scale: int) -> int | None:
    """`value * scale` if that is exactly an integer, else None; never rounds.

    `value` is finite and was compared with its upper limit before: 1E+999999999 is short to write and long to
    multiply out.
    """
    if decimal_places(value) > _NUMBER_LIMIT:
        return None
    numerator, denominator = value.as_integer_ratio()
    return None if numerator * scale % denominator else numerator * scale // denominator


def decimal_places(value: Decimal) -> int:
    """How many places stand behind the point of a finite number, noughts included."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return max(0, -exponent)


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _has_ink(char: str) -> bool:
    # Unassigned code points count as visible: they are most often emoji newer than this Python.
    return unicodedata.category(char) not in {"Zs", "Zl", "Zp", "Cc", "Cf"} and ord(char) not in _BLANK
