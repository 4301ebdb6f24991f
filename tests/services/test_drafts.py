"""The cart survives whatever happens to the program; held carts keep their goods; a taken cart is gone."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from pos.errors import UserError
from pos.paths import ShopPaths
from pos.services.order_request import ItemRequest
from pos.shop import open_shop
from tests.shopkeeping import LOCAL, PHONE, dump, problems, sale, sale_to

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from pos.domain.times import FixedClock
    from pos.shop import Shop

HOUR_MS = 3_600_000
CART = json.dumps({"lines": [{"sku": "P001", "qty": "১.৫"}], "note": "সন্ধ্যায় ফোন"}, ensure_ascii=False)


@pytest.fixture
def cart(shop: Shop) -> UUID:
    """A cart's identity."""
    return shop.desk.new_id()


def soon(shop: Shop) -> int:
    return shop.desk.clock.now_ms() + HOUR_MS


def hold(shop: Shop, draft_id: UUID, qty: str = "2", label: str = "শারমিন") -> None:
    shop.drafts.hold(draft_id, label, CART, [("P001", qty)], soon(shop))


def levels(shop: Shop, sku: str = "P001") -> tuple[int, int]:
    item = shop.stock.items(sku)[0]
    return item.on_hand_milli, item.reserved_milli


# ---- the cart at hand --------------------------------------------------------------------------------


def test_a_saved_cart_comes_back_byte_for_byte(shop: Shop, cart: UUID) -> None:
    assert shop.drafts.current() is None
    assert shop.drafts.save(CART, draft_id=cart, label="শারমিন")
    found = shop.drafts.current()
    assert found is not None
    assert (found.id, found.state, found.label, found.body) == (cart, "cart", "শারমিন", CART)
    assert (found.operator, found.updated_at_ms) == ("রূপকথা ঘর", shop.desk.clock.now_ms())


def test_the_cart_is_there_after_a_kill_that_closed_nothing(
    shop: Shop, cart: UUID, clock: FixedClock, tmp_path: Path
) -> None:
    shop.drafts.save('{"lines": []}', draft_id=cart)
    shop.drafts.save(CART, draft_id=cart)
    killed = ShopPaths(tmp_path / "killed")
    shutil.copytree(shop.paths.home, killed.home)  # the files as they lie at this instant, -wal and all
    with open_shop(killed, clock) as again:
        found = again.drafts.current()
    assert found is not None
    assert (found.id, found.body) == (cart, CART)


def test_saving_writes_no_operation_and_only_the_draft(shop: Shop, cart: UUID) -> None:
    before = dump(shop.paths.database, without=LOCAL)
    for text in ("{}", CART):
        shop.drafts.save(text, draft_id=cart)
    shop.drafts.clear(cart)
    assert dump(shop.paths.database, without=LOCAL) == before
    assert dump(shop.paths.database)["draft"] == []


def test_a_cleared_cart_is_gone_and_may_be_cleared_again(shop: Shop, cart: UUID) -> None:
    shop.drafts.save(CART, draft_id=cart)
    shop.drafts.clear(cart)
    shop.drafts.clear(cart)
    assert shop.drafts.current() is None


def test_there_is_one_cart_at_hand_and_the_other_is_not_lost(shop: Shop, cart: UUID) -> None:
    shop.drafts.save(CART, draft_id=cart, label="প্রথম")
    second = shop.desk.new_id()
    shop.drafts.save("{}", draft_id=second)
    current = shop.drafts.current()
    assert current is not None
    assert current.id == second
    assert [(d.id, d.label, d.body) for d in shop.drafts.held()] == [(cart, "প্রথম", CART)]


def test_what_is_no_json_is_not_kept(shop: Shop, cart: UUID) -> None:
    shop.drafts.save(CART, draft_id=cart)
    with pytest.raises(json.JSONDecodeError):
        shop.drafts.save("{", draft_id=cart)
    found = shop.drafts.current()
    assert found is not None
    assert found.body == CART


# ---- held carts --------------------------------------------------------------------------------------


def test_a_held_cart_promises_its_goods_and_leaves_them_on_hand(shop: Shop, cart: UUID) -> None:
    shop.drafts.save(CART, draft_id=cart)
    shop.drafts.hold(cart, "শারমিন", CART, [("P001", "২"), ("p003", "3")], soon(shop))
    assert shop.drafts.current() is None
    assert [(d.id, d.state, d.label) for d in shop.drafts.held()] == [(cart, "held", "শারমিন")]
    assert levels(shop) == (50_000, 2_000)
    assert levels(shop, "P003") == (20_000, 3_000)
    shop.close()
    assert problems(shop.paths) == []


def test_a_hold_that_is_refused_changes_nothing(shop: Shop, cart: UUID) -> None:
    shop.drafts.save(CART, draft_id=cart)
    before = dump(shop.paths.database)
    bad: list[tuple[list[tuple[str, str]], int, str, object]] = [
        ([("P001", "1"), ("X999", "1")], soon(shop), "sku_unknown", 2),
        ([("P001", "1"), ("P002", "1")], soon(shop), "variant_required", 2),
        ([("P003", "1.5"), ("P001", "1")], soon(shop), "quantity_whole", 1),
        ([("P001", "1")], shop.desk.clock.now_ms(), "reservation_over", None),
    ]
    for items, until_ms, code, line in bad:
        with pytest.raises(UserError) as error:
            shop.drafts.hold(cart, "", CART, items, until_ms)
        assert (error.value.code, error.value.params.get("line")) == (code, line)
    assert dump(shop.paths.database) == before


def test_holding_a_held_cart_again_promises_what_is_in_it_now(shop: Shop, cart: UUID) -> None:
    hold(shop, cart, "2")
    hold(shop, cart, "5", "শারমিন আপা")
    assert levels(shop) == (50_000, 5_000)
    assert [d.label for d in shop.drafts.held()] == ["শারমিন আপা"]


def test_the_cart_held_last_stands_first(shop: Shop, clock: FixedClock) -> None:
    for label in ("ক", "খ", "গ"):
        hold(shop, shop.desk.new_id(), label=label)
        clock.advance(ms=1000)
    assert [d.label for d in shop.drafts.held()] == ["গ", "খ", "ক"]


def test_a_recalled_cart_is_at_hand_and_its_goods_are_free(shop: Shop, cart: UUID) -> None:
    hold(shop, cart)
    found = shop.drafts.recall(cart)
    assert (found.state, found.label, found.body) == ("cart", "শারমিন", CART)
    assert shop.drafts.current() == found
    assert shop.drafts.held() == []
    assert levels(shop) == (50_000, 0)


def test_recalling_over_a_cart_at_hand_holds_that_one(shop: Shop, cart: UUID) -> None:
    hold(shop, cart)
    other = shop.desk.new_id()
    shop.drafts.save("{}", draft_id=other, label="অন্য")
    shop.drafts.recall(cart)
    assert [d.label for d in shop.drafts.held()] == ["অন্য"]


def test_a_cart_that_is_not_there_cannot_be_recalled(shop: Shop, cart: UUID) -> None:
    with pytest.raises(UserError) as error:
        shop.drafts.recall(cart)
    assert error.value.code == "draft_unknown"


def test_a_dropped_cart_gives_its_goods_free(shop: Shop, cart: UUID) -> None:
    hold(shop, cart)
    shop.drafts.drop(cart)
    shop.drafts.drop(cart)
    assert shop.drafts.held() == []
    assert levels(shop) == (50_000, 0)


def test_a_promise_runs_out_and_the_cart_stays(shop: Shop, cart: UUID, clock: FixedClock) -> None:
    hold(shop, cart)
    clock.advance(ms=HOUR_MS)
    assert levels(shop) == (50_000, 0)
    assert shop.drafts.recall(cart).body == CART
    shop.close()
    assert problems(shop.paths) == []


def test_a_late_save_does_not_bring_a_held_cart_back(shop: Shop, cart: UUID) -> None:
    hold(shop, cart)
    assert not shop.drafts.save("{}", draft_id=cart)
    shop.drafts.clear(cart)
    assert [d.body for d in shop.drafts.held()] == [CART]
    assert levels(shop) == (50_000, 2_000)


# ---- taking ------------------------------------------------------------------------------------------


def test_taking_the_order_takes_the_cart_away_in_the_same_commit(
    shop: Shop, cart: UUID, clock: FixedClock, tmp_path: Path
) -> None:
    shop.drafts.save(CART, draft_id=cart)
    order = shop.orders.take(sale(), order_id=cart)
    assert order.id == cart
    killed = ShopPaths(tmp_path / "killed")
    shutil.copytree(shop.paths.home, killed.home)
    with open_shop(killed, clock) as again:
        assert again.drafts.current() is None
        assert again.orders.show(order.number) == order


def test_an_order_that_is_refused_leaves_the_cart(shop: Shop, cart: UUID) -> None:
    hold(shop, cart)
    before = dump(shop.paths.database)
    with pytest.raises(UserError):
        shop.orders.take(sale("X999"), order_id=cart)
    assert dump(shop.paths.database) == before


def test_a_held_carts_own_promise_does_not_oversell_its_order(shop: Shop, cart: UUID) -> None:
    hold(shop, cart, "40")
    order = shop.orders.take(sale("P001", "40"), order_id=cart)
    assert order.warnings == ()
    assert levels(shop) == (10_000, 0)
    assert shop.drafts.held() == []
    shop.close()
    assert problems(shop.paths) == []


def test_asking_twice_for_one_cart_makes_one_order(shop: Shop, cart: UUID) -> None:
    shop.drafts.save(CART, draft_id=cart)
    first = shop.orders.take(sale(), order_id=cart)
    assert shop.orders.take(sale(items=[ItemRequest("9", sku="P003")]), order_id=cart) == first
    assert len(shop.orders.list()) == 1


def test_a_request_that_is_known_takes_the_cart_away_too(shop: Shop, cart: UUID) -> None:
    first = shop.orders.take(sale(request_id="r-1"))
    hold(shop, cart)
    assert shop.orders.take(sale(request_id="r-1"), order_id=cart) == first
    assert shop.drafts.held() == []
    assert levels(shop)[1] == 0


def test_a_taken_cart_can_be_neither_saved_nor_held_again(shop: Shop, cart: UUID) -> None:
    shop.orders.take(sale(), order_id=cart)
    assert not shop.drafts.save(CART, draft_id=cart)
    with pytest.raises(UserError) as error:
        hold(shop, cart)
    assert error.value.code == "draft_taken"
    assert (shop.drafts.current(), shop.drafts.held()) == (None, [])


# ---- buyers who want to be forgotten, and restored shops ---------------------------------------------


@pytest.mark.parametrize("typed", ["01712345678", "০১৭১২-৩৪৫৬৭৮", "+880 1712 345678", "ফোন 01712 345 678 এ"])
def test_erasing_a_buyer_drops_the_carts_with_that_number(shop: Shop, typed: str) -> None:
    shop.orders.take(sale_to(PHONE))
    mine, other = shop.desk.new_id(), shop.desk.new_id()
    body = json.dumps({"customer": {"phones": [typed]}, "note": "ক্যানারি"})
    shop.drafts.hold(mine, "", body, [("P001", "2")], soon(shop))
    hold(shop, other, "3")
    shop.customers.erase(PHONE)
    assert [d.id for d in shop.drafts.held()] == [other]
    assert levels(shop)[1] == 3_000
    shop.close()
    assert problems(shop.paths) == []
    for name in ("shop.db", "shop.db-wal", "ops.jsonl"):
        file = shop.paths.home / name
        assert not file.exists() or json.dumps("ক্যানারি").strip('"').encode() not in file.read_bytes()


def test_a_restored_shop_has_the_held_carts_of_its_backup_under_new_identities(
    shop: Shop, cart: UUID, clock: FixedClock
) -> None:
    from pos.store.restore import restore

    hold(shop, cart)
    backup = shop.backups.make()
    order = shop.orders.take(sale(), order_id=cart)
    shop.close()
    restore(shop.paths, clock, backup.path)
    with open_shop(shop.paths, clock) as again:
        (held,) = again.drafts.held()
        assert (held.label, held.body) == ("শারমিন", CART)
        assert held.id != order.id
        assert levels(again) == (50_000, 2_000)
        assert again.orders.take(sale(), order_id=held.id).warnings == ()
        assert levels(again)[1] == 0
    assert problems(shop.paths) == []


def test_a_restore_with_replay_does_not_bring_a_taken_cart_back(
    shop: Shop, cart: UUID, clock: FixedClock
) -> None:
    from pos.store.restore import restore

    hold(shop, cart)
    backup = shop.backups.make()
    order = shop.orders.take(sale(), order_id=cart)
    shop.close()
    restore(shop.paths, clock, backup.path, replay=True)
    with open_shop(shop.paths, clock) as again:
        assert again.drafts.held() == []
        assert again.orders.show(order.number).id == cart
    assert problems(shop.paths) == []
