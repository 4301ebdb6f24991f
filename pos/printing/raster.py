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
THRESHOLD = 165
# PDFium keeps its state for the whole process and must not be entered by two threads at once.
PDFIUM = Lock()


def receipt_png(pdf: bytes, width_mm: Literal[58, 80], *, page: int = 0) -> bytes:
    """One page of a receipt (from 0) as a PNG of 1 bit, as wide as the print head: 384 or 576 dots."""
    return receipt_pngs(pdf, width_mm)[page]


def receipt_pngs(pdf: bytes, width_mm: Literal[58, 80]) -> list[bytes]:
    """The receipt as PNGs of 1 bit, one for each page: a receipt of several parts is as many strips."""
    return [_png(strip) for strip in receipt_bitmaps(pdf, width_mm)]


def receipt_bitmaps(pdf: bytes, width_mm: Literal[58, 80]) -> list[Image]:
    """Every page of the PDF at the printer's dots: grey, cut to the head's width, then black or white."""
    import pypdfium2

    with PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return [_bitmap(page, _HEAD_DOTS[width_mm]) for page in document]
        finally:
            document.close()


def _bitmap(page: object, dots: int) -> Image:
    grey = page.render(scale=_DPI / _POINTS_PER_INCH, grayscale=True).to_pil()  # type: ignore[attr-defined]
    grey = grey.crop((0, 0, dots, grey.height))
    bits: Image = grey.point(lambda value: 255 if value >= THRESHOLD else 0, mode="1")
    return bits


def _png(strip: Image) -> bytes:
    file = io.BytesIO()
    strip.save(file, "PNG", dpi=(_DPI, _DPI), optimize=False)
    return file.getvalue()
