"""Products, buyers, hats, settings and the shop itself held against the operations that made and changed them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

    from pos.protocol.operations import Operation

    Body = Mapping[str, Any]
    Record = dict[str, Any]

_PRODUCT = ("sku", "name_bn", "name_en", "category", "unit", "fractions", "barcode")
_VARIANT = ("sku", "size", "colour", "barcode", "plain", "position")
_CUSTOMER = ("phone", "phone2", "name", "address", "district", "thana")
_BLANK: Mapping[str, str | None] = dict.fromkeys(_CUSTOMER, "") | {"phone": None, "phone2": None}
_COLUMN_OF = {"price": "price_paisa", "cost": "cost_paisa", "minimum": "minimum_milli"}
# Table, its key, and the column by which a person knows the row.
_TABLES = {
    "installation": ("one", "code"),
    "device": ("id", "code"),
    "operator": ("id", "name"),
    "product": ("id", "sku"),
    "variant": ("id", "sku"),
    "customer": ("id", "hex(id)"),
    "reservation": ("id", "hex(id)"),
    "hat_day": ("source || hat_on", "hat_on"),
    "setting": ("key", "key"),
}


class RecordWitness:
    """Hears every operation in its order and keeps what each record must be by now."""

    def __init__(self) -> None:
        self._records: dict[str, dict[Any, Record]] = {table: {} for table in _TABLES}
        self._device = b""
        self._hearers: Mapping[str, Callable[[Operation, Body], None]] = {
            "shop.founded": self._founded,
            "device.rekeyed": self._rekeyed,
            "operator.added": self._operator,
            "operator.edited": lambda o, b: self._edited("operator", o, b, b["set"]),
            "product.added": self._product,
            "variant.added": lambda o, b: self._variant(o, bytes.fromhex(b["product"]), b["variant"]),
            "product.edited": lambda o, b: self._edited("product", o, b, b["set"]),
            "variant.edited": lambda o, b: self._edited("variant", o, b, b["set"]),
            "customer.added": self._customer,
            "customer.edited": lambda o, b: self._edited("customer", o, b, _personal(o) or {}),
            "customer.erased": self._erased,
            "reservation.made": self._reserved,
            "reservation.released": self._released,
            "hat.set": self._hat,
            "hat.unset": self._no_hat,
            "setting.set": self._setting,
        }

    def hear(self, operation: Operation) -> None:
        """Take in the next operation; kinds that touch no record are passed over."""
        hearer = self._hearers.get(operation.kind)
        if hearer is not None:
            hearer(operation, msgspec.json.decode(operation.body))

    def unlike(self, connection: Connection) -> list[str]:
        """What is not as its operations made it: codes, dates, keys; for buyers, who stay unnamed, ids."""
        return [
            f"{table} {name}"
            for table, records in self._records.items()
            for name in self._differing(connection, table, records)
        ]

    def _differing(self, connection: Connection, table: str, records: dict[Any, Record]) -> list[str]:
        key, name = _TABLES[table]
        columns = list(next(iter(records.values()), {}))
        left = dict(records)
        differing = []
        picked = ", ".join([key, name, *columns])
        for row in connection.exec_driver_sql(f"SELECT {picked} FROM {table}"):
            there: Record = dict(zip(columns, row[2:], strict=True))
            if "fv" in there:
                there["fv"] = json.loads(there["fv"])
            if left.pop(row[0], None) != there:
                differing.append(str(row[1]))
        return differing + [str(record.get("sku", "")) for record in left.values()]

    def _founded(self, o: Operation, body: Body) -> None:
        self._device = o.agg_id
        self._records["installation"][1] = {
            "device_id": o.agg_id,
            "vendor_id": bytes.fromhex(body["vendor"]),
            "code": body["code"],
            "base_code": body["code"],
            "created_at_ms": o.at_ms,
            "demo": int(body["demo"]),
        }
        self._records["device"][o.agg_id] = {"code": body["code"]}

    def _rekeyed(self, _o: Operation, body: Body) -> None:
        self._records["installation"][1]["code"] = body["code"]
        self._records["device"][self._device] = {"code": body["code"]}

    def _operator(self, o: Operation, body: Body) -> None:
        self._records["operator"][o.agg_id] = {
            "name": body["name"],
            "role": body["role"],
            "archived": 0,
            "fv": _fv(o),
        }

    def _product(self, o: Operation, body: Body) -> None:
        self._records["product"][o.agg_id] = {name: body[name] for name in _PRODUCT} | {
            "fractions": int(body["fractions"]),
            "price_paisa": body["price"],
            "cost_paisa": body["cost"],
            "minimum_milli": body["minimum"],
            "archived": 0,
            "created_at_ms": o.at_ms,
            "fv": _fv(o),
        }
        for variant in body["variants"]:
            self._variant(o, o.agg_id, variant)

    def _variant(self, o: Operation, product_id: bytes, values: Body) -> None:
        self._records["variant"][bytes.fromhex(values["id"])] = {name: values[name] for name in _VARIANT} | {
            "product_id": product_id,
            "price_paisa": values["price"],
            "plain": int(values["plain"]),
            "archived": 0,
            "fv": _fv(o),
        }

    def _edited(self, table: str, o: Operation, body: Body, values: Body) -> None:
        record = self._records[table][o.agg_id]
        for name, value in values.items():
            record[_COLUMN_OF.get(name, name)] = int(value) if isinstance(value, bool) else value
        record["fv"] |= dict.fromkeys(body["over"], o.op_id.hex)

    def _customer(self, o: Operation, _body: Body) -> None:
        words = _personal(o) or _BLANK
        self._records["customer"][o.agg_id] = {name: words[name] for name in _CUSTOMER} | {
            "created_at_ms": o.at_ms,
            "erased_at_ms": None,
            "fv": _fv(o),
        }

    def _erased(self, o: Operation, _body: Body) -> None:
        self._records["customer"][o.agg_id] |= {**_BLANK, "erased_at_ms": o.at_ms}

    def _reserved(self, o: Operation, body: Body) -> None:
        self._records["reservation"][o.agg_id] = {
            "variant_id": bytes.fromhex(body["variant"]),
            "qty_milli": body["qty"],
            "made_at_ms": o.at_ms,
            "expires_at_ms": body["expires_at"],
            "released_at_ms": None,
        }

    def _released(self, o: Operation, _body: Body) -> None:
        self._records["reservation"][o.agg_id]["released_at_ms"] = o.at_ms

    def _hat(self, o: Operation, body: Body) -> None:
        self._records["hat_day"][body["source"] + body["on"]] = {
            "kind": body["kind"],
            "opens_min": body["opens"],
            "closes_min": body["closes"],
            "ordinal": body["ordinal"],
            "fv": _fv(o),
        }

    def _no_hat(self, _o: Operation, body: Body) -> None:
        self._records["hat_day"].pop(body["source"] + body["on"], None)

    def _setting(self, o: Operation, body: Body) -> None:
        value = json.dumps(body["value"], ensure_ascii=False)
        self._records["setting"][body["key"]] = {"value": value, "fv": _fv(o)}


def _fv(o: Operation) -> dict[str, str]:
    return {"*": o.op_id.hex}


def _personal(o: Operation) -> Record | None:
    if o.personal is None:
        return None
    words: Record = msgspec.json.decode(o.personal)
    del words["salt"]
    return words
