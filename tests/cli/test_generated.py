"""Files too large, too deep, or of another kind than they say, made here because nobody wants them in a folder."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command


def book(rows: list[list[object]]) -> bytes:
    """A small workbook."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    data = io.BytesIO()
    workbook.save(data)
    return data.getvalue()


GOOD = book([["name", "unit", "price"], ["মধু", "kg", 500]])


def repacked(change: dict[str, bytes]) -> bytes:
    """The good workbook with parts exchanged."""
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change.get(name, old.read(name)))
    return data.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
EMPTY_SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


def bomb() -> bytes:
    """A sheet of 300 MB of zeros, some 300 kB on the disk."""
    return repacked({SHEET: bytes(300 * 1024 * 1024)})


def entity() -> bytes:
    """A sheet that wants to read a file of the computer."""
    return repacked(
        {
            SHEET: b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
            + EMPTY_SHEET % b'<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>'
        }
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.xlsx", b""),
        ("empty.csv", b""),
        ("half.xlsx", GOOD[: len(GOOD) // 2]),
        ("text.xlsx", b"this is no workbook"),
        ("archive.xlsx", zipfile.ZipFile),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("locked.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(600)),
        ("paper.csv", b"%PDF-1.7\n" + bytes(600)),
        ("program.csv", b"MZ\x90\x00" + bytes(600)),
        ("bomb.xlsx", bomb),
        ("entity.xlsx", entity),
        ("broken xml.xlsx", repacked({SHEET: b"<worksheet><sheetData><row>"})),
        ("broken book.xlsx", repacked({"xl/workbook.xml": b"<<<>>>"})),
        ("no rows.xlsx", repacked({SHEET: EMPTY_SHEET % b""})),
        ("odd bytes.csv", b"name,unit,price\n" + bytes(range(128, 256)) * 4 + b",kg,5\n"),
    ],
)
def test_a_file_that_is_no_list_of_products_is_refused(
    shop: Command, tmp_path: Path, name: str, data: object
) -> None:
    if data is zipfile.ZipFile:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("readme.txt", "x")
        content = packed.getvalue()
    else:
        content = data() if callable(data) else data  # type: ignore[assignment]
    file = tmp_path / name
    file.write_bytes(content)
    before = shop.json("doctor")["operations"]
    refused = shop.json("import", file, code=1)
    assert refused.get("error") or refused["errors"]
    assert shop.json("doctor")["operations"] == before


def test_what_a_file_is_called_says_nothing_and_what_it_holds_does(shop: Command, tmp_path: Path) -> None:
    for name, data in {
        "really a workbook.csv": GOOD,
        "really text.xlsx": "name,unit,price\nমধু,kg,500\n".encode(),
        "no ending": GOOD,
        "utf16.csv": "name,unit,price\nমধু,kg,500\n".encode("utf-16"),
        "utf16be.csv": b"\xfe\xff" + "name\tunit\tprice\nমধু\tkg\t500\n".encode("utf-16-be"),
    }.items():
        file = tmp_path / name
        file.write_bytes(data)
        assert shop.json("import", file, "--dry-run")["products"] == 1, name


def test_a_formula_in_a_workbook_is_never_worked_out(shop: Command, tmp_path: Path) -> None:
    file = tmp_path / "formula.xlsx"
    file.write_bytes(book([["name", "unit", "price"], ["মধু", "kg", "=1+1"], ["=1+1", "kg", 5]]))
    answer = shop("import", file, "--json")
    assert answer.code in (0, 1)
    assert "bug" not in answer.value.get("error", "")
    shop.json("import", file, "--partial", "--dry-run")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{",
        b'{"a": 5}',
        b'{"a": "b", "a": "c"}',
        b'{"\\ud800": "price"}',
        b'{"a": "nonsense"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        "{}".encode("utf-16"),
        b"\xff\xff\xff",
    ],
)
def test_a_mapping_that_is_none_is_refused(shop: Command, tmp_path: Path, data: bytes) -> None:
    sheet, mapping = tmp_path / "s.csv", tmp_path / "m.json"
    sheet.write_bytes(b"a,unit,price\nmodhu,kg,5\n")
    mapping.write_bytes(data)
    refused = shop.json("import", sheet, "--mapping", mapping, "--dry-run", code=1)
    assert refused.get("error") or refused["errors"]


def test_a_sheet_of_twenty_thousand_rows_is_taken_whole(shop: Command, tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    with file.open("w", encoding="utf-8") as sheet:
        sheet.write("sku,name,unit,price\n")
        sheet.writelines(f"L{n},পণ্য {n},টি,{n + 1}\n" for n in range(20_000))
    came = shop.json("import", file, "--dry-run")
    assert (came["products"], came["errors"]) == (20_000, [])


def test_an_order_of_a_thousand_lines_is_taken_and_printed(shop: Command, tmp_path: Path) -> None:
    items = [{"sku": "P017", "qty": "0.001"} for _ in range(1000)]
    taken = shop.take({"items": items, "rest": "due"})
    assert len(taken["lines"]) == 1000
    out = tmp_path / "long.pdf"
    shop.json("invoice", taken["number"], "--out", out)
    assert out.read_bytes().startswith(b"%PDF")
    assert shop.sound()


def test_sums_stay_within_what_can_be_kept(shop: Command) -> None:
    line = {"sku": "P017", "qty": "1", "price": "1000000000"}
    assert shop.take({"items": [line], "rest": "due"})["total"] == "1000000000.00"
    assert shop.take({"items": [line, line], "rest": "due"}, code=1)["error"] == "money_too_big"
    assert shop.take({"items": [line], "delivery": "1", "rest": "due"}, code=1)["error"] == "money_too_big"
    cash = [{"method": "cash", "amount": "1000000000"}] * 3
    assert shop.take({"items": [{"sku": "P017", "qty": 1}], "payments": cash}, code=1)["error"] in {
        "money_too_big",
        "overpaid",
    }
    assert (
        shop.take(
            {
                "items": [{"sku": "P017", "qty": 1, "price": "499.99"}],
                "payments": [cash[0] | {"amount": "500"}],
            }
        )["change"]
        == "0.00"
    )
    shop("settings", "set", "money.rounding", "none")
    exact = shop.take(
        {"items": [{"sku": "P017", "qty": 1, "price": "499.99"}], "payments": [cash[0] | {"amount": "500"}]}
    )
    assert (exact["total"], exact["change"], exact["due"]) == ("499.99", "0.01", "0.00")
    assert shop.sound()


def test_a_clock_set_back_or_far_ahead_stops_nothing(shop: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = {"items": [{"sku": "P001", "qty": 1}], "rest": "due"}
    numbers = []
    for now in ("2026-11-24T17:46", "2026-11-23T17:46", "2099-01-01T00:00", "2019-01-01", "2026-11-24T18:00"):
        monkeypatch.setenv("HATKHATA_NOW", now)
        numbers.append(shop.take(plain)["number"])
    assert len(set(numbers)) == 5
    assert numbers[-1] == "A-26-000003"
    assert shop.sound()


def test_files_left_by_a_crash_stop_nothing(shop: Command) -> None:
    for name in ("write.lock", "journal.lock"):
        (shop.home / name).write_text("99999", encoding="utf-8")
    (shop.home / ".founding-x").mkdir()
    (shop.home / ".restoring-x").mkdir()
    (shop.home / "shop.db-journal-old").write_bytes(b"x")
    assert shop.take({"items": [{"sku": "P001", "qty": 1}], "rest": "due"})["number"] == "A-26-000001"
    assert shop.sound()


def test_file_names_made_from_hostile_text_are_safe(shop: Command) -> None:
    shop.json("settings", "set", "shop.name", "../CON: <x>|?*.")
    taken = shop.take({"items": [{"sku": "P001", "qty": 1}], "rest": "due", "customer": {"name": "../../x"}})
    files = [
        shop.json("invoice", taken["number"])["file"],
        shop.json("receipt", taken["number"])["file"],
        shop.json("backup")["file"],
    ]
    for file in files:
        assert file.startswith(str(shop.home))
        assert file.rpartition("/")[2].isascii()
        assert not set(file.rpartition("/")[2]) & set('<>:"|?*\\ ')


def test_an_order_may_nest_no_deeper_than_its_form(shop: Command) -> None:
    deep: object = "x"
    for _ in range(500):
        deep = {"x": deep}
    order = json.dumps({"items": [{"sku": "P017", "qty": 1}], "rest": "due", "note": deep}).encode()
    assert shop.refuses("order", "take", "-", stdin=order) == "order_file_unclear"
