"""Days and notices of the organiser come with the sync and stay; the vendor's own word stands over them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import msgspec

from pos.protocol.messages import GlobalRow, HatBody, NoticeBody
from pos.store.organiser import take_organiser
from tests.shopkeeping import dump, problems

if TYPE_CHECKING:
    from pos.shop import Shop

FRIDAY = dt.date(2026, 11, 27)


def day(seq: int, hat: HatBody, *, gone: bool = False, on: str = FRIDAY.isoformat()) -> GlobalRow:
    return GlobalRow(seq, "hat", on, msgspec.Raw(msgspec.json.encode(hat)), gone)


def take(shop: Shop, *rows: GlobalRow) -> None:
    with shop.store.write() as unit:
        take_organiser(unit.connection, rows)


def states(shop: Shop) -> dict[dt.date, bool]:
    return {hat.on: hat.cancelled for hat in shop.configuration.hats()}


def test_a_hat_that_the_organiser_cancels_is_cancelled_until_he_takes_it_back(shop: Shop) -> None:
    before = states(shop)
    take(shop, day(1, HatBody("cancelled", reason="বৃষ্টি")))
    assert states(shop) == before | {FRIDAY: True}
    assert dump(shop.paths.database)["hat_day"][0][-1] == "বৃষ্টি"
    take(shop, day(2, HatBody("cancelled"), gone=True))
    assert states(shop) == before
    assert problems(shop.paths) == []


def test_the_last_word_of_the_organiser_holds_in_whatever_order_it_comes(shop: Shop) -> None:
    opened = HatBody("added", 600, 1200, 7)
    take(shop, day(5, opened), day(4, HatBody("cancelled")))
    (hat,) = [hat for hat in shop.configuration.hats() if hat.on == FRIDAY]
    assert (hat.cancelled, hat.ordinal) == (False, 7)


def test_the_vendors_own_word_stands_over_the_organisers(shop: Shop) -> None:
    take(shop, day(1, HatBody("added", 600, 1200)))
    shop.configuration.cancel_hat(FRIDAY)
    take(shop, day(2, HatBody("added", 540, 1200)))
    assert states(shop)[FRIDAY]


def test_a_notice_is_kept_as_it_came_and_goes_when_it_is_taken_back(shop: Shop) -> None:
    body = msgspec.Raw(msgspec.json.encode(NoticeBody("হাট বন্ধ", "বৃষ্টির জন্য")))
    take(shop, GlobalRow(1, "notice", "n1", body), GlobalRow(2, "notice", "n2", body))
    take(shop, GlobalRow(3, "notice", "n1", body, gone=True))
    assert [row[:2] for row in dump(shop.paths.database)["notice"]] == [("n2", 2)]


def test_what_cannot_be_read_is_passed_over(shop: Shop) -> None:
    broken = GlobalRow(1, "hat", FRIDAY.isoformat(), msgspec.Raw(b'{"kind": "moved"}'))
    nowhere = day(2, HatBody("cancelled"), on="2026-02-30")
    take(shop, broken, nowhere, day(3, HatBody("cancelled")))
    assert len(dump(shop.paths.database)["hat_day"]) == 1
