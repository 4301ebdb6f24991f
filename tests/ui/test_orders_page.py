"""Looking through orders with the keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pos.printing.codes import digits_alias
from pos.services.order_request import CustomerRequest
from tests.shopkeeping import PHONE, sale, sale_to
from tests.ui.extents import faults
from ui.pages.order import OrderPage
from ui.pages.orders import OrdersPage
from ui.presenters.orders import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.modeltest import ModelTester

    from pos.domain.times import FixedClock
    from pos.shop import Shop
    from tests.ui.keyboard import Keyboard
    from ui.shell import Shell


@pytest.fixture
def page(numbers: list[str], shell: Shell, keyboard: Keyboard) -> OrdersPage:
    """The Orders page, opened over those orders."""
    assert numbers
    keyboard.press("Ctrl+2")
    page = shell.page()
    assert isinstance(page, OrdersPage)
    return page


def listed(shell: Shell) -> list[str]:
    """The numbers of the list, from the top."""
    return [row.number for row in shell.presenters.orders.rows(shell.presenters.orders.ids).values()]


def at_hand(shell: Shell) -> str:
    assert shell.presenters.orders.row is not None
    return shell.presenters.orders.row.number


def test_the_latest_order_is_on_top_and_at_hand(page: OrdersPage, shell: Shell, numbers: list[str]) -> None:
    assert listed(shell) == numbers[::-1]
    assert at_hand(shell) == numbers[-1]
    assert page.list.hasFocus()


def test_arrows_walk_and_enter_opens_and_esc_comes_back_to_the_same_row(
    page: OrdersPage, shell: Shell, keyboard: Keyboard, numbers: list[str]
) -> None:
    keyboard.press("Down", "Down", "Enter")
    assert isinstance(shell.page(), OrderPage)
    assert shell.presenters.order.number == numbers[1]
    keyboard.press("Esc")
    assert shell.page() is page
    assert at_hand(shell) == numbers[1]
    assert page.list.at() == 2


def test_a_phone_typed_anywhere_on_the_page_finds_its_orders(
    page: OrdersPage, shell: Shell, keyboard: Keyboard, numbers: list[str]
) -> None:
    keyboard.type("01911")
    assert page.search.text() == "01911"
    assert listed(shell) == [numbers[3]]
    keyboard.press("Esc")
    assert (page.search.text(), len(listed(shell))) == ("", 4)


def test_bangla_digits_and_names_are_searched_for_too(
    page: OrdersPage, shell: Shell, keyboard: Keyboard, numbers: list[str]
) -> None:
    keyboard.press("F2")
    keyboard.bangla("০১৭১২")
    assert page.search.edit.hasFocus()
    assert listed(shell) == [numbers[0]]
    keyboard.press("Esc", "F2")
    keyboard.bangla("শারমিন")
    assert listed(shell) == [numbers[3], numbers[0]]


def test_arrows_move_in_the_list_while_typing_goes_on(
    page: OrdersPage, shell: Shell, keyboard: Keyboard, numbers: list[str]
) -> None:
    keyboard.press("F2")
    keyboard.bangla("শারমিন")
    keyboard.press("Down")
    assert page.search.edit.hasFocus()
    assert at_hand(shell) == numbers[0]
    keyboard.press("Enter")
    assert shell.presenters.order.number == numbers[0]


@pytest.mark.usefixtures("page")
def test_a_scanned_receipt_opens_its_order(shell: Shell, keyboard: Keyboard, numbers: list[str]) -> None:
    keyboard.scan(digits_alias(numbers[1]))
    assert shell.page_name == "order"
    assert shell.page_name == "order"
    assert shell.presenters.order.number == numbers[1]


def test_f9_confirms_by_phone_and_again_packs_and_undo_takes_back_step_by_step(
    page: OrdersPage,
    shell: Shell,
    keyboard: Keyboard,
    settled: Callable[[], None],
    numbers: list[str],
    shop: Shop,
) -> None:
    keyboard.press("Down")

    def stage() -> str:
        settled()
        assert shell.presenters.orders.row is not None
        return shell.presenters.orders.row.stage

    assert (at_hand(shell), stage()) == (numbers[2], "confirmed")
    stages = []
    for key in ("F9", "F9", "F9", "Ctrl+Z", "Ctrl+Z", "Ctrl+Z", "Ctrl+Y"):
        keyboard.press(key)
        stages.append(stage())
    assert stages == ["checked", "packed", "packed", "checked", "confirmed", "confirmed", "checked"]
    assert at_hand(shell) == numbers[2]
    assert numbers[2] in page.toast_text()
    assert [event.kind for event in shop.book.timeline(numbers[2])][-1] == "checked"


def test_ticked_orders_take_their_step_together_and_one_undo_takes_it_back(
    page: OrdersPage,
    shell: Shell,
    keyboard: Keyboard,
    settled: Callable[[], None],
    numbers: list[str],
    shop: Shop,
) -> None:
    page.tabs.setFocus()
    keyboard.press("Right")  # the three new ones
    page.list.setFocus()
    keyboard.press("Space", "Down", "Down", "Space")
    assert (page.bulk.isVisible(), page.bulk.count.text()) == (True, "২টি বাছাই করা হয়েছে")
    assert (page.lines.every, page.bulk.step.text()) == (None, "ফোনে নিশ্চিত করেছি")
    keyboard.press("F9")
    settled()
    checked = [numbers[2], numbers[0]]
    assert [shop.book.timeline(n)[-1].kind for n in checked] == ["checked", "checked"]
    assert (page.bulk.isVisible(), listed(shell)) == (False, [numbers[1]])
    assert page.toast_text() == "২টি অর্ডার ফোনে নিশ্চিত করা হয়েছে"
    keyboard.press("Ctrl+Z")
    settled()
    assert listed(shell) == numbers[2::-1]
    assert page.toast_text() == "২টি অর্ডার আগের মতো করা হয়েছে"


def test_orders_of_different_states_have_no_step_together_and_esc_takes_the_ticks_away(
    page: OrdersPage, shell: Shell, keyboard: Keyboard, settled: Callable[[], None], shop: Shop
) -> None:
    keyboard.press("Space", "Down", "Space")  # the cancelled one and a new one
    assert (page.bulk.step.isVisible(), page.bulk.mixed.isVisible()) == (False, True)
    before = shop.orders.list()
    keyboard.press("F9")
    settled()
    assert (shop.orders.list(), len(shell.presenters.orders.ticked)) == (before, 2)
    keyboard.press("Esc")
    assert (page.bulk.isVisible(), shell.presenters.orders.ticked, shell.page()) == (False, {}, page)


def test_a_click_on_a_box_ticks_and_the_head_ticks_all(
    page: OrdersPage, shell: Shell, numbers: list[str]
) -> None:
    chosen, view = at_hand(shell), page.list.viewport()
    place = page.list.visualRect(page.list.rows.index(2)).center()
    place.setX(25)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
    assert [row.number for row in shell.presenters.orders.ticked.values()] == [numbers[1]]
    assert at_hand(shell) == chosen
    QTest.mouseClick(page.head, Qt.MouseButton.LeftButton, pos=QPoint(25, 18))
    assert (len(shell.presenters.orders.ticked), page.lines.every) == (4, True)
    QTest.mouseClick(page.head, Qt.MouseButton.LeftButton, pos=QPoint(25, 18))
    assert shell.presenters.orders.ticked == {}


def test_what_is_ticked_and_leaves_the_list_is_ticked_no_more(
    page: OrdersPage, shell: Shell, keyboard: Keyboard
) -> None:
    assert page.isVisible()
    keyboard.press("Down", "Space", "F2")
    keyboard.type("zzz")
    assert shell.presenters.orders.ticked == {}


def test_there_is_no_button_where_there_is_no_next_step(
    page: OrdersPage, keyboard: Keyboard, shell: Shell
) -> None:
    assert at_hand(shell)  # the cancelled one
    assert not page.preview.step.isVisible()
    keyboard.press("Down")
    assert page.preview.step.isVisible()


def test_working_through_a_tab_leaves_the_next_order_at_hand_and_undo_brings_the_last_one_back(
    page: OrdersPage, shell: Shell, keyboard: Keyboard, settled: Callable[[], None], numbers: list[str]
) -> None:
    page.tabs.setFocus()
    keyboard.press("Right")
    assert shell.presenters.orders.tab == "new"
    assert listed(shell) == numbers[2::-1]
    shell.presenters.orders.choose(1)
    keyboard.press("F9")
    settled()
    assert listed(shell) == [numbers[2], numbers[0]]
    assert at_hand(shell) == numbers[0]
    keyboard.press("Ctrl+Z")
    settled()
    assert listed(shell) == numbers[2::-1]


def test_the_last_order_of_a_tab_leaves_the_focus_on_the_page(
    page: OrdersPage, shell: Shell, keyboard: Keyboard, settled: Callable[[], None]
) -> None:
    page.tabs.setFocus()
    keyboard.press("Right")
    page.list.setFocus()
    for _ in range(3):
        keyboard.press("F9")
        settled()
    assert shell.presenters.orders.ids == []
    assert page.nothing.isVisible()
    assert page.search.edit.hasFocus()


def test_new_orders_gather_and_move_no_row_until_they_are_asked_for(
    page: OrdersPage,
    shell: Shell,
    keyboard: Keyboard,
    settled: Callable[[], None],
    shop: Shop,
    numbers: list[str],
) -> None:
    keyboard.press("Down", "Down")
    before = listed(shell)
    for _ in range(3):
        shop.orders.take(sale())
    shop.steps.check(numbers[0])
    shell.refresh()
    settled()
    assert listed(shell) == before
    assert (at_hand(shell), page.list.at()) == (numbers[1], 2)
    assert page.fresh.isVisible()
    assert page.fresh.text() == "৩টি নতুন – দেখুন"
    assert page.list.rows.row(3).stage == "checked"  # what changed is shown where it stands
    keyboard.press("F9")
    settled()
    assert listed(shell) == before
    page.fresh.click()
    assert len(listed(shell)) == 7
    assert at_hand(shell) == numbers[1]
    assert not page.fresh.isVisible()


@pytest.mark.usefixtures("page")
def test_leaving_the_page_and_coming_back_shows_what_is_new(
    shell: Shell, keyboard: Keyboard, shop: Shop
) -> None:
    keyboard.press("Ctrl+1")
    taken = shop.orders.take(sale())
    keyboard.press("Ctrl+2")
    assert listed(shell)[0] == taken.number


def test_what_is_not_in_this_hat_is_searched_for_in_all_by_enter(
    page: OrdersPage,
    shell: Shell,
    keyboard: Keyboard,
    settled: Callable[[], None],
    shop: Shop,
    clock: FixedClock,
    numbers: list[str],
) -> None:
    clock.advance(ms=4 * 24 * 3600 * 1000)  # Saturday's hat, which was added
    shop.orders.take(sale())
    keyboard.press("Ctrl+1", "Ctrl+2")
    assert len(shell.presenters.orders.hats) == 2
    shell.presenters.orders.choose_hat(shell.presenters.orders.hats[0].on)
    keyboard.press("F2")
    keyboard.type("01911")
    assert page.nothing.isVisible()
    keyboard.press("Enter")
    settled()
    assert listed(shell) == [numbers[3]]
    assert shell.presenters.orders.hat is None
    keyboard.press("Enter")
    assert shell.presenters.order.number == numbers[3]


def test_hats_and_tabs_have_their_counts_and_the_chosen_tab_is_always_in_sight(
    page: OrdersPage, shell: Shell
) -> None:
    counts = dict(shell.presenters.orders.tabs())
    assert counts == {"all": 4, "new": 3, "to_pack": 0, "packed": 0, "cod_due": 1, "due": 1, "cancelled": 1}
    assert set(counts) >= ALWAYS - {"due"}
    shell.presenters.orders.choose_tab("cancelled")
    shell.resize(1280, 640)
    QApplication.processEvents()
    assert page.tabs.choice() == "cancelled"


@pytest.mark.usefixtures("page")
def test_a_new_order_begins_on_the_sell_page(shell: Shell, keyboard: Keyboard) -> None:
    keyboard.press("Ctrl+N")
    assert shell.page_name == "sell"


def test_a_shop_without_orders_says_how_to_begin(shell: Shell, keyboard: Keyboard) -> None:
    keyboard.press("Ctrl+2")
    page = shell.page()
    assert isinstance(page, OrdersPage)
    assert page.nothing.title.text() == "এখনো কোনো অর্ডার নেই"
    assert page.search.edit.hasFocus()
    keyboard.press("Enter")
    assert shell.page_name == "sell"


def test_hostile_names_are_shown_as_they_are(shell: Shell, keyboard: Keyboard, shop: Shop) -> None:
    names = ("<b>x</b>", "𓀀" * 60, "ক্ষ্ম্য" * 28, "a&b\tc", "-" * 200)
    for at, name in enumerate(names):
        buyer = CustomerRequest(name=name, phone=f"0171234{at:04d}", address="<img src=x>" * 40)
        shop.orders.take(sale(customer=buyer, note="ন" * 900))
    keyboard.press("Ctrl+2")
    for _ in names:
        QApplication.processEvents()
        shell.grab()
        keyboard.press("Down")
    page = shell.page()
    assert isinstance(page, OrdersPage)
    assert page.preview.name.text() == "<b>x</b>"


def test_the_rows_are_a_good_model(page: OrdersPage, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(page.list.rows)  # type: ignore[no-untyped-call]
    assert numbers_read(page)


def numbers_read(page: OrdersPage) -> bool:
    """Whether a screen reader gets number, buyer and state of a row."""
    said = page.lines.say(page.list.rows.row(3))
    return all(part in said for part in ("A-26-000001", "শারমিন আক্তার", "নতুন"))


@pytest.mark.parametrize("lang", ["bn", "en"])
@pytest.mark.parametrize("size", [(1280, 640), (1366, 688), (1920, 1080)])
@pytest.mark.usefixtures("page")
def test_nothing_is_clipped_with_new_orders_waiting_and_large_text(
    shell: Shell, shop: Shop, lang: str, size: tuple[int, int]
) -> None:
    shop.configuration.put("ui.text", "130")
    shop.configuration.put("lang", lang)
    shell.relook()
    shell.resize(*size)
    shop.orders.take(sale_to(PHONE))
    shell.refresh()
    for _ in range(4):
        QApplication.processEvents()
    assert shell.presenters.orders.fresh == 1
    assert faults(shell) == []
    for at in (0, 1):  # the cancelled one and a new one
        shell.presenters.orders.tick(at)
        for _ in range(4):
            QApplication.processEvents()
        assert faults(shell) == []
