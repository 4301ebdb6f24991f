"""Colours that can be read, icons that are there and used, words in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pos.l10n.sentences import PHRASES
from ui.theme.tokens import DARK, EDGE_ON, LIGHT, TEXT_ON, contrast

ROOT = Path(__file__).parents[2]
THEMES = {"light": LIGHT, "dark": DARK}
_SOURCES = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "ui").rglob("*.py"))]


@pytest.mark.parametrize("theme", THEMES)
def test_every_text_stands_out_from_its_ground(theme: str) -> None:
    tokens = THEMES[theme]
    weak = {
        (text, ground): round(contrast(tokens[text], tokens[ground]), 2)
        for text, ground in TEXT_ON
        if contrast(tokens[text], tokens[ground]) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("theme", THEMES)
def test_every_edge_and_mark_can_be_seen(theme: str) -> None:
    tokens = THEMES[theme]
    weak = [pair for pair in EDGE_ON if contrast(tokens[pair[0]], tokens[pair[1]]) < 3]
    assert weak == []


def test_black_on_white_is_the_strongest_there_is() -> None:
    assert round(contrast("#000000", "#FFFFFF"), 1) == 21.0
    assert contrast("#777777", "#777777") == 1.0


def test_the_folder_of_icons_holds_those_that_are_drawn_and_no_others() -> None:
    shipped = {path.stem for path in (ROOT / "resources" / "icons").glob("*.svg")}
    quoted = {name for source in _SOURCES for name in re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)*)"', source)}
    assert shipped - quoted == set()
    asked = {name for source in _SOURCES for name in re.findall(r'icon="([a-z0-9-]+)"', source)}
    assert asked - shipped == set()


def test_every_icon_takes_the_colour_it_is_given() -> None:
    for path in (ROOT / "resources" / "icons").glob("*.svg"):
        assert "currentColor" in path.read_text(encoding="utf-8"), path.name


def test_every_word_that_the_window_asks_for_is_there() -> None:
    asked = {
        name for source in _SOURCES for name in re.findall(r'(?:\.word|\bword)\(\s*"([a-z0-9_]+)"', source)
    }
    assert {name for name in asked if f"ui_{name}" not in PHRASES} == set()


def test_cash_is_never_called_by_the_name_of_a_brand() -> None:
    for name, (bangla, english) in PHRASES.items():
        if name.startswith("ui_") and "nagad" not in english.casefold():
            assert "নগদ" not in bangla, name
