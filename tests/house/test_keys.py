"""One table of actions and keys: nothing twice, nothing that Avro, Bijoy or the system needs, a word for each."""

from __future__ import annotations

from collections import Counter

import pytest

from pos.l10n.sentences import PHRASES
from ui import keys


@pytest.mark.parametrize("page", [*keys.WORK_PAGES, "first"])
def test_no_key_does_two_things_on_one_page(page: keys.Page) -> None:
    taken = Counter(key for action in keys.on_page(page) if not action.own for key in action.keys)
    assert [key for key, times in taken.items() if times > 1] == []


def test_no_key_is_taken_that_is_left_free_on_purpose() -> None:
    used = {key for action in keys.ACTIONS for key in action.keys}
    assert used & keys.RESERVED == set()
    assert not [key for key in used if key.startswith(("Meta+", "Ctrl+Alt+"))]


def test_every_action_has_a_page_and_a_word_for_what_it_does_there() -> None:
    for action in keys.ACTIONS:
        assert action.pages, action.name
        for page in action.pages:
            word = "key_favourite" if action.name.startswith("favourite_") else action.word(page)
            assert f"ui_{word}" in PHRASES, (action.name, page)
        assert set(action.else_on) | set(action.dialogs_of) <= set(action.pages), action.name


def test_no_word_for_a_key_is_left_over() -> None:
    said = {f"ui_{action.word(page)}" for action in keys.ACTIONS for page in action.pages}
    said |= {"ui_key_favourite", "ui_key_change_page", "ui_key_or"}
    assert {name for name in PHRASES if name.startswith("ui_key_")} - said == set()


def test_the_page_s_main_act_is_named_by_what_it_does_there() -> None:
    main = keys.action("main")
    said = {
        page: PHRASES[f"ui_{main.word(page)}"][1] for page in keys.WORK_PAGES if page not in main.dialogs_of
    }
    assert said == {
        "sell": "Take order",
        "orders": "Confirmed by phone, then packed",
        "order": "Confirmed by phone, then packed",
        "stock": "Goods in",
        "sync": "Pair, or settle what differs",
        "backup": "Back up now",
    }


def test_hot_paths_need_no_letter() -> None:
    """Qt matches Ctrl+letter by character, which a Bangla layout changes."""
    for name in ("search", "customer", "edit", "hold", "held", "discount", "main", "main_print"):
        assert keys.action(name).keys[0].split("+")[-1].startswith("F"), name


def test_keys_with_digits_know_bangla_digits_too() -> None:
    for action in keys.ACTIONS:
        for key in action.keys:
            if key[-1].isascii() and key[-1].isdigit() and "F" not in key:
                bangla = key[:-1] + "০১২৩৪৫৬৭৮৯"[int(key[-1])]
                assert bangla in action.keys, action.name


def test_a_chord_is_shown_as_the_keys_one_presses() -> None:
    assert keys.caps("Ctrl+Down") == ["Ctrl", "↓"]
    assert keys.caps("+") == ["+"]
    assert keys.cap("main") == "F9"
