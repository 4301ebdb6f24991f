"""What makes something at the server: each of its kinds, once only, and whatever is held of the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from pos.domain.ids import uuid7
from tests.server.laptop import statuses
from tests.server.test_taking_in import forged, put

if TYPE_CHECKING:
    from uuid import UUID

    from pos.protocol.operations import Operation
    from tests.server.conftest import Central
    from tests.server.laptop import Laptop


def make(shop: Laptop, kind: str, product: UUID, variant: UUID) -> Operation:
    """Write an operation that brings something new into the world."""
    new = uuid7(shop.clock.now_ms())
    match kind:
        case "operator.added":
            return shop.record(kind, "operator", new.bytes, shop.by({"name": "মিতু", "role": "helper"}))
        case "product.added":
            shop.product()
        case "variant.added":
            plain: dict[str, Any] = {
                "size": "",
                "colour": "",
                "barcode": None,
                "price": None,
                "plain": False,
                "position": 1,
            }
            body: dict[str, Any] = {"product": product.hex, "variant": {"id": new.hex, "sku": "V-1", **plain}}
            return shop.record(kind, "variant", new.bytes, shop.by(body))
        case "customer.added":
            shop.customer()
        case "order.confirmed":
            shop.order(variant)
        case "payment.received":
            entry = {"id": new.hex, "method": "cash", "amount": 100, "state": "verified", "trxid": None}
            sums = {"paid": 100, "change": 0, "due": 9900, "cod": 0}
            body = {"order": shop.order(variant).hex, "payment": entry, **sums}
            return shop.record(kind, "payment", new.bytes, shop.by(body))
        case "stock.moved":
            shop.stock(variant, 1000)
        case _:
            body = {"variant": variant.hex, "qty": 1000, "expires_at": shop.clock.now_ms() + 1}
            return shop.record(kind, "reservation", new.bytes, shop.by(body))
    return shop.log[-1]


def make_again(shop: Laptop, op: Operation) -> None:
    """Write an operation that says the same once more."""
    personal = None if op.personal is None else msgspec.json.decode(op.personal)
    shop.record(op.kind, op.agg, op.agg_id, msgspec.json.decode(op.body), personal)


@pytest.mark.parametrize(
    "kind",
    [
        *("operator.added", "product.added", "variant.added", "customer.added"),
        *("order.confirmed", "payment.received", "stock.moved", "reservation.made"),
    ],
)
def test_what_makes_something_stands_once_and_follows_nothing(central: Central, kind: str) -> None:
    shop = central.shop()
    product, [variant] = shop.product()
    shop.push()
    op = make(shop, kind, product, variant)
    put(shop, forged(op, body=b'{"by":"x"}'))
    make_again(shop, op)
    make_again(shop, op)
    assert statuses(shop.push())[-3:] == ["body_unclear", "ok", "stands_already"]
