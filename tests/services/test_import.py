"""Catalogue files taken into a shop: all or nothing, again and again, with opening stock once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from pos.errors import UserError
from pos.services import catalogue_files
from pos.services.catalogue import NewProduct
from pos.shop import import_catalogue
from pos.store import search
from tests.shopkeeping import dump, problems, sale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pos.shop import Imported, Shop

HEAD = "sku,name_bn,unit,price,stock,barcode\n"


@pytest.fixture(autouse=True)
def sound(shop: Shop) -> Iterator[None]:
    """Whatever a test does, the shop must verify afterwards, and no code may be there twice."""
    yield
    shop.close()
    assert problems(shop.paths) == []
    skus = [row[2] for row in dump(shop.paths.database)["variant"]]
    assert len(skus) == len(set(skus))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "goods.csv"


def take(shop: Shop, file: Path, rows: str, *, partial: bool = False, dry_run: bool = False) -> Imported:
    file.write_text(HEAD + rows, encoding="utf-8")
    return import_catalogue(shop, file, partial=partial, dry_run=dry_run)


def codes(imported: Imported) -> list[tuple[int, str]]:
    return [(error.row, error.code) for error in imported.errors]


def test_a_second_import_updates_and_opening_stock_counts_once(shop: Shop, file: Path) -> None:
    first = take(shop, file, "N1,খেজুর গুড়,kg,300,10,\nN2,ঘি,kg,1200,5,\n")
    assert (first.products, first.skus, first.updated, first.written) == (2, 2, 0, True)
    second = take(shop, file, "N1,খেজুরের গুড়,kg,350,10,555\nN2,ঘি,kg,1200,5,\n")
    assert (second.products, second.updated, second.written) == (2, 2, True)
    product = shop.catalogue.show("555")
    assert (product.sku, product.name_bn, product.price_paisa) == ("N1", "খেজুরের গুড়", 35_000)
    assert product.on_hand_milli == 10_000


def test_importing_the_same_file_again_writes_nothing(shop: Shop, file: Path) -> None:
    take(shop, file, "N1,খেজুর গুড়,kg,300,10,\n")
    before = dump(shop.paths.database)
    take(shop, file, "N1,খেজুর গুড়,kg,300,10,\n")
    assert dump(shop.paths.database) == before


def test_a_row_without_a_code_is_met_by_its_exact_name(shop: Shop, file: Path) -> None:
    take(shop, file, ",সাবান,piece,50,7,\n,নতুন জিনিস,piece,10,1,\n")
    assert shop.catalogue.show("P003").price_paisa == 5_000
    assert shop.stock.items("P003")[0].on_hand_milli == 20_000
    assert shop.catalogue.show("P005").name_bn == "নতুন জিনিস"
    take(shop, file, ",নতুন জিনিস,piece,12,1,\n")
    assert shop.catalogue.show("P005").price_paisa == 1_200
    assert len(shop.catalogue.all()) == 5


def test_a_code_made_for_a_row_is_none_that_another_row_of_the_file_has(shop: Shop, file: Path) -> None:
    done = take(shop, file, ",প্রথম,piece,10,1,\nP005,দ্বিতীয়,piece,20,1,\n,তৃতীয়,piece,30,1,\n")
    assert done.errors == ()
    assert {p.sku: p.name_bn for p in shop.catalogue.all() if p.sku > "P004"} == {
        "P005": "দ্বিতীয়", "P006": "প্রথম", "P007": "তৃতীয়",
    }  # fmt: skip


def test_a_row_met_by_name_and_another_by_the_same_code_are_not_both_taken(shop: Shop, file: Path) -> None:
    done = take(shop, file, ",সাবান,piece,50,,\nP003,অন্য সাবান,piece,60,,\n")
    assert codes(done) == [(3, "sku_taken")]
    assert not done.written
    assert shop.catalogue.show("P003").price_paisa == 4_550


def test_one_bad_row_stops_the_whole_file_unless_a_part_is_wanted(shop: Shop, file: Path) -> None:
    before = dump(shop.paths.database)
    rows = "N1,খেজুর গুড়,kg,300,10,\nN2,ঘি,kg,অনেক,5,\nN3,দই,kg,200,1,8901\n"
    stopped = take(shop, file, rows)
    assert not stopped.written
    assert [row for row, _ in codes(stopped)] == [3, 4]
    assert dump(shop.paths.database) == before
    part = take(shop, file, rows, partial=True)
    assert part.written
    assert [row for row, _ in codes(part)] == [3, 4]
    assert shop.stock.items("N1")[0].on_hand_milli == 10_000
    assert [p.sku for p in shop.catalogue.all()] == ["N1", "P001", "P002", "P003", "P004"]


def test_a_dry_run_tells_the_same_and_writes_nothing(shop: Shop, file: Path) -> None:
    before = dump(shop.paths.database)
    told = take(shop, file, "N1,খেজুর গুড়,kg,300,10,\nP003,সাবান,piece,50,,\n", dry_run=True)
    assert (told.products, told.updated, told.written) == (2, 1, False)
    assert dump(shop.paths.database) == before


def test_a_shop_with_orders_is_backed_up_first_and_one_without_is_not(shop: Shop, file: Path) -> None:
    assert take(shop, file, "N1,খেজুর গুড়,kg,300,10,\n").safety is None
    shop.orders.take(sale())
    assert take(shop, file, "N2,ঘি,kg,1200,5,\n", dry_run=True).safety is None
    safety = take(shop, file, "N2,ঘি,kg,1200,5,\n").safety
    assert safety is not None
    assert "before-import" in safety.name
    assert safety.parent == shop.paths.backups


def test_variants_come_in_and_are_updated_by_their_own_codes(shop: Shop, file: Path, tmp_path: Path) -> None:
    variants = tmp_path / "variants.csv"
    file.write_text(HEAD + "J1,জামা,piece,500,,\n", encoding="utf-8")
    variants.write_text("product_sku,variant_sku,size,stock\nJ1,J1-M,M,3\nJ1,J1-L,L,4\n", encoding="utf-8")
    done = import_catalogue(shop, file, variants=variants)
    assert (done.products, done.variants, done.skus, done.errors) == (1, 2, 2, ())
    variants.write_text("product_sku,variant_sku,size,stock\nJ1,J1-M,মাঝারি,3\nJ1,J1-S,S,5\n", encoding="utf-8")
    import_catalogue(shop, file, variants=variants)
    assert {v.sku: (v.size, v.on_hand_milli) for v in shop.catalogue.show("J1").variants} == {
        "J1-M": ("মাঝারি", 3_000), "J1-L": ("L", 4_000), "J1-S": ("S", 5_000),
    }  # fmt: skip


# ---- beside a counter that goes on ---------------------------------------------------------------------

MANY = "".join(f"M{n:03d},সরিষার তেল {n},piece,{n + 10},5,\n" for n in range(30))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of ten, so that thirty products are many."""
    monkeypatch.setattr(catalogue_files, "_CHUNK", 10)


def beside(work: Callable[[], object]) -> None:
    """What somebody else does meanwhile; it must not have to wait."""
    thread = threading.Thread(target=work)
    thread.start()
    thread.join(timeout=10)
    assert not thread.is_alive(), "it had to wait for the import"


def test_selling_goes_on_while_rows_are_made_ready(shop: Shop, file: Path, small: None) -> None:
    told: list[tuple[int, int | None]] = []

    def sell(done: int, total: int | None) -> None:
        told.append((done, total))
        if (done, total) == (5, 30):  # the first ten are ready, and none is written
            beside(lambda: shop.orders.take(sale()))

    file.write_text(HEAD + MANY, encoding="utf-8")
    assert import_catalogue(shop, file, progress=sell).written
    assert [step for step in told if step[1] == 30] == [(n, 30) for n in (30, 5, 10, 15, 20, 25, 30)]
    assert len(shop.orders.list()) == 1
    assert len(shop.catalogue.all()) == 34


def test_a_dry_run_lets_others_write(shop: Shop, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look_up = catalogue_files._Import._look_up

    def and_sell(work: catalogue_files._Import, products: list[catalogue_files.SheetProduct]) -> None:
        beside(lambda: shop.orders.take(sale()))
        look_up(work, products)

    monkeypatch.setattr(catalogue_files._Import, "_look_up", and_sell)
    assert take(shop, file, MANY, dry_run=True).products == 30


@pytest.mark.parametrize("ahead", [0, 10, 20, 500])
def test_what_is_not_made_ready_beforehand_is_made_when_it_is_written(
    shop: Shop, file: Path, small: None, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    monkeypatch.setattr(catalogue_files, "_AHEAD", ahead)
    told: list[int] = []
    file.write_text(HEAD + MANY + "P003,নতুন সাবান,piece,50,,\n", encoding="utf-8")
    done = import_catalogue(
        shop, file, progress=lambda done, total: told.append(done) if total == 31 else None
    )
    assert (done.products, done.updated, done.written) == (31, 1, True)
    read, *taken = told
    assert (read, taken[-1]) == (31, 31)
    assert taken == sorted(taken)
    assert shop.catalogue.find("সরিষার তেল 7")[0].product.sku == "M007"
    assert shop.catalogue.show("P003").name_bn == "নতুন সাবান"


def meanwhile(shop: Shop, file: Path, rows: str, act: Callable[[], object]) -> Imported:
    """An import in the middle of which somebody changes the catalogue."""
    acted: list[bool] = []

    def once(done: int, total: int | None) -> None:
        if not acted and total == rows.count("\n") and done == total // 2:
            acted.append(True)
            beside(act)

    file.write_text(HEAD + rows, encoding="utf-8")
    done = import_catalogue(shop, file, progress=once)
    assert acted
    return done


def test_a_product_that_somebody_adds_meanwhile_is_updated_and_not_added_twice(
    shop: Shop, file: Path
) -> None:
    done = meanwhile(
        shop, file, "N1,খেজুর গুড়,kg,300,10,\nN2,ঘি,kg,1200,5,\n",
        lambda: shop.catalogue.add(NewProduct("গুড়", 25_000, "kg", sku="N1", stock_milli=3_000)),
    )  # fmt: skip
    assert (done.updated, done.written) == (1, True)
    product = shop.catalogue.show("N1")
    assert (product.name_bn, product.price_paisa, product.on_hand_milli) == ("খেজুর গুড়", 30_000, 3_000)


def test_a_code_that_somebody_takes_meanwhile_stops_the_whole_file(shop: Shop, file: Path) -> None:
    done = meanwhile(
        shop, file, "N1,খেজুর গুড়,kg,300,10,555\nN2,ঘি,kg,1200,5,\n",
        lambda: shop.catalogue.add(NewProduct("দই", 25_000, "kg", sku="Z1", barcode="555")),
    )  # fmt: skip
    assert (codes(done), done.written) == ([(2, "barcode_taken")], False)
    assert [p.sku for p in shop.catalogue.all()] == ["P001", "P002", "P003", "P004", "Z1"]


@pytest.mark.parametrize("at", [5, 15, 25])
def test_an_import_that_is_stopped_leaves_nothing(shop: Shop, file: Path, small: None, at: int) -> None:
    def stop(done: int, total: int | None) -> None:
        if total == 30 and done >= at:
            raise UserError("import_stopped")

    before = dump(shop.paths.database)
    file.write_text(HEAD + MANY, encoding="utf-8")
    with pytest.raises(UserError):
        import_catalogue(shop, file, progress=stop)
    assert dump(shop.paths.database) == before
    assert shop.orders.take(sale()).number


def test_what_the_search_index_is_given_beforehand_is_what_it_would_find_itself(
    shop: Shop, file: Path, tmp_path: Path
) -> None:
    variants = tmp_path / "variants.csv"
    file.write_text(
        "sku,name_bn,name_en,category,unit,price,barcode\n"
        "S1,সুতি থ্রি-পিস ১২,Cotton Three-Piece,পোশাক,piece,900,৮৯০১২\n"
        "S2,টি-শার্ট,T-Shirt,পোশাক,piece,300,\nS3,শাড়ি সুতি,,,piece,700,\n",
        encoding="utf-8",
    )
    variants.write_text(
        "product_sku,variant_sku,size,colour,barcode\nS1,S1-L,বড়,লাল,777\nS1,S1-M,,নীল,\n", encoding="utf-8"
    )
    assert import_catalogue(shop, file, variants=variants).written
    given = index_of(shop)
    with shop.store.write() as unit:
        search.rebuild(unit.connection)
    assert index_of(shop) == given


def index_of(shop: Shop) -> dict[str, list[tuple[object, ...]]]:
    """The search index without its own numbers."""
    asked = {
        "doc": "SELECT product_id, name_bn, name_en, more FROM search_doc",
        "code": "SELECT code, sku, product_id FROM search_code JOIN search_doc USING (doc)",
        "word": "SELECT * FROM search_word",
        "near": "SELECT * FROM search_near",
    }
    with shop.store.read() as connection:
        return {
            name: sorted(tuple(row) for row in connection.exec_driver_sql(sql)) for name, sql in asked.items()
        }
