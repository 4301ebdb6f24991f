"""The window over a real shop, drawn off-screen."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from pos.l10n import BANGLA
from tests.shopkeeping import clock, paths, shop, template
from ui.notices import Notices
from ui.shell import Shell
from ui.tasks import Tasks
from ui.theme.look import Look, load_fonts, look_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from pos.shop import Shop

__all__ = ["clock", "paths", "shop", "template"]


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """As the app names itself."""
    return ["hatkhata"]


@pytest.fixture(scope="session", autouse=True)
def loaded() -> None:
    """What was imported stays anyway: looking it through again and again would cost more than the tests."""
    gc.freeze()


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """What a test leaves behind is freed here, on the window's thread."""
    yield
    gc.enable()
    gc.collect()


@pytest.fixture(scope="session")
def application(qapp: QApplication) -> QApplication:
    """Qt in our style and with our fonts."""
    qapp.setStyle("Fusion")
    load_fonts()
    return qapp


@pytest.fixture
def look(application: QApplication) -> Look:
    """Light, Bangla, ordinary text."""
    assert application is not None
    return Look("light", BANGLA)


@pytest.fixture
def shell(application: QApplication, shop: Shop, qtbot: QtBot) -> Iterator[Shell]:
    """The window, open and in front."""
    assert application is not None
    shop.configuration.put("ui.theme", "light")
    tasks = Tasks()
    window = Shell(look_of(shop.desk.device.all()), tasks, Notices())
    window.enter(shop)
    qtbot.addWidget(window)
    window.resize(1366, 688)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.start()
    yield window
    window.close()


@pytest.fixture
def settled(shell: Shell, qtbot: QtBot) -> Callable[[], None]:
    """Waits until everything under way has come back."""

    def wait() -> None:
        qtbot.waitUntil(lambda: not shell.tasks.busy(), timeout=20_000)

    return wait
