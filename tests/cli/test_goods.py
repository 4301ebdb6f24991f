"""`import`, `export`, `find`, `product` and `stock`."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command


def names(found: Any) -> list[str]:
    return [item["name_bn"] for item in found["results"]]


def test_the_demo_catalogue_comes_in_whole(command: Command, demo_files: tuple[Path, Path]) -> None:
    command.json("init", "--vendor", "রূপকথা ঘর", "--phone", "01733456789")
    products, variants = demo_files
    looked = command.json("import", products, "--variants", variants, "--dry-run")
    assert (looked["products"], looked["dry_run"], looked["written"]) == (120, True, False)
    assert command.json("stock") == {"items": []}
    came = command.json("import", products, "--variants", variants)
    assert came == {
        "products": 120,
        "variants": 187,
        "skus": 273,
        "updated": 0,
        "errors": [],
        "warnings": [],
        "ignored_columns": [],
        "dry_run": False,
        "written": True,
    }
    before = command.json("stock")
    again = command.json("import", products, "--variants", variants)
    assert (again["products"], again["updated"], again["errors"]) == (120, 120, [])
    assert command.json("stock") == before, "opening stock counts once"
    assert command.sound()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("modhu", "সুন্দরবনের মধু"),
        ("মধু", "সুন্দরবনের মধু"),
        ("shari", "জামদানি শাড়ি"),
        ("ঘি", "খাঁটি গাওয়া ঘি"),
        ("khejur gur", "খেজুরের পাটালি গুড়"),
        ("2100000010004", "চিনিগুড়া চাল"),
        ("২১০০০০০০১০০০৪", "চিনিগুড়া চাল"),
        ("P001", "চিনিগুড়া চাল"),
        ("p০০১", "চিনিগুড়া চাল"),
    ],
)
def test_a_product_is_found_by_name_in_both_scripts_by_code_and_by_barcode(
    shop: Command, query: str, expected: str
) -> None:
    found = shop.json("find", query, "--limit", "৫")
    assert 0 < len(found["results"]) <= 5
    assert unicodedata.normalize("NFC", expected) in names(found)
    assert set(found["results"][0]) == {
        "sku",
        "name_bn",
        "name_en",
        "unit",
        "price",
        "free",
        "matched",
        "variants",
    }


def test_a_result_carries_its_price_and_what_is_free_of_every_variant(shop: Command) -> None:
    sari = shop.json("find", "P068")["results"][0]
    assert (sari["sku"], sari["unit"], sari["price"], sari["free"]) == ("P068", "pcs", "6500.00", "10")
    assert sari["variants"][0] == {"sku": "P068-01", "size": "", "colour": "সাদা", "free": "3"}
    assert len(sari["variants"]) == 4


def test_nothing_found_is_an_answer_and_no_error(shop: Command) -> None:
    assert shop.json("find", "zzzzqqq") == {"results": []}
    assert shop("find", "zzzzqqq").lines == ["কিছু মেলেনি"]


def test_people_read_results_in_their_language_and_digits(shop: Command) -> None:
    bangla = shop("find", "P017").lines[0]
    assert bangla == "P017  সুন্দরবনের মধু  ৳১,০০০  বিক্রির জন্য ২৫ কেজি"
    shop("settings", "set", "lang", "en")
    shop("settings", "set", "digits", "latin")
    assert shop("find", "P017").lines[0] == "P017  Sundarban Honey  ৳1,000  available 25 kg"


def test_a_product_is_added_shown_and_edited(shop: Command) -> None:
    added = shop.json(
        *("product", "add", "--name-bn", "লাল চিনি", "--name-en", "Red sugar", "--category", "food"),
        *("--unit", "কেজি", "--price", "১৮০/-", "--cost", "১৫০", "--barcode", "৮৯০১২৩"),
        *("--stock", "১২.৫", "--minimum", "২"),
    )
    assert added == {
        "sku": "P121",
        "name_bn": "লাল চিনি",
        "name_en": "Red sugar",
        "category": "food",
        "unit": "kg",
        "price": "180.00",
        "cost": "150.00",
        "barcode": "890123",
        "on_hand": "12.5",
        "reserved": "0",
        "free": "12.5",
        "minimum": "2",
        "variants": [],
    }
    assert shop.json("product", "show", "৮৯০১২৩") == added
    edited = shop.json("product", "edit", "p121", "--price", "২০০", "--name-en", "", "--barcode", "")
    assert edited == added | {"price": "200.00", "name_en": "", "barcode": None}
    assert shop.sound()


def test_an_edit_takes_fields_away_and_says_how_a_product_is_sold(shop: Command) -> None:
    before = shop.json("product", "edit", "P017", "--cost", "120", "--minimum", "৫")
    assert (before["cost"], before["minimum"]) == ("120.00", "5")
    after = shop.json("product", "edit", "P017", "--no-cost", "--no-minimum", "--fractions")
    assert after == before | {"cost": None, "minimum": None}
    assert shop.json("product", "edit", "P017", "--minimum", "0.5")["minimum"] == "0.5"
    assert shop.refuses("product", "edit", "P017", "--whole", "--minimum", "0.5") == "quantity_whole"
    assert shop("product", "edit", "P017", "--cost", "5", "--no-cost").code == 2
    assert shop("product", "edit", "P017", "--minimum", "5", "--no-minimum").code == 2
    assert shop.sound()


def test_a_product_needs_no_more_than_a_name_a_unit_and_a_price(shop: Command) -> None:
    added = shop.json("product", "add", "--name-bn", "কুলা", "--unit", "pcs", "--price", "80")
    assert (added["cost"], added["barcode"], added["minimum"], added["on_hand"]) == (None, None, None, "0")


@pytest.mark.parametrize("zero", ["0", "০", "0.0", "০.০০", " ০ ", ""])
def test_no_stock_may_be_written_as_any_zero(shop: Command, zero: str) -> None:
    added = shop.json(
        *("product", "add", "--name-bn", "কুলা", "--unit", "pcs", "--price", "80"),
        *("--stock", zero, "--minimum", zero),
    )
    assert (added["on_hand"], added["minimum"]) == ("0", "0")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("--name-bn", "x", "--unit", "gaz", "--price", "5"), "unit_unknown"),
        (("--name-bn", "x", "--unit", "pcs", "--price", "0"), "product_price_missing"),
        (("--name-bn", "x", "--unit", "pcs", "--price", "-5"), "money_unclear"),
        (("--name-bn", "x", "--unit", "pcs", "--price", "5", "--stock", "1.5"), "quantity_whole"),
        (("--name-bn", "x", "--unit", "pcs", "--price", "5", "--stock", "-1"), "quantity_not_positive"),
        (("--name-bn", "x", "--unit", "pcs", "--price", "5", "--sku", "P001"), "sku_taken"),
        (("--name-bn", "x", "--unit", "pcs", "--price", "5", "--sku", "P068-01"), "sku_taken"),
        (("--name-bn", "x", "--unit", "pcs", "--price", "5", "--sku", "a b"), "sku_unclear"),
        (("--name-bn", "x", "--unit", "pcs", "--price", "5", "--barcode", "2100000010004"), "barcode_taken"),
        (("--name-bn", "x", "--unit", "pcs", "--price", "5", "--barcode", "মধু"), "barcode_unclear"),
    ],
)
def test_a_product_that_cannot_be_is_refused_and_nothing_is_kept(
    shop: Command, words: tuple[str, ...], error: str
) -> None:
    assert shop.refuses("product", "add", *words) == error
    assert len(shop.json("stock")["items"]) == 273


def test_a_variant_is_not_edited_as_if_it_were_the_whole_product(shop: Command) -> None:
    before = shop.json("product", "show", "P068")
    assert shop.refuses("product", "edit", "p068-01", "--price", "7000") == "edit_variant"
    assert shop.json("product", "show", "P068") == before


def test_a_product_with_variants_shows_them(shop: Command) -> None:
    shown = shop.json("product", "show", "P068")
    assert set(shown["variants"][0]) == {
        *("sku", "size", "colour", "barcode", "price", "on_hand", "reserved", "free"),
    }
    text = shop("product", "show", "P068").out
    assert "জামদানি শাড়ি / Jamdani Saree" in text
    assert "দাম ৳৬,৫০০ / টি" in text
    assert "P068-04  মেরুন" in text


def test_stock_lists_every_sold_sku_and_a_parent_lists_its_variants(shop: Command) -> None:
    items = shop.json("stock")["items"]
    assert len(items) == 273
    assert items[0] == {
        "sku": "P001",
        "product_sku": "P001",
        "name_bn": "চিনিগুড়া চাল".replace("\u09dc", "\u09a1\u09bc"),
        "size": "",
        "colour": "",
        "unit": "kg",
        "on_hand": "80",
        "reserved": "0",
        "free": "80",
        "minimum": items[0]["minimum"],
    }
    sari = shop.json("stock", "p068")["items"]
    assert [item["sku"] for item in sari] == ["P068-01", "P068-02", "P068-03", "P068-04"]
    assert [item["sku"] for item in shop.json("stock", "P068-02")["items"]] == ["P068-02"]
    assert shop.refuses("stock", "P999") == "sku_unknown"


def test_stock_moves_in_and_out(shop: Command) -> None:
    moved = shop.json("stock", "move", "P017", "২.৫", "--kind", "purchase", "--note", "মহাজন")
    assert (moved["on_hand"], moved["free"]) == ("27.5", "27.5")
    movement = moved.pop("movement")
    assert set(movement) == {"id", "kind", "qty", "note", "at"}
    assert movement["qty"] == "2.5"
    assert movement["at"] == "2026-11-24T17:46:00+06:00"
    assert shop.json("stock", "P017")["items"] == [moved]
    assert shop.json("stock", "move", "P017", "1", "--kind", "damage")["on_hand"] == "26.5"
    assert shop.json("stock", "move", "P017", "1", "--kind", "return")["on_hand"] == "27.5"
    assert shop.json("stock", "move", "P017", "-২", "--kind", "adjustment")["on_hand"] == "25.5"
    assert shop.json("stock", "move", "P017", "−0.5", "--kind", "adjustment")["movement"]["qty"] == "-0.5"
    assert shop.sound()


@pytest.mark.parametrize(
    ("words", "error", "code"),
    [
        (("P017", "-2", "--kind", "purchase"), "quantity_not_positive", 1),
        (("P017", "0", "--kind", "purchase"), "quantity_not_positive", 1),
        (("P017", "0", "--kind", "adjustment"), "quantity_zero", 1),
        (("P068", "1", "--kind", "purchase"), "variant_required", 1),
        (("P068-01", "1.5", "--kind", "purchase"), "quantity_whole", 1),
        (("P999", "1", "--kind", "purchase"), "sku_unknown", 1),
        (("P017", "1", "--kind", "gift"), "usage", 2),
        (("P017", "1"), "usage", 2),
        (("P017",), "usage", 2),
        (("P017", "1e400", "--kind", "adjustment"), "quantity_unclear", 1),
    ],
)
def test_a_movement_that_cannot_be_is_refused(
    shop: Command, words: tuple[str, ...], error: str, code: int
) -> None:
    before = shop.json("stock")
    assert shop.refuses("stock", "move", *words, code=code) == error
    assert shop.json("stock") == before


def test_what_runs_low_or_out_is_marked(shop: Command) -> None:
    shop("stock", "move", "P068-03", "2", "--kind", "damage")
    assert shop("stock", "P068-03").lines[0].endswith("(শেষ)")
    shop("product", "edit", "P017", "--minimum", "30")
    assert shop("stock", "P017").lines[0].endswith("(কম আছে)")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_taken_into_another_shop_is_the_same_catalogue(
    shop: Command, tmp_path: Path, ending: str
) -> None:
    file = tmp_path / f"পণ্য তালিকা.{ending}"
    made = shop.json("export", file)
    assert (made["file"], made["products"], made["skus"]) == (str(file), 120, 273)
    stock, sari = shop.json("stock"), shop.json("product", "show", "P068")
    shop.home = tmp_path / "other"
    shop.json("init", "--vendor", "other", "--phone", "01833456789", "--prefix", "B")
    sheets = ["--variants", made["variants_file"]] if ending == "csv" else []
    came = shop.json("import", file, *sheets)
    assert (came["products"], came["variants"], came["skus"], came["errors"]) == (120, 187, 273, [])
    assert shop.json("stock") == stock
    assert shop.json("product", "show", "P068") == sari
    second = tmp_path / f"again.{ending}"
    shop.json("export", second)
    if ending == "csv":
        assert second.read_bytes() == file.read_bytes()
    assert shop.sound()


def test_an_import_is_all_or_nothing_unless_partial(shop: Command, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_text("নাম,একক,দাম\nকুলা,টি,৮০\nডালা,টি,ষাট\nঝুড়ি,টি,১২০\n", encoding="utf-8")
    answer = shop("import", file, "--json")
    assert answer.code == 1
    assert [(e["row"], e["field"], e["code"]) for e in answer.value["errors"]] == [
        (3, "price", "money_unclear")
    ]
    assert set(answer.value["errors"][0]) == {"row", "field", "code", "message", "sheet"}
    assert not answer.value["written"]
    assert "কুলা" not in names(shop.json("find", "কুলা"))
    spoken = shop("import", file)
    assert spoken.code == 1
    assert "--partial" in spoken.out
    assert "সারি ৩" in spoken.out
    partly = shop("import", file, "--partial", "--json")
    assert partly.code == 0
    assert partly.value["products"] == 2
    assert len(partly.value["errors"]) == 1
    assert shop.json("find", "কুলা")["results"][0]["name_bn"] == "কুলা"
    assert shop.sound()


def test_a_mapping_says_which_column_is_what(shop: Command, tmp_path: Path) -> None:
    file, mapping = tmp_path / "odd.csv", tmp_path / "mapping.json"
    file.write_text("A,B,C\nকুলা,টি,৮০\n", encoding="utf-8")
    assert shop("import", file, "--json").code == 1
    mapping.write_text('{"A": "name_bn", "B": "unit", "C": "price"}', encoding="utf-8")
    assert shop.json("import", file, "--mapping", mapping)["products"] == 1
    mapping.write_text('{"A": "name_bn", "B": "colour of the moon"}', encoding="utf-8")
    assert shop("import", file, "--mapping", mapping, "--json").code == 1


def test_an_import_into_a_shop_that_has_sold_is_preceded_by_a_backup(
    shop: Command, demo_files: tuple[Path, Path]
) -> None:
    shop.take({"items": [{"sku": "P001", "qty": 1}], "rest": "due"})
    spoken = shop("import", demo_files[0], "--variants", demo_files[1])
    assert "আগে ব্যাকআপ রাখা হয়েছে" in spoken.out
    assert list((shop.home / "backups").iterdir())


@pytest.mark.parametrize("name", ["x.txt", "x", ".csv", "x.csv.exe"])
def test_an_export_of_an_unknown_kind_is_refused(shop: Command, tmp_path: Path, name: str) -> None:
    assert shop.refuses("export", tmp_path / name) == "export_kind"
    assert not (tmp_path / name).exists()


def test_an_export_that_cannot_be_written_leaves_what_was_there(shop: Command, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder", encoding="utf-8")
    assert shop.refuses("export", in_the_way / "x.csv", code=3) == "file_not_written"
    assert in_the_way.read_text(encoding="utf-8") == "not a folder"


def test_a_row_that_is_refused_alone_is_not_said_to_have_come_in(shop: Command, tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text("name,unit,price\nmodhu,kg,500,extra\n", encoding="utf-8")
    answer = shop("import", file, "--json")
    assert (answer.code, answer.value["written"], answer.value["products"]) == (1, False, 0)
    assert shop("import", file).lines[0].startswith("কিছু আনা হয়নি")


def test_a_sheet_of_headings_only_is_told(shop: Command, tmp_path: Path) -> None:
    file = tmp_path / "none.csv"
    file.write_text("name,unit,price\n", encoding="utf-8")
    assert shop.refuses("import", file) == "nothing_to_import"


def test_a_dry_run_of_the_good_rows_counts_them(shop: Command, tmp_path: Path) -> None:
    file = tmp_path / "some.csv"
    file.write_text("name,unit,price\na,kg,500\nb,kg,x\n", encoding="utf-8")
    spoken = shop("import", file, "--dry-run", "--partial")
    assert spoken.code == 0
    assert spoken.lines[0].startswith("দেখা হয়েছে, কিছু লেখা হয়নি: ১টি পণ্য".replace("\u09df", "\u09af\u09bc"))
