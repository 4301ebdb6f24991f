"""The first run of a vendor's next laptop: the shop comes from a real server, with the keyboard alone."""

from __future__ import annotations

import contextlib
import shutil
from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.e2e.central import Central, Laptop, free_port
from tests.keyless import no_keyring
from tests.ui.extents import faults
from tests.ui.test_first_run import Wizard
from ui.pages.first_steps import IdentityStep, JoinStep, LanguageStep
from ui.presenters.first_answers import BACKUP, GOODS, IDENTITY, LANGUAGE, PRINTER, first_run_due
from ui.theme.look import Look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

__all__ = ["no_keyring"]

VENDOR = "রূপকথা ঘর"


@pytest.fixture
def open_wizard(application: QApplication, tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[[], Wizard]]:
    """Opens the wizard, each time over the same folder; empty at first."""
    assert application is not None
    opened: list[Wizard] = []

    def make() -> Wizard:
        opened.append(Wizard(tmp_path / "second" / "shop", qtbot))
        return opened[-1]

    yield make
    for wizard in opened:
        wizard.close()


@pytest.fixture
def wizard(open_wizard: Callable[[], Wizard]) -> Wizard:
    return open_wizard()


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a server with a vendor whose first laptop has sold."""
    place = tmp_path_factory.mktemp("sold")
    central, first = Central(place / "central"), Laptop(place / "first")
    central.start()
    first("init", "--vendor", VENDOR, "--phone", "01733456789")
    goods = ("--name-bn", "খাঁটি মধু", "--unit", "kg", "--price", "1000", "--sku", "P1", "--stock", "9")
    first("product", "add", *goods)
    first.pair(central, VENDOR)
    first("order", "take", "-", stdin={"items": [{"sku": "P1", "qty": "2"}], "rest": "due"})
    first("sync")
    central.stop()
    return central.home


@pytest.fixture
def central(sold: Path, tmp_path: Path) -> Iterator[Central]:
    """That server, for one test alone."""
    home = tmp_path / "central"
    shutil.copytree(sold, home)
    central = Central(home)
    central.start()
    yield central
    central.stop()


def code_of(central: Central) -> str:
    return str(central.command("pairing-code", "--vendor", VENDOR)["code"])


def to_form(wizard: Wizard) -> JoinStep:
    """Choose the shop on another laptop, with the keyboard; the form that asks where."""
    wizard.key(Qt.Key.Key_Tab)
    wizard.key(Qt.Key.Key_Tab)
    wizard.key(Qt.Key.Key_Right)
    assert wizard.first.answers.begin == "join"
    wizard.key(Qt.Key.Key_Return)
    page = wizard.page._page
    assert isinstance(page, JoinStep)
    assert page.fields["server"].edit.hasFocus()
    return page


@pytest.mark.parametrize("field", ["server", "code"])
def test_a_link_scanned_into_either_field_brings_the_shop(
    wizard: Wizard, central: Central, field: str
) -> None:
    page = to_form(wizard)
    page.fields[field].edit.setFocus()
    link = central.command("pairing-code", "--vendor", VENDOR, "--url", central.url)["link"]
    QTest.keyClicks(page.fields[field].edit, link)
    wizard.key(Qt.Key.Key_Return)
    assert (wizard.first.answers.step, wizard.first.faults) == (PRINTER, {})
    assert (wizard.first.answers.server, wizard.first.answers.name) == (central.url, VENDOR)


@pytest.mark.parametrize("field", ["server", "code"])
def test_a_link_pasted_fills_both_fields_and_a_broken_one_is_said_where_it_stands(
    wizard: Wizard, field: str
) -> None:
    page = to_form(wizard)
    page.fields[field].edit.setFocus()
    wizard.write("hatkhata://pair/ABCD2345")
    wizard.key(Qt.Key.Key_Tab)
    assert page.fields[field].fault.startswith("“hatkhata://pair/ABCD2345” দিয়ে যুক্ত করা যায় না")
    page.fields[field].edit.setFocus()
    page.fields[field].edit.selectAll()
    wizard.write(" hatkhata://pair/ABCD2345/https://hat.example ")
    wizard.key(Qt.Key.Key_Tab)
    assert {name: one.text() for name, one in page.fields.items()} == {
        "server": "https://hat.example", "code": "ABCD2345",
    }  # fmt: skip
    assert not any(one.fault for one in page.fields.values())
    assert wizard.first.answers.step == IDENTITY


def begin_joining(wizard: Wizard, central: Central) -> None:
    """Press the button with the right address and a good code; nothing is waited for."""
    to_form(wizard)
    wizard.first.set("server", central.url)
    wizard.first.set("code", code_of(central))
    wizard.first.next()


def test_the_shop_of_another_laptop_opens_here_with_the_keyboard_alone(
    wizard: Wizard, central: Central
) -> None:
    to_form(wizard)
    assert wizard.page.on.text() == "যুক্ত করুন"
    wizard.write(central.url)
    wizard.key(Qt.Key.Key_Tab)
    wizard.write(code_of(central).lower())
    wizard.key(Qt.Key.Key_Return)
    assert (wizard.first.answers.step, wizard.first.faults) == (PRINTER, {})
    assert wizard.first.answers.name == VENDOR, "from now on the receipt beside it is this shop's"
    for _ in range(2):
        wizard.key(Qt.Key.Key_Return)
    (shop,) = wizard.shops
    assert shop.configuration.shop().name == VENDOR
    assert shop.catalogue.show("P1").on_hand_milli == 7_000
    about = shop.sync.about()
    assert about is not None
    assert (about.device_code, about.server, about.vendor) == ("B", central.url, VENDOR)
    assert not first_run_due(wizard.paths)
    assert list(wizard.paths.home.glob(".pairing*")) == []


def test_a_code_that_is_wrong_is_said_beside_it_and_another_may_be_tried(
    wizard: Wizard, central: Central
) -> None:
    page = to_form(wizard)
    wizard.write(central.url)
    wizard.key(Qt.Key.Key_Tab)
    wizard.write("AAAA2222")
    wizard.key(Qt.Key.Key_Return)
    code = page.fields["code"]
    assert "এই কোড ঠিক নয়" in code.fault
    assert code.edit.hasFocus()
    assert not wizard.paths.database.exists()
    code.edit.selectAll()
    wizard.write(code_of(central))
    assert code.fault == ""
    wizard.key(Qt.Key.Key_Return)
    assert wizard.first.answers.step == PRINTER


def test_a_server_that_is_not_there_is_told_in_a_sentence_and_one_may_go_back_and_found(
    wizard: Wizard,
) -> None:
    to_form(wizard)
    wizard.write(f"http://127.0.0.1:{free_port()}")
    wizard.key(Qt.Key.Key_Tab)
    wizard.write("AAAA2222")
    wizard.key(Qt.Key.Key_Return)
    error = wizard.first.faults["step"]
    assert wizard.page.fault.text() == wizard.page.look.sentence(error) != ""
    assert error.code == "pairing_unanswered"
    assert not wizard.paths.database.exists()
    wizard.key(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert wizard.first.answers.step == LANGUAGE
    page = wizard.page._page
    assert isinstance(page, LanguageStep)
    page.begin.setFocus()
    wizard.key(Qt.Key.Key_Left)
    wizard.key(Qt.Key.Key_Return)
    assert isinstance(wizard.page._page, IdentityStep)
    wizard.to(GOODS)
    assert wizard.first.shop is not None
    wizard.first.set("begin", "join")
    assert wizard.first.answers.begin == "new", "what is founded is founded"
    wizard.first.go(LANGUAGE)
    assert isinstance(wizard.page._page, LanguageStep)
    assert wizard.page._page.begin.isHidden()


@pytest.mark.parametrize(
    ("server", "code", "wanted"),
    [("", "", "server"), ("not a server", "AAAA2222", "server"), ("http://hat.example", "AAAA2222", "server"),
     ("https://hat.example", "", "code"), ("https://hat.example", "AAA", "code")],
)  # fmt: skip
def test_a_field_that_is_wrong_is_named_before_anybody_is_asked(
    wizard: Wizard, server: str, code: str, wanted: str
) -> None:
    page = to_form(wizard)
    wizard.write(server)
    wizard.key(Qt.Key.Key_Tab)
    wizard.write(code)
    wizard.key(Qt.Key.Key_Return)
    field = page.fields[wanted]
    assert field.fault
    assert field.edit.hasFocus()
    assert field.edit.accessibleName() in ("সার্ভারের ঠিকানা", "যুক্ত করার কোড")
    assert wizard.first.answers.step == IDENTITY


def test_a_run_cut_off_after_joining_goes_on_with_that_shop_and_never_behind_it(
    wizard: Wizard, central: Central, open_wizard: Callable[[], Wizard]
) -> None:
    begin_joining(wizard, central)
    wizard.settle()
    wizard.page.close()
    assert first_run_due(wizard.paths)
    after = open_wizard()
    assert after.first.answers.step == PRINTER
    assert not after.page.back.isVisible()
    for step in (LANGUAGE, IDENTITY, GOODS):
        assert not after.first.may_go(step)
    after.first.back()
    assert after.first.answers.step == PRINTER
    after.first.go(BACKUP)
    assert after.page.back.isVisible()
    after.first.next()
    after.settle()
    assert after.shops[0].catalogue.show("P1").price_paisa == 100_000


def test_a_window_closed_while_it_joins_leaves_what_came_and_the_same_code_goes_on(
    wizard: Wizard, central: Central, open_wizard: Callable[[], Wizard]
) -> None:
    begin_joining(wizard, central)
    wizard.page.close()
    wizard.tasks.settle()
    assert not wizard.paths.database.exists()
    assert first_run_due(wizard.paths)
    after = open_wizard()
    page = after.page._page
    assert isinstance(page, JoinStep)
    assert page.fields["server"].text() == central.url
    after.key(Qt.Key.Key_Return)
    assert after.first.answers.step == PRINTER


@pytest.mark.parametrize("percent", [100, 130])
@pytest.mark.parametrize("lang", ["bn", "en"])
def test_neither_the_choice_nor_the_form_is_clipped_at_any_size(
    wizard: Wizard, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, lang: str, percent: int
) -> None:
    monkeypatch.setattr("ui.pages.first.Look", partial(Look, text_percent=percent))
    wizard.first.set("lang", "en" if lang == "bn" else "bn")
    wizard.first.set("lang", lang)
    wizard.first.set("begin", "join")
    wizard.settle()
    wizard.page.build()
    wizard.settle()
    found = {}
    for step in (LANGUAGE, IDENTITY):
        wizard.first.answers.step = step
        for said in ("", "x"):
            wizard.first.set("server", said)
            wizard.first.check("server")
            for width, height in ((1280, 640), (1366, 768), (1920, 1080)):
                wizard.page.resize(width, height)
                wizard.settle()
                # Another language builds the page anew a moment later, and what counts is how it stands at rest.
                with contextlib.suppress(qtbot.TimeoutError):
                    qtbot.waitUntil(lambda: not faults(wizard.page), timeout=2000)
                wrong = faults(wizard.page)
                if wrong:
                    found[f"{step} {said} {width}"] = wrong
    assert found == {}
    page = wizard.page._page
    assert isinstance(page, JoinStep)
    assert wizard.page.on.text() == ("যুক্ত করুন" if lang == "bn" else "Pair")
