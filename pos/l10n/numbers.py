"""Numbers as they are shown: Bangla or Latin digits, groups of 3;2;2, taka and phones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pos.domain.phones import local_phone
from pos.domain.quantity import plain_quantity

if TYPE_CHECKING:
    from pos.l10n import Locale

MINUS: Final = "\u2212"
TAKA: Final = "\u09f3"
_TO_BANGLA: Final = {ord("0") + value: chr(0x09E6 + value) for value in range(10)}


def to_bangla(text: str) -> str:
    """The text with its ASCII digits as Bangla digits."""
    return text.translate(_TO_BANGLA)


def digits(text: str, locale: Locale) -> str:
    """The text with its ASCII digits in the script of the locale."""
    return to_bangla(text) if locale.digits == "bn" else text


def group(n: int) -> str:
    """The integer in lakh and crore groups: 12,34,567; a minus is U+2212."""
    text = str(abs(n))
    head, tail = text[:-3], text[-3:]
    groups = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)]
    return (MINUS if n < 0 else "") + ",".join([*reversed(groups), tail])


def money(paisa: int, locale: Locale, *, places: bool | None = None, taka: bool = False) -> str:
    """An amount as on screen and paper: `১২,৩৪,৫৬৭`, `−৳৫.৫০`.

    Args:
        paisa: the amount.
        locale: the script of the digits.
        places: two places always or never; None shows them where they are not zero. "Never" is for whole
            amounts: paisa that are there are shown all the same, because a figure is never cut.
        taka: with the taka sign, which touches the figure.
    """
    whole, rest = divmod(abs(paisa), 100)
    shows_places = bool(rest) or bool(places)
    text = group(whole) + (f".{rest:02d}" if shows_places else "")
    return (MINUS if paisa < 0 else "") + (TAKA if taka else "") + digits(text, locale)


def quantity(milli: int, locale: Locale) -> str:
    """A quantity without its unit: `১.৫`, `১,২০০`."""
    whole, point, places = plain_quantity(abs(milli)).partition(".")
    return (MINUS if milli < 0 else "") + digits(group(int(whole)) + point + places, locale)


def phone(e164: str, locale: Locale) -> str:
    """A number as shown: `০১৭১২-৩৪৫৬৭৮`."""
    local = local_phone(e164)
    return digits(f"{local[:5]}-{local[5:]}" if len(local) == 11 else local, locale)
