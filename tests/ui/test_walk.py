"""A walk over all pages: four sizes, two themes, two languages, ordinary and large text; nothing is clipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from tests.shopkeeping import PHONE, busy_day
from tests.ui.extents import faults

if TYPE_CHECKING:
    from pos.shop import Shop
    from ui.shell import Shell

SIZES = ((1280, 640), (1366, 688), (1366, 768), (1920, 1080))


def set_up(shell: Shell, shop: Shop, theme: str, lang: str, text: str) -> None:
    for key, value in (
        ("ui.theme", theme),
        ("lang", lang),
        ("digits", "bn" if lang == "bn" else "latin"),
        ("ui.text", text),
    ):
        shop.configuration.put(key, value)
    shell.relook()


def faults_at_every_size(shell: Shell) -> dict[str, list[str]]:
    """What is wrong with the page that is open, by the window's size; empty if nothing is."""
    found = {}
    for width, height in SIZES:
        shell.resize(width, height)
        for _ in range(3):
            QApplication.processEvents()
        wrong = faults(shell)
        if wrong:
            found[f"{width}x{height}"] = wrong
    return found


@pytest.mark.parametrize("text", ["100", "130"])
@pytest.mark.parametrize("lang", ["bn", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_clipped_or_overlapped_and_nothing_leaves_the_screen(
    shell: Shell, shop: Shop, theme: str, lang: str, text: str
) -> None:
    busy_day(shop)
    set_up(shell, shop, theme, lang, text)
    shell.presenters.sell.scan("8901")
    shell.presenters.sell.set_buyer(phone=PHONE)
    shell.presenters.sell.set_pay(amount="500", trxid="8N7A2KQ4ZL")
    shell.presenters.sell.type("sa")
    found = {}
    for width, height in SIZES:
        shell.resize(width, height)
        for name in list(shell.pages):
            if name == "order":
                continue  # reached through the list, by a test of its own
            shell.go(name)
            for _ in range(3):
                QApplication.processEvents()
            wrong = faults(shell)
            if wrong:
                found[f"{name} {width}x{height}"] = wrong
    assert found == {}
