"""The past of the demo shop: eight hats and the one under way, played through the services as a vendor would.

Nothing here writes a row or an operation of its own, so the demo shop is as sound as any other. The same seed
and the same end give the same shop, identities and random salts apart.
"""

from __future__ import annotations

import datetime as dt
import heapq
import json
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Literal, Protocol

from pos.domain.hats import Hat, HatCalendar, HatRule
from pos.domain.money import line_paisa, parse_charge, plain_money
from pos.domain.pricing import price_order
from pos.domain.quantity import plain_quantity
from pos.domain.times import dhaka_day, dhaka_time
from pos.services.demo_people import invented_buyers
from pos.services.demo_shelf import MINIMUMS, MISHAPS, Shelf
from pos.services.order_request import CustomerRequest, ItemRequest, OrderRequest, PaymentRequest
from pos.services.product_change import ProductChange

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pos.domain.pricing import LineInput
    from pos.domain.times import FixedClock
    from pos.services.catalogue import Catalogue
    from pos.services.desk import Desk
    from pos.services.drafts import Drafts
    from pos.services.operators import Operators
    from pos.services.order_steps import OrderSteps
    from pos.services.orders import Orders
    from pos.services.stock import Stock
    from pos.services.views import OperatorView, OrderView

SEED = 261
PAST_HATS = 8
BUYERS = 120
HELPER = "মিতু"

_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000
_ACTS_A_COMMIT = 80
# How a hat's twelve hours fill: the rush before noon and the one after work.
_RUSH = (5, 9, 12, 10, 6, 5, 5, 7, 10, 13, 11, 7)
_DELIVERY_IN_DHAKA, _DELIVERY_OUTSIDE = "80", "130"
_DISCOUNT_FROM = 50_000  # paisa
_ADVANCES = ("100", "200", "200", "300", "500")
_WALLETS = ("bkash", "bkash", "bkash", "nagad", "nagad", "rocket")
_HELD_BEFORE = 14 * _MINUTE
_HELD_GOODS = (("P013", "1"), ("P048", "6"), ("P026", "1"))
_SOURCES = ("comment", "comment", "comment", "messenger", "messenger", "group")
_NOTES = (
    "বিকেল ৫টার পরে ফোন দেবেন", "শুক্রবারের আগে লাগবে", "উপহার, দাম যেন প্যাকেটে না থাকে", "দারোয়ানের কাছে রাখলেই হবে",
    "আগের মতোই ভালো করে মুড়ে দেবেন", "কুরিয়ার অফিস থেকে নেব",
)  # fmt: skip
_REASONS = ("ক্রেতা মত বদলেছেন", "ফোনে পাওয়া যায়নি", "দুবার অর্ডার হয়ে গেছে", "ঠিকানায় পাঠানো যাবে না", "রং পছন্দ হয়নি")
_BKASH_DAYS = "123456789ABCDEFGHIJKLMNOPQRSTUV"
_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_Kind = Literal["advance", "wallet", "cash", "due", "cod"]
_KINDS: tuple[_Kind, ...] = ("advance", "wallet", "cash", "due", "cod")
_KIND_WEIGHTS = (56, 16, 8, 12, 8)


class DemoShop(Protocol):
    """What of an open shop the history is played on."""

    @property
    def desk(self) -> Desk: ...
    @property
    def catalogue(self) -> Catalogue: ...
    @property
    def stock(self) -> Stock: ...
    @property
    def orders(self) -> Orders: ...
    @property
    def steps(self) -> OrderSteps: ...
    @property
    def operators(self) -> Operators: ...
    @property
    def drafts(self) -> Drafts: ...


def hats_before(until_ms: int) -> list[Hat]:
    """The hats that the demo shop has seen: eight that are over, and the one of that day if it has opened."""
    today = dhaka_day(until_ms)
    hats = [
        hat
        for hat in HatCalendar(HatRule()).between(today - dt.timedelta(weeks=6), today)
        if hat.opens_at_ms < until_ms
    ]
    return hats[-(PAST_HATS + 1) :] if hats[-1].closes_at_ms >= until_ms else hats[-PAST_HATS:]


def founding_of(until_ms: int) -> int:
    """When the demo shop is founded, UTC milliseconds: three mornings before its first hat."""
    return hats_before(until_ms)[0].opens_at_ms - 3 * _DAY + _HOUR


def bkash_id(at_ms: int, tail: str) -> str:
    """An id of bKash's form whose first letters are of that day, as bKash's are; `tail` has seven signs."""
    day = dhaka_time(at_ms)
    return f"{chr(ord('B') + day.year - 2024)}{chr(ord('A') + day.month - 1)}{_BKASH_DAYS[day.day - 1]}{tail}"


def fill(
    shop: DemoShop,
    clock: FixedClock,
    *,
    until_ms: int,
    keep: Mapping[str, int] | None = None,
    seed: int = SEED,
) -> int:
    """Play the history into a shop that holds the demo catalogue and has sold nothing yet.

    Args:
        shop: the shop, opened with `clock`.
        clock: stands at `founding_of(until_ms)` or a little later; afterwards at `until_ms`.
        until_ms: the demo's now, UTC milliseconds.
        keep: goods that must be left at the end, thousandths by sold SKU.
        seed: another one makes another history.

    Returns:
        How many orders were taken.
    """
    draw = Random(seed)  # noqa: S311 - nothing secret is drawn
    played = _History(shop, clock, until_ms, Shelf(shop.catalogue.all(), keep or {}), draw)
    played.plan()
    played.play()
    return played.taken


@dataclass(order=True, slots=True)
class _Event:
    at_ms: int
    n: int
    act: Callable[[], None]


class _History:
    """What is going to happen, in the order of time; an act may lead to further ones."""

    def __init__(self, shop: DemoShop, clock: FixedClock, until_ms: int, shelf: Shelf, draw: Random) -> None:
        self._shop, self._clock, self._until_ms, self._shelf, self._draw = shop, clock, until_ms, shelf, draw
        self._buyers = invented_buyers(draw, BUYERS)
        self._crew: list[OperatorView] = [shop.desk.operator]
        self._events: list[_Event] = []
        self._planned = 0
        self._to_check: list[str] = []
        self._to_pack: list[str] = []
        self.taken = 0

    def plan(self) -> None:
        hats = hats_before(self._until_ms)
        begin = self._clock.now_ms()
        self._at(begin + _HOUR, self._name_minimums)
        self._at(begin + 2 * _HOUR, self._add_helper)
        for number, hat in enumerate(hats):
            if number:
                self._at(hat.opens_at_ms - 18 * _HOUR, self._goods_in)
            self._hat(number, hat)
        for share, sku, qty, kind, note in MISHAPS:
            at_ms = begin + int((self._until_ms - begin) * share)
            self._at(at_ms, partial(self._mishap, sku, qty, kind, note))
        self._at(self._until_ms - _HELD_BEFORE, self._hold)

    def play(self) -> None:
        """Carry everything out, many acts to a commit."""
        while self._events:
            with self._shop.desk.store.together():
                for _ in range(_ACTS_A_COMMIT):
                    if not self._events:
                        break
                    event = heapq.heappop(self._events)
                    self._go_to(event.at_ms)
                    event.act()
        self._shop.desk.operator = self._crew[0]
        self._go_to(self._until_ms)

    def _go_to(self, at_ms: int) -> None:
        self._clock.advance(ms=at_ms - self._clock.now_ms())

    def _at(self, at_ms: int, act: Callable[[], None]) -> None:
        """Let something happen then, if it is not still to come."""
        if at_ms < self._until_ms:
            self._planned += 1
            heapq.heappush(self._events, _Event(at_ms, self._planned, act))

    # ---- the shop ------------------------------------------------------------------------------------

    def _name_minimums(self) -> None:
        for sku, minimum in MINIMUMS.items():
            self._shop.catalogue.edit(sku, ProductChange(minimum_milli=minimum * 1000))

    def _add_helper(self) -> None:
        self._shop.desk.operator = self._crew[0]
        self._crew.append(self._shop.operators.add(HELPER, "helper"))

    def _goods_in(self) -> None:
        self._shop.desk.operator = self._crew[0]
        for sku, milli in self._shelf.wanting():
            self._shop.stock.move(sku, plain_quantity(milli), "purchase", "মহাজনের কাছ থেকে")
            self._shelf.put(sku, milli)

    def _mishap(self, sku: str, qty: str, kind: str, note: str) -> None:
        self._shop.desk.operator = self._crew[-1]
        item, move = self._shop.stock.move(sku, qty, kind, note)
        self._shelf.put(item.sku, move.qty_milli)

    def _hold(self) -> None:
        """Somebody who thinks it over: a cart put aside, in the form in which the window keeps its carts."""
        self._shop.desk.operator = self._crew[0]
        sold = {product.sku: product for product in self._shop.catalogue.all()}
        lines: list[dict[str, object]] = []
        items: list[tuple[str, str]] = []
        for sku, qty in _HELD_GOODS:
            product, milli = sold[sku], int(qty) * 1000
            if not self._shelf.has(sku, milli):
                continue
            self._shelf.put(sku, -milli)
            items.append((sku, qty))
            lines.append(
                {
                    "sku": sku, "product_sku": sku, "name_bn": product.name_bn, "name_en": product.name_en,
                    "size": "", "colour": "", "unit": product.unit, "fractions": product.fractions,
                    "category": product.category, "qty_milli": milli, "price_paisa": product.price_paisa,
                }
            )  # fmt: skip
        buyer = self._buyers[0]
        place = {"name": buyer.name, "phone": buyer.phone, "address": buyer.address}
        body = {
            "lines": lines,
            "buyer": place | {"thana": buyer.thana, "district": buyer.district},
            "pay": {},
            "area": "inside" if buyer.district == "ঢাকা" else "outside",
            "delivery": _DELIVERY_IN_DHAKA if buyer.district == "ঢাকা" else _DELIVERY_OUTSIDE,
        }
        stored = json.dumps(body, ensure_ascii=False)
        until_ms = self._clock.now_ms() + _DAY
        self._shop.drafts.hold(self._shop.desk.new_id(), buyer.name or "", stored, items, until_ms)

    # ---- a hat ---------------------------------------------------------------------------------------

    def _hat(self, number: int, hat: Hat) -> None:
        """Orders spread over a hat's hours; the shop grows from hat to hat."""
        draw = self._draw
        for _ in range(30 + 4 * number + draw.randrange(9)):
            hour = draw.choices(range(len(_RUSH)), weights=_RUSH)[0]
            at_ms = hat.opens_at_ms + hour * _HOUR + draw.randrange(_HOUR)
            self._at(at_ms, partial(self._order, number))
        for after, act in ((2, self._check_round), (5, self._check_round), (4, self._pack_round),
                           (8, self._check_round), (13, self._check_round), (24, self._check_round),
                           (25, self._pack_round)):  # fmt: skip
            self._at(hat.opens_at_ms + after * _HOUR + draw.randrange(20 * _MINUTE), act)

    def _order(self, hat: int) -> None:
        """Somebody orders; where nothing he asks for is left, he does not."""
        draw = self._draw
        helped = len(self._crew) > 1 and draw.random() < 0.35
        self._shop.desk.operator = self._crew[1 if helped else 0]
        wanted = draw.choices((1, 2, 3, 4), weights=(40, 30, 20, 10))[0]
        lines = dict(found for _ in range(wanted) if (found := self._shelf.pick(draw)) is not None)
        if not lines:
            return
        kind = draw.choices(_KINDS, weights=_KIND_WEIGHTS)[0]
        order = self._shop.orders.take(self._request(lines, kind, self._buyer(hat)))
        for sku, line in lines.items():
            self._shelf.put(sku, -line.qty_milli)
        self.taken += 1
        self._afterwards(order, kind)

    def _buyer(self, hat: int) -> CustomerRequest:
        """New buyers come with every hat; most of the others come again."""
        known = min(BUYERS, 24 + 12 * hat)
        return self._buyers[min(int(self._draw.random() ** 1.2 * known), known - 1)]

    def _request(self, lines: Mapping[str, LineInput], kind: _Kind, buyer: CustomerRequest) -> OrderRequest:
        draw = self._draw
        delivery = _DELIVERY_IN_DHAKA if buyer.district == "ঢাকা" else _DELIVERY_OUTSIDE
        if kind == "cash":  # he fetches it himself
            buyer, delivery = CustomerRequest(name=buyer.name, phone=buyer.phone), "0"
        wanted = sum(line_paisa(line.qty_milli, line.price_paisa) for line in lines.values())
        discount = (
            draw.choice(("20", "50", "5%")) if wanted >= _DISCOUNT_FROM and draw.random() < 0.1 else "0"
        )
        total = price_order(
            list(lines.values()),
            parse_charge(discount, field="discount"),
            parse_charge(delivery, field="delivery"),
            "taka",
        ).total_paisa
        return OrderRequest(
            items=[ItemRequest(qty=plain_quantity(line.qty_milli), sku=sku) for sku, line in lines.items()],
            customer=buyer,
            discount=discount,
            delivery=delivery,
            payments=self._payments(kind, total),
            rest="due" if kind in ("due", "cash") else "cod",
            note=draw.choice(_NOTES) if draw.random() < 0.12 else None,
            source=draw.choice(_SOURCES),
        )

    def _payments(self, kind: _Kind, total_paisa: int) -> list[PaymentRequest]:
        draw = self._draw
        if kind in ("due", "cod"):
            return []
        if kind == "cash":  # in notes of a hundred, so that there is change to give
            return [PaymentRequest("cash", plain_money(-(-total_paisa // 10_000) * 10_000))]
        advance = draw.choice(_ADVANCES)
        whole = kind == "wallet" or int(advance) * 100 >= total_paisa
        return [self._by_wallet(plain_money(total_paisa) if whole else advance)]

    def _by_wallet(self, amount: str) -> PaymentRequest:
        draw = self._draw
        method = draw.choice(_WALLETS)
        match method:
            case "bkash":
                trxid = bkash_id(self._clock.now_ms(), "".join(draw.choices(_SIGNS, k=7)))
            case "nagad":
                trxid = "7" + "".join(draw.choices(_SIGNS, k=7))
            case _:
                trxid = "66" + "".join(draw.choices("0123456789", k=8))
        return PaymentRequest(method, amount, trxid)

    # ---- what becomes of an order --------------------------------------------------------------------

    def _afterwards(self, order: OrderView, kind: _Kind) -> None:
        """Some are cancelled; the others are checked by phone and packed, and what is due comes in."""
        draw, number, taken_at = self._draw, order.number, order.taken_at_ms
        if draw.random() < 0.045:
            why = draw.choice(_REASONS)
            self._at(taken_at + draw.randrange(20, 240) * _MINUTE, partial(self._cancel, order, why))
            return
        self._to_check.append(number)
        if kind == "due" and draw.random() < 0.6:
            paid_at = taken_at + draw.randrange(2, 9 * 24) * _HOUR
            self._at(paid_at, partial(self._pay, number, order.due_paisa))

    def _cancel(self, order: OrderView, why: str) -> None:
        self._shop.orders.cancel(order.number, why)
        for line in order.lines:
            self._shelf.put(line.sku, line.qty_milli)

    def _check_round(self) -> None:
        """The helper, once there is one, phones the buyers; not everybody answers at once."""
        self._shop.desk.operator = self._crew[-1]
        reached = [number for number in self._to_check if self._draw.random() < 0.75]
        if reached:
            self._shop.steps.check(*reached)
        self._to_check = [number for number in self._to_check if number not in reached]
        self._to_pack += reached

    def _pack_round(self) -> None:
        """What was checked so far is packed in one go."""
        self._shop.desk.operator = self._crew[-1]
        if self._to_pack:
            self._shop.steps.pack(*self._to_pack)
        self._to_pack = []

    def _pay(self, number: str, due_paisa: int) -> None:
        """The rest of what is due, or half of it."""
        part = due_paisa if self._draw.random() < 0.7 else due_paisa // 200 * 100
        amount = plain_money(part)
        if self._draw.random() < 0.4:
            self._shop.orders.pay(number, "cash", amount)
        else:
            paid = self._by_wallet(amount)
            self._shop.orders.pay(number, paid.method, amount, paid.trxid)
