"""What is pressed and chosen takes the same keys everywhere, and says how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.pages.settings_fields import WeekDays
from ui.widgets.bars import RailItem
from ui.widgets.button import Button, Pills, Segments
from ui.widgets.cards import RadioCards
from ui.widgets.steps import StepItem

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from ui.theme.look import Look

_CARDS = [("one", "এক", "প্রথম", ""), ("two", "দুই", "", ""), ("three", "তিন", "", "")]
_WEEK = {day: day for day in ("sat", "sun", "mon", "tue", "wed", "thu", "fri")}


@pytest.fixture
def stage(qtbot: QtBot) -> Callable[..., QWidget]:
    """Puts widgets on a window in front, under a line to come from."""
    kept: list[QWidget] = []  # qtbot does not hold them

    def put(*widgets: QWidget) -> QWidget:
        window = QWidget()
        kept.append(window)
        qtbot.addWidget(window)
        layout = QVBoxLayout(window)
        for widget in (QLineEdit(), *widgets):
            layout.addWidget(widget)
        window.resize(700, 300)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    return put


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_buttons_rail_and_steps_are_pressed_by_space_and_both_enters(
    look: Look, stage: Callable[..., QWidget], key: Qt.Key
) -> None:
    button, item, step = Button(look, "রাখুন"), RailItem(look, "stock", "packages"), StepItem(look, 2, "দোকান")
    step.show_state("", "২", now=False, done=True, open_=True)
    pressed: list[object] = []
    button.clicked.connect(lambda: pressed.append("button"))
    item.chosen.connect(pressed.append)
    step.chosen.connect(pressed.append)
    stage(button, item, step)
    pad = Qt.KeyboardModifier.KeypadModifier if key == Qt.Key.Key_Enter else Qt.KeyboardModifier.NoModifier
    for widget in (button, item, step):
        widget.setFocus()
        QTest.keyClick(widget, key, pad)
    assert pressed == ["button", "stock", 2]


def test_a_step_that_is_still_to_come_cannot_be_gone_to(look: Look, stage: Callable[..., QWidget]) -> None:
    step = StepItem(look, 4, "পণ্য")
    step.show_state("", "৪", now=False, done=False, open_=False)
    gone: list[int] = []
    step.chosen.connect(gone.append)
    stage(step)
    QTest.mouseClick(step, Qt.MouseButton.LeftButton)
    assert gone == []
    assert step.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_arrows_both_ways_move_the_choice_of_cards_and_stop_at_the_ends(
    look: Look, stage: Callable[..., QWidget]
) -> None:
    cards = RadioCards(look, _CARDS)
    chosen: list[str] = []
    cards.chosen.connect(chosen.append)
    window = stage(cards)
    cards.setFocus()
    for key in (
        Qt.Key.Key_Right,
        Qt.Key.Key_Down,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Left,
        Qt.Key.Key_Left,
    ):
        QTest.keyClick(window.focusWidget(), key)
    assert chosen == ["two", "three", "two", "one"]
    assert window.focusWidget() is cards.cards[0]


def test_tab_reaches_only_the_card_that_is_chosen_and_a_click_moves_that(
    look: Look, stage: Callable[..., QWidget]
) -> None:
    cards = RadioCards(look, _CARDS)
    window = stage(cards)
    QTest.mouseClick(cards.cards[2], Qt.MouseButton.LeftButton)
    assert cards.choice() == "three"
    line = window.findChild(QLineEdit)
    assert line is not None
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert window.focusWidget() is cards.cards[2]
    QTest.keyClick(cards.cards[2], Qt.Key.Key_Tab)
    assert window.focusWidget() is line


def test_choosing_a_card_by_program_says_nothing(look: Look, stage: Callable[..., QWidget]) -> None:
    cards = RadioCards(look, _CARDS)
    chosen: list[str] = []
    cards.chosen.connect(chosen.append)
    stage(cards)
    cards.choose("two")
    assert (cards.choice(), chosen) == ("two", [])


def test_a_screen_reader_is_told_which_card_is_chosen(look: Look, stage: Callable[..., QWidget]) -> None:
    cards = RadioCards(look, _CARDS)
    stage(cards)
    cards.choose("two")
    said = [QAccessible.queryAccessibleInterface(card) for card in cards.cards]
    assert [one.role() for one in said] == [QAccessible.Role.RadioButton] * 3
    assert [bool(one.state().checked) for one in said] == [False, True, False]
    assert said[0].text(QAccessible.Text.Name) == "এক, প্রথম"


def test_segments_and_pills_move_with_the_arrows_and_the_pointer(
    look: Look, stage: Callable[..., QWidget]
) -> None:
    segments = Segments(look, [("a", "এক", ""), ("b", "দুই", "")])
    pills = Pills(look)
    pills.fill([("a", "এক", 3), ("b", "দুই", None)])
    stage(segments, pills)
    for one in (segments, pills):
        chosen: list[str] = []
        one.chosen.connect(chosen.append)
        one.setFocus()
        for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Right):
            QTest.keyClick(one, key)
        assert (one.choice(), one.accessibleName()) == ("b", "দুই")
        QTest.mouseClick(one, Qt.MouseButton.LeftButton, pos=QPoint(10, one.height() // 2))
        assert chosen == ["b", "a"]


def test_arrows_move_among_the_days_and_only_space_turns_one(
    look: Look, stage: Callable[..., QWidget]
) -> None:
    week = WeekDays(look, _WEEK, "হাটের দিন")
    turned: list[str] = []
    week.turned.connect(turned.append)
    stage(week)
    week.setFocus()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space):
        QTest.keyClick(week, key)
    QTest.mouseClick(week, Qt.MouseButton.LeftButton, pos=QPoint(week.width() - 10, 10))
    assert turned == ["sun", "fri"]
