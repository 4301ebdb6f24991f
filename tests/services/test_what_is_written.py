"""What the services write is what the protocol knows, and what an operation stands on is all that it names."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from pos.protocol.kinds import (
    KINDS,
    needs_of,
    read_body,
    read_personal,
    stock_moved_by,
    variants_made,
)
from pos.protocol.operations import is_canonical
from pos.services.catalogue import NewVariant
from pos.services.order_request import CustomerRequest
from pos.services.product_change import ProductChange, VariantChange
from pos.shop import open_shop
from pos.store import apply, oplog
from tests import goldens
from tests.shopkeeping import PHONE, busy_day, of_first_release, paid, sale, sale_to

if TYPE_CHECKING:
    from pathlib import Path

    from pos.protocol.operations import Operation
    from pos.shop import Shop

LOG = goldens.log()


def every_act(shop: Shop) -> None:
    """Something of each kind that a shop by itself can do."""
    numbers = busy_day(shop)
    helper = shop.operators.add("মিতু")
    shop.operators.edit(helper.id, name="মিতা", role="owner")
    shop.operators.remove(helper.id)
    shop.catalogue.edit(
        "P001", ProductChange(price_paisa=90_000, no_cost=True, barcode="8902", minimum_milli=500)
    )
    shop.catalogue.edit("P003", ProductChange(name_bn="লাল সাবান", name_en="Soap", category="ঘর", unit="kg"))
    shop.catalogue.edit_variant("P002-02", VariantChange(size="১২ হাত", no_price=True, barcode="77"))
    shop.catalogue.add_variants("P002", [NewVariant("P002-03", colour="সবুজ", stock_milli=1_000)])
    shop.catalogue.archive("P004")
    shop.catalogue.unarchive("P004")
    shop.stock.receive([("P001", "5")], "হাট থেকে")
    shop.stock.count("P001", "3", "গোনা")
    shop.stock.release(shop.stock.reserve("P001", "1", until_ms=shop.desk.clock.now_ms() + 60_000))
    shop.steps.check(numbers[0])
    shop.steps.uncheck(numbers[0])
    shop.steps.pack(numbers[0])
    shop.steps.unpack(numbers[0])
    shop.steps.note(numbers[1], "দরজায় রাখবেন")
    shop.orders.take(sale_to(PHONE, payments=paid("20", "nagad", "75AB12CE")))
    moved = CustomerRequest(name="নাসরিন", phone="01911223344", address="ধানমন্ডি", district="ঢাকা")
    note = shop.orders.take(sale(customer=moved)).number
    shop.steps.note(note, "কাল পাঠাব")
    shop.customers.erase(PHONE)
    shop.orders.take(sale())
    shop.configuration.cancel_hat(dt.date(2026, 11, 28))
    shop.configuration.add_hat(dt.date(2026, 11, 27))


@pytest.fixture
def operations(shop: Shop) -> list[Operation]:
    """The log of a shop that did everything."""
    every_act(shop)
    with shop.store.read() as connection:
        return list(oplog.read_after(connection, 0))


def test_every_kind_has_an_applier_and_every_applier_a_kind() -> None:
    assert set(apply._APPLIERS) == set(KINDS)


def test_what_the_services_write_is_what_the_protocol_knows(operations: list[Operation]) -> None:
    for one in operations:
        read_body(one.kind, one.v, one.body)
        assert is_canonical(one.body)
        assert (one.agg, one.v) == (KINDS[one.kind].agg, KINDS[one.kind].newest), one.kind
        if one.personal is not None:
            assert read_personal(one.kind, one.v, one.personal)
    written = {one.kind for one in operations}
    # A laptop of its own has neither joined a shop nor changed its numbers, and no page takes a hat's day back.
    assert KINDS.keys() - written == {"device.joined", "device.rekeyed", "hat.unset"}


def test_what_the_first_release_wrote_is_still_known(tmp_path: Path, shop: Shop) -> None:
    with (
        open_shop(of_first_release(tmp_path / "old"), shop.desk.clock) as old,
        old.store.read() as connection,
    ):
        operations = list(oplog.read_after(connection, 0))
    assert len(operations) > 20
    for one in operations:
        read_body(one.kind, one.v, one.body)
        if one.personal is not None:
            read_personal(one.kind, one.v, one.personal)


def test_an_operation_needs_all_that_came_before_it_and_that_it_names(operations: list[Operation]) -> None:
    variants: set[bytes] = set()
    aggregates: set[bytes] = set()
    for one in [*operations, *LOG]:
        body = read_body(one.kind, one.v, one.body)
        needs = needs_of(one.kind, one.agg_id, body)
        named = {bytes.fromhex(each) for each in _identities(json.loads(one.body))} | {one.agg_id}
        if KINDS[one.kind].agg not in ("hat", "setting", "device"):  # nothing has to be there before them
            assert named & (variants | aggregates) <= needs.variants | needs.aggregates, one.kind
        if one in operations:
            assert needs.variants <= variants, one.kind
            assert needs.aggregates <= aggregates, one.kind
        variants |= set(variants_made(body))
        aggregates.add(one.agg_id)


def _identities(value: Any) -> set[str]:
    """Every identity in a body, but for those of operations, which nothing stands on."""
    match value:
        case dict():
            inner = [one for name, one in value.items() if name not in ("over", "closes", "device", "vendor")]
            return {each for one in inner for each in _identities(one)}
        case list():
            return {each for one in value for each in _identities(one)}
        case str() if len(value) == 32 and not set(value) - set("0123456789abcdef"):
            return {value}
        case _:
            return set()


def test_the_movements_of_all_operations_add_up_to_what_is_on_hand(
    operations: list[Operation], shop: Shop
) -> None:
    on_hand: dict[bytes, int] = {}
    for one in operations:
        body = read_body(one.kind, one.v, one.body)
        on_hand |= dict.fromkeys(variants_made(body), 0)
        for variant, milli in stock_moved_by(body):
            on_hand[variant] += milli
    with shop.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT id, on_hand_milli FROM variant").all()
    assert on_hand == {bytes(row[0]): row[1] for row in rows}
