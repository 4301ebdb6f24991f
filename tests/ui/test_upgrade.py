"""An earlier release's shop is brought to this one before the window, and whoever waits is told how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pos.domain.times import FixedClock
from pos.errors import EnvironmentFault
from pos.l10n import BANGLA, ENGLISH
from pos.shop import open_shop
from pos.store import migrate
from pos.store.file import SCHEMA, schema_of
from pos.store.upgrade import STEPS
from tests.shopkeeping import IN_A_HAT, dump
from tests.ui.extents import faults
from ui import app
from ui.pages.upgrade import UpgradeWindow
from ui.presenters.upgrading import Upgrading
from ui.tasks import Tasks
from ui.theme.look import Look

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from pos.paths import ShopPaths


@pytest.fixture
def tasks(application: QApplication) -> Iterator[Tasks]:
    assert application is not None
    made = Tasks()
    yield made
    made.settle()
    made.close()


@pytest.fixture
def upgrading(old: ShopPaths, tasks: Tasks) -> Upgrading:
    made = Upgrading(old, FixedClock(IN_A_HAT), tasks)
    tasks.crashed.connect(made.crashed)
    return made


def test_the_window_goes_by_itself_and_the_shop_opens(
    look: Look, old: ShopPaths, upgrading: Upgrading, qtbot: QtBot
) -> None:
    seen: list[tuple[str, int, int]] = []
    begun = upgrading._begun

    def noted(step: str, done: int, steps: int) -> None:
        seen.append((step, done, steps))
        begun(step, done, steps)

    upgrading._begun = noted  # type: ignore[method-assign]
    window = UpgradeWindow(look, upgrading)
    qtbot.addWidget(window)
    window.show()
    upgrading.start()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=30_000)
    assert upgrading.finished
    assert seen == [(step, at, len(STEPS)) for at, step in enumerate(STEPS)]
    assert schema_of(old.database) == SCHEMA
    with open_shop(old, FixedClock(IN_A_HAT)) as shop:
        assert shop.orders.list()


def test_closing_it_ends_before_the_next_step_and_leaves_the_shop_as_it_was(
    look: Look, old: ShopPaths, upgrading: Upgrading, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, change = dump(old.database), migrate.migrate
    window = UpgradeWindow(look, upgrading)
    qtbot.addWidget(window)

    def close_now(path: Path) -> None:
        upgrading.leave()  # as the window does, in the middle of a step
        change(path)

    monkeypatch.setattr(migrate, "migrate", close_now)
    window.show()
    upgrading.start()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=30_000)
    assert (upgrading.finished, upgrading.left) == (False, True)
    assert schema_of(old.database) == 1
    assert dump(old.database) == before
    assert not list(old.home.glob(".upgrading-*"))
    with open_shop(old, FixedClock(IN_A_HAT)):
        assert schema_of(old.database) == SCHEMA


def test_a_closed_window_stays_until_the_step_at_hand_has_ended_and_says_so(
    look: Look, upgrading: Upgrading, qtbot: QtBot
) -> None:
    window = UpgradeWindow(look, upgrading)
    qtbot.addWidget(window)
    window.show()
    upgrading.start()
    window.close()
    assert window.isVisible()
    assert window.said.text() == look.word("upgrade_leaving")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=30_000)
    assert upgrading.left or upgrading.finished


@pytest.mark.parametrize("error", [EnvironmentFault("disk_full", place="shop"), ZeroDivisionError()])
def test_what_goes_wrong_is_said_and_can_be_tried_again(
    look: Look, old: ShopPaths, upgrading: Upgrading, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:  # fmt: skip
    window = UpgradeWindow(look, upgrading)
    qtbot.addWidget(window)

    def refuse(_path: Path) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(migrate, "migrate", refuse)
        window.show()
        upgrading.start()
        qtbot.waitUntil(lambda: upgrading.fault is not None, timeout=30_000)
    assert window.fault.isVisible()
    assert "Traceback" not in window.fault.text()
    assert schema_of(old.database) == 1
    window.again.click()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=30_000)
    assert upgrading.finished


def test_after_a_fault_it_can_be_left(
    look: Look, upgrading: Upgrading, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = UpgradeWindow(look, upgrading)
    qtbot.addWidget(window)
    monkeypatch.setattr("ui.presenters.upgrading.upgrade_shop", lambda *_all: 1 / 0)
    window.show()
    upgrading.start()
    qtbot.waitUntil(lambda: upgrading.fault is not None, timeout=30_000)
    window.away.click()
    assert not window.isVisible()
    assert not upgrading.finished


def test_the_program_shows_it_before_its_window(
    application: QApplication, old: ShopPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    class Seen(UpgradeWindow):
        def show(self) -> None:
            shown.append(self.title.text())
            super().show()

    monkeypatch.setattr("ui.pages.upgrade.UpgradeWindow", Seen)
    assert app.upgrade(application, old, FixedClock(IN_A_HAT))
    assert len(shown) == 1
    assert schema_of(old.database) == SCHEMA


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("text", [100, 130])
@pytest.mark.parametrize("locale", [BANGLA, ENGLISH])
def test_nothing_is_clipped(
    upgrading: Upgrading, qtbot: QtBot, theme: str, text: int, locale: object
) -> None:
    look = Look(theme, locale, text)  # type: ignore[arg-type]
    window = UpgradeWindow(look, upgrading)
    qtbot.addWidget(window)
    window.show()
    for step in STEPS:
        upgrading.step, upgrading.done, upgrading.steps = step, STEPS.index(step), len(STEPS)
        upgrading.changed()
        assert faults(window) == []
    upgrading.failed(EnvironmentFault("disk_full", place="shop"))
    assert faults(window) == []
    upgrading.left = True
