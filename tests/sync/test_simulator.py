"""Whatever happens to lines, laptops and the server: nothing is lost, doubled or altered, and all agree in the end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.sync.simulate import REGRESSIONS, run_seed, storms_of

SEEDS = 300
_CHUNK = 15
# Of worlds in which laptops are shut out and let in again all the time; those above ten failed once.
LET_IN = (*range(6), 56, 113, 1108, 2009)


@pytest.mark.parametrize("first", range(0, SEEDS, _CHUNK))
def test_every_world_ends_in_one_truth(first: int) -> None:
    for seed in range(first, first + _CHUNK):
        failed = run_seed(seed)
        assert failed is None, failed.told()


@pytest.mark.parametrize("seed", REGRESSIONS)
def test_what_failed_once_holds(seed: int) -> None:
    failed = run_seed(seed)
    assert failed is None, failed.told()


@pytest.mark.parametrize("seed", LET_IN)
def test_what_laptops_that_are_let_in_again_sold_meanwhile_is_everybodys(seed: int) -> None:
    failed = run_seed(seed, steps=50, storms=replace(storms_of(seed), revoke=6, let_in=8))
    assert failed is None, failed.told()
