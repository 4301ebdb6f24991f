"""Every line of sync that says how far somebody is stands in a bug that is caught, or has its reason."""

from __future__ import annotations

from tests.sync.lines import EXEMPT, in_mutants, position_lines
from tests.sync.mutants import LINES, LISTED
from tests.sync.targeted import TARGETED
from tests.sync.targeted_positions import POSITIONS


def test_every_line_that_sets_a_position_is_in_a_bug_that_is_caught_or_has_its_reason() -> None:
    changed = in_mutants((*LISTED, *LINES, *TARGETED, *POSITIONS))
    left = [line for line in position_lines() if (line.module, line.number) not in changed]
    overlooked = [
        f"{line.module} {line.number}, {line.function}: {line.text}"
        for line in left
        if line.place not in EXEMPT
    ]
    assert not overlooked, "\n".join(overlooked)


def test_a_reason_whose_line_is_gone_or_in_a_bug_is_gone_too() -> None:
    changed = in_mutants((*LISTED, *LINES, *TARGETED, *POSITIONS))
    left = {line.place for line in position_lines() if (line.module, line.number) not in changed}
    assert not EXEMPT.keys() - left
