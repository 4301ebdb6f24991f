"""What is said when a barcode cannot be taken for an order's."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "barcode_not_an_order": (
        "“{text}” কোনো অর্ডারের বারকোড নয়। কিছু বদলায়নি। রশিদের নিচের বারকোডটি স্ক্যান করুন।",
        "“{text}” is not the barcode of an order. Nothing was changed. Scan the one on the receipt.",
    ),
}
