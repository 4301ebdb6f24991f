"""Rules of the trade that hold for every number: prices, payments, numbers, hats, the chain."""

from __future__ import annotations

import datetime as dt
import uuid
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from pos.domain import orders
from pos.domain.hats import HatCalendar, HatException, HatRule
from pos.domain.money import Charge
from pos.domain.numbering import OrderNumber, parse_number, rekeyed
from pos.domain.payments import Payment, settle
from pos.domain.pricing import LineInput, price_order
from pos.domain.times import DHAKA, to_ms
from pos.errors import UserError
from pos.protocol.operations import (
    GENESIS,
    Operation,
    from_line,
    hash_of,
    next_hlc,
    sealed,
    to_line,
)

charges = st.one_of(
    st.integers(0, 500_000).map(lambda paisa: Charge(paisa=paisa)),
    st.integers(0, 10_000).map(lambda hundredths: Charge(hundredths=hundredths)),
)
lines = st.lists(
    st.builds(LineInput, st.integers(1, 100_000), st.integers(0, 10_000_000), charges), min_size=1, max_size=8
)


@given(lines, charges, charges, st.sampled_from(["taka", "none"]))
def test_a_total_is_always_its_lines_less_discount_plus_delivery_plus_rounding(
    given_lines: list[LineInput], discount: Charge, delivery: Charge, rounding: str
) -> None:
    try:
        totals = price_order(given_lines, discount, delivery, rounding)  # type: ignore[arg-type]
    except UserError as error:
        assert error.code in {"discount_above_line", "discount_above_order", "money_too_big"}
        return
    for line, amount in zip(given_lines, totals.lines, strict=True):
        gross = (2 * line.qty_milli * line.price_paisa + 1000) // 2000  # half up
        assert amount.amount_paisa == gross - amount.discount_paisa
        assert 0 <= amount.discount_paisa <= gross
    assert totals.subtotal_paisa == sum(a.amount_paisa for a in totals.lines)
    exact = totals.subtotal_paisa - totals.discount_paisa + totals.delivery_paisa
    assert totals.total_paisa == exact + totals.rounding_paisa >= 0
    if rounding == "taka":
        assert totals.total_paisa % 100 == 0
        assert -50 < totals.rounding_paisa <= 50
    else:
        assert totals.rounding_paisa == 0


payments = st.lists(
    st.builds(Payment, st.sampled_from(["cash", "bkash", "card"]), st.integers(1, 200_000)), max_size=4
)


@given(st.integers(0, 300_000), payments, st.sampled_from(["cod", "due", "none", None]))
def test_what_is_paid_and_what_is_due_make_the_total_and_only_cash_gives_change(
    total: int, given_payments: list[Payment], rest: str | None
) -> None:
    received = sum(p.amount_paisa for p in given_payments)
    cash = sum(p.amount_paisa for p in given_payments if p.method == "cash")
    try:
        money = settle(total, given_payments, rest)  # type: ignore[arg-type]
    except UserError as error:
        if error.code == "overpaid":
            assert received - cash > total
        else:
            assert error.code == "rest_missing"
            assert received < total
        return
    assert money.paid_paisa + money.due_paisa == total
    assert money.paid_paisa == received - money.change_paisa
    assert 0 <= money.change_paisa <= cash
    assert money.due_paisa >= 0
    assert money.cod_paisa == (money.due_paisa if rest == "cod" else 0)


def test_change_is_exact_to_the_paisa() -> None:
    money = settle(49_999, [Payment("cash", 50_000)], None)
    assert (money.paid_paisa, money.change_paisa, money.due_paisa) == (49_999, 1, 0)


numbers = st.builds(
    OrderNumber,
    st.from_regex(r"[A-Z]{1,2}([0-9A-Z]{2})?", fullmatch=True),
    st.integers(0, 99),
    st.integers(1, 9_999_999),
)


@given(numbers)
def test_a_number_reads_back_as_itself_in_small_letters_and_bangla_digits_too(number: OrderNumber) -> None:
    text = str(number)
    assert parse_number(text) == number
    assert parse_number(f" {text.lower()} ") == number
    assert parse_number(text.translate(str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯"))) == number


@given(numbers, numbers)
def test_two_numbers_never_look_alike(one: OrderNumber, other: OrderNumber) -> None:
    assume(one != other)
    assert str(one) != str(other)


@pytest.mark.parametrize("text", ["", "A-26", "1-26-000147", "ABCDE-26-000147", "A-2026-000147", "A 26 1"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="order_number_unclear"):
        parse_number(text)


@given(st.integers(0, 1_000))
def test_a_new_series_keeps_the_device_letter_in_front(seed: int) -> None:
    code = rekeyed("A", lambda n: seed % n)
    assert len(code) == 3
    assert code[0] == "A"
    assert parse_number(f"{code}-26-000001").code == code


DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))
exceptions = st.lists(
    st.builds(
        HatException,
        on=st.dates(dt.date(2026, 10, 1), dt.date(2027, 2, 1)),
        source=st.sampled_from(["vendor", "organiser"]),
        cancelled=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda e: (e.on, e.source),
)


@given(exceptions, st.dates(dt.date(2026, 10, 1), dt.date(2027, 2, 1)))
def test_ordinals_count_the_hats_that_are_held_one_by_one(
    given_exceptions: list[HatException], anchor: dt.date
) -> None:
    calendar = HatCalendar(HatRule(), given_exceptions, (anchor, 261))
    held = [hat for hat in calendar.between(dt.date(2026, 9, 1), dt.date(2027, 3, 1)) if not hat.cancelled]
    for one, following in pairwise(held):
        if one.on <= anchor < following.on and one.on != anchor:
            continue  # an anchor on a day without a hat counts from there on
        assert one.ordinal is not None
        assert following.ordinal is not None
        assert following.ordinal - one.ordinal == 1
    assert all(hat.ordinal == 261 for hat in held if hat.on == anchor)


@given(exceptions)
def test_the_vendors_exception_wins_over_the_organisers_and_that_over_the_rule(
    given_exceptions: list[HatException],
) -> None:
    calendar = HatCalendar(HatRule(), given_exceptions)
    by_day = {e.on: e for e in given_exceptions if e.source == "organiser"}
    by_day |= {e.on: e for e in given_exceptions if e.source == "vendor"}
    for day in (dt.date(2026, 10, 1) + dt.timedelta(n) for n in range(130)):
        hat = calendar.on(day)
        if day in by_day:
            assert hat is not None
            assert hat.cancelled == by_day[day].cancelled
        else:
            assert (hat is not None) == (day.weekday() in {1, 4})


@given(DAYS, st.integers(0, 24 * 60 - 1))
def test_an_order_belongs_to_the_hat_that_is_open_or_is_marked_for_an_hour_after(
    day: dt.date, minute: int
) -> None:
    at = dt.datetime.combine(day, dt.time(minute // 60, minute % 60), DHAKA)
    mark = HatCalendar(HatRule()).mark(to_ms(at))
    hat_day = day.weekday() in {1, 4}
    assert (mark.on == day) == (hat_day and 9 * 60 <= minute < 21 * 60)
    assert mark.after_hat == (hat_day and 21 * 60 <= minute < 22 * 60)


def test_nothing_leads_out_of_a_closed_order_and_every_state_can_be_reached() -> None:
    for closed in ("cancelled", "returned"):
        assert not any(orders.may_become(closed, new) for new in orders.STATUSES)
    reached = {"draft"}
    while True:
        further = {new for new in orders.STATUSES if any(orders.may_become(s, new) for s in reached)}
        if further <= reached:
            break
        reached |= further
    assert reached == set(orders.STATUSES)


@given(st.lists(st.integers(0, 2**42), min_size=2, max_size=30))
def test_logical_time_rises_whatever_the_clock_does(clock: list[int]) -> None:
    times = [0]
    for now in clock:
        times.append(next_hlc(times[-1], now))
    assert all(a < b for a, b in pairwise(times))


def _operation(body: dict[str, object], personal: dict[str, object] | None) -> Operation:
    return sealed(
        n=1,
        op_id=uuid.UUID(int=7),
        kind="order.confirmed",
        agg="order",
        agg_id=b"k" * 16,
        body=body,
        personal=personal,
        salt=lambda: b"s" * 16,
        at_ms=1_000,
        hlc=65_536_000,
        prev_hash=GENESIS,
    )


bodies = st.dictionaries(
    st.text(max_size=8), st.one_of(st.integers(-(2**53), 2**53), st.text(max_size=20)), max_size=5
)


@given(bodies, st.none() | bodies)
def test_an_operation_survives_its_line_in_the_journal(
    body: dict[str, object], personal: dict[str, object] | None
) -> None:
    operation = _operation(body, personal)
    assert from_line(to_line(operation)) == operation
    assert hash_of(operation) == operation.hash


@given(bodies)
def test_the_order_of_keys_does_not_change_a_hash(body: dict[str, object]) -> None:
    assert _operation(body, None).hash == _operation(dict(reversed(body.items())), None).hash


def test_every_field_of_an_operation_is_in_its_hash_but_the_personal_part_can_go() -> None:
    operation = _operation({"total": 5}, {"name": "শারমিন"})
    altered = {
        "n": 2,
        "op_id": uuid.UUID(int=8),
        "kind": "order.cancelled",
        "v": 2,
        "agg": "payment",
        "agg_id": b"l" * 16,
        "body": b"{}",
        "commitment": b"c" * 32,
        "at_ms": 1_001,
        "hlc": 65_536_001,
        "prev_hash": b"p" * 32,
    }
    for name, value in altered.items():
        assert hash_of(replace(operation, **{name: value})) != operation.hash, name
    assert hash_of(replace(operation, personal=None)) == operation.hash


def test_the_same_words_of_a_buyer_commit_to_something_else_each_time() -> None:
    def at(salt: bytes) -> bytes | None:
        return sealed(
            n=1, op_id=uuid.UUID(int=7), kind="k", agg="a", agg_id=b"", body={}, personal={"phone": "+8801712345678"},
            salt=lambda: salt, at_ms=0, hlc=0, prev_hash=GENESIS,
        ).commitment  # fmt: skip

    assert at(b"1" * 16) != at(b"2" * 16)


@pytest.mark.parametrize(("typed", "no"), [("A-26-1", 1), ("a-২৬-১৪৭", 147), ("A-26-0000147", 147)])
def test_a_number_may_be_typed_without_its_noughts(typed: str, no: int) -> None:
    assert parse_number(typed) == OrderNumber("A", 26, no)
