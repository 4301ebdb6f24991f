"""A workbook is looked over before it is unpacked, and read to the digit Excel shows."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from pos.errors import EnvironmentFault, UserError
from pos.sheets.catalogue import parse_catalogue
from pos.sheets.reading import read_sheet
from pos.sheets.sheet import Mark

if TYPE_CHECKING:
    from collections.abc import Callable

    WriteFile = Callable[[str, str | bytes], Path]

SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "samples" / "products.xlsx"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def package(sheet: str, *, strings: str = "", styles: str = "", head: str = "") -> bytes:
    """A workbook of one sheet from raw XML, as no careful program would write it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr(
            "_rels/.rels",
            f'<Relationships><Relationship Id="r1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>",
        )
        parts.writestr(
            "xl/workbook.xml",
            f'<workbook {MAIN} xmlns:r="{REL}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>",
        )
        parts.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships><Relationship Id="r1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{REL}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
            f'<Relationship Id="r3" Type="{REL}/styles" Target="styles.xml"/></Relationships>',
        )
        if strings:
            parts.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{strings}</sst>")
        if styles:
            parts.writestr("xl/styles.xml", f"<styleSheet {MAIN}>{styles}</styleSheet>")
        parts.writestr(
            "xl/worksheets/sheet1.xml", f"{head}<worksheet {MAIN}><sheetData>{sheet}</sheetData></worksheet>"
        )
    return out.getvalue()


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADINGS = f'<row r="1">{text_cell("A1", "name")}{text_cell("B1", "price")}{text_cell("C1", "barcode")}</row>'


def cells(path: Path) -> list[tuple[str, ...]]:
    return [row.cells for row in read_sheet(path).rows()]


def refused(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        list(read_sheet(path).rows())
    return caught.value.code


def saved(book: Workbook, path: Path) -> Path:
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("1", "1"),
        ("1.0", "1"),
        ("1.1000000000000001", "1.1"),
        ("0.30000000000000004", "0.3"),
        ("99.95", "99.95"),
        ("1.2E3", "1200"),
        ("2.100000010004E+12", "2100000010004"),
        ("0.125", "0.125"),
        ("-5", "-5"),
        ("007", "7"),
        ("1E-7", "0.0000001"),
    ],
)
def test_numbers_come_out_as_excel_shows_them(write_file: WriteFile, stored: str, shown: str) -> None:
    row = f'<row r="2">{text_cell("A2", "চাল")}<c r="B2"><v>{stored}</v></c></row>'
    assert cells(write_file("a.xlsx", package(HEADINGS + row)))[1] == ("চাল", shown)


def test_a_number_of_more_digits_than_excel_keeps_is_marked(write_file: WriteFile) -> None:
    row = '<row r="2"><c r="A2"><v>12345678901234567890</v></c></row>'
    found = list(read_sheet(write_file("a.xlsx", package(HEADINGS + row))).rows())[1]
    assert found.marks == {0: Mark.DIGITS_LOST}


def test_saved_values_of_formulas_are_taken_and_marked_and_nothing_is_run(write_file: WriteFile) -> None:
    rows = (
        f'<row r="2">{text_cell("A2", "চাল")}<c r="B2"><f>1+59</f><v>60</v></c></row>'
        f'<row r="3">{text_cell("A3", "ডাল")}<c r="B3"><f>HYPERLINK("http://127.0.0.1:9")</f></c></row>'
        '<row r="4"><c r="A4" t="str"><f>CONCAT(A2)</f><v>লাল চাল</v></c><c r="B4"><v>70</v></c></row>'
    )
    catalogue = parse_catalogue(read_sheet(write_file("a.xlsx", package(HEADINGS + rows))))
    assert [(product.name_bn, product.price_paisa) for product in catalogue.products] == [
        ("চাল", 6000),
        ("লাল চাল", 7000),
    ]
    assert [(error.row, error.field, error.code) for error in catalogue.errors] == [
        (3, "price", "formula_unsaved")
    ]
    assert {(warning.field, warning.code) for warning in catalogue.warnings} == {
        ("price", "formula_value"),
        ("name_bn", "formula_value"),
    }


def test_a_size_that_excel_made_a_date_is_reported_and_not_taken(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["name", "price", "size"])
    sheet.append(["ফ্রক", 520, dt.datetime(2026, 4, 2)])
    catalogue = parse_catalogue(read_sheet(saved(book, tmp_path / "a.xlsx")))
    assert [(error.row, error.field, error.code) for error in catalogue.errors] == [(2, "sizes", "cell_date")]
    assert catalogue.errors[0].params["text"] == "2026-04-02"


def test_faults_of_excel_are_reported(write_file: WriteFile) -> None:
    row = f'<row r="2">{text_cell("A2", "চাল")}<c r="B2" t="e"><v>#N/A</v></c></row>'
    catalogue = parse_catalogue(read_sheet(write_file("a.xlsx", package(HEADINGS + row))))
    assert [(error.field, error.code) for error in catalogue.errors] == [("price", "cell_fault")]


def test_shared_and_rich_text_is_whole_and_without_its_hints(write_file: WriteFile) -> None:
    strings = (
        "<si><r><t>লাল </t></r><r><t>চাল</t></r><rPh sb='0' eb='1'><t>ruby</t></rPh></si>"
        "<si><t>_x0041_B_x000D_</t></si>"
    )
    row = '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>60</v></c><c r="C2" t="s"><v>1</v></c></row>'
    assert cells(write_file("a.xlsx", package(HEADINGS + row, strings=strings)))[1] == ("লাল চাল", "60", "AB\r")


def test_missing_rows_and_cells_keep_their_places(write_file: WriteFile) -> None:
    rows = f'<row r="5">{text_cell("C5", "x")}</row><row r="9"><c r="B9"/></row>'
    found = list(read_sheet(write_file("a.xlsx", package(HEADINGS + rows))).rows())
    assert [(row.number, row.cells) for row in found[1:]] == [(5, ("", "", "x"))]


def test_the_first_sheet_that_holds_something_is_taken_and_its_variants_with_it(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].title = "empty"
    hidden = book.create_sheet("old prices")
    hidden.append(["name", "price"])
    hidden.sheet_state = "hidden"
    book.create_sheet("Variants").append(["sku", "colour"])
    book.create_sheet("পণ্য").append(["কোড", "নাম", "দাম"])
    sheet = read_sheet(saved(book, tmp_path / "a.xlsx"))
    assert sheet.title == "পণ্য"
    assert sheet.variants is not None
    assert sheet.variants.title == "Variants"


def test_a_title_in_merged_cells_above_the_headings_is_passed_over(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["রহিমার দোকান, ২০২৬"])
    sheet.merge_cells("A1:C1")
    sheet.append([])
    sheet.append(["নাম", "দাম", "স্টক"])
    sheet.append(["চাল", 60, Decimal("2.5")])
    sheet.append([None, None, None])
    sheet.append(["মধু", 500.5, None])
    catalogue = parse_catalogue(read_sheet(saved(book, tmp_path / "a.xlsx")))
    assert [(error.row, error.code) for error in catalogue.errors] == [(4, "quantity_whole")]
    assert [(product.row, product.price_paisa) for product in catalogue.products] == [(6, 50050)]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(write_file: WriteFile) -> None:
    out = io.BytesIO(package(HEADINGS))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as parts, parts.open("xl/media/a.bin", "w") as part:
        for _ in range(40):
            part.write(bytes(1 << 20))
    assert refused(write_file("a.xlsx", out.getvalue())) == "sheet_bomb"


def test_a_workbook_of_too_many_parts_is_refused(write_file: WriteFile) -> None:
    out = io.BytesIO(package(HEADINGS))
    with zipfile.ZipFile(out, "a") as parts:
        for number in range(2100):
            parts.writestr(f"xl/x{number}.xml", "")
    assert refused(write_file("a.xlsx", out.getvalue())) == "sheet_bomb"


def test_a_document_type_is_refused_and_no_entity_is_read(write_file: WriteFile, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("canary")
    head = f'<?xml version="1.0"?><!-- a --><!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    row = f'<row r="2">{text_cell("A2", "&amp;e;")}</row>'
    assert refused(write_file("a.xlsx", package(HEADINGS + row, head=head))) == "sheet_has_dtd"
    swelling = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    assert refused(write_file("b.xlsx", package(HEADINGS, head=swelling))) == "sheet_has_dtd"


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("word/document.xml", "DOCX"),
        ("Index/Document.iwa", "Numbers"),
        ("xl/workbook.bin", "XLSB"),
        ("a.txt", "ZIP"),
    ],
)
def test_other_zip_files_are_named_and_refused(write_file: WriteFile, part: str, kind: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr(part, "x")
    with pytest.raises(UserError) as caught:
        read_sheet(write_file("a.xlsx", out.getvalue()))
    assert (caught.value.code, caught.value.params["kind"]) == ("sheet_kind", kind)


def test_an_open_document_is_named_and_refused(write_file: WriteFile) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("content.xml", "<x/>")
    assert refused(write_file("a.ods", out.getvalue())) == "sheet_kind"


def test_a_workbook_cut_short_anywhere_is_refused_and_never_crashes(write_file: WriteFile) -> None:
    whole = package(HEADINGS + f'<row r="2">{text_cell("A2", "চাল")}</row>')
    for end in range(4, len(whole), 37):
        assert refused(write_file("a.xlsx", whole[:end])) == "sheet_damaged"


@pytest.mark.parametrize(
    "sheet",
    [
        '<row r="2"><c r="A2" t="s"><v>7</v></c></row>',
        '<row r="x"><c><v>1</v></c></row>',
        '<row r="2"><c r="??"><v>1</v></c></row>',
        '<row r="2"><c r="ZZZZZ2"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></row>',
    ],
)
def test_broken_xml_is_damage_and_no_traceback(write_file: WriteFile, sheet: str) -> None:
    assert refused(write_file("a.xlsx", package(HEADINGS + sheet))) == "sheet_damaged"


def test_a_row_number_beyond_any_sheet_is_refused(write_file: WriteFile) -> None:
    sheet = '<row r="99999999"><c><v>1</v></c></row>'
    assert refused(write_file("a.xlsx", package(HEADINGS + sheet))) == "sheet_too_long"


def test_a_huge_cell_is_refused(write_file: WriteFile) -> None:
    sheet = f'<row r="2">{text_cell("A2", "x" * 200_000)}</row>'
    assert refused(write_file("a.xlsx", package(HEADINGS + sheet))) == "cell_too_long"


def test_numbers_that_are_none_are_faults(write_file: WriteFile) -> None:
    for odd in ("NaN", "Infinity", "1E999999", "abc"):
        row = f'<row r="2">{text_cell("A2", "চাল")}<c r="B2"><v>{odd}</v></c></row>'
        catalogue = parse_catalogue(read_sheet(write_file("a.xlsx", package(HEADINGS + row))))
        assert [error.code for error in catalogue.errors] == ["cell_fault"]


def test_a_workbook_without_anything_in_it_says_so(tmp_path: Path) -> None:
    assert refused(saved(Workbook(), tmp_path / "a.xlsx")) == "sheet_empty"


def test_a_cell_that_would_fill_the_memory_is_stopped_early(write_file: WriteFile) -> None:
    # Words of random letters, so that the part does not look like a bomb by its ratio.
    endless = "".join(f"{number * 2654435761 % 2**32:x}" for number in range(400_000))
    assert (
        refused(write_file("a.xlsx", package(f'<row r="1">{text_cell("A1", endless)}</row>')))
        == "cell_too_long"
    )


def test_names_with_a_prefix_and_indented_xml_are_read(write_file: WriteFile) -> None:
    row = (
        '<x:row r="2">\n  <x:c r="A2" t="inlineStr">\n <x:is><x:t>চাল</x:t></x:is> </x:c>'
        "\n <x:c><x:v>60</x:v></x:c></x:row>"
    )
    data = package(HEADINGS + f'<x:sheetData xmlns:x="{MAIN[7:-1]}">{row}</x:sheetData>')
    assert cells(write_file("a.xlsx", data))[1] == ("চাল", "60")


def test_a_workbook_whose_only_sheet_is_named_variants_is_still_a_sheet(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].title = "variants"
    book.worksheets[0].append(["name", "price"])
    assert read_sheet(saved(book, tmp_path / "a.xlsx")).title == "variants"


@settings(max_examples=150, deadline=None)
@given(flips=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_workbook_with_any_bytes_changed_has_an_answer(
    tmp_path_factory: pytest.TempPathFactory, flips: list[tuple[int, int]]
) -> None:
    data = bytearray(SAMPLE.read_bytes())
    for place, byte in flips:
        data[place % len(data)] = byte
    path = tmp_path_factory.mktemp("flips") / "a.xlsx"
    path.write_bytes(data)
    with suppress(UserError, EnvironmentFault):
        parse_catalogue(read_sheet(path))
