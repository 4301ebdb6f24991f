"""A day of the hat calendar that two laptops set without knowing of each other: asked about on both, settled on one."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from pos.protocol.kinds import WRITTEN
from pos.store.oplog import Act
from pos.store.remake import remake
from pos.store.verify import verify
from tests.shopkeeping import dump

if TYPE_CHECKING:
    from pos.domain.hats import Hat
    from pos.domain.times import FixedClock
    from pos.services.conflicts import Dispute
    from pos.shop import Shop
    from tests.organiser import Organiser

WEDNESDAY, FRIDAY = dt.date(2026, 12, 2), dt.date(2026, 12, 4)  # without and with a hat by the weekly rule


def meet(organiser: Organiser, *shops: Shop) -> None:
    for one in (*shops, *shops):
        organiser.sync(one)


def differ(first: Shop, second: Shop, organiser: Organiser, clock: FixedClock) -> Dispute:
    """The Wednesday set twice without a line: a hat on the first, none after all on the second."""
    first.configuration.add_hat(WEDNESDAY, opens="10:00", closes="20:00", ordinal=262)
    clock.advance(ms=60_000)
    second.configuration.add_hat(WEDNESDAY, opens="11:00", closes="18:00")
    second.configuration.cancel_hat(WEDNESDAY)
    meet(organiser, first, second)
    (dispute,) = first.conflicts.list()
    return dispute


def hat_on(shop: Shop, day: dt.date) -> Hat | None:
    return next((hat for hat in shop.configuration.hats() if hat.on == day), None)


def days(shop: Shop) -> list[tuple[object, ...]]:
    return [row for row in dump(shop.paths.database)["hat_day"] if row[0] == "vendor"]


def standing(organiser: Organiser) -> list[str]:
    """What the server says of each operation about a hat, in its order."""
    with organiser.database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT status FROM operation WHERE kind IN ('hat.set', 'hat.unset') ORDER BY seq"
        )
        return [row[0] for row in rows]


def give_back(shop: Shop, day: dt.date, seen: str | None) -> None:
    """The day is as the weekly rule has it again, as another program may write it."""
    body = {"by": shop.desk.by, "source": "vendor", "on": day.isoformat(), "over": {"day": seen}}
    with shop.store.write() as unit:
        unit.record(Act("hat.unset", "hat", day.isoformat().encode(), body))
        shop.desk.rules_changed(unit)


def test_a_day_that_two_set_differently_is_one_and_the_same_question_on_both(
    shop: Shop, second: Shop, organiser: Organiser, clock: FixedClock
) -> None:
    here = differ(shop, second, organiser, clock)
    assert (here.record, here.field, here.name_bn) == ("hat", "day", "2026-12-02")
    stands, other = here.values
    assert stands.value == {"kind": "cancelled", "opens": None, "closes": None, "ordinal": None}
    assert other.value == {"kind": "added", "opens": 600, "closes": 1200, "ordinal": 262}
    assert (stands.device, stands.here, other.device, other.here) == ("B", False, "A", True)
    (there,) = second.conflicts.list()
    assert [(one.op, one.value) for one in there.values] == [(one.op, one.value) for one in here.values]
    assert days(shop) == days(second)
    assert standing(organiser) == ["conflict", "ok", "conflict"], "what its author wrote over is no question"


@pytest.mark.parametrize("keep", [0, 1])
@pytest.mark.parametrize("at", [0, 1])
def test_who_decides_on_one_laptop_has_settled_it_on_both(
    shop: Shop, second: Shop, organiser: Organiser, clock: FixedClock, keep: int, at: int
) -> None:
    differ(shop, second, organiser, clock)
    one = (shop, second)[at]
    (dispute,) = one.conflicts.list()
    one.conflicts.decide(dispute, dispute.values[keep].op)
    assert one.conflicts.count() == 0, "who has decided is not asked again, with or without a line"
    meet(organiser, shop, second)
    for each in (shop, second):
        assert each.conflicts.list() == []
        hat = hat_on(each, WEDNESDAY)
        assert hat is not None
        assert (hat.cancelled, hat.ordinal) == ((False, 262) if keep else (True, None))
        before = days(each)
        with each.store.write() as unit:
            assert verify(unit.connection).ok
            remake(unit.connection)
        assert days(each) == before, "made anew from both logs, it is the same"
        assert each.conflicts.list() == []
    assert days(shop) == days(second)
    assert set(standing(organiser)) == {"ok"}


def test_a_day_that_both_set_alike_is_no_question(
    shop: Shop, second: Shop, organiser: Organiser, clock: FixedClock
) -> None:
    for one in (shop, second):
        one.configuration.cancel_hat(FRIDAY)
        clock.advance(ms=60_000)
    meet(organiser, shop, second)
    assert shop.conflicts.list() == second.conflicts.list() == []
    shop.configuration.add_hat(FRIDAY)
    meet(organiser, shop, second)
    assert second.conflicts.count() == 0
    hat = hat_on(second, FRIDAY)
    assert hat is not None
    assert not hat.cancelled


def test_who_saw_what_the_other_set_replaces_it_without_a_question(
    shop: Shop, second: Shop, organiser: Organiser
) -> None:
    shop.configuration.cancel_hat(FRIDAY)
    meet(organiser, shop, second)
    second.configuration.add_hat(FRIDAY, opens="12:00")
    meet(organiser, shop, second)
    assert shop.conflicts.list() == []
    assert days(shop) == days(second)


def test_a_day_given_back_to_the_week_may_be_one_of_the_values_and_may_be_kept(
    shop: Shop, second: Shop, organiser: Organiser, clock: FixedClock
) -> None:
    shop.configuration.cancel_hat(FRIDAY)
    meet(organiser, shop, second)
    seen = json.loads(str(days(shop)[0][6]))["*"]
    second.configuration.add_hat(FRIDAY, opens="12:00")
    clock.advance(ms=60_000)
    give_back(shop, FRIDAY, seen)
    meet(organiser, shop, second)
    (dispute,) = second.conflicts.list()
    assert [one.value if one.value is None else one.value["opens"] for one in dispute.values] == [None, 720]
    second.conflicts.decide(dispute, dispute.values[0].op)
    meet(organiser, shop, second)
    for one in (shop, second):
        assert one.conflicts.list() == []
        assert days(one) == []
        hat = hat_on(one, FRIDAY)
        assert hat is not None
        assert not hat.cancelled
    assert set(standing(organiser)) == {"ok"}


def test_a_day_set_again_after_it_was_given_back_is_no_question(
    shop: Shop, second: Shop, organiser: Organiser
) -> None:
    shop.configuration.cancel_hat(FRIDAY)
    give_back(shop, FRIDAY, json.loads(str(days(shop)[0][6]))["*"])
    meet(organiser, shop, second)
    second.configuration.cancel_hat(FRIDAY)
    meet(organiser, shop, second)
    assert shop.conflicts.list() == []
    hat = hat_on(shop, FRIDAY)
    assert hat is not None
    assert hat.cancelled


def test_days_set_by_an_earlier_version_that_says_nothing_of_what_it_saw_stand_as_before(
    shop: Shop, second: Shop, organiser: Organiser, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos.store.oplog.WRITTEN", dict.fromkeys(WRITTEN, 1))
    for one, opens in ((shop, 600), (second, 660)):
        body = {
            "by": one.desk.by, "source": "vendor", "on": WEDNESDAY.isoformat(), "kind": "added", "opens": opens,
            "closes": 1200, "ordinal": None,
        }  # fmt: skip
        with one.store.write() as unit:
            unit.record(Act("hat.set", "hat", WEDNESDAY.isoformat().encode(), body))
        clock.advance(ms=60_000)
    monkeypatch.undo()
    meet(organiser, shop, second)
    for one in (shop, second):
        assert one.conflicts.list() == []
        assert [row[3] for row in days(one)] == [660]
    shop.configuration.cancel_hat(WEDNESDAY)
    meet(organiser, shop, second)
    assert days(shop) == days(second)
    assert second.conflicts.list() == []
