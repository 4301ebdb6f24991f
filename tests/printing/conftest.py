"""A shop, its orders, and readers of what was printed."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from pos.domain.times import DHAKA
from pos.services.views import BuyerView, LineView, OrderView, PaymentView, ShopView

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL.Image import Image

TAKEN_AT_MS = int(dt.datetime(2026, 11, 24, 17, 46, tzinfo=DHAKA).timestamp() * 1000)
MM_PER_POINT = 25.4 / 72


class Placed(NamedTuple):
    """A text on a page and where it stands, in millimetres from the top left."""

    page: int
    text: str
    left: float
    right: float
    baseline: float


@pytest.fixture(scope="session")
def shop() -> ShopView:
    return ShopView(
        name="রূপকথা ঘর",
        phone="+8801733456789",
        trade="দেশি শাড়ি · খাঁটি খাবার · হস্তশিল্প",
        address="১২/বি স্টেশন রোড, নরসিংদী ১৬০০",
        district="নরসিংদী",
        page="fb.com/rupkothaghor",
    )


@pytest.fixture(scope="session")
def buyer() -> BuyerView:
    return BuyerView(
        "শারমিন আক্তার",
        "+8801712345678",
        None,
        "বাসা ৩/এ, রোড ৭, ব্লক সি, মিরপুর ১০, ঢাকা ১২১৬",
        district="ঢাকা",
        thana="মিরপুর",
    )


@pytest.fixture(scope="session")
def make_line() -> Callable[..., LineView]:
    def make(
        name: str = "কুর্তি",
        *,
        size: str = "",
        colour: str = "",
        sku: str = "P001",
        qty_milli: int = 1000,
        unit: str = "pcs",
        price_paisa: int = 69_000,
        discount_paisa: int = 0,
        name_en: str = "",
    ) -> LineView:
        amount = (2 * qty_milli * price_paisa + 1000) // 2000 - discount_paisa
        return LineView(
            sku, sku[:4], name, name_en, size, colour, unit, qty_milli, price_paisa, discount_paisa, amount
        )

    return make


@pytest.fixture(scope="session")
def lines(make_line: Callable[..., LineView]) -> tuple[LineView, ...]:
    """The six lines of the paper design's example; their sum is 11,760 taka."""
    return (
        make_line("জামদানি শাড়ি", size="১২ হাত", colour="মেরুন", sku="P068-04", price_paisa=650_000),
        make_line("টাঙ্গাইল তাঁতের শাড়ি", colour="নীল", sku="P067-02", price_paisa=115_000),
        make_line("কুর্তি", size="M", colour="কালো", sku="P077-05", qty_milli=2000),
        make_line("সুন্দরবনের মধু", sku="P017", qty_milli=1500, unit="kg", price_paisa=100_000),
        make_line("ঘানি ভাঙা সরিষার তেল", sku="P013", qty_milli=2000, unit="litre", price_paisa=29_000),
        make_line("কুশন কভার সেট (৫ পিস)", colour="লাল", sku="P118-02", unit="set", discount_paisa=4_000),
    )


@pytest.fixture(scope="session")
def make_order(lines: tuple[LineView, ...], buyer: BuyerView) -> Callable[..., OrderView]:
    """Orders whose sums are right; what is left of the total goes to the courier unless told otherwise."""
    example = lines

    def make(
        *,
        lines: tuple[LineView, ...] = example,
        payments: tuple[tuple[str, int, str | None], ...] = (("bkash", 300_000, "DKO7A2KQ4Z"),),
        discount_paisa: int = 26_000,
        delivery_paisa: int = 13_000,
        rounding_paisa: int = 0,
        rest: str = "cod",
        cod_paisa: int | None = None,
        number: str = "A-26-000147",
        status: str = "confirmed",
        refund_owed_paisa: int = 0,
        hat_ordinal: int | None = 261,
        customer: BuyerView | None = buyer,
    ) -> OrderView:
        subtotal = sum(line.amount_paisa for line in lines)
        total = subtotal - discount_paisa + delivery_paisa + rounding_paisa
        received = sum(amount for _, amount, _ in payments)
        change = max(0, received - total)
        due = 0 if status == "cancelled" else total - received + change
        if cod_paisa is None:
            cod_paisa = due if rest == "cod" else 0
        return OrderView(
            number=number,
            id=uuid.UUID(int=1),
            request_id=None,
            status=status,
            hat=dt.date(2026, 11, 24),
            hat_ordinal=hat_ordinal,
            after_hat=False,
            taken_at_ms=TAKEN_AT_MS,
            operator="মা",
            customer=customer,
            subtotal_paisa=subtotal,
            discount_paisa=discount_paisa,
            delivery_paisa=delivery_paisa,
            rounding_paisa=rounding_paisa,
            total_paisa=total,
            paid_paisa=received - change,
            due_paisa=due,
            cod_paisa=cod_paisa,
            change_paisa=change,
            refund_owed_paisa=refund_owed_paisa,
            rest="cod" if rest == "cod" else "due" if rest == "due" else "none",
            lines=lines,
            payments=tuple(
                PaymentView(method, amount, trxid, "verified", TAKEN_AT_MS - 60_000)
                for method, amount, trxid in payments
            ),
        )

    return make


@pytest.fixture(scope="session")
def text_of() -> Callable[[bytes], str]:
    """All text of a PDF as PDFium hands it out, with every space or line end as one space."""

    def read(pdf: bytes) -> str:
        with pypdfium2.PdfDocument(pdf) as document:
            pages = [page.get_textpage().get_text_range() for page in document]
        return re.sub(r"\s+", " ", " ".join(pages))

    return read


@pytest.fixture(scope="session")
def images_of() -> Callable[[bytes, float], list[Image]]:
    """The pages of a PDF in grey at so many dots an inch."""

    def render(pdf: bytes, dpi: float) -> list[Image]:
        with pypdfium2.PdfDocument(pdf) as document:
            return [page.render(scale=dpi / 72, grayscale=True).to_pil() for page in document]

    return render


@pytest.fixture(scope="session")
def placed_in() -> Callable[[bytes], list[Placed]]:
    """Every text of a PDF and where its ink stands."""

    def read(pdf: bytes) -> list[Placed]:
        found = []
        with pypdfium2.PdfDocument(pdf) as document:
            for number, page in enumerate(document):
                textpage = page.get_textpage()
                texts: Any = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], textpage=textpage)
                for text in texts:
                    left, _, right, _ = text.get_bounds()
                    baseline = page.get_height() - text.get_matrix().f
                    found.append(
                        Placed(
                            number,
                            text.extract().strip(),
                            left * MM_PER_POINT,
                            right * MM_PER_POINT,
                            baseline * MM_PER_POINT,
                        )
                    )
        return found

    return read
