"""The window over a real shop, drawn off-screen."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from pos.l10n import BANGLA
from tests.shopkeeping import busy_day, clock, old, paths, shop, template
from tests.ui.keyboard import Keyboard
from ui.notices import Notices
from ui.pages.sell import SellPage
from ui.shell import Shell
from ui.tasks import Tasks
from ui.theme.look import Look, load_fonts, look_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from pos.shop import Shop

__all__ = ["clock", "old", "paths", "shop", "template"]


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
def opened(application: QApplication, shop: Shop, qtbot: QtBot) -> Iterator[Callable[[], Shell]]:
    """Opens the window as the program does."""
    assert application is not None
    shop.configuration.put("ui.theme", "light")
    made: list[Shell] = []

    def open_window() -> Shell:
        shell = Shell(look_of(shop.desk.device.all()), Tasks(), Notices())
        shell.enter(shop)
        made.append(shell)
        qtbot.addWidget(shell)
        shell.resize(1366, 688)
        shell.show()
        shell.activateWindow()
        qtbot.waitUntil(shell.isActiveWindow)
        shell.start()
        return shell

    yield open_window
    for shell in made:
        shell.close()


@pytest.fixture
def shell(opened: Callable[[], Shell]) -> Shell:
    """The window, open and in front."""
    return opened()


@pytest.fixture
def keyboard(shell: Shell, qtbot: QtBot) -> Keyboard:
    """A keyboard at the window."""
    return Keyboard(shell, qtbot)


@pytest.fixture
def page(shell: Shell) -> SellPage:
    """The page that the window opens on; tests of another page have a `page` of their own."""
    page = shell.page()
    assert isinstance(page, SellPage)
    return page


@pytest.fixture
def numbers(shop: Shop) -> list[str]:
    """A cash-on-delivery order, one over the counter, one that is owed, a cancelled one."""
    return busy_day(shop)


@pytest.fixture
def settled(shell: Shell, qtbot: QtBot) -> Callable[[], None]:
    """Waits until everything under way has come back."""

    def wait() -> None:
        qtbot.waitUntil(lambda: not shell.tasks.busy(), timeout=20_000)

    return wait
