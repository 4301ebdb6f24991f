"""What an order says on paper, whatever the paper: names, figures, sums and who still has to pay what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pos.domain.times import dhaka_time
from pos.l10n.dates import bangla_calendar_date, clock_time, hat_name, long_date, short_date, weekday
from pos.l10n.numbers import digits, money, phone, quantity
from pos.l10n.paper_words import PaperWords, paper_words
from pos.l10n.unit_names import method_name, unit_name
from pos.printing.typesetting import Style, elide, printable

if TYPE_CHECKING:
    import datetime as dt

    from pos.l10n import Lang, Locale
    from pos.services.views import BuyerView, LineView, OrderView, PaymentView, ShopView

NOTHING = "–"
SEPARATOR = " · "

OutcomeKind = Literal["cod", "due", "refund", "paid", "cancelled"]

_UNIT_STYLE, _UNIT_ROOM = Style(9.5), 18

_WORD_BREAKS = re.compile(r"[\s,;.।\-]+")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the order stands in money, and the amount that its box shows, in paisa."""

    kind: OutcomeKind
    amount_paisa: int


@dataclass(frozen=True, slots=True)
class Row:
    """One label with one amount, as sums and payments are listed."""

    label: str
    amount: str
    note: str = ""


class Content:
    """An order in the words and digits of one locale."""

    def __init__(self, order: OrderView, shop: ShopView, locale: Locale) -> None:
        self.order = order
        self.shop = shop
        self.locale = locale
        self.words: PaperWords = paper_words(locale.lang)
        self.outcome = outcome_of(order)
        whole = (
            order.total_paisa,
            order.due_paisa,
            order.cod_paisa,
            order.change_paisa,
            order.refund_owed_paisa,
            *(payment.amount_paisa for payment in order.payments),
        )
        parts = (
            order.subtotal_paisa,
            order.discount_paisa,
            order.delivery_paisa,
            order.rounding_paisa,
            *(paisa for line in order.lines for paisa in _amounts(line)),
        )
        # A column shows places throughout or not at all, so that figures line up; what is rounded is whole.
        self._whole_places = any(paisa % 100 for paisa in whole)
        self._part_places = self._whole_places or any(paisa % 100 for paisa in parts)

    # figures

    def figure(self, paisa: int) -> str:
        """An amount of a line, the subtotal, a discount or a charge, as it stands in a column."""
        return money(paisa, self.locale, places=self._part_places)

    def settled(self, paisa: int, *, taka: bool = False) -> str:
        """The total, a payment or what is left of them."""
        return money(paisa, self.locale, places=self._whole_places, taka=taka)

    def number(self, value: int) -> str:
        """A count, a page number or a serial."""
        return digits(str(value), self.locale)

    # the order

    @property
    def day(self) -> str:
        """`২৪ নভেম্বর ২০২৬`."""
        return long_date(self._taken.date(), self.locale)

    @property
    def short_day(self) -> str:
        """`মঙ্গল ২৪ নভে ২০২৬`."""
        return short_date(self._taken.date(), self.locale)

    @property
    def bangla_day(self) -> str:
        """`৯ অগ্রহায়ণ ১৪৩৩`."""
        return bangla_calendar_date(self._taken.date(), self.locale)

    @property
    def clock(self) -> str:
        """`৫:৪৬ PM`."""
        return clock_time(self._taken, self.locale)

    @property
    def weekday_clock(self) -> str:
        """`মঙ্গল ৫:৪৬ PM`."""
        return f"{weekday(self._taken.date(), self.locale)} {self.clock}"

    @property
    def hat(self) -> str:
        """`২৬১তম হাট`; empty where the hat has no number."""
        return hat_name(self.order.hat_ordinal, self.locale)

    @property
    def is_cancelled(self) -> bool:
        """Whether the paper must say that the order does not stand."""
        return self.order.status == "cancelled"

    @property
    def _taken(self) -> dt.datetime:
        return dhaka_time(self.order.taken_at_ms)

    # the parties

    @property
    def shop_phone(self) -> str:
        """The shop's number as it is shown, or nothing."""
        return phone(self.shop.phone, self.locale) if self.shop.phone else ""

    @property
    def shop_address(self) -> str:
        """Address and district."""
        return joined_address(self.shop.address, "", self.shop.district)

    @property
    def buyer_name(self) -> str:
        """The buyer's name; without a buyer the word for one who gave none."""
        buyer = self.order.customer
        return self.words.walk_in_buyer if buyer is None else printable(buyer.name) or NOTHING

    @property
    def buyer_phones(self) -> str:
        """The buyer's one or two numbers."""
        buyer = self.order.customer
        given = (buyer.phone, buyer.phone2) if buyer else ()
        return SEPARATOR.join(phone(e164, self.locale) for e164 in given if e164)

    @property
    def buyer_address(self) -> str:
        """Address, thana and district, each named once."""
        buyer = self.order.customer
        return joined_address(buyer.address, buyer.thana, buyer.district) if buyer else ""

    @property
    def destination(self) -> list[str]:
        """District and thana, the lines by which parcels are sorted; empty where neither is known."""
        buyer: BuyerView | None = self.order.customer
        places = (buyer.district, buyer.thana) if buyer else ()
        return [place for place in map(printable, places) if place]

    # the lines

    def name(self, line: LineView) -> str:
        """The product's name in the paper's language, else in the other; never empty."""
        first, second = line.name_bn, line.name_en
        if self.locale.lang == "en":
            first, second = second, first
        return printable(first) or printable(second) or printable(line.sku) or NOTHING

    def variant(self, line: LineView) -> str:
        """`M · কালো`; empty for a product of one kind."""
        return SEPARATOR.join(part for part in map(printable, (line.size, line.colour)) if part)

    def quantity(self, line: LineView) -> str:
        """The quantity without its unit."""
        return quantity(line.qty_milli, self.locale)

    def unit(self, line: LineView) -> str:
        """The unit's name; one of a newer version may be unknown here and is kept short."""
        return elide(unit_name(line.unit, self.locale), _UNIT_STYLE, _UNIT_ROOM)

    def code(self, line: LineView) -> str:
        """The product code."""
        return printable(line.sku)

    # sums and payments

    def sums(self) -> list[Row]:
        """From the price of the goods to the rounding; what is zero is left out, save the first."""
        order, words = self.order, self.words
        rows = [Row(words.subtotal, self.figure(order.subtotal_paisa))]
        if order.discount_paisa:
            rows.append(Row(words.discount, self.figure(-order.discount_paisa)))
        if order.delivery_paisa:
            rows.append(Row(words.delivery_charge, self.figure(order.delivery_paisa)))
        if order.rounding_paisa:
            rows.append(Row(words.rounding, self.figure(order.rounding_paisa)))
        return rows

    def payment_rows(self, *, advance: str, signed: bool) -> list[Row]:
        """Every payment with its TrxID, the change, and what stays due besides the courier's part.

        Args:
            advance: the word before the method while something is still to be paid.
            signed: payments carry a minus, and change given back none, so that the column adds up.
        """
        order, words = self.order, self.words
        open_amount = self.outcome.kind in {"cod", "due"}
        sign = -1 if signed else 1
        rows = []
        for payment in order.payments:
            method = method_name(payment.method, self.lang)
            if payment.method == "cash" and not open_amount:
                label = words.cash_given
            else:
                label = f"{advance}{SEPARATOR}{method}" if open_amount else method
            trxid = f"TrxID {printable(payment.trxid)}" if payment.trxid else ""
            rows.append(Row(label, self.settled(sign * payment.amount_paisa), trxid))
        if order.change_paisa:
            rows.append(Row(words.change_returned, self.settled(order.change_paisa)))
        if self.outcome.kind == "cod" and order.due_paisa > order.cod_paisa:
            rows.append(Row(words.due, self.settled(sign * (order.due_paisa - order.cod_paisa))))
        return rows

    def payments_together(self, *, advance: str) -> list[Row]:
        """What was paid and given back as one line, where the payments are too many to stand one by one."""
        label = advance if self.outcome.kind in {"cod", "due"} else self.words.payment
        rows = [Row(label, self.settled(-self.order.paid_paisa))]
        if self.outcome.kind == "cod" and self.order.due_paisa > self.order.cod_paisa:
            rows.append(Row(self.words.due, self.settled(self.order.cod_paisa - self.order.due_paisa)))
        return rows

    def payment_text(self, payment: PaymentView) -> str:
        """`বিকাশ ৳৩,০০০ · TrxID DKO7A2KQ4Z`."""
        method = method_name(payment.method, self.lang)
        text = f"{method} {self.settled(payment.amount_paisa, taka=True)}"
        return f"{text}{SEPARATOR}TrxID {printable(payment.trxid)}" if payment.trxid else text

    def payment_time(self, payment: PaymentView) -> str:
        """`২৪ নভেম্বর ২০২৬, ৫:৪৫ PM`."""
        at = dhaka_time(payment.at_ms)
        return f"{long_date(at.date(), self.locale)}, {clock_time(at, self.locale)}"

    # the foot

    @property
    def complaints(self) -> str:
        """Until when a fault may be reported, and by which number; empty where the shop sets no days."""
        if self.shop.complaint_days <= 0:
            return ""
        days = self.number(self.shop.complaint_days)
        if not self.shop_phone:
            return self.words.complaints.format(days=days)
        return self.words.complaints_by_phone.format(days=days, phone=self.shop_phone)

    @property
    def lang(self) -> Lang:
        """The language of the words."""
        return self.locale.lang


def outcome_of(order: OrderView) -> Outcome:
    """Who has to pay what, the buyer's debt to the courier first."""
    if order.refund_owed_paisa > 0:
        return Outcome("refund", order.refund_owed_paisa)
    if order.status == "cancelled":
        return Outcome("cancelled", 0)
    if order.cod_paisa > 0:
        return Outcome("cod", order.cod_paisa)
    if order.due_paisa > 0:
        return Outcome("due", order.due_paisa)
    return Outcome("paid", order.total_paisa)


def joined_address(address: str, thana: str, district: str) -> str:
    """The address with thana and district after it, unless it already ends in them (a postcode aside)."""
    address, thana, district = printable(address), printable(thana), printable(district)
    words = _without_postcode(_words(address))
    names_district = _ends_in(words, _words(district))
    if names_district:
        words = _without_postcode(words[: len(words) - len(_words(district))])
    names_thana = _ends_in(words, _words(thana))
    parts = [address]
    if not names_thana and not names_district:
        parts.append(thana)
    if not names_district:
        parts.append(district)
    return ", ".join(part for part in parts if part)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD_BREAKS.split(text) if word]


def _without_postcode(words: list[str]) -> list[str]:
    while words and words[-1].isdigit():
        words = words[:-1]
    return words


def _ends_in(words: list[str], ending: list[str]) -> bool:
    return bool(ending) and words[-len(ending) :] == ending


def _amounts(line: LineView) -> tuple[int, int, int]:
    return line.price_paisa, line.discount_paisa, line.amount_paisa
