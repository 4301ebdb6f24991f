"""What was held is judged again: one that breaks the database keeps nobody else out, and no server from starting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pos.domain.ids import uuid7
from pos.protocol.messages import to_wire
from pos.server.intake import Intake
from tests.server.conftest import VENDOR
from tests.server.laptop import BUYER, Laptop, statuses
from tests.server.test_taking_in import forged

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from tests.server.conftest import Central


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes the database refuse the rows of these orders: what must not be empty is."""
    sale_row = Intake._sale_row
    bad: set[bytes] = set()

    def row_of(self: Intake, candidate: Any, status: str) -> tuple[Any, ...]:
        row = sale_row(self, candidate, status)
        return (*row[:5], None, *row[6:]) if candidate.operation.agg_id in bad else row

    monkeypatch.setattr(Intake, "_sale_row", row_of)

    def told(*orders: UUID) -> None:
        bad.clear()
        bad.update(order.bytes for order in orders)

    return told


def two(central: Central) -> tuple[Laptop, Laptop, UUID]:
    """A vendor's two laptops and a variant that both know."""
    shop = central.shop()
    _, [variant] = shop.product()
    shop.push()
    return shop, central.second(shop), variant


def known_to(shop: Laptop, customer: UUID) -> None:
    """Let this laptop be the one that wrote the buyer down."""
    shop.record("customer.added", "customer", customer.bytes, shop.by({}), BUYER)


def reasons(central: Central) -> dict[int, str]:
    """Why what is held of the vendor's second laptop is held, by position."""
    return dict(central.rows("operation", "n, why", "status = 'held'"))


def right(central: Central) -> None:
    """What is counted is what is there."""
    [(waiting,)] = central.rows("vendor_stream", "waiting")
    assert waiting == sum(why in ("stands_on_unknown", "follows_held") for why in reasons(central).values())
    places = [seq for (seq,) in central.rows("operation", "seq", "seq IS NOT NULL")]
    [(accepted,)] = central.rows("vendor_stream", "v_count + h_count")
    assert len(set(places)) == len(places) == accepted


@pytest.mark.parametrize("at", range(5))
def test_a_held_one_that_breaks_the_database_is_held_for_that_and_the_others_stand(
    central: Central, broken: Callable[..., None], at: int
) -> None:
    shop, other, variant = two(central)
    buyer = uuid7(1)
    orders = [other.order(variant, customer=buyer) for _ in range(5)]
    bad = orders[at]
    other.step("order.packed", bad)
    assert set(statuses(other.push())[1:]) == {"stands_on_unknown", "follows_held"}
    broken(bad)
    known_to(shop, buyer)
    assert statuses(shop.push()) == ["ok"] * 4
    assert reasons(central) == {2 + at: "not_applied", 7: "stands_on_unknown"}
    assert central.rows("stock", "on_hand") == [(-4000,)]
    right(central)
    assert len(central.crashes) == 1
    central.crashes.clear()
    shop.setting("shop.name", "ক")
    assert statuses(shop.push())[-1] == "ok"
    right(central)
    broken()
    assert central.office.retry_held(shop.vendor) == 2
    assert (reasons(central), central.rows("stock", "on_hand")) == ({}, [(-5000,)])
    right(central)


def test_every_one_that_breaks_the_database_is_held_for_that(
    central: Central, broken: Callable[..., None]
) -> None:
    shop, other, variant = two(central)
    buyer = uuid7(1)
    broken(*[other.order(variant, customer=buyer) for _ in range(4)])
    other.push()
    known_to(shop, buyer)
    assert set(statuses(shop.push())) == {"ok"}
    assert set(reasons(central).values()) == {"not_applied"}
    right(central)
    central.crashes.clear()


def test_what_another_laptop_had_too_is_held_if_it_breaks_the_database(
    central: Central, broken: Callable[..., None]
) -> None:
    shop, other, variant = two(central)
    other.push()
    central.office.revoke(VENDOR, "B")
    bad = other.order(variant)
    other.order(variant)
    assert statuses(other.push())[1:] == ["device_revoked"] * 2
    broken(bad)
    reply = shop.exchange(relay=[to_wire(op, device=other.device) for op in other.log])
    assert reply.last_n == len(shop.log)
    assert reasons(central) == {2: "not_applied"}
    assert central.rows("stock", "on_hand") == [(-1000,)]
    right(central)
    central.crashes.clear()


def test_a_number_that_no_column_of_text_takes_is_no_fault(central: Central) -> None:
    shop, other, variant = two(central)
    buyer = uuid7(1)
    other.order(variant, customer=buyer)
    written = other.log[-1]
    other.log[-1] = forged(written, body=written.body.replace(b'"number":"B', b'"number":"B\\u0000'))
    assert statuses(other.push())[1:] == ["stands_on_unknown"]
    known_to(shop, buyer)
    assert set(statuses(shop.push())) == {"ok"}
    assert central.rows("sale", "number") == [("B\ufffd-26-000001",)]
    other.order(variant)
    assert statuses(other.push())[-1] == "ok"
    # What was hashed goes on as it was written.
    shop.pull()
    sent = {bytes(wire.b) for wire in shop.seen.values() if wire.k == "order.confirmed"}
    assert sent == {op.body for op in other.log[1:]}


def refusing(central: Central, vendor: UUID) -> None:
    """Let the database refuse every change to where this vendor stands."""
    if central.database.dialect == "sqlite":
        says = (
            "CREATE TRIGGER refusing BEFORE UPDATE ON vendor_stream"
            f" WHEN NEW.vendor_id = x'{vendor.hex}' BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )
    else:
        says = f"ALTER TABLE vendor_stream ADD CHECK (vendor_id <> '{vendor}') NOT VALID"
    with central.database.owning() as connection:
        connection.exec_driver_sql(says)


def test_one_vendor_whose_held_ones_cannot_be_judged_keeps_no_other_back(
    central: Central, broken: Callable[..., None]
) -> None:
    shops = [central.shop(name) for name in (VENDOR, "Deshi Dukan", "রঙ")]
    bad = []
    for shop in shops:
        _, [variant] = shop.product()
        bad.append(shop.order(variant))
    broken(*bad)
    for shop in shops:
        assert statuses(shop.push())[-1] == "not_applied"
    central.crashes.clear()
    broken(bad[1])
    refusing(central, shops[0].vendor)
    assert central.office.retry_all() == 1
    held = {vendor for (vendor,) in central.rows("operation", "vendor_id", "status = 'held'")}
    assert len(held) == 2
    # Twice of the first, without care and with it, and once of the one whose order is refused.
    assert len(central.crashes) == 3
    central.crashes.clear()
