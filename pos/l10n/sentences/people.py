"""Sentences about operators, their PINs and what they may do."""

from __future__ import annotations

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "owner_only": (
        "এটি শুধু মালিক বদলাতে পারেন। কিছু বদলায়নি। মালিক হিসেবে ঢুকে আবার করুন।",
        "Only an owner can change this. Nothing was changed. Please switch to an owner and try again.",
    ),
    "operator_unknown": (
        "এই নামে এখন কেউ কাজ করেন না। তালিকা থেকে একজনকে বেছে নিন।",
        "Nobody of this name works here any more. Please choose somebody from the list.",
    ),
    "operator_name_taken": (
        "“{name}” নামে একজন আছেন। কে কী করলেন তা চিনতে অন্য একটি নাম দিন।",
        "There is a “{name}” already. Please give another name, so that the two can be told apart.",
    ),
    "operator_acting": (
        "এখন যিনি কাজ করছেন তাঁকে বাদ দেওয়া যায় না। আগে অন্য কাউকে বেছে নিন।",
        "Whoever is at the counter now cannot be removed. Please switch to somebody else first.",
    ),
    "last_owner": (
        "দোকানে অন্তত একজন মালিক থাকতে হবে। কিছু বদলায়নি। আগে আরেকজনকে মালিক করুন।",
        "A shop needs at least one owner. Nothing was changed. Please make somebody else an owner first.",
    ),
    "role_unknown": (
        "“{text}” নামে কোনো দায়িত্ব নেই। এগুলোর একটি দিন: {known}।",
        "There is no role “{text}”. Please use one of: {known}.",
    ),
    "pin_unclear": (
        "পিন ৪ থেকে ৬টি সংখ্যার হয়। আবার লিখুন।",
        "A PIN has 4 to 6 digits. Please enter it again.",
    ),
    "pin_missing": (
        "এই নামে পিন দেওয়া আছে। পিন লিখুন।",
        "This operator has a PIN. Please enter it.",
    ),
    "pin_wrong": (
        "পিন মেলেনি। আগের জনই কাজ করছেন। আবার লিখুন।",
        "The PIN does not match. Nobody was switched. Please enter it again.",
    ),
    "pin_wait": (
        "পিন কয়েকবার মেলেনি। {seconds} সেকেন্ড পরে আবার লিখুন। বিক্রি চলতে পারে।",
        "The PIN did not match several times. Please enter it again in {seconds} seconds. Selling can go on.",
    ),
}
