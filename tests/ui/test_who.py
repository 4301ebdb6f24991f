"""Who is at the counter: asked when the shop opens, wherever somebody has a PIN, and by the keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QGuiApplication

from pos.services.pins import FIRST_WAIT_MS, FREE_TRIES
from tests.ui.extents import faults
from tests.ui.keyboard import Keyboard

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from pos.domain.times import FixedClock
    from pos.shop import Shop
    from ui.pages.who import WhoDialog
    from ui.shell import Shell

PIN = "1234"


@pytest.fixture
def guarded(shop: Shop, clock: FixedClock) -> Shop:
    """The owner has a PIN, one helper has another, and one has none."""
    shop.operators.set_pin(shop.desk.operator.id, PIN)
    for name, pin in (("মিতু", "567890"), ("রনি", None)):
        clock.advance(ms=1)  # they stand in the order in which they came
        shop.operators.add(name, pin=pin)
    return shop


def asking(shell: Shell) -> WhoDialog:
    assert shell.gate.dialog is not None
    return shell.gate.dialog


def waits(shell: Shell) -> bool:
    return asking(shell).who.waits


def wait(shell: Shell, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not shell.tasks.busy(), timeout=20_000)


def test_where_nobody_has_a_pin_nothing_is_asked(shop: Shop, opened: Callable[[], Shell]) -> None:
    shop.operators.add("মিতু")
    assert opened().gate.dialog is None


def test_a_pin_of_somebody_who_left_asks_nobody(shop: Shop, opened: Callable[[], Shell]) -> None:
    shop.operators.remove(shop.operators.add("মিতু", pin=PIN).id)
    assert opened().gate.dialog is None


def test_the_only_owner_types_the_pin_and_sells(
    shop: Shop, opened: Callable[[], Shell], qtbot: QtBot
) -> None:
    shop.operators.set_pin(shop.desk.operator.id, PIN)
    shell = opened()
    keyboard = Keyboard(shell, qtbot)
    keyboard.bangla("১২৩৪")
    keyboard.press("Enter")
    wait(shell, qtbot)
    assert shell.gate.dialog is None
    keyboard.scan("8901")
    keyboard.press("F9", "F9")
    wait(shell, qtbot)
    assert [order.operator for order in shop.orders.list()] == ["রূপকথা ঘর"]


def test_a_helper_is_chosen_with_the_arrows_and_his_acts_carry_his_name(
    guarded: Shop, opened: Callable[[], Shell], qtbot: QtBot
) -> None:
    shell = opened()
    keyboard = Keyboard(shell, qtbot)
    keyboard.press("Down")
    keyboard.type("567890")
    keyboard.press("Enter")
    wait(shell, qtbot)
    assert shell.gate.dialog is None
    assert guarded.desk.operator.name == "মিতু"


def test_somebody_without_a_pin_goes_on_with_enter(
    guarded: Shop, opened: Callable[[], Shell], qtbot: QtBot
) -> None:
    shell = opened()
    keyboard = Keyboard(shell, qtbot)
    keyboard.press("Down", "Down", "Enter")
    wait(shell, qtbot)
    assert guarded.desk.operator.name == "রনি"


def test_no_key_and_no_scanner_leads_past_the_question(
    guarded: Shop, opened: Callable[[], Shell], qtbot: QtBot
) -> None:
    shell = opened()
    keyboard = Keyboard(shell, qtbot)
    keyboard.press("Esc", "Ctrl+2", "Ctrl+K", "F1", "F9", "Tab", "Tab", "Tab", "Esc")
    keyboard.scan("8901")
    shell.relook()
    shell._tick()
    keyboard.press("Ctrl+2", "Tab", "Esc")
    wait(shell, qtbot)
    assert asking(shell).isVisible()
    assert shell.page_name == "sell"
    assert shell.page().dialog() is None
    assert not shell.presenters.sell.cart.lines
    assert asking(shell).isAncestorOf(QGuiApplication.focusObject())  # type: ignore[arg-type]


def test_wrong_pins_are_said_and_after_some_there_is_a_wait_that_is_counted_down(
    guarded: Shop, opened: Callable[[], Shell], qtbot: QtBot, clock: FixedClock
) -> None:
    shell = opened()
    keyboard = Keyboard(shell, qtbot)
    for tries in range(FREE_TRIES):
        assert not asking(shell).who.waits, tries
        keyboard.type("99")
        keyboard.press("Enter")
        wait(shell, qtbot)
        assert asking(shell).pin.text() == ""
    who = asking(shell).who
    assert waits(shell)
    assert who.fault == shell.look.word("who_wait", seconds=FIRST_WAIT_MS // 1000)
    assert not asking(shell).pin.isEnabled()
    clock.advance(ms=FIRST_WAIT_MS - 3_000)
    who.look_again()
    assert who.fault == shell.look.word("who_wait", seconds=3)
    keyboard.press("Enter", "Down")
    wait(shell, qtbot)
    assert not waits(shell), "it is the other one's own PIN that is asked now"
    keyboard.press("Up")
    assert waits(shell)
    clock.advance(ms=3_000)
    who.look_again()
    assert not waits(shell)
    assert who.fault == ""
    keyboard.type(PIN)
    keyboard.press("Enter")
    wait(shell, qtbot)
    assert shell.gate.dialog is None


def test_after_a_restore_it_is_asked_again(guarded: Shop, opened: Callable[[], Shell], qtbot: QtBot) -> None:
    shell = opened()
    keyboard = Keyboard(shell, qtbot)
    keyboard.press("Down", "Down", "Enter")
    wait(shell, qtbot)
    shell.closed.do(lambda: None, lambda _nothing: None, shell.fault)
    qtbot.waitUntil(lambda: shell.gate.dialog is not None, timeout=20_000)
    assert guarded.desk.operator.role == "owner", "who has not said so yet"


@pytest.mark.parametrize("text", ["100", "130"])
@pytest.mark.parametrize("lang", ["bn", "en"])
def test_nothing_is_clipped(
    guarded: Shop, opened: Callable[[], Shell], qtbot: QtBot, lang: str, text: str
) -> None:
    for key, value in (("lang", lang), ("ui.text", text)):
        guarded.configuration.put(key, value)
    shell = opened()
    shell.resize(1280, 640)
    keyboard = Keyboard(shell, qtbot)
    keyboard.type("99")
    keyboard.press("Enter")
    wait(shell, qtbot)
    assert asking(shell).fault.isVisible()
    assert faults(asking(shell)) == []
