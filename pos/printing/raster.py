"""The dots of a thermal receipt, taken from its PDF, so that what is seen is what is printed."""

from __future__ import annotations

import io
from threading import Lock
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from PIL.Image import Image

_DPI = 203.2  # 8 dots a millimetre
_POINTS_PER_INCH = 72
_HEAD_DOTS: dict[int, int] = {58: 384, 80: 576}
# Lower values thin the strokes of small Bangla letters, higher ones close their loops.
_THRESHOLD = 165
# PDFium keeps its state for the whole process and must not be entered by two threads at once.
_PDFIUM = Lock()


def receipt_png(pdf: bytes, width_mm: Literal[58, 80]) -> bytes:
    """The receipt as a PNG of 1 bit, as wide as the print head: 384 dots for 58 mm paper, 576 for 80 mm.

    The parts of a receipt that is longer than a PDF page may be follow one another; each names itself.
    """
    from PIL import Image

    strips = receipt_bitmaps(pdf, width_mm)
    stacked = Image.new("1", (_HEAD_DOTS[width_mm], sum(strip.height for strip in strips)), 1)
    top = 0
    for strip in strips:
        stacked.paste(strip, (0, top))
        top += strip.height
    file = io.BytesIO()
    stacked.save(file, "PNG", dpi=(_DPI, _DPI), optimize=False)
    return file.getvalue()


def receipt_bitmaps(pdf: bytes, width_mm: Literal[58, 80]) -> list[Image]:
    """Every page of the PDF at the printer's dots: grey, cut to the head's width, then black or white."""
    import pypdfium2

    with _PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return [_bitmap(page, _HEAD_DOTS[width_mm]) for page in document]
        finally:
            document.close()


def _bitmap(page: object, dots: int) -> Image:
    grey = page.render(scale=_DPI / _POINTS_PER_INCH, grayscale=True).to_pil()  # type: ignore[attr-defined]
    grey = grey.crop((0, 0, dots, grey.height))
    bits: Image = grey.point(lambda value: 255 if value >= _THRESHOLD else 0, mode="1")
    return bits
