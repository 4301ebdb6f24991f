"""A new laptop takes over a shop with its history; `python -m tests.e2e.newcomer` does the same on a large one."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from tests.e2e.newcomer import Newcomer, rows_for

if TYPE_CHECKING:
    from pathlib import Path

_ORDERS, _KILLS = 300, 3


def test_a_new_laptop_sells_before_the_history_is_in_and_never_begins_anew(tmp_path: Path) -> None:
    with closing(Newcomer(tmp_path, seed=3)) as scene:
        scene.begin(_ORDERS)
        scene.arrive(rows_for(_ORDERS, _KILLS))
        scene.finish(_KILLS)
        assert scene.kills >= _KILLS
        assert scene.line.pages > _KILLS
        assert len(scene.orders(scene.new)) == _ORDERS + 1
