"""The receipt that is shown while a shop is being set up: a sale that never was, in the shop's own words."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from pos.services.views import BuyerView, LineView, OrderView, PaymentView

if TYPE_CHECKING:
    from pos.l10n import Locale
    from pos.printing.receipt import ReceiptWidth
    from pos.services.views import ShopView

# (Bangla, English, colour in both, unit, thousandths, paisa each)
_LINES = (
    ("ঢাকাই জামদানি শাড়ি", "Dhakai jamdani sari", ("নীল", "Blue"), "pcs", 1_000, 450_000),
    ("সুন্দরবনের মধু ৫০০ গ্রাম", "Sundarban honey 500 g", ("", ""), "jar", 2_000, 65_000),
    ("কুশন কভার", "Cushion cover", ("লাল", "Red"), "pcs", 2_000, 42_000),
)
_DISCOUNT, _DELIVERY, _ADVANCE = 14_000, 13_000, 150_000
_BUYER = (("শারমিন আক্তার", "Sharmin Akter"), "+8801712345678")
_NOBODY = uuid.UUID(int=0)


def sample_order(locale: Locale, at_ms: int) -> OrderView:
    """An order with a discount, a parcel and an advance, so that every part of a receipt shows."""
    english = locale.lang == "en"
    lines = tuple(
        LineView(
            sku="", product_sku="", name_bn=bangla, name_en=name, size="", colour=colours[english],
            unit=unit, qty_milli=qty, price_paisa=price, discount_paisa=0, amount_paisa=qty * price // 1000,
        )
        for bangla, name, colours, unit, qty, price in _LINES
    )  # fmt: skip
    subtotal = sum(line.amount_paisa for line in lines)
    total = subtotal - _DISCOUNT + _DELIVERY
    names, phone = _BUYER
    return OrderView(
        number="A-26-000147", id=_NOBODY, request_id=None, status="confirmed", hat=None, hat_ordinal=None,
        after_hat=False, taken_at_ms=at_ms, operator="", customer=BuyerView(names[english], phone),
        subtotal_paisa=subtotal, discount_paisa=_DISCOUNT, delivery_paisa=_DELIVERY, rounding_paisa=0,
        total_paisa=total, paid_paisa=_ADVANCE, due_paisa=total - _ADVANCE, cod_paisa=total - _ADVANCE,
        change_paisa=0, refund_owed_paisa=0, rest="cod", lines=lines,
        payments=(PaymentView("bkash", _ADVANCE, None, "claimed", at_ms),),
    )  # fmt: skip


def sample_receipt(shop: ShopView, locale: Locale, width_mm: ReceiptWidth, at_ms: int) -> bytes:
    """Its receipt as a PDF, as it would be printed; takes some hundredths of a second."""
    from pos.printing.receipt import receipt_pdf

    return receipt_pdf(sample_order(locale, at_ms), shop, width_mm=width_mm, locale=locale)
