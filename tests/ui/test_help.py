"""The F1 sheet names the keys of the page it stands on, by what they do there; and each of them does something."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.shopkeeping import busy_day
from ui import keys
from ui.pages.help import HelpDialog
from ui.pages.order import OrderPage
from ui.widgets.overlay import Dialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.shop import Shop
    from tests.ui.keyboard import Keyboard
    from ui.shell import Shell


def go(shell: Shell, page: keys.Page) -> None:
    """Show a page; that of an order with one."""
    if page == "order":
        shell.open_order("A-26-000001")
    else:
        shell.go(page)


def lines(shell: Shell) -> list[str]:
    """What the sheet says, line by line."""
    shell.act("help")
    dialog = shell.page().dialog()
    assert isinstance(dialog, HelpDialog)
    said = [line.accessibleName() for _, line in dialog._rows]
    dialog.close_dialog()
    return said


def test_each_page_names_its_main_key_by_what_it_does_there(shell: Shell, shop: Shop) -> None:
    busy_day(shop)
    found = {}
    for page in keys.WORK_PAGES:
        go(shell, page)
        found[page] = [line for line in lines(shell) if "F9" in line]
    assert found == {
        "sell": ["অর্ডার নিন: F9 / Ctrl Enter", "নিন ও ছাপুন: Shift F9"],
        "orders": ["ফোনে নিশ্চিত, তারপর প্যাক: F9 / Ctrl Enter"],
        "order": ["ফোনে নিশ্চিত, তারপর প্যাক: F9 / Ctrl Enter"],
        "stock": ["মাল ঢুকল: F9 / Ctrl Enter"],
        "sync": ["যুক্ত করুন, না হয় মিলিয়ে দিন: F9 / Ctrl Enter"],
        "settings": [],
        "backup": ["এখনই ব্যাকআপ নিন: F9 / Ctrl Enter"],
    }


def test_what_differs_by_a_number_stands_on_one_line(shell: Shell) -> None:
    said = lines(shell)
    assert "পাতা বদল: Ctrl 1–3" in said
    assert "বেশি বিক্রি হয় এমন পণ্য: Alt 1–9" in said
    assert not [line for line in said if "Ctrl 2" in line or "Alt 2" in line]


def test_a_search_hides_the_headings_that_are_left_empty(shell: Shell, keyboard: Keyboard) -> None:
    keyboard.press("F1")
    dialog = shell.page().dialog()
    assert isinstance(dialog, HelpDialog)
    keyboard.type("Delete")
    assert [any(not w.isHidden() for w in head) for head, _ in dialog._heads] == [False, True, False, False]


def test_a_new_theme_while_the_sheet_is_open_leaves_no_scrim_behind(shell: Shell) -> None:
    shell.act("help")
    shell.relook()  # as the system does it at sunset
    assert [dialog for dialog in shell.findChildren(Dialog) if dialog.isVisible()] == []
    shell.act("help")
    assert shell.page().dialog() is not None


@pytest.mark.parametrize("page", keys.WORK_PAGES)
def test_every_key_that_a_page_names_does_something_there(
    shell: Shell, shop: Shop, settled: Callable[[], None], page: keys.Page
) -> None:
    busy_day(shop)
    dead = []
    for action in keys.named_on(page):
        go(shell, page)
        if not action.own and action.group != "everywhere" and not shell.page().act(action.name):
            dead.append(action.name)
        settled()
        while (dialog := shell.page().dialog()) is not None:
            dialog.close_dialog()
        here = shell.page()
        if isinstance(here, OrderPage) and here._chooser is not None:
            here._chooser.reject()
    assert dead == []
