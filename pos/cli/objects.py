"""Views as the JSON objects of contracts.md §6: money and quantities as text, Latin digits always."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pos.domain.money import plain_money
from pos.domain.phones import local_phone
from pos.domain.quantity import plain_quantity
from pos.domain.times import iso

if TYPE_CHECKING:
    from pos.domain.hats import Hat
    from pos.services.views import (
        BuyerView,
        CustomerView,
        FoundView,
        MoveView,
        OrderView,
        ProductView,
        StockView,
    )

Object = dict[str, Any]


def order_object(order: OrderView, *, lines: bool = True) -> Object:
    """One order; a list leaves the lines out."""
    head: Object = {
        "number": order.number,
        "id": str(order.id),
        "request_id": order.request_id,
        "status": order.status,
        "hat": order.hat.isoformat() if order.hat else None,
        "after_hat": order.after_hat,
        "taken_at": iso(order.taken_at_ms),
        "operator": order.operator,
        "customer": _buyer(order.customer),
    }
    if lines:
        head["lines"] = [
            {
                "sku": line.sku,
                "name": _line_name(line.name_bn, line.size, line.colour),
                "qty": plain_quantity(line.qty_milli),
                "unit": line.unit,
                "price": plain_money(line.price_paisa),
                "discount": plain_money(line.discount_paisa),
                "amount": plain_money(line.amount_paisa),
            }
            for line in order.lines
        ]
    return head | {
        "subtotal": plain_money(order.subtotal_paisa),
        "discount": plain_money(order.discount_paisa),
        "delivery": plain_money(order.delivery_paisa),
        "rounding": plain_money(order.rounding_paisa),
        "total": plain_money(order.total_paisa),
        "paid": plain_money(order.paid_paisa),
        "due": plain_money(order.due_paisa),
        "cod": plain_money(order.cod_paisa),
        "change": plain_money(order.change_paisa),
        "refund_owed": plain_money(order.refund_owed_paisa),
        "payments": [
            {"method": p.method, "amount": plain_money(p.amount_paisa), "trxid": p.trxid, "state": p.state}
            for p in order.payments
        ],
        "note": order.note,
        "source": order.source,
        "warnings": list(order.warnings),
    }


def _line_name(name: str, size: str, colour: str) -> str:
    option = " · ".join(part for part in (size, colour) if part)
    return f"{name} – {option}" if option else name


def _buyer(buyer: BuyerView | None) -> Object | None:
    if buyer is None:
        return None
    return {
        "name": buyer.name,
        "phone": _phone(buyer.phone),
        "phone2": _phone(buyer.phone2),
        "address": buyer.address,
        "district": buyer.district,
        "thana": buyer.thana,
    }


def _phone(e164: str | None) -> str | None:
    return local_phone(e164) if e164 else None


def product_object(product: ProductView) -> Object:
    """One product with its variants."""
    return {
        "sku": product.sku,
        "name_bn": product.name_bn,
        "name_en": product.name_en,
        "category": product.category,
        "unit": product.unit,
        "price": plain_money(product.price_paisa),
        "cost": _maybe(product.cost_paisa, plain_money),
        "barcode": product.barcode,
        "on_hand": plain_quantity(product.on_hand_milli),
        "reserved": plain_quantity(product.reserved_milli),
        "free": plain_quantity(product.free_milli),
        "minimum": _maybe(product.minimum_milli, plain_quantity),
        "variants": [
            {
                "sku": v.sku,
                "size": v.size,
                "colour": v.colour,
                "barcode": v.barcode,
                "price": plain_money(v.price_paisa),
                "on_hand": plain_quantity(v.on_hand_milli),
                "reserved": plain_quantity(v.reserved_milli),
                "free": plain_quantity(v.free_milli),
            }
            for v in product.variants
        ],
    }


def _maybe(value: int | None, plain: Any) -> str | None:
    return None if value is None else plain(value)


def found_object(found: FoundView) -> Object:
    """One result of a search."""
    product = found.product
    return {
        "sku": product.sku,
        "name_bn": product.name_bn,
        "name_en": product.name_en,
        "unit": product.unit,
        "price": plain_money(product.price_paisa),
        "free": plain_quantity(product.free_milli),
        "matched": found.matched,
        "variants": [
            {"sku": v.sku, "size": v.size, "colour": v.colour, "free": plain_quantity(v.free_milli)}
            for v in product.variants
        ],
    }


def stock_object(item: StockView) -> Object:
    """Stock of one sold SKU."""
    return {
        "sku": item.sku,
        "product_sku": item.product_sku,
        "name_bn": item.name_bn,
        "size": item.size,
        "colour": item.colour,
        "unit": item.unit,
        "on_hand": plain_quantity(item.on_hand_milli),
        "reserved": plain_quantity(item.reserved_milli),
        "free": plain_quantity(item.free_milli),
        "minimum": _maybe(item.minimum_milli, plain_quantity),
    }


def move_object(move: MoveView) -> Object:
    """One movement of stock."""
    return {
        "id": str(move.id),
        "kind": move.kind,
        "qty": plain_quantity(move.qty_milli),
        "note": move.note,
        "at": iso(move.at_ms),
    }


def customer_object(customer: CustomerView) -> Object:
    """One customer with what he has done."""
    return {
        "name": customer.name,
        "phone": local_phone(customer.phone),
        "phone2": _phone(customer.phone2),
        "address": customer.address,
        "district": customer.district,
        "thana": customer.thana,
        "orders": customer.orders,
        "delivered": customer.delivered,
        "returned": customer.returned,
        "due": plain_money(customer.due_paisa),
    }


def hat_object(hat: Hat, now_ms: int) -> Object:
    """One hat and where the present stands to it."""
    return {
        "date": hat.on.isoformat(),
        "opens_at": iso(hat.opens_at_ms),
        "closes_at": iso(hat.closes_at_ms),
        "ordinal": hat.ordinal,
        "state": hat.state(now_ms),
    }


def plain_params(params: dict[str, object]) -> Object:
    """An error's values, ready for JSON: amounts and quantities as text, under their own names."""
    plain: Object = {}
    for name, value in params.items():
        if name.endswith("_milli") and isinstance(value, int):
            plain[name.removesuffix("_milli")] = plain_quantity(value)
        elif name.endswith("_paisa") and isinstance(value, int):
            plain[name.removesuffix("_paisa")] = plain_money(value)
        elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
            plain[name] = [plain_params(item) if isinstance(item, dict) else _plain(item) for item in value]
        else:
            plain[name] = _plain(value)
    return plain


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.isoformat() if isinstance(value, dt.date) else str(value)
