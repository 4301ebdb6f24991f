"""What operations say of records, taken out of the golden log: which record, which fields, seen and decided what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pos.protocol.changes import BUYER, changes_of
from pos.protocol.kinds import KINDS, read_body, read_personal
from pos.protocol.merge import fold
from tests import goldens

if TYPE_CHECKING:
    from pos.protocol.merge import Change
    from pos.protocol.operations import Operation

LOG = goldens.log()
FACTS = {
    "shop.founded", "device.joined", "device.rekeyed", "stock.moved", "reservation.made", "reservation.released",
    "order.confirmed", "order.cancelled", "order.noted", "order.checked", "order.unchecked", "order.packed",
    "order.unpacked", "payment.received",
}  # fmt: skip


def said_by(one: Operation, *, erased: bool = False) -> list[tuple[str, bytes, Change]]:
    """What this operation says, as the server's n-th."""
    blank = erased or one.personal is None
    return changes_of(
        one.kind,
        one.agg_id,
        read_body(one.kind, one.v, one.body),
        None if blank else read_personal(one.kind, one.v, one.personal or b""),
        op=one.op_id.bytes,
        seq=one.n,
        n=one.n,
        rank=one.hlc,
    )


def of_kind(kind: str) -> list[Operation]:
    return [one for one in LOG if one.kind == kind]


def test_facts_edit_no_record_and_everything_else_edits_one() -> None:
    for one in LOG:
        assert (not said_by(one)) == (one.kind in FACTS), one.kind
    assert set(KINDS) >= FACTS


@pytest.mark.parametrize("one", LOG, ids=lambda one: f"{one.n} {one.kind}")
def test_a_change_carries_the_name_and_the_place_of_its_operation(one: Operation) -> None:
    for agg, agg_id, change in said_by(one):
        assert (change.op, change.seq, change.n, change.rank) == (one.op_id.bytes, one.n, one.n, one.hlc)
        assert agg in {kind.agg for kind in KINDS.values()}
        assert agg == one.agg or one.kind == "product.added"
        assert agg_id


def test_a_product_makes_its_variants_and_each_is_a_record_of_its_own() -> None:
    (one,) = of_kind("product.added")
    found = said_by(one)
    assert [(agg, agg_id.hex()) for agg, agg_id, _ in found] == [
        ("product", goldens.PRODUCT), ("variant", goldens.VARIANTS[0]), ("variant", goldens.VARIANTS[1]),
    ]  # fmt: skip
    assert all(change.creates and not change.sets["archived"] for _, _, change in found)


def test_an_edit_says_what_it_saw_and_what_it_decided() -> None:
    (one,) = of_kind("product.edited")
    ((_, _, change),) = said_by(one)
    assert change.sets == {
        "price": 440_000,
        "cost": None,
        "archived": False,
        "barcode": None,
        "name_bn": "শাড়ি",
    }
    assert change.over == {"price": bytes.fromhex(goldens.some_id(50)), "cost": None}
    assert list(change.closes) == [("price", bytes.fromhex(goldens.some_id(51)))]


def test_an_edit_of_every_kind_sets_only_fields_that_its_record_was_made_with() -> None:
    made: dict[str, set[str]] = {}
    for one in LOG:
        for agg, _, change in said_by(one):
            if change.creates:
                made.setdefault(agg, set(change.sets))
            elif agg in made:
                assert set(change.sets) <= made[agg], one.kind


def test_a_buyer_whose_words_were_blanked_reads_as_one_of_whom_nothing_is_known() -> None:
    (added,), (edited,), (erased,) = (of_kind(f"customer.{act}") for act in ("added", "edited", "erased"))
    ((_, _, first),), ((_, _, then),) = said_by(added, erased=True), said_by(edited, erased=True)
    assert first.sets == BUYER
    assert then.sets == {"address": ""}
    ((_, _, last),) = said_by(erased)
    for told in (said_by(added), said_by(added, erased=True)):
        assert fold([told[0][2], then, last]).values == BUYER


def test_a_day_of_the_calendar_is_one_value() -> None:
    days: list[Any] = [change.sets["day"] for one in of_kind("hat.set") for _, _, change in said_by(one)]
    assert days[1] == {"kind": "added", "opens": 600, "closes": 1320, "ordinal": 262}
    ((_, _, unset),) = said_by(of_kind("hat.unset")[0])
    assert unset.sets == {"day": None}


def test_a_day_says_what_was_seen_and_what_was_decided_since_there_is_a_word_for_it() -> None:
    first, _, second, third = (change for one in of_kind("hat.set") for _, _, change in said_by(one))
    assert (first.over, list(first.closes)) == (None, [])
    assert second.over == {"day": bytes.fromhex(goldens.some_id(50))}
    assert list(second.closes) == [("day", bytes.fromhex(goldens.some_id(51)))]
    assert (third.over, list(third.closes)) == ({"day": None}, [])
    old, new = (change for one in of_kind("hat.unset") for _, _, change in said_by(one))
    assert (old.over, list(old.closes)) == (None, [])
    assert list(new.closes) == [("day", bytes.fromhex(goldens.some_id(53)))]
