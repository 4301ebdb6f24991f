"""Orders and money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, delete, insert, update
from sqlalchemy.dialects.sqlite import insert as upsert

from pos.store import tables as t
from pos.store.apply.goods import write_moves
from pos.store.apply.rows import BLANK, Rows, day, identity, insert_whole
from pos.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pos.store.oplog import Recorded


_MONEY = ("subtotal", "discount", "delivery", "rounding", "total", "paid", "change", "due", "cod")

_BUYER = ("name", "phone", "phone2", "address", "district", "thana", "note")

_add_order = insert_whole(t.orders)

_add_line = insert_whole(t.order_line)

_add_buyer = insert_whole(t.order_buyer)

_buyer_upsert = upsert(t.order_buyer)

_put_note = Prepared(
    _buyer_upsert.on_conflict_do_update(
        index_elements=["order_id"], set_={"note": _buyer_upsert.excluded.note}
    ),
    *("order_id", *_BUYER),
)

_add_payment = insert_whole(t.payment)

_add_refund = insert(t.owed_refund)

_add_event = insert_whole(t.order_event)

_drop_draft = Prepared(delete(t.draft).where(t.draft.c.id == bindparam("order_id")))

_series_upsert = upsert(t.series)

_raise_series = Prepared(
    _series_upsert.on_conflict_do_update(
        index_elements=["code", "year"], set_={"last_no": _series_upsert.excluded.last_no}
    ),
    *("code", "year", "last_no"),
)


def order_confirmed(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        _one_order(connection, device_id, r)


def _one_order(connection: Connection, device_id: bytes, r: Recorded) -> None:
    body = r.body
    order_id, by = r.agg_id, identity(body["by"])
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
            "customer_id": identity(body["customer"]) if body["customer"] else None,
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
            "id": identity(line["move"]),
            "variant_id": identity(line["variant"]),
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
    write_moves(connection, moves)
    if body["buyer"]:
        # Replayed after the buyer was erased there is no personal part any more: the row stands blank.
        words = r.personal or BLANK
        _add_buyer.run(connection, {"order_id": order_id} | {name: words[name] for name in _BUYER})
    _add_payment.run_all(connection, [_payment_row(p, order_id, r, device_id) for p in body["payments"]])
    _drop_draft.run(connection, {"order_id": order_id})  # the cart that it was
    _event(connection, device_id, r, order_id, "taken")


def _line_row(order_id: bytes, line_no: int, line: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "line_no": line_no,
        "variant_id": identity(line["variant"]),
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
        "id": identity(values["id"]),
        "order_id": order_id,
        "kind": "payment",
        "method": values["method"],
        "amount_paisa": values["amount"],
        "trxid": values["trxid"],
        "state": values["state"],
        "at_ms": r.at_ms,
        "operator_id": identity(r.body["by"]),
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
            "operator_id": identity(r.body["by"]),
            "device_id": device_id,
        },
    )


def payment_received(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        order_id = identity(r.body["order"])
        _add_payment.run(connection, _payment_row(r.body["payment"], order_id, r, device_id))
        connection.execute(
            update(t.orders)
            .where(t.orders.c.id == order_id)
            .values({f"{name}_paisa": r.body[name] for name in ("paid", "change", "due", "cod")})
        )
        _event(connection, device_id, r, order_id, "paid")


def order_cancelled(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        order_id, by = r.agg_id, identity(r.body["by"])
        connection.execute(
            update(t.orders)
            .where(t.orders.c.id == order_id)
            .values(status="cancelled", due_paisa=0, cod_paisa=0)
        )
        moves: Rows = [
            {
                "id": identity(m["id"]),
                "variant_id": identity(m["variant"]),
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
        write_moves(connection, moves)
        owed = r.body["refund"]
        if owed is not None:
            connection.execute(
                _add_refund,
                {
                    "order_id": order_id,
                    "amount_paisa": owed["amount"],
                    "due_on": day(owed["due_on"]),
                    "made_at_ms": r.at_ms,
                },
            )
        _event(connection, device_id, r, order_id, "cancelled", (r.personal or {}).get("why", ""))


def order_checked(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        _event(connection, device_id, r, r.agg_id, "checked")


def order_unchecked(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        _event(connection, device_id, r, r.agg_id, "unchecked")


def order_packed(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        _step(connection, device_id, r, "packed", "packed")


def order_unpacked(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        _step(connection, device_id, r, "confirmed", "unpacked")


def order_noted(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        # A sale over the counter has no buyer's row yet: the note gets one, in which nobody is named.
        note = (r.personal or BLANK)["note"]
        _put_note.run(connection, {"order_id": r.agg_id, **BLANK, "note": note})
        _event(connection, device_id, r, r.agg_id, "noted")


def _step(connection: Connection, device_id: bytes, r: Recorded, status: str, kind: str) -> None:
    connection.execute(update(t.orders).where(t.orders.c.id == r.agg_id).values(status=status))
    _event(connection, device_id, r, r.agg_id, kind)
