"""A bug in sync does not stay unseen: each of these, put into the module that ships, spoils a world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sync.mutants import LINES, LISTED
from tests.sync.mutating import Change, MissingTextError, mutated
from tests.sync.simulate import run_seed
from tests.sync.targeted import TARGETED
from tests.sync.targeted_doubles import DOUBLES
from tests.sync.targeted_positions import POSITIONS

if TYPE_CHECKING:
    from tests.sync.mutant import Mutant

SEEDS = 40  # from the first that is known to catch it; more only where the code around it has changed


@pytest.mark.parametrize("mutant", LISTED, ids=lambda mutant: mutant.name)
def test_a_bug_that_sync_has_had_elsewhere_is_caught(mutant: Mutant) -> None:
    assert mutant.caught(SEEDS) is not None


@pytest.mark.parametrize("mutant", LINES, ids=lambda mutant: mutant.name)
def test_without_this_line_a_world_fails(mutant: Mutant) -> None:
    assert mutant.caught(SEEDS) is not None


@pytest.mark.parametrize("mutant", [*TARGETED, *POSITIONS, *DOUBLES], ids=lambda mutant: mutant.name)
def test_a_bug_that_storms_hardly_ever_bring_to_light_is_caught_where_it_shows(mutant: Mutant) -> None:
    assert mutant.caught(1) is not None


def test_a_world_without_a_bug_is_sound_after_all_these() -> None:
    failed = run_seed(LISTED[0].first)
    assert failed is None, failed.told()


def test_a_mutant_whose_line_is_gone_says_so() -> None:
    with pytest.raises(MissingTextError), mutated(Change("pos.sync.round", "no such line", "")):
        pass
