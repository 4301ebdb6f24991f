"""A laptop as the server sees it: a log of operations and what it says. It keeps no shop; `pos.sync` is not used."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import msgspec

from pos.domain.ids import uuid7
from pos.protocol import codec
from pos.protocol.messages import (
    ExchangeReply,
    ExchangeRequest,
    PairReply,
    PairRequest,
    RekeyReply,
    RekeyRequest,
    VerifyReply,
    VerifyRequest,
    WireOp,
    to_wire,
)
from pos.protocol.operations import GENESIS, Operation, sealed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pos.domain.times import Clock
    from pos.server.desk import Answer, Desk

T = TypeVar("T", bound=msgspec.Struct)
BUYER = {
    "name": "শারমিন আক্তার", "phone": "01712345678", "phone2": None, "address": "মিরপুর ১০",
    "district": "ঢাকা", "thana": "মিরপুর",
}  # fmt: skip


def pair_request(code: str, **more: Any) -> PairRequest:
    """What a laptop with this code in hand says."""
    values: dict[str, Any] = {"code": code, "app": "1.0", "schema": 3, "machine": "m1"}
    return PairRequest(**(values | more))


def read(answer: Answer, shape: type[T]) -> T:
    """The message in an answer that must be 200."""
    assert answer.status == 200, (answer.status, answer.body[:200])
    return codec.decode(answer.body, shape)


class Laptop:
    """One device of a vendor.

    Attributes:
        log: its operations, in order.
        epoch: the server's memory that it knows.
        cursors: how far it has taken each stream in.
        seen: what came down, by identity.
    """

    def __init__(self, desk: Desk, clock: Clock, paired: PairReply) -> None:
        self.desk, self.clock = desk, clock
        self.vendor = UUID(hex=paired.vendor_id)
        self.device = UUID(hex=paired.device)
        self.code, self.token = paired.device_code, paired.token
        self.log: list[Operation] = []
        self.epoch: str | None = None
        self.cursors = {"v": 0, "h": 0, "g": 0}
        self.seen: dict[str, WireOp] = {}
        self.owner = uuid7(1)

    # ---- its log ----------------------------------------------------------------------------------------

    def record(
        self,
        kind: str,
        agg: str,
        agg_id: bytes,
        body: dict[str, Any],
        personal: dict[str, Any] | None = None,
        *,
        v: int = 1,
    ) -> Operation:
        """Write an operation."""
        now = self.clock.now_ms()
        last = self.log[-1] if self.log else None
        op = sealed(
            n=len(self.log) + 1,
            op_id=uuid7(now),
            kind=kind,
            agg=agg,
            agg_id=agg_id,
            body=body,
            personal=personal,
            salt=lambda: os.urandom(16),
            at_ms=now,
            hlc=max(now << 16, (last.hlc if last else 0) + 1),
            prev_hash=last.hash if last else GENESIS,
            v=v,
        )
        self.log.append(op)
        return op

    def by(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body with who did it."""
        return {"by": self.owner.hex, **body}

    def found(self) -> None:
        """Begin the shop."""
        self.record(
            "shop.founded",
            "device",
            self.device.bytes,
            {"vendor": self.vendor.hex, "code": self.code, "demo": False},
        )
        self.owner = uuid7(self.clock.now_ms())
        self.record("operator.added", "operator", self.owner.bytes, {"name": "রূপা", "role": "owner"})

    def join(self, first: Laptop) -> None:
        """Begin as one more device; the owner is the first one's."""
        self.owner = first.owner
        self.record(
            "device.joined", "device", self.device.bytes, {"vendor": self.vendor.hex, "code": self.code}
        )

    def product(self, price: int = 100_00, variants: int = 1) -> tuple[UUID, list[UUID]]:
        """Add a product; it and its variants."""
        product, made = uuid7(self.clock.now_ms()), [uuid7(self.clock.now_ms()) for _ in range(variants)]
        sku = product.hex[-6:]
        self.record(
            "product.added",
            "product",
            product.bytes,
            self.by(
                {
                    "sku": sku, "name_bn": "খাঁটি মধু", "name_en": "Honey", "category": "খাবার", "unit": "kg",
                    "fractions": True, "price": price, "cost": None, "minimum": None, "barcode": None,
                    "variants": [
                        {
                            "id": one.hex, "sku": f"{sku}-{at}", "size": "", "colour": "", "barcode": None,
                            "price": None, "plain": variants == 1, "position": at,
                        }
                        for at, one in enumerate(made)
                    ],
                }
            ),
        )  # fmt: skip
        return product, made

    def edit(
        self, kind: str, agg_id: bytes, sets: dict[str, Any], seen: Operation | None, **more: Any
    ) -> Operation:
        """Set fields of a record, having seen this operation's values."""
        over = dict.fromkeys(sets, seen.op_id.hex if seen is not None else None)
        body = self.by({"set": sets, "over": over, "closes": [], **more})
        return self.record(f"{kind}.edited", kind, agg_id, body)

    def stock(self, variant: UUID, qty: int, kind: str = "purchase") -> Operation:
        """Goods come or go."""
        move = uuid7(self.clock.now_ms())
        moves = [{"id": move.hex, "variant": variant.hex, "kind": kind, "qty": qty, "note": ""}]
        return self.record("stock.moved", "stock_move", move.bytes, self.by({"moves": moves}))

    def customer(self) -> UUID:
        """Add a buyer."""
        customer = uuid7(self.clock.now_ms())
        self.record("customer.added", "customer", customer.bytes, self.by({}), BUYER)
        return customer

    def order(
        self,
        variant: UUID,
        qty: int = 1000,
        *,
        customer: UUID | None = None,
        order: UUID | None = None,
        hat: str | None = None,
    ) -> UUID:
        """Confirm an order of one line, to be paid later."""
        order = order or uuid7(self.clock.now_ms())
        no = 1 + sum(op.kind == "order.confirmed" for op in self.log)
        amount = 100_00 * qty // 1000
        line = {
            "move": uuid7(self.clock.now_ms()).hex, "variant": variant.hex, "sku": "P1", "product": "P1",
            "name_bn": "খাঁটি মধু", "name_en": "Honey", "size": "", "colour": "", "unit": "kg", "qty": qty,
            "price": 100_00, "discount": 0, "amount": amount, "oversold": False,
        }  # fmt: skip
        body = {
            "number": f"{self.code}-26-{no:06d}", "series": [self.code, 26, no], "request": None, "hat": hat,
            "ordinal": None, "after_hat": False, "taken_at": self.clock.now_ms(), "taken_on": "2026-11-24",
            "customer": customer.hex if customer else None, "buyer": customer is not None, "rest": "due",
            "source": "", "subtotal": amount, "discount": 0, "delivery": 0, "rounding": 0, "total": amount,
            "paid": 0, "change": 0, "due": amount, "cod": 0, "lines": [line], "payments": [], "warnings": [],
        }  # fmt: skip
        words = {**BUYER, "note": ""} if customer is not None else None
        self.record("order.confirmed", "order", order.bytes, self.by(body), words)
        return order

    def cancel(self, order: UUID, variant: UUID, qty: int = 1000) -> Operation:
        """Cancel an order; its goods are back."""
        back = {"id": uuid7(self.clock.now_ms()).hex, "variant": variant.hex, "qty": qty, "line": 1}
        body = self.by({"number": f"{self.code}-26-000001", "moves": [back], "refund": None})
        return self.record("order.cancelled", "order", order.bytes, body, {"why": "নেবেন না"})

    def step(self, kind: str, order: UUID) -> Operation:
        """One step of an order."""
        return self.record(kind, "order", order.bytes, self.by({"number": f"{self.code}-26-000001"}))

    def setting(self, key: str, value: str, seen: Operation | None = None) -> Operation:
        """Set a setting of the shop."""
        over = {"value": seen.op_id.hex if seen is not None else None}
        body = self.by({"key": key, "value": value, "over": over, "closes": []})
        return self.record("setting.set", "setting", key.encode(), body)

    # ---- the server -------------------------------------------------------------------------------------

    def request(
        self, ops: Sequence[Operation] = (), *, first: int | None = None, **more: Any
    ) -> ExchangeRequest:
        """An exchange that brings these operations."""
        begin = ops[0].n if ops else (first or len(self.log) + 1)
        before = ops[0].prev_hash if ops else (self.log[begin - 2].hash if begin > 1 else GENESIS)
        values: dict[str, Any] = {
            "proto": 1,
            "app": "1.0",
            "schema": 3,
            "epoch": self.epoch,
            "first": begin,
            "prev": before.hex(),
            "cursors": dict(self.cursors),
            "now_ms": self.clock.now_ms(),
            "ops": [to_wire(op) for op in ops],
        }
        return ExchangeRequest(**(values | more))

    def ask(self, message: ExchangeRequest) -> ExchangeReply:
        """Send an exchange; nothing of the answer is taken in."""
        return read(self.desk.exchange(self.token, codec.encode(message)), ExchangeReply)

    def exchange(self, ops: Sequence[Operation] = (), **more: Any) -> ExchangeReply:
        """Send an exchange and take the answer in."""
        reply = self.ask(self.request(ops, **more))
        if not reply.reset:
            self.epoch = reply.epoch
            self.cursors = dict(reply.cursors)
            self.seen |= {wire.i: wire for changes in reply.changes.values() for wire in changes}
        return reply

    def push(self) -> ExchangeReply:
        """Send the whole log."""
        return self.exchange(self.log)

    def pull(self, max_rows: int = 2000) -> list[WireOp]:
        """Fetch until nothing is left; what came, in its order."""
        came: list[WireOp] = []
        while True:
            reply = self.exchange(max_rows=max_rows)
            came += [wire for stream in ("v", "h") for wire in reply.changes.get(stream, ())]
            if not reply.more:
                return came

    def verify(self, message: VerifyRequest) -> VerifyReply:
        """Compare operations."""
        return read(self.desk.verify(self.token, codec.encode(message)), VerifyReply)

    def rekey(self, at: int) -> Laptop:
        """The same shop under a new identity, whose log begins with this one's up to `at`."""
        digest = self.log[at - 1].hash if at else GENESIS
        request = RekeyRequest(at, digest.hex(), "m2")
        reply = read(self.desk.rekey(self.token, codec.encode(request)), RekeyReply)
        paired = PairReply(
            self.vendor.hex, "", reply.device, reply.device_code, reply.token, self.epoch or "", founds=False
        )
        other = Laptop(self.desk, self.clock, paired)
        other.owner, other.epoch, other.log = self.owner, self.epoch, list(self.log)
        other.cursors = dict(self.cursors)
        return other


def statuses(reply: ExchangeReply) -> list[str]:
    """What became of each operation: its status, or why it is held."""
    return [result.why or result.s for result in reply.results]


def seqs(wires: Iterable[WireOp]) -> list[int]:
    """The places of operations in the server's order."""
    return [wire.s or 0 for wire in wires]
