"""The shops and the server of these tests; no test touches the keyring of the person who runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.backends import null

from tests.sync.shops import Place, clock
from tests.sync.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pos.domain.times import FixedClock


@pytest.fixture(autouse=True)
def no_keyring() -> Iterator[None]:
    """As on a computer that has none."""
    before = keyring.get_keyring()
    keyring.set_keyring(null.Keyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


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
