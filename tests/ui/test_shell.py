"""The window around the pages: looks, notices, finding anything, a second window, changes from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from pos.errors import EnvironmentFault
from pos.paths import ShopPaths
from pos.shop import open_shop
from tests.shopkeeping import sale_to
from ui import keys
from ui.app import has_display, only_window
from ui.notices import Banner
from ui.pages.finder import FinderDialog
from ui.pages.sell import SellPage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from pos.domain.times import FixedClock
    from pos.shop import Shop
    from tests.ui.keyboard import Keyboard
    from ui.shell import Shell


def test_another_language_theme_and_text_size_keep_what_was_being_done(shell: Shell, shop: Shop) -> None:
    shell.presenters.sell.scan("8901")
    shell.presenters.sell.type("sa")
    for key, value in (("lang", "en"), ("ui.theme", "dark"), ("ui.text", "130")):
        shop.configuration.put(key, value)
    shell.relook()
    page = shell.page()
    assert isinstance(page, SellPage)
    assert page.search.text() == "sa"
    assert page.cart.take.text().startswith("Take order")
    assert (page.look.theme, page.look.text_percent) == ("dark", 130)


def test_the_system_s_colours_come_at_once_and_wait_for_a_dialog_that_is_open(
    shell: Shell, shop: Shop, keyboard: Keyboard
) -> None:
    shop.configuration.put("ui.theme", "system")
    colours = QGuiApplication.styleHints().colorSchemeChanged
    page = shell.page()
    colours.emit(Qt.ColorScheme.Dark)
    assert shell.page() is not page
    page = shell.page()
    keyboard.press("Ctrl+K")
    keyboard.type("01712")
    dialog = page.dialog()
    colours.emit(Qt.ColorScheme.Dark)
    shell._tick()
    assert (shell.page(), page.dialog()) == (page, dialog)
    assert isinstance(dialog, FinderDialog)
    assert dialog.line.text() == "01712"
    keyboard.press("Esc")
    shell._tick()
    assert shell.page() is not page
    page = shell.page()
    shell._tick()
    assert shell.page() is page, "once is enough"


def test_the_system_s_colours_are_nothing_to_a_window_with_its_own(shell: Shell) -> None:
    page = shell.page()
    QGuiApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    shell._tick()
    assert shell.page() is page


def test_a_toast_stays_at_the_foot_of_its_ground_whatever_size_that_takes(shell: Shell, qtbot: QtBot) -> None:
    shell.resize(1280, 640)
    shell.notices.toast(shell.look.word("where_you_were"))
    page = shell.page()
    toast, ground = page._toast, page.toast_ground
    assert toast is not None
    assert ground is not None
    for size in ((1366, 688), (1920, 1080), (1280, 640)):
        shell.resize(*size)
        qtbot.wait(10)
        assert toast.geometry().bottom() == ground.height() - 9
        assert abs(toast.geometry().center().x() - ground.width() // 2) <= 1
        assert ground.rect().contains(toast.geometry())


def test_an_error_in_any_slot_is_said_with_a_short_code_and_selling_goes_on(
    shell: Shell, keyboard: Keyboard, shop: Shop, settled: Callable[[], None]
) -> None:
    shell.crashed(ZeroDivisionError())
    banner = shell.notices.banners()[0]
    assert banner.about == "crash"
    assert "Traceback" not in banner.title + banner.detail
    keyboard.scan("8901")
    keyboard.press("F9", "F9")
    settled()
    assert len(shop.orders.list()) == 1


def test_an_error_of_background_work_is_said_as_its_sentence(
    shell: Shell, settled: Callable[[], None]
) -> None:
    def refuse() -> None:
        raise EnvironmentFault("disk_full", place="")

    shell.tasks.write(refuse)
    settled()
    assert [banner.about for banner in shell.notices.banners()] == ["disk_full"]
    assert shell.notices.banners()[0].title == shell.look.sentence(EnvironmentFault("disk_full", place=""))


def test_a_bug_in_background_work_is_no_silence(shell: Shell, settled: Callable[[], None]) -> None:
    shell.tasks.read(lambda: 1 / 0, print)
    settled()
    assert [banner.about for banner in shell.notices.banners()] == ["crash"]


def test_banners_of_one_kind_take_each_others_place_and_the_worst_is_first(shell: Shell) -> None:
    for tone in ("info", "warn"):
        shell.notices.banner(Banner("printer", tone, tone))
    shell.notices.banner(Banner("disk", "danger", "full"))
    assert [banner.title for banner in shell.notices.banners()] == ["full", "warn"]
    shell.notices.clear("disk")
    assert [banner.title for banner in shell.notices.banners()] == ["warn"]


def test_anything_is_found_from_one_line(shell: Shell, keyboard: Keyboard, shop: Shop) -> None:
    number = shop.orders.take(sale_to()).number
    keyboard.press("Ctrl+K")
    keyboard.bangla("মধু")
    keyboard.press("Enter")
    assert [line.sku for line in shell.presenters.sell.cart.lines] == ["P001"]
    keyboard.press("Ctrl+K")
    keyboard.type("01712345678")
    keyboard.press("Down", "Enter")
    assert shell.presenters.sell.cart.buyer.name == "শারমিন আক্তার"
    keyboard.press("Ctrl+K")
    keyboard.type(number.lower())
    keyboard.press("Enter")
    assert shell.page_name == "order"


def test_a_part_of_the_settings_is_found_by_its_name(shell: Shell, keyboard: Keyboard) -> None:
    keyboard.press("Ctrl+K")
    keyboard.bangla("প্রিন্টার")
    keyboard.press("Enter")
    assert (shell.page_name, shell.presenters.settings.section) == ("settings", "printers")


def test_every_page_is_reached_by_its_keys(shell: Shell, keyboard: Keyboard) -> None:
    for page, chord in (("orders", "Ctrl+2"), ("stock", "Ctrl+3"), ("sell", "Ctrl+1")):
        keyboard.press(chord)
        assert shell.page_name == page


def test_all_keys_are_shown_and_found_by_f1(shell: Shell, keyboard: Keyboard) -> None:
    keyboard.press("F1")
    dialog = shell.page().dialog()
    assert dialog is not None
    shown = [line for words, line in dialog._rows if line.isVisible()]  # type: ignore[attr-defined]
    assert len(shown) > len({action.group for action in keys.ACTIONS})
    keyboard.type("F9")
    left = [line.accessibleName() for _, line in dialog._rows if line.isVisible()]  # type: ignore[attr-defined]
    assert left
    assert all("F9" in name for name in left)
    keyboard.press("Esc")
    assert shell.page().dialog() is None


def test_what_another_process_sells_is_seen_here(shell: Shell, shop: Shop, clock: FixedClock) -> None:
    shell._tick()
    with open_shop(shop.paths, clock) as other:
        other.orders.take(sale_to())
    shell._tick()
    assert shell.presenters.sell.board is not None
    assert shell.presenters.sell.board.orders == 1


def test_a_second_window_brings_the_first_one_forward(shell: Shell, shop: Shop) -> None:
    with only_window(shop.paths) as first:
        assert first
        with only_window(shop.paths) as second:
            assert not second
        assert shop.paths.window_call.exists()
        shell._tick()
        assert not shop.paths.window_call.exists()


def test_a_home_that_cannot_be_written_is_told_before_there_is_a_window(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentFault) as fault, only_window(ShopPaths(tmp_path / "file" / "shop")):
        pass
    assert fault.value.code == "folder_read_only"


def test_off_screen_is_no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    assert not has_display()
    monkeypatch.delenv("QT_QPA_PLATFORM")
    assert has_display()
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert not has_display()
