"""What a thermal printer makes of our bytes: dot by dot the receipt's picture."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pos.l10n import BANGLA, ENGLISH
from pos.l10n.sentences import PHRASES
from pos.printing.escpos import BAND_ROWS, receipt_bytes
from pos.printing.output import receipt_job, thermal_job, trial_job
from pos.printing.raster import receipt_bitmaps, receipt_pngs
from pos.printing.receipt import receipt_pdf
from pos.printing.trial import trial_pdf
from pos.printing.typesetting import printable
from pos.services.views import ShopView
from tests.printing.conftest import TAKEN_AT_MS
from tests.printing.receipt_printers import ThermalHead

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.l10n import Locale
    from pos.printing.receipt import ReceiptWidth
    from pos.services.views import LineView, OrderView

WIDTHS: tuple[ReceiptWidth, ...] = (58, 80)
DOTS = {58: 384, 80: 576}
KICK = b"\x1bp\x00\x19\xfa"


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.mode == other.mode == "1" and one.size == other.size and one.tobytes() == other.tobytes()


def settings_of(width_mm: int, locale: Locale = BANGLA) -> dict[str, Any]:
    return {"paper.receipt": str(width_mm), "lang": locale.lang, "digits": locale.digits}


@pytest.mark.parametrize("locale", [BANGLA, ENGLISH], ids=["bn", "en"])
@pytest.mark.parametrize("width_mm", WIDTHS)
@pytest.mark.parametrize("count", [1, 6, 60])
def test_a_printer_puts_on_paper_the_very_picture_of_the_receipt(
    width_mm: ReceiptWidth,
    locale: Locale,
    count: int,
    shop: ShopView,
    make_order: Callable[..., OrderView],
    make_line: Callable[..., LineView],
) -> None:
    lines = tuple(
        make_line("ক্ষীরমোহন", name_en=f"Sweet {n}", size=str(n), price_paisa=n * 100)
        for n in range(1, count + 1)
    )
    order = make_order(lines=lines, discount_paisa=0, payments=())
    printer = ThermalHead().take(receipt_job(order, shop, settings_of(width_mm, locale)))
    [wanted] = receipt_pngs(receipt_pdf(order, shop, width_mm=width_mm, locale=locale), width_mm)
    [strip] = printer.strips
    assert same(strip, Image.open(io.BytesIO(wanted)))
    assert strip.width == DOTS[width_mm]
    assert max(printer.bands) == BAND_ROWS == 128
    assert printer.kicks == 0


def test_a_small_roll_is_fed_clear_of_the_bar_it_is_torn_at_and_a_large_one_by_its_knife(
    shop: ShopView, make_order: Callable[..., OrderView]
) -> None:
    fed = {mm: ThermalHead().take(receipt_job(make_order(), shop, settings_of(mm))).fed for mm in WIDTHS}
    assert fed == {58: [96], 80: [0]}


def test_a_receipt_of_several_parts_is_cut_after_each(
    shop: ShopView, make_order: Callable[..., OrderView], make_line: Callable[..., LineView]
) -> None:
    lines = tuple(make_line("রেডিমেড সালোয়ার কামিজ, হাতের কাজ করা ওড়না আর পায়জামাসহ") for _ in range(380))
    pdf = receipt_pdf(make_order(lines=lines), shop, width_mm=58, locale=BANGLA)
    printer = ThermalHead().take(thermal_job(pdf, 58))
    wanted = receipt_bitmaps(pdf, 58)
    assert len(wanted) == 2
    assert all(same(strip, part) for strip, part in zip(printer.strips, wanted, strict=True))


def test_the_drawer_opens_once_and_only_when_asked(
    shop: ShopView, make_order: Callable[..., OrderView]
) -> None:
    order = make_order()
    plain = receipt_job(order, shop, settings_of(80))
    opening = receipt_job(order, shop, settings_of(80), drawer=True)
    assert opening.startswith(b"\x1b@" + KICK)
    assert opening.replace(KICK, b"", 1) == plain
    assert ThermalHead().take(opening).kicks == 1


def test_a_second_print_says_that_it_is_a_copy(shop: ShopView, make_order: Callable[..., OrderView]) -> None:
    order = make_order()
    [copy] = ThermalHead().take(receipt_job(order, shop, settings_of(80), copy=2)).strips
    [wanted] = receipt_bitmaps(receipt_pdf(order, shop, width_mm=80, locale=BANGLA, copy=2), 80)
    assert same(copy, wanted)
    assert receipt_job(order, shop, settings_of(80)) != receipt_job(order, shop, settings_of(80), copy=2)


def test_no_command_of_a_hostile_name_reaches_the_printer(
    shop: ShopView, make_order: Callable[..., OrderView], make_line: Callable[..., LineView]
) -> None:
    order = make_order(lines=(make_line("\x1bp\x00\x19\xfa\x1dVB\x00মধু"),))
    printer = ThermalHead().take(receipt_job(order, shop, settings_of(58)))
    assert (len(printer.strips), printer.kicks) == (1, 0)


@given(
    size=st.tuples(st.integers(1, 40), st.integers(1, 300)),
    seed=st.binary(min_size=1, max_size=40),
    feed=st.integers(0, 600),
)
def test_any_picture_comes_back_whole(size: tuple[int, int], seed: bytes, feed: int) -> None:
    wide, high = size
    strip = Image.frombytes("1", size, (seed * (((wide + 7) // 8) * high))[: ((wide + 7) // 8) * high])
    printer = ThermalHead()
    printer.take(receipt_bytes([strip], feed_dots=feed))
    [paper] = printer.strips
    assert same(paper.crop((0, 0, wide, high)), strip)
    beside = paper.crop((wide, 0, paper.width, high)).convert("L")
    assert set(beside.tobytes()) <= {255}
    assert printer.fed == [feed]
    assert all(rows == BAND_ROWS for rows in printer.bands[:-1])


def test_a_roll_torn_by_hand_is_not_cut() -> None:
    strip = Image.new("1", (8, 2), 0)
    assert receipt_bytes([strip], feed_dots=0, cut=False) == b"\x1b@\x1dv0\x00\x01\x00\x02\x00\xff\xff"


@pytest.mark.parametrize("locale", [BANGLA, ENGLISH], ids=["bn", "en"])
@pytest.mark.parametrize("width_mm", WIDTHS)
def test_the_trial_paper_reaches_from_the_first_dot_to_the_last(
    width_mm: ReceiptWidth, locale: Locale, shop: ShopView, text_of: Callable[[bytes], str]
) -> None:
    settings = settings_of(width_mm, locale)
    [strip] = ThermalHead().take(trial_job(shop, settings, TAKEN_AT_MS)).strips
    ink = strip.convert("L").point(lambda value: 255 - value).getbbox()
    assert ink is not None
    assert (ink[0], ink[2]) == (0, DOTS[width_mm])
    assert 40 * 8 < strip.height < 130 * 8
    assert strip.height - ink[3] >= 24  # white before the cut
    text = text_of(trial_pdf(shop, at_ms=TAKEN_AT_MS, width_mm=width_mm, locale=locale))
    assert "রূপকথা ঘর" in text
    assert "ক্ষ জ্ঞ ঞ্চ" in text
    assert ("মঙ্গল ২৪ নভে ২০২৬" if locale is BANGLA else "Tue 24 Nov 2026") in text
    assert {58: ("৩৮৪", "384"), 80: ("৫৭৬", "576")}[width_mm][locale is ENGLISH] in text


@pytest.mark.parametrize("name", ["", "🍯", "W" * 200, "আনোয়ারা খাতুন বুটিক অ্যান্ড হ্যান্ডিক্রাফটস " * 4])
@pytest.mark.parametrize("width_mm", WIDTHS)
def test_the_trial_paper_takes_any_shop_name(width_mm: ReceiptWidth, name: str) -> None:
    [strip] = ThermalHead().take(trial_job(ShopView(name), settings_of(width_mm), TAKEN_AT_MS)).strips
    assert strip.width == DOTS[width_mm]


def test_the_words_of_the_trial_paper_can_be_printed() -> None:
    for name, pair in PHRASES.items():
        if name.startswith("trial_"):
            assert [text for text in pair if printable(text) != text] == []
