"""Sentences about the second place of backups, such as a USB stick; the first is safe whatever happens there."""

from __future__ import annotations

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "second_place_full": (
        "দ্বিতীয় জায়গাটি ভরে গেছে: {folder}। এই কম্পিউটারের ব্যাকআপ ঠিক আছে। সেখানে কিছু জায়গা খালি করুন, বা অন্য ফোল্ডার বেছে নিন।",
        (
            "The second place is full: {folder}. Backups on this computer are safe. Please free some space there, or "
            "choose another folder."
        ),
    ),
    "second_place_refused": (
        "দ্বিতীয় জায়গায় লেখা যাচ্ছে না: {folder}। এই কম্পিউটারের ব্যাকআপ ঠিক আছে। পেনড্রাইভ খুলে আবার লাগান, বা অন্য ফোল্ডার বেছে নিন।",
        (
            "The second place cannot be written: {folder}. Backups on this computer are safe. Please plug the drive in "
            "anew, or choose another folder."
        ),
    ),
}

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "second_place_away": (
        "ব্যাকআপ এই কম্পিউটারে আছে; দ্বিতীয় জায়গায় রাখা যায়নি",
        "The backup is on this computer; the second place could not be reached",
    ),
    "second_place_level": ("নতুন ব্যাকআপটি এখানেও আছে", "The newest backup is here too"),
    "second_place_behind": ("নতুন ব্যাকআপটি এখানে নেই", "The newest backup is not here"),
}

PHRASES: Final = {f"ui_{name}": pair for name, pair in _WORDS.items()}
