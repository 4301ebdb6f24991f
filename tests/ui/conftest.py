"""The window over a real shop, drawn off-screen."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from pos.l10n import BANGLA
from tests.organiser import Organiser
from tests.shopkeeping import busy_day, clock, old, paths, shop, template
from tests.ui.keyboard import Keyboard
from ui.notices import Notices
from ui.pages.sell import SellPage
from ui.pages.sync import SyncPage
from ui.shell import Shell
from ui.tasks import Tasks
from ui.theme.look import Look, load_fonts, look_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from pos.domain.times import FixedClock
    from pos.shop import Shop

    Settled = Callable[[], None]
    Until = Callable[[str], SyncPage]

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


# ---- with a server -----------------------------------------------------------------------------------------


@pytest.fixture
def organiser(clock: FixedClock, shop: Shop) -> Organiser:
    made = Organiser(clock)
    made.tie(shop)
    return made


@pytest.fixture
def until(shell: Shell, qtbot: QtBot, settled: Settled) -> Until:
    """Shows the page once it is in a state."""

    def wait(state: str) -> SyncPage:
        sync = shell.presenters.sync
        if shell.page_name != "sync":
            shell.go("sync")

        def there() -> bool:
            shell._tick()
            return sync.known and not shell.tasks.busy() and sync.shown.state == state

        shell.tasks.settle()
        qtbot.waitUntil(there, timeout=20_000)
        page = shell.pages["sync"]
        assert isinstance(page, SyncPage)
        return page

    return wait


@pytest.fixture
def paired(shop: Shop, organiser: Organiser) -> Shop:
    """The shop, one of the vendor's."""
    organiser.pair(shop)
    return shop


@pytest.fixture
def second(tmp_path: Path, paired: Shop, organiser: Organiser) -> Iterator[Shop]:
    """Another laptop of the same vendor, level with the first."""
    with organiser.another(paired, tmp_path / "second") as other:
        yield other


@pytest.fixture
def met(shell: Shell, qtbot: QtBot, clock: FixedClock) -> Callable[[str], None]:
    """Waits until the line has met this fault, and lets the time go on that it takes until that is told."""

    def wait(fault: str) -> None:
        qtbot.waitUntil(lambda: shell.shop.sync.seen.fault == fault, timeout=20_000)
        clock.advance(ms=20_000)

    return wait
