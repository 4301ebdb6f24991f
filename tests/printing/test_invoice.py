"""The invoice: every amount whole and in its place, for every way that an order can stand."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pos.l10n import BANGLA, ENGLISH, Locale
from pos.l10n.numbers import money
from pos.printing.content import Content, joined_address
from pos.printing.invoice import invoice_pdf
from pos.printing.pagination import paginate
from pos.services.views import BuyerView

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.printing.invoice import InvoicePaper
    from pos.services.views import LineView, OrderView, ShopView
    from tests.printing.conftest import Placed

PAPERS: tuple[InvoicePaper, ...] = ("A4", "A5")
MARGINS = {"A4": 14, "A5": 10}
WIDTHS = {"A4": 210, "A5": 148}

money_paisa = st.integers(0, 99_999).map(lambda n: n * 100) | st.integers(0, 10**10)


def words_of(text: str) -> Counter[str]:
    return Counter(text.split())


def pages(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [re.sub(r"\s+", " ", page.get_textpage().get_text_range()) for page in document]


def colliding(placed: list[Placed]) -> list[tuple[str, str]]:
    """Texts on one baseline whose ink runs into one another."""
    lines: dict[tuple[int, int], list[Placed]] = {}
    for text in placed:
        lines.setdefault((text.page, round(text.baseline * 10)), []).append(text)
    found = []
    for line in lines.values():
        line.sort(key=lambda text: text.left)
        found += [(one.text, other.text) for one, other in pairwise(line) if one.right > other.left + 0.05]
    return found


def beyond_margins(placed: list[Placed], paper: InvoicePaper) -> list[str]:
    margin = MARGINS[paper]
    # Ink may stand a hair outside its advance: the head line of a letter does.
    return [t.text for t in placed if t.left < margin - 0.4 or t.right > WIDTHS[paper] - margin + 0.4]


# what the example says


def test_the_example_says_everything_once(
    shop: ShopView, make_order: Callable[..., OrderView], text_of: Callable[[bytes], str]
) -> None:
    text = text_of(invoice_pdf(make_order(), shop, paper="A4", locale=BANGLA))
    for said in (
        "রূপকথা ঘর",
        "দেশি শাড়ি · খাঁটি খাবার · হস্তশিল্প",
        "১২/বি স্টেশন রোড, নরসিংদী ১৬০০ · ০১৭৩৩-৪৫৬৭৮৯",
        "ইনভয়েস A-26-000147",
        "শারমিন আক্তার ০১৭১২-৩৪৫৬৭৮ বাসা ৩/এ, রোড ৭, ব্লক সি, মিরপুর ১০, ঢাকা ১২১৬",
        "২৪ নভেম্বর ২০২৬ ৯ অগ্রহায়ণ ১৪৩৩ মঙ্গল ৫:৪৬ PM ২৬১তম হাট",
        "ক্র. পণ্য পরিমাণ দর ছাড় টাকা",
        "১ জামদানি শাড়ি ১২ হাত · মেরুন · P068-04 ১ টি ৬,৫০০ – ৬,৫০০",
        "৪ সুন্দরবনের মধু P017 ১.৫ কেজি ১,০০০ – ১,৫০০",
        "১ সেট ৬৯০ ৪০ ৬৫০",
        "কথায় এগারো হাজার ছয়শ ত্রিশ টাকা মাত্র",
        "পেমেন্ট বিকাশ ৳৩,০০০ · TrxID DKO7A2KQ4Z ২৪ নভেম্বর ২০২৬, ৫:৪৫ PM",
        "পণ্যের দাম ১১,৭৬০ ছাড় −২৬০ ডেলিভারি চার্জ ১৩০",
        "মোট ৳১১,৬৩০",
        "অগ্রিম পেয়েছি · বিকাশ −৩,০০০",
        "COD কুরিয়ার তুলবে পার্সেল হাতে পেয়ে দিন ৳৮,৬৩০",
        "ধন্যবাদ, আবার আসবেন।",
        "পণ্যে ত্রুটি থাকলে ৩ দিনের মধ্যে ০১৭৩৩-৪৫৬৭৮৯ নম্বরে জানান। fb.com/rupkothaghor পাতা ১/১",
    ):
        assert unicodedata.normalize("NFC", said) in text


def test_it_reads_from_the_shop_to_the_foot(
    shop: ShopView, make_order: Callable[..., OrderView], text_of: Callable[[bytes], str]
) -> None:
    text = text_of(invoice_pdf(make_order(), shop, paper="A5", locale=ENGLISH))
    order = ["রূপকথা ঘর", "Invoice", "Customer", "Date", "Delivery", "No.", "In words", "Payment"]
    order += ["Subtotal", "Total", "Advance received", "COD", "Thank you", "Page 1/1"]
    places = [text.index(word) for word in order]
    assert places == sorted(places)


def test_the_english_invoice_takes_english_names_words_and_digits(
    shop: ShopView,
    make_order: Callable[..., OrderView],
    make_line: Callable[..., LineView],
    text_of: Callable[[bytes], str],
) -> None:
    lines = (make_line("মধু", name_en="Honey", qty_milli=1500, unit="kg"), make_line("গুড়"))
    text = text_of(invoice_pdf(make_order(lines=lines), shop, paper="A4", locale=ENGLISH))
    assert "1 Honey P001 1.5 kg 690 1,035" in text
    assert "2 গুড়".replace("\u09dc", "\u09a1\u09bc") in text
    assert "One thousand five hundred ninety-five taka only" in text
    assert "24 November 2026" in text
    assert not re.search("[০-৯]", text.replace("১২/বি", "").replace("১৬০০", "").split("Delivery")[1])


def test_digits_follow_their_own_setting(
    shop: ShopView, make_order: Callable[..., OrderView], text_of: Callable[[bytes], str]
) -> None:
    text = text_of(invoice_pdf(make_order(), shop, paper="A4", locale=Locale("bn", "latin")))
    assert "৳8,630" in text
    assert "24 নভেম্বর 2026" in text


def test_what_is_not_known_leaves_no_trace(
    shop: ShopView, make_order: Callable[..., OrderView], text_of: Callable[[bytes], str]
) -> None:
    bare = replace(shop, trade="", address="", district="", page="", phone="", complaint_days=0)
    order = make_order(customer=None, hat_ordinal=None, payments=(), discount_paisa=0, delivery_paisa=0)
    text = text_of(invoice_pdf(order, bare, paper="A4", locale=BANGLA))
    assert "খুচরা ক্রেতা" in text
    for word in ("ডেলিভারি", "হাট", "পেমেন্ট", "অগ্রিম", "ত্রুটি", "·  ·"):
        assert word not in text.replace("১২ হাত · মেরুন", "")


def test_without_discounts_there_is_no_discount_column(
    shop: ShopView,
    make_order: Callable[..., OrderView],
    make_line: Callable[..., LineView],
    placed_in: Callable[[bytes], list[Placed]],
) -> None:
    order = make_order(lines=(make_line(),), discount_paisa=0)
    placed = placed_in(invoice_pdf(order, shop, paper="A4", locale=ENGLISH))
    assert "Discount" not in {text.text for text in placed}
    quantity = next(text for text in placed if text.text == "Quantity")
    assert quantity.left > 125


# how an order can stand


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize(
    ("standing", "said"),
    [
        ({}, "COD কুরিয়ার তুলবে পার্সেল হাতে পেয়ে দিন ৳৮,৬৩০"),
        ({"rest": "due"}, "বাকি ৳৮,৬৩০"),
        ({"payments": (("nagad", 1_163_000, "75AB12CD"),)}, "নগদ −১১,৬৩০ পরিশোধিত ৳১১,৬৩০"),
        (
            {"payments": (("cash", 1_200_000, None),)},
            "ক্যাশ দিয়েছেন −১২,০০০ ফেরত দেওয়া হয়েছে ৩৭০ পরিশোধিত ৳১১,৬৩০",
        ),
        ({"status": "cancelled", "refund_owed_paisa": 300_000}, "ফেরত আমরা ফেরত দেব ৳৩,০০০"),
        ({"status": "cancelled", "payments": ()}, "মোট ৳১১,৬৩০ বাতিল ৳০"),
        ({"rest": "due", "cod_paisa": 500_000}, "−৩,০০০ বাকি −৩,৬৩০ COD কুরিয়ার তুলবে পার্সেল হাতে পেয়ে দিন ৳৫,০০০"),
    ],
)
def test_the_box_says_who_still_has_to_pay_what(
    paper: InvoicePaper,
    standing: dict[str, object],
    said: str,
    shop: ShopView,
    make_order: Callable[..., OrderView],
    text_of: Callable[[bytes], str],
) -> None:
    text = text_of(invoice_pdf(make_order(**standing), shop, paper=paper, locale=BANGLA))
    assert unicodedata.normalize("NFC", said) in text


def test_a_cancelled_order_says_so_under_the_title(
    shop: ShopView, make_order: Callable[..., OrderView], placed_in: Callable[[bytes], list[Placed]]
) -> None:
    order = make_order(status="cancelled", refund_owed_paisa=300_000)
    placed = placed_in(invoice_pdf(order, shop, paper="A4", locale=ENGLISH, copy=2))
    title, cancelled, number, copy = (
        next(text for text in placed if text.text == said)
        for said in ("Invoice", "Cancelled", "A-26-000147", "Copy 2")
    )
    assert title.baseline < cancelled.baseline < number.baseline < copy.baseline


def test_the_first_print_is_no_copy_and_the_second_is(
    shop: ShopView, make_order: Callable[..., OrderView], text_of: Callable[[bytes], str]
) -> None:
    assert "কপি" not in text_of(invoice_pdf(make_order(), shop, paper="A4", locale=BANGLA))
    text = text_of(invoice_pdf(make_order(), shop, paper="A4", locale=BANGLA, copy=2))
    assert "A-26-000147 কপি ২" in text


# paisa


def test_paisa_are_shown_by_every_line_or_by_none(
    shop: ShopView,
    make_order: Callable[..., OrderView],
    make_line: Callable[..., LineView],
    text_of: Callable[[bytes], str],
) -> None:
    lines = (
        make_line("ঢেঁকিছাঁটা লাল চাল", qty_milli=1250, unit="kg", price_paisa=11_000),
        make_line("নিম সাবান", qty_milli=3000, price_paisa=9_000),
    )
    order = make_order(lines=lines, discount_paisa=0, delivery_paisa=0, rounding_paisa=50, payments=())
    text = text_of(invoice_pdf(order, shop, paper="A4", locale=ENGLISH))
    assert "1.25 kg 110.00 137.50" in text
    assert "3 pcs 90.00 270.00" in text
    assert "Subtotal 407.50 Rounding 0.50 Total ৳408" in text
    assert "৳408.00" not in text
    unrounded = make_order(
        lines=lines, discount_paisa=0, delivery_paisa=0, payments=(("cash", 10_000, None),)
    )
    text = text_of(invoice_pdf(unrounded, shop, paper="A4", locale=ENGLISH))
    assert "Total ৳407.50 Advance received · Cash −100.00" in text


# many lines


def test_twenty_four_lines_take_two_pages_as_in_the_design(
    shop: ShopView, make_order: Callable[..., OrderView], lines: tuple[LineView, ...]
) -> None:
    first, last = pages(invoice_pdf(make_order(lines=lines * 4), shop, paper="A4", locale=ENGLISH))
    assert re.findall(r"\b15 সুন্দরবনের|\b16 সুন্দরবনের", first) == []
    assert "Carried forward" in first
    assert "Page 1/2" in first
    carried = sum(line.amount_paisa for line in (lines * 4)[:15])
    assert f"Carried forward {money(carried, ENGLISH)}" in first
    assert f"Brought forward {money(carried, ENGLISH)} 16 " in last
    assert "A-26-000147" in last
    assert "Page 2/2" in last


def test_a_middle_page_holds_eighteen_rows(
    shop: ShopView, make_order: Callable[..., OrderView], lines: tuple[LineView, ...]
) -> None:
    _, middle, _ = pages(invoice_pdf(make_order(lines=(lines * 7)[:40]), shop, paper="A4", locale=ENGLISH))
    assert re.search(r"Brought forward [\d,]+ 16 ", middle)
    assert "Brought forward" in middle
    assert " 33 " in middle
    assert " 34 " not in middle


def test_four_hundred_lines_take_about_fourteen_pages_and_every_sum_is_carried(
    shop: ShopView, make_order: Callable[..., OrderView], make_line: Callable[..., LineView]
) -> None:
    lines = tuple(make_line(f"পণ্য {n}", price_paisa=n * 100) for n in range(1, 401))
    printed = pages(invoice_pdf(make_order(lines=lines), shop, paper="A4", locale=ENGLISH))
    assert 13 <= len(printed) <= 15
    for page, following in pairwise(printed):
        [carried] = re.findall(r"Carried forward ([\d,]+)", page)
        [brought] = re.findall(r"Brought forward ([\d,]+)", following)
        last = max(int(n) for n in re.findall(r"(\d+) পণ্য \d+ 1 pcs", page))
        assert carried == brought == money(last * (last + 1) // 2 * 100, ENGLISH)
    assert f"Subtotal {money(400 * 401 // 2 * 100, ENGLISH)}" in printed[-1]
    assert f"Page {len(printed)}/{len(printed)}" in printed[-1]
    assert len(re.findall(r"\d+ পণ্য \d+ 1 pcs", printed[-1])) >= 2


@given(st.lists(st.floats(5, 30), max_size=60), st.floats(60, 250), st.floats(0, 50))
def test_pages_hold_their_rows_and_the_sums_stand_under_two(
    heights: list[float], room: float, sums: float
) -> None:
    ends = paginate(heights, room=lambda page: room, room_with_sums=lambda page: room - sums)
    starts = [0, *ends[:-1]]
    assert ends[-1] == len(heights)
    for start, end in zip(starts, ends, strict=True):
        assert sum(heights[start:end]) <= room + 1e-3 or end - start == 1
    if len(heights) >= 2 and max(heights) * 2 <= room - sums:
        assert ends[-1] - starts[-1] >= 2
        assert sum(heights[starts[-1] :]) <= room - sums + 1e-3


# width


@given(
    st.lists(st.tuples(st.integers(1, 10**7), st.integers(0, 10**10), st.booleans()), min_size=1, max_size=6),
    st.sampled_from(PAPERS),
    st.sampled_from([BANGLA, ENGLISH]),
    st.sampled_from(["pcs", "packet", "kg"]),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_every_amount_is_whole_and_runs_into_nothing(
    shop: ShopView,
    make_order: Callable[..., OrderView],
    make_line: Callable[..., LineView],
    placed_in: Callable[[bytes], list[Placed]],
    goods: list[tuple[int, int, bool]],
    paper: InvoicePaper,
    locale: Locale,
    unit: str,
) -> None:
    lines = []
    for qty_milli, wanted_paisa, discounted in goods:
        price = min(wanted_paisa, 10**14 // qty_milli)  # an amount has at most 10^11 paisa
        line = make_line("কুর্তি", qty_milli=qty_milli, unit=unit, price_paisa=price)
        discount = line.amount_paisa // 3 if discounted else 0
        lines.append(replace(line, discount_paisa=discount, amount_paisa=line.amount_paisa - discount))
    order = make_order(lines=tuple(lines), discount_paisa=0, payments=())
    content = Content(order, shop, locale)
    placed = placed_in(invoice_pdf(order, shop, paper=paper, locale=locale))
    texts = Counter(text.text for text in placed)
    expected = Counter(
        figure
        for line in lines
        for figure in (content.figure(line.price_paisa), content.figure(line.amount_paisa))
    )
    expected.update([content.figure(order.subtotal_paisa)])
    assert all(texts[figure] >= count for figure, count in expected.items())
    assert texts[content.settled(order.total_paisa, taka=True)] >= 2  # the total and the box
    assert colliding(placed) == []
    assert beyond_margins(placed, paper) == []


LONG = "মোহাম্মদ আব্দুল্লাহ আল মামুন চৌধুরী ওরফে শামসুদ্দীন হায়দার মজুমদার জুনিয়র প্রোপ্রাইটর " * 3


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("locale", [BANGLA, ENGLISH])
def test_the_longest_names_keep_to_their_places(
    paper: InvoicePaper,
    locale: Locale,
    shop: ShopView,
    make_order: Callable[..., OrderView],
    make_line: Callable[..., LineView],
    placed_in: Callable[[bytes], list[Placed]],
) -> None:
    lengthy = replace(shop, name=LONG[:200], trade=LONG, address=LONG, page="https://" + "w" * 190)
    buyer = BuyerView(LONG[:200], "+8801712345678", "+8801812345678", LONG, LONG[:60], LONG[60:120])
    lines = tuple(
        make_line(name, size=LONG[:80], colour=LONG[:80], sku="SKU-0123456789-0123")
        for name in (LONG[:200], "ক" * 200, "W" * 200)
    )
    payments = tuple(("bkash", 100 * n, "DKO7A2KQ4Z") for n in range(1, 13))
    for count in (1, 3, 4, 12):
        order = make_order(lines=lines, customer=buyer, payments=payments[:count])
        placed = placed_in(invoice_pdf(order, lengthy, paper=paper, locale=locale, copy=2))
        assert colliding(placed) == []
        assert beyond_margins(placed, paper) == []
        said = " ".join(text.text for text in placed)
        assert "SKU-0123456789-0123" in said
        assert Content(order, shop, locale).shop_phone in said
        assert Content(order, shop, locale).buyer_phones in said


ADDRESS = "বাসা ৩/এ, তৃতীয় তলা, রোড ৭, ব্লক সি, মিরপুর ১০, ঢাকা ১২১৬"
LONG_ADDRESS = (
    "আনোয়ারা ভিলা, তৃতীয় তলা, রোড ৭, ব্লক সি, মসজিদের পাশের গলি, কাজীপাড়া বাসস্ট্যান্ডের পূর্ব দিকে, "
    "শেওড়াপাড়া, পশ্চিম কাফরুল, ঢাকা ১২১৬"
)


@pytest.mark.parametrize(("paper", "address"), [("A4", LONG_ADDRESS), ("A5", LONG_ADDRESS), ("A5", ADDRESS)])
@pytest.mark.parametrize("count", [1, 6, 15, 24])
def test_a_buyers_name_of_two_lines_costs_the_address_none(
    paper: InvoicePaper,
    address: str,
    count: int,
    shop: ShopView,
    make_order: Callable[..., OrderView],
    lines: tuple[LineView, ...],
    placed_in: Callable[[bytes], list[Placed]],
) -> None:
    buyer = BuyerView(LONG[:70], "+8801712345678", "+8801812345678", address, "ঢাকা")
    order = make_order(lines=(lines * 4)[:count], customer=buyer, discount_paisa=0)
    placed = placed_in(invoice_pdf(order, shop, paper=paper, locale=BANGLA))
    said = " ".join(text.text for text in placed if text.page == 0)
    assert unicodedata.normalize("NFC", address) in said
    assert "…" not in said
    lowest = max(t.baseline for t in placed if t.page == 0 and "ঢাকা ১২১৬" in t.text)
    head = next(t for t in placed if t.page == 0 and t.text == "পণ্য")
    above_the_rule = {"A4": 8 * 0.64 + 2.5, "A5": 6.6 * 0.64 + 2}[paper]
    assert lowest < head.baseline - above_the_rule
    assert "৳" in "".join(t.text for t in placed if t.page == placed[-1].page)
    assert colliding(placed) == []
    assert beyond_margins(placed, paper) == []
    assert max(t.baseline for t in placed) <= {"A4": 297, "A5": 210}[paper] - MARGINS[paper]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("locale", [BANGLA, ENGLISH])
@pytest.mark.parametrize("unit", ["pcs", "packet"])
def test_very_wide_amounts_keep_their_distance(
    paper: InvoicePaper,
    locale: Locale,
    unit: str,
    shop: ShopView,
    make_order: Callable[..., OrderView],
    make_line: Callable[..., LineView],
    placed_in: Callable[[bytes], list[Placed]],
) -> None:
    name = "রেডিমেড সালোয়ার কামিজ, হাতের কাজ করা ওড়না আর পায়জামাসহ"
    wide = make_line(name, qty_milli=900_000, unit=unit, price_paisa=99_999_999, discount_paisa=99_999_999)
    half = make_line(name, qty_milli=9_000, unit=unit, price_paisa=99_999_999, discount_paisa=89_991)
    placed = placed_in(invoice_pdf(make_order(lines=(half, wide)), shop, paper=paper, locale=locale))
    content = Content(make_order(lines=(half, wide)), shop, locale)
    for line in (half, wide):
        rows = {t.baseline for t in placed if t.text == content.figure(line.amount_paisa)}
        row = sorted((t for t in placed if t.baseline == min(rows)), key=lambda t: t.left)
        assert [t.text for t in row][-3:] == [
            content.figure(paisa) for paisa in (line.price_paisa, line.discount_paisa, line.amount_paisa)
        ]
        assert row[-4].text == content.unit(line)
        assert min(right.left - left.right for left, right in pairwise(row[-4:])) >= 2.5
        assert row[-5].left - row[-6].right >= 2.5  # the name and the quantity


# hostile text


@pytest.mark.parametrize(
    "name",
    [
        "a<b",
        "<img src=file:///etc/passwd>",
        "&amp; </para><b>",
        "(নাম) \\) Tj ET",
        "🍯🍯🍯",
        "\x00\x1b@\x07",
        "ا" * 50,
        "\u202eabc",
        "ক" * 200,
        "্" * 200,
        "\ud83d",
        "%s {name} {{}}",
        "ক" * 5000,
    ],
)
def test_a_hostile_name_is_only_a_name(
    name: str,
    shop: ShopView,
    make_order: Callable[..., OrderView],
    make_line: Callable[..., LineView],
    text_of: Callable[[bytes], str],
) -> None:
    hostile = replace(shop, name=name, trade=name, address=name, page=name)
    buyer = BuyerView(name, "+8801712345678", None, name, name, name)
    line = replace(make_line(name, size=name, colour=name), unit=name)
    order = make_order(lines=(line,), customer=buyer, payments=(("bank", 5_000, name),))
    text = text_of(invoice_pdf(order, hostile, paper="A5", locale=BANGLA))
    assert "৳৫১০" in text
    assert "P001" in text
    if name.isprintable() and name.isascii():
        assert name in text


# addresses


@pytest.mark.parametrize(
    ("address", "thana", "district", "printed"),
    [
        ("বাসা ৩, মিরপুর ১০, ঢাকা ১২১৬", "মিরপুর", "ঢাকা", "বাসা ৩, মিরপুর ১০, ঢাকা ১২১৬"),
        ("বাসা ৩", "মিরপুর", "ঢাকা", "বাসা ৩, মিরপুর, ঢাকা"),
        ("বাসা ৩, মিরপুর", "মিরপুর", "ঢাকা", "বাসা ৩, মিরপুর, ঢাকা"),
        ("House 5, Mirpur, DHAKA-1216", "Mirpur", "Dhaka", "House 5, Mirpur, DHAKA-1216"),
        ("ঢাকা রোড", "সদর", "টাঙ্গাইল", "ঢাকা রোড, সদর, টাঙ্গাইল"),
        ("রোড ৭, ঢাকা", "মিরপুর", "ঢাকা", "রোড ৭, ঢাকা"),
        ("", "", "ঢাকা", "ঢাকা"),
        ("", "", "", ""),
    ],
)
def test_an_address_names_each_place_once(address: str, thana: str, district: str, printed: str) -> None:
    assert joined_address(address, thana, district) == printed
