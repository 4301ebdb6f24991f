"""The headings people write, field by field: Bangla and English, compared without case, spaces and signs."""

from __future__ import annotations

from typing import Final

ANY_NAME: Final = "name"
"""Claimed by a heading that says "name" and no language: Bangla unless another column is the Bangla one."""

_COMMON: Final = {
    "barcode": "barcode|bar code|ean|upc|gtin|বারকোড|বার কোড",
    "stock": """stock|quantity|qty|opening stock|on hand|in stock|stock qty|stock quantity|available
        |স্টক|স্টক পরিমাণ|মজুদ|মজুত|পরিমাণ|হাতে আছে|প্রারম্ভিক স্টক|সংখ্যা""",
    "price": """price|rate|sale price|selling price|sales price|sell price|unit price|retail price|mrp
        |দাম|মূল্য|দর|বিক্রয় মূল্য|বিক্রি মূল্য|বিক্রির দাম|বিক্রয় দাম|বিক্রির মূল্য|খুচরা মূল্য|একক মূল্য""",
}

PRODUCTS: Final = _COMMON | {
    "sku": """sku|code|product code|item code|product sku|product id|item no
        |কোড|পণ্যের কোড|পণ্য কোড|কোড নম্বর|এসকেইউ""",
    ANY_NAME: "name|product|product name|item|item name|title",
    "name_bn": """name_bn|bn name|bangla name|bengali name|name bangla|name bengali|name in bangla
        |নাম|পণ্যের নাম|পণ্য|পণ্য নাম|বাংলা নাম|নাম বাংলা|নাম (বাংলা)|পণ্যের নাম (বাংলা)|পণ্যের বিবরণ""",
    "name_en": """name_en|en name|english name|name english|name in english|product name english
        |ইংরেজি নাম|ইংরেজী নাম|নাম ইংরেজি|নাম (ইংরেজি)|পণ্যের নাম (ইংরেজি)""",
    "category": """category|categories|group|type|product category
        |বিভাগ|ক্যাটাগরি|শ্রেণি|শ্রেণী|ধরণ""",
    "unit": "unit|uom|unit of measure|units|একক|ইউনিট|মাপের একক",
    "cost": """cost|cost price|buying price|buy price|purchase price|purchase rate|buying rate
        |কেনা দাম|ক্রয় মূল্য|কেনার দাম|ক্রয় দাম|কেনা মূল্য|কেনা""",
    "sizes": "sizes|size|মাপ|সাইজ|সাইজসমূহ|মাপসমূহ",
    "colours": "colours|colors|colour|color|রং|রঙ|কালার|রঙসমূহ",
    "minimum": """minimum|min|min stock|minimum stock|reorder level|low stock
        |সর্বনিম্ন|সর্বনিম্ন স্টক|ন্যূনতম|ন্যূনতম স্টক""",
    "fractions": "fractions|fraction|ভগ্নাংশ|ভাগে বিক্রি",
}

VARIANTS: Final = _COMMON | {
    "sku": """sku|code|product code|product sku|parent|parent sku|parent code|product
        |কোড|পণ্যের কোড|পণ্য কোড|মূল কোড|এসকেইউ""",
    "variant_sku": """variant_sku|variant code|variant
        |ধরনের কোড|ধরন কোড|ধরন|ভ্যারিয়েন্ট কোড|ভ্যারিয়েন্ট""",
    "size": "size|sizes|মাপ|সাইজ",
    "colour": "colour|color|colours|colors|রং|রঙ|কালার",
}
