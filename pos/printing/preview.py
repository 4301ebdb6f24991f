"""Pages of a paper's PDF as pictures for the screen and for printers of the operating system.

The PDF is the master of every paper, so what is shown is what is printed. Nothing is kept here: whoever
turns pages keeps the pictures.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from pos.printing.raster import PDFIUM

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_PIXELS = 40_000_000  # A4 at 600 dots an inch has 35 million


class Picture(NamedTuple):
    """Pixels from the top left, ready to be wrapped without a copy: a row takes `stride` bytes.

    A pixel is four bytes (red, green, blue, 255), or one of grey where grey was asked for.
    """

    width: int
    height: int
    stride: int
    pixels: bytes


def page_count(pdf: bytes) -> int:
    """How many pages the PDF has."""
    return len(page_sizes(pdf))


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of every page in points, 72 an inch."""
    with _opened(pdf) as document:
        return [(page.get_width(), page.get_height()) for page in document]


def page_picture(pdf: bytes, page: int, width_px: int, *, grey: bool = False) -> Picture:
    """One page (from 0), `width_px` wide and as high as its form asks; narrower if that were beyond all use.

    Args:
        pdf: the paper.
        page: which page, from 0.
        width_px: the wanted width in pixels of the device, 1 or more.
        grey: one byte a pixel, which is all that black ink needs.

    Raises:
        IndexError: there is no such page.
    """
    with _opened(pdf) as document:
        if not 0 <= page < len(document):
            raise IndexError(page)
        return _rendered(document[page], width_px, grey=grey)


def _rendered(page: Any, width_px: int, *, grey: bool) -> Picture:
    wide, high = page.get_width(), page.get_height()
    width_px = max(1, min(width_px, int((_MOST_PIXELS * wide / high) ** 0.5)))
    height_px = max(1, round(high * width_px / wide))
    # PDFium counts a part of a row or column as a whole one, and stretches the page over all of them. So the
    # scale that fills the smaller of the two is taken, less a hair for what floating numbers add.
    scale = min(width_px / wide, height_px / high) * (1 - 1e-9)
    bitmap = page.render(scale=scale, grayscale=grey, rev_byteorder=True, prefer_bgrx=True)
    try:
        return Picture(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
    finally:
        bitmap.close()


@contextmanager
def _opened(pdf: bytes) -> Iterator[Any]:
    """The document, while no other thread is in PDFium."""
    import pypdfium2

    with PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            yield document
        finally:
            document.close()
