"""What the server keeps beside the operations is what the operations make, whatever was sent in which order."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from pos.protocol import kinds
from pos.protocol.messages import digest_of, to_wire
from pos.protocol.order_state import STEPS, stand

if TYPE_CHECKING:
    from uuid import UUID

    from tests.server.conftest import Central
    from tests.server.laptop import Laptop


def recomputed(
    central: Central,
) -> tuple[dict[bytes, int], dict[bytes, Any], dict[str, Any]]:
    """Stock, sales and digests, from the table of operations alone."""
    rows = central.rows(
        "operation", "seq, kind, v, stream, agg_id, body, hash, op_id", "status <> 'held' ORDER BY seq"
    )
    stock: dict[bytes, int] = {}
    sales: dict[bytes, Any] = {}
    steps: dict[bytes, list[tuple[str, bytes]]] = defaultdict(list)
    hashes: dict[str, list[bytes]] = {"v": [], "h": []}
    for _, kind, v, stream, agg_id, body, digest, op_id in rows:
        hashes[stream].append(bytes(digest))
        said: Any = kinds.read_body(kind, v, body.encode())
        for variant in kinds.variants_made(said):
            stock.setdefault(variant, 0)
        if kind in STEPS:
            steps[bytes(agg_id)].append((kind, bytes(str(op_id), "ascii")))
            before = stand(steps[bytes(agg_id)][:-1]).status
            if kind == "order.cancelled" and before == "cancelled":
                continue
        for variant, qty in kinds.stock_moved_by(said):
            stock[variant] += qty
        if kind == "order.confirmed":
            sales[bytes(agg_id)] = (said.number, said.total)
    folded = {order: (number, total, stand(steps[order]).status) for order, (number, total) in sales.items()}
    return stock, folded, {stream: digest_of(own) for stream, own in hashes.items()}


def check(central: Central) -> None:
    stock, sales, digests = recomputed(central)
    assert {bytes(one): qty for one, qty in central.rows("stock", "variant_id, on_hand")} == stock
    assert {
        bytes(order): (number, total, status)
        for order, number, total, status in central.rows("sale", "order_id, number, total_paisa, status")
    } == sales
    [(v_count, v_sum, h_count, h_sum)] = central.rows("vendor_stream", "v_count, v_sum, h_count, h_sum")
    assert (v_count, v_sum % (1 << 64)) == (digests["v"].count, digests["v"].sum)
    assert (h_count, h_sum % (1 << 64)) == (digests["h"].count, digests["h"].sum)
    [(waiting,)] = central.rows("vendor_stream", "waiting")
    held = central.rows("operation", "why", "status = 'held'")
    assert waiting == sum(why in ("stands_on_unknown", "follows_held") for (why,) in held)
    places = [seq for (seq,) in central.rows("operation", "seq", "seq IS NOT NULL")]
    assert len(places) == len(set(places))
    [(head,)] = central.rows("vendor_stream", "head")
    assert max(places, default=0) <= head


class Chance:
    """Acts of several laptops, drawn by a seed; some stand on what the server has not seen yet."""

    def __init__(self, central: Central, seed: int) -> None:
        self.draw = random.Random(seed)
        self.central = central
        shop = central.shop()
        shop.push()
        self.laptops = [shop, central.second(shop), central.second(shop)]
        self.variants: list[UUID] = []
        self.orders: list[tuple[UUID, UUID]] = []
        self.sent = {laptop.device: 0 for laptop in self.laptops}

    def act(self) -> None:
        laptop = self.draw.choice(self.laptops)
        what = self.draw.randrange(8)
        if what == 0 or not self.variants:
            self.variants += laptop.product(variants=self.draw.randint(1, 3))[1]
        elif what == 1:
            laptop.stock(self.draw.choice(self.variants), self.draw.randint(1, 9) * 1000)
        elif what in (2, 3) or not self.orders:
            variant = self.draw.choice(self.variants)
            self.orders.append((laptop.order(variant), variant))
        elif what == 4:
            laptop.cancel(*self.draw.choice(self.orders))
        elif what == 5:
            kind = self.draw.choice(["order.packed", "order.unpacked"])
            laptop.step(kind, self.draw.choice(self.orders)[0])
        elif what == 6:
            laptop.setting("shop.name", str(self.draw.random()))
        else:
            laptop.record("gift.given", "gift", self.draw.randbytes(16), laptop.by({}))
        self.central.clock.advance(ms=self.draw.randint(0, 5000))

    def exchange(self, laptop: Laptop, most: int = 12) -> None:
        begin = max(0, self.sent[laptop.device] - self.draw.randint(0, 3))
        ops = laptop.log[begin : begin + self.draw.randint(0, most)]
        relay = []
        if self.draw.random() < 0.2:
            other = self.draw.choice(self.laptops)
            relay = [to_wire(op, device=other.device) for op in other.log if other is not laptop]
        reply = laptop.exchange(ops, first=begin + 1 if not ops else None, relay=relay[:100])
        if reply.need is None and ops:
            self.sent[laptop.device] = max(self.sent[laptop.device], ops[-1].n)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_comes_in_the_tables_are_what_the_operations_make(central: Central, seed: int) -> None:
    chance = Chance(central, seed)
    for _ in range(60):
        chance.act()
        if chance.draw.random() < 0.5:
            chance.exchange(chance.draw.choice(chance.laptops))
    check(central)
    for laptop in chance.laptops * 2:
        while chance.sent[laptop.device] < len(laptop.log):
            chance.exchange(laptop, most=40)
    check(central)
    assert {why for (why,) in central.rows("operation", "why", "status = 'held'")} <= {"kind_unknown"}
    seen = []
    for laptop in chance.laptops:
        laptop.cursors = {"v": 0, "h": 0, "g": 0}
        laptop.seen.clear()
        laptop.pull(max_rows=7)
        seen.append({wire.i: wire.s for wire in laptop.seen.values()})
    assert seen[0] == seen[1] == seen[2]
