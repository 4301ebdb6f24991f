"""Bijoy text is recognised and offered; it is converted only when the vendor says so."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.domain.text import nfc
from pos.sheets.bijoy import convert_bijoy, looks_like_bijoy

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.sheets.catalogue import Catalogue

DEMO = Path(__file__).resolve().parents[2] / "resources" / "demo" / "catalogue.csv"
NAMES = ["wPwb¸ov Pvj", "KvUvwi‡fvM Pvj", "†`wk gmyi Wvj", "mwilvi †Zj", "Lvu wU Nw"]


@pytest.mark.parametrize(
    ("bijoy", "unicode"),
    [
        ("Avwg evsjvq Mvb MvB", "আমি বাংলায় গান গাই"),
        ("gay", "মধু"),
        ("wN", "ঘি"),
        ("wPwb¸ov Pvj", "চিনিগুড়া চাল"),
        ("Rvg`vwb kvwo", "জামদানি শাড়ি"),
        ("bvwi‡Kj †Zj", "নারিকেল তেল"),
        ("AvPvi 500 MÖvg", "আচার ৫০০ গ্রাম"),
        ("Pvu`cyi", "চাঁদপুর"),
        ("Kg©x", "কর্মী"),
        ("wb‡`©k", "নির্দেশ"),
        ("ïiæ", "শুরু"),
        ("¸iæZ¡c~Y©", "গুরুত্বপূর্ণ"),
        ("`ªæZ", "দ্রুত"),
        ("wbgœ", "নিম্ন"),
        ("ivóª", "রাষ্ট্র"),
        ("m¤úªwZ", "সম্প্রতি"),
        ("Avš—R©vwZK", "আন্তর্জাতিক"),
        ("¯’vb", "স্থান"),
        ("wek¦we`¨vjq", "বিশ্ববিদ্যালয়"),
        ("‡mŠ`h©", "সৌদর্য"),
        ("e¨vM", "ব্যাগ"),
        ("i¨ve", "র\u200d্যাব"),
        ("D`&hvcb", "উদ্\u200cযাপন"),
        ("A¨v‡jv‡fiv", "অ্যালোভেরা"),
        ("(1 †Rvov)", "(১ জোড়া)"),
        ("", ""),
    ],
)
def test_shapes_become_the_letters_that_are_spoken(bijoy: str, unicode: str) -> None:
    assert convert_bijoy(bijoy) == nfc(unicode)


def test_signs_that_were_read_as_control_characters_are_known_too() -> None:
    assert convert_bijoy("†Zj".encode("cp1252").decode("latin-1")) == "তেল"


def test_text_that_is_bangla_already_stays() -> None:
    assert convert_bijoy("মধু gay") == "মধু gay"


def test_a_column_of_bijoy_names_is_recognised() -> None:
    assert looks_like_bijoy(NAMES)
    assert looks_like_bijoy(["Pvj", "Wvj", "jeY", "gwiP", "Av`v"])


def test_english_bangla_and_words_in_latin_letters_are_not_taken_for_bijoy() -> None:
    with DEMO.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert not looks_like_bijoy([row["name_en"] for row in rows])
    assert not looks_like_bijoy([row["name_bn"] for row in rows])
    assert not looks_like_bijoy(["chal", "dal", "modhu", "khejur gur", "shari", "tel", "lobon"])
    assert not looks_like_bijoy(["S", "M", "L", "XL", "XXL", "T-Shirt"])
    assert not looks_like_bijoy(["Crème brûlée", "Café", "Jalapeño"])
    assert not looks_like_bijoy([])


@given(text=st.text(max_size=40))
def test_any_text_converts_to_some_text(text: str) -> None:
    assert isinstance(convert_bijoy(text), str)
    looks_like_bijoy([text])


def test_a_bijoy_column_is_offered_with_a_preview_and_left_as_it_is(take: Callable[..., Catalogue]) -> None:
    catalogue = take("নাম,দাম\n" + "".join(f"{name},{60 + i}\n" for i, name in enumerate(NAMES)))
    assert [product.name_bn for product in catalogue.products] == NAMES
    (warning,) = catalogue.warnings
    assert (warning.code, warning.field) == ("bijoy_suspected", "name_bn")
    assert warning.params["column"] == "নাম"
    assert warning.params["preview"] == [nfc(name) for name in ("চিনিগুড়া চাল", "কাটারিভোগ চাল", "দেশি মসুর ডাল")]


@pytest.mark.parametrize("column", ["নাম", "name_bn"])
def test_a_bijoy_column_is_converted_when_it_is_asked_for(
    take: Callable[..., Catalogue], column: str
) -> None:
    catalogue = take("নাম,দাম\nPvj,60\nWvj,70\nমধু,80\n", bijoy=frozenset({column}))
    assert [product.name_bn for product in catalogue.products] == ["চাল", "ডাল", "মধু"]
    assert catalogue.warnings == []
