"""The shops that these tests work in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.organiser import Organiser
from tests.shopkeeping import clock, paths, shop, template

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pos.domain.times import FixedClock
    from pos.shop import Shop

__all__ = ["clock", "paths", "shop", "template"]


@pytest.fixture
def organiser(clock: FixedClock) -> Organiser:
    return Organiser(clock)


@pytest.fixture
def second(tmp_path: Path, shop: Shop, organiser: Organiser) -> Iterator[Shop]:
    """Another laptop of the same vendor, level with the first; both are paired."""
    organiser.pair(shop)
    with organiser.another(shop, tmp_path / "second") as other:
        yield other
