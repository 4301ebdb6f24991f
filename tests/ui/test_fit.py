"""Dialogs and forms fit the smallest window whatever they hold, and the focus never leaves the page by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pos.l10n.sentences import sentence
from pos.services.catalogue import NewProduct, NewVariant
from tests.shopkeeping import sale
from tests.ui.extents import faults
from ui.pages.backup_restore import RestoreDialog
from ui.pages.product import ProductDialog
from ui.pages.settings import SettingsPage
from ui.pages.settings_sections import HatSection
from ui.pages.stock import StockPage
from ui.pages.stock_dialogs import HistoryDialog, QuantitiesDialog
from ui.widgets.choice import Tick
from ui.widgets.text import Paragraph, breakable, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from pos.shop import Shop
    from ui.shell import Shell
    from ui.theme.look import Look
    from ui.widgets.overlay import Dialog

    Settled = Callable[[], None]

_SIZES = ((1280, 640), (1366, 688), (1920, 1080))
_LOOKS = (("bn", "100"), ("en", "130"))


def wrong_at_any_size(shell: Shell, dialog: Dialog) -> dict[str, list[str]]:
    """What does not fit, by the size of the window."""
    found = {}
    for width, height in _SIZES:
        shell.resize(width, height)
        for _ in range(3):
            QApplication.processEvents()
        wrong = faults(shell, dialog)
        if dialog.panel.height() > height - 32:
            wrong.append(f"higher than the window: {dialog.panel.height()}")
        if wrong:
            found[f"{width}x{height}"] = wrong
    return found


def dress(shell: Shell, shop: Shop, lang: str, text: str) -> None:
    shop.configuration.put("lang", lang)
    shop.configuration.put("ui.text", text)
    shell.relook()


def stock_with_many_kinds(shell: Shell, shop: Shop, settled: Settled) -> StockPage:
    """The Stock page with a shirt of thirty kinds at hand, of which two are sold and not yet sent."""
    kinds = [
        (colour, size)
        for colour in ("সাদা", "নীল", "গাঢ় ফিরোজা")
        for size in ["৩০", "৩২", "৩৪", "৩৬", "৩৮", "৪০", "৪২", "৪৪", "৪৬", "৪৮"]
    ]
    variants = tuple(
        NewVariant(f"P900-{at:02}", colour=colour, size=size, stock_milli=5_000)
        for at, (colour, size) in enumerate(kinds)
    )
    shop.catalogue.add(NewProduct("শার্ট", 85_000, "pcs", sku="P900", variants=variants))
    shop.orders.take(sale("P900-00", "2"))
    shell.go("stock")
    settled()
    shell.presenters.stock.bring(shop.catalogue.show("P900").id.bytes)
    settled()
    page = shell.pages["stock"]
    assert isinstance(page, StockPage)
    return page


@pytest.mark.parametrize(("lang", "text"), _LOOKS)
@pytest.mark.parametrize("mode", ["in", "count"])
def test_a_long_list_of_kinds_leaves_room_for_everything_around_it(
    shell: Shell, shop: Shop, settled: Settled, lang: str, text: str, mode: str
) -> None:
    dress(shell, shop, lang, text)
    page = stock_with_many_kinds(shell, shop, settled)
    page.goods_in() if mode == "in" else page.count()
    settled()
    dialog = page.dialog()
    assert isinstance(dialog, QuantitiesDialog)
    assert wrong_at_any_size(shell, dialog) == {}


def test_what_is_sold_and_not_yet_sent_is_said_whole(shell: Shell, shop: Shop, settled: Settled) -> None:
    page = stock_with_many_kinds(shell, shop, settled)
    page.count()
    settled()
    dialog = page.dialog()
    assert isinstance(dialog, QuantitiesDialog)
    assert dialog.kinds[0].line.text().endswith("পাঠানো বাকি ২টি")
    assert not dialog.kinds[0].line.is_cut()


def test_arrows_walk_through_the_whole_history(shell: Shell, shop: Shop, settled: Settled) -> None:
    page = stock_with_many_kinds(shell, shop, settled)
    page._history()
    dialog = page.dialog()
    assert isinstance(dialog, HistoryDialog)
    assert dialog.moves.hasFocus()
    QTest.keyClick(dialog.moves, Qt.Key.Key_Down)
    assert dialog.moves.at() == 1


@pytest.mark.parametrize(("lang", "text"), _LOOKS)
def test_a_form_full_of_faults_keeps_its_columns(
    shell: Shell, shop: Shop, settled: Settled, lang: str, text: str
) -> None:
    dress(shell, shop, lang, text)
    page = stock_with_many_kinds(shell, shop, settled)
    page.edit_product()
    dialog = page.dialog()
    assert isinstance(dialog, ProductDialog)
    form = shell.presenters.stock.edit_form()
    assert form is not None
    form.type("barcode", "8" * 200)
    form.type("minimum", "x" * 200)
    form.save()
    assert wrong_at_any_size(shell, dialog) == {}
    left, right = (dialog.labelled[name].field.width() for name in ("barcode", "minimum"))
    assert abs(left - right) <= 1


@pytest.mark.parametrize(("lang", "text"), _LOOKS)
def test_what_a_restore_would_bring_is_not_squeezed(
    shell: Shell, shop: Shop, settled: Settled, lang: str, text: str
) -> None:
    dress(shell, shop, lang, text)
    shop.backups.make()
    shop.orders.take(sale())
    shell.go("backup")
    settled()
    shell.presenters.backup.look_into(shop.backups.list()[0].file)
    settled()
    dialog = shell.page().dialog()
    assert isinstance(dialog, RestoreDialog)
    assert wrong_at_any_size(shell, dialog) == {}


def test_an_empty_list_hands_the_focus_to_the_search(shell: Shell, shop: Shop, settled: Settled) -> None:
    page = stock_with_many_kinds(shell, shop, settled)
    for widget in (page.list, page.pane.matrix):
        shell.presenters.stock.choose_tab("all")
        settled()
        shell.presenters.stock.bring(shop.catalogue.show("P900").id.bytes)
        settled()
        widget.setFocus()
        shell.presenters.stock.choose_tab("low")  # nothing is
        settled()
        assert page.search.edit.hasFocus()


def test_hours_stay_level_when_one_of_them_does_not_read(shell: Shell, settled: Settled) -> None:
    shell.go("settings")
    shell.presenters.settings.choose("hats")
    settled()
    shell.presenters.settings.put("hat.opens", "x")
    settled()
    page = shell.pages["settings"]
    assert isinstance(page, SettingsPage)
    assert isinstance(page.section, HatSection)
    opens, closes = (page.section.fields[f"hat.{name}"] for name in ("opens", "closes"))
    assert opens.fault
    assert opens.y() == closes.y()


def test_all_sections_stand_in_the_smallest_window_with_the_largest_text(
    shell: Shell, shop: Shop, settled: Settled
) -> None:
    dress(shell, shop, "bn", "130")
    shell.resize(1280, 640)
    shell.go("settings")
    settled()
    page = shell.pages["settings"]
    assert isinstance(page, SettingsPage)
    assert not page.list.verticalScrollBar().isVisible()


def test_an_endless_word_is_broken_and_a_conjunct_never_is(look: Look, qtbot: QtBot) -> None:
    plain = "বারকোড হতে পারে না। 88888"
    assert breakable(plain) == plain
    words = "ক্ষ্ম" * 30
    pieces = breakable(words).split("\u200b")
    assert "".join(pieces) == words
    assert len(pieces) > 2
    assert all(piece.startswith("ক") for piece in pieces)
    said = Paragraph(look, "x" * 500)
    qtbot.addWidget(said)
    said.setFixedWidth(300)
    assert said.minimumSizeHint().width() <= 300
    assert said.accessibleName() == "x" * 500


def test_a_tick_is_turned_by_a_click_on_its_word_and_by_space(look: Look, qtbot: QtBot) -> None:
    tick = Tick(look, "A & B")
    qtbot.addWidget(tick)
    tick.show()
    QTest.mouseClick(tick, Qt.MouseButton.LeftButton, pos=tick.rect().center())
    assert tick.isChecked()
    QTest.keyClick(tick, Qt.Key.Key_Space)
    assert not tick.isChecked()
    assert tick.accessibleName() == "A & B"


def test_numbers_in_words_and_sentences_follow_the_digits_of_the_setting(shell: Shell, shop: Shop) -> None:
    shop.configuration.put("digits", "latin")
    shell.relook()
    assert shell.look.word("backups_count", count=12) == "12টি"
    shop.configuration.put("lang", "en")
    shop.configuration.put("digits", "bn")
    shell.relook()
    assert shell.look.word("backup_holds", orders=3, total_paisa=123_400) == "৩ orders · ৳১,২৩৪"
    assert "৩" in sentence("text_too_long", {"field": "name_bn", "limit": 3}, shell.look.locale)


@pytest.mark.parametrize(
    ("text", "asked", "found"),
    [
        ("আমের আচার", "আম", "আমে"),
        ("বাক্স", "বাক", "বাক্স"),
        ("মধু", "ধু", "ধু"),
        ("ঘি", "ি", "ঘি"),
        ("Modhu", "od", "od"),
    ],
)
def test_what_is_marked_in_a_name_begins_and_ends_with_whole_letters(
    text: str, asked: str, found: str
) -> None:
    at = text.index(asked)
    start, end = whole(text, at, at + len(asked))
    assert text[start:end] == found
