"""A place in the vendor's order is seen with its operation or not at all: one lock is held over both."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any

import pytest

from pos.server import roundtrip
from pos.server.engine import open_database
from pos.server.intake import Intake
from pos.server.stream import raise_counter
from tests.server.conftest import Central
from tests.server.laptop import seqs

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from pos.server.judging import Candidate
    from pos.server.stream import Order
    from tests.server import postgres

_PATIENCE_S = 60.0
_WAITS_S = 1.0  # who waits for the lock is taken to wait on after so long


@pytest.fixture
def real(postgres_server: postgres.Server) -> Iterator[Central]:
    url = postgres_server.migrated()
    database = open_database(url)
    yield Central(database, url)
    database.close()


def passed_over(real: Central, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Places of orders that never reach a laptop which asks again and again.

    One laptop's order has its place and is not committed yet, another's comes after it, and the third asks.
    """
    shop = real.shop()
    _, [variant] = shop.product()
    shop.push()
    slow, quick, reader = real.second(shop), real.second(shop), real.laptop()
    for laptop in (slow, quick):
        laptop.push()
        laptop.order(variant)
    reader.pull()
    taken, go_on = threading.Event(), threading.Event()
    take = Intake.take

    def slowly(intake: Intake, candidates: Sequence[Candidate]) -> Any:
        if any(one.device_id == slow.device for one in candidates):
            taken.set()
            assert go_on.wait(_PATIENCE_S)
        return take(intake, candidates)

    with monkeypatch.context() as patched, ThreadPoolExecutor(2) as pool:
        patched.setattr(Intake, "take", slowly)
        try:
            first = pool.submit(slow.push)
            assert taken.wait(_PATIENCE_S)
            second = pool.submit(quick.push)
            wait([second], timeout=_WAITS_S)
            seen = seqs(reader.pull())
        finally:
            go_on.set()
        first.result()
        second.result()
    seen += seqs(reader.pull())
    sold = real.rows("operation", "seq", "kind = 'order.confirmed' ORDER BY seq")
    assert len(sold) == 2
    return [seq for (seq,) in sold if seq not in seen]


def test_nobody_passes_over_an_order_that_is_committed_late(
    real: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert passed_over(real, monkeypatch) == []


def test_a_place_that_is_taken_outside_the_transaction_would_be_passed_over(
    real: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bug that this design is there against: put in, it is seen by the test above."""

    def outside(_connection: Connection, vendor_id: uuid.UUID, by: int) -> Order | None:
        with real.database.write(vendor_id) as another:
            return raise_counter(another, vendor_id, by)

    monkeypatch.setattr(roundtrip, "raise_counter", outside)
    assert len(passed_over(real, monkeypatch)) == 1
