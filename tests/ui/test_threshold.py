"""The window before the shop is open: its first page stands with what it shows, takes the keys, and loses nothing."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from pos.domain.ids import uuid7
from pos.errors import BugError, EnvironmentFault
from pos.l10n.sentences import sentence
from pos.services.product_change import ProductChange
from pos.shop import Shop, open_shop
from ui.app import enter, open_behind, run, threshold
from ui.pages.sell import SellPage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pos.domain.times import FixedClock
    from pos.paths import ShopPaths
    from ui.shell import Shell

Standing = tuple["Shell", "Shop"]


@pytest.fixture
def stand(application: QApplication, paths: ShopPaths, clock: FixedClock) -> Iterator[Callable[[], Standing]]:
    """Opens the window of a shop that is not open yet."""
    assert application is not None
    made: list[Standing] = []
    hook = sys.excepthook

    def open_window() -> Standing:
        window, shop = threshold(paths, clock)
        made.append((window, shop))
        window.activateWindow()
        QApplication.processEvents()
        return window, shop

    yield open_window
    sys.excepthook = hook
    for window, shop in made:
        window.close()
        window.tasks.close()
        if shop.is_open:
            shop.close()


@pytest.fixture
def standing(stand: Callable[[], Standing]) -> Standing:
    """The window of an ordinary shop that is not open yet."""
    return stand()


def let_in(standing: Standing, meanwhile: Callable[[], object] = bool) -> SellPage:
    """Open the shop as the program does, but not before something has been done at the window."""
    window, shop = standing

    def do() -> None:
        try:
            meanwhile()
        finally:
            done.set()

    def open_slowly() -> None:
        assert done.wait(10)
        open_behind(shop)

    done = threading.Event()
    window.tasks.later("meanwhile", 0, do)
    window.tasks.wait(open_slowly)
    enter(window, shop)
    window.start()
    window.tasks.settle()
    QApplication.processEvents()
    page = window.pages["sell"]
    assert isinstance(page, SellPage)
    return page


def type_in_focus(text: str) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, text)


def shown(window: Shell) -> tuple[object, ...]:
    """What the first page shows."""
    sell = window.presenters.sell
    return (
        sell.board,
        sell.categories,
        sell.favourites,
        sell.sold_before,
        sell.held_count(),
        window.windowTitle(),
    )


def test_the_first_page_shows_before_the_shop_is_open_what_it_shows_afterwards(standing: Standing) -> None:
    window, shop = standing
    assert not shop.is_open
    before = shown(window)
    assert window.presenters.sell.favourites
    page = window.pages["sell"]
    assert isinstance(page, SellPage)
    still = [page.hat, page.cart, *page.tiles]  # the search has a cursor that blinks
    drawn = [part.grab().toImage() for part in still]
    let_in(standing)
    assert shown(window) == before
    assert [part.grab().toImage() for part in still] == drawn


def test_the_first_page_is_drawn_without_the_stores_libraries(paths: ShopPaths) -> None:
    script = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
from pos.domain.times import SystemClock
from pos.paths import ShopPaths
from ui.app import make_application, threshold
application = make_application()
window, shop = threshold(ShopPaths(Path(sys.argv[1])), SystemClock())
application.processEvents()
assert window.presenters.sell.favourites
late = ("sqlalchemy", "alembic", "pos.sync", "pos.printing", "PIL")
print(sorted({name for name in sys.modules if name.startswith(late)}))
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(paths.home)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_what_is_typed_before_the_shop_is_open_is_searched_for_once_it_is(standing: Standing) -> None:
    window, _ = standing
    page = let_in(standing, lambda: type_in_focus("saban"))
    assert page.search.edit.text() == "saban"
    assert page.search.edit.hasFocus()
    assert [hit.product.sku for hit in window.presenters.sell.found] == ["P003"]


def test_nothing_is_said_to_be_missing_while_the_shop_is_being_opened(standing: Standing) -> None:
    window, _ = standing
    page = window.pages["sell"]
    assert isinstance(page, SellPage)
    type_in_focus("no such thing")
    assert not page.nothing.isVisible()
    let_in(standing)
    assert page.nothing.isVisible()


def test_a_category_that_is_chosen_before_the_shop_is_open_is_filled_once_it_is(
    stand: Callable[[], Standing], shop: Shop
) -> None:
    shop.catalogue.edit("P003", ProductChange(category="beauty"))
    shop.close()
    window, opened = stand()
    sell = window.presenters.sell
    page = let_in((window, opened), lambda: sell.choose_category("beauty"))
    assert [hit.product.sku for hit in sell.found] == ["P003"]
    assert not page.nothing.isVisible()


def test_what_is_typed_and_entered_before_the_shop_is_open_is_in_the_cart(standing: Standing) -> None:
    window, shop = standing
    opening = threading.Thread(target=open_behind, args=(shop,))
    opening.start()
    type_in_focus("saban")
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_Return)
    opening.join()
    let_in((window, shop))
    assert [line.sku for line in window.presenters.sell.cart.lines] == ["P003"]


def test_a_cart_that_is_begun_in_a_window_closed_before_the_shop_is_open_is_kept(
    application: QApplication, paths: ShopPaths, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stand_and_begin(*place: object) -> Standing:
        window, shop = threshold(*place)  # type: ignore[arg-type]
        window.tasks.later("begin", 0, lambda: begin(window))
        return window, shop

    def begin(window: Shell) -> None:
        sell = window.presenters.sell
        sell.add_favourite(next(at for at, one in enumerate(sell.favourites) if not one.variants))
        window.close()

    monkeypatch.setattr("ui.app.threshold", stand_and_begin)
    assert run(application, paths, clock) == 0
    with open_shop(paths, clock) as shop:
        kept = shop.drafts.current()
    assert kept is not None


def test_what_is_asked_before_anybody_opens_the_shop_is_a_bug_and_no_endless_wait(
    paths: ShopPaths, clock: FixedClock
) -> None:
    shop = Shop(paths, clock)
    assert shop.look_in()
    with pytest.raises(BugError):
        _ = shop.orders
    shop.let_go()
    with pytest.raises(AttributeError):
        _ = Shop(paths, clock).store


def test_the_look_into_a_shop_may_go_on_while_it_is_opened(paths: ShopPaths, clock: FixedClock) -> None:
    shop = Shop(paths, clock)
    assert shop.look_in()
    shop.expect()
    opening = threading.Thread(target=shop.reopen)
    opening.start()
    while not shop.is_open:
        assert shop.counter.best_sellers(16)
    opening.join()
    shop.close()


def test_a_shop_that_is_busy_shows_its_frame_at_once(
    stand: Callable[[], Standing], paths: ShopPaths, shop: Shop
) -> None:
    shop.close()
    with contextlib.closing(sqlite3.connect(paths.database, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        window, _ = stand()
        assert not window.looking_in
        assert window.isVisible()


def test_a_favourite_that_is_taken_before_the_shop_is_open_is_in_the_cart(standing: Standing) -> None:
    window, shop = standing
    plain = next(at for at, one in enumerate(window.presenters.sell.favourites) if not one.variants)
    code = window.presenters.sell.favourites[plain].sku
    opening = threading.Thread(target=open_behind, args=(shop,))
    opening.start()
    window.presenters.sell.add_favourite(plain)  # waits for the shop
    opening.join()
    let_in((window, shop))
    assert [line.sku for line in window.presenters.sell.cart.lines] == [code]
    kept = shop.drafts.current()
    assert kept is not None
    assert code in kept.body


def test_only_the_frame_stands_where_a_cart_is_at_hand(stand: Callable[[], Standing], shop: Shop) -> None:
    draft = uuid7(shop.desk.clock.now_ms())
    shop.drafts.save('{"lines": [], "buyer": {"name": "শারমিন"}, "pay": {}}', draft_id=draft)
    shop.close()
    window, opened = stand()
    assert not window.looking_in
    page = let_in((window, opened), lambda: type_in_focus("saban"))
    assert window.presenters.sell.cart.buyer.name == "শারমিন"
    assert page.search.edit.text() == "saban"
    assert [hit.product.sku for hit in window.presenters.sell.found] == ["P003"]


def test_only_the_frame_stands_where_somebody_is_asked_who_he_is(
    stand: Callable[[], Standing], shop: Shop
) -> None:
    shop.operators.set_pin(shop.desk.operator.id, "2468")
    shop.close()
    window, opened = stand()
    assert not window.looking_in
    let_in((window, opened))
    assert window.gate.dialog is not None


def test_a_window_closed_while_the_shop_opens_waits_for_it_and_is_gone(standing: Standing) -> None:
    window, shop = standing

    def close() -> None:
        window.close()

    window.tasks.later("close", 0, close)
    window.tasks.wait(lambda: open_behind(shop))
    assert not window.isVisible()
    assert shop.is_open


def test_why_a_shop_does_not_open_reaches_whoever_waits(
    stand: Callable[[], Standing], paths: ShopPaths
) -> None:
    paths.database.write_bytes(b"no shop" * 1000)
    window, shop = stand()
    assert not window.looking_in
    with pytest.raises(EnvironmentFault) as error:
        window.tasks.wait(lambda: open_behind(shop))
    assert error.value.code.startswith("database_")
    assert window.isVisible()


def test_whoever_waits_for_a_shop_that_does_not_open_hears_why(standing: Standing, paths: ShopPaths) -> None:
    _, shop = standing
    paths.database.write_bytes(b"no shop" * 1000)
    for _ in range(2):
        with pytest.raises(EnvironmentFault) as error:
            open_behind(shop)
        assert error.value.code.startswith("database_")
        with pytest.raises(EnvironmentFault) as again:
            _ = shop.orders
        assert again.value.code == error.value.code


def test_a_shop_that_opens_and_whose_settings_do_not_read_is_said_in_a_sentence(
    application: QApplication,
    paths: ShopPaths,
    clock: FixedClock,
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    monkeypatch.setattr(QMessageBox, "critical", lambda _over, _title, text: said.append(text))
    shop.configuration.put("shop.name", "তাঁতঘর")
    shop.close()
    with contextlib.closing(sqlite3.connect(paths.database)) as raw:
        raw.execute("UPDATE setting SET value = 'no JSON'")
        raw.commit()
    assert run(application, paths, clock) == 3
    assert said == [sentence("database_damaged", {}, "bn")]


@pytest.mark.parametrize("bug", [False, True])
def test_a_shop_that_does_not_open_is_said_in_a_sentence_and_leaves(
    application: QApplication, paths: ShopPaths, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, bug: bool
) -> None:
    said: list[str] = []
    monkeypatch.setattr(QMessageBox, "critical", lambda _over, _title, text: said.append(text))
    if bug:

        def break_down(*_: object) -> None:
            raise RuntimeError("a bug")

        monkeypatch.setattr("pos.shop.Shop.reopen", break_down)
    else:
        paths.database.write_bytes(b"no shop" * 1000)
    assert run(application, paths, clock) == 3
    (text,) = said
    assert any("\u0980" <= letter <= "\u09ff" for letter in text)
    assert "a bug" not in text
    assert bug == any("RuntimeError" in log.read_text("utf-8") for log in paths.logs.glob("*.log"))
