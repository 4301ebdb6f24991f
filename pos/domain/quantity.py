"""Quantities: integer thousandths of the product's own unit, and the ways people write "how many".

Words that change the unit (গ্রাম, ডজন, পোয়া) are not read here: what they mean depends on the product.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, NoReturn

from pos.domain.text import nfc, number_text, read_number, scaled, shown
from pos.errors import UserError

QTY_LIMIT_MILLI: Final = 10**9
"""No quantity is larger (ten lakh units): a barcode scanned into the wrong field stops here."""

_SURE_DIGITS: Final = 6  # so many digits are within the limit, whatever they are

_PIECE: Final = "টি|টা|টো|খানা|খানি|পিস|পিচ|pieces|piece|pcs|pce|pc|pis|ta|ti"
_TIMES: Final = re.compile(r"^[x×*] ?(?=[0-9.])|(?<=[0-9.]) ?[x×]$")
_TRAILING_PIECE: Final = re.compile(rf"(?P<number>.+?) ?(?:{_PIECE})\.?")
_FRACTION: Final = re.compile(
    r"(?:(?P<whole>[0-9]{1,6})[ +-])?(?P<top>[0-9]{1,3}) ?[/⁄] ?(?P<bottom>[0-9]{1,3})"
)
_VULGAR: Final = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅛": "1/8"}

_SPELLED: Final[dict[str, int | str]] = {
    "এক": 1, "দুই": 2, "দু": 2, "তিন": 3, "চার": 4, "পাঁচ": 5, "ছয়": 6, "সাত": 7, "আট": 8, "নয়": 9,
    "দশ": 10, "এগারো": 11, "বারো": 12, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "ek": 1, "dui": 2,
    "হাফ": "0.5", "আধা": "0.5", "অর্ধেক": "0.5", "half": "0.5", "adha": "0.5",
    "দেড়": "1.5", "der": "1.5", "আড়াই": "2.5", "arai": "2.5",
    "সোয়া": "1.25", "সওয়া": "1.25", "পৌনে": "0.75",
}  # fmt: skip
_WORDS: Final = {nfc(word): Decimal(value) for word, value in _SPELLED.items()}
_SPOKEN: Final = {
    nfc(word): Decimal(value)
    for word, value in {"সোয়া": "0.25", "সওয়া": "0.25", "পৌনে": "-0.25", "সাড়ে": "0.5", "sare": "0.5"}.items()
}


def parse_quantity(text: str | int | Decimal, *, fractions: bool, field: str = "qty") -> int:
    """Thousandths of the unit from a positive quantity as it is typed, pasted or imported.

    Reads `2`, `১২.৫`, `২ টা`, `3টি`, `x2`, `একটা`, `দেড়`, `সাড়ে ৩`, `হাফ`, `1/2`, `১½`, `1,200`.

    Args:
        text: the quantity, without a unit other than a word for pieces.
        fractions: whether the product is sold in parts of its unit.
        field: name of the field, for the error.

    Raises:
        UserError: `quantity_unclear`, `number_ambiguous` (`1,5`), `quantity_whole`, `quantity_not_positive`,
            `quantity_too_big`.
    """
    milli = _parse(text, fractions=fractions, field=field)
    if milli <= 0:
        raise UserError("quantity_not_positive", field=field, text=shown(text))
    return milli


def parse_signed_quantity(text: str | int | Decimal, *, fractions: bool, field: str = "qty") -> int:
    """The same with a sign (`-2`, `−২`, `+5`), for corrections of stock.

    Raises:
        UserError: `quantity_zero`, and what `parse_quantity` raises for a form it cannot read.
    """
    milli = _parse(text, fractions=fractions, field=field)
    if milli == 0:
        raise UserError("quantity_zero", field=field)
    return milli


def parse_counted(text: str | int | Decimal, *, fractions: bool, field: str = "qty") -> int:
    """The same from zero up: what was counted on the shelf.

    Raises:
        UserError: `quantity_below_zero`, and what `parse_quantity` raises for a form it cannot read.
    """
    milli = _parse(text, fractions=fractions, field=field)
    if milli < 0:
        raise UserError("quantity_below_zero", field=field, text=shown(text))
    return milli


def plain_quantity(milli: int) -> str:
    """The quantity as files and the command line write it: `1.5`, `2`, `-0.25`."""
    sign = "-" if milli < 0 else ""
    whole, rest = divmod(abs(milli), 1000)
    return f"{sign}{whole}" + (f".{rest:03d}".rstrip("0") if rest else "")


def _parse(text: str | int | Decimal, *, fractions: bool, field: str) -> int:
    if isinstance(text, str):
        if text.isascii() and text.isdecimal() and len(text) <= _SURE_DIGITS:  # as nearly every quantity is
            return int(text) * 1000
        value = _signed(text, field)
    elif isinstance(text, bool | float) or not Decimal(text).is_finite():
        _unclear(text, field)
    else:
        value = Decimal(text)
    if value.copy_abs() > QTY_LIMIT_MILLI // 1000:
        raise UserError("quantity_too_big", field=field)
    milli = scaled(value, 1000)
    if milli is None:
        _unclear(text, field)
    if milli % 1000 and not fractions:
        raise UserError("quantity_whole", field=field, text=shown(text))
    return milli


def _signed(text: str, field: str) -> Decimal:
    body = number_text(text)
    sign = body[:1] if body[:1] in {"-", "−", "–", "+"} else ""
    value = _value(body[len(sign) :].lstrip(), field)
    if value is None:
        _unclear(text, field)
    return value.copy_negate() if sign and sign != "+" else value


def _value(body: str, field: str) -> Decimal | None:
    body = _TIMES.sub("", body, count=1)
    if (value := _number(body, field)) is not None:
        return value
    piece = _TRAILING_PIECE.fullmatch(body)
    return _number(piece["number"], field) if piece else None


def _number(body: str, field: str) -> Decimal | None:
    if body in _WORDS:
        return _WORDS[body]
    head, _, tail = body.partition(" ")
    if head in _SPOKEN and tail:
        base = _WORDS.get(tail) or read_number(tail, field=field)
        return base + _SPOKEN[head] if base is not None and base >= 1 and base == int(base) else None
    for sign, plain in _VULGAR.items():
        if body.endswith(sign):
            body = f"{body[:-1].rstrip()} {plain}".lstrip()
    if fraction := _FRACTION.fullmatch(body):
        return _fraction(int(fraction["whole"] or 0), int(fraction["top"]), int(fraction["bottom"]))
    return read_number(body, field=field)


def _fraction(whole: int, top: int, bottom: int) -> Decimal | None:
    """A proper fraction that is exact in thousandths; 1/3 is not, and 12/5 may well be a date."""
    if not 0 < top < bottom or 1000 * top % bottom:
        return None
    return whole + Decimal(1000 * top // bottom) / 1000


def _unclear(text: object, field: str) -> NoReturn:
    raise UserError("quantity_unclear", field=field, text=shown(text))
