"""The rows of orders, money and stock held against the operations that made them: nothing confirmed is altered.

SQLite's own checks and the sums of `pos.store.verify` pass over a name, a quantity or a wallet id that changed
into another good one. The log is hashed, so what it says is what was confirmed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

    from pos.protocol.operations import Operation

_CHUNK = 400
_SUMS = ("subtotal", "discount", "delivery", "rounding", "total")
_WORDS = ("name", "phone", "phone2", "address", "district", "thana")
# Steps that only write an event, with the event and the state that follows; None leaves it as it is.
_STEPS: Mapping[str, tuple[str, str | None]] = {
    "order.checked": ("checked", None),
    "order.unchecked": ("unchecked", None),
    "order.packed": ("packed", "packed"),
    "order.unpacked": ("unpacked", "confirmed"),
}
_BLANK: Mapping[str, Any] = dict.fromkeys((*_WORDS, "note"), "") | {"phone": None, "phone2": None}


class _Rows:
    """One table: rows are told by operations, read back a few hundred keys at a time, and counted at the end."""

    def __init__(self, connection: Connection, table: str, key: str, *columns: str) -> None:
        self._connection, self._table = connection, table
        self._select = f"SELECT {key}, {', '.join(columns)} FROM {table} WHERE {key} IN"
        self._order = f"ORDER BY {key}, {columns[0]}"
        self._told: dict[bytes, list[tuple[Any, ...]]] = {}
        self._name: dict[bytes, str] = {}
        self._count = 0
        self.unlike: list[str] = []

    def tell(self, key: bytes, name: str, *rows: tuple[Any, ...]) -> None:
        self._told[key] = list(rows)
        self._name[key] = name
        self._count += len(rows)
        if len(self._told) >= _CHUNK:
            self._compare()

    def close(self) -> None:
        """Compare the rest, and see whether there are rows that no operation made."""
        self._compare()
        there = self._connection.exec_driver_sql(f"SELECT count(*) FROM {self._table}").scalar_one()
        if there != self._count and not self.unlike:
            self.unlike.append(f"{self._table}: {there} / {self._count}")

    def _compare(self) -> None:
        if not self._told:
            return
        marks = ", ".join("?" * len(self._told))
        found: dict[bytes, list[tuple[Any, ...]]] = {key: [] for key in self._told}
        for row in self._connection.exec_driver_sql(
            f"{self._select} ({marks}) {self._order}", tuple(self._told)
        ):
            found[row[0]].append(tuple(row[1:]))
        self.unlike += [self._name[key] for key, rows in self._told.items() if found[key] != rows]
        self._told.clear()
        self._name.clear()


class Witness:
    """Hears every operation in its order, then says which orders and movements are not as they were confirmed."""

    def __init__(self, connection: Connection) -> None:
        c = self._connection = connection
        sums = [f"{name}_paisa" for name in _SUMS]
        self._orders = _Rows(
            c, "orders", "id", "number", "series_code", "series_year", "series_no", "request_id", "hat_on",
            "hat_ordinal", "after_hat", "taken_at_ms", "taken_on", "operator_id", "customer_id", "rest",
            "source", "warnings", *sums,
        )  # fmt: skip
        self._lines = _Rows(
            c, "order_line", "order_id", "line_no", "variant_id", "sku", "product_sku", "name_bn", "name_en",
            "size", "colour", "unit", "qty_milli", "price_paisa", "discount_paisa", "amount_paisa", "oversold",
        )  # fmt: skip
        self._buyers = _Rows(c, "order_buyer", "order_id", *_WORDS)
        self._payments = _Rows(
            c, "payment", "id", "order_id", "kind", "method", "amount_paisa", "trxid", "at_ms", "operator_id"
        )
        self._refunds = _Rows(c, "owed_refund", "order_id", "amount_paisa", "due_on", "made_at_ms")
        self._events = _Rows(c, "order_event", "id", "order_id", "kind", "why", "at_ms", "operator_id")
        self._moves = _Rows(
            c, "stock_move", "id", "variant_id", "kind", "qty_milli", "order_id", "line_no", "reversal", "note",
            "at_ms", "operator_id",
        )  # fmt: skip
        # What changes after an order was confirmed: status, paid, change, due, cod.
        self._standing: dict[bytes, list[Any]] = {}
        self._notes: dict[bytes, str] = {}  # of every order that has a buyer's row
        self._number: dict[bytes, str] = {}

    def hear(self, operation: Operation) -> None:
        """Take in the next operation; kinds that make no order, money or stock are passed over."""
        match operation.kind:
            case "order.confirmed":
                self._confirmed(operation, msgspec.json.decode(operation.body))
            case "payment.received":
                self._paid(operation, msgspec.json.decode(operation.body))
            case "order.cancelled":
                self._cancelled(operation, msgspec.json.decode(operation.body))
            case "order.noted":
                self._noted(operation, msgspec.json.decode(operation.body))
            case kind if kind in _STEPS:
                self._stepped(operation, msgspec.json.decode(operation.body))
            case "stock.moved":
                self._moved(operation, msgspec.json.decode(operation.body))

    def orders_unlike(self) -> list[str]:
        """Numbers of orders that are not as their operations made them; to be asked once, at the end."""
        tables = (self._orders, self._lines, self._buyers, self._payments, self._refunds, self._events)
        for table in tables:
            table.close()
        unlike = [name for table in tables for name in table.unlike]
        return list(dict.fromkeys([*unlike, *self._standing_unlike(), *self._notes_unlike()]))

    def moves_unlike(self) -> list[str]:
        """The same for movements of stock: an order's number, or the movement's id."""
        self._moves.close()
        return list(dict.fromkeys(self._moves.unlike))

    def _confirmed(self, o: Operation, body: Mapping[str, Any]) -> None:
        number, by = str(body["number"]), bytes.fromhex(body["by"])
        self._number[o.agg_id] = number
        self._standing[o.agg_id] = ["confirmed", *(body[name] for name in ("paid", "change", "due", "cod"))]
        self._orders.tell(
            o.agg_id,
            number,
            (
                number, *body["series"], body["request"], body["hat"], body["ordinal"], int(body["after_hat"]),
                body["taken_at"], body["taken_on"], by, _maybe(body["customer"]), body["rest"], body["source"],
                " ".join(body["warnings"]), *(body[name] for name in _SUMS),
            ),
        )  # fmt: skip
        lines = list(enumerate(body["lines"], 1))
        self._lines.tell(o.agg_id, number, *(_line(no, line) for no, line in lines))
        for no, line in lines:
            variant = bytes.fromhex(line["variant"])
            move = (variant, "sale", -line["qty"], o.agg_id, no, 0, "", o.at_ms, by)
            self._moves.tell(bytes.fromhex(line["move"]), number, move)
        if body["buyer"]:
            words = msgspec.json.decode(o.personal) if o.personal is not None else _BLANK
            self._buyers.tell(o.agg_id, number, tuple(words[name] for name in _WORDS))
            self._notes[o.agg_id] = words["note"]
        for payment in body["payments"]:
            self._payment(o, number, o.agg_id, payment, by)
        self._event(o, number, o.agg_id, "taken", "", by)

    def _paid(self, o: Operation, body: Mapping[str, Any]) -> None:
        order_id, by = bytes.fromhex(body["order"]), bytes.fromhex(body["by"])
        number = self._number[order_id]
        self._payment(o, number, order_id, body["payment"], by)
        self._event(o, number, order_id, "paid", "", by)
        self._standing[order_id][1:] = [body[name] for name in ("paid", "change", "due", "cod")]

    def _cancelled(self, o: Operation, body: Mapping[str, Any]) -> None:
        number, by = self._number[o.agg_id], bytes.fromhex(body["by"])
        for m in body["moves"]:
            variant = bytes.fromhex(m["variant"])
            move = (variant, "sale", m["qty"], o.agg_id, m["line"], 1, "", o.at_ms, by)
            self._moves.tell(bytes.fromhex(m["id"]), number, move)
        if body["refund"] is not None:
            owed = body["refund"]
            self._refunds.tell(o.agg_id, number, (owed["amount"], owed["due_on"], o.at_ms))
        why = msgspec.json.decode(o.personal)["why"] if o.personal is not None else ""
        self._event(o, number, o.agg_id, "cancelled", why, by)
        standing = self._standing[o.agg_id]
        standing[0], standing[3], standing[4] = "cancelled", 0, 0

    def _noted(self, o: Operation, body: Mapping[str, Any]) -> None:
        number = self._number[o.agg_id]
        if o.agg_id not in self._notes:
            self._buyers.tell(o.agg_id, number, tuple(_BLANK[name] for name in _WORDS))
        self._notes[o.agg_id] = msgspec.json.decode(o.personal)["note"] if o.personal is not None else ""
        self._event(o, number, o.agg_id, "noted", "", bytes.fromhex(body["by"]))

    def _stepped(self, o: Operation, body: Mapping[str, Any]) -> None:
        event, status = _STEPS[o.kind]
        self._event(o, self._number[o.agg_id], o.agg_id, event, "", bytes.fromhex(body["by"]))
        if status is not None:
            self._standing[o.agg_id][0] = status

    def _moved(self, o: Operation, body: Mapping[str, Any]) -> None:
        by = bytes.fromhex(body["by"])
        for m in body["moves"]:
            move = (bytes.fromhex(m["variant"]), m["kind"], m["qty"], None, None, 0, m["note"], o.at_ms, by)
            self._moves.tell(bytes.fromhex(m["id"]), m["id"], move)

    def _payment(
        self, o: Operation, number: str, order_id: bytes, payment: Mapping[str, Any], by: bytes
    ) -> None:
        row = (order_id, "payment", payment["method"], payment["amount"], payment["trxid"], o.at_ms, by)
        self._payments.tell(bytes.fromhex(payment["id"]), number, row)

    def _event(self, o: Operation, number: str, order_id: bytes, kind: str, why: str, by: bytes) -> None:
        self._events.tell(o.op_id.bytes, number, (order_id, kind, why, o.at_ms, by))

    def _standing_unlike(self) -> Iterator[str]:
        rows = self._connection.exec_driver_sql(
            "SELECT id, number, status, paid_paisa, change_paisa, due_paisa, cod_paisa FROM orders"
        )
        for row in rows:
            if self._standing.get(row[0]) != list(row[2:]):
                yield str(row[1])

    def _notes_unlike(self) -> Iterator[str]:
        for order_id, note in self._connection.exec_driver_sql("SELECT order_id, note FROM order_buyer"):
            if self._notes.get(order_id) != note:
                yield self._number.get(order_id, order_id.hex())


def _line(no: int, line: Mapping[str, Any]) -> tuple[Any, ...]:
    words = (line[name] for name in ("sku", "product", "name_bn", "name_en", "size", "colour", "unit"))
    numbers = (line[name] for name in ("qty", "price", "discount", "amount"))
    return (no, bytes.fromhex(line["variant"]), *words, *numbers, int(line["oversold"]))


def _maybe(value: str | None) -> bytes | None:
    return None if value is None else bytes.fromhex(value)
