"""What the services hand out: frozen values, safe to pass between threads and to print from.

Money is integer paisa, quantities are thousandths of the unit, instants are UTC milliseconds.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Literal

Rest = Literal["cod", "due", "none"]


@dataclass(frozen=True, slots=True)
class ShopView:
    """The shop as it stands at the head of its papers; an empty text means that the line is left out."""

    name: str
    phone: str = ""  # E.164
    trade: str = ""
    address: str = ""
    district: str = ""
    page: str = ""
    complaint_days: int = 3


@dataclass(frozen=True, slots=True)
class BuyerView:
    """A buyer as written on one order."""

    name: str
    phone: str | None = None  # E.164
    phone2: str | None = None
    address: str = ""
    district: str = ""
    thana: str = ""


@dataclass(frozen=True, slots=True)
class LineView:
    """One sold line: names and prices as they were when the order was confirmed."""

    sku: str
    product_sku: str
    name_bn: str
    name_en: str
    size: str
    colour: str
    unit: str
    qty_milli: int
    price_paisa: int
    discount_paisa: int
    amount_paisa: int
    oversold: bool = False


@dataclass(frozen=True, slots=True)
class PaymentView:
    """Money that came in. `state` is claimed, verified or possible_duplicate."""

    method: str
    amount_paisa: int
    trxid: str | None
    state: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class OrderView:
    """A confirmed order, whole: what screen, paper and the command line show of it."""

    number: str
    id: uuid.UUID
    request_id: str | None
    status: str
    hat: dt.date | None
    hat_ordinal: int | None
    after_hat: bool
    taken_at_ms: int
    operator: str
    customer: BuyerView | None
    subtotal_paisa: int
    discount_paisa: int
    delivery_paisa: int
    rounding_paisa: int
    total_paisa: int
    paid_paisa: int
    due_paisa: int
    cod_paisa: int
    change_paisa: int
    refund_owed_paisa: int
    rest: Rest
    note: str = ""
    source: str = ""
    lines: tuple[LineView, ...] = ()
    payments: tuple[PaymentView, ...] = ()
    warnings: tuple[str, ...] = field(default=())
