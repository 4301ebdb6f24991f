"""Sentences for what numbers, names, units and phones can be refused for."""

from __future__ import annotations

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "unknown": (
        "একটা অচেনা সমস্যা হয়েছে। আগে যা রাখা হয়েছে তা ঠিক আছে। আবার চেষ্টা করুন; না হলে সহায়তায় {support} জানান।",
        "Something unexpected happened. What was saved is safe. Please try again, or tell support {support}.",
    ),
    "text_broken": (
        "{field}: লেখাটির একটা অংশ ভাঙা এসেছে। কিছু রাখা হয়নি। লেখাটি আবার কপি করুন বা হাতে লিখুন।",
        "{field}: part of the text arrived broken. Nothing was saved. Please copy it again or type it.",
    ),
    "text_too_long": (
        "{field}: লেখাটি অনেক বড়, {limit} অক্ষরের মধ্যে লিখুন। কিছু রাখা হয়নি।",
        "{field}: the text is too long; please keep it within {limit} letters. Nothing was saved.",
    ),
    "text_needed": (
        "{field}: এখানে লেখা থাকার কথা, অন্য কিছু এসেছে। কিছু রাখা হয়নি। ঘরটি দেখে আবার দিন।",
        "{field}: this should be text and is something else. Nothing was saved. Please check it.",
    ),
    "name_empty": (
        "{field}: কিছু লেখা নেই, বা এমন চিহ্ন আছে যা দেখা যায় না। নামটি লিখুন।",
        "{field}: nothing is written, or only marks that cannot be seen. Please write the name.",
    ),
    "number_ambiguous": (
        "{field}: “{text}” দুইভাবে পড়া যায়। দশমিক বোঝাতে বিন্দু দিন (১.৫), নইলে কমা ছাড়া লিখুন (১৫)।",
        "{field}: “{text}” can be read in two ways. Please write a point (1.5), or leave the comma out (15).",
    ),
    "money_unclear": (
        "{field}: কোনো টাকার অঙ্ক লেখা নেই। সংখ্যাটি লিখুন, যেমন ১২০০ বা ১২০০.৫০।",
        "{field}: no amount is written. Please write the number, such as 1200 or 1200.50.",
    ),
    "money_unclear:text": (
        "{field}: “{text}” থেকে টাকার অঙ্ক বোঝা গেল না। শুধু সংখ্যাটি লিখুন, যেমন ১২০০ বা ১২০০.৫০।",
        "{field}: “{text}” could not be read as an amount. Please write only the number, 1200 or 1200.50.",
    ),
    "money_too_big": (
        "{field}: অঙ্কটি অনেক বড়, ১০০ কোটি টাকার বেশি রাখা যায় না। সংখ্যাটি আবার দেখুন।",
        "{field}: the amount is too big; at most 100 crore taka can be kept. Please check the number.",
    ),
    "percent_unclear": (
        "{field}: “{text}” থেকে শতাংশ বোঝা গেল না। ১০% বা ১২.৫% এভাবে লিখুন।",
        "{field}: “{text}” could not be read as a percentage. Please write it like 10% or 12.5%.",
    ),
    "percent_too_big": (
        "{field}: “{text}” একশ শতাংশের বেশি। ০% থেকে ১০০%-এর মধ্যে লিখুন।",
        "{field}: “{text}” is more than a hundred percent. Please write between 0% and 100%.",
    ),
    "quantity_unclear": (
        "{field}: কোনো সংখ্যা লেখা নেই। পরিমাণটি লিখুন, যেমন ২ বা ১.৫।",
        "{field}: no number is written. Please write the quantity, such as 2 or 1.5.",
    ),
    "quantity_unclear:text": (
        "{field}: “{text}” থেকে পরিমাণ বোঝা গেল না। শুধু সংখ্যাটি লিখুন, যেমন ২ বা ১.৫।",
        "{field}: “{text}” could not be read as a quantity. Please write the number alone, such as 2 or 1.5.",
    ),
    "quantity_whole": (
        "{field}: “{text}” ভাঙা সংখ্যা, অথচ এই পণ্য গোটা হিসাবে বিক্রি হয়। ১, ২, ৩ এভাবে লিখুন।",
        "{field}: “{text}” is a fraction, and this product is sold whole. Please write 1, 2, 3 and so on.",
    ),
    "quantity_not_positive": (
        "{field}: শূন্যের বেশি একটি সংখ্যা লিখুন; পণ্য ফেরত এলে তা আলাদা করে লিখতে হয়।",
        "{field}: please write a number above zero; returned goods are entered apart.",
    ),
    "quantity_not_positive:text": (
        "{field}: “{text}” নেওয়া গেল না। শূন্যের বেশি একটি সংখ্যা লিখুন; পণ্য ফেরত এলে তা আলাদা করে লিখতে হয়।",
        "{field}: “{text}” was not taken. Please write a number above zero; returns are entered apart.",
    ),
    "quantity_zero": (
        "{field}: শূন্য দিলে স্টকের কিছু বদলায় না। কত বাড়ল বা কমল লিখুন, যেমন ৫ বা -২।",
        "{field}: zero changes nothing in stock. Please write how much came or went, such as 5 or -2.",
    ),
    "quantity_too_big": (
        "{field}: সংখ্যাটি অনেক বড়, ১০ লাখের বেশি রাখা যায় না। বারকোড এই ঘরে চলে এসেছে কি না দেখুন।",
        "{field}: the number is too big; at most 10 lakh can be kept. Did a barcode land in this field?",
    ),
    "unit_unknown": (
        "একক লেখা নেই। কেজি, লিটার, মিটার, টি, সেট, জোড়া, ডজন বা প্যাকেট এভাবে লিখুন।",
        "No unit is written. Please write kg, litre, metre, pcs, set, pair, dozen or packet.",
    ),
    "unit_unknown:text": (
        "“{text}” এককটি চেনা গেল না। কেজি, লিটার, মিটার, টি, সেট, জোড়া, ডজন বা প্যাকেট এভাবে লিখুন।",
        "The unit “{text}” is not known. Please write kg, litre, metre, pcs, set, pair, dozen or packet.",
    ),
    "phone_unclear": (
        "ফোন নম্বরটি বোঝা গেল না। ১১ সংখ্যার মোবাইল নম্বর দিন, যেমন ০১৭১২৩৪৫৬৭৮।",
        "The phone number could not be read. Please give a mobile number of 11 digits, such as 01712345678.",
    ),
    "phone_unclear:missing": (
        "ফোন নম্বরটি পুরো হয়নি, আরও {missing}টি সংখ্যা লাগবে।",
        "The phone number is not complete: digits still missing: {missing}.",
    ),
    "phone_unclear:extra": (
        "ফোন নম্বরে {extra}টি সংখ্যা বেশি আছে। ১১ সংখ্যার নম্বর দিন, যেমন ০১৭১২৩৪৫৬৭৮।",
        "The phone number has too many digits, by {extra}. Please give 11 digits, such as 01712345678.",
    ),
    "phone_several": (
        "এই ঘরে {count}টি ফোন নম্বর আছে। এখানে একটি রাখুন, বাকিগুলো নোটে লিখুন।",
        "There are {count} phone numbers here. Please keep one here and write the others in the note.",
    ),
}

FIELDS: Final[dict[str, tuple[str, str]]] = {
    "price": ("দাম", "Price"),
    "cost": ("কেনা দাম", "Buying price"),
    "amount": ("টাকা", "Amount"),
    "discount": ("ছাড়", "Discount"),
    "delivery": ("ডেলিভারি চার্জ", "Delivery charge"),
    "qty": ("পরিমাণ", "Quantity"),
    "stock": ("স্টক", "Stock"),
    "minimum": ("সর্বনিম্ন", "Minimum"),
    "unit": ("একক", "Unit"),
    "name": ("নাম", "Name"),
    "name_bn": ("বাংলা নাম", "Name in Bangla"),
    "name_en": ("ইংরেজি নাম", "Name in English"),
    "sku": ("কোড", "Code"),
    "barcode": ("বারকোড", "Barcode"),
    "category": ("বিভাগ", "Category"),
    "size": ("মাপ", "Size"),
    "colour": ("রং", "Colour"),
    "vendor": ("দোকানের নাম", "Shop name"),
    "customer": ("ক্রেতা", "Customer"),
    "phone": ("ফোন নম্বর", "Phone number"),
    "phone2": ("দ্বিতীয় ফোন নম্বর", "Second phone number"),
    "address": ("ঠিকানা", "Address"),
    "district": ("জেলা", "District"),
    "thana": ("থানা", "Thana"),
    "note": ("নোট", "Note"),
    "trxid": ("TrxID", "TrxID"),
    "total": ("মোট", "Total"),
    "why": ("কারণ", "Reason"),
    "operator": ("কে করছেন", "Operator"),
}
