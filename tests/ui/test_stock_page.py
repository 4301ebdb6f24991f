"""The stock with the keyboard alone: what there is, what came in, what was counted, new products, files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import PIL.Image
import pytest

from tests.shopkeeping import problems, sale
from tests.ui.test_walk import faults_at_every_size
from ui.pages.goods_files import FilesDialog
from ui.pages.product import ProductDialog
from ui.pages.stock import StockPage
from ui.pages.stock_dialogs import HistoryDialog, QuantitiesDialog
from ui.widgets.rows import RowsModel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.modeltest import ModelTester

    from pos.domain.times import FixedClock
    from pos.shop import Shop
    from tests.ui.keyboard import Keyboard
    from ui.shell import Shell

    Settled = Callable[[], None]


@pytest.fixture
def page(shell: Shell, settled: Settled, keyboard: Keyboard, clock: FixedClock) -> StockPage:
    """The Stock page, reached by its key, a while after the goods came in."""
    clock.advance(ms=60_000)
    keyboard.press("Ctrl+3")
    settled()
    page = shell.page()
    assert isinstance(page, StockPage)
    return page


def on_hand(shop: Shop, sku: str) -> int:
    return shop.stock.items(sku)[0].on_hand_milli


def toast(shell: Shell) -> str:
    return shell.page().toast_text()


# ---- the list ----------------------------------------------------------------------------------------


def test_the_page_opens_on_what_runs_out_with_its_figures_and_tabs(page: StockPage, shell: Shell) -> None:
    stock = shell.presenters.stock
    assert stock.product() is not None
    assert stock.product().sku == "P004"  # type: ignore[union-attr] # there is none of it
    assert stock.summary is not None
    assert (stock.summary.all, stock.summary.out) == (4, 1)
    assert page.list.hasFocus()
    assert page.bar.sub.text() == "৪টি পণ্য · ৫টি ধরন"


def test_search_shows_what_answers_and_esc_brings_all_back(
    keyboard: Keyboard, page: StockPage, shell: Shell, settled: Settled
) -> None:
    keyboard.press("F2")
    keyboard.bangla("সাবান")
    assert shell.presenters.stock.product().sku == "P003"  # type: ignore[union-attr]
    assert len(shell.presenters.stock.ids) == 1
    keyboard.press("Esc")
    settled()
    assert len(shell.presenters.stock.ids) == 4
    assert page.list.hasFocus()


def test_what_matches_nothing_is_offered_as_a_new_product(keyboard: Keyboard, page: StockPage) -> None:
    keyboard.press("F2")
    keyboard.type("xqzw")
    assert page.nothing.isVisible()
    assert "xqzw" in page.nothing.line.text()
    keyboard.press("Ctrl+N")
    dialog = page.dialog()
    assert isinstance(dialog, ProductDialog)
    assert dialog.labelled["name_bn"].field.text() == "xqzw"  # type: ignore[attr-defined]


def test_a_scanned_barcode_brings_its_product_to_hand(page: StockPage, shell: Shell) -> None:
    shell.presenters.stock.choose_tab("out")
    assert page.scan("8901")
    assert shell.presenters.stock.product().sku == "P001"  # type: ignore[union-attr]
    assert not page.scan("00000000")


def test_tabs_hold_what_they_count(shell: Shell, page: StockPage, settled: Settled) -> None:
    for code, count in (("out", 1), ("low", 0), ("all", 4)):
        page.tabs._go([item[0] for item in page.tabs._items].index(code))
        settled()
        assert len(shell.presenters.stock.ids) == count
    shell.presenters.stock.choose_tab("low")
    settled()
    assert page.nothing.line.text() == "কোনো পণ্য কম নেই"


def test_the_list_is_a_sound_model(page: StockPage, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(page.list.rows)  # type: ignore[no-untyped-call]
    moves = page.pane.moves.rows
    assert isinstance(moves, RowsModel)
    qtmodeltester.check(moves)  # type: ignore[no-untyped-call]


# ---- quantities --------------------------------------------------------------------------------------


def test_a_number_typed_into_the_grid_is_a_count_and_can_be_taken_back(
    keyboard: Keyboard, page: StockPage, shell: Shell, shop: Shop, settled: Settled
) -> None:
    keyboard.press("F2")
    keyboard.type("P002")
    keyboard.press("Enter", "Enter", "Down")  # the list, the grid, the second colour
    keyboard.press("Enter")
    keyboard.type("3")
    keyboard.press("Enter")
    settled()
    assert on_hand(shop, "P002-02") == 3000
    assert "গোনা রাখা হয়েছে" in toast(shell)
    assert shell.presenters.stock.detail.moves[0].kind == "count"  # type: ignore[union-attr]
    assert page.pane.matrix.hasFocus()
    keyboard.press("Ctrl+Z")
    settled()
    assert on_hand(shop, "P002-02") == 5000
    keyboard.press("Ctrl+Y")
    settled()
    assert on_hand(shop, "P002-02") == 3000
    assert problems(shop.paths) == []


def test_a_count_that_does_not_read_stays_in_its_cell_with_the_cure(
    keyboard: Keyboard, page: StockPage, shop: Shop
) -> None:
    keyboard.press("F2")
    keyboard.type("P002")
    keyboard.press("Enter", "Enter", "Enter")
    keyboard.type("-2")
    keyboard.press("Enter")
    matrix = page.pane.matrix
    assert matrix.typing()
    assert "শূন্যের কম" in matrix._fault
    keyboard.press("Esc")
    assert not matrix.typing()
    assert matrix._fault == ""
    assert on_hand(shop, "P002-01") == 5000


def test_goods_of_several_kinds_come_in_by_f9(
    keyboard: Keyboard, page: StockPage, shop: Shop, settled: Settled
) -> None:
    keyboard.press("F2")
    keyboard.type("P002")
    keyboard.press("F9")
    assert isinstance(page.dialog(), QuantitiesDialog)
    keyboard.type("10")
    keyboard.press("Enter")
    keyboard.type("4")
    keyboard.press("Enter")
    keyboard.bangla("তাঁতঘর, নরসিংদী")
    keyboard.press("F9")
    settled()
    assert page.dialog() is None
    assert [on_hand(shop, sku) for sku in ("P002-01", "P002-02")] == [15_000, 9_000]
    assert {move.note for move in shop.shelf.history("P002")[:2]} == {"তাঁতঘর, নরসিংদী"}


def test_what_was_typed_is_there_again_after_the_dialog_was_left(keyboard: Keyboard, page: StockPage) -> None:
    keyboard.press("F9")
    keyboard.type("7")
    keyboard.press("Esc")
    assert page.dialog() is None
    keyboard.press("F9")
    dialog = page.dialog()
    assert isinstance(dialog, QuantitiesDialog)
    assert dialog.kinds[0].field.text() == "7"


def test_a_whole_count_and_damage_are_entered_in_one_dialog(
    keyboard: Keyboard, page: StockPage, shop: Shop, settled: Settled, clock: FixedClock
) -> None:
    keyboard.press("F2")
    keyboard.type("P003")
    keyboard.press("F8")
    dialog = page.dialog()
    assert isinstance(dialog, QuantitiesDialog)
    keyboard.type("18")
    assert "−২" in dialog.kinds[0].comes_to.text()
    keyboard.press("F9")
    settled()
    assert on_hand(shop, "P003") == 18_000
    clock.advance(ms=60_000)
    keyboard.press("F8")
    dialog = page.dialog()
    assert isinstance(dialog, QuantitiesDialog)
    dialog.which.setFocus()
    keyboard.press("Right")
    dialog.kinds[0].field.edit.setFocus()
    keyboard.type("3")
    keyboard.press("F9")
    settled()
    assert on_hand(shop, "P003") == 15_000
    assert shop.shelf.history("P003")[0].kind == "damage"


def test_a_count_shows_what_is_sold_and_still_lies_on_the_shelf(
    keyboard: Keyboard, page: StockPage, shop: Shop, settled: Settled
) -> None:
    shop.orders.take(sale("P003", "4"))
    packed = shop.orders.take(sale("P003", "3"))
    shop.orders.cancel(shop.orders.take(sale("P003", "2")).number, "ভুল হয়েছে")
    shop.steps.pack(packed.number)
    assert shop.shelf.unsent("P003") == {"P003": 7000}
    page.scan("P003")
    keyboard.press("F8")
    settled()
    dialog = page.dialog()
    assert isinstance(dialog, QuantitiesDialog)
    assert "পাঠানো বাকি ৭টি" in dialog.kinds[0].line.text()


def test_nothing_typed_is_said_and_the_dialog_stays(keyboard: Keyboard, page: StockPage) -> None:
    keyboard.press("F9", "F9")
    dialog = page.dialog()
    assert isinstance(dialog, QuantitiesDialog)
    assert dialog.fault.text()


def test_a_sale_shows_in_the_history_with_what_was_left(
    shell: Shell, shop: Shop, page: StockPage, settled: Settled
) -> None:
    order = shop.orders.take(sale("P003", "2"))
    page.arrive()
    settled()
    page.scan("P003")
    move = shell.presenters.stock.detail.moves[0]  # type: ignore[union-attr]
    assert (move.order, move.balance_milli) == (order.number, 18_000)
    page.pane.see_all.click()
    assert isinstance(page.dialog(), HistoryDialog)


# ---- products ----------------------------------------------------------------------------------------


def test_a_product_with_sizes_and_colours_is_made_with_the_keyboard(
    keyboard: Keyboard, page: StockPage, shop: Shop, settled: Settled, shell: Shell
) -> None:
    keyboard.press("Ctrl+N")
    dialog = page.dialog()
    assert isinstance(dialog, ProductDialog)
    keyboard.bangla("সুতি পাঞ্জাবি")
    keyboard.press("Enter", "Enter", "Enter", "Enter")
    keyboard.type("850")
    keyboard.press("Enter")
    keyboard.type("520")
    dialog.kinds.colours.edit.setFocus()
    keyboard.bangla("সাদা, নীল")
    keyboard.press("Enter")
    keyboard.type("38,40")
    keyboard.press("Enter")
    assert len(dialog.kinds.rows) == 4
    keyboard.type("3")
    keyboard.press("F9")
    settled()
    assert page.dialog() is None
    product = shell.presenters.stock.product()
    assert product is not None
    assert product.name_bn == "সুতি পাঞ্জাবি"
    assert (product.price_paisa, product.cost_paisa, product.on_hand_milli) == (85_000, 52_000, 3_000)
    assert [v.sku for v in product.variants] == [f"{product.sku}-0{n}" for n in range(1, 5)]
    assert {(v.colour, v.size) for v in product.variants} == {
        ("সাদা", "38"), ("সাদা", "40"), ("নীল", "38"), ("নীল", "40"),
    }  # fmt: skip
    assert problems(shop.paths) == []


def test_a_field_is_looked_at_when_it_is_left_and_f9_goes_to_the_first_problem(
    keyboard: Keyboard, page: StockPage, settled: Settled, shop: Shop
) -> None:
    keyboard.press("Ctrl+N")
    dialog = page.dialog()
    assert isinstance(dialog, ProductDialog)
    dialog.labelled["sku"].field.setFocus()
    keyboard.type("P001")
    keyboard.press("Tab")
    assert "P001" in dialog.labelled["sku"].fault.text()
    keyboard.press("F9")
    settled()
    assert dialog.isVisible()
    assert dialog.labelled["name_bn"].field.edit.hasFocus()  # type: ignore[attr-defined]
    assert dialog.labelled["price"].fault.isVisible()
    assert len(shop.catalogue.all()) == 4


def test_a_form_that_was_left_is_there_again_and_can_be_begun_afresh(
    keyboard: Keyboard, page: StockPage
) -> None:
    keyboard.press("Ctrl+N")
    keyboard.bangla("নকশি কাঁথা")
    keyboard.press("Esc", "Ctrl+N")
    dialog = page.dialog()
    assert isinstance(dialog, ProductDialog)
    assert dialog.labelled["name_bn"].field.text() == "নকশি কাঁথা"  # type: ignore[attr-defined]
    assert dialog.left_off.isVisible()
    dialog.afresh.click()
    assert dialog.labelled["name_bn"].field.text() == ""  # type: ignore[attr-defined]


def test_a_price_is_changed_by_f4_and_taken_back(
    keyboard: Keyboard, page: StockPage, shop: Shop, settled: Settled
) -> None:
    page.scan("P002")
    keyboard.press("F4")
    dialog = page.dialog()
    assert isinstance(dialog, ProductDialog)
    price = dialog.labelled["price"].field
    price.setFocus()
    price.edit.selectAll()  # type: ignore[attr-defined]
    keyboard.type("4600")
    keyboard.press("F9")
    settled()
    product = shop.catalogue.show("P002")
    assert [v.price_paisa for v in product.variants] == [460_000, 460_000]
    keyboard.press("Ctrl+Z")
    settled()
    product = shop.catalogue.show("P002")
    assert [v.price_paisa for v in product.variants] == [450_050, 460_000]


def test_a_picture_is_kept_and_taken_away(
    page: StockPage, shop: Shop, settled: Settled, tmp_path: Path, keyboard: Keyboard, shell: Shell
) -> None:
    photo = tmp_path / "শাড়ি.png"
    PIL.Image.new("RGB", (900, 600), "red").save(photo)
    page.scan("P003")
    product = shell.presenters.stock.product()
    assert product is not None
    keyboard.press("F4")
    dialog = page.dialog()
    assert isinstance(dialog, ProductDialog)
    dialog._form.choose_picture(photo)
    keyboard.press("F9")
    settled()
    assert shop.pictures.of(product.id) is not None
    keyboard.press("F4")
    dialog = page.dialog()
    assert isinstance(dialog, ProductDialog)
    dialog.remove.click()
    keyboard.press("F9")
    settled()
    assert shop.pictures.of(product.id) is None


def test_a_file_that_is_no_picture_is_said_at_the_picture_and_changes_nothing(
    page: StockPage, shop: Shop, settled: Settled, tmp_path: Path, keyboard: Keyboard
) -> None:
    wrong = tmp_path / "note.png"
    wrong.write_bytes(b"no picture")
    keyboard.press("Ctrl+N")
    keyboard.bangla("মাটির হাঁড়ি")
    dialog = page.dialog()
    assert isinstance(dialog, ProductDialog)
    dialog.labelled["price"].field.setFocus()
    keyboard.type("120")
    dialog._form.choose_picture(wrong)
    keyboard.press("F9")
    settled()
    assert "note.png" in dialog.picture_fault.text()
    assert [p.name_bn for p in shop.catalogue.all()].count("মাটির হাঁড়ি") == 1
    dialog._form.choose_picture(None)
    keyboard.press("F9")
    settled()
    assert [p.name_bn for p in shop.catalogue.all()].count("মাটির হাঁড়ি") == 1


def test_a_product_is_put_away_and_comes_back_by_undo(
    page: StockPage, shop: Shop, settled: Settled, shell: Shell, keyboard: Keyboard
) -> None:
    page.scan("P003")
    page.pane.archive.click()
    settled()
    assert len(shell.presenters.stock.ids) == 3
    assert "তুলে রাখা হয়েছে" in toast(shell)
    shell.presenters.stock.choose_tab("archived")
    settled()
    assert shell.presenters.stock.product().sku == "P003"  # type: ignore[union-attr]
    assert not page.pane.goods_in.isEnabled()
    keyboard.press("Ctrl+Z")
    settled()
    shell.presenters.stock.choose_tab("all")
    assert len(shop.catalogue.all()) == 4


# ---- files -------------------------------------------------------------------------------------------


def test_a_file_is_looked_through_first_and_taken_in_by_f9(
    page: StockPage, shop: Shop, settled: Settled, tmp_path: Path, keyboard: Keyboard, shell: Shell
) -> None:
    sheet = tmp_path / "list.csv"
    sheet.write_text("নাম,দাম,স্টক\nগুড়,২২০,১০\nচিড়া,০,৫\n", encoding="utf-8")
    shell.presenters.goods_files.look_through(sheet)
    page.show_files()
    settled()
    dialog = page.dialog()
    assert isinstance(dialog, FilesDialog)
    assert shell.presenters.goods_files.result is not None
    assert shell.presenters.goods_files.result.products == 1
    assert [error.row for error in shell.presenters.goods_files.problems()] == [3]
    assert len(shop.catalogue.all()) == 4  # nothing is written yet
    keyboard.press("F9")
    settled()
    assert shell.presenters.goods_files.state == "done"
    assert "গুড়" in [p.name_bn for p in shop.catalogue.all()]
    keyboard.press("Esc")
    assert page.dialog() is None


def test_a_file_that_was_looked_through_meanwhile_waits_on_the_page(
    page: StockPage, settled: Settled, tmp_path: Path, keyboard: Keyboard, shell: Shell
) -> None:
    sheet = tmp_path / "list.csv"
    sheet.write_text("নাম,দাম\nগুড়,২২০\n", encoding="utf-8")
    keyboard.press("Ctrl+1")  # at once: the file is looked through in an instant
    shell.presenters.goods_files.look_through(sheet)
    settled()
    assert page.dialog() is None
    keyboard.press("Ctrl+3")
    settled()
    assert isinstance(page.dialog(), FilesDialog)


@pytest.fixture
def long_sheet(tmp_path: Path) -> Path:
    """A file of three thousand products."""
    sheet = tmp_path / "list.csv"
    lines = [f"পণ্য {n},{n + 1}" for n in range(3000)]
    sheet.write_text("\n".join(["নাম,দাম", *lines]), encoding="utf-8")
    return sheet


def test_a_stopped_import_leaves_nothing_behind(
    shell: Shell, page: StockPage, shop: Shop, settled: Settled, long_sheet: Path
) -> None:
    files = shell.presenters.goods_files
    files.look_through(long_sheet)
    settled()
    files.take()
    files.stop()
    settled()
    assert files.state == "stopped"
    assert files.fault
    assert len(shop.catalogue.all()) == 4
    assert problems(shop.paths) == []
    del page


def test_selling_goes_on_while_a_file_is_looked_through(
    shell: Shell, page: StockPage, shop: Shop, settled: Settled, long_sheet: Path
) -> None:
    shell.presenters.goods_files.look_through(long_sheet)
    shell.presenters.sell.scan("8901")
    shell.presenters.sell.set_pay(kind="due")
    shell.presenters.sell.take()
    settled()
    assert shell.presenters.goods_files.state == "ready"
    assert shop.orders.list(limit=1)[0].lines[0].sku == "P001"
    del page


def test_what_is_sent_out_can_be_brought_in_again(
    shell: Shell, page: StockPage, settled: Settled, tmp_path: Path
) -> None:
    for ending in (".xlsx", ".csv"):
        out = tmp_path / f"goods{ending}"
        shell.presenters.goods_files.export(out)
        settled()
        assert out.name in toast(shell)
        shell.presenters.goods_files.look_through(out)
        settled()
        result = shell.presenters.goods_files.result
        assert result is not None
        assert (result.products, result.updated, result.errors) == (4, 4, ())
    shell.presenters.goods_files.save_sample(tmp_path / "sample.csv")
    settled()
    assert (tmp_path / "sample.csv").exists()
    assert (tmp_path / "sample_variants.csv").exists()
    del page


def test_a_file_that_is_no_sheet_is_said_in_the_dialog(
    shell: Shell, page: StockPage, settled: Settled, tmp_path: Path
) -> None:
    wrong = tmp_path / "list.xlsx"
    wrong.write_bytes(b"PK\x03\x04 nothing")
    shell.presenters.goods_files.look_through(wrong)
    page.show_files()
    settled()
    dialog = page.dialog()
    assert isinstance(dialog, FilesDialog)
    assert shell.presenters.goods_files.state == "failed"
    assert dialog.said.text() == shell.presenters.goods_files.fault != ""


# ---- how it looks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["100", "130"])
@pytest.mark.parametrize("lang", ["bn", "en"])
def test_no_word_of_the_page_is_clipped_with_a_product_of_many_kinds(
    shell: Shell, page: StockPage, shop: Shop, settled: Settled, lang: str, text: str
) -> None:
    for key, value in (("lang", lang), ("digits", "bn" if lang == "bn" else "latin"), ("ui.text", text)):
        shop.configuration.put(key, value)
    shell.relook()
    shell.go("stock")
    shell.presenters.stock.choose_sort("sku")
    settled()
    shell.presenters.stock.choose(1)
    settled()
    assert faults_at_every_size(shell) == {}
    del page


def test_the_window_made_anew_keeps_what_was_typed(shell: Shell, keyboard: Keyboard, page: StockPage) -> None:
    keyboard.press("F2")
    keyboard.type("P00")
    shell.relook()
    assert shell.presenters.stock.typed == "P00"
    new = shell.page()
    assert isinstance(new, StockPage)
    assert new is not page
    assert new.search.text() == "P00"
