"""Customers: found by phone first, shown with what they have done, erased when they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from pos.domain.phones import main_and_second, parse_phone
from pos.domain.text import clean, fold_digits
from pos.errors import UserError
from pos.services import drafts
from pos.services.views import CustomerView
from pos.store import people
from pos.store.oplog import Act

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from pos.services.desk import Desk
    from pos.store.types import AnyRow

DEFAULT_FOUND = 50
_PLACES_SHOWN = 3


class PlaceView(msgspec.Struct, frozen=True):
    """Where a parcel went."""

    address: str
    district: str
    thana: str


class BuyerCard(msgspec.Struct, frozen=True):
    """Whom a phone number belongs to, as far as it has been typed.

    Attributes:
        phone: E.164, once it is a whole number.
        customer: who that is; None for somebody new.
        places: where the latest parcels went, each once, the last one first.
        missing: how many digits a number that starts well still lacks.
        code: what is wrong with the number; empty while nothing is.
        params: for the sentence of that code.
    """

    phone: str | None = None
    customer: CustomerView | None = None
    places: tuple[PlaceView, ...] = ()
    missing: int = 0
    code: str = ""
    params: Mapping[str, object] = {}


class Customers:
    """The shop's buyers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def find(self, text: str, *, limit: int = DEFAULT_FOUND) -> list[CustomerView]:
        """Customers by phone, or a part of it, or by words of name and place; the latest buyer first."""
        typed = fold_digits(clean(text, field="text")).lower()
        # Inside +8801…, so that 01712 and 1712 are both found.
        digits = "".join(char for char in typed if char.isdigit()).removeprefix("880").lstrip("0")
        with self._desk.store.read() as connection:
            try:
                exact = people.customers_with_phone(connection, parse_phone(typed))
            except UserError:
                exact = []
            rows = exact or people.customers_like(connection, typed.split(), digits, limit)
        return [customer_view(row) for row in rows]

    def show(self, phone: str) -> CustomerView:
        """The customer of a phone.

        Raises:
            UserError: ``phone_unclear``, ``customer_unknown``.
        """
        with self._desk.store.read() as connection:
            rows = people.customers_with_phone(connection, parse_phone(phone))
        if not rows:
            raise UserError("customer_unknown")
        return customer_view(rows[0])

    def calling(self, phone_text: str) -> BuyerCard | None:
        """Who calls, from a phone number that may still be being typed; None while nothing is."""
        if not phone_text.strip():
            return None
        try:
            phone, _ = main_and_second(phone_text)
        except UserError as error:
            missing = error.params.get("missing", 0)
            return BuyerCard(
                missing=missing if isinstance(missing, int) else 0, code=error.code, params=error.params
            )
        with self._desk.store.read() as connection:
            rows = people.customers_with_phone(connection, phone)
            if not rows:
                return BuyerCard(phone)
            places = _places(connection, rows[0].id)
        return BuyerCard(phone, customer_view(rows[0]), places)

    def erase(self, phone: str) -> int:
        """Blank a buyer's name, phones, address and words everywhere; how many orders keep only their values.

        A cart in which the buyer's number is written is dropped.

        Every hash still verifies: the chain holds commitments to personal parts, not the parts.

        Raises:
            UserError: ``phone_unclear``, ``customer_unknown``.
        """
        wanted = parse_phone(phone)
        with self._desk.store.write() as unit:
            rows = [r for r in people.customers_with_phone(unit.connection, wanted) if r.phone == wanted]
            if not rows:
                raise UserError("customer_unknown")
            erased = 0
            phones = {phone for row in rows for phone in (row.phone, row.phone2) if phone}
            drafts.forget(self._desk, unit, phones)
            for row in rows:
                orders = people.orders_of_customer(unit.connection, row.id)
                erased += len(orders)
                body = {"by": self._desk.by, "orders": [order.hex for order in orders]}
                unit.record(Act("customer.erased", "customer", row.id.bytes, body))
        self._desk.store.forget()
        return erased


def customer_view(row: AnyRow) -> CustomerView:
    """A buyer with what he has done, from his row."""
    return CustomerView(
        id=row.id,
        name=row.name,
        phone=row.phone,
        phone2=row.phone2,
        address=row.address,
        district=row.district,
        thana=row.thana,
        orders=row.orders,
        delivered=row.delivered,
        returned=row.returned,
        due_paisa=row.due_paisa,
    )


def _places(connection: Connection, customer_id: uuid.UUID) -> tuple[PlaceView, ...]:
    found = (PlaceView(r.address, r.district, r.thana) for r in people.places_of(connection, customer_id))
    named = dict.fromkeys(place for place in found if place != PlaceView("", "", ""))
    return tuple(named)[:_PLACES_SHOWN]
