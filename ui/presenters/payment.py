"""Taking money in full: methods, what was given, the change; one payment or several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pos.domain.money import parse_money, plain_money
from pos.domain.payments import Payment, parse_method, parse_trxid, settle
from pos.errors import UserError
from pos.services.order_request import PaymentRequest
from ui.presenters.needs import Watched

if TYPE_CHECKING:
    from pos.domain.payments import Settlement

_NOTES_PAISA = (10_000, 50_000, 100_000)  # round sums that people hand over: to the next 100, 500, 1000 taka


@dataclass(frozen=True, slots=True)
class Part:
    """One payment that was entered already."""

    method: str
    amount_paisa: int
    trxid: str


class TakeMoney(Watched):
    """The money of one order. `typed` is empty as long as the vendor has typed nothing: then it is the exact rest."""

    def __init__(self, total_paisa: int) -> None:
        super().__init__()
        self.total_paisa = total_paisa
        self.method = "cash"
        self.typed = ""
        self.trxid = ""
        self.parts: list[Part] = []

    def rest_paisa(self) -> int:
        """What the parts entered so far leave open."""
        return max(0, self.total_paisa - sum(part.amount_paisa for part in self.parts))

    def given_paisa(self) -> int | None:
        """What is given now; None where it does not read."""
        if not self.typed.strip():
            return self.rest_paisa()
        try:
            return parse_money(self.typed, field="amount")
        except UserError:
            return None

    def change_paisa(self) -> int:
        """What to give back; only cash gives change."""
        given = self.given_paisa()
        if given is None or self.method != "cash":
            return 0
        return max(0, given - self.rest_paisa())

    def short_paisa(self) -> int:
        """What is missing still."""
        return max(0, self.rest_paisa() - (self.given_paisa() or 0))

    def round_sums(self) -> list[int]:
        """What is likely to be handed over: the exact rest, and round sums above it."""
        rest = self.rest_paisa()
        sums = [rest]
        for note in _NOTES_PAISA:
            above = -(-rest // note) * note
            if above not in sums:
                sums.append(above)
        return sums[:3]

    def choose(self, method: str) -> None:
        """Pay this part so."""
        self.method = method
        self.changed()

    def type(self, text: str) -> None:
        """The amount says this now."""
        self.typed = text
        self.changed()

    def set_sum(self, paisa: int) -> None:
        """Take this sum."""
        self.type(plain_money(paisa).removesuffix(".00"))

    def set_trxid(self, text: str) -> None:
        """The wallet's id."""
        self.trxid = text
        self.changed()

    def split(self) -> None:
        """Note this part and go on with the rest.

        Raises:
            UserError: it does not read, or would leave nothing to split.
        """
        part = self._part()
        if not 0 < part.amount_paisa < self.rest_paisa():
            raise UserError("split_needs_less", rest_paisa=self.rest_paisa())
        self.parts.append(part)
        self.typed = self.trxid = ""
        self.method = "cash" if part.method != "cash" else "bkash"
        self.changed()

    def unsplit(self) -> None:
        """Take the last part back."""
        if self.parts:
            part = self.parts.pop()
            self.method, self.trxid = part.method, part.trxid
            self.typed = plain_money(part.amount_paisa).removesuffix(".00")
            self.changed()

    def payments(self) -> list[PaymentRequest]:
        """All parts, this one included.

        Raises:
            UserError: an amount or id that does not read, or money that is missing.
        """
        parts = [*self.parts, self._part()]
        self._settled(parts)
        return [PaymentRequest(p.method, plain_money(p.amount_paisa), p.trxid or None) for p in parts]

    def _settled(self, parts: list[Part]) -> Settlement:
        money = settle(self.total_paisa, [Payment(p.method, p.amount_paisa) for p in parts], "due")
        if money.due_paisa:
            raise UserError("money_missing", due_paisa=money.due_paisa)
        return money

    def _part(self) -> Part:
        amount = parse_money(self.typed, field="amount") if self.typed.strip() else self.rest_paisa()
        method = parse_method(self.method)
        return Part(method, amount, parse_trxid(method, self.trxid) or "")
