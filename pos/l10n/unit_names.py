"""Names of units, payment methods and order states on screen and paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pos.domain.text import nfc

if TYPE_CHECKING:
    from pos.l10n import Lang, Locale

_UNITS: Final = {
    "pcs": ("টি", "pcs"),
    "kg": ("কেজি", "kg"),
    "g": ("গ্রাম", "g"),
    "litre": ("লিটার", "litre"),
    "ml": ("মিলি", "ml"),
    "metre": ("মিটার", "metre"),
    "yard": ("গজ", "yard"),
    "foot": ("ফুট", "foot"),
    "set": ("সেট", "set"),
    "pair": ("জোড়া", "pair"),
    "dozen": ("ডজন", "dozen"),
    "hali": ("হালি", "hali"),
    "packet": ("প্যাকেট", "packet"),
    "box": ("বক্স", "box"),
    "carton": ("কার্টন", "carton"),
    "bottle": ("বোতল", "bottle"),
    "jar": ("বয়াম", "jar"),
    "tin": ("কৌটা", "tin"),
    "bag": ("ব্যাগ", "bag"),
    "sack": ("বস্তা", "sack"),
    "bundle": ("আঁটি", "bundle"),
    "roll": ("রোল", "roll"),
    "plate": ("প্লেট", "plate"),
}
# নগদ is a brand, so cash is always ক্যাশ.
_METHODS: Final = {
    "cash": ("ক্যাশ", "Cash"),
    "bkash": ("বিকাশ", "bKash"),
    "nagad": ("নগদ", "Nagad"),
    "rocket": ("রকেট", "Rocket"),
    "upay": ("উপায়", "Upay"),
    "card": ("কার্ড", "Card"),
    "bank": ("ব্যাংক", "Bank"),
    "cod": ("COD", "COD"),
}
# `checked` is an event, not a state: how a confirmed order is called once the vendor has phoned the buyer.
_STATUSES: Final = {
    "draft": ("খসড়া", "Draft"),
    "confirmed": ("নতুন", "New"),
    "checked": ("প্যাক করতে হবে", "To pack"),
    "packed": ("প্যাক হয়ে গেছে", "Packed"),
    "handed_over": ("পাঠানো হয়েছে", "Shipped"),
    "delivered": ("পৌঁছেছে", "Delivered"),
    "cancelled": ("বাতিল", "Cancelled"),
    "returned": ("ফেরত এসেছে", "Returned"),
    "partly_returned": ("কিছু ফেরত এসেছে", "Partly returned"),
}


def unit_name(unit: str, locale: Locale) -> str:
    """`কেজি`, `টি`; a unit of a newer version is shown by its code."""
    return _name(_UNITS, unit, locale.lang)


def method_name(method: str, lang: Lang) -> str:
    """`বিকাশ`, `ক্যাশ`; an unknown method is shown by its code."""
    return _name(_METHODS, method, lang)


def status_name(status: str, lang: Lang) -> str:
    """`নতুন`, `পৌঁছেছে`; an unknown state is shown by its code."""
    return _name(_STATUSES, status, lang)


def _name(names: dict[str, tuple[str, str]], code: str, lang: Lang) -> str:
    bangla, english = names.get(code, (code, code))
    return nfc(bangla) if lang == "bn" else english
