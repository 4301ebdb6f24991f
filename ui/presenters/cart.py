"""The cart as a value: every change makes a new one, so that undo is the one before.

These are `msgspec.Struct`, and so are the other values of the first page: a dataclass takes more than a millisecond to
make when its module is imported, and the page has some twenty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec.structs import replace

from pos.domain.quantity import plain_quantity
from pos.services.order_request import CustomerRequest, ItemRequest, OrderRequest, PaymentRequest

if TYPE_CHECKING:
    from pos.services.views import ProductView, VariantView

Kind = Literal["auto", "cod", "full", "due"]
UNDO_STEPS = 50
_WHOLE = 1000  # thousandths


class Line(msgspec.Struct, frozen=True):
    """One line: what is sold, how much of it (thousandths), and what the vendor has written over."""

    sku: str
    product_sku: str
    name_bn: str
    name_en: str
    size: str
    colour: str
    unit: str
    fractions: bool
    category: str
    qty_milli: int
    price_paisa: int
    price: str = ""  # typed over the catalogue's
    discount: str = ""
    anyway: bool = False  # taken although there is not enough


class Buyer(msgspec.Struct, frozen=True):
    """What is written of the buyer."""

    phone: str = ""
    name: str = ""
    address: str = ""
    thana: str = ""
    district: str = ""


class Pay(msgspec.Struct, frozen=True):
    """How it is paid: the kind chosen, or `auto` until the vendor chooses one."""

    kind: Kind = "auto"
    method: str = "bkash"
    amount: str = ""
    trxid: str = ""


class Cart(msgspec.Struct, frozen=True):
    """All that an order will be made of."""

    lines: tuple[Line, ...] = ()
    buyer: Buyer = Buyer()
    pay: Pay = Pay()
    discount: str = ""
    area: str = ""  # inside, outside or empty
    delivery: str = ""
    note: str = ""

    @property
    def empty(self) -> bool:
        """Nothing is in it that would be missed."""
        return self == Cart(pay=self.pay, area=self.area, delivery=self.delivery)

    @property
    def kind(self) -> Kind:
        """The kind of payment in force: a sale over the counter is paid at once, a parcel on delivery."""
        if self.pay.kind != "auto":
            return self.pay.kind
        return "cod" if self.buyer.phone or self.buyer.address else "full"

    @property
    def pieces_milli(self) -> int:
        """All quantities together."""
        return sum(line.qty_milli for line in self.lines)

    def count_of(self, product_sku: str) -> int:
        """Thousandths of one product in the cart."""
        return sum(line.qty_milli for line in self.lines if line.product_sku == product_sku)

    def place_of(self, sku: str) -> int:
        """Where a SKU stands; -1 if it is not in the cart."""
        return next((at for at, line in enumerate(self.lines) if line.sku == sku), -1)

    def with_more(self, line: Line) -> Cart:
        """With this much more of a SKU: on its own line if it has one with the same price."""
        at = self.place_of(line.sku)
        if at < 0:
            return replace(self, lines=(*self.lines, line))
        before = self.lines[at]
        return self.with_line(at, replace(before, qty_milli=before.qty_milli + line.qty_milli))

    def with_line(self, at: int, line: Line) -> Cart:
        """With another line in this place."""
        return replace(self, lines=(*self.lines[:at], line, *self.lines[at + 1 :]))

    def without(self, at: int) -> Cart:
        """Without the line in this place."""
        return replace(self, lines=(*self.lines[:at], *self.lines[at + 1 :]))

    def since(self, before: Cart) -> Cart:
        """What came into it after it was `before`: the beginning of another cart."""
        there = {line.sku: line.qty_milli for line in before.lines}
        more = (replace(line, qty_milli=line.qty_milli - there.get(line.sku, 0)) for line in self.lines)
        return Cart(
            lines=tuple(line for line in more if line.qty_milli > 0),
            buyer=self.buyer if self.buyer != before.buyer else Buyer(),
        )

    def request(
        self, *, payments: list[PaymentRequest] | None = None, request_id: str | None = None
    ) -> OrderRequest:
        """The order it asks for."""
        kind = self.kind
        if payments is None:
            payments = []
            if kind == "cod" and self.pay.amount.strip():
                payments = [
                    PaymentRequest(self.pay.method, self.pay.amount, self.pay.trxid.strip() or None),
                ]
        buyer = CustomerRequest(
            name=self.buyer.name or None,
            phone=self.buyer.phone or None,
            address=self.buyer.address or None,
            district=self.buyer.district or None,
            thana=self.buyer.thana or None,
        )
        return OrderRequest(
            items=[
                ItemRequest(
                    qty=plain_quantity(line.qty_milli),
                    sku=line.sku,
                    price=line.price or None,
                    discount=line.discount or None,
                )
                for line in self.lines
            ],
            customer=None if self.buyer == Buyer() else buyer,
            discount=self.discount or None,
            delivery=self.delivery or None,
            payments=payments,
            rest={"cod": "cod", "due": "due"}.get(kind),  # type: ignore[arg-type]
            note=self.note or None,
            request_id=request_id,
        )

    def stored(self) -> str:
        """As a draft keeps it."""
        return msgspec.json.encode(self).decode()


def line_of(product: ProductView, variant: VariantView | None, qty_milli: int = _WHOLE) -> Line:
    """The line of a product, or of one of its variants."""
    return Line(
        sku=variant.sku if variant is not None else product.sku,
        product_sku=product.sku,
        name_bn=product.name_bn,
        name_en=product.name_en,
        size=variant.size if variant is not None else "",
        colour=variant.colour if variant is not None else "",
        unit=product.unit,
        fractions=product.fractions,
        category=product.category,
        qty_milli=qty_milli,
        price_paisa=variant.price_paisa if variant is not None else product.price_paisa,
    )


def read_cart(stored: str) -> Cart:
    """A cart from a draft; what a newer version has added is passed over.

    Raises:
        ValueError: it does not read.
    """
    raw = msgspec.json.decode(stored, type=dict[str, Any])
    if not {"lines", "buyer", "pay"} <= raw.keys():
        raise ValueError("no cart")
    return msgspec.convert(raw, Cart)
