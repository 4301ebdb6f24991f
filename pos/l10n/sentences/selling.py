"""Sentences and words for carts and for the counter."""

from __future__ import annotations

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "draft_unknown": (
        "এই কার্টটি আর ধরে রাখা নেই: নেওয়া বা বাদ দেওয়া হয়ে গেছে। আর কিছু বদলায়নি। তালিকাটি আবার দেখুন।",
        "This cart is no longer held: it was taken or dropped. Nothing else has changed. Please look at the list again.",
    ),
    "draft_taken": (
        "এই কার্টের অর্ডার নেওয়া হয়ে গেছে, তাই আর ধরে রাখা যায় না। অর্ডারটি ঠিক আছে, অর্ডারের তালিকায় দেখুন।",
        "The order of this cart has been taken, so it cannot be held. The order is safe; please see the list of orders.",
    ),
    "upgrade_failed": (
        "দোকানের খাতা নতুন সংস্করণে আনা যায়নি। কিছু বদলায়নি, সব আগের মতোই আছে। আগের সংস্করণ দিয়ে বিক্রি চালান আর সহায়তা নিন।",
        "The shop's book could not be brought to the new version. Nothing was changed; all is as it was. Please go on selling with the version before and ask for help.",
    ),
}

FIELDS: Final[dict[str, tuple[str, str]]] = {
    "label": ("কার্টের নাম", "Name of the cart"),
    "delivery.inside": ("ঢাকার ভেতরে ডেলিভারি চার্জ", "Delivery charge inside Dhaka"),
    "delivery.outside": ("ঢাকার বাইরে ডেলিভারি চার্জ", "Delivery charge outside Dhaka"),
    "sell.favourites": ("পছন্দের পণ্য", "Favourites"),
}

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "delivery_inside": ("ঢাকার ভেতরে", "Inside Dhaka"),
    "delivery_outside": ("ঢাকার বাইরে", "Outside Dhaka"),
}
