"""Everything is killed at random while two laptops sell and sync; `python -m tests.e2e.storm` does it for longer."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.e2e.storm import storm

if TYPE_CHECKING:
    from pathlib import Path

_SECONDS, _LEAST = 6.0, 2


def test_what_was_confirmed_is_there_once_whatever_was_killed_on_the_way(tmp_path: Path) -> None:
    with storm(tmp_path, seed=11) as scene:
        scene.rage(_SECONDS, least=_LEAST)
        assert min(scene.kills.values()) >= _LEAST, scene.kills
        assert len(scene.settle()["orders"]) > 0
        assert any(scene.confirmed), "nobody heard of an order"


@pytest.mark.skipif(os.name != "posix", reason="the PostgreSQL of the tests is started as on POSIX")
def test_the_same_on_postgresql_which_is_killed_as_well(tmp_path: Path) -> None:
    from tests.server import postgres

    with (
        postgres.running() as server,
        storm(tmp_path, seed=12, database=server.migrated(), strike=server.strike) as scene,
    ):
        scene.rage(_SECONDS, least=_LEAST)
        assert min(scene.kills.values()) >= _LEAST, scene.kills
        assert len(scene.settle()["orders"]) > 0
        assert any(scene.confirmed), "nobody heard of an order"
