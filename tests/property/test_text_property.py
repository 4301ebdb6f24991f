"""Text at the border: once is enough."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from pos.domain.text import clean, clean_name, compose_for_count, nfc
from pos.errors import UserError

texts = st.text(max_size=60) | st.text(
    "ড়ঢ়য়ক্ষািেো\u09bc\u200c\u200d\u200b\u202e\ufeff \t\n\x00a\u0301\u0316", max_size=40
)


@given(texts, st.booleans())
def test_cleaning_twice_changes_nothing_more(text: str, multiline: bool) -> None:
    try:
        once = clean(text, field="name", multiline=multiline)
    except UserError as refused:
        once, code = "", refused.code
    else:
        code = "text_kept"
    assert code in {"text_broken", "text_too_long", "text_kept"}
    assert clean(once, field="name", multiline=multiline) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip()
    assert multiline or "\n" not in once
    once.encode()


@given(texts)
def test_a_name_is_what_cleaning_leaves_or_a_refusal(text: str) -> None:
    try:
        name = clean_name(text, field="name")
    except UserError as refused:
        code = refused.code
    else:
        code = "name_kept"
        assert name == clean(text, field="name")
    assert code in {"text_broken", "text_too_long", "name_empty", "name_kept"}


@given(st.text("aক\u0316\u0301\u0344\u09bc\u09be\u09cdéয়\u0f71\u0f73\u1100\u1161", min_size=1, max_size=40))
def test_a_long_text_gets_the_same_form_as_a_short_one(text: str) -> None:
    long = (text * 2001)[:2500]
    assert nfc(long) == unicodedata.normalize("NFC", long)


@given(st.text(max_size=40))
def test_composing_for_the_count_is_only_another_spelling(text: str) -> None:
    assert nfc(compose_for_count(text)) == nfc(text)
    assert len(compose_for_count(text)) <= len(nfc(text))
