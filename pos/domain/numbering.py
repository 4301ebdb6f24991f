"""Order numbers: ``A-26-000147`` is device code, Dhaka year, counter (contracts.md §1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pos.domain.text import fold_digits
from pos.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

_CODE = re.compile(r"[A-Z]{1,2}")
_NUMBER = re.compile(r"([A-Z][A-Z]?(?:[0-9A-Z]{2})?)-(\d{2})-(\d{1,9})")
# Without the letters and digits that are taken for one another when read aloud.
_REKEY_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True, order=True)
class OrderNumber:
    """A number that was given: it is never given again, and a cancelled order keeps it."""

    code: str
    year: int
    no: int

    def __str__(self) -> str:
        return f"{self.code}-{self.year:02d}-{self.no:06d}"


def parse_number(text: str) -> OrderNumber:
    """Read an order number as people type it: small letters, Bangla digits, and without the leading noughts."""
    match = _NUMBER.fullmatch(fold_digits(text).strip().upper())
    if match is None:
        raise UserError("order_number_unclear", text=text)
    return OrderNumber(match[1], int(match[2]), int(match[3]))


def parse_device_code(text: str) -> str:
    """One or two Latin letters; small ones are raised."""
    code = text.strip().upper()
    if not _CODE.fullmatch(code):
        raise UserError("device_code_unclear", text=text)
    return code


def rekeyed(base_code: str, random_below: Callable[[int], int]) -> str:
    """The code of a new series for a device that was restored, rolled back or copied: ``A`` → ``A7K``."""
    n = len(_REKEY_ALPHABET)
    return base_code + _REKEY_ALPHABET[random_below(n)] + _REKEY_ALPHABET[random_below(n)]
