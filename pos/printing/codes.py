"""The digits-only alias of an order number, for the barcode on paper.

A scanner types through the keyboard that is active. Digits come through a Bangla layout as Bangla digits,
which read back without loss; letters would come through as something else. Digits also make the barcode half
as wide.

Two forms, told apart by their length, so that no two numbers share an alias and each reads back:

- 10 digits: number of the code's letters (A=01 … Z=26, AA=27 … CU=99), year, counter of six digits;
- 14 digits and more: code value of six digits, year, counter of six digits (eight, ten, … where it outgrew
  them).
"""

from __future__ import annotations

import re

from pos.domain.numbering import OrderNumber, parse_number
from pos.errors import UserError

_LETTERS = 26
_SUFFIX_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# A re-keyed code ends in two signs, a plain one in none: 0, or 1 + the place among the pairs of signs.
_SUFFIXES = len(_SUFFIX_SIGNS) ** 2 + 1
_SHORT_CODES = 99
_SHORT_COUNTER = 999_999
_ALIAS = re.compile(r"[0-9]{10}|[0-9]{14}|[0-9]{16,30}")


def digits_alias(number: str) -> str:
    """The alias of an order number such as ``A-26-000147``: ``0126000147``.

    Raises:
        UserError: ``order_number_unclear`` if the text is not an order number.
    """
    order = parse_number(number)
    letters, suffix = _split(order.code)
    if not suffix and letters <= _SHORT_CODES and order.no <= _SHORT_COUNTER:
        return f"{letters:02d}{order.year:02d}{order.no:06d}"
    counter = f"{order.no:06d}"
    if len(counter) % 2:
        counter = "0" + counter
    return f"{letters * _SUFFIXES + suffix:06d}{order.year:02d}{counter}"


def number_of_alias(alias: str) -> str:
    """The order number that an alias stands for.

    Raises:
        UserError: ``barcode_not_an_order`` if no order number has this alias.
    """
    if _ALIAS.fullmatch(alias):
        short = len(alias) == 10
        code_digits = 2 if short else 6
        year, counter = alias[code_digits : code_digits + 2], alias[code_digits + 2 :]
        letters, suffix = (int(alias[:2]), 0) if short else divmod(int(alias[:6]), _SUFFIXES)
        if 1 <= letters <= _LETTERS + _LETTERS**2:
            number = str(OrderNumber(_joined(letters, suffix), int(year), int(counter)))
            if digits_alias(number) == alias:
                return number
    raise UserError("barcode_not_an_order", text=alias[:40])


def _split(code: str) -> tuple[int, int]:
    """The number of the leading letters (A=1 … Z=26, AA=27 …) and that of the two signs after them."""
    head, tail = (code[:-2], code[-2:]) if len(code) > 2 else (code, "")
    letters = 0
    for letter in head:
        letters = letters * _LETTERS + ord(letter) - ord("A") + 1
    if not tail:
        return letters, 0
    return letters, 1 + _SUFFIX_SIGNS.index(tail[0]) * len(_SUFFIX_SIGNS) + _SUFFIX_SIGNS.index(tail[1])


def _joined(letters: int, suffix: int) -> str:
    head = ""
    while letters:
        letters, index = divmod(letters - 1, _LETTERS)
        head = chr(ord("A") + index) + head
    if not suffix:
        return head
    first, second = divmod(suffix - 1, len(_SUFFIX_SIGNS))
    return head + _SUFFIX_SIGNS[first] + _SUFFIX_SIGNS[second]
