"""From an operation to its rows: the one place that writes documents, stock, people, hats and settings.

Services decide and record; this module only carries out, so that the rows can be made again from the log:
after a restore the second journal is replayed through it, and a test rebuilds whole shops and compares.
Appliers take runs of one kind, so that a catalogue of thousands goes in by bulk statements.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from pos.errors import BugError
from pos.store import search
from pos.store import tables as t
from pos.store.oplog import Recorded
from pos.store.prepared import Prepared

Rows = list[dict[str, Any]]
_MONEY = ("subtotal", "discount", "delivery", "rounding", "total", "paid", "change", "due", "cod")
_BUYER = ("name", "phone", "phone2", "address", "district", "thana", "note")
_PRODUCT = ("sku", "name_bn", "name_en", "category", "unit", "fractions", "barcode")


def _insert(table: Table, *, without: Sequence[str] = ()) -> Prepared:
    """An insert of whole rows; columns `without` a value here keep their default."""
    return Prepared(insert(table), *(column.name for column in table.c if column.name not in without))


_add_installation = insert(t.installation)
_device_upsert = upsert(t.device)
_add_device = _device_upsert.on_conflict_do_update(
    index_elements=["id"], set_={"code": _device_upsert.excluded.code}
)
_add_operator = insert(t.operator)
_add_product = _insert(t.product, without=("archived",))
_add_variant = _insert(t.variant, without=("archived", "on_hand_milli"))
_add_move = _insert(t.stock_move)
_add_reservation = insert(t.reservation)
_add_customer = _insert(t.customer, without=("erased_at_ms",))
_add_order = _insert(t.orders)
_add_line = _insert(t.order_line)
_add_buyer = _insert(t.order_buyer)
_add_payment = _insert(t.payment)
_add_refund = insert(t.owed_refund)
_add_event = _insert(t.order_event)
_count_stock = Prepared(
    update(t.variant)
    .where(t.variant.c.id == bindparam("v"))
    .values(on_hand_milli=t.variant.c.on_hand_milli + bindparam("q"))
)
_series_upsert = upsert(t.series)
_raise_series = Prepared(
    _series_upsert.on_conflict_do_update(
        index_elements=["code", "year"], set_={"last_no": _series_upsert.excluded.last_no}
    ),
    *("code", "year", "last_no"),
)


def apply(connection: Connection, device_id: uuid.UUID, recorded: Sequence[Recorded]) -> None:
    """Carry out operations in their order, inside the caller's transaction."""
    for kind, run in groupby(recorded, key=lambda r: r.kind):
        applier = _APPLIERS.get(kind)
        if applier is None:
            raise BugError("operation_unknown", kind=kind)
        applier(connection, device_id.bytes, list(run))


def _id(value: str) -> bytes:
    return bytes.fromhex(value)


def _many(connection: Connection, statement: Any, rows: Rows) -> None:
    if rows:
        connection.execute(statement, rows)


# ---- the shop and its devices ------------------------------------------------------------------------


def _shop_founded(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        connection.execute(
            _add_installation,
            {
                "one": 1,
                "device_id": device_id,
                "vendor_id": _id(r.body["vendor"]),
                "code": r.body["code"],
                "base_code": r.body["code"],
                "created_at_ms": r.at_ms,
                "demo": r.body["demo"],
            },
        )
        connection.execute(_add_device, {"id": device_id, "code": r.body["code"]})


def _device_rekeyed(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        connection.execute(update(t.installation).values(code=r.body["code"]))
        connection.execute(_add_device, {"id": device_id, "code": r.body["code"]})


def _operator_added(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    _many(
        connection,
        _add_operator,
        [{"id": r.agg_id, "name": r.body["name"], "role": r.body["role"], "fv": _fv(r)} for r in run],
    )


# ---- catalogue and stock -----------------------------------------------------------------------------


def _product_added(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    products: Rows = []
    variants: Rows = []
    for r in run:
        product_id = r.agg_id
        products.append(
            {name: r.body[name] for name in _PRODUCT}
            | {
                "id": product_id,
                "price_paisa": r.body["price"],
                "cost_paisa": r.body["cost"],
                "minimum_milli": r.body["minimum"],
                "created_at_ms": r.at_ms,
                "fv": _fv(r),
            }
        )
        variants += [_variant_row(product_id, v, r) for v in r.body["variants"]]
    _add_product.run_all(connection, products)
    _add_variant.run_all(connection, variants)
    _index(connection, [p["id"] for p in products])


def _variant_added(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    products = [_id(r.body["product"]) for r in run]
    _add_variant.run_all(
        connection, [_variant_row(p, r.body["variant"], r) for p, r in zip(products, run, strict=True)]
    )
    _index(connection, products)


def _index(connection: Connection, products: Sequence[bytes]) -> None:
    search.index_products(connection, [uuid.UUID(bytes=one) for one in dict.fromkeys(products)])


def _variant_row(product_id: bytes, values: Mapping[str, Any], r: Recorded) -> dict[str, Any]:
    return {
        "id": _id(values["id"]),
        "product_id": product_id,
        "sku": values["sku"],
        "size": values["size"],
        "colour": values["colour"],
        "barcode": values["barcode"],
        "price_paisa": values["price"],
        "plain": values["plain"],
        "position": values["position"],
        "fv": _fv(r),
    }


_COLUMN_OF = {"price": "price_paisa", "cost": "cost_paisa", "minimum": "minimum_milli"}


def _product_edited(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        _edit(connection, t.product, t.product.c.id == r.agg_id, r)
    _index(connection, [r.agg_id for r in run])


def _variant_edited(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    ids = [r.agg_id for r in run]
    for r in run:
        _edit(connection, t.variant, t.variant.c.id == r.agg_id, r)
    products: list[uuid.UUID] = []
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        products += connection.execute(
            select(t.variant.c.product_id).where(t.variant.c.id.in_(chunk)).distinct()
        ).scalars()
    search.index_products(connection, list(dict.fromkeys(products)))


def _edit(
    connection: Connection,
    table: Table,
    where: Any,
    r: Recorded,
    values: Mapping[str, Any] | None = None,
) -> None:
    """Set named fields and note this operation as the writer of each."""
    stored = connection.execute(select(table.c.fv).where(where)).scalar_one()
    writers = json.loads(stored) | dict.fromkeys(r.body["over"], r.op_id.hex)
    columns = values if values is not None else r.body["set"]
    connection.execute(
        update(table)
        .where(where)
        .values(
            {_COLUMN_OF.get(name, name): value for name, value in columns.items()}
            | {"fv": json.dumps(writers)}
        )
    )


def _stock_moved(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    moves: Rows = [
        {
            "id": _id(m["id"]),
            "variant_id": _id(m["variant"]),
            "kind": m["kind"],
            "qty_milli": m["qty"],
            "order_id": None,
            "line_no": None,
            "reversal": False,
            "note": m["note"],
            "at_ms": r.at_ms,
            "operator_id": _id(r.body["by"]),
            "device_id": device_id,
        }
        for r in run
        for m in r.body["moves"]
    ]
    _write_moves(connection, moves)


def _reservation_made(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    _many(
        connection,
        _add_reservation,
        [
            {
                "id": r.agg_id,
                "variant_id": _id(r.body["variant"]),
                "qty_milli": r.body["qty"],
                "made_at_ms": r.at_ms,
                "expires_at_ms": r.body["expires_at"],
                "device_id": device_id,
            }
            for r in run
        ],
    )


def _reservation_released(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        connection.execute(
            update(t.reservation).where(t.reservation.c.id == r.agg_id).values(released_at_ms=r.at_ms)
        )


def _write_moves(connection: Connection, moves: Rows) -> None:
    _add_move.run_all(connection, moves)
    _count_stock.run_all(connection, [{"v": m["variant_id"], "q": m["qty_milli"]} for m in moves])


# ---- orders and money --------------------------------------------------------------------------------


def _order_confirmed(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        _one_order(connection, device_id, r)


def _one_order(connection: Connection, device_id: bytes, r: Recorded) -> None:
    body = r.body
    order_id, by = r.agg_id, _id(body["by"])
    code, year, no = body["series"]
    _raise_series.run(connection, {"code": code, "year": year, "last_no": no})
    _add_order.run(
        connection,
        {
            "id": order_id,
            "number": body["number"],
            "series_code": code,
            "series_year": year,
            "series_no": no,
            "request_id": body["request"],
            "status": "confirmed",
            "hat_on": body["hat"],
            "hat_ordinal": body["ordinal"],
            "after_hat": body["after_hat"],
            "taken_at_ms": body["taken_at"],
            "taken_on": body["taken_on"],
            "operator_id": by,
            "device_id": device_id,
            "customer_id": _id(body["customer"]) if body["customer"] else None,
            "rest": body["rest"],
            "source": body["source"],
            "warnings": " ".join(body["warnings"]),
            **{f"{name}_paisa": body[name] for name in _MONEY},
        },
    )
    _add_line.run_all(
        connection, [_line_row(order_id, no_, line) for no_, line in enumerate(body["lines"], 1)]
    )
    moves: Rows = [
        {
            "id": _id(line["move"]),
            "variant_id": _id(line["variant"]),
            "kind": "sale",
            "qty_milli": -line["qty"],
            "order_id": order_id,
            "line_no": no_,
            "reversal": False,
            "note": "",
            "at_ms": r.at_ms,
            "operator_id": by,
            "device_id": device_id,
        }
        for no_, line in enumerate(body["lines"], 1)
    ]
    _write_moves(connection, moves)
    if body["buyer"]:
        # Replayed after the buyer was erased there is no personal part any more: the row stands blank.
        words = r.personal or _BLANK
        _add_buyer.run(connection, {"order_id": order_id} | {name: words[name] for name in _BUYER})
    _add_payment.run_all(connection, [_payment_row(p, order_id, r, device_id) for p in body["payments"]])
    _event(connection, device_id, r, order_id, "taken")


def _line_row(order_id: bytes, line_no: int, line: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "line_no": line_no,
        "variant_id": _id(line["variant"]),
        "sku": line["sku"],
        "product_sku": line["product"],
        "name_bn": line["name_bn"],
        "name_en": line["name_en"],
        "size": line["size"],
        "colour": line["colour"],
        "unit": line["unit"],
        "qty_milli": line["qty"],
        "price_paisa": line["price"],
        "discount_paisa": line["discount"],
        "amount_paisa": line["amount"],
        "oversold": line["oversold"],
    }


def _payment_row(values: Mapping[str, Any], order_id: bytes, r: Recorded, device_id: bytes) -> dict[str, Any]:
    return {
        "id": _id(values["id"]),
        "order_id": order_id,
        "kind": "payment",
        "method": values["method"],
        "amount_paisa": values["amount"],
        "trxid": values["trxid"],
        "state": values["state"],
        "at_ms": r.at_ms,
        "operator_id": _id(r.body["by"]),
        "device_id": device_id,
    }


def _event(
    connection: Connection, device_id: bytes, r: Recorded, order_id: bytes, kind: str, why: str = ""
) -> None:
    _add_event.run(
        connection,
        {
            "id": r.op_id.bytes,
            "order_id": order_id,
            "kind": kind,
            "why": why,
            "at_ms": r.at_ms,
            "operator_id": _id(r.body["by"]),
            "device_id": device_id,
        },
    )


def _payment_received(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        order_id = _id(r.body["order"])
        _add_payment.run(connection, _payment_row(r.body["payment"], order_id, r, device_id))
        connection.execute(
            update(t.orders)
            .where(t.orders.c.id == order_id)
            .values({f"{name}_paisa": r.body[name] for name in ("paid", "change", "due", "cod")})
        )
        _event(connection, device_id, r, order_id, "paid")


def _order_cancelled(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        order_id, by = r.agg_id, _id(r.body["by"])
        connection.execute(
            update(t.orders)
            .where(t.orders.c.id == order_id)
            .values(status="cancelled", due_paisa=0, cod_paisa=0)
        )
        moves: Rows = [
            {
                "id": _id(m["id"]),
                "variant_id": _id(m["variant"]),
                "kind": "sale",
                "qty_milli": m["qty"],
                "order_id": order_id,
                "line_no": m["line"],
                "reversal": True,
                "note": "",
                "at_ms": r.at_ms,
                "operator_id": by,
                "device_id": device_id,
            }
            for m in r.body["moves"]
        ]
        _write_moves(connection, moves)
        owed = r.body["refund"]
        if owed is not None:
            connection.execute(
                _add_refund,
                {
                    "order_id": order_id,
                    "amount_paisa": owed["amount"],
                    "due_on": _day(owed["due_on"]),
                    "made_at_ms": r.at_ms,
                },
            )
        _event(connection, device_id, r, order_id, "cancelled", (r.personal or {}).get("why", ""))


# ---- customers ---------------------------------------------------------------------------------------

_CUSTOMER = ("name", "phone", "phone2", "address", "district", "thana")


def _customer_added(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    _add_customer.run_all(
        connection,
        [
            {"id": r.agg_id, "created_at_ms": r.at_ms, "fv": _fv(r)}
            | {name: (r.personal or _BLANK)[name] for name in _CUSTOMER}
            for r in run
        ],
    )


_BLANK: Mapping[str, Any] = {
    "name": "", "phone": None, "phone2": None, "address": "", "district": "", "thana": "", "note": "",
}  # fmt: skip


def _customer_edited(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        where = t.customer.c.id == r.agg_id
        _edit(connection, t.customer, where, r, r.personal or {})


def _customer_erased(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    """Blank a buyer everywhere: the record, the orders, the words of their events, the personal parts."""
    for r in run:
        customer_id = r.agg_id
        orders = [_id(o) for o in r.body["orders"]]
        connection.execute(
            update(t.customer)
            .where(t.customer.c.id == customer_id)
            .values({name: _BLANK[name] for name in _CUSTOMER} | {"erased_at_ms": r.at_ms})
        )
        for order_id in orders:
            connection.execute(
                update(t.order_buyer).where(t.order_buyer.c.order_id == order_id).values(**_BLANK)
            )
            connection.execute(
                update(t.order_event).where(t.order_event.c.order_id == order_id).values(why="")
            )
        aggregates = [r.agg_id, *orders]
        for agg_id in aggregates:
            connection.execute(update(t.op).where(t.op.c.agg_id == agg_id).values(personal=None))


# ---- hats and settings -------------------------------------------------------------------------------


def _hat_set(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        body = r.body
        values = {
            "kind": body["kind"],
            "opens_min": body["opens"],
            "closes_min": body["closes"],
            "ordinal": body["ordinal"],
            "fv": _fv(r),
        }
        statement = upsert(t.hat_day).values(source=body["source"], hat_on=_day(body["on"]), **values)
        connection.execute(statement.on_conflict_do_update(index_elements=["source", "hat_on"], set_=values))


def _hat_unset(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        connection.execute(
            delete(t.hat_day).where(
                t.hat_day.c.source == r.body["source"], t.hat_day.c.hat_on == _day(r.body["on"])
            )
        )


def _setting_set(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        values = {"value": json.dumps(r.body["value"], ensure_ascii=False), "fv": _fv(r)}
        statement = upsert(t.setting).values(key=r.body["key"], **values)
        connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=values))


def _fv(r: Recorded) -> str:
    return f'{{"*": "{r.op_id.hex}"}}'


def _day(value: str | None) -> dt.date | None:
    return None if value is None else dt.date.fromisoformat(value)


_Applier = Callable[[Connection, bytes, Sequence[Recorded]], None]
_APPLIERS: Mapping[str, _Applier] = {
    "shop.founded": _shop_founded,
    "device.rekeyed": _device_rekeyed,
    "operator.added": _operator_added,
    "product.added": _product_added,
    "product.edited": _product_edited,
    "variant.added": _variant_added,
    "variant.edited": _variant_edited,
    "stock.moved": _stock_moved,
    "reservation.made": _reservation_made,
    "reservation.released": _reservation_released,
    "customer.added": _customer_added,
    "customer.edited": _customer_edited,
    "customer.erased": _customer_erased,
    "order.confirmed": _order_confirmed,
    "order.cancelled": _order_cancelled,
    "payment.received": _payment_received,
    "hat.set": _hat_set,
    "hat.unset": _hat_unset,
    "setting.set": _setting_set,
}
