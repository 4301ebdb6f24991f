"""One sentence per code, in both languages."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING

import pytest

from pos.domain.text import nfc
from pos.l10n.sentences import FIELDS, PHRASES, SENTENCES, phrase, sentence, support_code

if TYPE_CHECKING:
    from pos.l10n import Lang

_COMMAND = re.compile(r": (hatkhata(-server)?( [\w{}-]+)+|--\w+)$")
LANGS: tuple[Lang, Lang] = ("bn", "en")


def test_every_sentence_is_plain_in_both_languages() -> None:
    for code, (bangla, english) in SENTENCES.items():
        names = []
        for text in (bangla, english):
            fields = [field for field in string.Formatter().parse(text) if field[1] is not None]
            assert all(
                name and name.isidentifier() and not spec and not how for _, name, spec, how in fields
            ), code
            names.append({name for _, name, _, _ in fields})
            assert "!" not in text, code
        assert names[0] == names[1], code
        # A command stands last and bare, so that it can be copied.
        assert bangla.rstrip()[-1] in "।?" or _COMMAND.search(bangla), code
        assert english.rstrip()[-1] in ".?" or _COMMAND.search(english), code
        assert any("\u0980" <= char <= "\u09ff" for char in bangla), code


@pytest.mark.parametrize("lang", LANGS)
def test_a_sentence_comes_without_any_params_and_with_odd_ones(lang: Lang) -> None:
    odd = {
        "field": None,
        "text": "{x} {0} %s {",
        "missing": -1,
        "limit": 10**5000,
        "count": 1.5,
        "known": [1, [2]],
    }
    for code in (*SENTENCES, "", "no_such_code", "কোড"):
        for params in ({}, odd, {"text": "\ud800\x00\n\u202e"}):
            text = sentence(code, params, lang)
            assert text, code
            assert "\n" not in text, code
            text.encode()


def test_every_phrase_has_both_languages_with_the_same_values() -> None:
    for name, pair in PHRASES.items():
        values = [{field[1] for field in string.Formatter().parse(text)} - {None} for text in pair]
        assert values[0] == values[1], name
        for lang in LANGS:
            assert phrase(name, lang, **{str(value): 3 for value in values[0]}), name


def test_an_unknown_code_gives_a_short_code_for_support_and_no_name_from_inside() -> None:
    for lang in LANGS:
        text = sentence("store_exploded", {"path": "/secret"}, lang)
        assert support_code("store_exploded") in text
        assert "store_exploded" not in text
        assert "secret" not in text
    assert len(support_code("store_exploded")) == 6


def test_numbers_take_the_digits_of_the_language() -> None:
    assert "আরও ৩টি সংখ্যা" in sentence("phone_unclear", {"missing": 3}, "bn")
    assert "missing: 3" in sentence("phone_unclear", {"missing": 3}, "en")
    assert "২০০" in sentence("text_too_long", {"field": "name", "limit": 200}, "bn")


def test_the_sentence_follows_what_is_known() -> None:
    plain = sentence("phone_unclear", {}, "en")
    assert plain == sentence("phone_unclear", {"missing": 0}, "en")
    assert plain != sentence("phone_unclear", {"extra": 2}, "en")


def test_a_field_is_called_by_its_name() -> None:
    assert sentence("money_unclear", {"field": "price", "text": "ষাট"}, "bn").startswith("দাম: “ষাট”")
    assert sentence("money_unclear", {"field": "price", "text": "ষাট"}, "en").startswith("Price: “ষাট”")
    assert sentence("name_empty", {"field": "shelf"}, "en").startswith("shelf: ")


def test_text_from_outside_is_shortened_between_clusters_and_kept_on_one_line() -> None:
    text = sentence("money_unclear", {"field": "price", "text": "ক্ষি" * 40}, "bn")
    inside = text.split("“")[1].split("”")[0]
    assert len(inside) <= 60
    assert inside.endswith("ক্ষি…")
    assert "“a b”" in sentence("money_unclear", {"text": " a\n\t b\u202e "}, "en")


def test_money_and_quantities_in_params_are_shown_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    both = "{total_paisa} {qty_milli} {known} {sure}"
    monkeypatch.setitem(SENTENCES, "sample", (both, both))
    params = {"total_paisa": -95_550, "qty_milli": 1500, "known": ["a", 2, 3, 4, 5, 6, 7], "sure": True}
    assert sentence("sample", params, "bn") == "−৳৯৫৫.৫০ ১.৫ a, ২, ৩, ৪, ৫, ৬ … হ্যাঁ"
    assert sentence("sample", params, "en") == "−৳955.50 1.5 a, 2, 3, 4, 5, 6 … yes"


def test_sentences_and_field_names_are_in_the_stored_form() -> None:
    assert all(nfc(bangla) == bangla for bangla, _ in [*SENTENCES.values(), *FIELDS.values()])
