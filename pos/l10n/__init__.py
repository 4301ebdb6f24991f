"""What is shown: words, digits, dates and sentences, in Bangla and English, on screen and on paper alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

Lang = Literal["bn", "en"]
Digits = Literal["bn", "latin"]


class Locale(msgspec.Struct, frozen=True):
    """The language of words and, chosen apart from it, the script of digits."""

    lang: Lang = "bn"
    digits: Digits = "bn"


BANGLA = Locale("bn", "bn")
ENGLISH = Locale("en", "latin")


def locale_of(device: Mapping[str, object]) -> Locale:
    """The locale that a device's settings ask for."""
    lang: Lang = "en" if device["lang"] == "en" else "bn"
    digits: Digits = "latin" if device["digits"] == "latin" else "bn"
    return Locale(lang, digits)
