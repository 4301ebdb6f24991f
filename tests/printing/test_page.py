"""The PDF itself: its fonts, its bytes, what it says about itself, and codes that a scanner reads."""

from __future__ import annotations

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
import zxingcpp
from fontTools.ttLib import TTFont
from reportlab.pdfbase import pdfdoc

from pos.l10n import BANGLA, ENGLISH
from pos.printing import embedding
from pos.printing.faces import WEIGHTS, shipped_face
from pos.printing.invoice import invoice_pdf
from pos.printing.page import Paper
from pos.printing.receipt import receipt_pdf
from pos.printing.typesetting import Style

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL.Image import Image

    from pos.services.views import OrderView, ShopView


@pytest.fixture
def papers(shop: ShopView, make_order: Callable[..., OrderView]) -> dict[str, bytes]:
    order = make_order()
    return {
        "A4": invoice_pdf(order, shop, paper="A4", locale=BANGLA),
        "A5": invoice_pdf(order, shop, paper="A5", locale=ENGLISH),
        "80": receipt_pdf(order, shop, width_mm=80, locale=BANGLA),
        "58": receipt_pdf(order, shop, width_mm=58, locale=ENGLISH),
    }


def printed_by(script: str) -> bytes:
    """What a fresh interpreter prints that runs the script beside the project."""
    root = Path(__file__).parents[2]
    return subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, check=True).stdout


def written(paper: Paper) -> Any:
    """ReportLab's document behind a paper, with every object it has been given."""
    paper.finish()
    return paper._canvas._doc


def test_every_font_of_a_paper_is_embedded_and_named_apart() -> None:
    paper = Paper((60, 60), title="t", author="a")
    for weight in WEIGHTS:
        paper.text(5, weight / 20, "রূপকথা Abc", Style(12, weight))
    objects = written(paper).idToObject
    dictionaries = [item.dict for item in objects.values() if isinstance(item, pdfdoc.PDFDictionary)]
    fonts = [entry for entry in dictionaries if str(entry.get("Type")) == "/Font"]
    descriptors = [entry for entry in dictionaries if str(entry.get("Type")) == "/FontDescriptor"]
    assert {str(font["Subtype"]) for font in fonts} == {"/Type0", "/CIDFontType2"}
    assert len(fonts) == 2 * len(WEIGHTS)
    assert len({str(entry["FontName"]) for entry in descriptors}) == len(WEIGHTS)
    for entry in descriptors:
        assert objects[entry["FontFile2"].name].content[:4] == b"\x00\x01\x00\x00"


def test_no_paper_names_a_font_that_it_does_not_carry(papers: dict[str, bytes]) -> None:
    for pdf in papers.values():
        assert b"Helvetica" not in pdf
        assert pdf.count(b"/FontFile2") == pdf.count(b"/Type0") == pdf.count(b"/Subtype /CIDFontType2")


def test_the_same_paper_twice_is_the_same_bytes(
    papers: dict[str, bytes], shop: ShopView, make_order: Callable[..., OrderView]
) -> None:
    assert invoice_pdf(make_order(), shop, paper="A4", locale=BANGLA) == papers["A4"]
    assert receipt_pdf(make_order(), shop, width_mm=58, locale=ENGLISH) == papers["58"]


def test_another_process_writes_the_same_bytes() -> None:
    script = """
import sys
from pos.printing.page import Paper
from pos.printing.typesetting import Style
paper = Paper((50, 20), title="শিরোনাম", author="দোকান")
paper.text(5, 10, "ক্ষুদ্র Abc ৳১২", Style(9, 600))
sys.stdout.buffer.write(paper.finish())
"""
    one, other = (printed_by(script) for _ in range(2))
    assert one.startswith(b"%PDF-1.7")
    assert one == other


def test_a_paper_may_be_written_twice_and_drawn_on_in_between(text_of: Callable[[bytes], str]) -> None:
    paper = Paper((60, 40), title="t", author="a")
    paper.text(5, 10, "প্রথম", Style(12, 600))
    first = paper.finish()
    assert paper.finish() == first
    paper.text(5, 10, "দ্বিতীয় পাতা", Style(12, 600))
    assert text_of(paper.finish()) == "প্রথম দ্বিতীয় পাতা"


def test_two_papers_at_once_keep_their_fonts_apart(text_of: Callable[[bytes], str]) -> None:
    one, other = (Paper((60, 40), title="t", author="a") for _ in range(2))
    one.text(5, 10, "চিনি", Style(12, 600))
    other.text(5, 10, "লবণ", Style(12, 600))
    one.text(5, 20, "গুড়", Style(12, 600))
    assert text_of(other.finish()) == "লবণ"
    assert text_of(one.finish()) == "চিনি গুড়"


def test_a_font_of_clusters_is_a_sound_truetype_file() -> None:
    face = shipped_face(700)
    clusters = face.shape("ক্ষুদ্র ঋণ")
    font = TTFont(io.BytesIO(face.outlines.font(clusters)))
    empty, first = font.getGlyphOrder()[:2]
    assert font["maxp"].numGlyphs == len(clusters) + 1
    assert font["hmtx"][first][0] == clusters[0].advance
    assert font["glyf"][first].numberOfContours > 0
    assert font["glyf"][empty].numberOfContours == 0
    assert font["head"].modified == TTFont(io.BytesIO(face.font_file))["head"].created


def test_the_map_to_characters_stays_within_the_blocks_a_reader_takes() -> None:
    codes = {cluster: code for code, cluster in enumerate(set(shipped_face(400).shape("অআইঈ" * 2)), 1)}
    for code in range(5, 260):
        codes[next(iter(codes))._replace(text=chr(0x4E00 + code))] = code
    blocks = embedding._to_unicode(codes).decode().split("beginbfchar")[1:]
    assert [block.count("> <") for block in blocks] == [100, 100, 59]


def test_a_paper_says_what_it_is_in_which_language_and_by_whom(papers: dict[str, bytes]) -> None:
    for pdf in papers.values():
        with pypdfium2.PdfDocument(pdf) as document:
            about = document.get_metadata_dict()
            assert document.get_version() == 17
        assert about["Author"] == "রূপকথা ঘর"
        assert about["Title"].endswith("A-26-000147")
        assert "A-26-000147" in about["Subject"]
        assert b"/Lang (bn-BD)" in pdf
    with pypdfium2.PdfDocument(papers["A4"]) as document:
        assert document.get_metadata_value("Title") == "ইনভয়েস A-26-000147"


def test_papers_are_black_on_white(
    papers: dict[str, bytes], images_of: Callable[[bytes, float], list[Image]]
) -> None:
    """At 20 pixels a millimetre the grey of anti-aliasing is on edges only: hardly any is left."""
    for name in ("A5", "58"):
        for page in images_of(papers[name], 508):
            shades = page.histogram()
            assert sum(shades[16:240]) < 0.05 * sum(shades)
    for pdf in papers.values():
        assert b"/DeviceRGB" not in pdf
        assert b"/Shading" not in pdf


def test_the_qr_code_reads_back_as_the_order_number(
    papers: dict[str, bytes], images_of: Callable[[bytes, float], list[Image]]
) -> None:
    for name in ("A4", "A5"):
        [page] = images_of(papers[name], 200)
        [code] = zxingcpp.read_barcodes(page)
        assert code.text == "A-26-000147"
        assert code.format == zxingcpp.BarcodeFormat.QRCode


def test_loading_the_printing_room_loads_no_library_of_the_trade() -> None:
    script = """
import sys
import pos.printing, pos.printing.invoice, pos.printing.raster, pos.printing.receipt
trade = {"reportlab", "uharfbuzz", "fontTools", "pypdfium2", "PIL", "segno"}
print(sorted(trade & set(sys.modules)))
"""
    assert printed_by(script).strip() == b"[]"


def test_threads_that_print_at_once_do_not_disturb_one_another(
    shop: ShopView, make_order: Callable[..., OrderView], papers: dict[str, bytes]
) -> None:
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(invoice_pdf, make_order(), shop, paper="A4", locale=BANGLA) for _ in range(8)]
        assert {job.result() for job in jobs} == {papers["A4"]}
