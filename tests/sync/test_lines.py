"""Every line that says how far somebody is, or what is there already, is in a bug that is caught or has its reason."""

from __future__ import annotations

from tests.sync.lines import EXEMPT, in_mutants, lines, names_gone
from tests.sync.mutants import LINES, LISTED
from tests.sync.targeted import TARGETED
from tests.sync.targeted_doubles import DOUBLES
from tests.sync.targeted_positions import POSITIONS

EVERY = (*LISTED, *LINES, *TARGETED, *POSITIONS, *DOUBLES)


def test_every_line_about_positions_and_doubles_is_in_a_bug_that_is_caught_or_has_its_reason() -> None:
    changed = in_mutants(EVERY)
    left = [line for line in lines() if (line.module, line.number) not in changed]
    overlooked = [
        f"{line.module} {line.number}, {line.function}: {line.text}"
        for line in left
        if line.place not in EXEMPT
    ]
    assert not overlooked, "\n".join(overlooked)


def test_a_reason_whose_line_is_gone_or_in_a_bug_is_gone_too() -> None:
    changed = in_mutants(EVERY)
    left = {line.place for line in lines() if (line.module, line.number) not in changed}
    assert not EXEMPT.keys() - left


def test_a_name_that_is_gone_from_its_module_is_not_looked_for() -> None:
    assert not names_gone()
