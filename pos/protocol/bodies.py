"""What the body of each kind of operation holds, and its personal part; `pos.protocol.kinds` says which is whose.

A shape that was shipped is never changed: another form of it is another class (sync.md §1.7).
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from typing import Annotated, Literal

import msgspec

from pos.domain.money import MONEY_LIMIT_PAISA
from pos.domain.quantity import QTY_LIMIT_MILLI

_Id = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{32}\Z")]
# The same where there are many: by length alone; `_check_ids` then looks at all of them at one go. Nine patterns would
# take longer than the rest of an order.
_IdText = Annotated[str, msgspec.Meta(min_length=32, max_length=32)]
_Paisa = Annotated[int, msgspec.Meta(ge=0, le=MONEY_LIMIT_PAISA)]
_SignedPaisa = Annotated[int, msgspec.Meta(ge=-MONEY_LIMIT_PAISA, le=MONEY_LIMIT_PAISA)]
_Milli = Annotated[int, msgspec.Meta(gt=0, le=QTY_LIMIT_MILLI)]
_Minimum = Annotated[int, msgspec.Meta(ge=0, le=QTY_LIMIT_MILLI)]
_SignedMilli = Annotated[int, msgspec.Meta(ge=-QTY_LIMIT_MILLI, le=QTY_LIMIT_MILLI)]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=400)]
_Text = Annotated[str, msgspec.Meta(max_length=2000)]
_Code = Annotated[str, msgspec.Meta(pattern=r"\A[A-Z0-9]{1,12}\Z")]
_CodeText = Annotated[str, msgspec.Meta(min_length=1, max_length=12)]  # `_check_code` looks at the rest
_Day = Annotated[str, msgspec.Meta(min_length=10, max_length=10)]  # `_check_day` looks at the rest
_Ms = Annotated[int, msgspec.Meta(ge=0, le=1 << 47)]  # so that it is a date, and a logical time of 64 bits
_Minutes = Annotated[int, msgspec.Meta(ge=0, le=2 * 24 * 60)]
_Position = Annotated[int, msgspec.Meta(ge=0, le=1 << 31)]
_Number = Annotated[int, msgspec.Meta(gt=0, le=1 << 31)]
_Whole = Annotated[int, msgspec.Meta(ge=-(1 << 53), le=1 << 53)]
_Long = Annotated[str, msgspec.Meta(max_length=1 << 16)]
_Value = _Long | _Whole | bool | None
_Over = dict[str, _Id | None]

MOST_VARIANTS = 1000
MOST_MOVES = 5000
MOST_LINES = 1000
MOST_PAYMENTS = 100
"""How many of them one body holds; what writes it refuses more, or makes several operations of them."""


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A body says what its version says and nothing else."""


# Orders come by the hundred of one day and one laptop: a pattern for each would take longer than the rest of them.
@functools.lru_cache(maxsize=1000)
def _check_day(day: str | None) -> None:
    # Which reads other spellings of a day as well; the 31st of February has the right form.
    if day is not None and dt.date.fromisoformat(day).isoformat() != day:
        raise ValueError("a day is spelt 2025-12-31")


@functools.lru_cache(maxsize=1000)
def _check_code(code: str) -> None:
    if re.fullmatch(r"[A-Z0-9]{1,12}", code) is None:
        raise ValueError("a code has capitals and digits")


def _check_ids(*ids: str) -> None:
    joined = "".join(ids)
    if bytes.fromhex(joined).hex() != joined:  # which reads capitals and gaps as well
        raise ValueError("an identity is 32 hex digits")


class ShopFounded(Body, frozen=True):
    """The first operation of a shop that began by itself."""

    vendor: _Id
    code: _Code
    demo: bool


class DeviceJoined(Body, frozen=True):
    """The first operation of a laptop that was paired with a shop already there."""

    vendor: _Id
    code: _Code


class DeviceRekeyed(Body, frozen=True):
    """New numbers from here on; with `device` also a new identity, whose log begins with the old's up to `after`."""

    code: _Code
    reason: _Text
    device: _Id | None = None
    after: _Position | None = None


class OperatorAdded(Body, frozen=True):
    """Somebody may act."""

    name: _Name
    role: Literal["owner", "helper"]
    by: _Id | None = None


class RecordEdited(Body, frozen=True):
    """Named fields get new values; `over` says which operation's value of each the person saw.

    Which fields there are, and what each may hold, depends on the kind: see `pos.protocol.kinds`.
    """

    by: _Id
    set: dict[str, _Value]
    over: _Over
    closes: list[tuple[str, _Id]] = []


class NewVariant(Body, frozen=True):
    """A variant as it is added."""

    id: _Id
    sku: _Name
    size: _Text
    colour: _Text
    barcode: _Text | None
    price: _Paisa | None
    plain: bool
    position: _Position


class ProductAdded(Body, frozen=True):
    """A product with its variants."""

    by: _Id
    sku: _Name
    name_bn: _Name
    name_en: _Text
    category: _Text
    unit: _Name
    fractions: bool
    price: _Paisa
    cost: _Paisa | None
    minimum: _Minimum | None
    barcode: _Text | None
    variants: Annotated[list[NewVariant], msgspec.Meta(min_length=1, max_length=MOST_VARIANTS)]


class VariantAdded(Body, frozen=True):
    """One more variant of a product."""

    by: _Id
    product: _Id
    variant: NewVariant


class CustomerAdded(Body, frozen=True):
    """A buyer; who, stands in the personal part."""

    by: _Id


class CustomerEdited(Body, frozen=True):
    """Fields of a buyer; their values stand in the personal part."""

    by: _Id
    over: _Over
    closes: list[tuple[str, _Id]] = []


class CustomerErased(Body, frozen=True):
    """A buyer asked to be forgotten."""

    by: _Id
    orders: list[_Id]


class HatSet(Body, frozen=True):
    """A day that is not as the weekly rule has it."""

    by: _Id
    source: Literal["vendor"]
    on: _Day
    kind: Literal["added", "cancelled"]
    opens: _Minutes | None
    closes: _Minutes | None
    ordinal: _Number | None
    over: _Over | None = None

    def __post_init__(self) -> None:
        _check_day(self.on)


class HatUnset(Body, frozen=True):
    """The day is as the weekly rule has it again."""

    by: _Id
    source: Literal["vendor"]
    on: _Day
    over: _Over | None = None

    def __post_init__(self) -> None:
        _check_day(self.on)


class HatSet2(HatSet, frozen=True):
    """The same; `decides` are operations whose values of the day give way for good (`closes` is an hour here)."""

    decides: list[_Id] = []


class HatUnset2(HatUnset, frozen=True):
    """The same; `decides` as in `HatSet2`."""

    decides: list[_Id] = []


class SettingSet(Body, frozen=True):
    """A setting of the whole shop."""

    by: _Id
    key: _Name
    value: _Value
    over: _Over
    closes: list[tuple[str, _Id]] = []


class Move(Body, frozen=True):
    """One movement of stock."""

    id: _Id
    variant: _Id
    kind: Literal["opening", "purchase", "return", "adjustment", "damage", "count"]
    qty: _SignedMilli
    note: _Text


class StockMoved(Body, frozen=True):
    """Goods that came, went or were counted otherwise than by a sale."""

    by: _Id
    moves: Annotated[list[Move], msgspec.Meta(min_length=1, max_length=MOST_MOVES)]


class ReservationMade(Body, frozen=True):
    """Goods that are promised until a time."""

    by: _Id
    variant: _Id
    qty: _Milli
    expires_at: _Ms


class ByWhom(Body, frozen=True):
    """Nothing but who did it."""

    by: _Id


class OrderStep(Body, frozen=True):
    """An order went one step on or back."""

    by: _Id
    number: _Name


class OrderNoted(Body, frozen=True):
    """An order has another note; it stands in the personal part. `over` names the operation whose note was seen."""

    by: _Id
    number: _Name
    over: _Over


class SaleLine(Body, frozen=True):
    """One line of an order, with the movement it makes. The order looks at its identities."""

    amount: _Paisa
    colour: _Text
    discount: _Paisa
    move: _IdText
    name_bn: _Name
    name_en: _Text
    oversold: bool
    price: _Paisa
    product: _Name
    qty: _Milli
    size: _Text
    sku: _Name
    unit: _Name
    variant: _IdText


class PaymentEntry(Body, frozen=True):
    """Money that came. What it belongs to looks at its identity."""

    amount: Annotated[int, msgspec.Meta(gt=0, le=MONEY_LIMIT_PAISA)]
    id: _IdText
    method: _Name
    state: Literal["claimed", "verified", "possible_duplicate"]
    trxid: _Text | None


class OrderConfirmed(Body, frozen=True):
    """An order, whole."""

    after_hat: bool
    buyer: bool
    by: _IdText
    change: _Paisa
    cod: _Paisa
    customer: _IdText | None
    delivery: _Paisa
    discount: _Paisa
    due: _Paisa
    hat: _Day | None
    lines: Annotated[list[SaleLine], msgspec.Meta(min_length=1, max_length=MOST_LINES)]
    number: _Name
    ordinal: _Number | None
    paid: _Paisa
    payments: Annotated[list[PaymentEntry], msgspec.Meta(max_length=MOST_PAYMENTS)]
    request: _Text | None
    rest: Literal["cod", "due", "none"]
    rounding: _SignedPaisa
    series: tuple[_CodeText, Annotated[int, msgspec.Meta(ge=0, le=99)], _Number]
    source: _Text
    subtotal: _Paisa
    taken_at: _Ms
    taken_on: _Day
    total: _Paisa
    warnings: list[_Text]

    def __post_init__(self) -> None:
        _check_day(self.hat)
        _check_day(self.taken_on)
        _check_code(self.series[0])
        ids = [self.by, self.customer or self.by]
        for line in self.lines:
            ids += (line.move, line.variant)
        _check_ids(*ids, *[payment.id for payment in self.payments])


class GoodsBack(Body, frozen=True):
    """The opposite of a sale's movement."""

    id: _Id
    variant: _Id
    qty: _Milli
    line: _Number


class Owed(Body, frozen=True):
    """Money owed to a buyer."""

    amount: Annotated[int, msgspec.Meta(gt=0, le=MONEY_LIMIT_PAISA)]
    due_on: _Day

    def __post_init__(self) -> None:
        _check_day(self.due_on)


class OrderCancelled(Body, frozen=True):
    """An order that will not be; its goods are back."""

    by: _Id
    number: _Name
    moves: list[GoodsBack]
    refund: Owed | None


class PaymentReceived(Body, frozen=True):
    """Money on an order; the sums are those of the device that took it."""

    by: _Id
    order: _Id
    payment: PaymentEntry
    paid: _Paisa
    change: _Paisa
    due: _Paisa
    cod: _Paisa

    def __post_init__(self) -> None:
        _check_ids(self.payment.id)


class Fields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What an edit may set: these fields, each with this form, any of them left out."""


class ProductFields(Fields, frozen=True):
    sku: _Name | msgspec.UnsetType = msgspec.UNSET
    name_bn: _Name | msgspec.UnsetType = msgspec.UNSET
    name_en: _Text | msgspec.UnsetType = msgspec.UNSET
    category: _Text | msgspec.UnsetType = msgspec.UNSET
    unit: _Name | msgspec.UnsetType = msgspec.UNSET
    fractions: bool | msgspec.UnsetType = msgspec.UNSET
    price: _Paisa | msgspec.UnsetType = msgspec.UNSET
    cost: _Paisa | msgspec.UnsetType | None = msgspec.UNSET
    minimum: _Minimum | msgspec.UnsetType | None = msgspec.UNSET
    barcode: _Text | msgspec.UnsetType | None = msgspec.UNSET
    archived: bool | msgspec.UnsetType = msgspec.UNSET


class VariantFields(Fields, frozen=True):
    sku: _Name | msgspec.UnsetType = msgspec.UNSET
    size: _Text | msgspec.UnsetType = msgspec.UNSET
    colour: _Text | msgspec.UnsetType = msgspec.UNSET
    barcode: _Text | msgspec.UnsetType | None = msgspec.UNSET
    price: _Paisa | msgspec.UnsetType | None = msgspec.UNSET
    position: _Position | msgspec.UnsetType = msgspec.UNSET
    archived: bool | msgspec.UnsetType = msgspec.UNSET


class OperatorFields(Fields, frozen=True):
    name: _Name | msgspec.UnsetType = msgspec.UNSET
    role: Literal["owner", "helper"] | msgspec.UnsetType = msgspec.UNSET
    archived: bool | msgspec.UnsetType = msgspec.UNSET


class Personal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """A personal part; its salt is what makes its commitment say nothing."""


class BuyerWords(Personal, frozen=True):
    address: _Text
    district: _Text
    name: _Text
    phone: _Text | None
    phone2: _Text | None
    salt: _Id
    thana: _Text


class OrderWords(Personal, frozen=True):
    address: _Text
    district: _Text
    name: _Text
    note: _Text
    phone: _Text | None
    phone2: _Text | None
    salt: _Id
    thana: _Text


class BuyerEdits(Personal, frozen=True):
    salt: _Id
    name: _Text | msgspec.UnsetType = msgspec.UNSET
    phone: _Text | msgspec.UnsetType | None = msgspec.UNSET
    phone2: _Text | msgspec.UnsetType | None = msgspec.UNSET
    address: _Text | msgspec.UnsetType = msgspec.UNSET
    district: _Text | msgspec.UnsetType = msgspec.UNSET
    thana: _Text | msgspec.UnsetType = msgspec.UNSET


class Why(Personal, frozen=True):
    salt: _Id
    why: _Text


class Note(Personal, frozen=True):
    note: _Text
    salt: _Id


IN_ORDER: frozenset[type[msgspec.Struct]] = frozenset({OrderConfirmed, CustomerAdded, BuyerWords, OrderWords})
"""Of these there are many: their fields, and those of what is in them, stand in the order in which they are spelt.

So they are found without looking for them, and written without sorting.
"""
