"""Money coming in: methods, wallet ids, and what is left to pay (domain.md §6, contracts.md §1)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pos.domain.money import checked
from pos.domain.text import clean, fold_digits, nfc
from pos.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

METHODS = ("cash", "bkash", "nagad", "rocket", "upay", "card", "bank")
WALLETS = frozenset({"bkash", "nagad", "rocket", "upay"})
PaymentState = Literal["claimed", "verified", "possible_duplicate"]
Rest = Literal["cod", "due", "none"]

# Upay's form is not known for certain, so only the alphabet is asked for.
_TRXID = {
    "bkash": re.compile(r"[0-9A-Z]{10}"),
    "nagad": re.compile(r"[0-9A-Z]{8}"),
    "rocket": re.compile(r"\d{10}"),
    "upay": re.compile(r"[0-9A-Z]{6,20}"),
}
# নগদ is the wallet's brand here; cash is ক্যাশ.
_BANGLA_NAMES = {
    nfc(name): method
    for name, method in {
        "ক্যাশ": "cash",
        "বিকাশ": "bkash",
        "নগদ": "nagad",
        "রকেট": "rocket",
        "উপায়": "upay",
        "কার্ড": "card",
        "ব্যাংক": "bank",
    }.items()
}
_BKASH_DAYS = "123456789ABCDEFGHIJKLMNOPQRSTUV"
_BKASH_YEAR_OF_B = 2024


@dataclass(frozen=True, slots=True)
class Payment:
    """Money as the vendor enters it: more than zero paisa, by one method."""

    method: str
    amount_paisa: int
    trxid: str | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What payments make of a total; all in paisa."""

    paid_paisa: int
    change_paisa: int
    due_paisa: int
    cod_paisa: int


def parse_method(text: str) -> str:
    """One of `METHODS`, also by its Bangla name. COD is not money received, so it is answered with the cure."""
    typed = clean(text, field="method").lower()
    method = _BANGLA_NAMES.get(typed, typed)
    if method == "cod":
        raise UserError("cod_is_not_a_payment")
    if method not in METHODS:
        raise UserError("method_unknown", text=text, known=list(METHODS))
    return method


def parse_trxid(method: str, text: str | None) -> str | None:
    """The id in its provider's form (capitals, Latin digits); None where none was given.

    Cards and banks have no common form: up to 40 characters are kept as they are. Cash has no id.
    """
    if text is None or not text.strip():
        return None
    if method == "cash":
        raise UserError("trxid_on_cash")
    if method not in _TRXID:
        return clean(text, field="trxid", limit=40)
    trxid = fold_digits(clean(text, field="trxid", limit=40)).upper().replace(" ", "")
    if not _TRXID[method].fullmatch(trxid):
        raise UserError("trxid_unclear", method=method, text=text)
    return trxid


def state_of(method: str) -> PaymentState:
    """What is in the vendor's hand is verified; a wallet payment is claimed until her own SMS says so."""
    return "verified" if method == "cash" else "claimed"


def bkash_day(trxid: str) -> dt.date | None:
    """The date that bKash's ids carried in all seen (year letter, month letter, day); None if it does not read.

    Undocumented: good for a warning, never for a refusal.
    """
    year, month, day = ord(trxid[0]) - ord("B"), ord(trxid[1]) - ord("A"), _BKASH_DAYS.find(trxid[2])
    if year < 0 or not 0 <= month < 12 or day < 0:
        return None
    try:
        return dt.date(_BKASH_YEAR_OF_B + year, month + 1, day + 1)
    except ValueError:
        return None


def settle(total_paisa: int, payments: Sequence[Payment], rest: Rest | None) -> Settlement:
    """Set payments against a total.

    Change is given only for cash; any other overpayment is refused. Money that is left needs to be said who
    collects it: the courier (``cod``) or the vendor later (``due``).

    Raises:
        UserError: ``overpaid``, ``rest_missing``, ``payment_empty``, ``money_too_big``.
    """
    if any(p.amount_paisa <= 0 for p in payments):
        raise UserError("payment_empty")
    received = checked(sum(p.amount_paisa for p in payments), field="amount")
    cash = sum(p.amount_paisa for p in payments if p.method == "cash")
    change = max(0, received - total_paisa)
    if change > cash:
        raise UserError("overpaid", over_paisa=change - cash)
    paid = received - change
    due = total_paisa - paid
    if due and rest in (None, "none"):
        raise UserError("rest_missing", due_paisa=due)
    return Settlement(paid, change, due, due if rest == "cod" else 0)
