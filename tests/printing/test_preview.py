"""Pages as pictures for the screen: the same ink as on paper, at any width, from several threads at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pos.l10n import BANGLA
from pos.printing.invoice import invoice_pdf
from pos.printing.page import Paper
from pos.printing.preview import Picture, page_count, page_picture, page_sizes
from pos.printing.raster import receipt_bitmaps
from pos.printing.receipt import receipt_pdf

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.printing.receipt import ReceiptWidth
    from pos.services.views import LineView, OrderView, ShopView


@pytest.fixture(scope="module")
def two_pages(
    shop: ShopView, make_order: Callable[..., OrderView], make_line: Callable[..., LineView]
) -> bytes:
    order = make_order(lines=tuple(make_line(size=str(number)) for number in range(24)))
    return invoice_pdf(order, shop, paper="A4", locale=BANGLA)


def image(picture: Picture) -> Image.Image:
    mode = "RGBX" if picture.stride >= picture.width * 4 else "L"
    size = (picture.width, picture.height)
    return Image.frombytes(
        "RGB" if mode == "RGBX" else "L", size, picture.pixels, "raw", mode, picture.stride, 1
    )


def ink(picture: Image.Image) -> int:
    return sum(picture.convert("L").histogram()[:128])


def test_pages_are_counted_and_measured(two_pages: bytes) -> None:
    assert page_count(two_pages) == 2
    for wide, high in page_sizes(two_pages):
        assert (round(wide * 25.4 / 72), round(high * 25.4 / 72)) == (210, 297)


@given(width_px=st.integers(1, 900))
def test_a_page_is_as_wide_as_asked_and_keeps_its_form(width_px: int) -> None:
    paper = Paper((210, 297), title="পাতা", author="রূপকথা ঘর")
    paper.bar(20, 20, 100, 100)
    picture = page_picture(paper.finish(), 0, width_px)
    assert picture.width == width_px
    assert abs(picture.height - width_px * 297 / 210) <= 1
    assert picture.stride >= picture.width * 4
    assert len(picture.pixels) == picture.stride * picture.height


def test_pixels_are_red_green_blue_and_opaque() -> None:
    paper = Paper((40, 40), title="পাতা", author="রূপকথা ঘর")
    paper._canvas.setFillColorRGB(1, 0, 0)
    paper._canvas.rect(0, 0, 60, 200, stroke=0, fill=1)
    picture = page_picture(paper.finish(), 0, 80)
    row = picture.pixels[: picture.stride]
    assert row[:4] == b"\xff\x00\x00\xff"
    assert row[79 * 4 : 80 * 4] == b"\xff\xff\xff\xff"


def test_every_page_is_its_own_picture(two_pages: bytes) -> None:
    first, second = (image(page_picture(two_pages, page, 600)) for page in range(2))
    assert first.tobytes() != second.tobytes()
    assert min(ink(first), ink(second)) > 2_000


def test_grey_has_the_same_ink_in_a_quarter_of_the_bytes(two_pages: bytes) -> None:
    full, grey = page_picture(two_pages, 0, 800), page_picture(two_pages, 0, 800, grey=True)
    assert (full.width, full.height) == (grey.width, grey.height)
    assert len(grey.pixels) * 4 == len(full.pixels)
    # PDFium sets letters a part of a pixel elsewhere in its grey pictures.
    assert abs(ink(image(full)) - ink(image(grey))) < ink(image(full)) // 10


@pytest.mark.parametrize(("width_mm", "dots"), [(58, 384), (80, 576)])
def test_the_screen_shows_the_very_dots_that_the_receipt_printer_burns(
    width_mm: int, dots: int, shop: ShopView, make_order: Callable[..., OrderView]
) -> None:
    mm: ReceiptWidth = 58 if width_mm == 58 else 80
    pdf = receipt_pdf(make_order(), shop, width_mm=mm, locale=BANGLA)
    [strip] = receipt_bitmaps(pdf, mm)
    shown = image(page_picture(pdf, 0, dots, grey=True)).point(lambda v: 255 if v >= 165 else 0, mode="1")
    assert shown.size == strip.size
    assert shown.tobytes() == strip.tobytes()


def test_a_page_beyond_all_use_is_made_smaller(two_pages: bytes) -> None:
    picture = page_picture(two_pages, 0, 60_000, grey=True)
    assert 30_000_000 < picture.width * picture.height <= 40_100_000


@pytest.mark.parametrize("page", [-1, 2, 400])
def test_a_page_that_is_not_there_is_said(two_pages: bytes, page: int) -> None:
    with pytest.raises(IndexError):
        page_picture(two_pages, page, 100)


def test_several_threads_may_ask_at_once(two_pages: bytes) -> None:
    expected = [page_picture(two_pages, page, 300) for page in range(2)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda turn: page_picture(two_pages, turn % 2, 300), range(12)))
    assert found == expected * 6
