"""Records and orders that several devices have written, made anew from all that is known of them.

What one device alone does follows from what it sees, and its rows are written as it acts. What meets here is
folded by the rules that every side shares: `pos.protocol.merge` for records, `pos.protocol.order_state` for orders.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy.exc import IntegrityError

from pos.protocol import kinds, merge
from pos.protocol.changes import BUYER, changes_of
from pos.store import oplog, search
from pos.store.refold_orders import refold_orders, refold_payments

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from pos.store.oplog import Known

_CHUNK = 400
_TABLES = ("operator", "product", "variant", "customer")
_COLUMN_OF = {"price": "price_paisa", "cost": "cost_paisa", "minimum": "minimum_milli"}


@dataclass(slots=True)
class Touched:
    """What is to be made anew.

    Attributes:
        records: identities by kind of record.
        orders: their identities.
        wallet_ids: (method, TrxID) of payments.
        products: whose words are to be indexed.
        devices: some device has other numbers.
    """

    records: dict[str, set[bytes]] = field(default_factory=dict)
    orders: set[bytes] = field(default_factory=set)
    wallet_ids: set[tuple[str, str]] = field(default_factory=set)
    products: set[bytes] = field(default_factory=set)
    devices: bool = False

    def record(self, agg: str, agg_id: bytes) -> None:
        """This record is touched."""
        self.records.setdefault(agg, set()).add(agg_id)


def refold(connection: Connection, touched: Touched) -> None:
    """Make anew what was touched, inside the caller's transaction."""
    if touched.devices:
        _refold_devices(connection)
    for agg in ("operator", "customer", "product", "variant", "setting", "hat"):
        for some in _chunks(touched.records.get(agg, ())):
            touched.products |= refold_records(connection, agg, some)
    refold_orders(connection, touched.orders)
    refold_payments(connection, touched.wallet_ids)
    search.index_by_key(connection, sorted(touched.products))


def refold_records(connection: Connection, agg: str, records: Sequence[bytes]) -> set[bytes]:
    """Fold these records of one kind; the products whose words may have changed come back."""
    edits: dict[bytes, list[Known]] = {}
    for known in oplog.edits_of(connection, records):
        if known.kind.partition(".")[0] == agg:
            edits.setdefault(known.agg_id, []).append(known)
    if not edits:
        return set()
    if agg == "hat":
        _write_hats(connection, {one: _fold(agg, one, ops) for one, ops in edits.items()})
        return set()
    if agg == "setting":
        _write_settings(connection, {one: _fold(agg, one, ops) for one, ops in edits.items()})
        return set()
    makers = _makers(connection, agg, list(edits))
    for one, maker in makers.items():
        edits[one].append(maker)
    _write_records(connection, agg, {one: edits[one] for one in makers}, makers)
    return _products_of(connection, agg, list(makers))


def _chunks(values: Iterable[bytes]) -> Iterator[list[bytes]]:
    left = iter(sorted(values))
    while some := list(islice(left, _CHUNK)):
        yield some


def _fold(agg: str, agg_id: bytes, operations: Iterable[Known], *, erasing: bool = True) -> merge.Folded:
    return merge.fold(
        change
        for known in operations
        for change in change_in(agg, agg_id, known)
        if erasing or not change.erases
    )


def writer_of(connection: Connection, agg: str, agg_id: bytes, name: str) -> bytes | None:
    """The operation whose value a field of a record has now; None where nobody has edited it."""
    edits = [one for one in oplog.edits_of(connection, [agg_id]) if one.kind.partition(".")[0] == agg]
    return _fold(agg, agg_id, edits).writers.get(name)


def change_in(agg: str, agg_id: bytes, known: Known) -> list[merge.Change]:
    """What an operation says of one record; nothing where it does not read."""
    try:
        body = kinds.read_body(known.kind, known.v, known.body.encode())
        words = (
            None
            if known.personal is None
            else kinds.read_personal(known.kind, known.v, known.personal.encode())
        )
    except (LookupError, ValueError):
        return []
    rank = known.rank if known.rank is not None else known.hlc
    found = changes_of(
        known.kind, known.agg_id, body, words, op=known.op_id, seq=known.seq, n=known.hlc, rank=rank
    )
    return [change for kind, one, change in found if (kind, one) == (agg, agg_id)]


def _makers(connection: Connection, table: str, records: Sequence[bytes]) -> dict[bytes, Known]:
    """The operation that made each record that is here; it stands in the record under the star."""
    marks = ", ".join("?" * len(records))
    rows = connection.exec_driver_sql(f"SELECT id, fv FROM {table} WHERE id IN ({marks})", tuple(records))
    made_by = {row[0]: bytes.fromhex(json.loads(row[1])["*"]) for row in rows}
    makers = {known.op_id: known for known in oplog.known(connection, list(set(made_by.values())))}
    return {one: makers[op] for one, op in made_by.items() if op in makers}


def _write_records(
    connection: Connection,
    agg: str,
    edits: Mapping[bytes, Sequence[Known]],
    makers: Mapping[bytes, Known],
) -> None:
    conflicts: dict[bytes, merge.Folded] = {}
    for one, operations in edits.items():
        folded = _fold(agg, one, operations, erasing=False)
        columns = {_COLUMN_OF.get(name, name): value for name, value in folded.values.items()}
        columns["fv"] = told_writers(makers[one].op_id, folded.writers)
        if agg == "customer":
            first = first_erasure(operations)
            if first is not None:
                columns |= {**BUYER, "erased_at_ms": first.at_ms}
                folded = merge.Folded(folded.values, folded.writers, ())
        conflicts[one] = folded
        places = ", ".join(f"{name} = ?" for name in columns)
        with suppress(IntegrityError):  # what another program wrote may break a rule of the tables
            connection.exec_driver_sql(f"UPDATE {agg} SET {places} WHERE id = ?", (*columns.values(), one))
    _write_conflicts(connection, agg, conflicts)


def first_erasure(operations: Iterable[Known]) -> Known | None:
    """The operation by which a buyer was erased first, if one is among these."""
    return min((o for o in operations if o.kind == "customer.erased"), key=lambda o: o.place, default=None)


def told_writers(maker: bytes, writers: Mapping[str, bytes]) -> str:
    """Who wrote what, as a record carries it: under the star who made it, and whoever wrote a field since."""
    fields = {name: op.hex() for name, op in writers.items() if op != maker}
    return json.dumps({"*": maker.hex()} | fields, sort_keys=True)


def _write_settings(connection: Connection, folded: Mapping[bytes, merge.Folded]) -> None:
    rows = [
        (
            one.decode(),
            json.dumps(f.values["value"], ensure_ascii=False),
            told_writers(f.writers["value"], {}),
        )
        for one, f in folded.items()
        if f.values
    ]
    if rows:
        connection.exec_driver_sql(
            "INSERT INTO setting (key, value, fv) VALUES (?, ?, ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value, fv = excluded.fv",
            rows,
        )
    _write_conflicts(connection, "setting", folded)


def _write_hats(connection: Connection, folded: Mapping[bytes, merge.Folded]) -> None:
    for one, f in folded.items():
        day = f.values.get("day")
        connection.exec_driver_sql(
            "DELETE FROM hat_day WHERE source = 'vendor' AND hat_on = ?", (one.decode(),)
        )
        if day is not None:
            connection.exec_driver_sql(
                "INSERT INTO hat_day (source, hat_on, kind, opens_min, closes_min, ordinal, fv)"
                " VALUES ('vendor', ?, ?, ?, ?, ?, ?)",
                (
                    one.decode(),
                    day["kind"],
                    day["opens"],
                    day["closes"],
                    day["ordinal"],
                    told_writers(f.writers["day"], {}),
                ),
            )
    _write_conflicts(connection, "hat", folded)


def _write_conflicts(connection: Connection, agg: str, folded: Mapping[bytes, merge.Folded]) -> None:
    if not folded:
        return
    connection.exec_driver_sql(
        "DELETE FROM conflict WHERE agg = ? AND agg_id = ?", [(agg, one) for one in folded]
    )
    rows = [
        (agg, one, c.field, c.other, c.kept, _told(f.values[c.field]), _told(c.other_value))
        for one, f in folded.items()
        for c in f.conflicts
    ]
    if rows:
        connection.exec_driver_sql(
            "INSERT INTO conflict (agg, agg_id, field, other_op, kept_op, kept, other) VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows,
        )


def _told(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _products_of(connection: Connection, agg: str, records: Collection[bytes]) -> set[bytes]:
    if agg == "product":
        return set(records)
    if agg != "variant" or not records:
        return set()
    marks = ", ".join("?" * len(records))
    rows = connection.exec_driver_sql(
        f"SELECT DISTINCT product_id FROM variant WHERE id IN ({marks})", tuple(records)
    )
    return {row[0] for row in rows}


def _refold_devices(connection: Connection) -> None:
    """The code that each device's numbers begin with: what its own log said last."""
    codes: dict[bytes, tuple[int, str]] = {}
    for device, n, code in oplog.codes_said(connection):
        codes[device] = max(codes.get(device, (0, "")), (n, code))
    rows = [(device, code) for device, (_, code) in codes.items()]
    if rows:
        connection.exec_driver_sql(
            "INSERT INTO device (id, code) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET code = excluded.code",
            rows,
        )
