"""Who may stand at the counter, what a PIN keeps from others, and who did what."""

from __future__ import annotations

import os
import uuid
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.errors import ConflictError, UserError
from pos.services.pins import FIRST_WAIT_MS, FREE_TRIES, LONGEST_WAIT_MS, Pins
from pos.shop import open_shop
from tests.shopkeeping import PHONE, busy_day, dump, problems, remade, sale, sale_to

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pos.domain.times import FixedClock
    from pos.services.acts import ActView
    from pos.services.operators import Operators
    from pos.services.views import OperatorView
    from pos.shop import Shop


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(UserError) as error:
        act()
    return error.value.code


@pytest.fixture
def crew(shop: Shop) -> Operators:
    return shop.operators


def owner(shop: Shop) -> OperatorView:
    return shop.desk.operator


def test_a_new_shop_has_its_owner_and_nobody_is_asked_for_a_pin(shop: Shop, crew: Operators) -> None:
    (card,) = crew.list()
    assert (card.name, card.role, card.has_pin, card.acting) == ("রূপকথা ঘর", "owner", False, True)
    assert crew.use(card.id) == owner(shop)


def test_whoever_is_at_the_counter_stands_on_the_orders_he_takes(shop: Shop, crew: Operators) -> None:
    mitu = crew.add("  মিতু ")
    assert (mitu.name, mitu.role) == ("মিতু", "helper")
    assert shop.orders.take(sale()).operator == "রূপকথা ঘর"
    crew.use(mitu.id)
    assert shop.orders.take(sale()).operator == "মিতু"
    assert [card.acting for card in crew.list()] == [False, True]


def test_a_helper_sells_but_does_not_say_who_may(shop: Shop, crew: Operators) -> None:
    me, mitu = owner(shop), crew.add("মিতু")
    crew.use(mitu.id)
    for act in (
        lambda: crew.add("আরেকজন"),
        lambda: crew.edit(mitu.id, role="owner"),
        lambda: crew.remove(me.id),
        lambda: crew.set_pin(me.id, "1234"),
    ):
        assert refused(act) == "owner_only"
    crew.set_pin(mitu.id, "1234")
    assert [card.has_pin for card in crew.list()] == [False, True]


def test_a_name_is_changed_everywhere_and_whoever_acts_acts_under_it(shop: Shop, crew: Operators) -> None:
    number = shop.orders.take(sale()).number
    crew.edit(owner(shop).id, name="রহিমা আক্তার")
    assert shop.orders.show(number).operator == "রহিমা আক্তার"
    assert shop.orders.take(sale()).operator == "রহিমা আক্তার"
    before = len(crew.acts().acts)
    crew.edit(owner(shop).id, name="রহিমা আক্তার", role="owner")
    assert len(crew.acts().acts) == before, "nothing changed, so nothing is written"


def test_two_of_one_name_nobody_at_all_and_odd_roles_are_refused(shop: Shop, crew: Operators) -> None:
    mitu = crew.add("Mitu")
    assert refused(lambda: crew.add(" mitu ")) == "operator_name_taken"
    assert refused(lambda: crew.edit(owner(shop).id, name="MITU")) == "operator_name_taken"
    assert refused(lambda: crew.add(" \u200b")) == "name_empty"
    assert refused(lambda: crew.add("x", "king")) == "role_unknown"  # type: ignore[arg-type]
    for act in (crew.use, crew.remove, crew.edit, lambda i: crew.set_pin(i, None)):
        assert refused(lambda act=act: act(uuid.uuid4())) == "operator_unknown"  # type: ignore[misc]
    crew.edit(mitu.id, name="mitu")


def test_somebody_who_left_acts_no_more_and_his_deeds_keep_his_name(shop: Shop, crew: Operators) -> None:
    mitu, me = crew.add("মিতু", pin="2468"), owner(shop)
    crew.use(mitu.id, "2468")
    number = shop.orders.take(sale()).number
    crew.use(me.id)
    crew.remove(mitu.id)
    assert [card.name for card in crew.list()] == ["রূপকথা ঘর"]
    assert refused(lambda: crew.use(mitu.id, "2468")) == "operator_unknown"
    assert shop.orders.show(number).operator == "মিতু"
    assert [act.number for act in crew.acts(mitu.id).acts] == [number]
    assert mitu.id.hex not in shop.paths.pins.read_text()
    crew.add("মিতু")  # the name is free again


def test_a_shop_always_has_an_owner_and_the_one_at_the_counter_stays(
    shop: Shop, crew: Operators, clock: FixedClock
) -> None:
    me = owner(shop)
    for act in (lambda: crew.remove(me.id), lambda: crew.edit(me.id, role="helper")):
        with pytest.raises(ConflictError):
            act()
    second = crew.add("রহিমা", "owner")
    assert refused(lambda: crew.remove(me.id)) == "operator_acting"
    crew.use(second.id)
    crew.remove(me.id)
    assert refused(lambda: crew.edit(second.id, role="helper")) == "last_owner"
    shop.close()
    with open_shop(shop.paths, clock) as again:
        assert again.desk.operator.name == "রহিমা", "the founder is gone; a start goes on with who is there"


# ---- PINs


def test_a_pin_is_asked_for_in_either_digits_and_lets_nobody_else_in(shop: Shop, crew: Operators) -> None:
    me, mitu = owner(shop), crew.add("মিতু", pin="০৪৬৮")
    assert refused(lambda: crew.use(mitu.id)) == "pin_missing"
    assert refused(lambda: crew.use(mitu.id, "1111")) == "pin_wrong"
    assert owner(shop) == me
    crew.use(mitu.id, " 0468 ")
    crew.set_pin(mitu.id, "০১২৩৪৫")
    crew.use(me.id)
    assert refused(lambda: crew.use(mitu.id, "0468")) == "pin_wrong"
    crew.use(mitu.id, "012345")
    crew.set_pin(mitu.id, None)
    crew.use(mitu.id)


@pytest.mark.parametrize("typed", ["", "123", "1234567", "12a4", "12 34", "-123", "1.23", "²³⁴⁵"])
def test_what_is_no_pin_is_refused_and_nobody_is_added(crew: Operators, typed: str) -> None:
    assert refused(lambda: crew.add("মিতু", pin=typed)) == "pin_unclear"
    assert len(crew.list()) == 1


def test_after_five_wrong_ones_there_is_a_wait_that_grows_and_outlives_a_restart(
    shop: Shop, crew: Operators, clock: FixedClock
) -> None:
    me = owner(shop)
    crew.set_pin(me.id, "2580")
    for _ in range(FREE_TRIES):
        assert refused(lambda: crew.check_pin(me.id, "1111")) == "pin_wrong"
    shop.close()
    with open_shop(shop.paths, clock) as again:
        check = again.operators.check_pin
        with pytest.raises(UserError) as error:
            check(me.id, "2580")
        assert (error.value.code, error.value.params) == ("pin_wait", {"seconds": FIRST_WAIT_MS // 1000})
        again.orders.take(sale())  # selling goes on
        clock.advance(ms=FIRST_WAIT_MS)
        assert refused(lambda: check(me.id, "1111")) == "pin_wrong"
        clock.advance(ms=FIRST_WAIT_MS)
        assert refused(lambda: check(me.id, "2580")) == "pin_wait", "twice as long now"
        clock.advance(ms=FIRST_WAIT_MS)
        check(me.id, "2580")
        assert refused(lambda: check(me.id, "1111")) == "pin_wrong", "the right one has wiped the slate"


@given(wrong=st.integers(0, 40), moved=st.integers(-(10**13), 10**13))
def test_no_wait_is_longer_than_the_longest_whatever_the_clock_does(wrong: int, moved: int) -> None:
    from pos.services.pins import _Pin, _wait_ms

    left = _wait_ms(_Pin("", "", wrong, 2 * 10**13), 2 * 10**13 + moved)
    assert 0 <= left <= LONGEST_WAIT_MS
    assert (left == 0) or wrong >= FREE_TRIES


def test_a_pin_is_in_no_operation_no_backup_and_no_log_and_not_in_clear_anywhere(
    shop: Shop, crew: Operators
) -> None:
    mitu = crew.add("মিতু", pin="739164")
    assert refused(lambda: crew.use(mitu.id, "739165")) == "pin_wrong"
    crew.use(mitu.id, "739164")
    made = shop.backups.make()
    kept = shop.paths.pins.read_bytes()
    shop.close()
    hashed = kept.split(b'"hash":"')[1][:64]
    for path in (p for p in shop.paths.home.rglob("*") if p.is_file()):
        data = path.read_bytes()
        assert b"739164" not in data, path.name
        assert b"739165" not in data, path.name
        assert hashed not in data or path == shop.paths.pins, path.name
    assert hashed not in made.path.read_bytes()
    if os.name == "posix":
        assert shop.paths.pins.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("kept", [b"", b"{", b"[]", b'{"x": {"salt": 1}}'])
def test_a_file_of_pins_that_does_not_read_closes_the_counter_to_nobody(tmp_path: Path, kept: bytes) -> None:
    path = tmp_path / "pins.json"
    path.write_bytes(kept)
    pins = Pins(path)
    pins.check("x", None, 0)
    pins.put("x", "1234")
    assert pins.has("x")


# ---- who did what


def test_every_act_is_told_with_its_time_its_doer_and_what_it_was_about(shop: Shop, crew: Operators) -> None:
    numbers = busy_day(shop)
    mitu = crew.add("মিতু")
    crew.use(mitu.id)
    taken = shop.orders.take(sale_to("01911223355")).number
    told = crew.acts().acts
    assert [(a.kind, a.operator, a.subject, a.number) for a in told[:9]] == [
        ("order.confirmed", "মিতু", "", taken),
        ("operator.added", "রূপকথা ঘর", "মিতু", ""),
        ("hat.set", "রূপকথা ঘর", "2026-11-28", ""),
        ("hat.set", "রূপকথা ঘর", "2026-11-27", ""),
        ("setting.set", "রূপকথা ঘর", "shop.address", ""),
        ("stock.moved", "রূপকথা ঘর", "P003", ""),
        ("order.cancelled", "রূপকথা ঘর", "", numbers[3]),
        ("payment.received", "রূপকথা ঘর", "", numbers[2]),
        ("order.confirmed", "রূপকথা ঘর", "", numbers[3]),
    ]
    assert told[0].at_ms == shop.desk.clock.now_ms()
    assert {a.subject for a in told if a.kind == "product.added"} == {"P001", "P002", "P003", "P004"}
    assert not {a.kind for a in told} & {"customer.added", "customer.edited", "shop.founded"}


def test_no_word_of_a_buyer_is_told(shop: Shop, crew: Operators) -> None:
    busy_day(shop)
    shop.customers.erase(PHONE)
    said = repr(crew.acts(limit=500))
    for word in ("শারমিন", "12345678", "মিরপুর", "ক্রেতা নেবেন না", "সন্ধ্যায়"):
        assert word not in said


def test_pages_follow_each_other_without_a_gap_to_the_first_act(shop: Shop, crew: Operators) -> None:
    busy_day(shop)
    whole = crew.acts(limit=1000)
    assert whole.before is None
    seen: list[ActView] = []
    before = None
    while True:
        page = crew.acts(limit=3, before=before)
        seen += page.acts
        before = page.before
        if before is None:
            break
    assert tuple(seen) == whole.acts


def test_one_who_did_little_is_found_through_all_that_others_did(shop: Shop, crew: Operators) -> None:
    mitu, me = crew.add("মিতু"), owner(shop)
    crew.use(mitu.id)
    number = shop.orders.take(sale()).number
    crew.use(me.id)
    with shop.store.together():
        for _ in range(600):
            shop.stock.move("P003", "1", "purchase")
    found: list[ActView] = []
    before, pages = None, 0
    while pages == 0 or before is not None:
        page = crew.acts(mitu.id, before=before)
        found, before, pages = [*found, *page.acts], page.before, pages + 1
    assert [(a.operator, a.number) for a in found] == [("মিতু", number)]
    assert pages == 2, "one look at the log is bounded"


# ---- the log


def test_operators_come_back_from_the_journal_as_they_were(
    shop: Shop, crew: Operators, tmp_path: Path
) -> None:
    first, second = crew.add("মিতু"), crew.add("রহিমা", "owner", pin="1357")
    crew.edit(first.id, name="মিতু খাতুন", role="owner")
    crew.remove(second.id)
    assert remade(shop, tmp_path) == dump(shop.paths.database)
    assert problems(shop.paths) == []


@pytest.mark.parametrize("column", ["name = 'অন্য'", "role = 'owner'", "archived = 1"])
def test_an_operator_changed_behind_the_shop_is_seen(shop: Shop, crew: Operators, column: str) -> None:
    from tests.shopkeeping import spoil

    crew.add("মিতু")
    shop.close()
    spoil(shop.paths.database, f"UPDATE operator SET {column} WHERE name = 'মিতু'")
    assert problems(shop.paths) == ["record_unlike_its_operations"]
