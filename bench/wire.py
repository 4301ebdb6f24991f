"""Orders on the line: from operations to bytes and back, held against bare msgspec.

The floor has the same orders as typed structs, envelope, buyer, lines and all, and does nothing but write them as
JSON and read that again: no packing, no checksum, no limit on anything, no identity that becomes bytes.
"""

from __future__ import annotations

import random
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from bench.table import Row, against, stated, timed
from pos.protocol import codec
from pos.protocol.kinds import read_body
from pos.protocol.messages import MAX_OPERATIONS, ExchangeRequest, from_wire, to_wire
from pos.protocol.operations import GENESIS, Operation, next_hlc, sealed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

BARE = "bare msgspec, the same as typed structs"
_AT_MS = 1_795_500_000_000
_WORDS = ("জামদানি", "শাড়ি", "খাঁটি", "মধু", "লাল", "নকশি", "কাঁথা", "বাঁশের", "ঝুড়ি", "সাবান", "তেল", "গুড়")


class _Line(msgspec.Struct):
    move: str
    variant: str
    sku: str
    product: str
    name_bn: str
    name_en: str
    size: str
    colour: str
    unit: str
    qty: int
    price: int
    discount: int
    amount: int
    oversold: bool


class _Payment(msgspec.Struct):
    id: str
    method: str
    amount: int
    trxid: str | None
    state: str


class _Order(msgspec.Struct):
    by: str
    number: str
    series: tuple[str, int, int]
    request: str | None
    hat: str | None
    ordinal: int | None
    after_hat: bool
    taken_at: int
    taken_on: str
    customer: str | None
    buyer: bool
    rest: str
    source: str
    subtotal: int
    discount: int
    delivery: int
    rounding: int
    total: int
    paid: int
    change: int
    due: int
    cod: int
    lines: list[_Line]
    payments: list[_Payment]
    warnings: list[str]


class _Buyer(msgspec.Struct):
    salt: str
    name: str
    phone: str
    phone2: str | None
    address: str
    district: str
    thana: str
    note: str


class _Bare(msgspec.Struct):
    """An operation on the line with its parts as structs."""

    i: str
    n: int
    k: str
    v: int
    g: str
    a: str
    b: _Order
    t: int
    h: int
    q: str
    x: str
    p: _Buyer
    c: str


class _Round(NamedTuple):
    """Milliseconds of one round, or of many."""

    ours: Any
    ours_read: Any
    floor: Any


def rows(_place: Path, *, quick: bool) -> list[Row]:
    """10,000 orders in messages as large as the protocol has them."""
    count, rounds = (500, 3) if quick else (10_000, 25)
    operations = _orders(count)
    batches = [operations[start : start + MAX_OPERATIONS] for start in range(0, count, MAX_OPERATIONS)]
    bare = [[_as_structs(one) for one in batch] for batch in batches]
    packed = sum(len(codec.encode(_request(batch))) for batch in batches)
    plain = sum(len(msgspec.json.encode(batch)) for batch in bare)
    encoder, decoder = msgspec.json.Encoder(), msgspec.json.Decoder(list[_Bare])
    draw, taken = random.Random(1), []

    def floor() -> None:
        for batch in bare:
            decoder.decode(encoder.encode(batch))

    for _ in range(rounds + 1):
        acts = {"ours": lambda: _there_and_back(batches), "floor": floor, "ours_read": lambda: _read(batches)}
        names = draw.sample(sorted(acts), len(acts))
        taken.append(_Round(**{name: timed(acts[name]) for name in names}))
    found = _Round(*zip(*taken[1:], strict=True))
    note = "packed, with checksum"
    what = f"{count:,} orders"
    return [
        against(f"{what} to the line and back", "ms", found.ours, BARE, found.floor, at_most=1.5, note=note),
        stated(f"{what}, each body held against its kind", "ms", found.ours_read),
        stated(f"{what} on the line", "MB", [packed / 1e6], note=f"{plain / 1e6:.1f} MB of JSON"),
    ]


def _there_and_back(batches: Sequence[Sequence[Operation]]) -> None:
    for batch in batches:
        received = codec.decode(codec.encode(_request(batch)), ExchangeRequest)
        for one in received.ops:
            from_wire(one)


def _read(batches: Sequence[Sequence[Operation]]) -> None:
    for batch in batches:
        for one in batch:
            read_body(one.kind, one.v, one.body)


def _request(batch: Sequence[Operation]) -> ExchangeRequest:
    first = batch[0]
    return ExchangeRequest(
        proto=1,
        app="bench",
        schema=1,
        epoch=None,
        first=first.n,
        prev=first.prev_hash.hex(),
        cursors={"v": 0, "h": 0, "g": 0},
        now_ms=_AT_MS,
        ops=[to_wire(one) for one in batch],
    )


def _as_structs(one: Operation) -> _Bare:
    return msgspec.json.decode(msgspec.json.encode(to_wire(one)), type=_Bare)


def _orders(count: int) -> list[Operation]:
    draw = random.Random(count)
    made: list[Operation] = []
    hlc = 0
    for n in range(1, count + 1):
        hlc = next_hlc(hlc, _AT_MS + n)
        made.append(
            sealed(
                n=n,
                op_id=uuid.UUID(bytes=draw.randbytes(16)),
                kind="order.confirmed",
                agg="order",
                agg_id=draw.randbytes(16),
                body=order_body(draw, n),
                personal=buyer_words(draw),
                salt=lambda: draw.randbytes(16),
                at_ms=_AT_MS + n,
                hlc=hlc,
                prev_hash=made[-1].hash if made else GENESIS,
            )
        )
    return made


def order_body(draw: random.Random, n: int) -> dict[str, Any]:
    """What an order of three lines says."""
    lines = [_line(draw) for _ in range(3)]
    subtotal = sum(line["amount"] for line in lines)
    total = subtotal + 13_000
    return {
        "by": "0" * 32, "number": f"A-26-{n:06d}", "series": ("A", 26, n), "request": draw.randbytes(16).hex(),
        "hat": "2026-11-24", "ordinal": 261, "after_hat": False, "taken_at": _AT_MS + n, "taken_on": "2026-11-24",
        "customer": draw.randbytes(16).hex(), "buyer": True, "rest": "cod", "source": "comment",
        "subtotal": subtotal, "discount": 0, "delivery": 13_000, "rounding": 0, "total": total, "paid": 10_000,
        "change": 0, "due": total - 10_000, "cod": total - 10_000, "lines": lines, "warnings": [],
        "payments": [
            {
                "id": draw.randbytes(16).hex(), "method": "bkash", "amount": 10_000, "state": "claimed",
                "trxid": draw.randbytes(5).hex().upper(),
            }
        ],
    }  # fmt: skip


def _line(draw: random.Random) -> dict[str, Any]:
    qty, price = draw.randrange(1, 5), draw.randrange(2_000, 500_000)
    return {
        "move": draw.randbytes(16).hex(), "variant": draw.randbytes(16).hex(), "sku": f"P{draw.randrange(999):03d}-01",
        "product": "P001", "name_bn": " ".join(draw.sample(_WORDS, 3)), "name_en": "Jamdani", "size": "১২ হাত",
        "colour": draw.choice(_WORDS), "unit": "piece", "qty": qty * 1000, "price": price, "discount": 0,
        "amount": qty * price, "oversold": False,
    }  # fmt: skip


def buyer_words(draw: random.Random) -> dict[str, Any]:
    """What is said of its buyer."""
    return {
        "name": " ".join(draw.sample(_WORDS, 2)), "phone": f"+88017{draw.randrange(10**8):08d}", "phone2": None,
        "address": f"বাসা {draw.randrange(99)}, রোড ৭, ব্লক সি, মিরপুর ১০", "district": "ঢাকা", "thana": "মিরপুর",
        "note": "",
    }  # fmt: skip
