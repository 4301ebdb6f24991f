"""Settings: each keeps itself when its field is left, and what does not read is said at the field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.extents import faults
from ui.pages.settings import SettingsPage
from ui.pages.settings_people import PeopleSection, PersonDialog, PinDialog, RemoveDialog
from ui.pages.settings_sections import HatSection
from ui.presenters.settings import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.modeltest import ModelTester

    from pos.shop import Shop
    from ui.shell import Shell


def page_of(shell: Shell, settled: Callable[[], None], section: str = "shop") -> SettingsPage:
    shell.go("settings")
    shell.presenters.settings.choose(section)
    settled()
    page = shell.pages["settings"]
    assert isinstance(page, SettingsPage)
    assert page.section is not None
    return page


def test_a_field_keeps_itself_when_it_is_left_and_shows_a_tick(
    shell: Shell, shop: Shop, settled: Callable[[], None]
) -> None:
    page = page_of(shell, settled)
    assert page.section is not None
    edit = page.section.fields["shop.complaint_days"].edit
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, "7")
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    settled()
    assert shop.configuration.get("shop.complaint_days") == 7
    assert page.section.ticks["shop.complaint_days"].isVisible()
    shell.tasks.settle()  # its two seconds are over
    assert not page.section.ticks["shop.complaint_days"].isVisible()


def test_what_does_not_read_is_said_at_its_field_and_stays_there_through_a_new_look(
    shell: Shell, shop: Shop, settled: Callable[[], None]
) -> None:
    page_of(shell, settled)
    shell.presenters.settings.put("shop.phone", "0173")
    settled()
    shell.presenters.settings.put("ui.theme", "dark")
    settled()
    page = shell.pages["settings"]
    assert isinstance(page, SettingsPage)
    assert page.section is not None
    field = page.section.fields["shop.phone"]
    assert field.text() == "0173"
    assert field.fault == "আরও ৭টি সংখ্যা লাগবে"
    assert shop.configuration.shop().phone == "+8801733456789"


def test_nothing_is_written_where_nothing_was_changed(
    shell: Shell, shop: Shop, settled: Callable[[], None]
) -> None:
    before = shop.operators.acts().acts[0].n
    page_of(shell, settled)
    for key in ("shop.name", "shop.phone", "delivery.inside", "hat.opens"):
        shell.presenters.settings.put(key, shell.presenters.settings.text(key))
    settled()
    assert shop.operators.acts().acts[0].n == before


def test_language_theme_and_text_size_change_the_window_at_once(
    shell: Shell, settled: Callable[[], None]
) -> None:
    page_of(shell, settled, "device")
    for key, value in (("lang", "en"), ("ui.theme", "dark"), ("ui.text", "130")):
        shell.presenters.settings.put(key, value)
        settled()
    assert (shell.look.locale.lang, shell.look.theme, shell.look.text_percent) == ("en", "dark", 130)
    page = shell.pages["settings"]
    assert isinstance(page, SettingsPage)
    assert page.bar.title.text() == "Settings"
    assert shell.presenters.settings.section == "device"


def test_sections_are_reached_with_the_arrows_and_enter_goes_into_their_first_field(
    shell: Shell, settled: Callable[[], None]
) -> None:
    page = page_of(shell, settled)
    assert QApplication.focusWidget() is page.list
    for section in SECTIONS[1:5]:
        QTest.keyClick(page.list, Qt.Key.Key_Down)
        settled()
        assert shell.presenters.settings.section == section
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    assert page.section is not None
    assert QApplication.focusWidget() is page.section.fields["delivery.inside"].edit
    shell.act("back")
    assert QApplication.focusWidget() is page.list


def test_the_days_of_the_hat_are_turned_with_arrows_and_space(
    shell: Shell, shop: Shop, settled: Callable[[], None]
) -> None:
    page = page_of(shell, settled, "hats")
    assert isinstance(page.section, HatSection)
    page.section.arrive()
    QTest.keyClick(page.section.week, Qt.Key.Key_Space)  # Saturday, with which the week begins
    settled()
    assert shop.configuration.get("hat.weekdays") == "tue,fri,sat"


def test_a_hat_is_cancelled_and_held_after_all(shell: Shell, settled: Callable[[], None]) -> None:
    page = page_of(shell, settled, "hats")
    assert isinstance(page.section, HatSection)
    page.section.list.select(1)
    page.section.turn.click()
    settled()
    assert shell.presenters.settings.hats[1].cancelled
    assert page.section.turn.text() == "আবার রাখুন"
    page.section.turn.click()
    settled()
    assert not shell.presenters.settings.hats[1].cancelled


def test_an_extra_hat_is_added_in_a_dialog_and_a_wrong_date_is_said_there(
    shell: Shell, settled: Callable[[], None]
) -> None:
    page = page_of(shell, settled, "hats")
    assert isinstance(page.section, HatSection)
    page.section.add.click()
    dialog = page.dialog()
    assert dialog is not None
    dialog.day.edit.setText("2026-13-40")  # type: ignore[attr-defined]
    dialog.act("main")
    assert dialog.fault.isVisible()  # type: ignore[attr-defined]
    dialog.day.edit.setText("২০২৬-১১-২৫")  # type: ignore[attr-defined]
    dialog.act("main")
    assert page.dialog() is None
    assert [hat.on.isoformat() for hat in shell.presenters.settings.hats][:2] == ["2026-11-24", "2026-11-25"]


def test_somebody_is_taken_on_with_a_pin_and_then_works_here(
    shell: Shell, shop: Shop, settled: Callable[[], None]
) -> None:
    page = page_of(shell, settled, "people")
    section = page.section
    assert isinstance(section, PeopleSection)
    section.add.click()
    dialog = page.dialog()
    assert isinstance(dialog, PersonDialog)
    assert dialog.pin is not None
    dialog.name.edit.setText("তারেক")
    dialog.pin.edit.setText("১২৩৪")
    QTest.keyClick(dialog.pin.edit, Qt.Key.Key_Return)
    section.list.select(1)
    section.use.click()
    asked = page.dialog()
    assert isinstance(asked, PinDialog)
    asked.pin.edit.setText("9999")
    asked.act("main")
    assert asked.fault.isVisible()
    asked.pin.edit.setText("1234")
    asked.act("main")
    assert shop.desk.operator.name == "তারেক"
    assert not section.add.isEnabled()


def test_who_did_what_is_told_in_words(shell: Shell, shop: Shop, settled: Callable[[], None]) -> None:
    shop.configuration.put("refund.days", "7")
    page = page_of(shell, settled, "people")
    section = page.section
    assert isinstance(section, PeopleSection)
    said = section.acts.rows.data(section.acts.rows.index(0))
    assert "সেটিংস বদল" in said
    assert "রূপকথা ঘর" in said


def test_every_kind_of_act_that_the_log_can_hold_has_a_word(shell: Shell) -> None:
    from pos.l10n.sentences import PHRASES
    from pos.store.apply import _APPLIERS

    assert shell is not None
    assert [kind for kind in _APPLIERS if f"ui_act_{kind.replace('.', '_')}" not in PHRASES] == []


def test_the_support_file_is_shown_before_it_is_kept(
    shell: Shell, shop: Shop, settled: Callable[[], None]
) -> None:
    page_of(shell, settled, "about")
    shell.presenters.settings.make_report()
    settled()
    assert shell.presenters.settings.report is not None
    assert not shop.paths.support.exists()
    shell.presenters.settings.save_report()
    settled()
    assert shell.presenters.settings.report_file is not None
    assert shell.presenters.settings.report_file.exists()


def test_the_lists_are_sound_models(
    shell: Shell, settled: Callable[[], None], qtmodeltester: ModelTester
) -> None:
    page = page_of(shell, settled, "people")
    assert isinstance(page.section, PeopleSection)
    for rows in (page.list, page.section.list, page.section.acts):
        qtmodeltester.check(rows.rows)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("section", ["shop", "hats", "money", "printers", "device"])
def test_forms_are_never_wider_than_640(shell: Shell, settled: Callable[[], None], section: str) -> None:
    shell.resize(1920, 1080)
    page = page_of(shell, settled, section)
    assert page.section is not None
    assert page.section.width() <= 640


@pytest.mark.parametrize("lang", ["bn", "en"])
@pytest.mark.parametrize("text", ["100", "130"])
def test_no_section_is_clipped_at_any_size(
    shell: Shell, shop: Shop, settled: Callable[[], None], lang: str, text: str
) -> None:
    shop.operators.add("দীর্ঘ নামের একজন সহকারী যিনি প্রতিদিন আসেন", "helper", "1234")
    for key, value in (("lang", lang), ("ui.text", text), ("printer.kind", "tcp")):
        shop.configuration.put(key, value)
    shell.relook()
    page_of(shell, settled)
    found = {}
    for width, height in ((1280, 640), (1920, 1080)):
        shell.resize(width, height)
        for section in SECTIONS:
            shell.presenters.settings.choose(section)
            settled()
            for _ in range(3):
                QApplication.processEvents()
            wrong = faults(shell)
            if wrong:
                found[f"{section} {width}"] = wrong
    assert found == {}


def test_somebody_is_asked_about_before_he_goes_and_what_forbids_it_is_said(
    shell: Shell, shop: Shop, settled: Callable[[], None]
) -> None:
    helper = shop.operators.add("মিতু", "helper", None)
    page = page_of(shell, settled, "people")
    assert isinstance(page.section, PeopleSection)
    page.section.list.select(1)
    page.section._remove()
    dialog = page.dialog()
    assert isinstance(dialog, RemoveDialog)
    assert faults(shell, dialog) == []
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_Return)  # Enter leaves
    assert page.dialog() is None
    assert [person.name for person in shop.operators.list()] == ["রূপকথা ঘর", "মিতু"]
    page.section._remove()
    dialog = page.dialog()
    assert isinstance(dialog, RemoveDialog)
    shop.operators.use(helper.id, None)  # now it is a helper who is at the counter
    shell.act("main")
    assert dialog.fault.isVisible()
    shop.operators.use(shop.operators.list()[0].id, None)
    shell.act("main")
    settled()
    assert page.dialog() is None
    assert [person.name for person in shop.operators.list()] == ["রূপকথা ঘর"]
