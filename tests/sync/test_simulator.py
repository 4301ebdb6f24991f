"""Whatever happens to lines, laptops and the server: nothing is lost, doubled or altered, and all agree in the end."""

from __future__ import annotations

import pytest

from tests.sync.simulate import REGRESSIONS, run_seed

SEEDS = 300
_CHUNK = 15


@pytest.mark.parametrize("first", range(0, SEEDS, _CHUNK))
def test_every_world_ends_in_one_truth(first: int) -> None:
    for seed in range(first, first + _CHUNK):
        failed = run_seed(seed)
        assert failed is None, failed.told()


@pytest.mark.parametrize("seed", REGRESSIONS)
def test_what_failed_once_holds(seed: int) -> None:
    failed = run_seed(seed)
    assert failed is None, failed.told()
