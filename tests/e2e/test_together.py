"""Several processes in one shop at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.crew import Worker, assert_all_there

if TYPE_CHECKING:
    from pos.paths import ShopPaths

EACH = 300


def test_two_sell_six_hundred_while_a_third_reads(paths: ShopPaths) -> None:
    sellers = [Worker(paths, "sell", EACH) for _ in range(2)]
    reader = Worker(paths, "look", 2 * EACH)
    assert [worker.finish() for worker in (*sellers, reader)] == [0, 0, 0]
    first, second = (worker.confirmed for worker in sellers)
    assert len(first) == len(second) == EACH
    assert not set(first) & set(second)
    assert reader.heard[-1] == {"seen": 2 * EACH}
    assert_all_there(paths, first | second)
