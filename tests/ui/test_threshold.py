"""The window before the shop is open: it stands, takes the keys, and gives way."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from pos.errors import EnvironmentFault
from pos.shop import open_shop
from ui.app import run, threshold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pos.domain.times import FixedClock
    from pos.paths import ShopPaths
    from pos.shop import Shop
    from ui.shell import Shell


@pytest.fixture
def standing(application: QApplication, paths: ShopPaths) -> Iterator[Shell]:
    """The window of a shop that is not open yet."""
    assert application is not None
    window = threshold(paths)
    window.activateWindow()
    yield window
    window.close()
    window.tasks.close()


def test_what_is_typed_before_the_shop_is_open_goes_on_in_the_search(
    standing: Shell, paths: ShopPaths, clock: FixedClock
) -> None:
    def open_slowly() -> Shop:
        assert typed.wait(10)
        return open_shop(paths, clock)

    def type_meanwhile() -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClicks(focus, "saban")
        typed.set()

    typed = threading.Event()
    standing.tasks.later("type", 0, type_meanwhile)
    shop = standing.tasks.wait(open_slowly)
    standing.enter(shop)
    standing.start()
    standing.tasks.settle()
    QApplication.processEvents()
    page = standing.pages["sell"]
    assert page.search.edit.text() == "saban"  # type: ignore[attr-defined]
    assert page.search.edit.hasFocus()  # type: ignore[attr-defined]
    assert [hit.product.sku for hit in standing.presenters.sell.found] == ["P003"]
    shop.close()


def test_a_window_closed_while_the_shop_opens_waits_for_it_and_is_gone(
    standing: Shell, paths: ShopPaths, clock: FixedClock
) -> None:
    def close() -> None:
        standing.close()

    standing.tasks.later("close", 0, close)
    shop = standing.tasks.wait(lambda: open_shop(paths, clock))
    assert not standing.isVisible()
    assert shop.is_open
    shop.close()


def test_why_a_shop_does_not_open_reaches_whoever_waits(
    standing: Shell, paths: ShopPaths, clock: FixedClock
) -> None:
    paths.database.write_bytes(b"no shop" * 1000)
    with pytest.raises(EnvironmentFault) as error:
        standing.tasks.wait(lambda: open_shop(paths, clock))
    assert error.value.code.startswith("database_")
    assert standing.isVisible()


@pytest.mark.parametrize("bug", [False, True])
def test_a_shop_that_does_not_open_is_said_in_a_sentence_and_leaves(
    application: QApplication, paths: ShopPaths, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, bug: bool
) -> None:
    said: list[str] = []
    monkeypatch.setattr(QMessageBox, "critical", lambda _over, _title, text: said.append(text))
    if bug:

        def break_down(*_: object) -> None:
            raise RuntimeError("a bug")

        monkeypatch.setattr("pos.shop.open_shop", break_down)
    else:
        paths.database.write_bytes(b"no shop" * 1000)
    assert run(application, paths, clock) == 3
    (text,) = said
    assert any("\u0980" <= letter <= "\u09ff" for letter in text)
    assert "a bug" not in text
    assert bug == any("RuntimeError" in log.read_text("utf-8") for log in paths.logs.glob("*.log"))
