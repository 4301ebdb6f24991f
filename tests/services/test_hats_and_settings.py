"""The hat calendar and the settings, as the vendor changes them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from pos.domain.times import DHAKA, to_ms
from pos.errors import ConflictError, UserError
from pos.shop import open_shop
from tests.shopkeeping import IN_A_HAT, dump, sale

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.domain.times import FixedClock
    from pos.shop import Shop

TUESDAY, WEDNESDAY, FRIDAY = dt.date(2026, 11, 24), dt.date(2026, 11, 25), dt.date(2026, 11, 27)


def go_to(clock: FixedClock, day: dt.date, hour: int) -> None:
    at = to_ms(dt.datetime.combine(day, dt.time(hour), DHAKA))
    clock.advance(ms=at - clock.now_ms())


def test_hats_are_listed_by_the_weekly_rule(shop: Shop) -> None:
    hats = shop.configuration.hats()
    assert {hat.on.weekday() for hat in hats} == {1, 4}
    assert hats[0].on == dt.date(2026, 11, 10)
    assert hats[-1].on == dt.date(2027, 1, 5)


def test_an_added_hat_counts_and_a_cancelled_one_does_not(shop: Shop, clock: FixedClock) -> None:
    shop.configuration.add_hat(WEDNESDAY, opens="১০:০০", closes="12:00")
    assert shop.configuration.cancel_hat(FRIDAY).cancelled
    go_to(clock, WEDNESDAY, 11)
    assert shop.orders.take(sale()).hat == WEDNESDAY
    go_to(clock, WEDNESDAY, 12)
    order = shop.orders.take(sale())
    assert (order.hat, order.after_hat) == (None, True)
    go_to(clock, FRIDAY, 11)
    assert shop.orders.take(sale()).hat is None
    shop.configuration.add_hat(FRIDAY)
    assert shop.orders.take(sale()).hat == FRIDAY


def test_ordinals_are_counted_from_the_anchor_over_exceptions(shop: Shop) -> None:
    shop.configuration.put("hat.anchor", "২০২৬-১১-২৪=২৬১")
    shop.configuration.cancel_hat(FRIDAY)
    shop.configuration.add_hat(dt.date(2026, 11, 28))
    ordinals = {hat.on: hat.ordinal for hat in shop.configuration.hats()}
    assert ordinals[dt.date(2026, 11, 20)] == 260
    assert ordinals[TUESDAY] == 261
    assert ordinals[FRIDAY] is None
    assert ordinals[dt.date(2026, 11, 28)] == 262
    assert ordinals[dt.date(2026, 12, 1)] == 263
    assert shop.orders.take(sale()).hat_ordinal == 261


def test_a_change_that_changes_nothing_says_so(shop: Shop) -> None:
    acts: dict[str, Callable[[], object]] = {
        "hat_there_already": lambda: shop.configuration.add_hat(TUESDAY),
        "hat_not_there": lambda: shop.configuration.cancel_hat(WEDNESDAY),
    }
    for code, act in acts.items():
        with pytest.raises(ConflictError) as error:
            act()
        assert error.value.code == code
    shop.configuration.cancel_hat(FRIDAY)
    with pytest.raises(ConflictError) as error:
        shop.configuration.cancel_hat(FRIDAY)
    assert error.value.code == "hat_cancelled_already"


@pytest.mark.parametrize(
    ("opens", "closes", "code"),
    [
        ("21:00", "09:00", "hat_hours_unclear"),
        ("9", None, "clock_time_unclear"),
        (None, "25:00", "clock_time_unclear"),
    ],
)
def test_hours_that_are_none_are_refused(
    shop: Shop, opens: str | None, closes: str | None, code: str
) -> None:
    with pytest.raises(UserError) as error:
        shop.configuration.add_hat(WEDNESDAY, opens=opens, closes=closes)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("key", "typed", "stored"),
    [
        ("shop.name", " রূপকথা  ", "রূপকথা"), ("shop.phone", "০১৭১২-৩৪৫৬৭৮", "+8801712345678"), ("shop.phone", "", ""),
        ("money.rounding", "NONE", "none"), ("refund.days", "৭", 7), ("hat.weekdays", "Sat, mon,sat", "mon,sat"),
        ("hat.opens", "৮:৩০", "08:30"), ("hat.anchor", "2026-11-24 = 261", "2026-11-24=261"), ("hat.anchor", "", ""),
        ("lang", "EN", "en"), ("paper.receipt", "58", "58"),
    ],
)  # fmt: skip
def test_a_setting_is_stored_in_its_one_form_and_survives(
    shop: Shop, clock: FixedClock, key: str, typed: str, stored: str | int
) -> None:
    assert shop.configuration.put(key, typed) == stored
    shop.close()
    with open_shop(shop.paths, clock) as again:
        assert again.configuration.get(key) == stored
        assert again.configuration.all()[key] == stored


@pytest.mark.parametrize(
    ("key", "typed", "code"),
    [
        ("shop.colour", "red", "setting_unknown"), ("shop.name", "", "name_empty"), ("lang", "fr", "setting_choice"),
        ("refund.days", "-1", "setting_number"), ("refund.days", "366", "setting_number"),
        ("hat.weekdays", "yesterday", "setting_choice"), ("hat.opens", "noon", "clock_time_unclear"),
        ("hat.anchor", "24 November", "hat_anchor_unclear"), ("hat.anchor", "2026-13-01=5", "date_unclear"),
        ("hat.anchor", "2026-11-24=0", "hat_anchor_unclear"), ("shop.phone", "123", "phone_unclear"),
        ("shop.address", "ক" * 501, "text_too_long"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_refused_and_the_old_one_stays(
    shop: Shop, key: str, typed: str, code: str
) -> None:
    before = dump(shop.paths.database), shop.configuration.all()
    with pytest.raises(UserError) as error:
        shop.configuration.put(key, typed)
    assert error.value.code == code
    assert (dump(shop.paths.database), shop.configuration.all()) == before


def test_hours_of_the_rule_that_end_before_they_begin_are_refused(shop: Shop, clock: FixedClock) -> None:
    with pytest.raises(UserError) as error:
        shop.configuration.put("hat.opens", "22:00")
    assert error.value.code == "hat_hours_unclear"
    shop.configuration.put("hat.closes", "24:00")
    clock.advance(ms=int((dt.datetime(2026, 11, 24, 23) - IN_A_HAT).total_seconds() * 1000))
    assert shop.orders.take(sale()).hat == TUESDAY


@pytest.mark.parametrize("spoilt", [b"", b"{", b"[]", b'{"lang": 7, "digits": "latin"}', b"\xff\xfe"])
def test_device_settings_that_do_not_read_count_as_none(shop: Shop, spoilt: bytes) -> None:
    shop.paths.settings.write_bytes(spoilt)
    assert shop.configuration.get("lang") == "bn"
    shop.configuration.put("lang", "en")
    assert shop.configuration.get("lang") == "en"


def test_the_head_of_the_papers_is_the_shops_settings(shop: Shop) -> None:
    shop.configuration.put("shop.address", "স্টেশন রোড")
    head = shop.configuration.shop()
    assert (head.name, head.phone, head.address) == ("রূপকথা ঘর", "+8801733456789", "স্টেশন রোড")


def test_a_hat_added_far_ahead_is_listed_too(shop: Shop) -> None:
    far = dt.date(2027, 4, 14)  # a Wednesday, the first of Boishakh
    shop.configuration.add_hat(far)
    assert shop.configuration.hats()[-1].on == far
