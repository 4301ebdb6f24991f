"""Bangladeshi mobile numbers: read as people write them, stored as E.164."""

from __future__ import annotations

import re
from typing import Final

from pos.domain.text import drop_invisible, fold_digits
from pos.errors import UserError

_MOBILE: Final = re.compile(r"\+880(1[3-9][0-9]{8})")
# A phone field without its separators; a spreadsheet that took it for a number has eaten the nought.
_TYPED: Final = re.compile(r"(?:(?:(?:\+|00)?880?)?0)?(1[3-9][0-9]{8})")
# The same inside a text: whole, or parted by spaces, dots, dashes and brackets.
_WRITTEN: Final = re.compile(
    r"(?<![0-9])(?:(?:\+|00)? ?88[ )–-]*(?:0(?=[ –-]?0))?)?[ (–-]?"
    r"0[ –-]?(1 ?[3-9](?:[ .()_–-]{0,3}[0-9]){8})(?![0-9])"
)
_SEPARATORS: Final = re.compile(r"[\s\-–.()_]+")
# The letter O for a nought is a habit of phone keyboards: O1711..., and the danda ends a Bangla sentence.
_LETTER_O: Final = re.compile(r"(?<![^\W\d_])[oO](?=1[3-9])")
_PLAINER: Final = str.maketrans("−—‐‑‒\u00a0\u2009\u202f\t।॥৷", "–––––       ")
_LIMIT: Final = 200


def parse_phone(text: str) -> str:
    """E.164 (`+8801XXXXXXXXX`) of the one mobile number in a phone field.

    Raises:
        UserError: `phone_unclear`, with `missing` or `extra` digits where that is what is wrong;
            `phone_several` for more than one number (see `main_and_second`). The text itself is left out of
            the error: it may be somebody's number.
    """
    typed = _SEPARATORS.sub("", _prepared(text)) if len(text) <= _LIMIT else ""
    if match := _TYPED.fullmatch(typed):
        return "+880" + match[1]
    found = find_phones(text) if typed else []
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError("phone_several", count=len(found))
    raise UserError("phone_unclear", **_digits_off(typed))


def find_phones(text: str) -> list[str]:
    """Every mobile number in a text, as E.164, in order and each once.

    A number needs its nought or its +880 here: ten digits in a message may as well be a TrxID.
    """
    found = _WRITTEN.findall(_prepared(text))
    return list(dict.fromkeys("+880" + _SEPARATORS.sub("", number) for number in found))


def main_and_second(text: str) -> tuple[str, str | None]:
    """The number or the two numbers of a phone field, the first being the main one.

    Raises:
        UserError: as `parse_phone`; `phone_several` only for more than two.
    """
    if text.isascii() and (match := _TYPED.fullmatch(text)):  # one number without separators
        return "+880" + match[1], None
    found = find_phones(text) if len(text) <= _LIMIT else []
    if len(found) == 2:
        return found[0], found[1]
    return parse_phone(text), None


def local_phone(e164: str) -> str:
    """The number as it is dialled in the country, `01712345678`; any other text stays as it is."""
    match = _MOBILE.fullmatch(e164)
    return "0" + match[1] if match else e164


def _prepared(text: str) -> str:
    # Dashes of all kinds, the danda that ends a Bangla sentence, and ৷, which is typed for it.
    text = fold_digits(drop_invisible(text)).translate(_PLAINER)
    return _LETTER_O.sub("0", text)


def _digits_off(typed: str) -> dict[str, object]:
    """How many digits a number that starts well has too few or too many."""
    match = re.fullmatch(r"(?:(?:\+|00)?88)?(01[3-9]?[0-9]*)", typed)
    if match is None or len(match[1]) > 22:
        return {}
    off = 11 - len(match[1])
    if off > 0:
        return {"missing": off}
    return {"extra": -off} if off else {}
