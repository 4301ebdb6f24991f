"""Products and their stock: codes are each one's own, and every piece that moves is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pos.errors import ConflictError, PosError, UserError
from pos.services.catalogue import NewProduct, NewVariant
from pos.services.product_change import ProductChange
from tests.shopkeeping import dump, problems, sale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pos.shop import Shop


@pytest.fixture(autouse=True)
def sound(shop: Shop) -> Iterator[None]:
    """Whatever a test does, the shop must verify afterwards."""
    yield
    shop.close()
    assert problems(shop.paths) == []


@pytest.mark.parametrize(
    ("kind", "typed", "after"),
    [
        ("purchase", "5", 25_000), ("return", "১", 21_000), ("damage", "2", 18_000), ("adjustment", "-3", 17_000),
        ("adjustment", "+3", 23_000), ("damage", "25", -5_000),
    ],
)  # fmt: skip
def test_a_movement_changes_stock_by_its_kind(shop: Shop, kind: str, typed: str, after: int) -> None:
    item, move = shop.stock.move("P003", typed, kind, "কারণ")
    assert (item.on_hand_milli, move.qty_milli) == (after, after - 20_000)
    assert item == shop.stock.items("P003")[0]


@pytest.mark.parametrize(
    ("code", "typed", "kind", "error"),
    [
        ("P003", "1", "sale", "stock_kind_unknown"), ("P003", "1", "opening", "stock_kind_unknown"),
        ("P003", "-1", "purchase", "quantity_not_positive"), ("P003", "0", "adjustment", "quantity_zero"),
        ("P003", "1.5", "purchase", "quantity_whole"), ("X9", "1", "purchase", "sku_unknown"),
        ("P002", "1", "purchase", "variant_required"), ("P003", "x", "damage", "quantity_unclear"),
    ],
)  # fmt: skip
def test_a_movement_that_cannot_be_is_refused(
    shop: Shop, code: str, typed: str, kind: str, error: str
) -> None:
    before = dump(shop.paths.database)
    with pytest.raises(UserError) as raised:
        shop.stock.move(code, typed, kind)
    assert raised.value.code == error
    assert dump(shop.paths.database) == before


def test_stock_of_a_parent_is_its_variants_and_the_sum_of_them(shop: Shop) -> None:
    assert [i.sku for i in shop.stock.items("P002")] == ["P002-01", "P002-02"]
    assert [i.sku for i in shop.stock.items("P002-02")] == ["P002-02"]
    assert shop.catalogue.show("P002").on_hand_milli == 10_000
    assert [i.sku for i in shop.stock.items()] == ["P001", "P002-01", "P002-02", "P003", "P004"]


def test_a_product_without_a_code_is_given_the_next_one_that_is_free(shop: Shop) -> None:
    assert shop.catalogue.add(NewProduct("দই", 12_000, "kg")).sku == "P005"
    shop.catalogue.add(NewProduct("জামা", 50_000, "piece", sku="J1", variants=(NewVariant("P006", size="M"),)))
    assert shop.catalogue.add(NewProduct("ঘি", 90_000, "kg")).sku == "P007"


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (NewProduct("মধু", 100, "kg", sku="P001"), "sku_taken"),
        (NewProduct("মধু", 100, "kg", sku="P002-01"), "sku_taken"),
        (NewProduct("মধু", 100, "kg", sku="N", variants=(NewVariant("N"),)), "sku_taken"),
        (NewProduct("মধু", 100, "kg", sku="N", barcode="8901"), "barcode_taken"),
        (NewProduct(" \u200b", 100, "kg"), "name_empty"),
        (NewProduct("ক" * 201, 100, "kg"), "text_too_long"),
        (NewProduct("মধু", 0, "kg"), "product_price_missing"),
        (NewProduct("মধু", 100, "furlong"), "unit_unknown"),
        (NewProduct("মধু", 100, "kg", stock_milli=10**9 + 1), "quantity_too_big"),
        (NewProduct("মধু", 100, "kg", variants=(NewVariant("N-1", stock_milli=10**11),)), "quantity_too_big"),
        (NewProduct("মধু", 100, "kg", sku="A B"), "sku_unclear"),
        (NewProduct("মধু", 100, "kg", barcode="কোড"), "barcode_unclear"),
        (
            NewProduct(
                "মধু",
                1,
                "piece",
                sku="N",
                variants=(NewVariant("N-1", barcode="7"), NewVariant("N-2", barcode="7")),
            ),
            "barcode_taken",
        ),
        (
            NewProduct("মধু", 1, "piece", sku="N", barcode="7", variants=(NewVariant("N-1", barcode="7"),)),
            "barcode_taken",
        ),
    ],
)
def test_a_product_that_cannot_be_is_refused(shop: Shop, new: NewProduct, code: str) -> None:
    before = dump(shop.paths.database)
    with pytest.raises(PosError) as error:
        shop.catalogue.add(new)
    assert error.value.code == code
    assert dump(shop.paths.database) == before


def test_an_edit_changes_what_it_names_and_an_order_keeps_what_was_sold(shop: Shop) -> None:
    order = shop.orders.take(sale("P003"))
    edited = shop.catalogue.edit("p003", ProductChange(name_bn="নিম সাবান", price_paisa=5_000, barcode="77"))
    assert (edited.name_bn, edited.price_paisa, edited.barcode) == ("নিম সাবান", 5_000, "77")
    assert shop.orders.show(order.number) == order
    assert shop.orders.take(sale("77")).lines[0].name_bn == "নিম সাবান"
    assert shop.catalogue.find("নিম")[0].product.id == edited.id
    assert shop.catalogue.edit("P003", ProductChange(barcode="")).barcode is None


def test_an_edit_that_changes_nothing_writes_nothing(shop: Shop) -> None:
    before = dump(shop.paths.database)
    shop.catalogue.edit("P003", ProductChange(name_bn=" সাবান ", price_paisa=4_550))
    assert dump(shop.paths.database) == before


def test_a_unit_brings_its_rule_of_fractions(shop: Shop) -> None:
    assert not shop.catalogue.show("P003").fractions
    assert shop.catalogue.edit("P003", ProductChange(unit="kg")).fractions
    assert shop.orders.take(sale("P003", "0.25")).lines[0].qty_milli == 250


@pytest.mark.parametrize(
    ("code", "change", "error"),
    [
        ("X9", ProductChange(name_bn="ক"), "sku_unknown"),
        ("P003", ProductChange(barcode="8901"), "barcode_taken"),
        ("P003", ProductChange(price_paisa=0), "product_price_missing"),
        ("P003", ProductChange(name_bn=""), "name_empty"),
    ],
)
def test_an_edit_that_cannot_be_is_refused(shop: Shop, code: str, change: ProductChange, error: str) -> None:
    with pytest.raises(UserError) as raised:
        shop.catalogue.edit(code, change)
    assert raised.value.code == error
    assert isinstance(raised.value, ConflictError) == (error == "barcode_taken")
