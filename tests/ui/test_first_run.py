"""The first run: from an empty folder to a shop that can sell, with the keyboard alone."""

from __future__ import annotations

import gc
import socket
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from pos.domain.times import FixedClock
from pos.l10n.districts import districts
from pos.paths import ShopPaths
from pos.printing.preview import page_sizes
from pos.shop import open_shop
from tests.shopkeeping import IN_A_HAT, founded, sale
from tests.ui.extents import faults
from ui.pages.first import FirstRun
from ui.pages.first_goods import GoodsStep
from ui.pages.first_steps import IdentityStep
from ui.presenters.first import First
from ui.presenters.first_answers import BACKUP, GOODS, IDENTITY, LANGUAGE, PRINTER, first_run_due
from ui.tasks import Tasks
from ui.theme.look import Look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from pos.shop import Shop


class NoPrinters:
    """A computer on which nothing was set up."""

    def printers(self) -> list[str]:
        return []

    def print_pdf(self, pdf: bytes, printer: str, title: str) -> None:
        raise AssertionError(printer)


class Wizard:
    """The wizard over an empty folder, in front, with what a test does to it."""

    def __init__(self, home: Path, qtbot: QtBot) -> None:
        self.paths, self._bot, self.tasks = ShopPaths(home), qtbot, Tasks()
        self.first = First(self.paths, FixedClock(IN_A_HAT), self.tasks, NoPrinters())
        self.first.start()
        self.page = FirstRun(self.first)
        self.shops: list[Shop] = []
        self.page.founded.connect(self.shops.append)
        qtbot.addWidget(self.page)
        self.page.resize(1366, 688)
        self.page.show()
        self.page.activateWindow()
        qtbot.waitUntil(self.page.isActiveWindow)
        self.settle()

    def settle(self) -> None:
        self._bot.waitUntil(lambda: not self.tasks.busy(), timeout=30_000)
        for _ in range(3):  # a window's new size comes, then its layout's, then that of what was shown by it
            QApplication.processEvents()

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.page, key, modifier)
        self.settle()

    def write(self, text: str) -> None:
        """As an input method commits it."""
        event = QInputMethodEvent()
        event.setCommitString(text)
        focus = QApplication.focusWidget()
        assert focus is not None
        QApplication.sendEvent(focus, event)

    def to(self, step: int) -> None:
        """Through the steps before, with a name and a phone."""
        self.key(Qt.Key.Key_Return)
        self.first.set("name", "রূপকথা ঘর")
        self.first.set("phone", "০১৭৩৩-৪৫৬৭৮৯")
        while self.first.answers.step < step:
            self.first.set("goods", "later")
            self.first.next()
            self.settle()

    def close(self) -> None:
        if isValid(self.page):
            self.page.close()
        self.tasks.settle()
        for shop in self.shops:
            shop.close()
        if isValid(self.page):
            self.page.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()  # here, and not on a thread of background work


@pytest.fixture
def wizard(application: QApplication, tmp_path: Path, qtbot: QtBot) -> Iterator[Wizard]:
    assert application is not None
    made = Wizard(tmp_path / "home" / "shop", qtbot)
    yield made
    made.close()


@pytest.fixture
def again(application: QApplication, qtbot: QtBot) -> Iterator[Callable[[Path], Wizard]]:
    """Opens the wizard on a folder that was there before."""
    assert application is not None
    opened: list[Wizard] = []

    def make(home: Path) -> Wizard:
        opened.append(Wizard(home, qtbot))
        return opened[-1]

    yield make
    for wizard in opened:
        wizard.close()


def test_a_shop_is_founded_with_the_keyboard_alone(wizard: Wizard) -> None:
    wizard.key(Qt.Key.Key_Return)
    wizard.write("রূপকথা ঘর")
    wizard.key(Qt.Key.Key_Tab)
    wizard.write("০১৭৩৩-৪৫৬৭৮৯")
    wizard.key(Qt.Key.Key_Return)
    assert wizard.first.answers.step == GOODS
    wizard.key(Qt.Key.Key_Right)
    wizard.key(Qt.Key.Key_Right)
    assert wizard.first.answers.goods == "later"
    for _ in range(3):
        wizard.key(Qt.Key.Key_Return)
    assert [shop.configuration.shop().name for shop in wizard.shops] == ["রূপকথা ঘর"]
    assert wizard.shops[0].configuration.shop().phone == "+8801733456789"
    assert wizard.shops[0].backups.status().last_at_ms is not None
    assert not first_run_due(wizard.paths)


def test_enter_without_a_name_goes_to_the_name_and_says_so(wizard: Wizard) -> None:
    wizard.key(Qt.Key.Key_Return)
    wizard.first.set("phone", "01733456789")
    wizard.key(Qt.Key.Key_Return)
    page = wizard.page._page
    assert isinstance(page, IdentityStep)
    assert wizard.first.answers.step == IDENTITY
    assert page.fields["name"].fault
    assert page.fields["name"].edit.hasFocus()


def test_a_short_phone_says_how_many_digits_are_missing_when_its_field_is_left(wizard: Wizard) -> None:
    wizard.key(Qt.Key.Key_Return)
    wizard.first.set("phone", "০১৭৩৩-৪৫")
    wizard.first.check("phone")
    page = wizard.page._page
    assert page is not None
    assert page.fields["phone"].fault == "আরও ৪টি সংখ্যা লাগবে"
    wizard.first.set("phone", "০১৭৩৩-৪৫৬৭৮৯")
    assert page.fields["phone"].fault == ""


def test_what_is_missing_is_asked_for_in_words_that_fit_under_the_field(wizard: Wizard) -> None:
    wizard.key(Qt.Key.Key_Return)
    wizard.key(Qt.Key.Key_Return)
    page = wizard.page._page
    assert page is not None
    assert (page.fields["name"].fault, page.fields["phone"].fault) == ("এটি লিখুন", "এটি লিখুন")
    wizard.first.set("phone", "ফোনে জানাব")
    wizard.first.check("phone")
    assert page.fields["phone"].fault == "১১ সংখ্যার মোবাইল নম্বর লিখুন"
    assert "০১৭১২৩৪৫৬৭৮" in page.fields["phone"].toolTip()


@pytest.mark.parametrize("name", ["name", "district", "trade", "address", "page"])
def test_a_pasted_book_is_refused_by_the_name_of_its_field_and_shown_nowhere(
    wizard: Wizard, name: str
) -> None:
    wizard.to(IDENTITY)
    page = wizard.page._page
    assert page is not None
    page.fields[name].edit.setText("ক্ষ্ম" * 10_000)
    wizard.key(Qt.Key.Key_Return)
    assert wizard.first.answers.step == IDENTITY
    assert page.fields[name].fault.endswith("অক্ষরের মধ্যে লিখুন")
    assert "shop." not in page.fields[name].toolTip()
    assert faults(wizard.page) == []


@pytest.mark.parametrize(
    "name", ["\u202eআবক\u202d", "<b>দোকান</b> {name} %s", "হাট 🏪", "এক\nদুই", "'; DROP TABLE x;--", "محل"]
)
def test_a_hostile_name_founds_a_shop_of_plain_text(wizard: Wizard, name: str) -> None:
    wizard.key(Qt.Key.Key_Return)
    for field in ("name", "trade", "district", "address", "page"):
        wizard.first.set(field, name)
    wizard.first.set("phone", "01733456789")
    wizard.first.next()
    wizard.settle()
    assert wizard.first.answers.step == GOODS
    assert wizard.first.shop is not None
    kept = wizard.first.shop.configuration.shop().name
    assert not {"\u202e", "\n"} & set(kept)
    assert faults(wizard.page) == []


def test_alt_and_left_goes_back_and_nothing_is_lost(wizard: Wizard) -> None:
    wizard.key(Qt.Key.Key_Return)
    wizard.first.set("trade", "শাড়ি")
    wizard.key(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert wizard.first.answers.step == LANGUAGE
    wizard.key(Qt.Key.Key_Return)
    assert wizard.page._page is not None
    assert wizard.page._page.fields["trade"].text() == "শাড়ি"


def test_what_was_typed_is_there_after_a_crash(wizard: Wizard, again: Callable[[Path], Wizard]) -> None:
    wizard.key(Qt.Key.Key_Return)
    wizard.first.set("name", "মধুর দোকান")
    wizard.tasks.settle()  # its quarter of a second is over; no farewell is said
    after = again(wizard.paths.home)
    assert after.first.resumed
    assert (after.first.answers.step, after.first.answers.name) == (IDENTITY, "মধুর দোকান")
    assert after.page.steps._sub == "যেখানে ছিলেন সেখান থেকে"


def test_a_run_cut_off_after_founding_goes_on_with_the_same_shop(
    wizard: Wizard, again: Callable[[Path], Wizard]
) -> None:
    wizard.to(PRINTER)
    wizard.page.close()
    assert first_run_due(wizard.paths)
    after = again(wizard.paths.home)
    assert after.first.answers.step == PRINTER
    assert after.first.shop is not None


def test_a_draft_that_does_not_read_is_no_reason_not_to_begin(
    tmp_path: Path, again: Callable[[Path], Wizard]
) -> None:
    paths = ShopPaths(tmp_path)
    paths.first_run.write_bytes(b'{"step": "x')
    assert again(tmp_path).first.answers.step == LANGUAGE


def test_english_turns_words_and_digits_at_once_and_the_shop_keeps_them(wizard: Wizard) -> None:
    wizard.key(Qt.Key.Key_Right)
    assert wizard.page.on.text() == "Next"
    wizard.to(GOODS)
    assert wizard.first.shop is not None
    values = wizard.first.shop.desk.device.all()
    assert (values["lang"], values["digits"]) == ("en", "latin")


def test_going_back_after_founding_changes_the_shop_and_founds_no_second_one(wizard: Wizard) -> None:
    wizard.to(GOODS)
    wizard.first.back()
    wizard.first.set("name", "নতুন নাম")
    wizard.first.set("days", "daily")
    wizard.first.next()
    wizard.settle()
    assert wizard.first.shop is not None
    assert wizard.first.shop.configuration.shop().name == "নতুন নাম"
    assert str(wizard.first.shop.configuration.get("hat.weekdays")).count(",") == 6


def test_the_receipt_follows_what_is_typed(wizard: Wizard) -> None:
    before = wizard.first.preview
    wizard.first.set("trade", "দেশি শাড়ি ও খাঁটি খাবার")
    wizard.tasks.settle()
    wizard.settle()
    after = wizard.first.preview
    assert before is not None
    assert after is not None
    assert page_sizes(after)[0][1] > page_sizes(before)[0][1]


def test_a_file_is_counted_before_anything_is_written(wizard: Wizard, tmp_path: Path) -> None:
    file = tmp_path / "goods.csv"
    file.write_text("name,price,stock\nমধু,500,10\nঘি,900,5\n,100,1\n", encoding="utf-8")
    wizard.to(GOODS)
    shop = wizard.first.shop
    assert shop is not None
    wizard.first.choose_file(str(file))
    wizard.settle()
    assert wizard.first.dry is not None
    assert (wizard.first.dry.products, len(wizard.first.dry.errors)) == (2, 1)
    assert not shop.catalogue.find("মধু")
    wizard.first.next()
    wizard.settle()
    assert wizard.first.answers.step == PRINTER
    assert shop.catalogue.find("মধু")


def test_a_row_with_two_faults_is_one_row_and_its_sentence_is_whole(wizard: Wizard, tmp_path: Path) -> None:
    file = tmp_path / "goods.csv"
    file.write_text("name,price\n,abc\nমধু,500\n", encoding="utf-8")
    wizard.to(GOODS)
    wizard.first.choose_file(str(file))
    wizard.settle()
    assert wizard.first.dry is not None
    assert len(wizard.first.dry.errors) == 2
    page = wizard.page._page
    assert isinstance(page, GoodsStep)
    assert page.refused.text() == "১টি সারি নেওয়া যাবে না"
    assert [line.text() for line in page.rows if line.isVisible()] == [
        "সারি ২: বাংলা নাম: কিছু লেখা নেই, বা এমন চিহ্ন আছে যা দেখা যায় না। নামটি লিখুন।"
    ]


def test_a_file_of_which_no_row_can_be_taken_brings_nothing(wizard: Wizard, tmp_path: Path) -> None:
    file = tmp_path / "goods.csv"
    file.write_text("name,price\n,100\n", encoding="utf-8")
    wizard.to(GOODS)
    wizard.first.choose_file(str(file))
    wizard.settle()
    assert wizard.page.on.text() == "পরের ধাপ"
    wizard.key(Qt.Key.Key_Return)
    assert (wizard.first.answers.step, wizard.first.taken) == (PRINTER, None)


def test_enter_brings_in_a_good_file_that_was_chosen_with_the_mouse(
    wizard: Wizard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "goods.csv"
    file.write_text("name,price\nনতুন মধু,500\n,1\n", encoding="utf-8")
    wizard.to(GOODS)
    wizard.first.set("goods", "file")
    asked: list[str] = []

    def choose(*_args: object) -> tuple[str, str]:
        asked.append("")
        return str(file), ""

    monkeypatch.setattr("ui.pages.first_goods.QFileDialog.getOpenFileName", choose)
    page = wizard.page._page
    assert isinstance(page, GoodsStep)
    QTest.mouseClick(page.pick, Qt.MouseButton.LeftButton)
    wizard.settle()
    assert wizard.page.on.text() == "আনুন"
    assert wizard.page.on.hasFocus()
    wizard.key(Qt.Key.Key_Return)
    assert len(asked) == 1
    assert wizard.first.answers.step == PRINTER


def test_a_file_may_follow_the_samples_and_neither_comes_twice(wizard: Wizard, tmp_path: Path) -> None:
    file = tmp_path / "goods.csv"
    file.write_text("name,price\nনতুন মধু,500\n", encoding="utf-8")
    wizard.to(GOODS)
    wizard.first.set("goods", "demo")
    assert wizard.first.brings()
    wizard.first.next()
    wizard.settle()
    wizard.first.back()
    assert not wizard.first.brings()
    wizard.first.choose_file(str(file))
    wizard.settle()
    wizard.first.next()
    wizard.settle()
    assert wizard.first.shop is not None
    assert wizard.first.shop.catalogue.find("নতুন মধু")
    wizard.first.back()
    assert not wizard.first.brings()


def test_an_import_that_is_stopped_leaves_nothing(wizard: Wizard) -> None:
    wizard.to(GOODS)
    shop = wizard.first.shop
    assert shop is not None
    wizard.first.set("goods", "demo")
    wizard.first.next()
    wizard.first.stop()
    wizard.settle()
    assert wizard.first.answers.step == GOODS
    assert not wizard.first.faults
    assert not shop.catalogue.find("চাল")


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("gone.csv", None), ("empty.csv", b""), ("letter.csv", b"Dear Sir,\nregards"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n"), ("torn.xlsx", b"PK\x03\x04torn"),
        ("heads.csv", b"name,price,stock\n"), ("orders.csv", b"invoice,phone,cod\n1,2,3\n"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_catalogue_is_told_in_place(
    wizard: Wizard, tmp_path: Path, name: str, held: bytes | None
) -> None:
    if held is not None:
        (tmp_path / name).write_bytes(held)
    wizard.to(GOODS)
    wizard.first.choose_file(str(tmp_path / name))
    wizard.settle()
    page = wizard.page._page
    assert isinstance(page, GoodsStep)
    assert page.fault.text() == wizard.page.look.sentence(wizard.first.faults["file"]) != ""
    assert wizard.first.answers.step == GOODS
    assert faults(wizard.page) == []


def test_the_trial_paper_reaches_a_network_printer(wizard: Wizard) -> None:
    taken = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            connection, _ = server.accept()
            with connection:
                while data := connection.recv(65_536):
                    taken.extend(data)

        listener = threading.Thread(target=listen)
        listener.start()
        wizard.to(PRINTER)
        wizard.first.set("printer", "tcp")
        wizard.first.set("printer_address", f"127.0.0.1:{server.getsockname()[1]}")
        wizard.first.try_printer()
        wizard.settle()
        listener.join(20)
    assert wizard.first.tried
    assert taken


def test_a_printer_without_an_address_holds_the_step(wizard: Wizard) -> None:
    wizard.to(PRINTER)
    wizard.first.set("printer", "tcp")
    wizard.first.next()
    wizard.settle()
    assert wizard.first.answers.step == PRINTER
    assert wizard.first.faults["printer"].code == "printer_address_unclear"
    page = wizard.page._page
    assert page is not None
    assert page.fields["printer_address"].edit.hasFocus()


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_founded(
    wizard: Wizard, monkeypatch: pytest.MonkeyPatch
) -> None:
    wizard.key(Qt.Key.Key_Return)
    wizard.first.set("name", "রূপকথা ঘর")
    wizard.first.set("phone", "01733456789")

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "no")

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.mkdir", refused)
        wizard.first.next()
        wizard.settle()
    assert wizard.first.faults["step"].code == "folder_read_only"
    assert wizard.page.fault.text().startswith("দোকানের ফোল্ডারে লেখা যাচ্ছে না")
    wizard.first.next()
    wizard.settle()
    assert wizard.first.answers.step == GOODS


def test_a_second_place_that_is_gone_is_told_and_the_shop_waits(wizard: Wizard, tmp_path: Path) -> None:
    wizard.to(BACKUP)
    wizard.first.set("folder", str(tmp_path / "stick"))
    wizard.first.next()
    wizard.settle()
    assert wizard.first.faults["folder"].code == "backup_folder_missing"
    assert not wizard.shops


def test_later_keeps_all_for_another_day_and_then_passes_steps_over(wizard: Wizard) -> None:
    wizard.to(GOODS)
    wizard.first.later()
    wizard.first.later()
    assert wizard.first.answers.step == BACKUP
    wizard.first.later()
    assert wizard.first.finished
    assert len(wizard.shops) == 1


def test_a_shop_that_is_gone_is_brought_back_from_its_backup_and_not_founded_anew(
    tmp_path: Path, again: Callable[[Path], Wizard]
) -> None:
    paths = founded(tmp_path / "home")
    with open_shop(paths, FixedClock(IN_A_HAT)) as shop:
        shop.orders.take(sale())
        shop.backups.make()
    paths.database.unlink()
    wizard = again(paths.home)
    assert wizard.first.lost is not None
    wizard.key(Qt.Key.Key_Return)
    assert wizard.shops[0].orders.any()


def test_every_district_is_found_in_either_language() -> None:
    assert len(districts("bn")) == len({name for name, _ in districts("bn")}) == 64
    spelt = dict(districts("bn"))["নরসিংদী"]
    assert "Narsingdi" in spelt
    assert "chittagong" in dict(districts("en"))["Chattogram"]


def test_a_district_is_offered_while_it_is_typed_in_the_other_language(wizard: Wizard) -> None:
    wizard.key(Qt.Key.Key_Return)
    page = wizard.page._page
    assert page is not None
    field = page.fields["district"]
    field.setFocus()
    QTest.keyClicks(field.edit, "narsi")
    completer = field.edit.completer()
    offered = completer.completionModel()
    assert [offered.data(offered.index(row, 0)) for row in range(offered.rowCount())] == ["নরসিংদী"]


def test_the_receipt_is_seen_whole_and_the_button_ends_with_the_form(wizard: Wizard) -> None:
    wizard.to(GOODS)
    for width, height in ((1280, 640), (1366, 688), (1920, 1080)):
        wizard.page.resize(width, height)
        wizard.settle()
        paper, page = wizard.page.desk.receipt, wizard.page._page
        assert page is not None
        foot = paper.mapTo(wizard.page, QPoint(0, paper.height())).y()
        assert height - 120 < foot <= height or width == 1920
        assert isinstance(page, GoodsStep)
        ends = [part.mapTo(wizard.page, QPoint(part.width(), 0)).x() for part in (wizard.page.on, page.goods)]
        assert ends[0] == ends[1]


@pytest.mark.parametrize("percent", [100, 130])
@pytest.mark.parametrize("lang", ["bn", "en"])
def test_no_step_is_clipped_at_any_size(
    wizard: Wizard, monkeypatch: pytest.MonkeyPatch, lang: str, percent: int
) -> None:
    monkeypatch.setattr("ui.pages.first.Look", partial(Look, text_percent=percent))
    wizard.first.set("lang", "en" if lang == "bn" else "bn")
    wizard.first.set("lang", lang)
    wizard.settle()
    wizard.page.build()
    wizard.to(GOODS)
    found = {}
    for step in range(LANGUAGE, BACKUP + 1):
        wizard.first.go(step)
        for kind in ("tcp", "os") if step == PRINTER else ("none",):
            wizard.first.set("printer", kind)
            for width, height in ((1280, 640), (1366, 768), (1920, 1080)):
                wizard.page.resize(width, height)
                wizard.settle()
                page = wizard.page._page
                assert page is not None
                wrong = faults(wizard.page)
                if page.width() > wizard.page.place.viewport().width():
                    wrong.append("runs out at the side")
                if wrong:
                    found[f"{step} {kind} {width}"] = wrong
    assert found == {}
