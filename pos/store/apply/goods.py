"""Catalogue and stock."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, insert, select, update

from pos.store import search
from pos.store import tables as t
from pos.store.apply.rows import Rows, edit_fields, identity, insert_whole, write_many, written_by
from pos.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pos.store.oplog import Recorded


_PRODUCT = ("sku", "name_bn", "name_en", "category", "unit", "fractions", "barcode")

_add_product = insert_whole(t.product, without=("archived",))

_add_variant = insert_whole(t.variant, without=("archived", "on_hand_milli"))

_add_move = insert_whole(t.stock_move)

_add_reservation = insert(t.reservation)

_count_stock = Prepared(
    update(t.variant)
    .where(t.variant.c.id == bindparam("v"))
    .values(on_hand_milli=t.variant.c.on_hand_milli + bindparam("q"))
)


def product_added(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
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
                "fv": written_by(r),
            }
        )
        variants += [_variant_row(product_id, v, r) for v in r.body["variants"]]
    _add_product.run_all(connection, products)
    _add_variant.run_all(connection, variants)
    entries = {r.agg_id: r.ready for r in run if r.ready is not None}
    _index(connection, [p["id"] for p in products], entries)


def entry_of(reading: search.Reading, body: Mapping[str, Any]) -> search.Entry:
    """What the search index will hold of a product that is to be added: `ready` of its act."""
    return reading.entry(
        (body["sku"], body["barcode"]),
        (body["name_bn"], body["name_en"]),
        body["category"],
        [(v["sku"], v["size"], v["colour"], v["barcode"]) for v in body["variants"]],
    )


def variant_added(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    products = [identity(r.body["product"]) for r in run]
    _add_variant.run_all(
        connection, [_variant_row(p, r.body["variant"], r) for p, r in zip(products, run, strict=True)]
    )
    _index(connection, products)


def _index(
    connection: Connection, products: Sequence[bytes], entries: Mapping[bytes, search.Entry] | None = None
) -> None:
    search.index_products(connection, [uuid.UUID(bytes=one) for one in dict.fromkeys(products)], entries)


def _variant_row(product_id: bytes, values: Mapping[str, Any], r: Recorded) -> dict[str, Any]:
    return {
        "id": identity(values["id"]),
        "product_id": product_id,
        "sku": values["sku"],
        "size": values["size"],
        "colour": values["colour"],
        "barcode": values["barcode"],
        "price_paisa": values["price"],
        "plain": values["plain"],
        "position": values["position"],
        "fv": written_by(r),
    }


def product_edited(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        edit_fields(connection, t.product, t.product.c.id == r.agg_id, r)
    _index(connection, [r.agg_id for r in run])


def variant_edited(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    ids = [r.agg_id for r in run]
    for r in run:
        edit_fields(connection, t.variant, t.variant.c.id == r.agg_id, r)
    products: list[uuid.UUID] = []
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        products += connection.execute(
            select(t.variant.c.product_id).where(t.variant.c.id.in_(chunk)).distinct()
        ).scalars()
    search.index_products(connection, list(dict.fromkeys(products)))


def stock_moved(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    moves: Rows = [
        {
            "id": identity(m["id"]),
            "variant_id": identity(m["variant"]),
            "kind": m["kind"],
            "qty_milli": m["qty"],
            "order_id": None,
            "line_no": None,
            "reversal": False,
            "note": m["note"],
            "at_ms": r.at_ms,
            "operator_id": identity(r.body["by"]),
            "device_id": device_id,
        }
        for r in run
        for m in r.body["moves"]
    ]
    write_moves(connection, moves)


def reservation_made(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    write_many(
        connection,
        _add_reservation,
        [
            {
                "id": r.agg_id,
                "variant_id": identity(r.body["variant"]),
                "qty_milli": r.body["qty"],
                "made_at_ms": r.at_ms,
                "expires_at_ms": r.body["expires_at"],
                "device_id": device_id,
            }
            for r in run
        ],
    )


def reservation_released(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        connection.execute(
            update(t.reservation).where(t.reservation.c.id == r.agg_id).values(released_at_ms=r.at_ms)
        )


def write_moves(connection: Connection, moves: Rows) -> None:
    _add_move.run_all(connection, moves)
    _count_stock.run_all(connection, [{"v": m["variant_id"], "q": m["qty_milli"]} for m in moves])
