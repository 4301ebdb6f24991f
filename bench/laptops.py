"""Laptops that come back from a day on the market: their logs, and a process that sends them all.

    python -m bench.laptops FILE HOST PORT AT_ONCE

sends every message in FILE, each on a connection of its own, and says what it took as JSON. It does not look into
the answers before the last of them is there.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bench.wire import buyer_words, order_body
from pos.protocol import codec
from pos.protocol.messages import ExchangeReply, ExchangeRequest, to_wire
from pos.protocol.operations import GENESIS, Operation, next_hlc, sealed

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence

PRODUCTS = 10
_FIRST_MS = 1_795_500_000_000
_BUSY = (429, 503)
_TIMEOUT_S = 120


class Message(msgspec.Struct):
    """What one laptop sends: its token and a packed request."""

    token: str
    body: bytes


class Sent(msgspec.Struct):
    """What it took.

    Attributes:
        seconds: from the first request to the last answer.
        each_ms: how long each laptop waited for its answer.
        again: how often one was told to come again.
    """

    seconds: float
    each_ms: list[float]
    again: int


class Log:
    """The log of one laptop with ten products."""

    def __init__(self, draw: random.Random, vendor: uuid.UUID) -> None:
        self._draw = draw
        self.device = uuid.UUID(bytes=draw.randbytes(16))
        self.operations: list[Operation] = []
        self._add(
            "shop.founded", "device", self.device.bytes, {"vendor": vendor.hex, "code": "A", "demo": False}
        )
        self._by = draw.randbytes(16)
        self._add("operator.added", "operator", self._by, {"name": "রূপা", "role": "owner"})
        self._variants = [self._product(number) for number in range(PRODUCTS)]

    def sell(self, orders: int) -> None:
        """So many orders of three lines, five to a buyer."""
        buyer = b""
        for number in range(1, orders + 1):
            if number % 5 == 1:
                buyer = self._draw.randbytes(16)
                words = buyer_words(self._draw)
                del words["note"]
                self._add("customer.added", "customer", buyer, {"by": self._by.hex()}, words)
            body = order_body(self._draw, number) | {"by": self._by.hex(), "customer": buyer.hex()}
            for line, variant in zip(body["lines"], self._draw.sample(self._variants, 3), strict=True):
                line["variant"] = variant.hex()
            self._add("order.confirmed", "order", self._draw.randbytes(16), body, buyer_words(self._draw))

    def request(self, epoch: str | None, after: int) -> bytes:
        """A message with everything behind this position, from a laptop that has taken in everything before it."""
        ops = self.operations[after:]
        return codec.encode(
            ExchangeRequest(
                proto=1, app="bench", schema=1, epoch=epoch, first=ops[0].n, prev=ops[0].prev_hash.hex(),
                cursors={"v": after, "h": after, "g": 0}, now_ms=ops[-1].at_ms, ops=[to_wire(one) for one in ops],
            )
        )  # fmt: skip

    def _product(self, number: int) -> bytes:
        product, variant = self._draw.randbytes(16), self._draw.randbytes(16)
        self._add(
            "product.added",
            "product",
            product,
            {
                "by": self._by.hex(), "sku": f"P{number:03d}", "name_bn": "খাঁটি মধু", "name_en": "Honey",
                "category": "খাবার", "unit": "kg", "fractions": True, "price": 100_00, "cost": None, "minimum": None,
                "barcode": None,
                "variants": [
                    {
                        "id": variant.hex(), "sku": f"P{number:03d}-01", "size": "", "colour": "", "barcode": None,
                        "price": None, "plain": True, "position": 0,
                    }
                ],
            },
        )  # fmt: skip
        return variant

    def _add(
        self,
        kind: str,
        agg: str,
        agg_id: bytes,
        body: Mapping[str, Any],
        personal: Mapping[str, Any] | None = None,
    ) -> None:
        last = self.operations[-1] if self.operations else None
        n = len(self.operations) + 1
        self.operations.append(
            sealed(
                n=n, op_id=uuid.UUID(bytes=self._draw.randbytes(16)), kind=kind, agg=agg, agg_id=agg_id, body=body,
                personal=personal, salt=lambda: self._draw.randbytes(16), at_ms=_FIRST_MS + n,
                hlc=next_hlc(last.hlc if last else 0, _FIRST_MS + n), prev_hash=last.hash if last else GENESIS,
            )
        )  # fmt: skip


def send(messages: Sequence[Message], host: str, port: int, at_once: int) -> Sent:
    """Send them all, so many at once; every operation in them must be taken."""
    waiting, answers, each_ms, again = iter(messages), [], [], []
    turn = threading.Lock()

    def work() -> None:
        while True:
            with turn:
                message = next(waiting, None)
            if message is None:
                return
            begun = time.perf_counter()
            while (found := _post(message, host, port))[0] in _BUSY:
                again.append(found)
                time.sleep(1)
            each_ms.append((time.perf_counter() - begun) * 1000)
            answers.append(found)

    threads = [threading.Thread(target=work) for _ in range(at_once)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    assert len(answers) == len(messages)
    for status, body in answers:
        assert status == 200, body
        results = codec.decode(body, ExchangeReply).results
        assert results, "nothing was taken"
        assert all(result.s == "ok" for result in results), results
    return Sent(seconds, each_ms, len(again))


def _post(message: Message, host: str, port: int) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(host, port, timeout=_TIMEOUT_S)
    headers = {
        "Authorization": f"Bearer {message.token}",
        "Content-Encoding": "zstd",
        "Accept-Encoding": "zstd",
    }
    try:
        connection.request("POST", "/sync/v1/exchange", message.body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def main(file: str, host: str, port: str, at_once: str) -> None:
    """Send what is in the file."""
    messages = msgspec.msgpack.decode(Path(file).read_bytes(), type=list[Message])
    print(json.dumps(msgspec.to_builtins(send(messages, host, int(port), int(at_once)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
