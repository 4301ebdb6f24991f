"""What the services hand out: frozen values, safe to pass between threads and to print from.

Money is integer paisa, quantities are thousandths of the unit, instants are UTC milliseconds. They are
`msgspec.Struct`, which a sale makes several times faster than frozen dataclasses of as many fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    import datetime as dt
    import uuid

Rest = Literal["cod", "due", "none"]


class ShopView(msgspec.Struct, frozen=True):
    """The shop as it stands at the head of its papers; an empty text means that the line is left out."""

    name: str
    phone: str = ""  # E.164
    trade: str = ""
    address: str = ""
    district: str = ""
    page: str = ""
    complaint_days: int = 3


class BuyerView(msgspec.Struct, frozen=True):
    """A buyer as written on one order."""

    name: str
    phone: str | None = None  # E.164
    phone2: str | None = None
    address: str = ""
    district: str = ""
    thana: str = ""


class LineView(msgspec.Struct, frozen=True):
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


class PaymentView(msgspec.Struct, frozen=True):
    """Money that came in. `state` is claimed, verified or possible_duplicate."""

    method: str
    amount_paisa: int
    trxid: str | None
    state: str
    at_ms: int


class OrderView(msgspec.Struct, frozen=True):
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
    warnings: tuple[str, ...] = ()


class VariantView(msgspec.Struct, frozen=True):
    """One sold SKU of a product with variants."""

    sku: str
    size: str
    colour: str
    barcode: str | None
    price_paisa: int
    on_hand_milli: int
    reserved_milli: int

    @property
    def free_milli(self) -> int:
        """What may be promised."""
        return self.on_hand_milli - self.reserved_milli


class ProductView(msgspec.Struct, frozen=True):
    """A product; `variants` is empty where it is sold as it is. Stock is the sum of what is sold."""

    id: uuid.UUID
    sku: str
    name_bn: str
    name_en: str
    category: str
    unit: str
    fractions: bool
    price_paisa: int
    cost_paisa: int | None
    barcode: str | None
    minimum_milli: int | None
    on_hand_milli: int
    reserved_milli: int
    variants: tuple[VariantView, ...] = ()

    @property
    def free_milli(self) -> int:
        """What may be promised."""
        return self.on_hand_milli - self.reserved_milli


class FoundView(msgspec.Struct, frozen=True):
    """One hit of a search; `matched` is the code that was met exactly, if one was."""

    product: ProductView
    matched: str | None


class StockView(msgspec.Struct, frozen=True):
    """Stock of one sold SKU."""

    sku: str
    product_sku: str
    name_bn: str
    size: str
    colour: str
    unit: str
    on_hand_milli: int
    reserved_milli: int
    minimum_milli: int | None

    @property
    def free_milli(self) -> int:
        """What may be promised."""
        return self.on_hand_milli - self.reserved_milli


class MoveView(msgspec.Struct, frozen=True):
    """One movement of stock, signed."""

    id: uuid.UUID
    kind: str
    qty_milli: int
    note: str
    at_ms: int


class CustomerView(msgspec.Struct, frozen=True):
    """A buyer as known to the shop, with what he has done so far. `due_paisa` is what he still owes."""

    id: uuid.UUID
    name: str
    phone: str
    phone2: str | None
    address: str
    district: str
    thana: str
    orders: int
    delivered: int
    returned: int
    due_paisa: int


class OperatorView(msgspec.Struct, frozen=True):
    """Who acts."""

    id: uuid.UUID
    name: str
    role: Literal["owner", "helper"]
