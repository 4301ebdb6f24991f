"""Carts that were put aside are counted on the button that did it, and are found again by hand and by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.extents import faults
from ui.pages.sell import SellPage
from ui.pages.sell_dialogs import DeliveryDialog, HeldDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.shop import Shop
    from tests.ui.keyboard import Keyboard
    from ui.shell import Shell

    Settled = Callable[[], None]


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def test_the_button_counts_what_it_put_aside_and_leads_back_to_it(
    keyboard: Keyboard, shell: Shell, page: SellPage, settled: Settled
) -> None:
    hold = page.cart.hold
    keyboard.scan("8901")
    keyboard.scan("8901")
    keyboard.scan("P003")
    total = shell.presenters.sell.total_paisa()
    click(hold)
    settled()
    assert shell.presenters.sell.held_count() == 1
    assert "ধরে রাখা অর্ডার: ১টি" in hold.accessibleName()
    assert "F7" in hold.toolTip()
    assert page.dialog() is None
    click(hold)
    dialog = page.dialog()
    assert isinstance(dialog, HeldDialog)
    said = dialog._say(dialog._held[0])
    assert "২টি পণ্য" in said
    assert shell.look.money(total) in said
    keyboard.press("Enter")
    settled()
    assert shell.presenters.sell.held_count() == 0
    assert len(shell.presenters.sell.cart.lines) == 2
    assert hold.accessibleName() == "ধরে রাখুন"
    assert "F6" in hold.toolTip()


def test_the_count_is_there_after_a_start_and_with_new_clothes(
    keyboard: Keyboard, shell: Shell, shop: Shop, settled: Settled
) -> None:
    keyboard.scan("8901")
    keyboard.press("F6")
    settled()
    shop.configuration.put("lang", "en")
    shop.configuration.put("ui.text", "130")
    shell.relook()
    shell.resize(1280, 640)
    page = shell.page()
    assert isinstance(page, SellPage)
    for _ in range(4):
        QApplication.processEvents()
    assert "Held orders: ১" in page.cart.hold.accessibleName()
    keyboard.press("F7")
    dialog = page.dialog()
    assert isinstance(dialog, HeldDialog)
    assert faults(shell, dialog) == []


def test_with_nothing_held_an_empty_cart_says_so(page: SellPage, shell: Shell) -> None:
    click(page.cart.hold)
    dialog = page.dialog()
    assert isinstance(dialog, HeldDialog)
    assert not dialog.list.isVisible()
    assert "0" not in page.cart.hold.accessibleName()
    assert page.cart.hold.accessibleName() == shell.look.word("held_orders")


def test_a_held_cart_that_does_not_read_stands_in_the_list_without_a_sum(
    shell: Shell, shop: Shop, page: SellPage
) -> None:
    shop.drafts.hold(shell.presenters.sell._new_id(), "রিনা", "{}", [], 2**42)
    shell.presenters.sell._count = None
    shell.presenters.sell.changed()
    click(page.cart.hold)
    dialog = page.dialog()
    assert isinstance(dialog, HeldDialog)
    assert dialog._say(dialog._held[0]).startswith("রিনা, ")
    assert "৳" not in dialog._say(dialog._held[0])


def test_delivery_is_reached_and_typed_without_a_mouse(
    keyboard: Keyboard, shell: Shell, page: SellPage
) -> None:
    keyboard.scan("8901")
    delivery = page.cart.delivery
    for _ in range(40):
        if delivery.hasFocus():
            break
        keyboard.press("Tab")
    assert delivery.hasFocus()
    before = shell.presenters.sell.total_paisa()
    keyboard.press("Enter")
    dialog = page.dialog()
    assert isinstance(dialog, DeliveryDialog)
    keyboard.type("70")
    assert dialog.charge.text() == "70"
    keyboard.press("F9")
    assert shell.presenters.sell.total_paisa() == before + 7000
    assert delivery.hasFocus()


def test_a_click_on_the_sums_leaves_the_typing_where_it_was(keyboard: Keyboard, page: SellPage) -> None:
    keyboard.scan("8901")
    page.focus_search()
    click(page.cart.goods)
    assert page.search.edit.hasFocus()
    assert page.dialog() is None
    click(page.cart.delivery)
    assert isinstance(page.dialog(), DeliveryDialog)
    keyboard.press("Esc")
    assert page.search.edit.hasFocus()
