"""The first command in a shop of an earlier release: it brings the shop along, and says how far it is."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pos.cli.context import Session
from pos.store.file import SCHEMA, schema_of
from tests.shopkeeping import of_first_release

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

    from tests.cli.conftest import Command


def test_it_shows_a_bar_step_by_step_and_answers_as_ever(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_first_release(command.home)
    told: list[tuple[int, int | None]] = []
    labels: list[str] = []

    @contextmanager
    def bar(_session: Session, _total: int, label: str) -> Iterator[Callable[[int, int | None], None]]:
        labels.append(label)
        yield lambda done, total: told.append((done, total))

    monkeypatch.setattr(Session, "progress", bar)
    assert command.json("order", "list")["count"] > 0
    assert labels == ["দোকান নতুন সংস্করণে আনা হচ্ছে"]
    assert told == [(n, 6) for n in range(6)]
    assert schema_of(command.home / "shop.db") == SCHEMA
    assert command.json("order", "list")["count"] > 0
    assert len(labels) == 1
    assert command.sound()
