"""The Sync page over a real server's core: syncing, deciding, devices, with the keyboard alone."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pos.l10n import BANGLA, ENGLISH
from pos.services.product_change import ProductChange
from tests.organiser import ADDRESS, Organiser
from tests.shopkeeping import busy_day, sale, spoil
from tests.ui.test_walk import faults_at_every_size, set_up
from ui.pages.sync_dialogs import RevokeDialog
from ui.pages.sync_words import value_text
from ui.theme.look import Look

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from pos.domain.times import FixedClock
    from pos.paths import ShopPaths
    from pos.shop import Shop
    from tests.ui.conftest import Settled, Until
    from tests.ui.keyboard import Keyboard
    from ui.shell import Shell

# ---- syncing -------------------------------------------------------------------------------------------


def test_a_sale_goes_to_the_server_by_itself(
    paired: Shop, organiser: Organiser, shell: Shell, until: Until, qtbot: QtBot, settled: Settled
) -> None:
    until("synced")
    before = len(organiser.asked)
    paired.orders.take(sale())

    def gone() -> bool:
        shell._tick()
        return paired.waiting.look().ids == () and len(organiser.asked) > before

    qtbot.waitUntil(gone, timeout=20_000)
    settled()
    until("synced")


def test_without_internet_the_page_says_what_waits_and_selling_goes_on(
    paired: Shop, organiser: Organiser, shell: Shell, clock: FixedClock, until: Until, keyboard: Keyboard
) -> None:
    until("synced")
    organiser.down = "no_internet"
    number = paired.orders.take(sale()).number
    shell._tick()
    shell.presenters.sync.now()
    page = until("waiting")
    clock.advance(ms=41 * 60_000)
    page = until("offline")
    assert page.list.rows.rowCount() == 1
    assert number in page.list.rows.data(page.list.rows.index(0))
    assert page.state.title.text() == "ইন্টারনেট নেই – নিশ্চিন্তে কাজ চালিয়ে যান"
    assert "৪১ মিনিট ধরে নেই" in page.path.accessibleName()
    assert shell.frame.status.safe.text() == "ইন্টারনেট নেই – কাজ চলবে"
    assert "১টি পরিবর্তন অপেক্ষায়" in shell.frame.status.detail.text()
    assert shell.frame.rail.items["sync"].accessibleName() == "সিঙ্ক ১"
    organiser.down = ""
    keyboard.press("F5")
    page = until("synced")
    assert page.nothing.isVisible()
    assert shell.frame.rail.items["sync"].accessibleName() == "সিঙ্ক"


@pytest.mark.parametrize(
    ("down", "state"),
    [
        ("server_unreachable", "away"),
        ("network_login", "network"),
        ("login_needed", "login"),
        ("app_too_old", "old"),
        ("server_untrusted", "trouble"),
        ("proxy_unclear", "trouble"),
        ("quota_used_up", "trouble"),
        ("device_shut_out", "revoked"),
    ],
)
@pytest.mark.parametrize(("lang", "text"), [("bn", "100"), ("en", "130")])
def test_every_state_stands_in_every_window(
    paired: Shop, organiser: Organiser, shell: Shell, clock: FixedClock, until: Until, met: Callable[[str], None],
    down: str, state: str, lang: str, text: str,
) -> None:  # fmt: skip
    set_up(shell, paired, "dark", lang, text)
    until("synced")
    organiser.down = down
    paired.orders.take(sale())
    shell._tick()
    clock.advance(ms=60_000)
    shell.presenters.sync.now()
    met(down)
    page = until(state)
    assert faults_at_every_size(shell) == {}
    assert page.form.isHidden() == (state not in ("login", "revoked"))
    if state in ("login", "revoked"):
        assert page.server.text() == ADDRESS


def test_what_the_server_keeps_aside_is_said_and_listed(
    paired: Shop, organiser: Organiser, shell: Shell, until: Until
) -> None:
    paired.orders.take(sale())
    organiser.sync(paired)
    spoil(
        paired.paths.database, "UPDATE op SET state = 3, why = 'kind_unknown' WHERE kind = 'order.confirmed'"
    )
    page = until("held")
    assert "আলাদা রাখা" in page.state.title.text()
    assert "আলাদা রাখা" in page.list.rows.data(page.list.rows.index(0))


def test_the_waiting_list_is_a_sound_model(
    paired: Shop,
    organiser: Organiser,
    shell: Shell,
    until: Until,
    met: Callable[[str], None],
    qtmodeltester: ModelTester,
) -> None:
    organiser.down = "no_internet"
    busy_day(paired)
    shell.tasks.settle()
    met("no_internet")
    page = until("offline")
    assert page.list.rows.rowCount() > 10
    assert "শনিবার, ২৮ নভেম্বর ২০২৬" in page.list.rows.data(page.list.rows.index(0)), "a day as people say it"
    qtmodeltester.check(page.list.rows)  # type: ignore[no-untyped-call]


def test_finding_problems_holds_everything_against_the_server(
    paired: Shop, organiser: Organiser, shell: Shell, until: Until, settled: Settled
) -> None:
    paired.orders.take(sale())
    page = until("synced")
    page.check.click()
    settled()
    assert page.said_text.text().startswith("মিলেছে")
    organiser.down = "server_unreachable"
    page.check.click()
    settled()
    assert "সাড়া দিচ্ছে না" in page.said_text.text()


def test_going_back_to_a_backup_stops_the_sync_and_begins_it_anew(
    paired: Shop, organiser: Organiser, shell: Shell, until: Until, settled: Settled
) -> None:
    until("synced")
    paired.backups.make()
    number = paired.orders.take(sale()).number
    shell.presenters.backup.look_into(paired.backups.list()[0].file)
    settled()
    shell.presenters.backup.restore(replay=True)
    settled()
    settled()
    until("synced")
    assert paired.orders.show(number).number == number
    assert organiser.asked.count("/sync/v1/exchange") > 1


def test_a_window_is_closed_without_waiting_for_a_server_that_is_silent(
    paired: Shop, organiser: Organiser, shell: Shell, until: Until, qtbot: QtBot
) -> None:
    import threading

    until("synced")
    arrived, let_go = threading.Event(), threading.Event()

    def silent(_path: str) -> None:
        arrived.set()
        let_go.wait(60)

    organiser.before = silent
    shell.presenters.sync.now()
    assert arrived.wait(10)
    paired.close()
    assert not let_go.is_set(), "nobody has answered, and the shop is closed"
    let_go.set()
    paired.reopen()


# ---- what is to be decided -----------------------------------------------------------------------------


def test_two_prices_are_settled_by_keyboard_alone(
    paired: Shop, second: Shop, organiser: Organiser, shell: Shell, clock: FixedClock, until: Until, keyboard: Keyboard,
    qtbot: QtBot, settled: Settled,
) -> None:  # fmt: skip
    paired.catalogue.edit("P001", ProductChange(price_paisa=65_000))
    clock.advance(ms=60_000)
    second.catalogue.edit("P001", ProductChange(price_paisa=62_000))
    for one in (paired, second, paired):
        organiser.sync(one)
    page = until("synced")
    page.arrive()
    settled()
    assert page.conflict.isVisible()
    assert page.conflict.about.text() == "খাঁটি মধু – দুই ডিভাইসে দাম আলাদা"
    there, here = page.conflict.values.cards
    assert there.accessibleName().startswith("৳৬২০, ডিভাইস B")
    assert here.accessibleName().startswith("৳৬৫০, এই ডিভাইস")
    assert there.isChecked()
    assert there.hasFocus()
    keyboard.press("Down")
    assert here.isChecked()
    keyboard.press("F9")
    settled()
    until("synced")
    settled()
    assert page.conflict.isHidden()
    assert page.toast_text() == "মিলিয়ে দেওয়া হয়েছে"
    assert paired.catalogue.show("P001").price_paisa == 65_000
    organiser.sync(paired)
    organiser.sync(second)
    assert second.catalogue.show("P001").price_paisa == 65_000
    assert second.conflicts.count() == 0


def test_a_hat_day_that_two_set_differently_is_told_in_words_and_settled(
    paired: Shop, second: Shop, organiser: Organiser, shell: Shell, clock: FixedClock, until: Until, keyboard: Keyboard,
    settled: Settled,
) -> None:  # fmt: skip
    day = dt.date(2026, 12, 2)
    paired.configuration.add_hat(day, opens="10:00", closes="20:30", ordinal=262)
    clock.advance(ms=60_000)
    second.configuration.add_hat(day)
    second.configuration.cancel_hat(day)
    for one in (paired, second, paired):
        organiser.sync(one)
    page = until("synced")
    page.arrive()
    settled()
    assert page.conflict.about.text() == "বুধবার, ২ ডিসেম্বর ২০২৬ – দুই ডিভাইসে হাট আলাদা"
    there, here = page.conflict.values.cards
    assert there.accessibleName().startswith("হাট নেই, ডিভাইস B")
    assert here.accessibleName().startswith("২৬২তম হাট, সকাল ১০টা – রাত ৮:৩০, এই ডিভাইস")
    assert there.hasFocus()
    keyboard.press("Down")
    assert here.isChecked()
    keyboard.press("F9")
    settled()
    until("synced")
    settled()
    assert page.conflict.isHidden()
    for one in (paired, second):
        organiser.sync(one)
    assert second.conflicts.count() == 0
    assert [hat.ordinal for hat in second.configuration.hats() if hat.on == day] == [262]


@pytest.mark.parametrize(
    ("value", "bangla", "english"),
    [
        (None, "সপ্তাহের নিয়মে যেমন", "As the week has it"),
        ({"kind": "cancelled", "opens": None, "closes": None, "ordinal": None}, "হাট নেই", "No hat"),
        ({"kind": "added", "opens": None, "closes": None, "ordinal": None}, "হাট আছে", "Hat held"),
        (
            {"kind": "added", "opens": 545, "closes": 1440, "ordinal": 261},
            "২৬১তম হাট, সকাল ৯:০৫ – রাত ১২টা", "261st hat, 9:05 AM – 12 AM",
        ),
    ],
)  # fmt: skip
def test_every_way_a_hat_day_may_be_set_has_its_words(value: object, bangla: str, english: str) -> None:
    for locale, said in ((BANGLA, bangla), (ENGLISH, english)):
        assert value_text(Look("light", locale), "day", value) == said


def test_a_question_stays_before_the_eyes_while_others_come(
    paired: Shop,
    second: Shop,
    organiser: Organiser,
    shell: Shell,
    clock: FixedClock,
    until: Until,
    settled: Settled,
) -> None:
    for sku in ("P003", "P004"):
        paired.catalogue.edit(sku, ProductChange(price_paisa=5_000))
        clock.advance(ms=60_000)
        second.catalogue.edit(sku, ProductChange(price_paisa=6_000))
    for one in (paired, second, paired):
        organiser.sync(one)
    until("synced")
    sync = shell.presenters.sync
    sync.refresh()
    settled()
    assert len(sync.disputes) == 2
    sync.another()
    dispute = sync.dispute()
    assert dispute is not None
    sync.choose(dispute.values[1].op)
    sync.refresh()
    settled()
    assert sync.dispute() == dispute
    assert sync.chosen == dispute.values[1].op


def test_goods_below_zero_stand_until_goods_come_in(
    paired: Shop, organiser: Organiser, shell: Shell, until: Until, settled: Settled
) -> None:
    number = paired.orders.take(sale("P003", "25")).number
    page = until("synced")
    shell.presenters.sync.refresh()
    settled()
    assert page.short.isVisible()
    assert number in page.short._shown[0].orders  # type: ignore[index]
    paired.stock.move("P003", "5", "purchase")
    shell._tick()
    settled()
    shell.presenters.sync.refresh()
    settled()
    assert page.short.isHidden()


# ---- devices -------------------------------------------------------------------------------------------


def test_the_devices_are_listed_and_one_is_taken_out(
    paired: Shop, second: Shop, organiser: Organiser, shell: Shell, until: Until, settled: Settled
) -> None:
    page = until("synced")
    settled()
    page.arrive()
    settled()
    here, there = page.devices.rows
    assert here.accessibleName().startswith("ডিভাইস A")
    assert here.out is None
    assert there.out is not None
    there.out.click()
    dialog = page.dialog()
    assert isinstance(dialog, RevokeDialog)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert page.dialog() is None
    there.out.click()
    dialog = page.dialog()
    assert isinstance(dialog, RevokeDialog)
    assert not dialog.go.hasFocus(), "taking out is never one key away"
    dialog.go.click()
    settled()
    assert page.devices.rows[1].device.revoked_at_ms is not None
    assert page.devices.rows[1].out is None
    second.orders.take(sale())
    organiser.sync(second)
    assert second.waiting.look().held == 1


def test_without_internet_the_devices_are_those_that_were_told_last(
    paired: Shop,
    second: Shop,
    organiser: Organiser,
    shell: Shell,
    clock: FixedClock,
    until: Until,
    settled: Settled,
) -> None:
    page = until("synced")
    page.arrive()
    settled()
    organiser.down = "no_internet"
    clock.advance(ms=43 * 60_000)
    shell.presenters.sync.stopped()  # as where the window is closed and opened again
    settled()
    paired.orders.take(sale())
    shell.presenters.sync.now()
    page = until("waiting")
    clock.advance(ms=60_000)
    page = until("offline")
    page.arrive()
    settled()
    here, there = page.devices.rows
    assert (here.chip.text(), there.chip.text()) == ("অফলাইন", "৪৪ মিনিট আগে")
    assert page.devices.wrong.isHidden(), "the card says it, and nobody has asked for anything"
    assert page.devices.nothing.isHidden()
    clock.advance(ms=60_000)
    shell._tick()
    assert there.chip.text() == "৪৫ মিনিট আগে"
    assert there.out is not None
    there.out.click()
    dialog = page.dialog()
    assert isinstance(dialog, RevokeDialog)
    dialog.go.click()
    settled()
    assert "ইন্টারনেট" in page.devices.wrong.text()
    organiser.down = ""
    second.orders.take(sale())
    organiser.sync(second)
    shell.presenters.sync.now()
    page = until("synced")
    settled()
    assert [row.chip.text() for row in page.devices.rows] == ["এইমাত্র", "এইমাত্র"]


def test_a_helper_takes_nobody_out_and_gives_no_codes(
    paired: Shop, second: Shop, organiser: Organiser, shell: Shell, until: Until, settled: Settled
) -> None:
    page = until("synced")
    page.arrive()
    settled()
    paired.desk.operator = paired.operators.add("তারেক")
    shell.presenters.sync.ask_code()
    settled()
    assert page.dialog() is None
    assert page.devices.wrong.isVisible()
    assert shell.presenters.sync.faults["devices"].code == "owner_only"


# ---- the order's page ----------------------------------------------------------------------------------


def test_an_order_says_how_far_it_has_come(
    paired: Shop, organiser: Organiser, shell: Shell, until: Until, settled: Settled
) -> None:
    until("synced")
    number = paired.orders.take(sale()).number
    organiser.sync(paired)
    shell.open_order(number)
    settled()
    where = shell.pages["order"].where  # type: ignore[attr-defined]
    assert where.accessibleName().endswith("এই কম্পিউটারে ▸ ব্যাকআপ বাকি ▸ সার্ভারে")


# ---- the start -----------------------------------------------------------------------------------------


def test_the_first_page_needs_nothing_of_sync(paths: ShopPaths) -> None:
    script = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
from pos.domain.times import SystemClock
from pos.paths import ShopPaths
from ui.app import enter, make_application, open_behind, threshold
application = make_application()
paths = ShopPaths(Path(sys.argv[1]))
shell, shop = threshold(paths, SystemClock())
shell.tasks.wait(lambda: open_behind(shop))
enter(shell, shop)
shell.start()
application.processEvents()
late = ("pos.sync", "httpx", "zstandard", "keyring")
print(sorted({name for name in sys.modules if name.startswith(late)}))
shell.close()
shop.close()
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(paths.home)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
