"""Headings in either language and any order; where it is not clear which is meant, the vendor is asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.errors import UserError
from pos.sheets.headings import column_letter, find_header, known_headings, map_columns, read_mapping

if TYPE_CHECKING:
    from pathlib import Path


def refused(header: list[str], kind: str = "products", mapping: dict[str, str] | None = None) -> UserError:
    with pytest.raises(UserError) as caught:
        map_columns(header, "products" if kind == "products" else "variants", mapping)
    return caught.value


def test_bangla_and_english_headings_are_known_in_any_order_and_spelling() -> None:
    found = map_columns(
        [
            "স্টক",
            "  PRICE (Tk) ",
            "Product_Name",
            "পণ্যের কোড",
            "ইংরেজি নাম",
            "ক্রয় মূল্য",
            "একক",
            "সাইজ",
            "Colors",
            "Bar-Code",
        ],
        "products",
    )
    assert found.columns == {
        "stock": 0, "price": 1, "name_bn": 2, "sku": 3, "name_en": 4, "cost": 5, "unit": 6, "sizes": 7,
        "colours": 8, "barcode": 9,
    }  # fmt: skip
    assert found.ignored == ()


def test_both_ways_to_write_a_bangla_letter_are_one_heading() -> None:
    composed, taken_apart = "ক্র\u09df মূল্য", "ক্র\u09af\u09bc মূল্য"
    for heading in (composed, taken_apart, "ক্রয়\u200b মূল্য"):
        assert map_columns(["নাম", "দাম", heading], "products").columns["cost"] == 2


def test_a_second_name_column_in_english_letters_is_the_english_name() -> None:
    assert map_columns(["Name", "নাম", "দাম"], "products").columns == {"name_bn": 1, "name_en": 0, "price": 2}


def test_one_name_column_is_the_name_that_is_shown() -> None:
    assert map_columns(["English name", "Price"], "products").columns == {"name_bn": 0, "price": 1}


def test_a_slip_of_spelling_is_understood_and_told() -> None:
    found = map_columns(["পণ্যের নাম", "Prise", "Catagory", "foo"], "products")
    assert found.columns == {"name_bn": 0, "price": 1, "category": 2}
    assert found.guessed == {"Prise": "price", "Catagory": "category"}
    assert found.ignored == ("foo",)


def test_the_same_heading_twice_is_asked_about() -> None:
    error = refused(["name", "name", "price"])
    assert error.code == "column_twice"
    assert error.params["names"] == ["name", "name"]
    assert error.params["columns"] == ["A", "B"]


def test_two_words_for_one_thing_are_asked_about_and_a_mapping_settles_it() -> None:
    header = ["নাম", "দাম", "Rate"]
    assert refused(header).code == "column_twice"
    assert map_columns(header, "products", {"Rate": "price"}).columns["price"] == 2
    assert map_columns(header, "products", {"Rate": "-"}).columns["price"] == 1
    assert (
        map_columns(["name", "name", "price"], "products", {"B": "name_bn", "A": "-"}).columns["name_bn"] == 1
    )


def test_a_first_row_that_is_no_heading_is_asked_about() -> None:
    assert refused(["চাল", "৬০"]).code == "header_missing"
    assert refused(["chal", "60"]).code == "header_missing"


def test_what_is_missing_is_named() -> None:
    assert refused(["foo", "bar"]).params["names"] == ["name_bn", "price"]
    assert refused(["নাম", "স্টক"]).params["names"] == ["price"]
    assert refused(["colour", "stock"], "variants").params["names"] == ["sku"]
    assert refused(["sku", "stock"], "variants").params["names"] == ["variant_sku"]


def test_a_mapping_speaks_the_vendors_words() -> None:
    found = map_columns(["Mal", "Taka"], "products", {"mal": "নাম", "TAKA": "price"})
    assert found.columns == {"name_bn": 0, "price": 1}
    assert found.used == {"mal", "TAKA"}
    assert refused(["Mal", "Taka"], mapping={"Mal": "colour of the sky"}).code == "mapping_field_unknown"


def test_a_title_above_the_headings_is_passed_over() -> None:
    assert find_header([["Price list of Rahima"], ["নাম", "দাম"], ["চাল", "60"]]) == 1
    assert find_header([["চাল", "60"], ["ডাল", "70"]]) == 0
    assert find_header([["My shop"], ["Mal", "Taka"], ["চাল", "60"]], {"Mal": "name", "Taka": "price"}) == 1


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', '{"a": "price"', "\ufeff", "[" * 100_000])
def test_a_mapping_file_that_is_none_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "m.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match="mapping_broken"):
        read_mapping(path)


def test_a_mapping_file_is_read_with_and_without_a_mark(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig"):
        path = tmp_path / "m.json"
        path.write_text(json.dumps({"মাল": "name"}), encoding=encoding)
        assert read_mapping(path) == {"মাল": "name"}
    with pytest.raises(UserError, match="sheet_missing"):
        read_mapping(tmp_path / "none.json")


def test_columns_have_the_letters_of_a_spreadsheet() -> None:
    assert [column_letter(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@settings(max_examples=150, deadline=None)
@given(header=st.lists(st.text(max_size=12), max_size=8))
def test_any_heading_row_has_an_answer(header: list[str]) -> None:
    known_headings(header)
    try:
        found = map_columns(header, "products")
    except UserError:
        return
    assert len(set(found.columns.values())) == len(found.columns)
