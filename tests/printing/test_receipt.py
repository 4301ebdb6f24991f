"""The receipt: on the dots of a thermal head, for every way that an order can stand, and as long as it needs."""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from itertools import groupby, pairwise, takewhile
from typing import TYPE_CHECKING

import pypdfium2
import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image

from pos.l10n import BANGLA, ENGLISH
from pos.l10n.numbers import money
from pos.printing.codes import digits_alias
from pos.printing.content import Content
from pos.printing.raster import receipt_png, receipt_pngs
from pos.printing.receipt import receipt_pdf
from pos.services.views import BuyerView

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.printing.receipt import ReceiptWidth
    from pos.services.views import LineView, OrderView, ShopView
    from tests.printing.conftest import Placed

WIDTHS: tuple[ReceiptWidth, ...] = (58, 80)
DOTS = {58: 384, 80: 576}
MARGIN_DOTS = {58: 8, 80: 16}
LONG = "মোহাম্মদ আব্দুল্লাহ আল মামুন চৌধুরী ওরফে শামসুদ্দীন হায়দার মজুমদার জুনিয়র প্রোপ্রাইটর " * 3


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def page_heights_mm(pdf: bytes) -> list[float]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_height() * 25.4 / 72 for page in document]


def lengths(row: list[int]) -> list[int]:
    """Lengths of the runs of one shade, the white outside left out."""
    runs = [len(list(run)) for _, run in groupby(row)]
    return runs[1:-1]


@pytest.mark.parametrize("width_mm", WIDTHS)
def test_the_raster_is_one_bit_as_wide_as_the_head_with_white_edges(
    width_mm: ReceiptWidth, shop: ShopView, make_order: Callable[..., OrderView]
) -> None:
    strip = picture(receipt_png(receipt_pdf(make_order(), shop, width_mm=width_mm, locale=BANGLA), width_mm))
    assert strip.format == "PNG"
    assert strip.mode == "1"
    assert strip.width == DOTS[width_mm]
    left, _, right, bottom = strip.convert("L").point(lambda value: 255 - value).getbbox() or (0, 0, 0, 0)
    # The head line of a letter may stand a dot outside its advance.
    assert left >= MARGIN_DOTS[width_mm] - 1
    assert right <= DOTS[width_mm] - MARGIN_DOTS[width_mm] + 1
    assert 24 <= strip.height - bottom <= 40  # about 4 mm before the cut


@pytest.mark.parametrize("width_mm", WIDTHS)
@pytest.mark.parametrize("number", ["A-26-000147", "A7K-26-000147", "ZZ9Z-26-12345678"])
def test_the_barcode_reads_back_and_lies_on_the_dots(
    width_mm: ReceiptWidth, number: str, shop: ShopView, make_order: Callable[..., OrderView]
) -> None:
    pdf = receipt_pdf(make_order(number=number), shop, width_mm=width_mm, locale=BANGLA)
    strip = picture(receipt_png(pdf, width_mm)).convert("L")
    [code] = [c for c in zxingcpp.read_barcodes(strip) if c.format == zxingcpp.BarcodeFormat.Code128]
    assert code.text == digits_alias(number)
    middle = (code.position.top_left.y + code.position.bottom_left.y) // 2
    row = list(strip.crop((0, middle, strip.width, middle + 1)).tobytes())
    runs = lengths(row)
    module = {58: 3, 80: 4}[width_mm] - (len(code.text) > 10)
    assert all(run % module == 0 for run in runs)
    quiet = [len(list(run)) for _, run in groupby(row)]
    assert min(quiet[0], quiet[-1]) >= 10 * module


@pytest.mark.parametrize("width_mm", WIDTHS)
def test_rules_are_dashes_of_four_dots_on_three_off_two_high(
    width_mm: ReceiptWidth, shop: ShopView, make_order: Callable[..., OrderView]
) -> None:
    strip = picture(receipt_png(receipt_pdf(make_order(), shop, width_mm=width_mm, locale=BANGLA), width_mm))
    dashed = []
    grey = strip.convert("L")
    for y in range(strip.height):
        runs = lengths(list(grey.crop((0, y, strip.width, y + 1)).tobytes()))
        if len(runs) > 100 and set(runs[::2]) == {4} and set(runs[1::2]) == {3}:
            dashed.append(y)
    assert len(dashed) == 6
    assert all(second - first == 1 for first, second in zip(dashed[::2], dashed[1::2], strict=True))


def test_the_example_says_everything_in_order(
    shop: ShopView, make_order: Callable[..., OrderView], text_of: Callable[[bytes], str]
) -> None:
    text = text_of(receipt_pdf(make_order(), shop, width_mm=80, locale=ENGLISH))
    said = [
        "রূপকথা ঘর",
        "01733-456789 · নরসিংদী",
        "Receipt A-26-000147",
        "Tue 24 Nov 2026 5:46 PM",
        "9 Ogrohayon 1433 261st hat",
        "শারমিন আক্তার 01712-345678",
        "2 pcs × 690 1,380",
        "1 set × 690 − Discount 40 650",
        "Subtotal 11,760 Discount −260 Delivery charge 130",
        "Total ৳11,630",
        "Advance · bKash −3,000 TrxID DKO7A2KQ4Z",
        "COD Courier collects ৳8,630",
        "A-26-000147 Tell us of any fault within 3 days.",
        "Thank you. Come again.",
    ]
    places = [text.index(part) for part in said]
    assert places == sorted(places)
    assert "P068-04" not in text


@pytest.mark.parametrize("width_mm", WIDTHS)
@pytest.mark.parametrize(
    ("standing", "said"),
    [
        ({}, "৳8,630"),
        ({"rest": "due"}, "Due ৳8,630"),
        ({"payments": (("nagad", 1_163_000, "75AB12CD"),)}, "Nagad 11,630 TrxID 75AB12CD Paid ৳11,630"),
        (
            {"payments": (("cash", 1_200_000, None),)},
            "Cash given 12,000 Change returned 370 Paid ৳11,630",
        ),
        ({"status": "cancelled", "refund_owed_paisa": 300_000}, "bKash −3,000 TrxID DKO7A2KQ4Z Refund"),
        ({"status": "cancelled", "payments": ()}, "Total ৳11,630 Cancelled ৳0"),
        ({"rest": "due", "cod_paisa": 500_000}, "−3,000 TrxID DKO7A2KQ4Z Due −3,630 COD"),
    ],
)
def test_the_field_says_who_still_has_to_pay_what(
    width_mm: ReceiptWidth,
    standing: dict[str, object],
    said: str,
    shop: ShopView,
    make_order: Callable[..., OrderView],
    text_of: Callable[[bytes], str],
) -> None:
    text = text_of(receipt_pdf(make_order(**standing), shop, width_mm=width_mm, locale=ENGLISH))
    assert said in text


def test_a_cancelled_order_and_a_copy_say_so_under_title_and_number(
    shop: ShopView, make_order: Callable[..., OrderView], text_of: Callable[[bytes], str]
) -> None:
    order = make_order(status="cancelled", refund_owed_paisa=300_000)
    text = text_of(receipt_pdf(order, shop, width_mm=58, locale=ENGLISH, copy=2))
    assert "Receipt A-26-000147 Cancelled Copy 2" in text
    assert "Copy" not in text_of(receipt_pdf(order, shop, width_mm=58, locale=ENGLISH))


def test_without_a_buyer_his_lines_vanish(
    shop: ShopView, make_order: Callable[..., OrderView], text_of: Callable[[bytes], str]
) -> None:
    with_buyer = receipt_pdf(make_order(), shop, width_mm=58, locale=BANGLA)
    without = receipt_pdf(make_order(customer=None), shop, width_mm=58, locale=BANGLA)
    assert "ক্রেতা" not in text_of(without)
    assert page_heights_mm(without)[0] < page_heights_mm(with_buyer)[0]


@given(
    st.lists(st.tuples(st.integers(1, 10**7), st.integers(0, 10**10), st.booleans()), min_size=1, max_size=6),
    st.sampled_from(WIDTHS),
    st.sampled_from(["cod", "due"]),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_every_amount_is_whole_and_on_the_paper(
    shop: ShopView,
    make_order: Callable[..., OrderView],
    make_line: Callable[..., LineView],
    placed_in: Callable[[bytes], list[Placed]],
    goods: list[tuple[int, int, bool]],
    width_mm: ReceiptWidth,
    rest: str,
) -> None:
    lines = []
    for qty_milli, wanted_paisa, discounted in goods:
        price = min(wanted_paisa, 10**14 // qty_milli)  # an amount has at most 10^11 paisa
        line = make_line("কুর্তি", qty_milli=qty_milli, unit="packet", price_paisa=price)
        discount = line.amount_paisa // 3 if discounted else 0
        lines.append(replace(line, discount_paisa=discount, amount_paisa=line.amount_paisa - discount))
    order = make_order(lines=tuple(lines), discount_paisa=0, payments=(), rest=rest)
    content = Content(order, shop, BANGLA)
    placed = placed_in(receipt_pdf(order, shop, width_mm=width_mm, locale=BANGLA))
    texts = Counter(text.text for text in placed)
    figures = Counter(content.figure(line.amount_paisa) for line in lines)
    figures.update([content.figure(order.subtotal_paisa)])
    assert all(texts[figure] >= count for figure, count in figures.items())
    total = content.settled(order.total_paisa, taka=True)
    assert texts[total] >= 2 or (order.total_paisa == 0 and texts[total] >= 1)
    image = {58: 48, 80: 72}[width_mm]
    edge = {58: 1, 80: 2}[width_mm] - 0.4
    assert [t for t in placed if t.left < edge or t.right > image - edge] == []
    lined: dict[int, list[Placed]] = {}
    for text in placed:
        lined.setdefault(round(text.baseline * 10), []).append(text)
    for line_texts in lined.values():
        line_texts.sort(key=lambda text: text.left)
        assert all(one.right < other.left for one, other in pairwise(line_texts))


@pytest.mark.parametrize("width_mm", WIDTHS)
def test_a_long_name_takes_two_lines_and_keeps_its_variant(
    width_mm: ReceiptWidth,
    shop: ShopView,
    make_order: Callable[..., OrderView],
    make_line: Callable[..., LineView],
    text_of: Callable[[bytes], str],
) -> None:
    line = make_line(LONG[:200], size="৪২", colour="লাল")
    text = text_of(receipt_pdf(make_order(lines=(line,)), shop, width_mm=width_mm, locale=BANGLA))
    assert re.search(r"মোহাম্মদ .*… – ৪২ · লাল ১ টি × ৬৯০", text)


@pytest.mark.parametrize("width_mm", WIDTHS)
def test_hostile_and_endless_text_stays_on_the_paper(
    width_mm: ReceiptWidth,
    shop: ShopView,
    make_order: Callable[..., OrderView],
    make_line: Callable[..., LineView],
    placed_in: Callable[[bytes], list[Placed]],
) -> None:
    for name in ("a<b", "<img src=x>", "🍯", "\x1b@\x00", "ا" * 50, "ক" * 5000, "W" * 200, "্" * 200, LONG):
        hostile = replace(shop, name=name, trade=name, district=name)
        buyer = BuyerView(name, "+8801712345678", "+8801812345678", name, name, name)
        line = replace(make_line(name, size=name, colour=name), unit=name)
        order = make_order(lines=(line,), customer=buyer, payments=(("bank", 5_000, name),))
        placed = placed_in(receipt_pdf(order, hostile, width_mm=width_mm, locale=BANGLA))
        image = {58: 48, 80: 72}[width_mm]
        assert [t for t in placed if t.left < 0.4 or t.right > image - 0.4] == []
        assert "৳৫১০" in {text.text for text in placed}


@pytest.mark.parametrize("width_mm", WIDTHS)
@pytest.mark.parametrize(
    "name",
    [
        "নকশিকাঁথা হস্তশিল্প ঘর",
        "আনোয়ারা খাতুন বুটিক অ্যান্ড হ্যান্ডিক্রাফটস",
        "হ্যান্ডিক্রাফটস্‌-অ্যান্ড-ফ্যাশন নারায়ণগঞ্জ",
        "Bismillah Handicrafts-Boutique",
    ],
)
def test_a_long_shop_name_steps_down_and_keeps_its_words_whole(
    width_mm: ReceiptWidth,
    name: str,
    shop: ShopView,
    make_order: Callable[..., OrderView],
    placed_in: Callable[[bytes], list[Placed]],
) -> None:
    placed = placed_in(receipt_pdf(make_order(), replace(shop, name=name), width_mm=width_mm, locale=BANGLA))
    head = list(takewhile(lambda text: not text.text.startswith("দেশি"), placed))
    assert " ".join(text.text for text in head) == unicodedata.normalize("NFC", name)
    assert len(head) <= 2


@pytest.mark.parametrize("width_mm", WIDTHS)
def test_a_shop_name_takes_one_line_as_long_as_a_smaller_size_holds_it(
    width_mm: ReceiptWidth,
    shop: ShopView,
    make_order: Callable[..., OrderView],
    placed_in: Callable[[bytes], list[Placed]],
) -> None:
    name = {58: "নকশিকাঁথা হস্তশিল্প", 80: "আনোয়ারা খাতুন বুটিক ঘর"}[width_mm]
    named = replace(shop, name=name)
    placed = placed_in(receipt_pdf(make_order(), named, width_mm=width_mm, locale=BANGLA))
    assert placed[0].text == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("width_mm", WIDTHS)
@pytest.mark.parametrize("separator", [" · ", " ", ", "])
@pytest.mark.parametrize("count", range(1, 12))
def test_the_line_of_trade_keeps_whole_words_and_ends_in_no_separator(
    width_mm: ReceiptWidth,
    separator: str,
    count: int,
    shop: ShopView,
    make_order: Callable[..., OrderView],
    placed_in: Callable[[bytes], list[Placed]],
) -> None:
    goods = ["দেশি শাড়ি", "থ্রি-পিস", "খাঁটি খাবার", "হস্তশিল্প", "হোম ডেকর", "নকশিকাঁথা"] * 2
    trade = unicodedata.normalize("NFC", separator.join(goods[:count]))
    trading = replace(shop, trade=trade)
    placed = placed_in(receipt_pdf(make_order(), trading, width_mm=width_mm, locale=BANGLA))
    printed = [text.text for text in takewhile(lambda text: not text.text.startswith("০"), placed[1:])]
    assert 1 <= len(printed) <= 2
    assert not any(line.endswith(("·", ",")) for line in printed[-1:])
    assert not any(line.endswith("·") for line in printed)
    words = " ".join(printed).replace("·", "").split()
    assert words == trade.replace("·", "").split()[: len(words)] or words[-1].endswith("…")
    kept = [word.rstrip(",…") for word in words]
    assert kept == [word.rstrip(",") for word in trade.replace("·", "").split()][: len(kept)]


@pytest.mark.parametrize("width_mm", WIDTHS)
@pytest.mark.parametrize("name", ["শারমিন আক্তার", LONG[:60]])
def test_two_phones_end_in_no_separator(
    width_mm: ReceiptWidth,
    name: str,
    shop: ShopView,
    make_order: Callable[..., OrderView],
    placed_in: Callable[[bytes], list[Placed]],
) -> None:
    buyer = BuyerView(name, "+8801712345678", "+8801812345678", district="ঢাকা")
    far = replace(shop, district="ব্রাহ্মণবাড়িয়া সদর উপজেলা, চট্টগ্রাম বিভাগ")
    order = make_order(customer=buyer)
    texts = [t.text for t in placed_in(receipt_pdf(order, far, width_mm=width_mm, locale=BANGLA))]
    assert [text for text in texts if text.endswith("·") or text.startswith("·")] == []
    phones = ["০১৭১২-৩৪৫৬৭৮", "০১৮১২-৩৪৫৬৭৮"]
    assert [text for text in texts if "১২-৩৪৫৬৭৮" in text] == (
        phones if width_mm == 58 else [" · ".join(phones)]
    )


def test_four_hundred_lines_are_one_strip(
    shop: ShopView, make_order: Callable[..., OrderView], make_line: Callable[..., LineView]
) -> None:
    lines = tuple(make_line(f"পণ্য {n}", price_paisa=n * 100) for n in range(1, 401))
    pdf = receipt_pdf(make_order(lines=lines), shop, width_mm=80, locale=BANGLA)
    [height] = page_heights_mm(pdf)
    assert 4_400 < height <= 4_800
    strip = picture(receipt_png(pdf, 80))
    assert strip.size == (576, round(height * 8))


def test_a_receipt_beyond_four_point_eight_metres_comes_in_parts_with_the_sum_carried(
    shop: ShopView, make_order: Callable[..., OrderView], make_line: Callable[..., LineView]
) -> None:
    name = "রেডিমেড সালোয়ার কামিজ, হাতের কাজ করা ওড়না আর পায়জামাসহ"
    lines = tuple(make_line(name, size=str(n), price_paisa=n * 100) for n in range(1, 401))
    pdf = receipt_pdf(make_order(lines=lines), shop, width_mm=58, locale=ENGLISH)
    heights = page_heights_mm(pdf)
    assert len(heights) == 2
    assert max(heights) <= 4_800
    with pypdfium2.PdfDocument(pdf) as document:
        parts = [re.sub(r"\s+", " ", page.get_textpage().get_text_range()) for page in document]
    for number, part in enumerate(parts, 1):
        assert f"A-26-000147 Part {number}/2" in part
    for part, following in pairwise(parts):
        [carried] = re.findall(r"Carried forward ([\d,]+)", part)
        [brought] = re.findall(r"Brought forward ([\d,]+)", following)
        last = int(re.findall(r"– (\d+) 1 pcs", part)[-1])
        assert carried == brought == money(last * (last + 1) // 2 * 100, ENGLISH)
    assert "Subtotal" in parts[-1]
    assert "Subtotal" not in parts[0]
    strips = receipt_pngs(pdf, 58)
    assert [picture(strip).size for strip in strips] == [(384, round(height * 8)) for height in heights]
    assert receipt_png(pdf, 58) == strips[0]
    assert receipt_png(pdf, 58, page=1) == strips[1]
