"""Money: integer paisa everywhere, and the ways people write an amount of taka."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, NoReturn

import msgspec

from pos.domain.text import decimal_places, number_text, read_number, scaled, shown
from pos.errors import BugError, UserError

MONEY_LIMIT_PAISA: Final = 10**11
"""No amount is larger (100 crore taka): checked before storing, so that no sum nears 2**63."""

_SURE_DIGITS: Final = 9  # so many digits of taka are within the limit, whatever they are

_WHOLE: Final = 10_000  # 100 % in hundredths of a percent

_CURRENCY: Final = "৳|taka|tk|bdt|টাকা"
# The dot of "Tk." is not the point of ".5"; after ৳ it is.
_BEFORE: Final = re.compile(r"(?:৳|taka:?|tk[.:]?|bdt:?|টাকা:?) ?")
_AFTER: Final = re.compile(rf"(?: ?(?:(?:{_CURRENCY})\.?|/ ?[-=–−]{{0,2}}|=/?|only|মাত্র)){{0,3}}")
_SCALES: Final = {
    "k": 1000, "হাজার": 1000, "hajar": 1000, "লাখ": 100_000, "লক্ষ": 100_000, "lakh": 100_000, "lac": 100_000,
}  # fmt: skip
_BODY: Final = re.compile(
    rf"(?P<number>[0-9., ]*[0-9.])(?: ?(?P<scale>{'|'.join(_SCALES)}))?(?P<rest>.*)",
)
_PERCENT: Final = re.compile(r"(?P<number>.*?) ?(?:%|％|٪|শতাংশ|percent|pct)")


def parse_money(text: str | int | Decimal, *, field: str = "price") -> int:
    """Paisa from an amount of taka as it is typed, pasted or imported.

    Reads `1200/-`, `১২০০/=`, `1200tk`, `৳1200`, `Tk. 1,200`, `1.2k`, `12,34,567.00`, `500.`, `.5`, `২ হাজার
    টাকা`. A number that is no text is taka too. Zero is an amount.

    Raises:
        UserError: `money_unclear`, `number_ambiguous` (`1,5`), `money_too_big`.
    """
    if isinstance(text, str):
        if text.isascii() and text.isdecimal() and len(text) <= _SURE_DIGITS:  # as most amounts are
            return int(text) * 100
        taka = _taka_of_text(text, field)
    elif isinstance(text, bool | float) or not Decimal(text).is_finite():
        _unclear(text, field)
    else:
        taka = Decimal(text)
    if taka > MONEY_LIMIT_PAISA // 100:
        raise UserError("money_too_big", field=field)
    paisa = None if taka < 0 else scaled(taka, 100)
    if paisa is None:
        _unclear(text, field)
    return paisa


def plain_money(paisa: int) -> str:
    """The amount as files and the command line write it: `955.00`, `-5.50`."""
    sign = "-" if paisa < 0 else ""
    return f"{sign}{abs(paisa) // 100}.{abs(paisa) % 100:02d}"


def round_half_up(numerator: int, denominator: int) -> int:
    """The nearest integer to the fraction; a half goes up, for negative values too (-0.5 gives 0).

    One direction for both signs means that adding a whole amount before or after rounding gives the same.
    """
    if denominator <= 0:
        raise BugError("bad_denominator", denominator=denominator)
    return (2 * numerator + denominator) // (2 * denominator)


def round_to_taka(paisa: int) -> int:
    """The amount in paisa at the nearest whole taka, a half up."""
    return round_half_up(paisa, 100) * 100


def line_paisa(qty_milli: int, price_paisa: int) -> int:
    """Quantity (thousandths) times unit price, to the paisa, half up.

    Raises:
        UserError: `money_too_big` (field `amount`).
    """
    return checked(round_half_up(qty_milli * price_paisa, 1000), field="amount")


def checked(paisa: int, *, field: str) -> int:
    """The amount itself, if it is within the limit either way; else `money_too_big`."""
    if abs(paisa) > MONEY_LIMIT_PAISA:
        raise UserError("money_too_big", field=field)
    return paisa


class Charge(msgspec.Struct, frozen=True):
    """A discount or charge as given: an amount in paisa, or hundredths of a percent; exactly one of them."""

    paisa: int | None = None
    hundredths: int | None = None

    def __post_init__(self) -> None:
        if (self.paisa is None) == (self.hundredths is None):
            raise BugError("charge_needs_one")


def parse_charge(text: str | int | Decimal, *, field: str) -> Charge:
    """A discount or charge: `50` is taka, `10%`, `১২.৫%` and `১০ শতাংশ` are percentages of at most 100.

    Raises:
        UserError: `percent_unclear`, `percent_too_big`, and what `parse_money` raises.
    """
    match = None
    if isinstance(text, str) and not text[-1:].isdecimal():
        match = _PERCENT.fullmatch(number_text(text))
    if match is None:
        return Charge(paisa=parse_money(text, field=field))
    percent = read_number(match["number"], field=field)
    hundredths = None if percent is None else scaled(percent, 100)
    if hundredths is None:
        raise UserError("percent_unclear", field=field, text=shown(text))
    if hundredths > _WHOLE:
        raise UserError("percent_too_big", field=field, text=shown(text))
    return Charge(hundredths=hundredths)


def charge_paisa(charge: Charge, base_paisa: int) -> int:
    """What the charge comes to on this base, half up to the paisa; an amount stays what it is."""
    if charge.hundredths is None:
        assert charge.paisa is not None
        return charge.paisa
    return round_half_up(base_paisa * charge.hundredths, _WHOLE)


def _taka_of_text(text: str, field: str) -> Decimal:
    body = number_text(text)
    if before := _BEFORE.match(body):
        body = body[before.end() :]
    match = _BODY.fullmatch(body)
    if match is None or not _AFTER.fullmatch(match["rest"]):
        _unclear(text, field)
    taka = read_number(match["number"], field=field)
    if taka is None:
        _unclear(text, field)
    scale = _SCALES[match["scale"]] if match["scale"] else 1
    # Places beyond the paisa are refused even where they are noughts: 1.250 may be meant as 1,250.
    if decimal_places(taka) > (2 if scale == 1 else 5):
        _unclear(text, field)
    if taka > MONEY_LIMIT_PAISA:  # before the multiplication, which is exact only for so many digits
        raise UserError("money_too_big", field=field)
    return taka * scale


def _unclear(text: object, field: str) -> NoReturn:
    raise UserError("money_unclear", field=field, text=shown(text))
