"""The words of opening a shop: who is at the counter, an earlier version's shop, a shop that does not open."""

from __future__ import annotations

from typing import Final

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "who_title": ("কে কাজ করছেন?", "Who is working?"),
    "who_start": ("শুরু করুন", "Start"),
    "who_no_pin": ("পিন লাগবে না", "No PIN needed"),
    "who_wrong": ("পিন মেলেনি। আবার লিখুন।", "The PIN does not match. Please enter it again."),
    "who_wait": (
        "পিন কয়েকবার মেলেনি। {seconds} সেকেন্ড পরে আবার লিখুন।",
        "The PIN did not match several times. Please wait {seconds} seconds.",
    ),
    "upgrade_title": ("দোকান নতুন সংস্করণে আনা হচ্ছে", "Bringing the shop to the new version"),
    "upgrade_sub": (
        "আগের দোকানের একটি ব্যাকআপ রাখা হয়; কিছু হারাবে না। বড় দোকানে কয়েক মিনিট লাগতে পারে, তারপর নিজে থেকেই খুলবে।",
        (
            "A backup of the shop as it was is kept, and nothing is lost. A big shop may take a few minutes; then it opens "
            "by itself."
        ),
    ),
    "upgrade_saving": ("আগে ব্যাকআপ নেওয়া হচ্ছে", "Making a backup first"),
    "upgrade_copying": ("কপি করা হচ্ছে", "Copying the shop"),
    "upgrade_checking": ("খাতা মিলিয়ে দেখা হচ্ছে", "Checking the books"),
    "upgrade_changing": ("নতুন সংস্করণে আনা হচ্ছে", "Changing to the new version"),
    "upgrade_proving": ("আবার মিলিয়ে দেখা হচ্ছে", "Checking the books once more"),
    "upgrade_placing": ("নিজের জায়গায় রাখা হচ্ছে", "Putting it in its place"),
    "upgrade_leaving": (
        "থামানো হচ্ছে, একটু অপেক্ষা করুন। দোকান আগের মতোই আছে; পরে খুললে আবার শুরু হবে।",
        "Stopping, a moment please. The shop is as it was; it begins anew when you open it later.",
    ),
    "upgrade_failed_title": ("নতুন সংস্করণে আনা গেল না", "The update did not work"),
    "reopen_title": ("দোকান আবার খোলা গেল না", "The shop did not open again"),
    "reopen_safe": (
        "কিছু মোছা হয়নি: দোকানের ফাইল ও সব ব্যাকআপ নিজের জায়গায় আছে। আবার চেষ্টা করুন, বা জানালা বন্ধ করে পরে হাটখাতা খুলুন।",
        (
            "Nothing was deleted: the shop's files and all backups are in their place. Please try again, or close the "
            "window and open Hatkhata later."
        ),
    ),
    "reopen_again": ("আবার চেষ্টা করুন", "Try again"),
    "reopen_close": ("জানালা বন্ধ করুন", "Close the window"),
}

PHRASES: Final = {f"ui_{name}": pair for name, pair in _WORDS.items()}
