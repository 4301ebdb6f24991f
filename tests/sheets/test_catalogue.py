"""Rows become products and variants; what cannot be taken is said row by row, and reading goes on."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.errors import UserError
from pos.l10n.sentences import FIELDS, sentence
from pos.sheets.catalogue import expand_variants, parse_catalogue
from pos.sheets.reading import read_sheet
from pos.sheets.rows import ProductRow, check_digit_fits

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.sheets.catalogue import Catalogue
    from pos.sheets.rows import RowError, RowWarning

    Import = Callable[..., Catalogue]

RESOURCES = Path(__file__).resolve().parents[2] / "resources"


def said(catalogue: Catalogue) -> list[tuple[int, str, str]]:
    """Row, field and code of every error; each must read as a sentence in both languages."""
    findings: list[RowError | RowWarning] = [*catalogue.errors, *catalogue.warnings]
    for finding in findings:
        assert finding.field in FIELDS
        for lang in ("bn", "en"):
            text = sentence(finding.code, finding.params, "bn" if lang == "bn" else "en")
            assert "…" not in text, (finding.code, text)
    return [(error.row, error.field, error.code) for error in catalogue.errors]


def warned(catalogue: Catalogue) -> list[tuple[int, str, str]]:
    return [(warning.row, warning.field, warning.code) for warning in catalogue.warnings]


def test_the_demo_catalogue_comes_in_whole() -> None:
    demo = RESOURCES / "demo"
    catalogue = parse_catalogue(
        read_sheet(demo / "catalogue.csv"), read_sheet(demo / "catalogue_variants.csv")
    )
    assert (len(catalogue.products), len(catalogue.variants), catalogue.skus) == (120, 187, 273)
    assert (catalogue.errors, catalogue.warnings, catalogue.ignored_columns) == ([], [], ())
    rice = catalogue.products[0]
    assert (rice.sku, rice.unit, rice.cost_paisa, rice.price_paisa, rice.stock_milli) == (
        "P001",
        "kg",
        11500,
        14000,
        80_000,
    )
    assert rice.fractions


def test_the_sample_for_vendors_is_the_same_as_csv_and_as_workbook() -> None:
    samples = RESOURCES / "samples"
    as_csv = parse_catalogue(
        read_sheet(samples / "products.csv"), read_sheet(samples / "products_variants.csv")
    )
    as_book = parse_catalogue(read_sheet(samples / "products.xlsx"))
    assert as_csv == as_book
    assert (len(as_book.products), len(as_book.variants), as_book.skus) == (5, 6, 9)
    assert (as_book.errors, as_book.warnings, as_book.ignored_columns) == ([], [], ())


def test_amounts_and_quantities_are_read_as_people_write_them(take: Import) -> None:
    text = "নাম,একক,কেনা দাম,দাম,স্টক,সর্বনিম্ন\nচাল,কেজি,৫০,৬০/-,১২.৫,৫ কেজি\nগামছা,টি,,৳ 180,২০ টি,0\nডিম,,,500.,,\n"
    catalogue = take(text)
    assert said(catalogue) == []
    rice, cloth, egg = catalogue.products
    assert (rice.cost_paisa, rice.price_paisa, rice.stock_milli, rice.minimum_milli) == (
        5000,
        6000,
        12_500,
        5000,
    )
    assert (cloth.cost_paisa, cloth.price_paisa, cloth.stock_milli, cloth.minimum_milli) == (
        None,
        18000,
        20_000,
        0,
    )
    assert (egg.unit, egg.price_paisa, egg.stock_milli) == ("pcs", 50000, None)


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("চাল,kg,ষাট,1,", ("price", "money_unclear")),
        ("চাল,kg,,1,", ("price", "price_missing")),
        ("চাল,kg,0,1,", ("price", "price_zero")),
        ("চাল,kg,500%,1,", ("price", "money_unclear")),
        ("চাল,kg,99999999999999,1,", ("price", "money_too_big")),
        ("চাল,kg,60,-5,", ("stock", "quantity_negative")),
        ("চাল,kg,60,−3,", ("stock", "quantity_negative")),
        ("চাল,kg,60,NaN,", ("stock", "quantity_unclear")),
        ("চাল,kg,60,0x10,", ("stock", "quantity_unclear")),
        ("চাল,kg,60,²,", ("stock", "quantity_unclear")),
        ('চাল,kg,60,"1,5",', ("stock", "number_ambiguous")),
        ("চাল,pcs,60,1.5,", ("stock", "quantity_whole")),
        ("চাল,litre,60,10 kg,", ("stock", "quantity_unclear")),
        ("চাল,ঝুপড়ি,60,1,", ("unit", "unit_unknown")),
        ("চাল,kg,60,1,2.1E+12", ("barcode", "digits_lost")),
        ("চাল,kg,60,1,2100000000000", ("barcode", "digits_lost")),
        ("চাল,kg,60,1,বার কোড", ("barcode", "barcode_unclear")),
        ("চাল,kg,60,1," + "x" * 49, ("barcode", "barcode_unclear")),
        ("\u00a0\u2003\u3000\u2800\u3164,kg,60,1,", ("name_bn", "name_empty")),
        (",kg,60,1,", ("name_bn", "name_empty")),
        ("x" * 2000 + ",kg,60,1,", ("name_bn", "text_too_long")),
        ("চাল,kg,60,1,,250", ("row", "cells_shifted")),
    ],
)
def test_a_bad_cell_is_reported_with_its_row_and_the_rest_is_read(
    take: Import, row: str, error: tuple[str, str]
) -> None:
    catalogue = take(f"নাম,একক,দাম,স্টক,বারকোড\nডাল,kg,100,0,\n{row}\nমধু,kg,500,1,\n")
    assert said(catalogue) == [(3, *error)]
    assert [product.name_bn for product in catalogue.products] == ["ডাল", "মধু"]


def test_every_bad_cell_of_a_row_is_reported(take: Import) -> None:
    catalogue = take("name,unit,price,stock\nchal,xyz,free,-1\n")
    assert said(catalogue) == [
        (2, "unit", "unit_unknown"),
        (2, "price", "money_unclear"),
        (2, "stock", "quantity_negative"),
    ]


def test_a_cell_for_one_unit_is_not_remembered_for_another(take: Import) -> None:
    catalogue = take(
        "name,unit,price,stock\nchal,kg,60,10 kg\ntel,litre,60,10 kg\nghee,kg,60,1.5\nboi,pcs,60,1.5\n"
    )
    assert said(catalogue) == [(3, "stock", "quantity_unclear"), (5, "stock", "quantity_whole")]


def test_headings_without_products_are_nothing_to_import(take: Import) -> None:
    with pytest.raises(UserError, match="nothing_to_import"):
        take("name,price\r")


def test_the_same_name_twice_without_codes_is_asked_about(take: Import) -> None:
    catalogue = take("name,price\nchal,60\nchal,65\n")
    assert said(catalogue) == [(3, "name_bn", "name_twice")]
    assert catalogue.errors[0].params["first_row"] == 2


def test_the_same_name_under_two_codes_is_two_products(take: Import) -> None:
    assert said(take("sku,name,price\nA,chal,60\nB,chal,65\n")) == []
    assert said(take("sku,name,price\nA,chal,60\n,chal,65\n")) == [(3, "name_bn", "name_twice")]


def test_the_same_code_or_barcode_twice_is_reported(take: Import) -> None:
    catalogue = take("sku,name,price,barcode\np1,a,1,X9\nP১,b,1,\np2,c,1,x9\n")
    assert said(catalogue) == [(3, "sku", "sku_twice"), (4, "barcode", "barcode_twice")]


def test_a_code_with_a_space_inside_is_refused_and_bangla_digits_are_folded(take: Import) -> None:
    catalogue = take("কোড,নাম,দাম\nক ১,চাল,60\nক১,ডাল,60\n")
    assert [(error.row, error.code) for error in catalogue.errors] == [(2, "sku_unclear")]
    assert catalogue.products[0].sku == "ক1"


def test_a_barcode_whose_last_digit_is_wrong_is_only_pointed_at(take: Import) -> None:
    catalogue = take("name,price,barcode\na,1,2100000010005\nb,1,২১০০০০০০১০০০৪\nc,1,ABC-9\nd,1,96385074\n")
    assert said(catalogue) == []
    assert warned(catalogue) == [(2, "barcode", "barcode_check")]
    assert [product.barcode for product in catalogue.products] == [
        "2100000010005",
        "2100000010004",
        "ABC-9",
        "96385074",
    ]


def test_check_digits_follow_gs1() -> None:
    for good in ("96385074", "036000291452", "4006381333931", "2100000010004", "00012345600012"):
        assert check_digit_fits(good)
        assert not check_digit_fits(good[:-1] + str((int(good[-1]) + 1) % 10))
    assert check_digit_fits("1234567")


@pytest.mark.parametrize(
    "name",
    [
        "শা\u09dcি", "ক\u09c7\u09beরমা", "👩\u200d👩\u200d👧 জামদানি 🇧🇩✨", "a<b", '<img src="http://127.0.0.1:9/x.png"/>',
        "Salt && Pepper & Co", "Robert'); DROP TABLE orders;--", "100% কটন_নতুন", "=1+1", "@রহিমা", "CON",
        "İstanbul ß K", "b\u041aash", "0", "NaN", "true", "'quoted'", "-", "+880",
    ],
)  # fmt: skip
def test_strange_names_are_kept_as_they_are(take: Import, name: str) -> None:
    from pos.domain.text import nfc

    quoted = name.replace('"', '""')
    catalogue = take(f'name,price\n"{quoted}",60\n')
    assert [product.name_bn for product in catalogue.products] == [nfc(name)]


def test_ignored_columns_are_named(take: Import) -> None:
    assert take("name,price,Supplier,,Remarks\na,1,b,c,d\n").ignored_columns == ("Supplier", "Remarks")


def test_a_mapping_that_fits_no_column_is_refused(take: Import) -> None:
    with pytest.raises(UserError, match="mapping_unused"):
        take("name,price\na,1\n", mapping={"Maal": "name"})
    assert take("Maal,price\na,1\n", mapping={"Maal": "name", "price": "price"}).products[0].name_bn == "a"


def test_variants_count_for_the_stock_and_a_different_sum_is_pointed_at(take: Import) -> None:
    products = "sku,name,price,stock,colours\nA,a,10,9,\nB,b,10,4,লাল;নীল\nC,c,10,,\n"
    variants = "sku,variant_sku,size,colour,stock,price\nA,A-1,M,,5,\nA,A-2,L,,5,12\nB,,,লাল,2,\nB,,,নীল,2,\n"
    catalogue = take(products, variants)
    assert said(catalogue) == []
    assert warned(catalogue) == [(2, "stock", "stock_differs")]
    assert [(v.variant_sku, v.size, v.colour, v.stock_milli, v.price_paisa) for v in catalogue.variants] == [
        ("A-1", "M", "", 5000, None),
        ("A-2", "L", "", 5000, 1200),
        ("B-01", "", "লাল", 2000, None),
        ("B-02", "", "নীল", 2000, None),
    ]
    assert catalogue.skus == 5
    assert {row: len(found) for row, found in catalogue.variants_of().items()} == {2: 2, 3: 2}


def test_variants_are_made_from_sizes_and_colours_when_no_stock_has_to_be_split(take: Import) -> None:
    catalogue = take(
        'sku,name,price,size,colour,stock\nA,a,10,M;L,লাল|নীল,0\nB,b,10,,লাল,7\nC,c,10,"S, M",,\n,d,10,S;M,,\n'
    )
    assert said(catalogue) == []
    found = [(v.product_sku, v.variant_sku, v.size, v.colour, v.stock_milli) for v in catalogue.variants]
    assert found == [
        ("A", "A-01", "M", "লাল", None),
        ("A", "A-02", "M", "নীল", None),
        ("A", "A-03", "L", "লাল", None),
        ("A", "A-04", "L", "নীল", None),
        ("B", "B-01", "", "লাল", 7000),
        ("C", "C-01", "S", "", None),
        ("C", "C-02", "M", "", None),
        (None, None, "S", "", None),
        (None, None, "M", "", None),
    ]


def test_stock_that_several_variants_would_share_is_asked_about(take: Import) -> None:
    catalogue = take("sku,name,price,colour,stock\nA,a,10,লাল;নীল,5\nB,b,10,,1\n")
    assert said(catalogue) == [(2, "stock", "stock_needs_variants")]
    assert [product.sku for product in catalogue.products] == ["B"]
    with_file = take("sku,name,price,stock\nA,a,10,5\n", "sku,colour\nA,লাল\nA,নীল\n")
    assert said(with_file) == [(2, "stock", "stock_needs_variants")]


def test_made_codes_pass_over_codes_that_are_there(take: Import) -> None:
    catalogue = take("sku,name,price,colour\nA,a,10,লাল;নীল\nA-01,b,10,\n")
    assert [variant.variant_sku for variant in catalogue.variants] == ["A-02", "A-03"]


def test_too_many_variants_are_a_slip_of_the_separator(take: Import) -> None:
    sizes = ";".join(map(str, range(30)))
    assert said(take(f"sku,name,price,size,colour\nA,a,10,{sizes},{sizes}\n")) == [
        (2, "sizes", "too_many_variants")
    ]


def test_a_product_with_options_expands_to_coded_variants() -> None:
    product = ProductRow(
        row=3, sku="P068", name_bn="শাড়ি", price_paisa=100, sizes=("M",), colours=("লাল", "নীল")
    )
    assert [(v.variant_sku, v.size, v.colour, v.product_row) for v in expand_variants(product)] == [
        ("P068-01", "M", "লাল", 3),
        ("P068-02", "M", "নীল", 3),
    ]
    assert expand_variants(ProductRow(row=3, sku="P", name_bn="x")) == []


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("Z,Z-1,M,,1", ("sku", "parent_unknown")),
        (",A-9,M,,1", ("sku", "sku_missing")),
        ("A,,,,1", ("variant_sku", "variant_unnamed")),
        ("A,a,M,,1", ("variant_sku", "sku_twice")),
        ("A,A-1,M,,1", ("variant_sku", "sku_twice")),
        ("A,A-2,L,,1", ("variant_sku", "variant_twice")),
        ("A,A-2,M,,-1", ("stock", "quantity_negative")),
        ("A,A-2,M,,1.5", ("stock", "quantity_whole")),
    ],
)
def test_a_bad_row_of_variants_is_reported(take: Import, row: str, error: tuple[str, str]) -> None:
    catalogue = take("sku,name,price\nA,a,10\n", f"sku,variant_sku,size,colour,stock\nA,A-1,L,,1\n{row}\n")
    assert said(catalogue) == [(3, *error)]
    assert catalogue.errors[0].sheet == "variants"
    assert len(catalogue.variants) == 1


def test_variants_of_a_refused_product_are_not_reported_on_top(take: Import) -> None:
    catalogue = take("sku,name,price\nA,a,free\n", "sku,variant_sku,size\nA,A-1,L\n")
    assert said(catalogue) == [(2, "price", "money_unclear")]
    assert catalogue.variants == []


def test_a_product_whose_variants_all_failed_does_not_come_in_as_a_plain_one(take: Import) -> None:
    catalogue = take("sku,name,price,stock\nA,a,10,3\nB,b,10,1\n", "sku,variant_sku,size,stock\nA,A-1,L,-1\n")
    assert [product.sku for product in catalogue.products] == ["B"]


def test_progress_is_told_and_a_stop_passes_through(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name,price\n" + "".join(f"n{i},1\n" for i in range(1700)), encoding="utf-8")
    told: list[tuple[int, int | None]] = []
    parse_catalogue(read_sheet(path), progress=lambda done, total: told.append((done, total)))
    assert told == [(500, 1701), (1000, 1701), (1500, 1701), (1700, 1700)]

    def stop(_done: int, _total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        parse_catalogue(read_sheet(path), progress=stop)


_CELL = st.one_of(
    st.sampled_from(
        ["", "কেজি", "pcs", "60", "৬০/-", "1,5", "-1", "0", "লাল;নীল", "P1", "P2", "2.1E+12", "yes", "চাল"]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00…"), max_size=8),
)


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.lists(_CELL, min_size=10, max_size=10), min_size=1, max_size=5))
def test_any_row_is_either_taken_or_reported(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    path = tmp_path_factory.mktemp("rows") / "a.csv"
    header = ["sku", "name", "unit", "price", "cost", "stock", "barcode", "size", "colour", "fractions"]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    seen = [row.number for row in read_sheet(path).rows()][1:]
    if not seen:
        return
    catalogue = parse_catalogue(read_sheet(path))
    said(catalogue)
    taken = {product.row for product in catalogue.products}
    assert taken | {error.row for error in catalogue.errors} == set(seen)
    assert not taken & {error.row for error in catalogue.errors}
