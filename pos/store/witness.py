"""The rows of orders, money and stock held against the operations that made them: nothing confirmed is altered.

SQLite's own checks and the sums of `pos.store.verify` pass over a name, a quantity or a wallet id that changed
into another good one. The log is hashed, so what it says is what was confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from pos.domain.times import dhaka_day
from pos.protocol import order_state

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from pos.store.oplog import Known

    Place = tuple[bool, int, int, bytes]
    Row = tuple[Any, ...]

_CHUNK = 400
_SUMS = ("subtotal", "discount", "delivery", "rounding", "total")
_WORDS = ("name", "phone", "phone2", "address", "district", "thana")
# Steps that write no more than an event of this name, and where the order stands.
_STEPS = frozenset({"order.checked", "order.unchecked", "order.packed", "order.unpacked"})
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


@dataclass(slots=True)
class _Step:
    """What was done to an order after it was confirmed, or with that: as much as decides where it stands."""

    place: Place
    kind: str
    op_id: bytes
    at_ms: int
    money: tuple[tuple[int, int], ...] = ()
    moves: tuple[tuple[bytes, Row], ...] = ()
    refund: Mapping[str, Any] | None = None
    note: str = ""


@dataclass(slots=True)
class _Order:
    """One order while operations are heard, which may be in any order."""

    number: str = ""
    total: int = 0
    rest: str = ""
    buyer: bool = False
    note: str = ""
    steps: list[_Step] = field(default_factory=list)

    def in_order(self) -> list[_Step]:
        return sorted(self.steps, key=lambda one: (one.kind != "order.confirmed", one.place))


class Witness:
    """Hears every operation of all devices, then says which orders and movements are not as these make them."""

    def __init__(self, connection: Connection) -> None:
        c = self._connection = connection
        sums = [f"{name}_paisa" for name in _SUMS]
        self._rows_of_orders = _Rows(
            c, "orders", "id", "number", "series_code", "series_year", "series_no", "request_id", "hat_on",
            "hat_ordinal", "after_hat", "taken_at_ms", "taken_on", "operator_id", "device_id", "customer_id", "rest",
            "source", "warnings", *sums,
        )  # fmt: skip
        self._lines = _Rows(
            c, "order_line", "order_id", "line_no", "variant_id", "sku", "product_sku", "name_bn", "name_en",
            "size", "colour", "unit", "qty_milli", "price_paisa", "discount_paisa", "amount_paisa", "oversold",
        )  # fmt: skip
        self._buyers = _Rows(c, "order_buyer", "order_id", *_WORDS)
        self._payments = _Rows(
            c, "payment", "id", "order_id", "kind", "method", "amount_paisa", "trxid", "at_ms", "operator_id",
            "device_id",
        )  # fmt: skip
        self._refunds = _Rows(c, "owed_refund", "order_id", "amount_paisa", "due_on", "made_at_ms")
        self._events = _Rows(
            c, "order_event", "id", "order_id", "kind", "why", "at_ms", "operator_id", "device_id"
        )
        self._moves = _Rows(
            c, "stock_move", "id", "variant_id", "kind", "qty_milli", "order_id", "line_no", "reversal", "note",
            "at_ms", "operator_id", "device_id",
        )  # fmt: skip
        self._orders: dict[bytes, _Order] = {}
        self._stands: dict[bytes, list[Any]] = {}

    def hear(self, known: Known) -> None:
        """Take in one more operation; kinds that make no order, money or stock are passed over."""
        match known.kind:
            case "order.confirmed":
                self._confirmed(known, msgspec.json.decode(known.body))
            case "payment.received":
                self._paid(known, msgspec.json.decode(known.body))
            case "order.cancelled":
                self._cancelled(known, msgspec.json.decode(known.body))
            case "order.noted":
                self._noted(known, msgspec.json.decode(known.body))
            case kind if kind in _STEPS:
                by = bytes.fromhex(msgspec.json.decode(known.body)["by"])
                self._step(known, known.agg_id)
                self._event(known, known.agg_id, kind.partition(".")[2], "", by)
            case "stock.moved":
                self._moved(known, msgspec.json.decode(known.body))

    def orders_unlike(self) -> list[str]:
        """Numbers of orders that are not as their operations made them; to be asked once, at the end."""
        for order_id, order in self._orders.items():
            self._conclude(order_id, order)
        tables = (
            self._rows_of_orders, self._lines, self._buyers, self._payments, self._refunds, self._events
        )  # fmt: skip
        for table in tables:
            table.close()
        unlike = [name for table in tables for name in table.unlike]
        return list(dict.fromkeys([*unlike, *self._standing_unlike(), *self._notes_unlike()]))

    def moves_unlike(self) -> list[str]:
        """The same for movements of stock: an order's number, or the movement's id."""
        self._moves.close()
        return list(dict.fromkeys(self._moves.unlike))

    def _confirmed(self, o: Known, body: Mapping[str, Any]) -> None:
        number, by = str(body["number"]), bytes.fromhex(body["by"])
        order = self._orders.setdefault(o.agg_id, _Order())
        order.number, order.total, order.rest = number, body["total"], body["rest"]
        self._rows_of_orders.tell(
            o.agg_id,
            number,
            (
                number, *body["series"], body["request"], body["hat"], body["ordinal"], int(body["after_hat"]),
                body["taken_at"], body["taken_on"], by, o.device_id, _maybe(body["customer"]), body["rest"],
                body["source"], " ".join(body["warnings"]), *(body[name] for name in _SUMS),
            ),
        )  # fmt: skip
        lines = list(enumerate(body["lines"], 1))
        self._lines.tell(o.agg_id, number, *(_line(no, line) for no, line in lines))
        for no, line in lines:
            variant = bytes.fromhex(line["variant"])
            move = (variant, "sale", -line["qty"], o.agg_id, no, 0, "", o.at_ms, by, o.device_id)
            self._moves.tell(bytes.fromhex(line["move"]), number, move)
        if body["buyer"]:
            words = msgspec.json.decode(o.personal) if o.personal is not None else _BLANK
            self._buyers.tell(o.agg_id, number, tuple(words[name] for name in _WORDS))
            order.buyer, order.note = True, words["note"]
        for payment in body["payments"]:
            self._payment(o, o.agg_id, payment, by)
        money = (*((p["amount"], 0) for p in body["payments"]), (0, body["change"]))
        self._step(o, o.agg_id, money=money)
        self._event(o, o.agg_id, "taken", "", by)

    def _paid(self, o: Known, body: Mapping[str, Any]) -> None:
        order_id, by = bytes.fromhex(body["order"]), bytes.fromhex(body["by"])
        self._payment(o, order_id, body["payment"], by)
        self._step(o, order_id, money=((body["payment"]["amount"], body["change"]),))
        self._event(o, order_id, "paid", "", by)

    def _cancelled(self, o: Known, body: Mapping[str, Any]) -> None:
        by = bytes.fromhex(body["by"])
        moves = tuple(
            (
                bytes.fromhex(m["id"]),
                (
                    bytes.fromhex(m["variant"]), "sale", m["qty"], o.agg_id, m["line"], 1, "", o.at_ms, by,
                    o.device_id,
                ),
            )
            for m in body["moves"]
        )  # fmt: skip
        self._step(o, o.agg_id, moves=moves, refund=body["refund"])
        why = msgspec.json.decode(o.personal)["why"] if o.personal is not None else ""
        self._event(o, o.agg_id, "cancelled", why, by)

    def _noted(self, o: Known, body: Mapping[str, Any]) -> None:
        note = msgspec.json.decode(o.personal)["note"] if o.personal is not None else ""
        self._step(o, o.agg_id, note=note)
        self._event(o, o.agg_id, "noted", "", bytes.fromhex(body["by"]))

    def _moved(self, o: Known, body: Mapping[str, Any]) -> None:
        by = bytes.fromhex(body["by"])
        for m in body["moves"]:
            variant = bytes.fromhex(m["variant"])
            move = (variant, m["kind"], m["qty"], None, None, 0, m["note"], o.at_ms, by, o.device_id)
            self._moves.tell(bytes.fromhex(m["id"]), m["id"], move)

    def _step(self, o: Known, order_id: bytes, **more: Any) -> None:
        step = _Step(o.place, o.kind, o.op_id, o.at_ms, **more)
        self._orders.setdefault(order_id, _Order()).steps.append(step)

    def _payment(self, o: Known, order_id: bytes, payment: Mapping[str, Any], by: bytes) -> None:
        row = (
            order_id, "payment", payment["method"], payment["amount"], payment["trxid"], o.at_ms, by, o.device_id
        )  # fmt: skip
        self._payments.tell(bytes.fromhex(payment["id"]), self._name(order_id), row)

    def _event(self, o: Known, order_id: bytes, kind: str, why: str, by: bytes) -> None:
        row = (order_id, kind, why, o.at_ms, by, o.device_id)
        self._events.tell(o.op_id, self._name(order_id), row)

    def _name(self, order_id: bytes) -> str:
        order = self._orders.get(order_id)
        return order.number if order is not None and order.number else order_id.hex()

    # ---- where each order stands after all that was done -----------------------------------------------

    def _conclude(self, order_id: bytes, order: _Order) -> None:
        steps = order.in_order()
        standing = order_state.stand((s.kind, s.op_id) for s in steps if s.kind in order_state.STEPS)
        winner = next((s for s in steps if s.op_id == standing.cancelled_by), None)
        payments = [one for s in steps for one in s.money]
        sums = order_state.sum_up(
            total=order.total, rest=order.rest, status=standing.status, payments=payments
        )
        self._stands[order_id] = [standing.status, sums.paid, sums.change, sums.due, sums.cod]
        for move_id, move in winner.moves if winner is not None else ():
            self._moves.tell(move_id, order.number, move)
        refund = _refund(order.total, sums.owed, steps, winner)
        if refund is not None:
            self._refunds.tell(order_id, order.number, refund)
        noted = [s.note for s in steps if s.kind == "order.noted"]
        if noted:
            order.note = noted[-1]
            if not order.buyer:
                self._buyers.tell(order_id, order.number, tuple(_BLANK[name] for name in _WORDS))
                order.buyer = True

    def _standing_unlike(self) -> Iterator[str]:
        rows = self._connection.exec_driver_sql(
            "SELECT id, number, status, paid_paisa, change_paisa, due_paisa, cod_paisa FROM orders"
        )
        for row in rows:
            if self._stands.get(row[0]) != list(row[2:]):
                yield str(row[1])

    def _notes_unlike(self) -> Iterator[str]:
        for order_id, note in self._connection.exec_driver_sql("SELECT order_id, note FROM order_buyer"):
            order = self._orders.get(order_id)
            if order is None or order.note != note:
                yield self._name(order_id)


def _refund(total: int, owed: int, steps: Sequence[_Step], winner: _Step | None) -> Row | None:
    """(amount, due day, since when) of what is owed to the buyer."""
    if not owed:
        return None
    if winner is not None:
        day = winner.refund["due_on"] if winner.refund is not None else dhaka_day(winner.at_ms).isoformat()
        return (owed, day, winner.at_ms)
    paid = 0
    for step in steps:
        paid += sum(amount - change for amount, change in step.money)
        if paid > total:
            return (owed, dhaka_day(step.at_ms).isoformat(), step.at_ms)
    return None


def _line(no: int, line: Mapping[str, Any]) -> tuple[Any, ...]:
    words = (line[name] for name in ("sku", "product", "name_bn", "name_en", "size", "colour", "unit"))
    numbers = (line[name] for name in ("qty", "price", "discount", "amount"))
    return (no, bytes.fromhex(line["variant"]), *words, *numbers, int(line["oversold"]))


def _maybe(value: str | None) -> bytes | None:
    return None if value is None else bytes.fromhex(value)
