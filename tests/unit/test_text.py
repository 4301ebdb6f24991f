"""Text at the border."""

from __future__ import annotations

import unicodedata

import pytest

from pos.domain.text import (
    clean,
    clean_name,
    compose_for_count,
    fold_digits,
    must_be_text,
    nfc,
    number_text,
    shown,
)
from pos.errors import UserError

FAMILY = "👩\u200d👩\u200d👧 জামদানি 🇧🇩✨"


@pytest.mark.parametrize(
    "name",
    [
        FAMILY,
        "a<b",
        '<img src="http://127.0.0.1:9/x.png" width="9" height="9"/>',
        "<script>alert(1)</script>",
        "Salt && Pepper & Co",
        "Robert'); DROP TABLE orders;--",
        "100% কটন_নতুন",
        "=1+1",
        "@রহিমা",
        "CON",
        'C:\\Windows\\x:ads?*|"<>',
        "নাম.",
        "İstanbul ß K",
        "bКash",
        "0",
        "NaN",
        "true",
        "\u0995\u09cd\u200d\u09b7",  # a joiner inside a conjunct
        "র\u200c্যাব",
        "🫨 \U0001fae9",  # newer than this Python's tables
    ],
)
def test_a_name_that_only_looks_dangerous_is_kept_as_it_is(name: str) -> None:
    assert clean_name(name, field="name") == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  আচার  ", "আচার"),
        ("\u00a0আচার\u3000", "আচার"),
        ("শা\u09dcি", "শা\u09a1\u09bcি"),
        ("ক\u09c7\u09beরমা", "ক\u09cbরমা"),
        ("চাল \u202a+880\u00a01711-000000\u202c", "চাল +880\u00a01711-000000"),
        ("\ufeffমধু\u200b\u2060", "মধু"),
        ("\u2067মধু\u2069\u200e\u200f\u061c", "মধু"),
        ("\t=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("মধু\x00\x1b\x07\x9b", "মধু"),
        ("লাল\tচাল\r\nনতুন", "লাল চাল নতুন"),
        ("নাম. ", "নাম."),
        ("মধু\ufffe\uffff\U0010ffff\ufdd0", "মধু"),
    ],
)
def test_what_nobody_typed_is_dropped_once_at_the_border(typed: str, kept: str) -> None:
    assert clean(typed, field="name") == kept


def test_an_address_keeps_its_lines_and_a_name_does_not() -> None:
    pasted = "বাসা ১২\r\nরোড ৫\u2028ব্লক সি\x85"
    assert clean(pasted, field="address", multiline=True) == "বাসা ১২\nরোড ৫\nব্লক সি"
    assert clean(pasted, field="name") == "বাসা ১২ রোড ৫ ব্লক সি"


@pytest.mark.parametrize(
    "blank",
    [
        "",
        "   ",
        "\u00a0\u2003\u3000\u2800\u3164",
        "\u200d\u200c",
        "\u115f\u1160\uffa0",
        "\u00ad\ufe0f",
        "\ufffe\uffff",
    ],
)
def test_a_name_that_shows_nothing_is_refused(blank: str) -> None:
    with pytest.raises(UserError) as caught:
        clean_name(blank, field="name_bn")
    assert caught.value.code == "name_empty"
    assert caught.value.params == {"field": "name_bn"}


@pytest.mark.parametrize("text", ["\ud800মধু", "মধু\udfff", "\udbff"])
def test_half_a_surrogate_pair_is_refused(text: str) -> None:
    with pytest.raises(UserError) as caught:
        clean(text, field="name")
    assert caught.value.code == "text_broken"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x" * 200_000, id="one word"),
        "x" * 201,
        pytest.param("a" + "\u0316\u0301" * 100_000, id="marks"),
        "ড়" * 101,
    ],
)
def test_a_text_longer_than_its_limit_is_refused(text: str) -> None:
    with pytest.raises(UserError) as caught:
        clean(text, field="name")
    assert caught.value.code == "text_too_long"
    assert caught.value.params == {"field": "name", "limit": 200}


def test_a_text_of_just_its_limit_is_kept() -> None:
    assert len(clean("x" * 200 + " ", field="name")) == 200
    assert len(clean("ড়" * 100, field="name")) == 200


def test_letters_with_a_dot_count_once_in_a_message() -> None:
    assert len(nfc("শাড়ি গাঢ় নয়")) == len("শাড়ি গাঢ় নয়".replace("়", "")) + 3
    assert compose_for_count(nfc("শাড়ি গাঢ় নয়")) == "শা\u09dcি গা\u09dd ন\u09df"


def test_digits_of_every_keyboard_become_ascii_and_superscripts_do_not() -> None:
    assert (
        fold_digits("০১২৩৪৫৬৭৮৯ ٠١٢٣٤٥٦٧٨٩ ۰۱۲ ०१२ ０１２ ² ৳৫") == "0123456789 0123456789 012 012 012 ² ৳5"
    )


def test_only_text_is_text() -> None:
    assert must_be_text("০", "note") == "০"
    for value in (None, 5, 1.5, ["a"], {"a": 1}, b"a", True):
        with pytest.raises(UserError) as caught:
            must_be_text(value, "note")
        assert (caught.value.code, caught.value.params) == ("text_needed", {"field": "note"})


def test_text_too_long_to_be_a_number_reads_as_nothing() -> None:
    assert number_text("৫" + " " * 500 + "x") == ""
    assert number_text(" \u202a১\u00a0২৫০\u202c ") == "1 250"


def test_an_error_repeats_only_the_beginning_of_what_was_typed() -> None:
    assert shown("x" * 60) == "x" * 60
    assert shown("x" * 61) == "x" * 59 + "…"
    assert shown(12) == "12"
    assert shown(10**5000) == "…"
