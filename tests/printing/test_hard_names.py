"""Bangla on paper: what is copied out is what was typed, and what is seen is what Qt shows on screen."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageFilter
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontDatabase, QImage, QPainter
from PySide6.QtWidgets import QApplication

from pos.l10n import BANGLA
from pos.printing.faces import WEIGHTS, Weight, shipped_face
from pos.printing.invoice import invoice_pdf
from pos.printing.page import Paper
from pos.printing.receipt import receipt_pdf
from pos.printing.typesetting import MM_PER_POINT, Style, printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.services.views import LineView, OrderView, ShopView

NAMES = (Path(__file__).parent.parent / "data" / "hard_names.txt").read_text(encoding="utf-8").splitlines()

SIZE = 11  # points
SCALE = 4  # pixels a point
ROW = 32  # points
WIDE = 320  # points
REACH = 2  # pixels
OUTSIDE = 0.005  # of the ink


def in_reading_form(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))


def poppler_text(pdf: bytes) -> str:
    reader = subprocess.run(
        [shutil.which("pdftotext") or "pdftotext", "-enc", "UTF-8", "-", "-"],
        input=pdf,
        capture_output=True,
        check=True,
    )
    return re.sub(r"\s+", " ", reader.stdout.decode())


@pytest.fixture(scope="module")
def invoices(
    shop: ShopView, make_order: Callable[..., OrderView], make_line: Callable[..., LineView]
) -> list[bytes]:
    """The hard names as products, forty to an invoice: beyond, rows are one line and names may be elided."""
    lines = [make_line(name, sku=f"P{index:03}") for index, name in enumerate(NAMES)]
    return [
        invoice_pdf(make_order(lines=tuple(lines[start : start + 40])), shop, paper="A4", locale=BANGLA)
        for start in range(0, len(lines), 40)
    ]


def test_there_are_enough_hard_names_and_no_two_are_alike() -> None:
    assert len(NAMES) >= 60
    assert len({in_reading_form(name) for name in NAMES}) == len(NAMES)


def test_every_hard_name_is_whole_in_the_font() -> None:
    assert [name for name in NAMES if printable(name) != in_reading_form(name)] == []


def test_every_hard_name_can_be_copied_from_the_invoice(
    invoices: list[bytes], text_of: Callable[[bytes], str]
) -> None:
    text = " ".join(map(text_of, invoices))
    assert [name for name in NAMES if in_reading_form(name) not in text] == []


def test_every_hard_name_can_be_copied_with_poppler_too(invoices: list[bytes]) -> None:
    readers = [poppler_text] if shutil.which("pdftotext") else []
    for read in readers:
        text = " ".join(map(read, invoices))
        assert [name for name in NAMES if in_reading_form(name) not in text] == []


def test_every_hard_name_can_be_copied_from_the_narrow_receipt(
    shop: ShopView,
    make_order: Callable[..., OrderView],
    make_line: Callable[..., LineView],
    text_of: Callable[[bytes], str],
) -> None:
    order = make_order(lines=tuple(make_line(name) for name in NAMES))
    text = text_of(receipt_pdf(order, shop, width_mm=58, locale=BANGLA))
    assert [name for name in NAMES if in_reading_form(name) not in text] == []


@pytest.fixture(scope="module")
def families() -> dict[Weight, QFont]:
    """The shipped fonts as Qt knows them."""
    # A later test may need the widgets' application; there can be only one in a process.
    QApplication.instance() or QApplication([])
    fonts = Path(__file__).parents[2] / "resources" / "fonts"
    for weight in WEIGHTS:
        assert QFontDatabase.addApplicationFont(str(fonts / f"HatUI-{weight}.ttf")) >= 0
    made = {}
    for weight in WEIGHTS:
        font = QFont("Hat UI")
        font.setPixelSize(SIZE * SCALE)
        font.setWeight(QFont.Weight(weight))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        made[weight] = font
    return made


def ink(picture: Image.Image) -> Image.Image:
    return picture.point(lambda value: 255 if value < 128 else 0)


def qt_ink(text: str, font: QFont) -> Image.Image:
    canvas = QImage(WIDE * SCALE, ROW * SCALE, QImage.Format.Format_Grayscale8)
    canvas.fill(255)
    painter = QPainter(canvas)
    painter.setFont(font)
    painter.setPen(QColor(0, 0, 0))
    painter.drawText(QPointF(10 * SCALE, 20 * SCALE), text)
    painter.end()
    size = (canvas.width(), canvas.height())
    return ink(Image.frombytes("L", size, bytes(canvas.constBits()), "raw", "L", canvas.bytesPerLine()))


def pdf_ink(names: list[str], weight: Weight) -> list[Image.Image]:
    size = (WIDE * MM_PER_POINT, len(names) * ROW * MM_PER_POINT)
    paper = Paper(size, title="hard names", author="shop")
    for index, name in enumerate(names):
        paper.text(10 * MM_PER_POINT, (index * ROW + 20) * MM_PER_POINT, name, Style(SIZE, weight))
    with pypdfium2.PdfDocument(paper.finish()) as document:
        page = document[0].render(scale=SCALE, grayscale=True).to_pil()
    rows = (index * ROW * SCALE for index in range(len(names)))
    return [ink(page.crop((0, top, WIDE * SCALE, top + ROW * SCALE))) for top in rows]


def outside(one: Image.Image, other: Image.Image) -> float:
    """The share of the ink of `one` that lies further than `REACH` pixels from any of `other`."""
    near = other.filter(ImageFilter.MaxFilter(2 * REACH + 1))
    return ImageChops.subtract(one, near).histogram()[255] / max(1, one.histogram()[255])


@pytest.mark.parametrize("weight", WEIGHTS)
def test_every_hard_name_looks_as_qt_shapes_it(weight: Weight, families: dict[Weight, QFont]) -> None:
    """11 pt at 4 pixels a point, ours rendered by PDFium, Qt's unhinted, both cut to black and white.

    Less than 0.5 % of either's ink may lie more than 2 pixels (0.18 mm) away from the other's. All names are
    compared in the weight that product names are printed in, every sixth in the other three.
    """
    names = NAMES if weight == 500 else NAMES[weight // 100 :: 6]
    unlike = [
        name
        for name, ours in zip(names, pdf_ink(names, weight), strict=True)
        for qts in [qt_ink(printable(name), families[weight])]
        if max(outside(ours, qts), outside(qts, ours)) >= OUTSIDE
    ]
    assert unlike == []


def test_the_comparison_with_qt_sees_one_wrong_sign(families: dict[Weight, QFont]) -> None:
    [ours] = pdf_ink(["চিনিগুড়া চাল"], 500)
    assert outside(qt_ink("চিনিগুড়ি চাল", families[500]), ours) > OUTSIDE
    assert (
        outside(qt_ink("চিনিগুড়া", families[500]), ours)
        < OUTSIDE
        < outside(ours, qt_ink("চিনিগুড়া", families[500]))
    )


def test_the_faces_differ_in_name_and_cover_the_same_characters() -> None:
    faces = [shipped_face(weight) for weight in WEIGHTS]
    assert len({face.outlines.metrics.postscript_name for face in faces}) == len(WEIGHTS)
    assert len({face.coverage for face in faces}) == 1
    assert all(shipped_face(weight) is shipped_face(weight) for weight in WEIGHTS)
