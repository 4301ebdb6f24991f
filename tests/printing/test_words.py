"""The words of the papers are there in both languages and can be printed."""

from __future__ import annotations

import string
import unicodedata
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from pos.l10n.paper_words import paper_words
from pos.printing.typesetting import printable

if TYPE_CHECKING:
    from pos.l10n import Lang

LANGUAGES: tuple[Lang, ...] = ("bn", "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_is_there_and_can_be_printed(lang: Lang) -> None:
    for text in asdict(paper_words(lang)).values():
        assert text
        assert text == printable(text) == unicodedata.normalize("NFC", text)


def test_both_languages_leave_the_same_gaps_to_fill() -> None:
    bangla, english = (asdict(paper_words(lang)) for lang in LANGUAGES)
    for name, text in bangla.items():
        gaps, others = (
            {field for _, field, _, _ in string.Formatter().parse(words) if field}
            for words in (text, english[name])
        )
        assert gaps == others


def test_cash_is_never_called_by_the_name_of_a_brand() -> None:
    assert not [text for text in asdict(paper_words("bn")).values() if "নগদ" in text]
