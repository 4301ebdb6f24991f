"""What only a close look brings out: what says why, what lies over what, where the focus is, digits and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QPoint, QRect
from PySide6.QtWidgets import QApplication, QWidget

from pos.services.catalogue import NewProduct, NewVariant
from tests.shopkeeping import sale
from ui.pages.backup import BackupPage
from ui.pages.backup_restore import RestoreDialog
from ui.pages.goods_files import FilesDialog
from ui.pages.orders import OrdersPage
from ui.pages.product import ProductDialog
from ui.pages.sell_rows import variant_name
from ui.pages.settings import SettingsPage
from ui.pages.settings_sections import HatDialog, HatSection
from ui.pages.stock_rows import under_amount
from ui.widgets.button import Button
from ui.widgets.cards import RadioCard
from ui.widgets.field import Field
from ui.widgets.text import Paragraph

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pos.shop import Shop
    from tests.ui.keyboard import Keyboard
    from ui.shell import Shell
    from ui.theme.look import Look


class Windows(QObject):
    """Keeps the name of everything that was shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(type(watched).__name__)
        return False


def opened_restore(shell: Shell, shop: Shop, settled: Callable[[], None]) -> RestoreDialog:
    """The question before going back to the newest backup."""
    shell.go("backup")
    settled()
    shell.presenters.backup.look_into(shop.backups.list()[0].file)
    settled()
    dialog = shell.page().dialog()
    assert isinstance(dialog, RestoreDialog)
    return dialog


def test_the_question_before_a_restore_shows_nothing_beside_the_window(
    shell: Shell, shop: Shop, settled: Callable[[], None]
) -> None:
    shop.backups.make()
    shop.orders.take(sale())
    seen, application = Windows(), QApplication.instance()
    assert application is not None
    application.installEventFilter(seen)
    dialog = opened_restore(shell, shop, settled)
    application.removeEventFilter(seen)
    assert dialog.replay.isVisible()
    assert seen.shown == []
    assert isinstance(QApplication.focusWidget(), Button), "leaving is at hand, and is seen to be"


def test_entries_without_an_order_are_not_called_no_orders_of_no_money(
    shell: Shell, shop: Shop, settled: Callable[[], None]
) -> None:
    shop.backups.make()
    shop.stock.receive([("P003", "5")])
    dialog = opened_restore(shell, shop, settled)
    said = [line.text() for line in dialog.findChildren(Paragraph)]
    assert any("অর্ডার সবই আছে" in line for line in said)
    page = shell.page()
    assert isinstance(page, BackupPage)
    assert "০টি" not in page.state.accessibleName()
    assert "৳০" not in " ".join(said)


def test_ticked_orders_of_several_states_are_left_alone_and_f9_says_why(
    shell: Shell, keyboard: Keyboard, numbers: list[str]
) -> None:
    assert numbers
    keyboard.press("Ctrl+2")
    page, orders = shell.page(), shell.presenters.orders
    assert isinstance(page, OrdersPage)
    orders.tick_all()
    before = [row.status for row in orders.rows(orders.ids).values()]
    keyboard.press("F9")
    assert "এক অবস্থায় নেই" in page.toast_text()
    assert [row.status for row in orders.rows(orders.ids).values()] == before
    assert page._toast is not None
    assert not page._toast.geometry().intersects(page.bulk.geometry())


def test_ticked_orders_with_nothing_left_to_do_say_so(
    shell: Shell, keyboard: Keyboard, shop: Shop, numbers: list[str]
) -> None:
    shop.orders.cancel(numbers[0], "ভুল")
    keyboard.press("Ctrl+2")
    page, orders = shell.page(), shell.presenters.orders
    assert isinstance(page, OrdersPage)
    orders.choose_tab("cancelled")
    orders.tick_all()
    assert page.bulk.mixed.text() == shell.look.word("ticked_no_step")
    keyboard.press("F9")
    assert "কিছু করার নেই" in page.toast_text()


@pytest.mark.parametrize("name", ["orders", "stock"])
def test_a_toast_covers_no_row_and_the_one_at_hand_stays_in_sight(
    shell: Shell, shop: Shop, settled: Callable[[], None], name: str
) -> None:
    for number in range(15):
        shop.orders.take(sale("P003"))
        shop.catalogue.add(NewProduct(f"পণ্য {number}", 1_000, "piece", sku=f"Q{number:03}"))
    shell.resize(1280, 640)
    shell.go(name)
    settled()
    page = shell.page()
    rows = page.list  # type: ignore[attr-defined]
    high = rows.sizeHintForRow(0)
    rows.select(rows.viewport().height() // high - 1)
    at = rows.at()
    shell.notices.toast(shell.look.word("where_you_were"))
    for _ in range(3):
        QApplication.processEvents()
    toast = page._toast
    assert toast is not None
    over = QRect(rows.mapTo(page.toast_ground, QPoint(0, 0)), rows.size())
    assert not over.intersects(toast.geometry())
    assert rows.viewport().rect().contains(rows.visualRect(rows.rows.index(at)))
    toast.go()
    for _ in range(3):
        QApplication.processEvents()
    assert rows.at() == at
    assert QRect(rows.mapTo(page.toast_ground, QPoint(0, 0)), rows.size()).height() > over.height()


def test_the_list_of_orders_shows_that_it_has_the_focus(
    shell: Shell, keyboard: Keyboard, numbers: list[str]
) -> None:
    assert numbers
    keyboard.press("Ctrl+2")
    page = shell.page()
    assert isinstance(page, OrdersPage)
    assert page.list.hasFocus()
    first = page.list.visualRect(page.list.rows.index(0))
    focused = page.list.viewport().grab(first).toImage()
    page.search.edit.setFocus()
    assert page.list.viewport().grab(first).toImage() != focused


def test_what_was_put_into_the_cart_is_said_with_its_colour(shell: Shell, keyboard: Keyboard) -> None:
    keyboard.type("P002-02")
    keyboard.press("Enter")
    assert "নীল" in shell.page().toast_text()


def test_a_shop_that_has_sold_nothing_has_no_best_sellers(shell: Shell) -> None:
    sell = shell.presenters.sell
    assert sell.favourites
    assert not sell.sold_before
    assert shell.pages["sell"].best_word.text() == shell.look.word("your_products")  # type: ignore[attr-defined]


def test_numbers_of_a_product_stand_in_the_digits_of_the_screen(shell: Shell, shop: Shop) -> None:
    shop.catalogue.add(NewProduct("থালা", 69_000, "piece", sku="Q1", cost_paisa=45_050, minimum_milli=12_000))
    shell.go("stock")
    (hit, *_) = shop.catalogue.find("Q1")
    shell.presenters.stock.bring(hit.product.id.bytes)
    shell.act("edit")
    dialog = shell.page().dialog()
    assert isinstance(dialog, ProductDialog)
    fields = [dialog.labelled[name].field for name in ("price", "cost", "minimum", "sku")]
    assert [field.text() for field in fields if isinstance(field, Field)] == ["৬৯০", "৪৫০.৫০", "১২", "Q1"]


def test_sizes_are_written_in_the_digits_of_the_screen_wherever_they_stand(look: Look, shop: Shop) -> None:
    shop.catalogue.add(
        NewProduct("শার্ট", 69_000, "piece", sku="Q1", variants=(NewVariant("Q1-1", colour="নীল", size="42"),))
    )
    (hit, *_) = shop.catalogue.find("Q1")
    assert variant_name(look, hit.product.variants[0]) == "নীল · ৪২"


def test_what_is_low_only_because_orders_hold_it_says_so(look: Look, shop: Shop) -> None:
    shop.catalogue.add(
        NewProduct("থালা", 1_000, "piece", sku="Q1", stock_milli=15_000, minimum_milli=8_000, fractions=False)
    )
    (hit, *_) = shop.catalogue.find("Q1")
    (row,) = shop.shelf.rows([hit.product.id.bytes])
    assert under_amount(look, row) == "সর্বনিম্ন ৮"
    held = replace(row.product, reserved_milli=12_000)
    assert under_amount(look, replace(row, product=held)) == "অর্ডারে ১২"


@pytest.mark.parametrize("lang", ["bn", "en"])
def test_what_a_card_of_printers_says_is_read_whole_in_the_smallest_window(
    shell: Shell, shop: Shop, lang: str
) -> None:
    shop.configuration.put("lang", lang)
    shell.relook()
    shell.resize(1280, 640)
    shell.go("settings")
    shell.presenters.settings.choose("printers")
    QApplication.processEvents()
    cards = [card for card in shell.page().findChildren(RadioCard) if card.isVisible()]
    assert cards
    assert [
        card._sub for card in cards if shell.look.width(card._sub, "sm") > card.width() - card._left() - 10
    ] == []


def test_a_hat_of_one_s_own_is_typed_at_once(
    shell: Shell, settled: Callable[[], None], keyboard: Keyboard
) -> None:
    shell.go("settings")
    shell.presenters.settings.choose("hats")
    settled()
    page = shell.page()
    assert isinstance(page, SettingsPage)
    assert isinstance(page.section, HatSection)
    page.section.add.click()
    keyboard.type("2026-12-16")
    dialog = shell.page().dialog()
    assert isinstance(dialog, HatDialog)
    assert dialog.day.text() == "2026-12-16"


def test_what_was_found_in_a_file_is_opened_with_its_button_at_hand(
    shell: Shell, settled: Callable[[], None], tmp_path: Path
) -> None:
    sheet = tmp_path / "list.csv"
    sheet.write_text("নাম,দাম\nগুড়,২২০\n", encoding="utf-8")
    shell.presenters.goods_files.look_through(sheet)
    settled()
    shell.go("stock")
    dialog = shell.page().dialog()
    assert isinstance(dialog, FilesDialog)
    assert dialog.take.hasFocus()
