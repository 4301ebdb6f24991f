"""Printing through the operating system: pages and ink as Qt hands them over, read back from a file."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from pos.errors import EnvironmentFault
from pos.l10n import BANGLA
from pos.printing.invoice import invoice_pdf
from pos.printing.preview import page_sizes
from pos.printing.receipt import receipt_pdf
from ui.printers import QtSpooler, _paint_page, _resolution, _sheets, print_pages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PIL.Image import Image
    from PySide6.QtWidgets import QApplication

    from pos.printing.spooler import Spooler
    from pos.services.views import LineView, OrderView, ShopView

pytestmark = pytest.mark.usefixtures("qapp")

FILE = QPrinter.OutputFormat.PdfFormat


@pytest.fixture
def printed(tmp_path: Path) -> Callable[..., bytes]:
    """What a printer of so many dots an inch gets, as a PDF again."""

    def print_it(pdf: bytes, dpi: int = 300) -> bytes:
        device = QPrinter(QPrinter.PrinterMode.HighResolution)
        device.setOutputFormat(FILE)
        device.setOutputFileName(str(tmp_path / "out.pdf"))
        device.setResolution(dpi)
        assert print_pages(pdf, device)
        return (tmp_path / "out.pdf").read_bytes()

    return print_it


def sizes_mm(pdf: bytes) -> list[tuple[int, int]]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [
            (round(page.get_width() * 25.4 / 72), round(page.get_height() * 25.4 / 72)) for page in document
        ]


def dark(picture: Image) -> int:
    """All ink of a page, a half-grey pixel counting half."""
    return sum((255 - shade) * count for shade, count in enumerate(picture.convert("L").histogram()))


def burnt(picture: Image) -> Image:
    """As a thermal head has it: black or white."""
    return picture.convert("L").point(lambda shade: 255 if shade >= 165 else 0)


def box(picture: Image) -> tuple[int, int, int, int]:
    found: tuple[int, int, int, int] | None = (
        picture.convert("L").point(lambda v: 255 if v < 128 else 0).getbbox()
    )
    assert found is not None
    return found


@pytest.mark.parametrize(("paper", "size"), [("A4", (210, 297)), ("A5", (148, 210))])
def test_an_invoice_comes_out_page_by_page_with_its_ink_where_it_was(
    paper: str,
    size: tuple[int, int],
    shop: ShopView,
    make_order: Callable[..., OrderView],
    make_line: Callable[..., LineView],
    printed: Callable[..., bytes],
    images_of: Callable[[bytes, float], list[Image]],
) -> None:
    order = make_order(lines=tuple(make_line(size=str(number)) for number in range(24)))
    pdf = invoice_pdf(order, shop, paper="A5" if paper == "A5" else "A4", locale=BANGLA)
    out = printed(pdf)
    assert sizes_mm(out) == sizes_mm(pdf) == [size] * len(sizes_mm(pdf))
    assert len(sizes_mm(out)) >= 2
    for ours, theirs in zip(images_of(pdf, 300), images_of(out, 300), strict=True):
        assert abs(dark(ours) - dark(theirs)) < 0.03 * dark(ours)
        assert all(abs(one - other) <= 3 for one, other in zip(box(ours), box(theirs), strict=True))


@pytest.mark.parametrize("width_mm", [58, 80])
def test_a_receipt_comes_out_as_one_strip_of_its_own_length(
    width_mm: int,
    shop: ShopView,
    make_order: Callable[..., OrderView],
    printed: Callable[..., bytes],
    images_of: Callable[[bytes, float], list[Image]],
) -> None:
    pdf = receipt_pdf(make_order(), shop, width_mm=58 if width_mm == 58 else 80, locale=BANGLA)
    out = printed(pdf, 203)
    [(wide, high)], [(want_wide, want_high)] = sizes_mm(out), sizes_mm(pdf)
    assert abs(wide - want_wide) <= 1
    assert abs(high - want_high) <= 1
    [ours], [theirs] = images_of(pdf, 203), images_of(out, 203)
    assert abs(dark(burnt(ours)) - dark(theirs)) < 0.03 * dark(theirs)


@pytest.fixture
def fixed_sheet(tmp_path: Path) -> Callable[[bytes, float, float], bytes]:
    """What comes out of a printer that has one form of sheet, in mm, and takes no other."""

    def print_it(pdf: bytes, wide: float, high: float) -> bytes:
        device = QPrinter(QPrinter.PrinterMode.HighResolution)
        device.setOutputFormat(FILE)
        device.setOutputFileName(str(tmp_path / "fixed.pdf"))
        device.setResolution(203)
        device.setPageSize(QPageSize(QSizeF(wide, high), QPageSize.Unit.Millimeter))
        device.setFullPage(True)
        painter = QPainter(device)
        [size] = page_sizes(pdf)
        assert _paint_page(pdf, 0, size, device, painter)
        assert painter.end()
        return (tmp_path / "fixed.pdf").read_bytes()

    return print_it


def test_a_sheet_smaller_than_the_page_gets_the_whole_page_smaller(
    shop: ShopView,
    make_order: Callable[..., OrderView],
    fixed_sheet: Callable[[bytes, float, float], bytes],
    images_of: Callable[[bytes, float], list[Image]],
) -> None:
    pdf = invoice_pdf(make_order(), shop, paper="A4", locale=BANGLA)
    [full], [letter] = images_of(pdf, 100), images_of(fixed_sheet(pdf, 216, 279), 100)
    shrink = 279 / 297
    wanted = tuple(round(edge * shrink) for edge in box(full))
    assert all(abs(one - other) <= 3 for one, other in zip(wanted, box(letter), strict=True))


def test_a_strip_longer_than_the_rolls_sheet_goes_on_with_the_next_at_its_own_size(
    shop: ShopView,
    make_order: Callable[..., OrderView],
    fixed_sheet: Callable[[bytes, float, float], bytes],
    images_of: Callable[[bytes, float], list[Image]],
) -> None:
    pdf = receipt_pdf(make_order(), shop, width_mm=80, locale=BANGLA)
    [strip] = map(burnt, images_of(pdf, 203))
    sheets = images_of(fixed_sheet(pdf, 72, 60), 203)
    assert len(sheets) == -(-strip.height // round(60 / 25.4 * 203)) > 1
    assert abs(sum(map(dark, sheets)) - dark(strip)) < 0.03 * dark(strip)
    for index, sheet in enumerate(sheets):
        part = strip.crop(
            (0, index * sheet.height, strip.width, min((index + 1) * sheet.height, strip.height))
        )
        assert abs(box(sheet)[0] - box(part)[0]) <= 3
        assert abs(box(sheet)[2] - box(part)[2]) <= 3


def test_a_file_that_cannot_be_written_is_noticed(
    tmp_path: Path, shop: ShopView, make_order: Callable[..., OrderView], capfd: pytest.CaptureFixture[str]
) -> None:
    device = QPrinter(QPrinter.PrinterMode.HighResolution)
    device.setOutputFormat(FILE)
    device.setOutputFileName(str(tmp_path / "no such folder" / "out.pdf"))
    assert not print_pages(receipt_pdf(make_order(), shop, width_mm=58, locale=BANGLA), device)
    assert list(tmp_path.iterdir()) == []


def test_a_printer_that_is_not_there_gets_nothing_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shop: ShopView, make_order: Callable[..., OrderView]
) -> None:
    monkeypatch.chdir(tmp_path)
    spooler: Spooler = QtSpooler()
    pdf = receipt_pdf(make_order(), shop, width_mm=58, locale=BANGLA)
    for name in ("প্রিন্টার যা নেই", ""):
        with pytest.raises(EnvironmentFault) as raised:
            spooler.print_pdf(pdf, name, "রশিদ")
        assert raised.value.code == "printer_missing"
    assert list(tmp_path.iterdir()) == []


def test_the_printers_of_this_computer_are_each_named_once() -> None:
    names = QtSpooler().printers()
    assert len(names) == len(set(names))
    assert all(names)


@pytest.mark.parametrize(
    ("supported", "roll", "dpi"),
    [
        ([72], False, 600),
        ([], False, 600),
        ([72], True, 203),
        ([180], True, 180),
        ([180, 203], True, 203),
        ([300, 600, 1200], False, 600),
    ],
)
def test_the_printers_own_dots_are_used_up_to_what_shows(
    supported: list[int], dpi: int, *, roll: bool
) -> None:
    assert _resolution(supported, roll=roll) == dpi


def test_a_thermal_printer_of_the_system_gets_black_and_white_dots_only(
    shop: ShopView, make_order: Callable[..., OrderView], printed: Callable[..., bytes]
) -> None:
    out = printed(receipt_pdf(make_order(), shop, width_mm=80, locale=BANGLA), 203)
    with pypdfium2.PdfDocument(out) as document:
        [found] = document[0].get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])
        assert isinstance(found, pypdfium2.PdfImage)
        pixels = found.get_bitmap().to_pil().convert("L")
    assert pixels.width in {575, 576}
    assert set(pixels.tobytes()) == {0, 255}


@given(rows=st.integers(1, 40_000), per_sheet=st.floats(50, 5_000))
def test_a_long_strip_is_shared_among_sheets_without_a_row_lost_or_twice(rows: int, per_sheet: float) -> None:
    sheets = list(_sheets(rows, per_sheet))
    assert sheets[0][0] == 0
    assert all(top + high == below for (top, high), (below, _) in pairwise(sheets))
    assert sum(high for _, high in sheets) == rows
    assert all(0 < high <= per_sheet * 1.01 for _, high in sheets)


def test_a_form_known_by_name_is_asked_for_by_name(qapp: QApplication) -> None:
    hair_less = QSizeF(595.26, 841.87)
    assert (
        QPageSize.id(hair_less, QPageSize.Unit.Point, QPageSize.SizeMatchPolicy.FuzzyMatch)
        == QPageSize.PageSizeId.A4
    )
