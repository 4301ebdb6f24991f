"""What the Sell page shows of numbers, money and lists, and what a new order does with the one at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from tests.shopkeeping import PHONE, sale_to
from tests.ui.extents import faults
from ui import keys
from ui.pages.payment import PaymentDialog
from ui.pages.sell import SellPage
from ui.pages.sell_rows import variant_pills

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QLineEdit

    from pos.shop import Shop
    from tests.ui.keyboard import Keyboard
    from ui.shell import Shell
    from ui.widgets.overlay import Dialog

SHOWN = "০১৭১২-৩৪৫৬৭৮"


def sell_page(shell: Shell) -> SellPage:
    page = shell.pages["sell"]
    assert isinstance(page, SellPage)
    return page


def payment(shell: Shell) -> PaymentDialog:
    dialog = shell.page().dialog()
    assert isinstance(dialog, PaymentDialog)
    return dialog


def at_end(edit: QLineEdit) -> None:
    edit.setCursorPosition(len(edit.text()))


def dialog_of(shell: Shell) -> Dialog | None:
    return shell.page().dialog()


# ---- the buyer's number ------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["+8801712345678", "০১৭১২৩৪৫৬৭৮", "01712 345-678"])
def test_the_head_of_the_cart_shows_a_number_as_people_write_it(
    shell: Shell, page: SellPage, typed: str
) -> None:
    shell.presenters.sell.set_buyer(phone=typed, address="মিরপুর ১০")
    assert page.cart.buyer.line.text() == f"{SHOWN} · মিরপুর ১০"


def test_the_head_names_the_place_by_thana_and_district(shell: Shell, page: SellPage) -> None:
    shell.presenters.sell.set_buyer(phone=PHONE, address="বাসা ৩/এ, রোড ৭", thana="মিরপুর", district="ঢাকা")
    assert page.cart.buyer.line.text() == f"{SHOWN} · মিরপুর, ঢাকা"


@pytest.mark.parametrize("part", ["phone", "amount"])
def test_a_new_theme_while_a_number_is_typed_keeps_it(keyboard: Keyboard, shell: Shell, part: str) -> None:
    keyboard.scan("8901")
    keyboard.press("F3")
    if part == "amount":
        shell.presenters.sell.set_buyer(phone=PHONE)
        sell_page(shell).cart.pay.advance.amount.edit.setFocus()
    keyboard.type("0171")
    shell.relook()  # as the system does it at sunset
    for _ in range(3):
        QApplication.processEvents()
    cart = shell.presenters.sell.cart
    assert (cart.buyer.phone if part == "phone" else cart.pay.amount) == "0171"


def test_a_buyer_who_is_known_is_met_by_name_and_by_how_often_he_came(
    shell: Shell, shop: Shop, page: SellPage
) -> None:
    for _ in range(4):
        shop.orders.take(sale_to())
    shell.presenters.sell.set_buyer(phone="+8801712345678")
    assert page.cart.buyer.name.text() == "শারমিন আক্তার"
    assert page.cart.buyer.chip.text() == "৫ম অর্ডার"


def test_a_number_that_is_not_whole_yet_stands_in_the_digits_of_the_setting(
    shell: Shell, page: SellPage
) -> None:
    shell.presenters.sell.set_buyer(phone="01712")
    assert page.cart.buyer.line.text() == "০১৭১২"


def test_the_number_s_digits_follow_the_setting(shell: Shell, shop: Shop) -> None:
    shop.configuration.put("digits", "latin")
    shell.relook()
    shell.presenters.sell.set_buyer(phone="০১৭১২৩৪৫৬৭৮")
    assert sell_page(shell).cart.buyer.line.text() == "01712-345678"


def test_the_number_is_raw_while_it_is_typed_and_people_s_way_once_it_is_left(
    keyboard: Keyboard, shell: Shell, page: SellPage
) -> None:
    field = page.cart.buyer.fields["phone"]
    keyboard.press("F3")
    keyboard.type("01712345678")
    assert field.text() == "01712345678"
    keyboard.press("Tab")
    assert field.text() == SHOWN
    assert shell.presenters.sell.cart.buyer.phone == "01712345678"


def test_a_number_that_was_left_is_typed_on_from_what_is_shown(
    keyboard: Keyboard, shell: Shell, page: SellPage
) -> None:
    shell.presenters.sell.set_buyer(phone="+8801712345678")
    keyboard.press("F3")
    assert page.cart.buyer.fields["phone"].text() == SHOWN
    at_end(page.cart.buyer.fields["phone"].edit)
    page.cart.buyer.fields["phone"].edit.backspace()
    keyboard.type("9")
    assert shell.presenters.sell.card is not None
    assert shell.presenters.sell.card.phone == "+8801712345679"


def test_a_number_that_is_too_short_is_said_when_it_is_left(keyboard: Keyboard, page: SellPage) -> None:
    keyboard.press("F3")
    keyboard.type("01712345")
    assert "৩" in page.cart.buyer.past.text()
    assert page.cart.buyer.past._token == "text3"
    keyboard.press("Tab")
    assert "৩" in page.cart.buyer.past.text()
    assert page.cart.buyer.past._token == "danger"


def test_undo_takes_a_line_back_and_leaves_what_was_typed_since(keyboard: Keyboard, shell: Shell) -> None:
    keyboard.scan("8901")
    shell.presenters.sell.set_buyer(phone=PHONE, name="শারমিন", district="ঢাকা")
    shell.presenters.sell.set_pay(amount="500")
    shell.presenters.sell.set_note("বিকেলে")
    charged = shell.presenters.sell.cart.delivery
    assert charged
    shell.presenters.sell.undo()
    cart = shell.presenters.sell.cart
    assert cart.lines == ()
    assert (cart.buyer.phone, cart.pay.amount, cart.note) == (PHONE, "500", "বিকেলে")
    assert (cart.area, cart.delivery) == ("inside", charged)
    shell.presenters.sell.redo()
    assert [line.sku for line in shell.presenters.sell.cart.lines] == ["P001"]
    assert shell.presenters.sell.cart.buyer.name == "শারমিন"


# ---- the advance -------------------------------------------------------------------------------------


def test_the_advance_is_typed_freely_and_grouped_when_it_is_left(
    keyboard: Keyboard, shell: Shell, page: SellPage
) -> None:
    keyboard.scan("8901")
    shell.presenters.sell.set_buyer(phone=PHONE)
    edit = page.cart.pay.advance.amount.edit
    edit.setFocus()
    keyboard.type("500.5")
    assert edit.text() == "500.5"
    keyboard.press("Tab")
    assert edit.text() == "৫০০.৫০"
    assert shell.presenters.sell.advance_paisa() == 50_050


@pytest.mark.parametrize(
    ("amount", "shown"), [("1500", "১,৫০০"), ("১২৩৪৫৬", "১,২৩,৪৫৬"), ("1.5k", "১,৫০০"), ("কত", "কত")]
)
def test_an_advance_that_the_program_fills_in_is_grouped_at_once(
    keyboard: Keyboard, shell: Shell, page: SellPage, amount: str, shown: str
) -> None:
    keyboard.scan("8901")
    shell.presenters.sell.set_buyer(phone=PHONE)
    shell.presenters.sell.set_pay(amount=amount)
    assert page.cart.pay.advance.amount.text() == shown


def test_a_grouped_advance_is_read_again_when_it_is_typed_on(
    keyboard: Keyboard, shell: Shell, page: SellPage
) -> None:
    keyboard.scan("8901")
    shell.presenters.sell.set_buyer(phone=PHONE)
    shell.presenters.sell.set_pay(amount="12345")
    edit = page.cart.pay.advance.amount.edit
    edit.setFocus()
    at_end(edit)
    keyboard.type(".5")
    assert shell.presenters.sell.advance_paisa() == 1_234_550


# ---- the list ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("high", [640, 688, 700, 768, 777])
def test_the_cart_shows_whole_lines_whatever_the_height(
    keyboard: Keyboard, shell: Shell, page: SellPage, high: int, settled: Callable[[], None]
) -> None:
    shell.resize(1366, high)
    for code in ("P001", "P003", "P002-01", "P002-02"):
        keyboard.scan(code)
    for writing in (False, True):
        if writing:
            keyboard.press("F3")
        settled()
        lines = page.cart.lines
        if lines.isVisible():
            row = shell.look.px(56)
            assert lines.viewport().height() % row == 0
            assert lines.verticalScrollBar().value() * row % row == 0
            selected = lines.visualRect(lines.currentIndex())
            assert selected.top() >= 0
            assert selected.bottom() < lines.viewport().height()


# ---- taking money ------------------------------------------------------------------------------------


def test_money_given_stands_with_its_sign_and_in_groups_while_it_is_typed(
    keyboard: Keyboard, shell: Shell
) -> None:
    keyboard.scan("8901")
    keyboard.press("F9")
    dialog = payment(shell)
    keyboard.type("12000")
    assert dialog.amount.text() == "৳১২,০০০"
    dialog.amount.edit.backspace()
    assert dialog.amount.text() == "৳১,২০০"
    assert dialog._money.given_paisa() == 120_000
    dialog.amount.edit.setCursorPosition(2)
    keyboard.type("5")
    assert (dialog.amount.text(), dialog.amount.edit.cursorPosition()) == ("৳১৫,২০০", 3)
    for _ in range(5):
        at_end(dialog.amount.edit)
        dialog.amount.edit.backspace()
    assert (dialog.amount.text(), dialog._money.typed) == ("", "")


@pytest.mark.parametrize(
    ("typed", "paisa"),
    [("1200.50", 120_050), ("1.2k", 120_000), ("1,5", None), ("12,000", 1_200_000), ("x", None)],
)
def test_money_that_is_typed_in_another_way_is_left_as_it_is_typed(
    keyboard: Keyboard, shell: Shell, typed: str, paisa: int | None
) -> None:
    keyboard.scan("8901")
    keyboard.press("F9")
    keyboard.type(typed)
    assert payment(shell)._money.given_paisa() == paisa


def test_the_keypad_writes_on_behind_what_is_there(keyboard: Keyboard, shell: Shell) -> None:
    keyboard.scan("8901")
    keyboard.press("F9")
    dialog = payment(shell)
    keyboard.type("1")
    for digit in ("00", "0"):
        next(b for b in dialog.pad if b.property("digit") == digit).click()
    assert dialog.amount.text() == "৳১,০০০"
    next(b for b in dialog.pad if b.property("digit") == "⌫").click()
    assert dialog.amount.text() == "৳১০০"


def test_ctrl_p_turns_the_receipt_off_and_says_so(keyboard: Keyboard, shell: Shell, shop: Shop) -> None:
    shop.configuration.put("printer.kind", "os")
    shop.configuration.put("printer.name", "XP-80")
    keyboard.scan("8901")
    keyboard.press("F9")
    dialog = payment(shell)
    assert dialog.printed.isChecked()
    keyboard.press("Ctrl+P")
    assert not dialog.printed.isChecked()
    assert keys.cap("print") == "Ctrl P"


def test_the_line_under_the_title_is_the_name_or_the_number_as_people_write_it(
    keyboard: Keyboard, shell: Shell
) -> None:
    keyboard.scan("8901")
    shell.presenters.sell.set_pay(kind="full")
    for buyer, said in (
        ({}, shell.look.word("walk_in")),
        ({"phone": "+8801712345678"}, SHOWN),
        ({"name": "শারমিন"}, "শারমিন"),
    ):
        shell.presenters.sell.set_buyer(**buyer)
        keyboard.press("F9")
        assert payment(shell).who.text() == said
        keyboard.press("Esc")


def test_a_method_is_chosen_by_tab_and_space_too(keyboard: Keyboard, shell: Shell) -> None:
    keyboard.scan("8901")
    keyboard.press("F9")
    dialog = payment(shell)
    dialog.cards["bkash"].setFocus()
    keyboard.press("Space")
    assert dialog._money.method == "bkash"
    keyboard.type("5")
    assert dialog.amount.text() == "৳৫"
    assert dialog.amount.edit.hasFocus()


# ---- dialogs -----------------------------------------------------------------------------------------


def test_what_is_wrong_in_a_form_is_said_whole(keyboard: Keyboard, shell: Shell) -> None:
    keyboard.scan("8901")
    keyboard.press("F4", "Tab")
    keyboard.type("1,5")
    keyboard.press("F9")
    dialog = dialog_of(shell)
    assert dialog is not None
    fault = dialog.fault  # type: ignore[attr-defined]
    assert fault.isVisible()
    assert fault.height() >= fault.heightForWidth(fault.width())
    assert fault.heightForWidth(fault.width()) > shell.look.line("sm")


def test_amounts_in_forms_are_grouped_and_read_again(keyboard: Keyboard, shell: Shell) -> None:
    keyboard.scan("8901")
    shell.presenters.sell.set_line("1", "১২৫০০", "")
    keyboard.press("F4")
    dialog = dialog_of(shell)
    assert dialog.price.text() == "১২,৫০০"  # type: ignore[union-attr]
    keyboard.press("F9")
    assert shell.presenters.sell.total_paisa() == 1_250_000


# ---- a new order -------------------------------------------------------------------------------------


def test_a_new_order_puts_the_one_at_hand_aside(
    keyboard: Keyboard, shell: Shell, shop: Shop, page: SellPage, settled: Callable[[], None]
) -> None:
    keyboard.scan("8901")
    shell.presenters.sell.set_buyer(phone="+8801712345678")
    shell.presenters.sell.type("mo")
    keyboard.press("Ctrl+N")
    settled()
    assert (shell.presenters.sell.cart.empty, shell.presenters.sell.typed) == (True, "")
    assert page.search.edit.hasFocus()
    assert [held.label for held in shop.drafts.held()] == [SHOWN]
    keyboard.press("F7", "Enter")
    settled()
    assert [line.sku for line in shell.presenters.sell.cart.lines] == ["P001"]


def test_a_new_order_keeps_a_buyer_who_has_chosen_nothing_yet(
    keyboard: Keyboard, shell: Shell, shop: Shop, settled: Callable[[], None]
) -> None:
    shell.presenters.sell.set_buyer(address="মিরপুর ১০")
    keyboard.press("Ctrl+N")
    settled()
    assert shell.presenters.sell.cart.empty
    assert [held.label for held in shop.drafts.held()] == ["নতুন ক্রেতা"]


def test_a_new_order_where_nothing_is_at_hand_begins_as_every_order(
    keyboard: Keyboard, shell: Shell, shop: Shop, page: SellPage, settled: Callable[[], None]
) -> None:
    shell.presenters.sell.set_pay(kind="due")
    keyboard.bangla("মধু")
    keyboard.press("Ctrl+N")
    settled()
    assert (shell.presenters.sell.cart.kind, shell.presenters.sell.typed, page.search.text()) == (
        "full",
        "",
        "",
    )
    assert shop.drafts.held() == []


def test_what_is_found_shows_its_colours_as_far_as_there_is_room(shell: Shell, shop: Shop) -> None:
    shop.stock.move("P002-02", "-4", "adjustment")
    (hit, *_) = shop.catalogue.find("P002")
    assert variant_pills(shell.look, hit.product, 600) == [("লাল", "৫", "text2"), ("নীল", "১", "warn")]
    assert variant_pills(shell.look, hit.product, 120) == [("লাল", "৫", "text2"), ("+", "১", "text2")]
    assert variant_pills(shell.look, hit.product, 40) == []


# ---- the smallest window -----------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "text"), [("bn", "100"), ("en", "130")])
def test_taking_money_fits_whatever_is_said(
    keyboard: Keyboard, shell: Shell, shop: Shop, lang: str, text: str
) -> None:
    shop.configuration.put("lang", lang)
    shop.configuration.put("ui.text", text)
    shop.configuration.put("printer.kind", "os")
    shop.configuration.put("printer.name", "XP-80")
    shell.relook()
    for width, height in ((1280, 640), (1366, 688), (1920, 1080)):
        shell.resize(width, height)
        QApplication.processEvents()
        keyboard.scan("8901")
        shell.act("main")
        dialog = payment(shell)
        dialog._money.type("10")
        dialog._money.split()
        for method in ("cash", "bkash"):
            dialog._money.choose(method)
            dialog._money.type("5")
            dialog.take()
            for _ in range(3):
                QApplication.processEvents()
            assert dialog.fault.isVisible()
            assert faults(shell, dialog) == [], (width, height, method)
            assert dialog.panel.height() <= height - 32
        dialog.close_dialog()


@pytest.mark.parametrize("text", ["100", "130"])
def test_the_sums_give_way_to_the_line_at_hand(
    keyboard: Keyboard, shell: Shell, shop: Shop, text: str
) -> None:
    shop.configuration.put("ui.text", text)
    shell.relook()
    shell.resize(1280, 640)
    shell.presenters.sell.set_buyer(phone=PHONE)
    keyboard.scan("8901")
    QApplication.processEvents()
    cart = sell_page(shell).cart
    assert cart.lines.isVisible()
    assert cart.lines.viewport().height() >= shell.look.px(56)
    assert cart.take.isVisible()
