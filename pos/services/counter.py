"""What the counter shows beside the cart: the hat under way, what sells, the buyer on the phone."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

import msgspec

from pos.domain.hats import AFTER_HAT_MS
from pos.domain.money import parse_money
from pos.domain.times import DHAKA, dhaka_day, to_ms
from pos.l10n.sentences import phrase
from pos.services.product_views import product_views
from pos.store import counter, facts

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from pos.domain.hats import Hat, HatCalendar
    from pos.l10n import Lang
    from pos.services.desk import Desk
    from pos.services.views import ProductView

BoardState = Literal["next", "live", "last_half_hour", "ended", "none"]
Area = Literal["inside", "outside"]
LAST_HALF_HOUR_MS = 30 * 60 * 1000
DEFAULT_TILES = 12
_NEXT_HAT_DAYS = 42


class CategoryView(msgspec.Struct, frozen=True):
    """A category by its name, and how many products it has; an empty name is that of products without one."""

    code: str
    products: int


class HatBoard(msgspec.Struct, frozen=True):
    """A hat at a glance. The sums are of its orders so far, cancelled ones left out; until it has begun they are
    those of the hat before it, which the vendor is still packing.

    Attributes:
        state: before it, in it, in its last half hour, after it on the same day, or no hat in sight.
        on: its date; None where there is none.
        ordinal: its number in the row of hats, where one is known.
        opens_at_ms: when it opens.
        closes_at_ms: when it closes.
        orders: how many.
        sales_paisa: what they come to.
        advance_paisa: what has been received on them.
        to_pack: how many are not packed yet.
        sums_on: the date of the hat that these are of; None where there has been none.
        called_off: today, where its hat was cancelled; None on any other day.
        why_off: the reason told for that, empty where nobody said.
    """

    state: BoardState
    on: dt.date | None = None
    ordinal: int | None = None
    opens_at_ms: int = 0
    closes_at_ms: int = 0
    orders: int = 0
    sales_paisa: int = 0
    advance_paisa: int = 0
    to_pack: int = 0
    sums_on: dt.date | None = None
    called_off: dt.date | None = None
    why_off: str = ""

    @property
    def sums_are_past(self) -> bool:
        """The sums are of a hat that is over while the next one waits, and it had orders."""
        return self.sums_on != self.on and self.orders > 0


class DeliveryChoice(msgspec.Struct, frozen=True):
    """An area and what a delivery there is charged with."""

    area: Area
    charge_paisa: int

    def name(self, lang: Lang) -> str:
        """The area in words."""
        return phrase("delivery_inside" if self.area == "inside" else "delivery_outside", lang)


class Counter:
    """Reads for the Sell page, each cheap enough to be asked often."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._ranked: tuple[dt.date, int, list[uuid.UUID]] | None = None

    def best_sellers(self, limit: int = DEFAULT_TILES, days: int = 60) -> list[ProductView]:
        """The vendor's own favourites, then the products in most orders.

        Tiles are reached by their place, so these stay where they are until the day is over: what counts are
        the days before today. What is free is filled up with the beginning of the catalogue, as far as it is in
        stock, and what else is sold today takes the last of those places.

        Args:
            limit: at most so many.
            days: how far back orders count.
        """
        now_ms = self._desk.clock.now_ms()
        pinned = str(self._desk.device.all()["sell.favourites"]).split()
        today = dhaka_day(now_ms)
        midnight_ms = to_ms(dt.datetime.combine(today, dt.time(), DHAKA))
        with self._desk.store.read() as connection:
            if self._ranked is None or self._ranked[:2] != (today, days):
                since_ms = midnight_ms - days * 86_400_000
                self._ranked = (today, days, counter.most_ordered(connection, since_ms, midnight_ms))
            ranked = [*counter.products_of(connection, pinned), *self._ranked[2][: 2 * limit]]
            ids = counter.on_sale(connection, list(dict.fromkeys(ranked)))[:limit]
            if len(ids) < limit:
                sold = counter.on_sale(connection, counter.first_ordered(connection, midnight_ms))
                shelf = counter.on_shelf(connection, sold, len(ids) + limit)
                ids = _filled_up(ids, sold, shelf, limit)
            return list(product_views(connection, ids, now_ms).values())

    def has_favourites(self) -> bool:
        """Whether the last `best_sellers` rests on what the vendor has chosen or sold before today; else it is no
        more than the beginning of the catalogue.
        """
        pinned = str(self._desk.device.all()["sell.favourites"]).split()
        return bool(pinned) or (self._ranked is not None and bool(self._ranked[2]))

    def categories(self) -> list[CategoryView]:
        """The categories with products on sale, the largest first, products without one last."""
        with self._desk.store.read() as connection:
            return [CategoryView(row.category, row.products) for row in counter.categories(connection)]

    def hat_now(self) -> HatBoard:
        """The hat that the counter is in, has just been in, or is waiting for."""
        now_ms = self._desk.clock.now_ms()
        with self._desk.store.read() as connection:
            calendar = self._desk.rules(connection).calendar
            hat = _hat_of(calendar, now_ms)
            state = _state(hat, now_ms) if hat is not None else "none"
            summed = hat if state not in {"next", "none"} else _last_before(calendar, now_ms)
            sums = counter.of_hat(connection, summed.on) if summed is not None else None
        board = HatBoard(state)
        if hat is not None:
            board = HatBoard(state, hat.on, hat.ordinal, hat.opens_at_ms, hat.closes_at_ms)
        off = calendar.on(dhaka_day(now_ms))
        if off is not None and off.cancelled:
            board = msgspec.structs.replace(board, called_off=off.on, why_off=off.reason)
        if summed is None or sums is None:
            return board
        return msgspec.structs.replace(
            board,
            orders=sums.orders,
            sales_paisa=sums.sales_paisa,
            advance_paisa=sums.received_paisa,
            to_pack=sums.to_pack,
            sums_on=summed.on,
        )

    def held(self) -> int:
        """How many carts were put aside."""
        with self._desk.store.read() as connection:
            return facts.drafts_in(connection, "held")

    def delivery_choices(self) -> tuple[DeliveryChoice, ...]:
        """The areas that deliveries are charged by."""
        with self._desk.store.read() as connection:
            values = self._desk.shop_settings(connection)
        return (
            DeliveryChoice("inside", parse_money(str(values["delivery.inside"]))),
            DeliveryChoice("outside", parse_money(str(values["delivery.outside"]))),
        )


def _filled_up(
    ids: list[uuid.UUID], sold: Sequence[uuid.UUID], shelf: Sequence[uuid.UUID], limit: int
) -> list[uuid.UUID]:
    """The tiles with the free places filled; each of those changes at most once in a day."""
    free = limit - len(ids)
    filling = [one for one in shelf if one not in ids][:free]
    other = [one for one in sold if one not in ids and one not in filling]
    blank = free - len(filling)
    for place, one in zip(reversed(range(len(filling))), other[blank:], strict=False):
        filling[place] = one
    return [*ids, *filling, *other[:blank]]


def _hat_of(calendar: HatCalendar, now_ms: int) -> Hat | None:
    """Today's hat, or the one that ended at midnight and still has its hour, or the next."""
    today = dhaka_day(now_ms)
    hat = calendar.on(today)
    if hat is not None and not hat.cancelled:
        return hat
    before = calendar.on(today - dt.timedelta(1))
    if before is not None and not before.cancelled and now_ms - before.closes_at_ms < AFTER_HAT_MS:
        return before
    last = today + dt.timedelta(_NEXT_HAT_DAYS)
    later = (calendar.on(day) for day in calendar.exceptional_days() if day > last)
    coming = (*calendar.between(today, last), *(hat for hat in later if hat is not None))
    return next((hat for hat in coming if not hat.cancelled), None)


def _last_before(calendar: HatCalendar, now_ms: int) -> Hat | None:
    """The last hat that is over."""
    today = dhaka_day(now_ms)
    before = (calendar.on(today - dt.timedelta(n)) for n in range(_NEXT_HAT_DAYS))
    return next(
        (hat for hat in before if hat is not None and not hat.cancelled and hat.closes_at_ms <= now_ms), None
    )


def _state(hat: Hat, now_ms: int) -> BoardState:
    if hat.state(now_ms) == "upcoming":
        return "next"
    if hat.state(now_ms) == "over":
        return "ended"
    return "last_half_hour" if hat.closes_at_ms - now_ms <= LAST_HALF_HOUR_MS else "live"
