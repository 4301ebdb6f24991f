"""What is shown: words, digits, dates and sentences, in Bangla and English, on screen and on paper alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Lang = Literal["bn", "en"]
Digits = Literal["bn", "latin"]


@dataclass(frozen=True, slots=True)
class Locale:
    """The language of words and, chosen apart from it, the script of digits."""

    lang: Lang = "bn"
    digits: Digits = "bn"


BANGLA = Locale("bn", "bn")
ENGLISH = Locale("en", "latin")
