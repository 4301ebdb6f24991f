"""The order book: orders by filter, a page of rows at a time, counts for the tabs, and each order's story.

A list holds ids and asks for rows as they come into view: no read here grows with the shop, except the ids of
all hats together, which `limit` bounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from pos.domain.numbering import parse_number
from pos.domain.text import fold_digits, nfc
from pos.errors import UserError
from pos.store import order_pages, sales

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from pos.services.desk import Desk
    from pos.store.types import AnyRow

Tab = Literal[
    "all", "new", "to_pack", "packed", "shipped", "cod_due", "delivered", "returned", "cancelled", "due"
]
DEFAULT_HATS = 60
_QUERY_CHARS = 100
_GOODS_SHOWN = 2


class OrderFilter(msgspec.Struct, frozen=True):
    """Which orders: of one hat or of all (None), of one tab, answering a text (number, phone or name)."""

    hat: dt.date | None = None
    tab: Tab = "all"
    text: str = ""


class GoodsView(msgspec.Struct, frozen=True):
    """One of the goods that a row names."""

    name_bn: str
    name_en: str
    size: str
    colour: str
    unit: str
    qty_milli: int


class OrderRow(msgspec.Struct, frozen=True):
    """An order as a list shows it. `goods` are its first two lines, `more_lines` how many follow."""

    id: bytes
    number: str
    taken_at_ms: int
    hat: dt.date | None
    after_hat: bool
    status: str
    checked: bool
    buyer: str
    phone: str | None  # E.164
    address: str
    thana: str
    district: str
    goods: tuple[GoodsView, ...]
    more_lines: int
    total_paisa: int
    paid_paisa: int
    due_paisa: int
    cod_paisa: int
    rest: str
    oversold: bool

    @property
    def place(self) -> str:
        """`মিরপুর, ঢাকা`; the first line of the address where neither thana nor district is known."""
        near = ", ".join(dict.fromkeys(part for part in (self.thana, self.district) if part))
        return near or self.address.partition("\n")[0]

    @property
    def paid_in_full(self) -> bool:
        """Nothing is left to receive, and the order stands."""
        return self.due_paisa == 0 and self.status != "cancelled"

    @property
    def stage(self) -> str:
        """The status as the vendor calls it: a checked new order is `checked`, that is, to be packed."""
        return "checked" if self.checked and self.status == "confirmed" else self.status


class EventView(msgspec.Struct, frozen=True):
    """One thing that happened to an order.

    `kind` is taken, paid, noted, checked, unchecked, packed, unpacked or cancelled; `why` goes with cancelled;
    method, amount and TrxID with paid. `device` is the device's code.
    """

    kind: str
    at_ms: int
    operator: str
    device: str
    why: str = ""
    method: str = ""
    amount_paisa: int = 0
    trxid: str | None = None


class HatOrders(msgspec.Struct, frozen=True):
    """A hat that has orders."""

    on: dt.date
    ordinal: int | None
    orders: int


class OrderBook:
    """The vendor's orders, for looking through."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ids(self, wanted: OrderFilter, *, limit: int | None = None) -> list[bytes]:
        """The orders of a filter, newest first, all unless limited; never raises for what was typed."""
        typed = wanted.text[:_QUERY_CHARS].encode(errors="ignore").decode().replace("\0", " ")
        words = fold_digits(nfc(typed)).lower().split()
        with self._desk.store.read() as connection:
            return order_pages.order_ids(connection, tab=wanted.tab, hat=wanted.hat, words=words, limit=limit)

    def rows(self, ids: Sequence[bytes]) -> list[OrderRow]:
        """These orders in this order; an id that is not there is left out."""
        with self._desk.store.read() as connection:
            found = order_pages.rows_of(connection, ids)
            goods = order_pages.goods_of(connection, ids)
        return [_row(found[i], goods.get(i, [])) for i in ids if i in found]

    def counts(self, hat: dt.date | None = None) -> dict[Tab, int]:
        """How many orders each tab holds, of one hat or of all."""
        with self._desk.store.read() as connection:
            return order_pages.tab_counts(connection, hat)  # type: ignore[return-value]

    def taken_paisa(self, hat: dt.date | None = None) -> int:
        """The sum of the orders of one hat, or of all, without cancelled ones."""
        with self._desk.store.read() as connection:
            return order_pages.taken_paisa(connection, hat)

    def timeline(self, number: str) -> list[EventView]:
        """What happened to an order, first things first; each payment where it came in.

        Raises:
            UserError: ``order_unknown``, ``order_number_unclear``.
        """
        with self._desk.store.read() as connection:
            row = sales.order_row_by_number(connection, str(parse_number(number)))
            if row is None:
                raise UserError("order_unknown", number=number)
            events = order_pages.events_of(connection, row.id)
            money = sales.payments_of(connection, [row.id]).get(row.id, [])
        return list(_story(events, [p for p in money if p.kind == "payment"]))

    def hats(self, limit: int = DEFAULT_HATS) -> list[HatOrders]:
        """The latest hats that have orders, newest first."""
        with self._desk.store.read() as connection:
            rows = order_pages.hats_with_orders(connection, limit)
        return [HatOrders(row.hat_on, row.ordinal, row.orders) for row in rows]


def _row(row: Any, lines: Sequence[Any]) -> OrderRow:
    return OrderRow(
        id=row.id,
        number=row.number,
        taken_at_ms=row.taken_at_ms,
        hat=row.hat_on,
        after_hat=row.after_hat,
        status=row.status,
        checked=bool(row.checked),
        buyer=row.name or "",
        phone=row.phone,
        address=row.address or "",
        thana=row.thana or "",
        district=row.district or "",
        goods=tuple(
            GoodsView(one.name_bn, one.name_en, one.size, one.colour, one.unit, one.qty_milli)
            for one in lines[:_GOODS_SHOWN]
        ),
        more_lines=max(0, len(lines) - _GOODS_SHOWN),
        total_paisa=row.total_paisa,
        paid_paisa=row.paid_paisa,
        due_paisa=row.due_paisa,
        cod_paisa=row.cod_paisa,
        rest=row.rest,
        oversold="oversold" in row.warnings.split(),
    )


def _story(events: Sequence[AnyRow], payments: Sequence[AnyRow]) -> Iterator[EventView]:
    """Events with their payments: the later ones have an event each, the first came with the order."""
    later = sum(1 for event in events if event.kind == "paid")
    first, rest = payments[: len(payments) - later], iter(payments[len(payments) - later :])
    for event in events:
        if event.kind != "paid":
            yield EventView(event.kind, event.at_ms, event.operator, event.device, event.why)
        came = first if event.kind == "taken" else [next(rest)] if event.kind == "paid" else []
        for p in came:
            yield EventView(
                "paid",
                p.at_ms,
                event.operator,
                event.device,
                method=p.method,
                amount_paisa=p.amount_paisa,
                trxid=p.trxid,
            )
