"""Products, buyers, hats, settings and the shop itself held against the operations that made and changed them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from pos.protocol import merge
from pos.protocol.changes import BUYER
from pos.store import oplog
from pos.store.refold import change_in, first_erasure, told_writers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from pos.store.oplog import Known

    Record = dict[str, Any]

_COLUMN_OF = {
    "price": "price_paisa", "cost": "cost_paisa", "minimum": "minimum_milli", "opens": "opens_min",
    "closes": "closes_min",
}  # fmt: skip
# Table, its key, and the column by which a person knows the row.
_TABLES = {
    "installation": ("one", "code"),
    "device": ("id", "code"),
    "operator": ("id", "name"),
    "product": ("id", "sku"),
    "variant": ("id", "sku"),
    "customer": ("id", "hex(id)"),
    "reservation": ("id", "hex(id)"),
    "hat_day": ("hat_on", "hat_on"),
    "setting": ("key", "key"),
}
_ONLY = {"hat_day": " WHERE source = 'vendor'"}  # the organiser's days are no operation's
_CREATED = ("product", "customer")
_DEVICE = frozenset({"shop.founded", "device.joined", "device.rekeyed"})


class RecordWitness:
    """Hears every operation of all devices and keeps what each record must be by them."""

    def __init__(self) -> None:
        self._heard: dict[tuple[str, bytes], list[Known]] = {}
        self._makers: dict[tuple[str, bytes], tuple[Known, bytes | None]] = {}
        self._reservations: dict[bytes, Record] = {}
        self._released: dict[bytes, int] = {}
        self._devices: list[Known] = []
        self._authors: set[bytes] = set()

    def meet(self, author: bytes) -> None:
        """Somebody has written something; whether it has made any rows yet, or not."""
        self._authors.add(author)

    def hear(self, known: Known) -> None:
        """Take in one more operation; kinds that touch no record are passed over."""
        agg, _, act = known.kind.partition(".")
        match known.kind:
            case "product.added":
                self._made("product", known.agg_id, known)
                for variant in msgspec.json.decode(known.body)["variants"]:
                    self._made("variant", bytes.fromhex(variant["id"]), known, known.agg_id)
            case "variant.added":
                body = msgspec.json.decode(known.body)
                self._made(
                    "variant", bytes.fromhex(body["variant"]["id"]), known, bytes.fromhex(body["product"])
                )
            case "operator.added" | "customer.added":
                self._made(agg, known.agg_id, known)
            case "reservation.made":
                self._reserved(known, msgspec.json.decode(known.body))
            case "reservation.released":
                self._released[known.agg_id] = min(known.at_ms, self._released.get(known.agg_id, known.at_ms))
            case _ if known.kind in _DEVICE:
                self._devices.append(known)
            case _ if act in ("edited", "erased", "set", "unset"):
                self._heard.setdefault((agg, known.agg_id), []).append(known)

    def unlike(self, connection: Connection) -> list[str]:
        """What is not as its operations made it: codes, dates, keys; for buyers, who stay unnamed, ids."""
        records: dict[str, dict[Any, Record]] = {table: {} for table in _TABLES}
        conflicts: set[tuple[Any, ...]] = set()
        for agg, one, folded in self._folded(records):
            conflicts |= {(agg, one, c.field, c.other, c.kept) for c in folded.conflicts}
        records["reservation"] = {
            one: record | {"released_at_ms": self._released.get(one)}
            for one, record in self._reservations.items()
        }
        self._shop(records)
        found = [
            f"{table} {name}"
            for table, some in records.items()
            for name in self._differing(connection, table, some)
        ]
        return found + _disputes_unlike(connection, conflicts)

    def _differing(self, connection: Connection, table: str, records: dict[Any, Record]) -> list[str]:
        key, name = _TABLES[table]
        columns = list(next(iter(records.values()), {}))
        left = dict(records)
        differing = []
        picked = ", ".join([key, name, *columns])
        for row in connection.exec_driver_sql(f"SELECT {picked} FROM {table}{_ONLY.get(table, '')}"):
            there: Record = dict(zip(columns, row[2:], strict=True))
            if left.pop(row[0], None) != there:
                differing.append(str(row[1]))
        return differing + [str(record.get("sku", "")) for record in left.values()]

    def _made(self, agg: str, one: bytes, known: Known, product: bytes | None = None) -> None:
        self._makers.setdefault((agg, one), (known, product))

    def _reserved(self, o: Known, body: Mapping[str, Any]) -> None:
        self._reservations[o.agg_id] = {
            "variant_id": bytes.fromhex(body["variant"]),
            "qty_milli": body["qty"],
            "made_at_ms": o.at_ms,
            "expires_at_ms": body["expires_at"],
            "device_id": o.device_id,
        }

    def _folded(self, records: dict[str, dict[Any, Record]]) -> Iterator[tuple[str, bytes, merge.Folded]]:
        """Every record as it is folded, put among the `records` on the way."""
        for (agg, one), (maker, product) in self._makers.items():
            edits = self._heard.get((agg, one), ())
            folded = _fold(agg, one, (maker, *edits))
            record: Record = {_COLUMN_OF.get(name, name): _stored(v) for name, v in folded.values.items()}
            record["fv"] = told_writers(maker.op_id, folded.writers)
            if product is not None:
                record["product_id"] = product
            if agg in _CREATED:
                record["created_at_ms"] = maker.at_ms
            if agg == "customer":
                erased = first_erasure(edits)
                record["erased_at_ms"] = erased.at_ms if erased is not None else None
                if erased is not None:
                    record |= BUYER
                    folded = merge.Folded({}, {}, ())
            records[agg][one] = record
            yield agg, one, folded
        for (agg, one), edits in self._heard.items():
            if agg not in ("setting", "hat"):
                continue
            folded = _fold(agg, one, edits)
            if not folded.values:  # all that is known of it is of a later release
                continue
            value, writer = next(iter(folded.values.values())), next(iter(folded.writers.values()))
            if agg == "setting":
                told = json.dumps(value, ensure_ascii=False)
                records["setting"][one.decode()] = {"value": told, "fv": told_writers(writer, {})}
            elif value is not None:
                day = {_COLUMN_OF.get(name, name): field for name, field in value.items()}
                records["hat_day"][one.decode()] = day | {"fv": told_writers(writer, {})}
            yield agg, one, folded

    def _shop(self, records: dict[str, dict[Any, Record]]) -> None:
        codes = dict.fromkeys(self._authors, "")
        for known in sorted(self._devices, key=lambda one: one.hlc):
            device, code = oplog.code_said(known.device_id, known.kind, known.agg_id, known.body)
            codes[device] = code
        records["device"] = {one: {"code": code} for one, code in codes.items()}
        for known in sorted((one for one in self._devices if one.own), key=lambda one: one.hlc):
            body = msgspec.json.decode(known.body)
            if known.kind != "device.rekeyed":
                records["installation"][1] = {
                    "device_id": known.agg_id,
                    "vendor_id": bytes.fromhex(body["vendor"]),
                    "code": body["code"],
                    "base_code": body["code"],
                    "created_at_ms": known.at_ms,
                    "demo": int(body.get("demo", False)),
                }
                continue
            shop = records["installation"][1]
            shop["code"] = body["code"]
            if body.get("device") is not None:
                shop |= {"device_id": bytes.fromhex(body["device"]), "base_code": body["code"]}


def _fold(agg: str, one: bytes, operations: Sequence[Known]) -> merge.Folded:
    return merge.fold(
        change for known in operations for change in change_in(agg, one, known) if not change.erases
    )


def _stored(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def _disputes_unlike(connection: Connection, conflicts: set[tuple[Any, ...]]) -> list[str]:
    if not connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'conflict'").first():
        return []  # a shop of an earlier release
    rows = connection.exec_driver_sql("SELECT agg, agg_id, field, other_op, kept_op FROM conflict")
    return [f"conflict {agg} {field}" for agg, _, field, *_ in {tuple(row) for row in rows} ^ conflicts]
