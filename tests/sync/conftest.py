"""The shops and the server of these tests; no test touches the keyring of the person who runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.keyless import no_keyring
from tests.sync.shops import Place, clock
from tests.sync.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pos.domain.times import FixedClock


__all__ = ["no_keyring"]


@pytest.fixture
def now() -> FixedClock:
    """The time, for laptops and server alike."""
    return clock()


@pytest.fixture
def wire(now: FixedClock) -> Wire:
    """The way to an empty server."""
    return Wire(now)


@pytest.fixture
def place(tmp_path: Path, now: FixedClock, wire: Wire) -> Callable[[str], Place]:
    """A folder for a shop, by name."""
    return lambda name: Place(tmp_path / name, now, wire)


@pytest.fixture
def one(place: Callable[[str], Place]) -> Place:
    """A paired shop with everything sent."""
    found = place("one")
    found.found()
    found.pair()
    found.synced()
    return found


@pytest.fixture
def two(one: Place, place: Callable[[str], Place]) -> Place:
    """A second laptop of the same vendor."""
    found = place("two")
    found.pair()
    found.synced()
    return found
