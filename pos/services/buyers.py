"""The buyer of an order: read as written, found by phone, remembered for the next time."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pos.domain.phones import main_and_second, parse_phone
from pos.domain.text import clean
from pos.services.views import BuyerView
from pos.store import sales
from pos.store.oplog import Act

if TYPE_CHECKING:
    import uuid

    from sqlalchemy import Connection

    from pos.services.desk import Desk
    from pos.services.order_request import CustomerRequest
    from pos.store.types import AnyRow

_PLACE = ("address", "district", "thana")
_FIELDS = ("name", "phone2", *_PLACE)


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys. `known` is the stored record of the same phone; `customer_id` is None without a phone."""

    name: str = ""
    phone: str | None = None
    phone2: str | None = None
    address: str = ""
    district: str = ""
    thana: str = ""
    customer_id: uuid.UUID | None = None
    known: AnyRow | None = field(default=None, compare=False)

    @property
    def empty(self) -> bool:
        """Nobody was named: a sale over the counter."""
        return not (self.name or self.phone or any(getattr(self, name) for name in _PLACE))

    def written(self) -> dict[str, Any]:
        """The personal part of an order."""
        return {name: getattr(self, name) for name in ("phone", *_FIELDS)}

    def view(self) -> BuyerView:
        """As it stands on the order."""
        return BuyerView(self.name, self.phone, self.phone2, self.address, self.district, self.thana)


def read_buyer(desk: Desk, connection: Connection, request: CustomerRequest | None) -> Buyer:
    """Clean what was written; what was left out is taken from the known customer of that phone.

    Where to send the parcel is one thing: a new address never gets the old one's district or thana.

    Raises:
        UserError: ``phone_unclear`` and what the rules of text raise.
    """
    if request is None:
        return Buyer()
    phone, second = read_phones(request.phone, request.phone2)
    known = sales.customer_by_phone(connection, phone) if phone else None
    written = {
        "name": clean(request.name or "", field="name"),
        "phone2": second,
        "address": clean(request.address or "", field="address", limit=500, multiline=True),
        "district": clean(request.district or "", field="district", limit=60),
        "thana": clean(request.thana or "", field="thana", limit=60),
    }
    if known is not None:
        moved = any(written[name] and written[name] != getattr(known, name) for name in _PLACE)
        inherited = [name for name in written if not (moved and name in _PLACE)]
        written |= {name: written[name] or getattr(known, name) for name in inherited}
        return Buyer(phone=phone, customer_id=known.id, known=known, **written)  # type: ignore[arg-type]
    new_id = desk.new_id() if phone else None
    return Buyer(phone=phone, customer_id=new_id, **written)  # type: ignore[arg-type]


def read_phones(first: str | None, second: str | None) -> tuple[str | None, str | None]:
    """The main and the other phone in E.164; two numbers in one field are both kept, the first is main."""
    if not first or not first.strip():
        return (parse_phone(second), None) if second and second.strip() else (None, None)
    main, other = main_and_second(first)
    if second and second.strip():
        other = parse_phone(second)
    return main, other if other != main else None


def buyer_acts(desk: Desk, buyer: Buyer) -> list[Act]:
    """What a sale adds to the shop's knowledge of its buyer: a new record, or what has changed of it."""
    if buyer.customer_id is None:
        return []
    if buyer.known is None:
        body: dict[str, Any] = {"by": desk.by}
        return [Act("customer.added", "customer", buyer.customer_id.bytes, body, buyer.written())]
    changed = {
        name: getattr(buyer, name) for name in _FIELDS if getattr(buyer, name) != getattr(buyer.known, name)
    }
    if not changed:
        return []
    writers = json.loads(buyer.known.fv)
    over = {name: writers.get(name, writers.get("*")) for name in changed}
    return [
        Act("customer.edited", "customer", buyer.customer_id.bytes, {"by": desk.by, "over": over}, changed)
    ]
