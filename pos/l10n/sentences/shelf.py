"""Sentences for stock, variants and pictures of products."""

from __future__ import annotations

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "quantity_below_zero": (
        "{field}: “{text}” শূন্যের কম, অথচ গুনলে শূন্যের কম হয় না। কিছু বদলায়নি। যত গুনেছেন তা লিখুন।",
        "{field}: “{text}” is below zero, which no count can be. Nothing was changed. Please write what was counted.",
    ),
    "goods_in_empty": (
        "কোন পণ্য কত ঢুকল তা লেখা নেই। স্টক আগের মতোই আছে। অন্তত একটি পণ্য ও পরিমাণ দিন।",
        "It does not say which goods came in. Stock is as it was. Please give at least one product and how much of it.",
    ),
    "sku_archived": (
        "“{sku}” কোডটি তুলে রাখা একটি পণ্যের। কিছু বদলায়নি। পণ্যটি ফিরিয়ে আনুন, বা অন্য কোড দিন।",
        "The code “{sku}” belongs to a product that was put away. Nothing was changed. Please take it back, or use another code.",
    ),
    "variant_unknown": (
        "এই কোডে {sku}-এর কোনো ধরন নেই। কিছু বদলায়নি। ধরনের নিজের কোড দিন।",
        "No variant of {sku} has this code. Nothing was changed. Please give the variant's own code.",
    ),
    "picture_missing": (
        "{file} ছবিটি পাওয়া গেল না। পণ্যটি আগের মতোই আছে। ফাইলটি আবার বেছে নিন।",
        "The picture {file} was not found. The product is as it was. Please choose the file again.",
    ),
    "picture_unreadable": (
        "{file} ছবি হিসেবে খোলা গেল না। পণ্যটি আগের মতোই আছে। JPEG বা PNG ছবি দিন।",
        "{file} could not be opened as a picture. The product is as it was. Please choose a JPEG or PNG picture.",
    ),
    "picture_too_big": (
        "{file} ছবিটি অনেক বড়। পণ্যটি আগের মতোই আছে। ফোনে ছোট করে বা স্ক্রিনশট নিয়ে দিন।",
        "The picture {file} is far too big. The product is as it was. Please make it smaller or take a screenshot of it.",
    ),
}
