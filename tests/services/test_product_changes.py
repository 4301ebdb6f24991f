"""Changing products: fields taken away, variants edited and added, products put away and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pos.errors import ConflictError, PosError, UserError
from pos.services.catalogue import NewProduct, NewVariant, tidy
from pos.services.catalogue_files import SheetProduct
from pos.services.product_change import ProductChange, VariantChange
from pos.services.shelf import ShelfFilter
from tests.shopkeeping import dump, problems, remade, sale

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pos.shop import Shop


@pytest.fixture(autouse=True)
def replayed(shop: Shop, tmp_path: Path) -> Iterator[None]:
    """Whatever a test does, the shop must verify afterwards, and its journal alone must make it again."""
    yield
    assert remade(shop, tmp_path) == dump(shop.paths.database)
    assert problems(shop.paths) == []


def test_cost_minimum_and_barcode_can_be_taken_away(shop: Shop) -> None:
    shop.catalogue.edit("P003", ProductChange(cost_paisa=3_000, minimum_milli=5_000, barcode="77"))
    seen = shop.catalogue.edit("P003", ProductChange(no_cost=True, no_minimum=True, barcode=""))
    assert (seen.cost_paisa, seen.minimum_milli, seen.barcode) == (None, None, None)
    with pytest.raises(UserError, match="sku_unknown"):
        shop.catalogue.show("77")


def test_fractions_are_as_said_whatever_the_unit(shop: Shop) -> None:
    assert shop.catalogue.edit("P003", ProductChange(fractions=True)).fractions
    assert shop.orders.take(sale("P003", "0.5")).lines[0].qty_milli == 500
    assert not shop.catalogue.edit("P003", ProductChange(unit="kg", fractions=False)).fractions


def test_a_variant_gets_its_own_price_and_barcode_and_loses_them_again(shop: Shop) -> None:
    seen = shop.catalogue.edit_variant("P002-01", VariantChange(price_paisa=500_000, barcode="৯৯১"))
    assert (seen.variants[0].price_paisa, seen.variants[0].barcode) == (500_000, "991")
    assert shop.orders.take(sale("991")).lines[0].price_paisa == 500_000
    assert shop.catalogue.find("991")[0].matched == "P002-01"
    seen = shop.catalogue.edit_variant("991", VariantChange(no_price=True, barcode="", colour="মেরুন"))
    assert (seen.variants[0].price_paisa, seen.variants[0].barcode) == (450_050, None)
    assert seen.variants[0].colour == "মেরুন"


@pytest.mark.parametrize(
    ("code", "change", "error"),
    [
        ("P002", VariantChange(price_paisa=1), "variant_unknown"),
        ("P003", VariantChange(price_paisa=1), "variant_unknown"),
        ("X9", VariantChange(price_paisa=1), "sku_unknown"),
        ("P002-01", VariantChange(price_paisa=0), "product_price_missing"),
        ("P002-01", VariantChange(barcode="8901"), "barcode_taken"),
        ("P002-01", VariantChange(barcode="কোড"), "barcode_unclear"),
    ],
)
def test_a_change_of_a_variant_that_cannot_be_is_refused(
    shop: Shop, code: str, change: VariantChange, error: str
) -> None:
    before = dump(shop.paths.database)
    with pytest.raises(PosError) as raised:
        shop.catalogue.edit_variant(code, change)
    assert raised.value.code == error
    assert dump(shop.paths.database) == before


def test_a_barcode_is_not_given_to_two_variants_of_one_product(shop: Shop) -> None:
    shop.catalogue.edit_variant("P002-01", VariantChange(barcode="55"))
    with pytest.raises(ConflictError, match="barcode_taken"):
        shop.catalogue.edit_variant("P002-02", VariantChange(barcode="55"))
    before = dump(shop.paths.database)
    shop.catalogue.edit_variant("P002-01", VariantChange(barcode="55"))  # its own, once more
    assert dump(shop.paths.database) == before


def test_variants_are_added_with_codes_stock_and_place(shop: Shop) -> None:
    seen = shop.catalogue.add_variants(
        "p002",
        [
            NewVariant("", colour="সবুজ", stock_milli=3_000),
            NewVariant("JAM-4", colour="কালো", price_paisa=1, barcode="44"),
        ],
    )
    assert [(v.sku, v.colour, v.on_hand_milli) for v in seen.variants[2:]] == [
        ("P002-03", "সবুজ", 3_000),
        ("JAM-4", "কালো", 0),
    ]
    assert shop.orders.take(sale("44")).lines[0].sku == "JAM-4"
    assert shop.catalogue.find("কালো")[0].product.sku == "P002"
    assert shop.catalogue.add_variants("P002", [NewVariant("")]).variants[-1].sku == "P002-05"


@pytest.mark.parametrize(
    ("code", "variants", "error"),
    [
        ("P003", [NewVariant("")], "product_is_plain"),
        ("P002", [NewVariant("P001")], "sku_taken"),
        ("P002", [NewVariant("N"), NewVariant("N")], "sku_taken"),
        ("P002", [NewVariant("", barcode="8901")], "barcode_taken"),
        ("X9", [NewVariant("")], "sku_unknown"),
    ],
)
def test_variants_that_cannot_be_are_refused(
    shop: Shop, code: str, variants: list[NewVariant], error: str
) -> None:
    before = dump(shop.paths.database)
    with pytest.raises(PosError) as raised:
        shop.catalogue.add_variants(code, variants)
    assert raised.value.code == error
    assert dump(shop.paths.database) == before


def test_a_product_put_away_is_neither_found_nor_sold_nor_counted(shop: Shop) -> None:
    order = shop.orders.take(sale("P003"))
    shop.catalogue.archive("P003")
    assert shop.catalogue.find("সাবান") == []
    with pytest.raises(UserError, match="sku_unknown"):
        shop.orders.take(sale("P003"))
    assert "P003" not in [p.sku for p in shop.catalogue.all()]
    assert shop.shelf.summary().archived == 1
    assert shop.shelf.summary().by_unit["pcs"] == 10_000
    for text in ("", "সাবা", "p003"):
        put_away = shop.shelf.rows(shop.shelf.ids(ShelfFilter(tab="archived", text=text)))
        assert [(row.product.sku, row.archived) for row in put_away] == [("P003", True)]
    assert shop.shelf.ids(ShelfFilter(tab="archived", text="মধু")) == []
    assert shop.orders.show(order.number) == order
    shop.orders.cancel(order.number, "ভুল")


def test_a_product_taken_back_is_as_it_was(shop: Shop) -> None:
    before = shop.catalogue.show("P003")
    shop.catalogue.archive("P003")
    once = dump(shop.paths.database)
    shop.catalogue.archive("P003")
    assert dump(shop.paths.database) == once
    assert shop.catalogue.unarchive("P003") == before
    assert shop.catalogue.find("সাবান")[0].product == before
    assert shop.orders.take(sale("P003")).number


def test_the_code_of_a_product_put_away_stays_its_own_and_the_answer_says_so(shop: Shop) -> None:
    shop.catalogue.archive("P003")
    again = NewProduct("সাবান", 5_000, "piece", sku="P003")
    with pytest.raises(ConflictError, match="sku_archived"):
        shop.catalogue.add(again)
    report = shop.files.take([SheetProduct(2, tidy(again))])
    assert [(r.row, r.code) for r in report.refused] == [(2, "sku_archived")]


def test_a_product_does_not_come_back_with_a_code_that_is_anothers_by_now(shop: Shop) -> None:
    shop.catalogue.edit("P002", ProductChange(barcode="22"))
    shop.catalogue.archive("P002")
    other = shop.catalogue.add(NewProduct("তাঁতের শাড়ি", 90_000, "piece", sku="TT", barcode="22"))
    before = dump(shop.paths.database)
    with pytest.raises(ConflictError, match="barcode_taken"):
        shop.catalogue.unarchive("P002")
    assert dump(shop.paths.database) == before
    shop.catalogue.edit(other.sku, ProductChange(barcode=""))
    assert len(shop.catalogue.unarchive("P002").variants) == 2


def test_a_parents_own_code_may_be_given_anew_and_then_it_stays_away(shop: Shop) -> None:
    shop.catalogue.archive("P002")
    shop.catalogue.add(NewProduct("তাঁতের শাড়ি", 90_000, "piece", sku="P002"))
    with pytest.raises(ConflictError, match="sku_taken"):
        shop.catalogue.unarchive("P002-01")
