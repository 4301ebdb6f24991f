"""Amounts in words, as they stand on an invoice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pos.domain.text import nfc

if TYPE_CHECKING:
    from pos.l10n import Lang

# 0 to 99: every one is a word of its own. Dictionaries write ঊনত্রিশ and উনত্রিশ side by side; one is used.
_BANGLA: Final = nfc(
    "শূন্য এক দুই তিন চার পাঁচ ছয় সাত আট নয় "
    "দশ এগারো বারো তেরো চৌদ্দ পনেরো ষোলো সতেরো আঠারো উনিশ "
    "বিশ একুশ বাইশ তেইশ চব্বিশ পঁচিশ ছাব্বিশ সাতাশ আটাশ ঊনত্রিশ "
    "ত্রিশ একত্রিশ বত্রিশ তেত্রিশ চৌত্রিশ পঁয়ত্রিশ ছত্রিশ সাঁইত্রিশ আটত্রিশ ঊনচল্লিশ "
    "চল্লিশ একচল্লিশ বিয়াল্লিশ তেতাল্লিশ চুয়াল্লিশ পঁয়তাল্লিশ ছেচল্লিশ সাতচল্লিশ আটচল্লিশ ঊনপঞ্চাশ "
    "পঞ্চাশ একান্ন বায়ান্ন তিপ্পান্ন চুয়ান্ন পঞ্চান্ন ছাপ্পান্ন সাতান্ন আটান্ন ঊনষাট "
    "ষাট একষট্টি বাষট্টি তেষট্টি চৌষট্টি পঁয়ষট্টি ছেষট্টি সাতষট্টি আটষট্টি ঊনসত্তর "
    "সত্তর একাত্তর বাহাত্তর তিয়াত্তর চুয়াত্তর পঁচাত্তর ছিয়াত্তর সাতাত্তর আটাত্তর ঊনআশি "
    "আশি একাশি বিরাশি তিরাশি চুরাশি পঁচাশি ছিয়াশি সাতাশি আটাশি ঊননব্বই "
    "নব্বই একানব্বই বিরানব্বই তিরানব্বই চুরানব্বই পঁচানব্বই ছিয়ানব্বই সাতানব্বই আটানব্বই নিরানব্বই"
).split()

_ENGLISH_SMALL: Final = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_ENGLISH_TENS: Final = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

_SCALES: Final = ((10**7, "কোটি", "crore"), (10**5, "লাখ", "lakh"), (10**3, "হাজার", "thousand"))


def amount_in_words(paisa: int, lang: Lang) -> str:
    """The amount in words: `এগারো হাজার ছয়শ ত্রিশ টাকা মাত্র`, `Five paisa only`.

    Taka go in crore, lakh and thousand; a negative amount begins with মাইনাস or Minus.
    """
    taka, rest = divmod(abs(paisa), 100)
    parts = []
    if taka or not rest:
        parts.append(f"{number_in_words(taka, lang)} {'টাকা' if lang == 'bn' else 'taka'}")
    if rest:
        parts.append(f"{number_in_words(rest, lang)} {nfc('পয়সা') if lang == 'bn' else 'paisa'}")
    if lang == "bn":
        return ("মাইনাস " if paisa < 0 else "") + " ".join(parts) + " মাত্র"
    return (("minus " if paisa < 0 else "") + " and ".join(parts) + " only").capitalize()


def number_in_words(n: int, lang: Lang) -> str:
    """A number from zero up in words, lower case; crore counts on beyond 99 (একশ কোটি)."""
    if n == 0:
        return _BANGLA[0] if lang == "bn" else _ENGLISH_SMALL[0]
    words = []
    for value, bangla, english in _SCALES:
        count, n = divmod(n, value)
        if count:
            words += [number_in_words(count, lang), bangla if lang == "bn" else english]
    hundreds, n = divmod(n, 100)
    if hundreds:
        words.append(f"{_BANGLA[hundreds]}শ" if lang == "bn" else f"{_ENGLISH_SMALL[hundreds]} hundred")
    if n:
        words.append(_BANGLA[n] if lang == "bn" else _english_below_hundred(n))
    return " ".join(words)


def _english_below_hundred(n: int) -> str:
    if n < 20:
        return _ENGLISH_SMALL[n]
    tens, ones = divmod(n, 10)
    return _ENGLISH_TENS[tens - 2] + (f"-{_ENGLISH_SMALL[ones]}" if ones else "")
