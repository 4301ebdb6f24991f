"""What is wrong is said whole, once, and with the figures that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pos.services.product_change import ProductChange
from tests.shopkeeping import paid, sale_to
from tests.ui.extents import faults
from ui.pages.goods_files import FilesDialog
from ui.pages.payment import PaymentDialog
from ui.pages.product import ProductDialog
from ui.pages.sell import SellPage
from ui.pages.sell_rows import QuestionRow, not_enough
from ui.pages.settings import SettingsPage
from ui.pages.settings_people import PeopleSection, PersonDialog
from ui.pages.stock import StockPage
from ui.widgets.text import breakable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pos.shop import Shop
    from tests.ui.keyboard import Keyboard
    from ui.shell import Shell

    Settled = Callable[[], None]


def shown() -> None:
    for _ in range(4):
        QApplication.processEvents()


@pytest.fixture(params=[("bn", "100"), ("en", "130")], ids="-".join)
def smallest(request: pytest.FixtureRequest, shell: Shell, shop: Shop) -> None:
    """The window in its smallest size: in Bangla, and in English with large text."""
    lang, text = request.param
    shop.configuration.put("lang", lang)
    shop.configuration.put("ui.text", text)
    shell.relook()
    shell.resize(1280, 640)
    shown()


@pytest.mark.parametrize("wrong", ["split", "short"])
@pytest.mark.usefixtures("smallest")
def test_money_that_does_not_fit_is_told_whole(keyboard: Keyboard, shell: Shell, wrong: str) -> None:
    keyboard.scan("8901")
    keyboard.press("F9", "Alt+2")
    dialog = shell.page().dialog()
    assert isinstance(dialog, PaymentDialog)
    if wrong == "split":
        keyboard.type("1000")
        dialog.split.click()
    else:
        keyboard.type("999")
        keyboard.press("F9")
    shown()
    assert dialog.fault.isVisible()
    assert faults(shell, dialog) == []


@pytest.mark.parametrize("wrong", ["amount", "trxid"])
@pytest.mark.usefixtures("smallest")
def test_an_advance_that_is_refused_is_told_whole(
    keyboard: Keyboard, shell: Shell, shop: Shop, settled: Settled, wrong: str
) -> None:
    if wrong == "trxid":
        shop.orders.take(sale_to(payments=paid("100", "bkash", "8N7A2KQ4ZL"), rest="cod"))
    keyboard.scan("8901")
    keyboard.scan("P003")
    shell.presenters.sell.set_buyer(phone="01712345678", name="রিনা", address="সদর")
    page = shell.page()
    assert isinstance(page, SellPage)
    page.cart.pay.advance.amount.edit.setFocus()
    keyboard.type("99000" if wrong == "amount" else "100")
    if wrong == "trxid":
        page.cart.pay.advance.trxid.edit.setFocus()
        keyboard.type("8n7a2kq4zl")
    keyboard.press("F9")
    settled()
    shown()
    assert wrong in shell.presenters.sell.faults
    assert page.cart.pay.fault.isVisible()
    assert faults(shell) == []


@pytest.mark.usefixtures("smallest")
def test_a_discount_that_does_not_read_is_told_whole(keyboard: Keyboard, shell: Shell) -> None:
    keyboard.scan("8901")
    keyboard.press("F8")
    keyboard.type("-5")
    keyboard.press("F9")
    shown()
    dialog = shell.page().dialog()
    assert dialog is not None
    assert dialog.fault.isVisible()  # type: ignore[attr-defined]
    assert faults(shell, dialog) == []


@pytest.mark.usefixtures("smallest")
def test_whoever_is_taken_on_is_typed_at_once_and_needs_a_name(
    keyboard: Keyboard, shell: Shell, settled: Settled
) -> None:
    shell.go("settings")
    page = shell.pages["settings"]
    assert isinstance(page, SettingsPage)
    shell.presenters.settings.choose("people")
    settled()
    assert isinstance(page.section, PeopleSection)
    QTest.mouseClick(page.section.add, Qt.MouseButton.LeftButton)
    dialog = page.dialog()
    assert isinstance(dialog, PersonDialog)
    keyboard.press("F9")
    shown()
    assert dialog.fault.isVisible()
    assert faults(shell, dialog) == []
    keyboard.bangla("তারেক")
    assert dialog.name.text() == "তারেক"


@pytest.mark.usefixtures("smallest")
def test_every_row_that_cannot_be_taken_is_told_whole(shell: Shell, settled: Settled, tmp_path: Path) -> None:
    sheet = tmp_path / "list.csv"
    long = "মধু " * 60
    sheet.write_text(f"নাম,দাম,একক\nগুড়,২২০,{long}\nচিনি,দশ {long},kg\nচা,৫০,টি\n", encoding="utf-8")
    shell.go("stock")
    settled()
    shell.presenters.goods_files.look_through(sheet)
    settled()
    shown()
    dialog = shell.page().dialog()
    assert isinstance(dialog, FilesDialog)
    look, problems = shell.look, shell.presenters.goods_files.problems()
    assert problems
    row = dialog.list.visualRect(dialog.list.rows.index(0))
    for error in problems:
        number, said = dialog._words(error)
        room = QRectF(0, 0, row.width() - dialog._number_width(number) - 36, 4000)
        wrapped = int(Qt.TextFlag.TextWordWrap)
        needed = look.metrics("sm").boundingRect(room, wrapped, breakable(said)).height()
        assert needed <= row.height() - 8
    assert faults(shell, dialog) == []


def test_a_fault_of_a_form_stands_once_under_its_field(
    keyboard: Keyboard, shell: Shell, settled: Settled
) -> None:
    shell.go("stock")
    settled()
    keyboard.press("Ctrl+N", "F9")
    dialog = shell.page().dialog()
    assert isinstance(dialog, ProductDialog)
    shell.resize(1280, 640)  # whatever makes its fields anew
    shown()
    for name in ("name_bn", "price"):
        labelled = dialog.labelled[name]
        assert labelled.fault.isVisible()
        assert labelled.field.height() == shell.look.px(40)  # it has no sentence of its own
        assert labelled.field.fault == labelled.fault.text()  # type: ignore[attr-defined]


@pytest.mark.usefixtures("smallest")
def test_a_question_about_too_much_says_how_much_there_is_and_how_much_is_asked(
    keyboard: Keyboard, shell: Shell, shop: Shop
) -> None:
    page = shell.page()
    assert isinstance(page, SellPage)
    keyboard.scan("8901")
    keyboard.type("1000*8901")
    keyboard.press("Enter")
    (question,) = page._shown
    assert isinstance(question, QuestionRow)
    there = shop.stock.items("P001")[0].free_milli
    look = shell.look
    said = page._say(question)
    assert look.quantity(there, question.line.unit) in said
    assert look.quantity(1_001_000, question.line.unit) in said
    wide = page.results.viewport().width() - 24 - 52 - 24
    anyway = look.width(look.word("take_anyway"), "bodyb") + look.width("Enter", "mini") + 10
    assert look.width(not_enough(look, question), "sm") <= wide - anyway


def test_what_is_gone_altogether_is_said_so(keyboard: Keyboard, shell: Shell) -> None:
    page = shell.page()
    assert isinstance(page, SellPage)
    keyboard.scan("P004")
    assert "শেষ, চাইছেন ১টি" in page._say(page._shown[0])


def test_bars_have_a_column_only_where_a_product_has_a_minimum(
    shell: Shell, shop: Shop, settled: Settled
) -> None:
    shell.go("stock")
    settled()
    page = shell.page()
    assert isinstance(page, StockPage)
    marked = [p.minimum_milli for p in shop.catalogue.all() if p.minimum_milli]
    assert page.head.marked == bool(marked)
    for product in shop.catalogue.all():
        shop.catalogue.edit(product.sku, ProductChange(no_minimum=True))
    shell.presenters.stock.refresh()
    settled()
    assert not page.head.marked
    shop.catalogue.edit("P001", ProductChange(minimum_milli=5_000))
    shell.presenters.stock.refresh()
    settled()
    assert page.head.marked


@pytest.mark.usefixtures("smallest")
def test_both_acts_on_a_product_name_their_keys_and_have_room(shell: Shell, settled: Settled) -> None:
    shell.go("stock")
    settled()
    shown()
    page = shell.page()
    assert isinstance(page, StockPage)
    assert page.pane.count._key == "F8"
    assert faults(shell) == []
