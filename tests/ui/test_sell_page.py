"""Selling with the keyboard alone."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from pos.domain.ids import uuid7
from tests.shopkeeping import PHONE, problems, sale_to
from ui.notices import Notices
from ui.pages.product import ProductDialog
from ui.pages.sell import SellPage
from ui.presenters.cart import Cart
from ui.shell import Shell
from ui.tasks import Tasks
from ui.theme.look import look_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from pos.services.views import OrderView
    from pos.shop import Shop
    from tests.ui.keyboard import Keyboard


def in_cart(shell: Shell) -> list[tuple[str, int]]:
    return [(line.sku, line.qty_milli) for line in shell.presenters.sell.cart.lines]


def asks(shell: Shell) -> bool:
    return shell.presenters.sell.asking is not None


def last_order(shop: Shop) -> OrderView:
    return shop.orders.list(limit=1)[0]


def test_three_names_exact_cash_and_ready_for_the_next_take_fifteen_keys(
    keyboard: Keyboard, shop: Shop, settled: Callable[[], None], page: SellPage
) -> None:
    keyboard.type("mo")
    keyboard.press("Enter")
    keyboard.type("2*sa")
    keyboard.press("Enter")
    keyboard.type("ba")
    keyboard.press("Enter", "Enter")  # there is no basket left: taken anyway
    keyboard.press("F9", "F9")
    settled()
    assert keyboard.pressed <= 15
    order = last_order(shop)
    assert [(line.sku, line.qty_milli) for line in order.lines] == [
        ("P001", 1000),
        ("P003", 2000),
        ("P004", 1000),
    ]
    assert (order.paid_paisa, order.due_paisa, order.payments[0].method) == (order.total_paisa, 0, "cash")
    assert page.search.edit.hasFocus()
    assert page.search.text() == ""
    assert shop.drafts.current() is None


def test_a_scanner_puts_goods_straight_into_the_cart_wherever_the_focus_is(
    keyboard: Keyboard, shell: Shell, page: SellPage
) -> None:
    keyboard.scan("8901")
    keyboard.press("Ctrl+Down")
    keyboard.scan("8901")
    assert [(line.sku, line.qty_milli) for line in shell.presenters.sell.cart.lines] == [("P001", 2000)]
    assert page.search.text() == ""


def test_an_unknown_code_is_said_and_nothing_is_lost(keyboard: Keyboard, shell: Shell) -> None:
    keyboard.scan("8901")
    keyboard.scan("4711471147")
    assert [banner.about for banner in shell.notices.banners()] == ["scan"]
    assert len(shell.presenters.sell.cart.lines) == 1


def test_what_nobody_knows_is_made_a_new_product_from_where_it_was_missed(
    keyboard: Keyboard, shop: Shop, shell: Shell, page: SellPage, settled: Callable[[], None]
) -> None:
    keyboard.bangla("তালপাতার পাখা")
    assert page.as_new.isVisible()
    page.as_new.click()
    dialog = page.dialog()
    assert isinstance(dialog, ProductDialog)
    assert dialog.labelled["name_bn"].field.text() == "তালপাতার পাখা"  # type: ignore[attr-defined]
    dialog.close_dialog()
    keyboard.scan("4711471147")
    (banner,) = shell.notices.banners()
    assert banner.action is not None
    banner.action()
    dialog = page.dialog()
    assert isinstance(dialog, ProductDialog)
    assert dialog.labelled["barcode"].field.text() == "4711471147"  # type: ignore[attr-defined]
    assert shell.notices.banners() == []
    keyboard.bangla("তালপাতার পাখা")
    keyboard.press("Enter", "Enter", "Enter", "Enter")
    keyboard.type("60")
    keyboard.press("F9")
    settled()
    assert page.dialog() is None
    assert shop.catalogue.find("4711471147")[0].product.name_bn == "তালপাতার পাখা"


def test_undo_works_from_the_search_where_the_hand_rests(
    keyboard: Keyboard, shell: Shell, page: SellPage
) -> None:
    keyboard.bangla("মধু")
    keyboard.press("Enter")
    assert page.search.edit.hasFocus()
    assert in_cart(shell) == [("P001", 1000)]
    keyboard.press("Ctrl+Z")
    assert in_cart(shell) == []
    keyboard.press("Ctrl+Y")
    assert in_cart(shell) == [("P001", 1000)]
    keyboard.type("ab")
    keyboard.press("Ctrl+Z")  # typing is taken back first
    assert in_cart(shell) == [("P001", 1000)]


@pytest.mark.parametrize("typed", ["99999999", "9999999999999999999999", "0", "1.2345"])
def test_a_number_that_cannot_be_is_said_and_nothing_is_taken_for_it(
    keyboard: Keyboard, shell: Shell, page: SellPage, typed: str
) -> None:
    keyboard.type(f"{typed}*saban")
    keyboard.press("Enter")
    assert in_cart(shell) == []
    assert page.search.text() == f"{typed}*saban"
    assert page.toast_text()


def test_the_one_who_works_stands_at_the_top(shop: Shop, shell: Shell, page: SellPage) -> None:
    helper = shop.operators.add("রহিম", "helper", None)
    shop.operators.use(helper.id, None)
    shell.go("orders")
    shell.go("sell")
    assert page.me.accessibleName() == "রহিম"


@pytest.mark.parametrize("way", ["taken", "held", "recalled"])
def test_what_is_scanned_while_the_disk_is_busy_stands_in_the_next_cart(
    keyboard: Keyboard, shop: Shop, shell: Shell, settled: Callable[[], None], way: str
) -> None:
    if way == "recalled":
        shop.drafts.hold(uuid7(1), "রিনা", Cart().stored(), [], 2**42)
    keyboard.scan("8901")
    settled()
    free = threading.Event()
    shell.tasks.write(lambda: free.wait(10))
    if way == "taken":
        shell.presenters.sell.take()
    elif way == "held":
        shell.presenters.sell.hold()
    else:
        shell.presenters.sell.recall(shop.drafts.held()[0].id)
    keyboard.scan("8901")
    keyboard.scan("P003")
    free.set()
    settled()
    assert in_cart(shell) == [("P001", 1000), ("P003", 1000)]
    assert len(shop.orders.list()) == (way == "taken")
    shell.tasks.settle()
    settled()
    kept = shop.drafts.current()
    assert kept is not None
    assert [line["sku"] for line in json.loads(kept.body)["lines"]] == ["P001", "P003"]


def test_a_known_buyers_advance_and_cash_on_delivery_ask_nothing(
    keyboard: Keyboard, shop: Shop, shell: Shell, settled: Callable[[], None]
) -> None:
    shop.orders.take(sale_to())
    keyboard.bangla("মধু")
    keyboard.press("Enter", "F3")
    keyboard.type("01712345678")
    keyboard.press("Enter")
    page = shell.page()
    assert isinstance(page, SellPage)
    page.cart.pay.advance.amount.edit.setFocus()
    keyboard.type("500")
    keyboard.press("Tab")
    keyboard.type("8n7a2kq4zl")
    keyboard.press("F9")
    settled()
    assert page.dialog() is None
    order = last_order(shop)
    assert order.customer is not None
    assert (order.customer.phone, order.customer.name) == (f"+88{PHONE}", "শারমিন আক্তার")
    assert (order.payments[0].trxid, order.cod_paisa) == ("8N7A2KQ4ZL", order.total_paisa - 50_000)


def test_a_product_with_variants_asks_which_by_arrows_and_enter(keyboard: Keyboard, shell: Shell) -> None:
    keyboard.bangla("শাড়ি")
    keyboard.press("Enter", "Down", "Enter")
    assert [line.sku for line in shell.presenters.sell.cart.lines] == ["P002-02"]


def test_bangla_digits_before_a_star_say_how_many(keyboard: Keyboard, shell: Shell) -> None:
    keyboard.bangla("৩*মধু")
    keyboard.press("Enter")
    assert in_cart(shell)[0][1] == 3000


def test_what_is_not_there_is_asked_about_once_and_esc_leaves_it(keyboard: Keyboard, shell: Shell) -> None:
    keyboard.bangla("ঝুড়ি")
    keyboard.press("Enter")
    assert asks(shell)
    keyboard.press("Esc")
    assert not asks(shell)
    assert in_cart(shell) == []
    keyboard.press("Enter", "Enter")
    assert shell.presenters.sell.cart.lines[0].anyway
    keyboard.bangla("ঝুড়ি")
    keyboard.press("Enter")
    assert in_cart(shell)[0][1] == 2000


def test_the_cart_is_changed_by_plus_minus_and_delete_and_brought_back_by_undo(
    keyboard: Keyboard, shell: Shell
) -> None:
    keyboard.scan("8901")
    keyboard.press("Ctrl+Down")
    keyboard.type("++-")
    assert in_cart(shell)[0][1] == 2000
    keyboard.press("Del")
    assert in_cart(shell) == []
    keyboard.press("Ctrl+Z", "Ctrl+Z")
    assert in_cart(shell)[0][1] == 3000
    keyboard.press("Ctrl+Y")
    assert in_cart(shell)[0][1] == 2000


def test_undo_goes_back_twenty_steps_and_more(keyboard: Keyboard, shell: Shell) -> None:
    keyboard.scan("8901")
    for _ in range(24):
        shell.presenters.sell.more(1)
    for _ in range(24):
        shell.presenters.sell.undo()
    assert in_cart(shell)[0][1] == 1000


def test_a_held_cart_promises_its_goods_and_comes_back(
    keyboard: Keyboard, shop: Shop, shell: Shell, settled: Callable[[], None]
) -> None:
    keyboard.scan("8901")
    keyboard.press("F6")
    settled()
    assert in_cart(shell) == []
    assert shop.stock.items("P001")[0].reserved_milli == 1000
    keyboard.press("F7", "Enter")
    settled()
    assert in_cart(shell) == [("P001", 1000)]
    assert shop.stock.items("P001")[0].reserved_milli == 0


def test_a_discount_is_taken_off_and_one_that_is_too_much_is_said(keyboard: Keyboard, shell: Shell) -> None:
    keyboard.scan("8901")
    keyboard.press("F8")
    keyboard.type("10%")
    keyboard.press("Enter")
    assert shell.presenters.sell.total_paisa() == 90_000
    keyboard.press("F8", "Ctrl+A")
    keyboard.type("5000")
    keyboard.press("Enter")
    assert shell.page().dialog() is not None
    keyboard.press("Esc")
    assert shell.presenters.sell.total_paisa() == 90_000


def test_a_wrong_phone_is_said_at_its_field_and_the_cart_stays(
    keyboard: Keyboard, shop: Shop, shell: Shell, settled: Callable[[], None]
) -> None:
    keyboard.scan("8901")
    keyboard.press("F3")
    keyboard.type("01712")
    keyboard.press("F9")
    settled()
    page = shell.page()
    assert isinstance(page, SellPage)
    assert page.cart.buyer.fields["phone"].fault
    assert page.cart.buyer.fields["phone"].edit.hasFocus()
    assert len(shell.presenters.sell.cart.lines) == 1
    assert shop.orders.list() == []


def test_money_is_split_over_two_methods_and_change_is_given_for_cash(
    keyboard: Keyboard, shop: Shop, shell: Shell, settled: Callable[[], None]
) -> None:
    keyboard.scan("8901")
    keyboard.press("F9", "Alt+2")
    keyboard.type("400")
    dialog = shell.page().dialog()
    assert dialog is not None
    dialog._split()  # type: ignore[attr-defined]
    keyboard.press("Alt+1")
    keyboard.type("1000")
    assert dialog._money.change_paisa() == 40_000  # type: ignore[attr-defined]
    keyboard.press("F9")
    settled()
    order = last_order(shop)
    assert [(p.method, p.amount_paisa) for p in order.payments] == [("bkash", 40_000), ("cash", 100_000)]
    assert (order.paid_paisa, order.change_paisa) == (100_000, 40_000)


def test_too_little_money_is_said_and_nothing_is_taken(keyboard: Keyboard, shop: Shop, shell: Shell) -> None:
    keyboard.scan("8901")
    keyboard.press("F9")
    keyboard.type("999")
    keyboard.press("F9")
    assert shell.page().dialog() is not None
    keyboard.press("Esc")
    assert shop.orders.list() == []
    assert len(shell.presenters.sell.cart.lines) == 1


def test_the_cart_is_there_again_after_a_crash(
    keyboard: Keyboard, shop: Shop, shell: Shell, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    keyboard.scan("8901")
    shell.presenters.sell.set_buyer(phone=PHONE, name="শারমিন")
    shell.presenters.sell.set_note("বিকেলে")
    qtbot.waitUntil(lambda: shop.drafts.current() is not None)
    shell.tasks.settle()
    again = Shell(look_of(shop.desk.device.all()), Tasks(), Notices())
    again.enter(shop)
    qtbot.addWidget(again)
    again.start()
    assert again.presenters.sell.cart == shell.presenters.sell.cart
    assert again.presenters.sell.cart.buyer.name == "শারমিন"


def test_what_the_command_line_sells_meanwhile_is_no_trouble(
    keyboard: Keyboard, shop: Shop, shell: Shell, settled: Callable[[], None]
) -> None:
    keyboard.scan("8901")
    shop.orders.take(sale_to())
    keyboard.press("F9", "F9")
    settled()
    assert [order.number for order in shop.orders.list()] == ["A-26-000002", "A-26-000001"]


def test_fifty_thousand_pasted_characters_are_answered_and_nothing_breaks(
    keyboard: Keyboard, shell: Shell
) -> None:
    clipboard = QApplication.clipboard()
    clipboard.setText("মধু ৳<b>&; " * 5000)
    keyboard.press("Ctrl+V")
    assert len(shell.presenters.sell.typed) <= 1000
    keyboard.press("Esc")
    assert shell.presenters.sell.typed == ""


def test_the_rows_of_results_and_cart_are_good_models(
    page: SellPage, shell: Shell, qtmodeltester: ModelTester
) -> None:
    shell.presenters.sell.type("sa")
    qtmodeltester.check(page.results.rows)  # type: ignore[no-untyped-call]
    qtmodeltester.check(page.cart.lines.rows)  # type: ignore[no-untyped-call]


def test_the_shop_is_sound_after_a_day_at_the_window(
    keyboard: Keyboard, shop: Shop, settled: Callable[[], None]
) -> None:
    for _ in range(3):
        keyboard.scan("8901")
        keyboard.press("F9", "F9")
        settled()
    shop.close()
    assert problems(shop.paths) == []


def test_tab_goes_through_the_page_in_the_order_in_which_it_is_read_and_back(
    keyboard: Keyboard, shell: Shell, page: SellPage
) -> None:
    keyboard.scan("8901")
    keyboard.press("F3")
    keyboard.type(PHONE)
    buyer, pay = page.cart.buyer, page.cart.pay
    read = [
        page.search.edit,
        *(buyer.fields[name].edit for name in ("phone", "name", "address", "thana", "district")),
        page.cart.lines,
        page.cart.discount,
        page.cart.delivery,
        pay.advance.method,
        pay.advance.amount.edit,
        pay.advance.trxid.edit,
        page.cart.hold,
        page.cart.take,
    ]
    page.focus_search()
    for key, wanted in (("Tab", read), ("Shift+Tab", read[::-1])):
        assert wanted[0].hasFocus()
        left = list(wanted[1:])
        for _ in range(60):
            keyboard.press(key)
            if left and left[0].hasFocus():
                left.pop(0)
            if not left:
                break
            assert not any(one.hasFocus() for one in left[1:]), "one was passed over"
        assert not left


def test_the_buyers_fields_stand_whole_over_an_empty_cart_in_the_smallest_window(
    keyboard: Keyboard, shell: Shell, page: SellPage
) -> None:
    shell.resize(1280, 640)
    keyboard.press("F3")
    QApplication.processEvents()
    around = page.cart.buyer.parentWidget()
    assert around is not None
    assert around.height() >= page.cart.buyer.height()
