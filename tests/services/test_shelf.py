"""The shelf: what is there, what runs low, how it is spread and how it moved; and putting it right."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.domain.stock import share_of_minimum, stock_state
from pos.errors import UserError
from pos.services.catalogue import NewProduct, NewVariant
from pos.services.product_change import ProductChange
from pos.services.shelf import ShelfFilter
from tests.shopkeeping import dump, problems, remade, sale

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pos.domain.times import FixedClock
    from pos.shop import Shop

PANJABI = NewProduct(
    "সুতি পাঞ্জাবি",
    85_000,
    "piece",
    sku="PJ",
    category="পোশাক",
    cost_paisa=52_000,
    minimum_milli=6_000,
    variants=(
        NewVariant("PJ-1", size="৪০", colour="সাদা", stock_milli=3_000),
        NewVariant("PJ-2", size="৪২", colour="সাদা", stock_milli=1_000),
        NewVariant("PJ-3", size="৪০", colour="নীল"),
        NewVariant("PJ-4", size="৪৪", colour="নীল", stock_milli=4_000, barcode="7744"),
    ),
)


@pytest.fixture(autouse=True)
def sound(shop: Shop) -> Iterator[None]:
    """Whatever a test does, the shop must verify afterwards."""
    yield
    shop.close()
    assert problems(shop.paths) == []


def skus(shop: Shop, **wanted: object) -> list[str]:
    """The products of a filter, by their codes."""
    ids = shop.shelf.ids(ShelfFilter(**wanted))  # type: ignore[arg-type]
    return [row.product.sku for row in shop.shelf.rows(ids)]


# ---- what there is ------------------------------------------------------------------------------------------


def test_the_sums_of_the_shelf_are_the_sums_of_its_stock(shop: Shop) -> None:
    shop.catalogue.add(PANJABI)
    shop.catalogue.edit("P001", ProductChange(cost_paisa=70_001))
    shop.stock.move("P004", "3", "damage")  # below zero: not there, and it cost nothing
    seen = shop.shelf.summary()
    assert seen.by_unit == {"kg": 50_000, "pcs": 10_000 + 20_000 + 8_000}
    assert seen.pieces_milli == 38_000
    assert seen.cost_paisa == 50 * 70_001 + 8 * 52_000
    assert (seen.variants, seen.skus) == (6, 9)
    assert (seen.all, seen.out, seen.low) == (5, 1, 0)
    assert seen.categories == {"": 4, "পোশাক": 1}


def test_the_cost_of_fractions_is_rounded_half_up(shop: Shop) -> None:
    shop.catalogue.add(NewProduct("ঘি", 90_000, "kg", sku="G", cost_paisa=333, stock_milli=1_500))
    assert shop.shelf.summary().cost_paisa == 500  # 499.5


def test_a_product_is_low_at_its_minimum_and_out_at_nothing_free(shop: Shop) -> None:
    shop.catalogue.edit("P003", ProductChange(minimum_milli=20_000))
    shop.catalogue.edit("P001", ProductChange(minimum_milli=20_000))
    assert skus(shop, tab="low") == ["P003"]
    assert skus(shop, tab="out") == ["P004"]
    states = {row.product.sku: row.state for row in shop.shelf.rows(shop.shelf.ids(ShelfFilter()))}
    assert states == {"P001": "ok", "P002": "none", "P003": "low", "P004": "out"}
    shop.orders.take(sale("P003", "20"))
    assert skus(shop, tab="low") == []
    assert skus(shop, tab="out") == ["P003", "P004"]


def test_what_a_held_cart_promises_is_not_free(shop: Shop, clock: FixedClock) -> None:
    shop.stock.reserve("P003", "20", until_ms=clock.now_ms() + 60_000)
    assert skus(shop, tab="out") == ["P003", "P004"]
    assert shop.shelf.summary().out == 2
    clock.advance(ms=60_001)
    assert skus(shop, tab="out") == ["P004"]


def test_the_emptiest_come_first_and_what_has_no_minimum_last(shop: Shop) -> None:
    shop.catalogue.edit("P001", ProductChange(minimum_milli=100_000))  # half of it is there
    shop.catalogue.edit("P003", ProductChange(minimum_milli=50_000))  # two fifths
    assert skus(shop, sort="low_first") == ["P004", "P003", "P001", "P002"]
    assert skus(shop, sort="name") == sorted(skus(shop), key=lambda sku: shop.catalogue.show(sku).name_bn)
    rows = {r.product.sku: r.share_permille for r in shop.shelf.rows(shop.shelf.ids(ShelfFilter()))}
    assert rows == {"P001": 500, "P002": None, "P003": 400, "P004": None}


def test_a_text_finds_within_the_tab_and_the_category(shop: Shop) -> None:
    shop.catalogue.add(PANJABI)
    assert skus(shop, text="panjabi") == ["PJ"]
    assert skus(shop, text="7744") == ["PJ"]
    assert skus(shop, text="পাঞ্জাবি", category="পোশাক") == ["PJ"]
    assert skus(shop, text="পাঞ্জাবি", category="খাবার") == []
    assert skus(shop, text="পাঞ্জাবি", tab="low") == []
    assert skus(shop, category="পোশাক") == ["PJ"]
    assert skus(shop, category="") == ["P001", "P002", "P003", "P004"]
    assert len(shop.shelf.ids(ShelfFilter(), limit=2)) == 2


@pytest.mark.parametrize("text", ["\ud800", "x" * 50_000, "'; DROP TABLE product; --", '"*(', "\0", "%_"])
@pytest.mark.parametrize("tab", ["all", "archived"])
def test_whatever_is_typed_is_only_looked_for(shop: Shop, text: str, tab: str) -> None:
    assert isinstance(shop.shelf.ids(ShelfFilter(text=text, tab=tab)), list)  # type: ignore[arg-type]


def test_an_unknown_id_is_left_out_of_the_rows(shop: Shop) -> None:
    ids = shop.shelf.ids(ShelfFilter())
    assert len(shop.shelf.rows([ids[0], bytes(16), ids[1]])) == 2


# ---- sizes and colours --------------------------------------------------------------------------------------


def test_the_matrix_has_a_cell_for_every_variant_and_sums_both_ways(shop: Shop) -> None:
    shop.catalogue.add(PANJABI)
    seen = shop.shelf.matrix("pj")
    assert seen is not None
    assert seen.sizes == ("৪০", "৪২", "৪৪")
    assert [(r.colour, r.on_hand_milli) for r in seen.rows] == [("সাদা", 4_000), ("নীল", 4_000)]
    assert [[c and c.sku for c in r.cells] for r in seen.rows] == [
        ["PJ-1", "PJ-2", None],
        ["PJ-3", None, "PJ-4"],
    ]
    assert (seen.size_on_hand_milli, seen.on_hand_milli) == ((3_000, 1_000, 4_000), 8_000)
    # Six pieces at least over four variants: each is low at two.
    assert [c.state for r in seen.rows for c in r.cells if c] == ["ok", "low", "out", "ok"]


def test_two_variants_of_one_size_and_colour_are_both_shown(shop: Shop) -> None:
    twins = (NewVariant("T-1", size="M", stock_milli=1_000), NewVariant("T-2", size="M", stock_milli=2_000))
    shop.catalogue.add(NewProduct("জামা", 100, "piece", sku="T", variants=twins))
    seen = shop.shelf.matrix("T")
    assert seen is not None
    assert [[c and c.sku for c in r.cells] for r in seen.rows] == [["T-1"], ["T-2"]]
    assert seen.on_hand_milli == 3_000


def test_a_plain_product_has_no_matrix(shop: Shop) -> None:
    assert shop.shelf.matrix("P003") is None
    with pytest.raises(UserError, match="sku_unknown"):
        shop.shelf.matrix("X9")


@given(st.none() | st.integers(0, 10**9), st.integers(1, 60), st.booleans())
def test_the_shares_of_a_minimum_are_enough_for_it(minimum: int | None, parts: int, fractions: bool) -> None:
    share = share_of_minimum(minimum, parts, fractions=fractions)
    if minimum is None:
        assert share is None
        return
    assert share is not None
    assert share * parts >= minimum
    assert (share - (1 if fractions else 1000)) * parts < minimum
    assert fractions or share % 1000 == 0


@given(st.integers(-(10**9), 10**9), st.none() | st.integers(0, 10**9))
def test_every_stock_is_in_one_state(free: int, minimum: int | None) -> None:
    state = stock_state(free, minimum)
    assert (state == "out") == (free <= 0)
    if free > 0:
        assert state == ("none" if minimum is None else "low" if free <= minimum else "ok")


# ---- how it moved -------------------------------------------------------------------------------------------


def test_the_history_tells_every_movement_and_what_was_there_after_it(shop: Shop, clock: FixedClock) -> None:
    clock.advance(ms=10)
    number = shop.orders.take(sale("P003", "2")).number
    clock.advance(ms=10)
    shop.stock.move("P003", "5", "purchase", "তাঁতঘর")
    clock.advance(ms=10)
    shop.orders.cancel(number, "ক্রেতা নেবেন না")
    clock.advance(ms=10)
    shop.stock.count("P003", "24", "দাগ")
    told = [
        (m.kind, m.reversal, m.qty_milli, m.balance_milli, m.order, m.note)
        for m in shop.shelf.history("P003")
    ]
    assert told == [
        ("count", False, -1_000, 24_000, None, "দাগ"),
        ("sale", True, 2_000, 25_000, number, ""),
        ("purchase", False, 5_000, 23_000, None, "তাঁতঘর"),
        ("sale", False, -2_000, 18_000, number, ""),
        ("opening", False, 20_000, 20_000, None, ""),
    ]
    assert {m.operator for m in shop.shelf.history("P003")} == {shop.desk.operator.name}


def test_pages_of_the_history_join_without_a_gap(shop: Shop, clock: FixedClock) -> None:
    shop.catalogue.add(PANJABI)
    for n, sku in enumerate(["PJ-1", "PJ-4", "PJ-2", "PJ-1", "PJ-4"], 1):
        clock.advance(ms=1)
        shop.stock.move(sku, str(n), "purchase")
    whole = shop.shelf.history("PJ")
    assert len(whole) == 8
    paged, last = [], None
    while page := shop.shelf.history("PJ", limit=3, before=last):
        paged += page
        last = page[-1]
    assert paged == whole
    assert (whole[0].balance_milli, whole[-1].balance_milli) == (23_000, whole[-1].qty_milli)
    assert [m.qty_milli for m in shop.shelf.history("PJ-1")] == [4_000, 1_000, 3_000]
    assert shop.shelf.history("7744") == shop.shelf.history("PJ-4")
    assert whole[0].size == "৪৪"


def test_what_was_sold_lately_leaves_out_cancelled_and_older_sales(shop: Shop, clock: FixedClock) -> None:
    shop.orders.take(sale("P002-01", "1"))
    clock.advance(ms=int(dt.timedelta(days=6).total_seconds() * 1000))
    shop.orders.take(sale("P002-02", "2"))
    cancelled = shop.orders.take(sale("P002-02", "1")).number
    assert (shop.shelf.sold("P002"), shop.shelf.sold("P002-02")) == (4_000, 3_000)
    shop.orders.cancel(cancelled, "ভুল")
    assert shop.shelf.sold("P002") == 3_000
    clock.advance(ms=int(dt.timedelta(days=2).total_seconds() * 1000))
    assert shop.shelf.sold("P002") == 2_000
    assert shop.shelf.sold("P002", days=30) == 3_000


# ---- counting and goods in ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counted", "moved"), [("১৮", -2_000), ("25", 5_000), ("0", -20_000), ("০", -20_000)]
)
def test_a_count_sets_what_is_on_hand(shop: Shop, counted: str, moved: int) -> None:
    item, move = shop.stock.count("P003", counted, "গোনা")
    assert move is not None
    assert (move.kind, move.qty_milli, item.on_hand_milli) == ("count", moved, 20_000 + moved)
    assert shop.stock.items("P003")[0] == item


def test_a_count_that_agrees_writes_nothing(shop: Shop) -> None:
    before = dump(shop.paths.database)
    item, move = shop.stock.count("P003", "20")
    assert (item.on_hand_milli, move) == (20_000, None)
    assert dump(shop.paths.database) == before


def test_a_count_is_of_what_is_there_not_of_what_is_free(shop: Shop, clock: FixedClock) -> None:
    shop.stock.reserve("P003", "5", until_ms=clock.now_ms() + 60_000)
    assert shop.stock.count("P003", "20")[1] is None


@pytest.mark.parametrize(
    ("code", "counted", "error"),
    [
        ("P003", "-1", "quantity_below_zero"), ("P003", "1.5", "quantity_whole"), ("P003", "", "quantity_unclear"),
        ("P002", "1", "variant_required"), ("X9", "1", "sku_unknown"), ("P003", "9999999", "quantity_too_big"),
    ],
)  # fmt: skip
def test_a_count_that_cannot_be_is_refused(shop: Shop, code: str, counted: str, error: str) -> None:
    before = dump(shop.paths.database)
    with pytest.raises(UserError) as raised:
        shop.stock.count(code, counted)
    assert raised.value.code == error
    assert dump(shop.paths.database) == before


def test_goods_come_in_together_in_one_transaction(shop: Shop, clock: FixedClock) -> None:
    clock.advance(ms=1)
    operations = len(dump(shop.paths.database)["op"])
    after = shop.stock.receive([("P003", "5"), ("P002-01", "২"), ("8901", "1.5"), ("P003", "1")], "চালান ৪৪১")
    assert [(i.sku, i.on_hand_milli) for i in after] == [
        ("P003", 26_000), ("P002-01", 7_000), ("P001", 51_500), ("P003", 26_000),
    ]  # fmt: skip
    assert len(dump(shop.paths.database)["op"]) == operations + 1
    assert shop.shelf.history("P002-01")[0].note == "চালান ৪৪১"


@pytest.mark.parametrize(
    ("arrived", "error", "line"),
    [
        ([], "goods_in_empty", None),
        ([("P003", "1"), ("X9", "1")], "sku_unknown", 2),
        ([("P003", "1"), ("P001", "1"), ("P002", "1")], "variant_required", 3),
        ([("P003", "0")], "quantity_not_positive", 1),
    ],
)
def test_goods_in_are_taken_whole_or_not_at_all(
    shop: Shop, arrived: list[tuple[str, str]], error: str, line: int | None
) -> None:
    before = dump(shop.paths.database)
    with pytest.raises(UserError) as raised:
        shop.stock.receive(arrived)
    assert (raised.value.code, raised.value.params.get("line")) == (error, line)
    assert dump(shop.paths.database) == before


def test_counts_and_goods_in_are_made_again_from_the_journal(shop: Shop, tmp_path: Path) -> None:
    shop.stock.count("P003", "7")
    shop.stock.receive([("P003", "5"), ("P002-01", "2")], "মহাজন")
    assert remade(shop, tmp_path) == dump(shop.paths.database)
