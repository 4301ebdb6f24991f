"""A CSV is read as the vendor sees it in Excel, or refused with the reason; it is never read wrong."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.errors import UserError
from pos.sheets.reading import read_sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pos.sheets.sheet import Sheet

    WriteFile = Callable[[str, str | bytes], Path]

BANGLA = "নাম,দাম\nচাল,৬০\nডাল,১০০\n"


def cells(sheet: Sheet) -> list[tuple[str, ...]]:
    return [row.cells for row in sheet.rows()]


def refused(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        list(read_sheet(path).rows())
    return caught.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_bangla_comes_through_in_every_encoding_excel_writes(write_file: WriteFile, encoding: str) -> None:
    sheet = read_sheet(write_file("a.csv", BANGLA.encode(encoding)))
    assert cells(sheet) == [("নাম", "দাম"), ("চাল", "৬০"), ("ডাল", "১০০")]


def test_utf16_with_its_mark_in_the_other_order_is_read_too(write_file: WriteFile) -> None:
    data = b"\xfe\xff" + BANGLA.encode("utf-16-be")
    assert cells(read_sheet(write_file("a.csv", data)))[1] == ("চাল", "৬০")


def test_english_from_an_old_windows_program_is_read(write_file: WriteFile) -> None:
    data = "name,price\nSalt – “fine”,60\nCrème brûlée,250\nCafé au lait,90\n".encode("cp1252")
    assert cells(read_sheet(write_file("a.csv", data)))[2] == ("Crème brûlée", "250")


def test_bijoy_bytes_are_read_as_the_letters_the_font_was_made_for(write_file: WriteFile) -> None:
    data = "bvg,`vg\nPvj,60\nKvUvwi‡fvM Pvj,120\nmwilvi †Zj,290\n".encode("cp1252")
    assert cells(read_sheet(write_file("a.csv", data)))[3] == ("mwilvi †Zj", "290")


@pytest.mark.parametrize(
    "data",
    [
        "название,цена\nрис,60\nсахар,70\nмука,80\n".encode("cp1251"),
        "اسم,سعر\nرز,60\nسكر,70\n".encode("cp1256"),
        BANGLA.encode()[:-3] + b"\xa6\n",
        BANGLA.encode().replace("চাল".encode(), "চাল".encode()[:-1]),
        b"name,price\n\x81\x8d,60\n",
    ],
)
def test_letters_that_cannot_be_told_for_certain_are_refused(write_file: WriteFile, data: bytes) -> None:
    assert refused(write_file("a.csv", data)) == "encoding_unclear"


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_sign_between_the_cells_is_found_out(write_file: WriteFile, sign: str) -> None:
    text = f"কোড{sign}নাম{sign}দাম\nA1{sign}চাল, সরু; লাল{sign}1250\n".replace("চাল, সরু; লাল", '"চাল, সরু; লাল"')
    sheet = read_sheet(write_file("a.csv", text))
    assert sheet.delimiter == sign
    assert cells(sheet)[1] == ("A1", "চাল, সরু; লাল", "1250")


def test_a_comma_inside_numbers_does_not_win_over_the_semicolon(write_file: WriteFile) -> None:
    sheet = read_sheet(write_file("a.csv", "name;price;stock\nchal;1,250;2,5\ndal;1,100;1,5\n"))
    assert cells(sheet)[1] == ("chal", "1,250", "2,5")


def test_the_sep_line_of_excel_decides_and_is_no_row(write_file: WriteFile) -> None:
    sheet = read_sheet(write_file("a.csv", "sep=|\r\nname|price\r\nchal, fine|60\r\n"))
    rows = list(sheet.rows())
    assert [row.cells for row in rows] == [("name", "price"), ("chal, fine", "60")]
    assert rows[0].number == 1


def test_row_numbers_are_those_that_excel_shows(write_file: WriteFile) -> None:
    text = 'name,price\n\n"two\nlines",60\n,,\n   ,\nchal,70\n'
    assert [row.number for row in read_sheet(write_file("a.csv", text)).rows()] == [1, 3, 6]


def test_lone_carriage_returns_end_lines(write_file: WriteFile) -> None:
    assert cells(read_sheet(write_file("a.csv", "name,price\rchal,60\r"))) == [
        ("name", "price"),
        ("chal", "60"),
    ]


def test_a_nul_byte_among_the_letters_breaks_nothing(write_file: WriteFile) -> None:
    rows = cells(read_sheet(write_file("a.csv", b"name,price\ncha\x00l,60\n")))
    assert len(rows) == 2


def test_a_huge_cell_is_refused(write_file: WriteFile) -> None:
    assert refused(write_file("a.csv", "name,price\n" + "x" * 200_000 + ",60\n")) == "cell_too_long"
    assert refused(write_file("a.csv", "name,price\n" + "x" * 40_000 + ",60\n")) == "cell_too_long"


def test_a_quotation_mark_that_never_closes_swallows_no_rows(write_file: WriteFile) -> None:
    with pytest.raises(UserError) as caught:
        list(read_sheet(write_file("a.csv", 'name,price\nchal,60\n"dal,70\nghee,80\n')).rows())
    assert caught.value.code == "quote_open"
    assert caught.value.params["row"] == 3


def test_quotation_marks_out_of_place_are_refused(write_file: WriteFile) -> None:
    assert refused(write_file("a.csv", 'name,price\n"chal" fine,60\n')) == "quote_broken"


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.pdf", b"%PDF-1.7 ...", "PDF"),
        ("a.csv", b"\x89PNG\r\n\x1a\n", "PNG"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "XLS"),
        ("a.xls", b"<html><table><tr><td>name</td></tr></table></html>", "HTML"),
        ("a.csv", b"SQLite format 3\x00" + b"\x00" * 100, "SQLite"),
    ],
)
def test_files_of_another_kind_are_named_and_refused(
    write_file: WriteFile, name: str, data: bytes, kind: str
) -> None:
    with pytest.raises(UserError) as caught:
        read_sheet(write_file(name, data))
    assert caught.value.code == "sheet_kind"
    assert caught.value.params == {"file": name, "kind": kind}


def test_a_workbook_with_a_password_is_told_from_an_old_one(write_file: WriteFile) -> None:
    assert (
        refused(write_file("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)) == "sheet_locked"
    )


@pytest.mark.parametrize("content", [b"", b"\n\n\n", b"\xef\xbb\xbf", b" , ,\n,,\n"])
def test_a_file_without_anything_in_it_says_so(write_file: WriteFile, content: bytes) -> None:
    assert refused(write_file("a.csv", content)) == "sheet_empty"


def test_a_missing_file_and_a_folder_are_no_sheets(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.csv") == "sheet_missing"
    assert refused(tmp_path) == "sheet_missing"
    assert refused(tmp_path / "a\x00b.csv") == "sheet_missing"


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=400))
def test_whatever_the_bytes_are_there_is_an_answer_and_no_crash(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("bytes") / "a.csv"
    path.write_bytes(data)
    try:
        list(read_sheet(path).rows())
    except UserError:
        return


_TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20
)


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(
        st.lists(_TEXT.filter(lambda text: not text.startswith("'")), min_size=2, max_size=5), max_size=6
    )
)
def test_what_a_spreadsheet_wrote_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["name", "price", "stock"])
    writer.writerows(rows)
    path = tmp_path_factory.mktemp("rows") / "a.csv"
    path.write_bytes(out.getvalue().encode("utf-8-sig"))

    def trimmed(row: list[str]) -> tuple[str, ...]:
        while row and not row[-1]:
            row = row[:-1]
        return tuple(row)

    wanted = [trimmed(row) for row in rows if "".join(row).strip()]
    assert cells(read_sheet(path))[1:] == wanted
