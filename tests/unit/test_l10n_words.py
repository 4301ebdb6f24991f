"""Amounts in words."""

from __future__ import annotations

import pytest

from pos.domain.text import nfc
from pos.l10n.words import amount_in_words, number_in_words


@pytest.mark.parametrize(
    ("paisa", "bangla", "english"),
    [
        (0, "শূন্য টাকা মাত্র", "Zero taka only"),
        (5, "পাঁচ পয়সা মাত্র", "Five paisa only"),
        (50, "পঞ্চাশ পয়সা মাত্র", "Fifty paisa only"),
        (100, "এক টাকা মাত্র", "One taka only"),
        (-100, "মাইনাস এক টাকা মাত্র", "Minus one taka only"),
        (-5, "মাইনাস পাঁচ পয়সা মাত্র", "Minus five paisa only"),
        (
            123_456_750,
            "বারো লাখ চৌত্রিশ হাজার পাঁচশ সাতষট্টি টাকা পঞ্চাশ পয়সা মাত্র",
            "Twelve lakh thirty-four thousand five hundred sixty-seven taka and fifty paisa only",
        ),
        (1_163_000, "এগারো হাজার ছয়শ ত্রিশ টাকা মাত্র", "Eleven thousand six hundred thirty taka only"),
        (
            4_884_800,
            "আটচল্লিশ হাজার আটশ আটচল্লিশ টাকা মাত্র",
            "Forty-eight thousand eight hundred forty-eight taka only",
        ),
        (10_000_000, "এক লাখ টাকা মাত্র", "One lakh taka only"),
        (10**9, "এক কোটি টাকা মাত্র", "One crore taka only"),
        (10**11, "একশ কোটি টাকা মাত্র", "One hundred crore taka only"),
    ],
)
def test_an_amount_reads_as_on_an_invoice(paisa: int, bangla: str, english: str) -> None:
    assert amount_in_words(paisa, "bn") == nfc(bangla)
    assert amount_in_words(paisa, "en") == english


def test_the_hundreds_are_one_word_each() -> None:
    wanted = "একশ দুইশ তিনশ চারশ পাঁচশ ছয়শ সাতশ আটশ নয়শ"
    assert " ".join(number_in_words(n * 100, "bn") for n in range(1, 10)) == nfc(wanted)


def test_every_number_below_a_hundred_has_a_word_of_its_own() -> None:
    for lang in ("bn", "en"):
        words = [number_in_words(n, lang) for n in range(100)]
        assert len(set(words)) == 100


@pytest.mark.parametrize(
    ("n", "word"),
    [
        (14, "চৌদ্দ"), (16, "ষোলো"), (19, "উনিশ"), (29, "ঊনত্রিশ"), (35, "পঁয়ত্রিশ"), (37, "সাঁইত্রিশ"),
        (42, "বিয়াল্লিশ"), (49, "ঊনপঞ্চাশ"), (53, "তিপ্পান্ন"), (55, "পঞ্চান্ন"), (59, "ঊনষাট"), (69, "ঊনসত্তর"),
        (73, "তিয়াত্তর"),
        (79, "ঊনআশি"), (85, "পঁচাশি"), (89, "ঊননব্বই"), (99, "নিরানব্বই"),
    ],
)  # fmt: skip
def test_the_numbers_people_stumble_over_are_right(n: int, word: str) -> None:
    assert number_in_words(n, "bn") == nfc(word)
