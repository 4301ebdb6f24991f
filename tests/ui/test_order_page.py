"""One order on its page: taking money later, cancelling, its papers; with the keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from tests.shopkeeping import problems, sale
from tests.ui.extents import faults
from ui.pages.order import OrderPage
from ui.pages.order_dialogs import CancelDialog, PayDialog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from pos.shop import Shop
    from tests.ui.keyboard import Keyboard
    from ui.shell import Shell


@pytest.fixture
def page(numbers: list[str], shell: Shell, keyboard: Keyboard, settled: Callable[[], None]) -> OrderPage:
    """The cash-on-delivery order, opened from the list."""
    assert len(numbers) == 4
    keyboard.press("Ctrl+2", "Down", "Down", "Down", "Enter")
    settled()
    page = shell.page()
    assert isinstance(page, OrderPage)
    return page


def test_the_page_shows_goods_money_buyer_and_what_happened(page: OrderPage) -> None:
    assert page.number.text() == "A-26-000001"
    assert "খাঁটি মধু" in page.goods.accessibleName()
    assert "৳১,১৩০" in page.sums.accessibleName()
    assert "ক্যাশ" in page.money.accessibleName()
    assert "৳৮৩০" in page.money.accessibleName()
    assert (page.buyer_name.text(), page.phone.text()) == ("শারমিন আক্তার", "০১৭১২-৩৪৫৬৭৮")
    assert page.past.text() == "১টি অর্ডার · ০টি ফেরত · বাকি নেই"
    assert page.note.text() == "সন্ধ্যায় ফোন"
    assert "অর্ডার নেওয়া হয়েছে" in page.story.accessibleName()


def test_a_later_payment_is_taken_by_method_amount_and_trxid(
    page: OrderPage, shell: Shell, keyboard: Keyboard, settled: Callable[[], None], shop: Shop
) -> None:
    keyboard.press("F7")
    dialog = page.dialog()
    assert isinstance(dialog, PayDialog)
    assert (dialog.amount.text(), dialog.methods.hasFocus()) == ("৮৩০", True)
    keyboard.press("Right", "Tab")
    keyboard.type("500")
    assert dialog.after.text() == "এর পরে বাকি থাকবে ৳৩৩০"
    keyboard.press("Enter")
    keyboard.type("cko7a2kq5b")
    keyboard.press("Enter")
    settled()
    assert page.dialog() is None
    order = shop.orders.show("A-26-000001")
    payment = order.payments[-1]
    assert (payment.method, payment.amount_paisa, payment.trxid) == ("bkash", 50_000, "CKO7A2KQ5B")
    assert order.due_paisa == 33_000
    assert "৳৫০০" in page.money.accessibleName()
    assert "CKO7A2KQ5B" in page.story.accessibleName()
    assert "৳৫০০" in page.toast_text()


def test_a_digit_typed_at_the_methods_is_the_amount(
    page: OrderPage, keyboard: Keyboard, settled: Callable[[], None], shop: Shop
) -> None:
    keyboard.press("F7")
    keyboard.type("200")
    dialog = page.dialog()
    assert isinstance(dialog, PayDialog)
    assert dialog.amount.text() == "200"
    keyboard.press("F9")
    settled()
    assert shop.orders.show("A-26-000001").payments[-1].amount_paisa == 20_000


def test_after_what_cannot_be_taken_back_undo_takes_nothing_back(
    page: OrderPage, keyboard: Keyboard, settled: Callable[[], None], shop: Shop, shell: Shell
) -> None:
    keyboard.press("F9")
    settled()
    shell.presenters.order.cancel("ভুল", lambda: None, lambda _error: None)
    settled()
    story = shop.book.timeline("A-26-000001")
    keyboard.press("Ctrl+Z")
    settled()
    assert shop.book.timeline("A-26-000001") == story
    assert page.dialog() is None


def test_too_much_by_a_wallet_is_said_in_the_dialog_and_nothing_is_taken(
    page: OrderPage, keyboard: Keyboard, settled: Callable[[], None], shop: Shop
) -> None:
    keyboard.press("F7", "Right", "Tab")
    keyboard.bangla("৯০০")
    keyboard.press("F9")
    settled()
    dialog = page.dialog()
    assert isinstance(dialog, PayDialog)
    assert dialog.wrong.isVisible()
    assert dialog.save.isEnabled()
    assert len(shop.orders.show("A-26-000001").payments) == 1
    keyboard.press("Esc")
    assert page.dialog() is None


def test_cash_above_what_is_due_says_the_change(
    page: OrderPage, keyboard: Keyboard, settled: Callable[[], None]
) -> None:
    keyboard.press("F7", "Tab")
    keyboard.type("1000")
    dialog = page.dialog()
    assert isinstance(dialog, PayDialog)
    assert dialog.after.text() == "ফেরত দিন ৳১৭০"
    keyboard.press("F9")
    settled()
    assert not page.pay.isVisible()  # paid in full: nothing more to take
    keyboard.press("F7")
    assert page.dialog() is None


def test_cancelling_asks_says_what_becomes_of_it_and_wants_a_reason(
    page: OrderPage, shell: Shell, keyboard: Keyboard, settled: Callable[[], None], shop: Shop
) -> None:
    keyboard.press("Del")
    dialog = page.dialog()
    assert isinstance(dialog, CancelDialog)
    assert "১ ধরনের পণ্য স্টকে ফিরবে" in dialog.said.text()
    assert "৳৩০০ ফেরত" in dialog.said.text()
    keyboard.press("F9")
    settled()
    assert dialog.wrong.isVisible()
    assert shop.orders.show("A-26-000001").status == "confirmed"
    keyboard.bangla("ক্রেতা নেবেন না")
    keyboard.press("Enter")
    settled()
    assert page.dialog() is None
    assert shop.orders.show("A-26-000001").status == "cancelled"
    assert not page.cancel.isVisible()
    assert not page.step.isVisible()
    assert "ক্রেতা নেবেন না" in page.story.accessibleName()
    assert "৳৩০০" in page.open_sum.text()
    keyboard.press("Esc")
    assert shell.presenters.orders.row is not None
    assert shell.presenters.orders.row.stage == "cancelled"


def test_esc_leaves_the_question_and_the_order_as_they_are(
    page: OrderPage, keyboard: Keyboard, settled: Callable[[], None], shop: Shop
) -> None:
    keyboard.press("Del", "Esc")
    settled()
    assert page.dialog() is None
    assert shop.orders.show("A-26-000001").status == "confirmed"
    assert page.body.hasFocus()


def test_f9_takes_the_next_step_here_too(
    page: OrderPage, keyboard: Keyboard, settled: Callable[[], None]
) -> None:
    texts = []
    for key in ("F9", "F9", "Ctrl+Z"):
        keyboard.press(key)
        settled()
        texts.append((page.chip.text(), page.step.isVisible()))
    assert texts == [("প্যাক করতে হবে", True), ("প্যাক হয়ে গেছে", False), ("প্যাক করতে হবে", True)]


def test_a_note_is_written_in_its_place_kept_by_enter_and_taken_back(
    page: OrderPage, keyboard: Keyboard, settled: Callable[[], None], shop: Shop
) -> None:
    keyboard.press("F4")
    assert page.note.edit.hasFocus()
    keyboard.bangla(" নয়")
    keyboard.press("Shift+Enter")
    keyboard.bangla("সকালে")
    keyboard.press("Enter")
    settled()
    assert page.body.hasFocus()
    assert shop.orders.show("A-26-000001").note == "সন্ধ্যায় ফোন নয়\nসকালে"
    assert "নোট রাখা হয়েছে" in page.toast_text()
    assert "নোট বদলানো হয়েছে" in page.story.accessibleName()
    notes = []
    for key in ("Ctrl+Z", "Ctrl+Y", "Ctrl+Z"):
        keyboard.press(key)
        settled()
        notes.append((page.note.text(), shop.orders.show("A-26-000001").note))
    first, second = "সন্ধ্যায় ফোন", "সন্ধ্যায় ফোন নয়\nসকালে"
    assert notes == [(first, first), (second, second), (first, first)]


def test_esc_leaves_the_note_as_it_was_and_then_the_page(
    page: OrderPage, shell: Shell, keyboard: Keyboard, settled: Callable[[], None], shop: Shop
) -> None:
    keyboard.press("F4")
    keyboard.bangla(" নয়")
    keyboard.press("Esc")
    settled()
    assert (page.note.text(), shell.page()) == ("সন্ধ্যায় ফোন", page)
    assert [e.kind for e in shop.book.timeline("A-26-000001")] == ["taken", "paid"]
    keyboard.press("Esc")
    assert shell.page_name == "orders"


def test_going_elsewhere_keeps_the_note(
    page: OrderPage, shell: Shell, keyboard: Keyboard, settled: Callable[[], None], shop: Shop
) -> None:
    keyboard.press("F4")
    keyboard.bangla(" নয়")
    shell.relook()  # a language chosen meanwhile takes no letter away
    fresh = shell.page()
    assert isinstance(fresh, OrderPage)
    settled()
    keyboard.press("F4")
    keyboard.bangla(", সকালে")
    keyboard.press("Ctrl+1")
    settled()
    assert shop.orders.show("A-26-000001").note == "সন্ধ্যায় ফোন নয়, সকালে"


@pytest.mark.usefixtures("page")
def test_an_order_scanned_while_a_note_is_written_keeps_it_with_its_own_order(
    shell: Shell, keyboard: Keyboard, settled: Callable[[], None], shop: Shop
) -> None:
    keyboard.press("F4")
    keyboard.bangla(" নয়")
    shell.open_order("A-26-000002")
    settled()
    assert [shop.orders.show(f"A-26-00000{n}").note for n in (1, 2)] == ["সন্ধ্যায় ফোন নয়", ""]
    page = shell.page()
    assert isinstance(page, OrderPage)
    assert page.note.text() == ""


def test_a_note_that_somebody_else_changed_is_shown_before_it_is_written_over(
    page: OrderPage, shell: Shell, keyboard: Keyboard, settled: Callable[[], None], shop: Shop
) -> None:
    keyboard.press("F4")
    keyboard.bangla(" নয়")
    shop.steps.note("A-26-000001", "দোকানে এসে নেবেন")
    keyboard.press("Enter")
    settled()
    assert (page.note.fault != "", page.note.text()) == (True, "সন্ধ্যায় ফোন নয়")
    assert shop.orders.show("A-26-000001").note == "দোকানে এসে নেবেন"
    keyboard.press("F4", "Enter")
    settled()
    assert (page.note.fault, shop.orders.show("A-26-000001").note) == ("", "সন্ধ্যায় ফোন নয়")


def test_a_book_as_a_note_is_said_to_be_too_long_and_stays_to_be_shortened(
    page: OrderPage, keyboard: Keyboard, settled: Callable[[], None]
) -> None:
    keyboard.press("F4")
    keyboard.bangla("ক" * 1_001)
    keyboard.press("Enter")
    settled()
    assert page.note.fault
    assert page.note.text().endswith("ক" * 1_001)


def test_the_preview_is_the_receipt_in_grey_and_the_invoice_in_colour(
    page: OrderPage, shell: Shell, settled: Callable[[], None]
) -> None:
    receipt = shell.presenters.order.pictures[0]
    assert receipt.stride < receipt.width * 2
    page.paper.kind.chosen.emit("invoice")
    settled()
    invoice = shell.presenters.order.pictures[0]
    assert invoice.stride >= invoice.width * 4
    assert abs(invoice.height / invoice.width - 297 / 210) < 0.01
    assert invoice.width == page.paper.papers.wanted_px()


def test_without_a_printer_the_paper_is_saved_and_said_where(
    page: OrderPage, shop: Shop, keyboard: Keyboard, settled: Callable[[], None]
) -> None:
    keyboard.press("Ctrl+P")
    settled()
    saved = shop.paths.papers / "receipt-A-26-000001.pdf"
    assert saved.read_bytes().startswith(b"%PDF")
    assert saved.name in page.toast_text()
    assert page.toast_text().endswith("/shop/papers")


def test_a_paper_is_saved_where_the_vendor_says(
    page: OrderPage, keyboard: Keyboard, settled: Callable[[], None], tmp_path: Path
) -> None:
    keyboard.press("Ctrl+S")
    chooser = page._chooser  # the system's own dialog cannot be driven by keys here
    assert chooser is not None
    chooser.fileSelected.emit(str(tmp_path / "রশিদ ১.pdf"))
    chooser.reject()
    settled()
    assert (tmp_path / "রশিদ ১.pdf").read_bytes().startswith(b"%PDF")


def test_a_printer_that_does_not_answer_leaves_the_order_final_and_offers_to_try_again(
    page: OrderPage, shell: Shell, shop: Shop, keyboard: Keyboard, settled: Callable[[], None]
) -> None:
    shop.configuration.put("printer.kind", "tcp")
    shop.configuration.put("printer.address", "127.0.0.1:1")
    keyboard.press("Ctrl+P")
    settled()
    banner = shell.notices.banners()[0]
    assert (banner.about, banner.word) == ("print", "আবার")
    assert "127.0.0.1:1" in banner.title
    assert "অর্ডার রাখা আছে" in banner.detail
    assert page.paper.print.isEnabled()
    shop.configuration.put("printer.kind", "none")
    assert banner.action is not None
    banner.action()
    settled()
    assert shell.notices.banners() == []
    assert (shop.paths.papers / "receipt-A-26-000001.pdf").exists()


@pytest.mark.usefixtures("page")
def test_a_page_closed_while_its_paper_is_drawn_and_printed_harms_nothing(
    shell: Shell, shop: Shop, keyboard: Keyboard, settled: Callable[[], None], qtbot: QtBot
) -> None:
    shell.presenters.order.choose_paper("invoice")
    shell.presenters.order.print()
    shell.presenters.order.step()
    shell.relook()
    settled()
    keyboard.press("Esc")
    settled()
    assert shop.steps.uncheck("A-26-000001")
    shell.close()
    shop.close()
    assert problems(shop.paths) == []


def test_an_order_of_many_lines_shows_them_all(shell: Shell, shop: Shop, settled: Callable[[], None]) -> None:
    request = sale("P001", "0.001")
    request.items.extend(request.items * 300)
    order = shop.orders.take(request)
    shell.open_order(order.number)
    settled()
    page = shell.page()
    assert isinstance(page, OrderPage)
    assert page.goods.height() >= 56 * 301
    assert len(shell.presenters.order.pictures) >= 1


@pytest.mark.parametrize("text", ["100", "130"])
@pytest.mark.parametrize("lang", ["bn", "en"])
@pytest.mark.usefixtures("page")
def test_nothing_is_clipped_at_any_size(
    shell: Shell, shop: Shop, settled: Callable[[], None], lang: str, text: str
) -> None:
    for key, value in (("lang", lang), ("ui.text", text)):
        shop.configuration.put(key, value)
    shell.relook()
    found = {}
    for size in ((1280, 640), (1366, 688), (1920, 1080)):
        shell.resize(*size)
        settled()
        for _ in range(4):
            QApplication.processEvents()
        wrong = faults(shell)
        if wrong:
            found[size] = wrong
    assert found == {}
