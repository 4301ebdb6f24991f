"""Pairing in the window: address and code typed, or one link that is pasted or scanned; and giving both away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from pos.domain.pairing_link import pairing_link, read_pairing_link
from pos.paths import ShopPaths
from pos.services.founding import found_shop
from pos.shop import open_shop
from tests.organiser import ADDRESS, Organiser
from tests.ui.extents import faults
from tests.ui.test_walk import SIZES, set_up
from ui.pages.sync_dialogs import JoinDialog

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from pos.domain.times import FixedClock
    from pos.shop import Shop
    from tests.ui.conftest import Settled, Until
    from tests.ui.keyboard import Keyboard
    from ui.pages.sync import SyncPage
    from ui.presenters.pairing_form import PairField
    from ui.shell import Shell


def scanned(window: QWidget) -> list[str]:
    """What a scanner before the screen reads."""
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    pixels = bytes(image.constBits())
    picture = Image.frombytes(
        "RGB", (image.width(), image.height()), pixels, "raw", "RGB", image.bytesPerLine()
    )
    return [code.text for code in zxingcpp.read_barcodes(picture)]


# ---- address and code ------------------------------------------------------------------------------------


def test_a_shop_is_paired_by_keyboard_alone(
    organiser: Organiser, shell: Shell, shop: Shop, keyboard: Keyboard, until: Until
) -> None:
    page = until("alone")
    assert not page.form.isHidden()
    assert page.server.edit.hasFocus()
    keyboard.type(ADDRESS)
    keyboard.press("Enter")
    keyboard.type(organiser.code().lower())
    keyboard.press("Enter")
    page = until("synced")
    assert shop.sync.about() is not None
    assert page.form.isHidden()
    assert page.state.title.text() == "সব সিঙ্ক হয়েছে"
    assert shell.frame.status.safe.text() == "সব সিঙ্ক হয়েছে"
    assert shop.waiting.look().ids == ()


def test_what_does_not_read_is_said_in_its_place_and_keeps_the_focus(
    organiser: Organiser, shell: Shell, keyboard: Keyboard, until: Until
) -> None:
    page = until("alone")
    keyboard.press("F9")
    assert page.server.fault
    assert page.code.fault
    keyboard.type("hat example")
    keyboard.press("Tab")
    assert page.server.fault.startswith("“hat example”")
    keyboard.type("123")
    assert not page.code.fault
    keyboard.press("F9")
    assert page.server.edit.hasFocus()
    assert page.code.fault.startswith("“123”")
    assert organiser.asked == []
    assert shell.shop.is_open


def test_a_wrong_code_leaves_the_shop_open_and_is_said_at_the_code(
    organiser: Organiser, shell: Shell, shop: Shop, until: Until, settled: Settled
) -> None:
    page = until("alone")
    shell.presenters.sync.type("server", ADDRESS)
    shell.presenters.sync.type("code", "ABCD2345")
    page._pair()
    settled()
    settled()
    page = until("alone")
    assert page.code.fault.startswith("এই কোড ঠিক নয়")
    assert page.code.text() == "ABCD2345"
    assert shop.is_open
    assert organiser.asked == ["/devices/pair"]


def test_a_shop_without_a_line_is_not_paired_and_says_why(
    organiser: Organiser, shell: Shell, until: Until, settled: Settled
) -> None:
    until("alone")
    organiser.down = "no_internet"
    shell.presenters.sync.type("server", ADDRESS)
    shell.presenters.sync.type("code", organiser.code())
    shell.presenters.sync.pair()
    settled()
    settled()
    page = until("alone")
    assert page.pair_fault.isVisible()
    assert page.pair_fault.text().startswith(f"{ADDRESS} থেকে সাড়া আসেনি")


def test_f5_without_a_server_leads_to_where_one_is_named(
    organiser: Organiser, shell: Shell, keyboard: Keyboard, settled: Settled
) -> None:
    shell.tasks.settle()
    settled()
    keyboard.press("F5")
    assert shell.page_name == "sync"
    assert organiser.asked == []


# ---- one link for both -----------------------------------------------------------------------------------


def field_of(page: SyncPage, field: PairField) -> QWidget:
    return (page.server if field == "server" else page.code).edit


@pytest.mark.parametrize("field", ["server", "code"])
def test_a_link_scanned_into_either_field_pairs_the_shop(
    organiser: Organiser, shop: Shop, keyboard: Keyboard, until: Until, field: PairField
) -> None:
    page = until("alone")
    field_of(page, field).setFocus()
    keyboard.scan(pairing_link(ADDRESS, organiser.code()))
    until("synced")
    about = shop.sync.about()
    assert about is not None
    assert about.server == ADDRESS


@pytest.mark.parametrize("field", ["server", "code"])
def test_a_link_pasted_into_either_field_fills_both_and_waits_for_a_word(
    organiser: Organiser, keyboard: Keyboard, until: Until, field: PairField
) -> None:
    page = until("alone")
    field_of(page, field).setFocus()
    QGuiApplication.clipboard().setText(f"  {pairing_link(ADDRESS, 'ABCD2345')}\n")
    keyboard.press("Ctrl+V", "Tab")
    assert (page.server.text(), page.code.text()) == (ADDRESS, "ABCD2345")
    assert (page.server.fault, page.code.fault) == ("", "")
    assert organiser.asked == []


def test_a_link_pasted_over_fields_that_were_wrong_pairs_with_the_button(
    organiser: Organiser, shell: Shell, shop: Shop, keyboard: Keyboard, until: Until
) -> None:
    page = until("alone")
    keyboard.type("hat example")
    keyboard.press("Tab")
    keyboard.type("1")
    keyboard.press("Tab")
    assert page.server.fault
    assert page.code.fault
    shell.presenters.sync.type("code", pairing_link(ADDRESS, organiser.code()))
    page.pair.click()
    until("synced")
    assert shop.sync.about() is not None


@pytest.mark.parametrize(
    "text", ["hatkhata://pair/ABCD2345", "hatkhata://order/A-26-000001/x y", "HATKHATA:"]
)
@pytest.mark.parametrize("field", ["server", "code"])
def test_a_link_that_pairs_nothing_is_said_where_it_stands(
    organiser: Organiser, shell: Shell, keyboard: Keyboard, until: Until, field: PairField, text: str
) -> None:
    page = until("alone")
    field_of(page, field).setFocus()
    keyboard.type(text)
    keyboard.press("F9")
    wrong = page.server if field == "server" else page.code
    assert wrong.fault.startswith(f"“{text}” দিয়ে যুক্ত করা যায় না")
    assert wrong.text() == text
    assert organiser.asked == []
    assert shell.shop.is_open


def test_a_link_to_a_server_over_an_open_line_is_refused_at_the_address(
    organiser: Organiser, keyboard: Keyboard, until: Until
) -> None:
    page = until("alone")
    keyboard.scan(pairing_link("http://hat.example", "ABCD2345"))
    assert page.server.text() == "http://hat.example"
    assert "http://hat.example" in page.server.fault
    assert page.server.edit.hasFocus()
    assert page.code.fault == ""
    assert organiser.asked == []


# ---- giving both away ------------------------------------------------------------------------------------


def test_a_code_of_this_device_lets_one_more_laptop_in(
    tmp_path: Path,
    paired: Shop,
    organiser: Organiser,
    shell: Shell,
    clock: FixedClock,
    until: Until,
    settled: Settled,
) -> None:
    page = until("synced")
    page.devices.add.click()
    settled()
    dialog = page.dialog()
    assert isinstance(dialog, JoinDialog)
    join = shell.presenters.sync.join
    assert join is not None
    assert join.server == ADDRESS
    assert dialog.left.text() == "কোডটি আরও ১০ মিনিট চলবে, একবারই"
    paths = ShopPaths(tmp_path / "third")
    found_shop(paths, clock, vendor="নতুন", phone="01733456789")
    with open_shop(paths, clock) as third:
        organiser.tie(third)
        third.close()
        assert third.pair(ADDRESS, join.code).device_code == "B"
        third.reopen()
        assert third.catalogue.show("P001").name_bn == "খাঁটি মধু"
    clock.advance(ms=600_000)
    page.tick()
    assert dialog.left.text() == "কোডের সময় শেষ"
    shell.act("back")
    assert page.dialog() is None
    assert shell.presenters.sync.join is None


@pytest.mark.parametrize("text", ["100", "130"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_dialog_is_scanned_from_the_screen_for_as_long_as_the_code_holds(
    paired: Shop, organiser: Organiser, shell: Shell, clock: FixedClock, until: Until, settled: Settled,
    theme: str, text: str,
) -> None:  # fmt: skip
    set_up(shell, paired, theme, "bn", text)
    until("synced")
    shell.presenters.sync.ask_code()
    settled()
    join = shell.presenters.sync.join
    dialog = shell.pages["sync"].dialog()
    assert join is not None
    assert isinstance(dialog, JoinDialog)
    [link] = scanned(shell)
    assert read_pairing_link(link) == (ADDRESS, join.code)
    dialog.copy.click()
    assert QGuiApplication.clipboard().text() == link
    assert dialog.copy.text() == "কপি হয়েছে"
    clock.advance(ms=600_000)
    shell.pages["sync"].tick()
    QApplication.processEvents()
    assert scanned(shell) == []
    assert not dialog.copy.isEnabled()


@pytest.mark.parametrize("text", ["100", "130"])
@pytest.mark.parametrize("lang", ["bn", "en"])
def test_the_dialog_fits_every_window_also_with_a_long_address(
    paired: Shop, organiser: Organiser, shell: Shell, until: Until, settled: Settled, lang: str, text: str
) -> None:
    set_up(shell, paired, "light", lang, text)
    until("synced")
    shell.presenters.sync.ask_code()
    settled()
    page = shell.pages["sync"]
    join = shell.presenters.sync.join
    assert join is not None
    long = type(join)("https://hatkhata.somiti.narsingdi.example.org:18725", join.code, join.seconds)
    found = {}
    for shown in (join, long):
        shell.presenters.sync.put_code_away()
        for width, height in SIZES:
            shell.resize(width, height)
            dialog = JoinDialog(page.look, shell, shell.presenters.sync, shown)
            dialog.open()
            for _ in range(3):
                QApplication.processEvents()
            wrong = faults(shell, dialog)
            if wrong or not shell.rect().contains(dialog.panel.geometry()):
                found[f"{shown.server} {width}x{height}"] = wrong
            assert scanned(shell) == [pairing_link(shown.server, shown.code)]
            dialog.close_dialog()
    assert found == {}
