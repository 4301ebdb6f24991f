"""What a key does on a page, where that is something else than on the others; the F1 sheet's own words."""

from __future__ import annotations

from typing import Final

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "page_first": ("শুরু", "Setting up"),
    "key_search_orders": ("অর্ডার খুঁজুন", "Search orders"),
    "key_edit_order": ("নোট লিখুন", "Write the note"),
    "key_edit_stock": ("পণ্য বদলান", "Edit the product"),
    "key_main_orders": ("ফোনে নিশ্চিত, তারপর প্যাক", "Confirmed by phone, then packed"),
    "key_main_order": ("ফোনে নিশ্চিত, তারপর প্যাক", "Confirmed by phone, then packed"),
    "key_main_stock": ("মাল ঢুকল", "Goods in"),
    "key_main_backup": ("এখনই ব্যাকআপ নিন", "Back up now"),
    "key_new_stock": ("নতুন পণ্য", "New product"),
    "key_print_orders": ("রশিদ ছাপুন", "Print the receipt"),
    "key_open_stock": ("মাপ-রঙের ছকে, না হয় গোনায়", "Into sizes and colours, or count"),
    "key_open_backup": ("ব্যাকআপে কী আছে", "What the backup holds"),
    "key_change_page": ("পাতা বদল", "Change page"),
    "key_or": ("বা", "or"),
}

PHRASES: Final = {f"ui_{name}": pair for name, pair in _WORDS.items()}
