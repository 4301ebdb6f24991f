"""The form of a product without a screen: what it refuses, what it makes, what it leaves alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pos.l10n import BANGLA
from tests.shopkeeping import problems
from tests.ui.needs import AtOnce
from ui.presenters.product import ProductForm
from ui.theme.look import Look

if TYPE_CHECKING:
    from pos.services.views import ProductView
    from pos.shop import Shop


def form_of(shop: Shop, product: ProductView | None = None) -> ProductForm:
    return ProductForm(shop, AtOnce(), Look("light", BANGLA), product)


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("name_bn", "  ", "নাম"),
        ("price", "0", "দাম"),
        ("price", "দাম কত", "দাম কত"),
        ("cost", "১,৫", "দুইভাবে"),
        ("sku", "P002-01", "P002-01"),
        ("sku", "দুই শব্দ", "ফাঁকা"),
        ("barcode", "8901", "8901"),
        ("minimum", "১.৫", "১.৫"),
        ("minimum", "-2", "শূন্যের কম"),
    ],
)
def test_a_field_that_is_left_says_its_cure(shop: Shop, field: str, text: str, said: str) -> None:
    form = form_of(shop)
    form.type(field, text)
    form.leave(field)
    assert said in form.faults[field]
    form.type(field, "৫" if field in {"minimum", "price", "cost"} else "Z9")
    form.leave(field)
    assert field not in form.faults


def test_bangla_figures_fractions_and_a_mark_are_read(shop: Shop) -> None:
    form = form_of(shop)
    for field, text in (
        ("name_bn", "সরিষার তেল"), ("price", "২৮০"), ("cost", "২৩৫.৫০"), ("minimum", "২.৫"), ("stock", "১০.২৫"),
    ):  # fmt: skip
        form.type(field, text)
    form.choose_unit("litre")
    assert form.fractions
    assert form.save()
    made = next(p for p in shop.catalogue.all() if p.name_bn == "সরিষার তেল")
    assert (made.price_paisa, made.cost_paisa, made.minimum_milli) == (28_000, 23_550, 2_500)
    assert made.on_hand_milli == 10_250
    assert made.fractions


def test_every_size_of_every_colour_is_made_once(shop: Shop) -> None:
    form = form_of(shop)
    assert form.spread("সাদা, নীল", "38, 40, 38") == 4
    assert form.spread("সাদা, কালো", "38,40") == 2
    assert form.spread("", "") == 0
    assert form.spread("", "ফ্রি") == 1


def test_the_same_kind_twice_is_said_at_the_second(shop: Shop) -> None:
    form = form_of(shop)
    form.type("name_bn", "গেঞ্জি")
    form.type("price", "300")
    form.spread("লাল", "৪০")
    form.add_variant()
    form.type_variant(1, "colour", "লাল")
    form.type_variant(1, "size", "40")
    assert form.problems() == ["variant.1.colour"]
    form.type_variant(1, "size", "42")
    assert form.problems() == []
    form.add_variant()
    assert form.problems() == ["variant.2.colour"]
    form.remove_variant(2)
    assert form.save()
    made = next(p for p in shop.catalogue.all() if p.name_bn == "গেঞ্জি")
    assert [v.sku for v in made.variants] == [f"{made.sku}-01", f"{made.sku}-02"]


def test_saving_what_is_as_it_was_writes_nothing(shop: Shop) -> None:
    form = form_of(shop, shop.catalogue.show("P002"))
    with shop.store.read() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM op").scalar_one()
    assert form.save()
    with shop.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM op").scalar_one() == before


def test_a_change_of_product_and_kinds_is_one_commit_and_goes_back_as_one(shop: Shop) -> None:
    before = shop.catalogue.show("P002")
    form = form_of(shop, before)
    form.type("name_en", "Jamdani Saree")
    form.type("minimum", "4")
    form.type_variant(0, "colour", "টকটকে লাল")
    form.type_variant(1, "price", "")
    form.type_variant(1, "barcode", "8902")
    assert form.save()
    after = shop.catalogue.show("P002")
    assert (after.name_en, after.minimum_milli) == ("Jamdani Saree", 4000)
    assert [(v.colour, v.price_paisa, v.barcode) for v in after.variants] == [
        ("টকটকে লাল", 450_050, None),
        ("নীল", 450_050, "8902"),
    ]
    assert form.undo is not None
    form.undo()
    assert shop.catalogue.show("P002") == before
    assert problems(shop.paths) == []


def test_one_kind_that_is_refused_leaves_all_as_it_was(shop: Shop) -> None:
    before = shop.catalogue.show("P002")
    form = form_of(shop, before)
    form.type("name_en", "Jamdani Saree")
    form.type_variant(0, "barcode", "7700")
    assert form.problems() == []
    shop.catalogue.edit("P003", _with_barcode("7700"))  # somebody else was quicker
    form._work.write(form._edit, form._done, form._refused)
    assert shop.catalogue.show("P002") == before
    assert "7700" in form.faults["barcode"]


def test_a_new_kind_joins_those_that_are_there(shop: Shop) -> None:
    form = form_of(shop, shop.catalogue.show("P002"))
    form.add_variant()
    form.type_variant(2, "colour", "সবুজ")
    form.type_variant(2, "stock", "6")
    assert form.save()
    assert form.undo is None  # a kind is not taken out again
    made = shop.catalogue.show("P002").variants[2]
    assert (made.sku, made.colour, made.on_hand_milli) == ("P002-03", "সবুজ", 6000)


def test_a_product_sold_as_it_is_offers_no_kinds(shop: Shop) -> None:
    assert form_of(shop, shop.catalogue.show("P003")).plain
    assert not form_of(shop, shop.catalogue.show("P002")).plain
    assert not form_of(shop).plain


def _with_barcode(code: str) -> Any:
    from pos.services.product_change import ProductChange

    return ProductChange(barcode=code)
