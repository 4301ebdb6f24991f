"""What the organiser says to all shops stands in the window after the next sync, and offline ever after."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from tests.keyless import no_keyring
from tests.organiser import Organiser
from tests.shopkeeping import sale
from tests.sync.wire import served
from tests.ui.test_walk import faults_at_every_size, set_up
from ui.app import enter, open_behind, threshold
from ui.pages.sell import SellPage
from ui.pages.settings import SettingsPage
from ui.pages.settings_sections import HatSection
from ui.pages.sync import SyncPage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from pos.domain.times import FixedClock
    from pos.paths import ShopPaths
    from pos.shop import Shop
    from tests.ui.conftest import Settled, Until
    from ui.shell import Shell

    Exchanged = Callable[[Shell], None]

__all__ = ["no_keyring"]

TODAY = dt.date(2026, 11, 24)


@pytest.fixture
def anew(
    application: QApplication, paths: ShopPaths, clock: FixedClock, qtbot: QtBot
) -> Iterator[Callable[[], Shell]]:
    """Starts the program as it starts; where its server was, nobody answers any more."""
    assert application is not None
    made: list[tuple[Shell, Shop]] = []
    hook = sys.excepthook

    def start() -> Shell:
        window, shop = threshold(paths, clock)
        made.append((window, shop))
        window.tasks.wait(lambda: open_behind(shop))
        enter(window, shop)
        window.start()

        def missed() -> bool:
            window._tick()
            return not window.tasks.busy() and shop.sync.seen.fault == "server_unreachable"

        qtbot.waitUntil(missed, timeout=20_000)
        return window

    yield start
    sys.excepthook = hook
    for window, shop in made:
        window.close()
        window.tasks.close()
        shop.close()


@pytest.fixture
def exchanged(qtbot: QtBot) -> Exchanged:
    """Waits until one more exchange with the server is over, and the window has seen what came."""

    def wait(shell: Shell) -> None:
        qtbot.waitUntil(lambda: not shell.tasks.busy(), timeout=20_000)
        before = shell.shop.sync.seen
        shell.presenters.sync.now()

        def over() -> bool:
            shell._tick()
            seen = shell.shop.sync.seen
            return seen is not before and seen.standing.state == "synced" and not shell.tasks.busy()

        qtbot.waitUntil(over, timeout=20_000)

    return wait


def strip(window: Shell) -> tuple[str, str, str]:
    """What the bar of the hat says: state, hat, hours."""
    window.go("sell")
    page = window.page()
    assert isinstance(page, SellPage)
    QApplication.processEvents()
    return page.hat.state.text(), page.hat.name.text(), page.hat.hours.text()


def listed(window: Shell) -> list[str]:
    """The hats of the settings, as they are read out; the page is left open."""
    if window.page_name != "settings":
        window.go("settings")
        window.presenters.settings.choose("hats")
        QApplication.processEvents()
    page = window.page()
    assert isinstance(page, SettingsPage)
    [section] = page.findChildren(HatSection)
    rows = section.list.rows
    return [str(rows.data(rows.index(at))) for at in range(rows.rowCount())]


OFF = ("আজ হাট হবে না", "শুক্র ২৭ নভে", "শুক্রবার · সকাল ৯টা – রাত ৯টা")
ROW = "মঙ্গলবার ২৪ নভেম্বর ২০২৬, ঝড়ের জন্য, হবে না"


@pytest.mark.parametrize("shown", ["sell", "settings"])
def test_a_hat_that_the_organiser_cancels_is_off_after_the_next_sync_and_offline_ever_after(
    shop: Shop, clock: FixedClock, opened: Callable[[], Shell], exchanged: Exchanged, anew: Callable[[], Shell],
    shown: str,
) -> None:  # fmt: skip
    organiser = Organiser(clock)
    with served(organiser) as address:
        shop.close()
        shop.pair(address, organiser.code())
        shop.reopen()
        shell = opened()
        exchanged(shell)
        assert strip(shell) == ("হাট চলছে", "আজ", "মঙ্গলবার · সকাল ৯টা – রাত ৯টা")
        assert not any("হবে না" in row for row in listed(shell))
        shell.go(shown)
        organiser.office.cancel_hat(TODAY, "ঝড়ের জন্য")
        exchanged(shell)
        if shown == "sell":
            assert strip(shell) == OFF
        assert listed(shell)[0] == ROW
        assert strip(shell) == OFF
        shell.close()
        shop.close()
    window = anew()
    assert strip(window) == OFF
    page = window.page()
    assert isinstance(page, SellPage)
    assert page.hat.state.toolTip() == "ঝড়ের জন্য"
    assert listed(window)[0] == ROW
    window.shop.orders.take(sale())
    assert window.shop.orders.show("A-26-000001").hat is None, "a sale of this day is of no hat"
    clock.advance(ms=86_400_000)
    window.go("sell")
    window._tick()
    assert strip(window)[0] == "পরের হাট"


@contextlib.contextmanager
def called_off(shop: Shop, clock: FixedClock) -> Iterator[Organiser]:
    """An organiser who holds no hat today, and with whom the shop is paired; it has not heard of it yet."""
    organiser = Organiser(clock)
    organiser.office.cancel_hat(TODAY)
    with served(organiser) as address:
        shop.close()
        shop.pair(address, organiser.code())
        shop.reopen()
        yield organiser


def test_what_comes_in_the_window_s_first_second_is_shown_as_well(
    shop: Shop, clock: FixedClock, opened: Callable[[], Shell], qtbot: QtBot
) -> None:
    with called_off(shop, clock):
        shell = opened()
        shell._clock.stop()
        qtbot.waitUntil(lambda: shop.sync.seen.standing.state == "synced", timeout=20_000)
        shell._tick()
        assert strip(shell) == OFF
        shell.close()
        shop.close()


def test_a_hat_that_is_held_after_all_comes_back_with_the_sync(
    shop: Shop, clock: FixedClock, opened: Callable[[], Shell], exchanged: Exchanged
) -> None:
    with called_off(shop, clock) as organiser:
        shell = opened()
        exchanged(shell)
        assert strip(shell) == OFF
        organiser.office.clear_hat(TODAY)
        exchanged(shell)
        assert strip(shell)[0] == "হাট চলছে"
        shell.close()
        shop.close()


@pytest.mark.parametrize("text", ["100", "130"])
@pytest.mark.parametrize("lang", ["bn", "en"])
def test_a_day_without_its_hat_stands_whole_in_every_window(
    shop: Shop, opened: Callable[[], Shell], lang: str, text: str
) -> None:
    shop.configuration.cancel_hat(TODAY)
    shell = opened()
    set_up(shell, shop, "light", lang, text)
    assert strip(shell)[0] == ("আজ হাট হবে না" if lang == "bn" else "No hat today")
    assert faults_at_every_size(shell) == {}


def test_a_notice_stands_offline_in_a_window_that_is_opened_anew(
    shop: Shop,
    clock: FixedClock,
    opened: Callable[[], Shell],
    exchanged: Exchanged,
    anew: Callable[[], Shell],
) -> None:
    organiser = Organiser(clock)
    with served(organiser) as address:
        shop.close()
        shop.pair(address, organiser.code())
        shop.reopen()
        shell = opened()
        organiser.office.write_notice("হাট আগে শুরু", "সকাল ৮টায়", kind="warning")
        exchanged(shell)
        assert [banner.title for banner in shell.notices.banners()] == ["আয়োজক: হাট আগে শুরু"]
        shell.close()
        shop.close()
    window = anew()
    assert [banner.title for banner in window.notices.banners()] == ["আয়োজক: হাট আগে শুরু"]
    window.go("sync")
    window.tasks.settle()
    QApplication.processEvents()
    page = window.page()
    assert isinstance(page, SyncPage)
    assert page.notices.isVisible()


def test_a_notice_stands_over_every_page_until_it_is_waved_away_for_good(
    paired: Shop,
    organiser: Organiser,
    shell: Shell,
    until: Until,
    opened: Callable[[], Shell],
    settled: Settled,
) -> None:
    until("synced")
    organiser.office.write_notice("হাট আগে শুরু", "সকাল ৮টায়", kind="warning")
    shell.presenters.sync.now()
    until("synced")
    organiser.sync(paired)
    shell._tick()
    settled()
    page = until("synced")
    (banner,) = shell.notices.banners()
    assert banner.title == "আয়োজক: হাট আগে শুরু"
    assert page.notices.isVisible()
    shell.notices.clear(banner.about)
    shell.presenters.sync.refresh()
    settled()
    assert shell.notices.banners() == []
    assert page.notices.isVisible(), "on its page it stays as long as it holds"
