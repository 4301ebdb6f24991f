"""The Backup page: a copy now, a look into it, and back, with the window standing all the while."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pos.errors import ConflictError
from tests.shopkeeping import sale, spoil
from ui.pages.backup import BackupPage
from ui.pages.backup_restore import Curtain, RestoreDialog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.modeltest import ModelTester

    from pos.domain.times import FixedClock
    from pos.errors import PosError
    from pos.shop import Shop
    from ui.shell import Shell


def page_of(shell: Shell, settled: Callable[[], None]) -> BackupPage:
    shell.go("backup")
    settled()
    page = shell.pages["backup"]
    assert isinstance(page, BackupPage)
    return page


def test_f9_makes_a_backup_and_the_page_says_when(
    shell: Shell, shop: Shop, settled: Callable[[], None]
) -> None:
    page = page_of(shell, settled)
    QTest.keyClick(shell, Qt.Key.Key_F9)
    settled()
    settled()
    assert len(shop.backups.list()) == 1
    assert page.toast_text() == "ব্যাকআপ নেওয়া হয়েছে"
    assert "আজ ৫:৪৬ PM" in page.state.accessibleName()
    assert page.list.rows.rowCount() == 1


def test_the_second_place_gets_one_too_and_is_told_where_it_is_gone(
    shell: Shell, shop: Shop, settled: Callable[[], None], tmp_path: Path
) -> None:
    page = page_of(shell, settled)
    stick = tmp_path / "stick"
    stick.mkdir()
    shell.presenters.backup.set_folder(str(stick))
    settled()
    shell.presenters.backup.back_up()
    settled()
    assert len(list(stick.iterdir())) == 1
    stick.rename(tmp_path / "pulled")
    shell.presenters.backup.back_up()
    settled()
    assert page.fault.isVisible()
    assert shell.presenters.backup.faults["backup"].code == "backup_folder_missing"
    assert len(shop.backups.list()) == 2


def test_going_back_shows_what_would_be_missing_and_brings_it_along(
    shell: Shell, shop: Shop, settled: Callable[[], None]
) -> None:
    shop.orders.take(sale())
    shop.backups.make()
    lost = shop.orders.take(sale()).number
    page = page_of(shell, settled)
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    settled()
    dialog = page.dialog()
    assert isinstance(dialog, RestoreDialog)
    assert shell.presenters.backup.seen is not None
    assert shell.presenters.backup.seen.missing_numbers == (lost,)
    assert dialog.replay.isChecked()
    dialog.go.click()
    settled()
    settled()
    assert shop.orders.show(lost).number == lost
    assert shell.page().dialog() is None
    assert shell.presenters.backup.restored is not None
    assert len(shell.presenters.backup.entries) == 2


def test_without_the_second_journal_what_came_later_is_gone_and_the_window_goes_on(
    shell: Shell, shop: Shop, settled: Callable[[], None]
) -> None:
    first = shop.orders.take(sale()).number
    shop.backups.make()
    shop.orders.take(sale())
    page_of(shell, settled)
    shell.presenters.backup.look_into(shop.backups.list()[0].file)
    settled()
    shell.presenters.backup.restore(replay=False)
    settled()
    settled()
    assert [order.number for order in shop.orders.list(limit=9)] == [first]
    shell.go("sell")
    shell.presenters.sell.type("সাবান")
    shell.presenters.sell.enter()
    shell.presenters.sell.take()
    settled()
    assert len(shop.orders.list(limit=9)) == 2
    assert shop.backups.list()[0].file.name.endswith("before-restore.hatkhata")


def test_esc_leaves_everything_as_it_is(shell: Shell, shop: Shop, settled: Callable[[], None]) -> None:
    shop.backups.make()
    page = page_of(shell, settled)
    shell.presenters.backup.look_into(shop.backups.list()[0].file)
    settled()
    dialog = page.dialog()
    assert dialog is not None
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert page.dialog() is None
    assert shell.presenters.backup.seen is None
    assert shell.presenters.backup.restored is None


def test_a_backup_that_cannot_be_read_is_listed_and_not_offered(
    shell: Shell, shop: Shop, settled: Callable[[], None]
) -> None:
    shop.paths.backups.mkdir(parents=True, exist_ok=True)
    (shop.paths.backups / "torn.hatkhata").write_bytes(b"torn")
    page = page_of(shell, settled)
    page.list.select(0)
    assert not page.restore.isEnabled()
    assert "পড়া যাচ্ছে না" in page.list.rows.data(page.list.rows.index(0))


def test_a_restore_that_fails_leaves_the_shop_open_and_says_why(
    shell: Shell, shop: Shop, settled: Callable[[], None]
) -> None:
    kept = shop.orders.take(sale()).number
    made = shop.backups.make().path
    page = page_of(shell, settled)
    shell.presenters.backup.look_into(made)
    settled()
    made.write_bytes(made.read_bytes()[:-100])
    shell.presenters.backup.restore(replay=True)
    settled()
    settled()
    page = page_of(shell, settled)
    assert page.fault.isVisible()
    assert shop.orders.show(kept).number == kept


def test_the_check_says_that_all_is_well_or_what_is_not(
    shell: Shell, shop: Shop, settled: Callable[[], None]
) -> None:
    shop.orders.take(sale())
    page = page_of(shell, settled)
    page.check.click()
    settled()
    assert page.verdict.text() == "সব ঠিক আছে"
    spoil(shop.paths.database, "UPDATE orders SET total_paisa = total_paisa + 100")
    page.check.click()
    settled()
    assert page.verdict.text() == "গরমিল পাওয়া গেছে"
    assert page.findings[0].text()


def test_a_trial_restore_is_remembered(
    shell: Shell, shop: Shop, settled: Callable[[], None], clock: FixedClock
) -> None:
    shop.backups.make()
    clock.advance(ms=3_600_000)
    page = page_of(shell, settled)
    page.prove.click()
    settled()
    settled()
    assert page.proved.text() == "আজ ৬:৪৬ PM"


def test_what_was_stopped_is_let_go(shell: Shell, settled: Callable[[], None]) -> None:
    page_of(shell, settled)
    shell.presenters.backup.examine()
    shell.presenters.backup.stop()
    settled()
    assert shell.presenters.backup.busy == ""
    assert shell.presenters.backup.health is None


def test_the_list_is_a_sound_model(
    shell: Shell, shop: Shop, settled: Callable[[], None], qtmodeltester: ModelTester
) -> None:
    shop.backups.make()
    qtmodeltester.check(page_of(shell, settled).list.rows)  # type: ignore[no-untyped-call]


def test_a_stick_that_is_out_is_said_once_and_not_every_minute(
    shell: Shell, shop: Shop, settled: Callable[[], None], tmp_path: Path
) -> None:
    page = page_of(shell, settled)
    stick = tmp_path / "stick"
    shop.configuration.put("backup.folder", str(stick))

    def minute() -> list[str]:
        for _ in range(60):
            shell._tick()
        settled()
        return [banner.about for banner in shell.notices.banners()]

    assert minute() == ["second_place"]
    assert len(shop.backups.list()) == 1, "the first place has its backup"
    (banner,) = shell.notices.banners()
    assert banner.tone == "warn"
    assert banner.detail.startswith("ফোল্ডারটি পাওয়া যাচ্ছে না")
    shell.notices.clear("second_place")
    assert minute() == []
    shell.presenters.backup.refresh()
    settled()
    assert page.second.text() == shell.look.word("second_place_behind")
    stick.mkdir()
    assert minute() == []
    assert len(list(stick.iterdir())) == 1
    stick.rename(tmp_path / "pulled")
    shop.orders.take(sale())
    shop.backups.make()
    assert minute() == ["second_place"], "it was there in between"
    stick.mkdir()
    assert minute() == []


def test_a_stick_that_is_chosen_gets_the_newest_at_once(
    shell: Shell, shop: Shop, settled: Callable[[], None], tmp_path: Path
) -> None:
    shop.backups.make()
    page = page_of(shell, settled)
    shell.presenters.backup.set_folder(str(tmp_path))
    settled()
    settled()
    assert len(list(tmp_path.glob("*.hatkhata"))) == 1
    assert page.second.text() == shell.look.word("second_place_level")


def test_a_shop_that_does_not_open_after_a_restore_says_so_and_opens_at_another_try(
    shell: Shell, shop: Shop, settled: Callable[[], None]
) -> None:
    shop.orders.take(sale())
    shop.backups.make()
    page_of(shell, settled)
    held = shop.paths.database.with_suffix(".held")
    shell.closed.do(lambda: shop.paths.database.rename(held), lambda _path: None, shell.fault)
    curtain = in_trouble(shell, settled)
    newest = next(shop.paths.backups.iterdir()).name
    assert curtain.fault.text().replace("\u200b", "") == shell.look.sentence(
        ConflictError("shop_lost", backup=newest)
    )
    assert state(shell) == (False, False), "nothing ticks over a closed shop"
    QTest.keyClick(shell, Qt.Key.Key_F9)
    assert in_trouble(shell, settled) is curtain
    held.rename(shop.paths.database)
    QTest.keyClick(curtain.again, Qt.Key.Key_Return)
    settled()
    settled()
    assert state(shell) == (True, True)
    assert shell.page().dialog() is None
    shop.orders.take(sale())
    assert len(shop.orders.list(limit=9)) == 2


def test_a_shop_that_does_not_open_can_be_left(shell: Shell, shop: Shop, settled: Callable[[], None]) -> None:
    held = shop.paths.database.with_suffix(".held")
    said: list[object] = []

    def break_down() -> None:
        shop.paths.database.rename(held)
        raise ZeroDivisionError

    shell.closed.do(break_down, said.append, said.append)
    curtain = in_trouble(shell, settled)
    QTest.keyClick(curtain, Qt.Key.Key_Escape)
    assert shell.isVisible()
    assert curtain.isVisible()
    curtain.away.click()
    assert not shell.isVisible()
    assert said == [], "nobody draws over a closed shop"
    held.rename(shop.paths.database)


def test_a_bug_in_what_is_done_meanwhile_leaves_the_shop_open(
    shell: Shell, shop: Shop, settled: Callable[[], None]
) -> None:
    said: list[PosError] = []
    shell.closed.do(lambda: 1 / 0, print, said.append)
    settled()
    settled()
    assert [error.code for error in said] == ["bug"]
    assert shop.is_open
    assert shell.page().dialog() is None


def state(shell: Shell) -> tuple[bool, bool]:
    """Whether the shop is open, and whether the window ticks."""
    return shell.shop.is_open, shell._clock.isActive()


def in_trouble(shell: Shell, settled: Callable[[], None]) -> Curtain:
    settled()
    settled()
    curtain = shell.page().dialog()
    assert isinstance(curtain, Curtain)
    assert curtain.in_trouble
    assert curtain.again.isVisible()
    assert "Traceback" not in curtain.fault.text()
    return curtain
