"""An order as it is handed in: read strictly from JSON, or built by a screen."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Literal

import msgspec

from pos.errors import UserError
from pos.protocol.bodies import MOST_LINES, MOST_PAYMENTS

# A screen hands in text as typed; a file may hold numbers too. Both are read by the same rules.
Typed = str | int | float

MAX_BYTES = 2_000_000


class ItemRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line asked for: a SKU or a barcode, and how much of it in the product's own unit."""

    qty: Typed
    sku: str | None = None
    barcode: str | None = None
    price: Typed | None = None
    discount: Typed | None = None


class CustomerRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The buyer: found by phone, kept as written."""

    name: str | None = None
    phone: str | None = None
    phone2: str | None = None
    address: str | None = None
    district: str | None = None
    thana: str | None = None


class PaymentRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Money received with the order."""

    method: str
    amount: Typed
    trxid: str | None = None


class OrderRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An order to take (contracts.md §6). `request_id` makes asking twice harmless."""

    items: list[ItemRequest]
    customer: CustomerRequest | None = None
    discount: Typed | None = None
    delivery: Typed | None = None
    payments: list[PaymentRequest] = []
    rest: Literal["cod", "due", "none"] | None = None
    note: str | None = None
    source: str | None = None
    request_id: str | None = None


_decoder = msgspec.json.Decoder(OrderRequest)


def read_order_request(data: bytes) -> OrderRequest:
    """Read an order from JSON (UTF-8, a BOM is passed over).

    Raises:
        UserError: ``order_file_empty``, ``order_file_too_big``, ``order_file_unclear`` with what and where.
    """
    data = data.removeprefix(b"\xef\xbb\xbf").strip()
    if not data:
        raise UserError("order_file_empty")
    if len(data) > MAX_BYTES:
        raise UserError("order_file_too_big", limit=MAX_BYTES)
    try:
        request = _decoder.decode(data)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        raise UserError("order_file_unclear", where=where.strip("`.") or "order", what=what) from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise UserError("order_file_not_json", what=str(error)[:60]) from None
    except UnicodeDecodeError:
        raise UserError("order_file_not_json", what="UTF-8") from None
    _refuse_doubled(data)
    return request


def refuse_too_long(request: OrderRequest) -> None:
    """Refuse what no single operation holds.

    Raises:
        UserError: ``order_too_long``, ``order_too_many_payments``.
    """
    if len(request.items) > MOST_LINES:
        raise UserError("order_too_long", limit=MOST_LINES)
    if len(request.payments) > MOST_PAYMENTS:
        raise UserError("order_too_many_payments", limit=MOST_PAYMENTS)


def _refuse_doubled(data: bytes) -> None:
    """Of a key written twice the reader keeps the last in silence; which one was meant is not for us to say."""

    def pairs(found: list[tuple[str, object]]) -> dict[str, object]:
        names = [name for name, _ in found]
        for name in names:
            if names.count(name) > 1:
                raise UserError("order_file_unclear", where=name, what="written twice")
        return dict(found)

    # Numbers stay text: one of thousands of digits is nothing that Python would turn into an int.
    json.loads(data, object_pairs_hook=pairs, parse_int=str, parse_float=str)


def typed(value: Typed) -> str | int | Decimal:
    """The value as the readers of amounts take it; a JSON number keeps the digits it was written with."""
    return Decimal(repr(value)) if isinstance(value, float) else value
