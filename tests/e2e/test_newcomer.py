"""A new laptop takes over a shop with its history; `python -m tests.e2e.newcomer` does the same on a large one."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from tests.e2e.newcomer import Newcomer

if TYPE_CHECKING:
    from pathlib import Path


def test_a_new_laptop_sells_before_the_history_is_in_and_never_begins_anew(tmp_path: Path) -> None:
    with closing(Newcomer(tmp_path, seed=3)) as scene:
        scene.begin(orders=600)
        scene.arrive()
        scene.finish(kills=3)
        assert len(scene.orders(scene.new)) == 601
