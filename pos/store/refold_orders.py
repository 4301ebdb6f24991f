"""Orders that several devices have worked on, made anew from what was done to them."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlalchemy.exc import IntegrityError

from pos.domain.times import dhaka_day
from pos.protocol.order_state import STEPS, Sums, stand, sum_up
from pos.store import onhand, oplog
from pos.store.prepared import savepoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from pos.store.oplog import Known

_CHUNK = 300
_MOVE = (
    "INSERT INTO stock_move (id, variant_id, kind, qty_milli, order_id, line_no, reversal, note, at_ms, operator_id,"
    " device_id) VALUES (?, ?, 'sale', ?, ?, ?, 1, '', ?, ?, ?)"
)


class _Order(NamedTuple):
    total: int
    rest: str
    status: str
    paid: int
    change: int
    due: int
    cod: int


class _Refund(NamedTuple):
    amount: int
    due_on: str
    made_at_ms: int


def refold_orders(connection: Connection, orders: Iterable[bytes]) -> None:
    """Status, sums, refund, goods back, note and timeline of these orders, as the order of the steps has them."""
    for some in _chunks(orders):
        _Orders(connection, some).write()


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(sorted(values))
    while some := list(islice(left, _CHUNK)):
        yield some


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


class _Orders:
    """A few hundred orders with all that was done to them."""

    def __init__(self, connection: Connection, orders: Sequence[bytes]) -> None:
        self._connection = connection
        of_these = f"IN ({_marks(orders)})"
        rows = connection.exec_driver_sql(
            "SELECT id, total_paisa, rest, status, paid_paisa, change_paisa, due_paisa, cod_paisa"
            f" FROM orders WHERE id {of_these}",
            tuple(orders),
        )
        self._orders = {row[0]: _Order(*row[1:]) for row in rows}
        events = connection.exec_driver_sql(
            f"SELECT order_id, id FROM order_event WHERE order_id {of_these} ORDER BY rowid", tuple(orders)
        ).all()
        known = {one.op_id: one for one in oplog.known(connection, [event for _, event in events])}
        self._steps: dict[bytes, list[Known]] = {}
        self._written: dict[bytes, list[bytes]] = {}
        for order_id, event in events:
            self._written.setdefault(order_id, []).append(event)
            if event in known:
                self._steps.setdefault(order_id, []).append(known[event])
        for steps in self._steps.values():
            steps.sort(key=lambda one: (one.kind != "order.confirmed", one.place))

    def write(self) -> None:
        """Write what differs from what is there."""
        for order_id, order in self._orders.items():
            steps = self._steps.get(order_id, [])
            if not steps or steps[0].kind != "order.confirmed":
                continue
            # What another program wrote may break a rule of the tables; such an order stays as it was.
            with suppress(IntegrityError), savepoint(self._connection):
                self._one(order_id, order, steps)

    def _one(self, order_id: bytes, order: _Order, steps: Sequence[Known]) -> None:
        bodies = {one.op_id: msgspec.json.decode(one.body) for one in steps}
        standing = stand((one.kind, one.op_id) for one in steps if one.kind in STEPS)
        winner = next((one for one in steps if one.op_id == standing.cancelled_by), None)
        payments = list(_payments(steps, bodies))
        sums = sum_up(total=order.total, rest=order.rest, status=standing.status, payments=payments)
        stands = _Order(order.total, order.rest, standing.status, sums.paid, sums.change, sums.due, sums.cod)
        if stands != order:
            self._connection.exec_driver_sql(
                "UPDATE orders SET status = ?, paid_paisa = ?, change_paisa = ?, due_paisa = ?, cod_paisa = ?"
                " WHERE id = ?",
                (*stands[2:], order_id),
            )
        self._refund(order_id, _refund(order.total, sums, steps, bodies, winner))
        self._goods_back(order_id, winner, bodies)
        self._note(order_id, steps)
        self._timeline(order_id, [one.op_id for one in steps])

    def _refund(self, order_id: bytes, owed: _Refund | None) -> None:
        self._connection.exec_driver_sql("DELETE FROM owed_refund WHERE order_id = ?", (order_id,))
        if owed is not None:
            self._connection.exec_driver_sql(
                "INSERT INTO owed_refund (order_id, amount_paisa, due_on, made_at_ms) VALUES (?, ?, ?, ?)",
                (order_id, *owed),
            )

    def _goods_back(self, order_id: bytes, winner: Known | None, bodies: Mapping[bytes, Any]) -> None:
        c = self._connection
        there = {
            tuple(row)
            for row in c.exec_driver_sql(
                "SELECT id, variant_id, qty_milli, order_id, line_no, at_ms, operator_id, device_id"
                " FROM stock_move WHERE order_id = ? AND reversal = 1",
                (order_id,),
            )
        }
        wanted: set[tuple[Any, ...]] = set()
        if winner is not None:
            body = bodies[winner.op_id]
            by = bytes.fromhex(body["by"])
            wanted = {
                (
                    bytes.fromhex(m["id"]), bytes.fromhex(m["variant"]), m["qty"], order_id, m["line"],
                    winner.at_ms, by, winner.device_id,
                )
                for m in body["moves"]
            }  # fmt: skip
        gone, new = sorted(there - wanted), sorted(wanted - there)
        if gone:
            c.exec_driver_sql("DELETE FROM stock_move WHERE id = ?", [(row[0],) for row in gone])
            onhand.count(c, [(row[1], -row[2]) for row in gone])
        if new:
            c.exec_driver_sql(_MOVE, new)
            assert winner is not None
            moved = [(row[1], row[2]) for row in new]
            onhand.count(c, moved, counts=oplog.counts(c, winner.seq))

    def _note(self, order_id: bytes, steps: Sequence[Known]) -> None:
        last = next((one for one in reversed(steps) if one.kind == "order.noted"), None)
        if last is None:
            return
        note = msgspec.json.decode(last.personal)["note"] if last.personal is not None else ""
        self._connection.exec_driver_sql(
            "INSERT INTO order_buyer (order_id, note) VALUES (?, ?)"
            " ON CONFLICT (order_id) DO UPDATE SET note = excluded.note",
            (order_id, note),
        )

    def _timeline(self, order_id: bytes, wanted: Sequence[bytes]) -> None:
        """What is shown in the order of writing is written in the order of the steps."""
        if self._written[order_id] == list(wanted):
            return
        c = self._connection
        columns = "id, order_id, kind, why, at_ms, operator_id, device_id"
        rows = {
            row[0]: tuple(row)
            for row in c.exec_driver_sql(f"SELECT {columns} FROM order_event WHERE order_id = ?", (order_id,))
        }
        c.exec_driver_sql("DELETE FROM order_event WHERE id = ?", [(event,) for event in wanted])
        c.exec_driver_sql(
            f"INSERT INTO order_event ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", [rows[one] for one in wanted]
        )


def _payments(steps: Iterable[Known], bodies: Mapping[bytes, Any]) -> Iterator[tuple[int, int]]:
    """(amount, change given on it) of every payment.

    Change is given on what pays an order in full, after which that device takes no more money for it: so what an
    operation says of all change is what it gave itself.
    """
    for one in steps:
        body = bodies[one.op_id]
        if one.kind == "order.confirmed":
            yield from ((payment["amount"], 0) for payment in body["payments"])
            yield 0, body["change"]
        elif one.kind == "payment.received":
            yield body["payment"]["amount"], body["change"]


def _refund(
    total: int, sums: Sums, steps: Sequence[Known], bodies: Mapping[bytes, Any], winner: Known | None
) -> _Refund | None:
    """What is owed to the buyer, since when and until when."""
    if not sums.owed:
        return None
    if winner is not None:
        told = bodies[winner.op_id]["refund"]
        due_on = told["due_on"] if told is not None else dhaka_day(winner.at_ms).isoformat()
        return _Refund(sums.owed, due_on, winner.at_ms)
    paid = 0
    for one in steps:
        paid += sum(amount - change for amount, change in _payments([one], bodies))
        if paid > total:
            return _Refund(sums.owed, dhaka_day(one.at_ms).isoformat(), one.at_ms)
    return None


# ---- money that may have come twice ------------------------------------------------------------------


class _Paid(NamedTuple):
    payment_id: bytes
    order_id: bytes
    state: str


def refold_payments(connection: Connection, wallet_ids: Iterable[tuple[str, str]]) -> None:
    """Of payments with one wallet id all but the first may be the same money again (contracts.md §1)."""
    by_method: dict[str, list[str]] = {}
    for method, trxid in wallet_ids:
        by_method.setdefault(method, []).append(trxid)
    for method, trxids in by_method.items():
        for some in _chunks(trxids):
            rows = connection.exec_driver_sql(
                "SELECT trxid FROM payment WHERE method = ?"
                f" AND trxid IN ({_marks(some)}) GROUP BY trxid HAVING count(*) > 1",
                (method, *some),
            ).scalars()
            for trxid in rows.all():
                _flag(connection, method, trxid)


def _flag(connection: Connection, method: str, trxid: str) -> None:
    rows = connection.exec_driver_sql(
        "SELECT id, order_id, state FROM payment WHERE method = ? AND trxid = ?", (method, trxid)
    )
    paid = {row[0]: _Paid(*row) for row in rows}
    orders = sorted({one.order_id for one in paid.values()})
    events = connection.exec_driver_sql(
        f"SELECT id FROM order_event WHERE order_id IN ({_marks(orders)}) AND kind IN ('taken', 'paid')",
        tuple(orders),
    ).scalars()
    placed: list[tuple[Any, str, bytes]] = []
    for known in oplog.known(connection, list(events)):
        body = msgspec.json.decode(known.body)
        entries = body["payments"] if known.kind == "order.confirmed" else [body["payment"]]
        placed += [(known.place, entry["state"], bytes.fromhex(entry["id"])) for entry in entries]
    first = True
    for _, told, payment_id in sorted(placed, key=lambda one: (one[0], one[2])):
        if payment_id not in paid:
            continue
        state, first = (told if first else "possible_duplicate"), False
        if paid[payment_id].state != state:
            connection.exec_driver_sql("UPDATE payment SET state = ? WHERE id = ?", (state, payment_id))
