"""Sentences for what a spreadsheet, one of its rows or an export can be refused for."""

from __future__ import annotations

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    # The file as a whole.
    "sheet_missing": (
        "“{file}” ফাইলটি পাওয়া গেল না। কিছু বদলায়নি। ফাইলটি কোন ফোল্ডারে আছে দেখে আবার বেছে নিন।",
        (
            "The file “{file}” was not found. Nothing was changed. Please check where it is and choose "
            "it again."
        ),
    ),
    "sheet_unreadable": (
        ("“{file}” ফাইলটি খোলা যায়নি। কিছু বদলায়নি। ফাইলটি এক্সেলে খোলা থাকলে বন্ধ করে আবার চেষ্টা করুন।"),
        (
            "The file “{file}” could not be opened. Nothing was changed. If it is open in Excel, please "
            "close it and try again."
        ),
    ),
    "sheet_empty": (
        "“{file}” ফাইলে কিছু লেখা নেই। কিছু বদলায়নি। পণ্যের তালিকা আছে এমন ফাইল বেছে নিন।",
        (
            "The file “{file}” holds nothing. Nothing was changed. Please choose the file with the list "
            "of products."
        ),
    ),
    "sheet_too_big": (
        ("“{file}” ফাইলটি {limit_mb} এমবির চেয়ে বড়। কিছু বদলায়নি। শুধু পণ্যের তালিকাটুকু আলাদা ফাইলে রেখে আনুন।"),
        (
            "The file “{file}” is larger than {limit_mb} MB. Nothing was changed. Please keep only the "
            "list of products in a file of its own."
        ),
    ),
    "sheet_too_long": (
        "“{file}” ফাইলে {limit}টির বেশি সারি আছে। কিছু বদলায়নি। তালিকাটি কয়েকটি ফাইলে ভাগ করে আনুন।",
        (
            "The file “{file}” has more rows than {limit}. Nothing was changed. Please split the list "
            "into several files."
        ),
    ),
    "sheet_kind": (
        ("“{file}” ফাইলটি {kind} ধরনের, এটি পড়া যায় না। কিছু বদলায়নি। এক্সেলে খুলে .xlsx বা CSV হিসেবে সেভ করে আনুন।"),
        (
            "The file “{file}” is of the kind {kind}, which cannot be read. Nothing was changed. Please "
            "open it and save it as .xlsx or CSV."
        ),
    ),
    "sheet_unknown": (
        "“{file}” ফাইলটি পণ্যের তালিকা বলে চেনা গেল না। কিছু বদলায়নি। .xlsx বা CSV ফাইল বেছে নিন।",
        (
            "The file “{file}” is not a list of products that can be read. Nothing was changed. Please "
            "choose an .xlsx or CSV file."
        ),
    ),
    "sheet_locked": (
        ("“{file}” ফাইলে পাসওয়ার্ড দেওয়া আছে। কিছু বদলায়নি। এক্সেলে খুলে পাসওয়ার্ড ছাড়া সেভ করে আনুন।"),
        (
            "The file “{file}” is locked with a password. Nothing was changed. Please save it without "
            "the password."
        ),
    ),
    "sheet_damaged": (
        ("“{file}” ফাইলটি ভাঙা বা অসম্পূর্ণ। কিছু বদলায়নি। এক্সেলে খুলে আবার সেভ করুন, বা ফাইলটি নতুন করে আনান।"),
        (
            "The file “{file}” is damaged or cut short. Nothing was changed. Please save it again in "
            "Excel, or ask for it anew."
        ),
    ),
    "sheet_bomb": (
        ("“{file}” ফাইলটি খুললে অস্বাভাবিক বড় হয়ে যাবে, তাই খোলা হয়নি। কিছু বদলায়নি। তালিকাটি নতুন ফাইলে কপি করে সেভ করুন।"),
        (
            "The file “{file}” would swell far beyond its size, so it was not opened. Nothing was "
            "changed. Please copy the list into a new file."
        ),
    ),
    "sheet_has_dtd": (
        (
            "“{file}” ফাইলে এমন অংশ আছে যা এক্সেল নিজে কখনো লেখে না, তাই খোলা হয়নি। কিছু বদলায়নি। "
            "তালিকাটি নতুন ফাইলে কপি করে সেভ করুন।"
        ),
        (
            "The file “{file}” holds parts that Excel never writes, so it was not opened. Nothing was "
            "changed. Please copy the list into a new file."
        ),
    ),
    "encoding_unclear": (
        (
            "“{file}” ফাইলের অক্ষর ঠিকভাবে চেনা গেল না। ভুল নাম যেন না ঢোকে তাই কিছু আনা হয়নি। এক্সেলে "
            "“CSV UTF-8” বা .xlsx হিসেবে সেভ করে আনুন।"
        ),
        (
            "The letters in “{file}” could not be told for certain. Nothing was taken, so that no name "
            "comes in wrong. Please save it as “CSV UTF-8” or .xlsx."
        ),
    ),
    "quote_open": (
        (
            '“{file}” ফাইলের {row} নম্বর সারিতে একটি উদ্ধৃতি চিহ্ন (") শুরু হয়ে শেষ হয়নি। কিছু আনা '
            "হয়নি। চিহ্নটি ঠিক করে আবার আনুন।"
        ),
        (
            'In row {row} of “{file}” a quotation mark (") opens and never closes. Nothing was taken. '
            "Please mend it and import again."
        ),
    ),
    "quote_broken": (
        (
            '“{file}” ফাইলের {row} নম্বর সারিতে উদ্ধৃতি চিহ্ন (") এলোমেলো। কিছু আনা হয়নি। সারিটি ঠিক '
            "করুন, বা .xlsx হিসেবে সেভ করুন।"
        ),
        (
            'In row {row} of “{file}” the quotation marks (") are out of place. Nothing was taken. '
            "Please mend the row, or save as .xlsx."
        ),
    ),
    "cell_too_long": (
        (
            "“{file}” ফাইলের {row} নম্বর সারির একটি ঘর অনেক বড়। কিছু আনা হয়নি। ঘরটি ছোট করুন; উদ্ধৃতি "
            'চিহ্ন (") খোলা রয়ে গেছে কি না তাও দেখুন।'
        ),
        (
            "A cell in row {row} of “{file}” is far too long. Nothing was taken. Please shorten it, and "
            'check that no quotation mark (") was left open.'
        ),
    ),
    "nothing_to_import": (
        ("“{file}” ফাইলে শুধু শিরোনাম আছে, কোনো পণ্য নেই। কিছু বদলায়নি। শিরোনামের নিচে পণ্য লিখে আবার আনুন।"),
        (
            "The file “{file}” has headings and no products. Nothing was changed. Please write the "
            "products below the headings."
        ),
    ),
    # Headings and mapping files.
    "column_twice": (
        (
            "একই জিনিসের জন্য একাধিক কলাম আছে: {names}। কিছু আনা হয়নি। কোনটি নেবেন ঠিক করে অন্যটির "
            "শিরোনাম বদলান বা মুছে দিন।"
        ),
        (
            "Several columns claim to be the same thing: {names}. Nothing was taken. Please keep one and "
            "rename or remove the other."
        ),
    ),
    "header_missing": (
        (
            "প্রথম সারিতে কলামের শিরোনাম পাওয়া গেল না, সেখানে আছে: {found}। কিছু আনা হয়নি। ওপরে একটি "
            "সারি যোগ করে নাম, দাম ইত্যাদি শিরোনাম লিখুন।"
        ),
        (
            "The first row does not look like headings; it holds: {found}. Nothing was taken. Please add "
            "a row on top with headings such as name and price."
        ),
    ),
    "columns_missing": (
        ("এই কলাম পাওয়া গেল না: {field}। কিছু আনা হয়নি। শিরোনামটি লিখুন, বা কোন কলামে কী আছে একটি ম্যাপিং ফাইলে বলে দিন।"),
        (
            "Columns were not found: {field}. Nothing was taken. Please write the heading, or say in a "
            "mapping file which column holds what."
        ),
    ),
    "mapping_broken": (
        (
            "“{file}” ম্যাপিং ফাইলটি পড়া গেল না। কিছু বদলায়নি। এটি JSON ফাইল হবে, যেখানে আপনার "
            "শিরোনামের পাশে আমাদের নাম থাকে।"
        ),
        (
            "The mapping file “{file}” could not be read. Nothing was changed. It has to be a JSON file "
            "that gives our name for each of your headings."
        ),
    ),
    "mapping_field_unknown": (
        "ম্যাপিং ফাইলের এই কথাগুলো চেনা গেল না: {names}। কিছু আনা হয়নি। এগুলো থেকে লিখুন: {known}।",
        ("The mapping file names unknown fields: {names}. Nothing was taken. Please use these: {known}."),
    ),
    "mapping_unused": (
        "ম্যাপিং ফাইলের এই শিরোনামগুলো তালিকায় নেই: {names}। কিছু আনা হয়নি। বানান মিলিয়ে দেখুন।",
        (
            "The mapping file names headings that the list does not have: {names}. Nothing was taken. "
            "Please check the spelling."
        ),
    ),
    "heading_guessed": (
        "“{heading}” শিরোনামটি “{field}” ধরে নেওয়া হয়েছে। ভুল হলে শিরোনামটি ঠিক করে আবার আনুন।",
        (
            "The heading “{heading}” was taken for “{field}”. If that is wrong, please correct it and "
            "import again."
        ),
    ),
    # Rows.
    "cells_shifted": (
        (
            "এই সারিতে শিরোনামের চেয়ে বেশি ঘর আছে (“{text}”), তাই দাম সরে যেতে পারে। সংখ্যার কমা বাদ "
            'দিন বা লেখাটি " " এর ভেতরে দিন।'
        ),
        (
            "This row has more cells than there are headings (“{text}”), so values may have shifted. "
            "Please drop commas inside numbers or put the text in quotation marks."
        ),
    ),
    "cell_fault": (
        ("{field}: ঘরে এক্সেলের ভুল-চিহ্ন “{text}” আছে। সারিটি নেওয়া হয়নি। এক্সেলে ঘরটি ঠিক করে সেভ করুন।"),
        (
            "{field}: the cell holds Excel's error “{text}”. The row was not taken. Please mend the cell "
            "in Excel."
        ),
    ),
    "formula_unsaved": (
        ("{field}: ঘরে একটি সূত্র আছে কিন্তু তার ফল সেভ করা নেই। সারিটি নেওয়া হয়নি। এক্সেলে খুলে আবার সেভ করুন।"),
        (
            "{field}: the cell holds a formula and its result was not saved. The row was not taken. "
            "Please open the file in Excel and save it again."
        ),
    ),
    "formula_value": (
        ("“{field}” কলামে সূত্র আছে। ফাইলে সেভ করা ফলটিই নেওয়া হয়েছে, যেমন “{text}”। অঙ্কগুলো একবার দেখে নিন।"),
        (
            "The column “{field}” holds formulas. The results saved in the file were taken, such as "
            "“{text}”. Please look them over."
        ),
    ),
    "cell_date": (
        ("{field}: এক্সেল লেখাটিকে তারিখ ({text}) বানিয়ে ফেলেছে। সারিটি নেওয়া হয়নি। ঘরটি Text করে লেখাটি আবার লিখুন।"),
        (
            "{field}: Excel has turned this into a date ({text}). The row was not taken. Please set the "
            "cell to Text and type it again."
        ),
    ),
    "digits_lost": (
        (
            "{field}: এক্সেল লম্বা সংখ্যাটি ছোট করে ফেলেছে (“{text}”), কিছু অঙ্ক হারিয়েছে। সারিটি "
            "নেওয়া হয়নি। ঘরটি Text করে পুরো সংখ্যাটি লিখুন।"
        ),
        (
            "{field}: Excel has shortened this long number (“{text}”) and digits are lost. The row was "
            "not taken. Please set the cell to Text and write the whole number."
        ),
    ),
    "barcode_unclear": (
        "“{text}” বারকোড হতে পারে না। ৪৮টির মধ্যে ইংরেজি অক্ষর ও সংখ্যা লিখুন, বা ঘরটি খালি রাখুন।",
        ("“{text}” cannot be a barcode. Please write up to 48 Latin letters and digits, or leave it empty."),
    ),
    "barcode_check": (
        ("{field}: “{text}” নম্বরের শেষ অঙ্কটি মেলে না। নম্বরটি নেওয়া হয়েছে; প্যাকেটের সঙ্গে একবার মিলিয়ে নিন।"),
        (
            "{field}: the last digit of “{text}” does not fit. It was taken as it is; please compare it "
            "with the packet."
        ),
    ),
    "price_missing": (
        "দাম লেখা নেই। সারিটি নেওয়া হয়নি। দাম লিখে আবার আনুন।",
        "No price is written. The row was not taken. Please write the price.",
    ),
    "price_zero": (
        "{field}: দাম শূন্য। সারিটি নেওয়া হয়নি। আসল দামটি লিখুন।",
        "{field}: the price is zero. The row was not taken. Please write the real price.",
    ),
    "quantity_negative": (
        "{field}: “{text}” শূন্যের কম। সারিটি নেওয়া হয়নি। ০ বা হাতে যত আছে তা লিখুন।",
        "{field}: “{text}” is below zero. The row was not taken. Please write 0, or what is in hand.",
    ),
    "yes_or_no": (
        "{field}: “{text}” বোঝা গেল না। yes বা no লিখুন, বা খালি রাখুন।",
        "{field}: “{text}” is not clear. Please write yes or no, or leave it empty.",
    ),
    "sku_missing": (
        "{field}: কোন পণ্যের ধরন তা লেখা নেই। সারিটি নেওয়া হয়নি। প্রতিটি সারিতে পণ্যের কোড লিখুন।",
        (
            "{field}: it does not say whose variant this is. The row was not taken. Please write the "
            "product's code in every row."
        ),
    ),
    "parent_unknown": (
        ("{field}: “{text}” কোডের কোনো পণ্য তালিকায় নেই। সারিটি নেওয়া হয়নি। কোডটি পণ্যের তালিকার সঙ্গে মেলান।"),
        (
            "{field}: the list has no product with the code “{text}”. The row was not taken. Please "
            "compare the codes."
        ),
    ),
    "variant_unnamed": (
        "এই সারিতে মাপ, রং বা ধরনের কোড কিছুই নেই। সারিটি নেওয়া হয়নি। অন্তত একটি লিখুন।",
        ("This row has no size, colour or variant code. The row was not taken. Please write at least one."),
    ),
    "variant_twice": (
        "“{text}” এই পণ্যে আগেও আছে, {first_row} নম্বর সারিতে। একটি সারি মুছে দিন বা বদলান।",
        ("This product has “{text}” already, in row {first_row}. Please remove or change one of the two."),
    ),
    "sku_twice": (
        ("{field}: “{text}” আগেও আছে, {first_row} নম্বর সারিতে। প্রতিটির আলাদা কোড দিন, বা একটি সারি মুছে দিন।"),
        (
            "{field}: “{text}” is there already, in row {first_row}. Please give each its own code, or "
            "remove one."
        ),
    ),
    "barcode_twice": (
        ("{field}: “{text}” আগেও আছে, {first_row} নম্বর সারিতে। প্যাকেট দেখে একটির বারকোড ঠিক করুন বা খালি রাখুন।"),
        (
            "{field}: “{text}” is there already, in row {first_row}. Please correct one of them or leave "
            "it empty."
        ),
    ),
    "name_twice": (
        ("“{name}” নামটি {first_row} নম্বর সারিতেও আছে। একই পণ্য হলে একটি সারি মুছুন; আলাদা হলে দুটিতে আলাদা কোড দিন।"),
        (
            "The name “{name}” is in row {first_row} too. If it is the same product, please remove one "
            "row; if not, give each a code of its own."
        ),
    ),
    "too_many_variants": (
        ("মাপ ও রং মিলে {count}টি ধরন হয়, {limit}টির বেশি রাখা যায় না। সেমিকোলন (;) ঠিক জায়গায় আছে কি না দেখুন।"),
        (
            "Sizes and colours make {count} variants; at most {limit} can be kept. Please check the "
            "semicolons (;)."
        ),
    ),
    "stock_needs_variants": (
        (
            "“{name}”: স্টক {stock_milli}, কিন্তু ধরন {count}টি; কোনটির কত তা বোঝা যায় না। ধরনের "
            "তালিকায় প্রতিটির স্টক লিখুন, বা এখানে স্টক খালি রাখুন।"
        ),
        (
            "“{name}” has a stock of {stock_milli} and {count} variants; which has how many is not said. "
            "Please write the stock in the list of variants, or leave it empty here."
        ),
    ),
    "stock_differs": (
        (
            "“{name}”: এখানে স্টক {stock_milli}, ধরনগুলোর যোগফল {sum_milli}। ধরনের স্টকই নেওয়া হয়েছে। "
            "গুনে মিলিয়ে নিন।"
        ),
        (
            "“{name}”: the stock here is {stock_milli}, its variants add up to {sum_milli}. The "
            "variants' stock was taken. Please count and compare."
        ),
    ),
    "bijoy_suspected": (
        (
            "“{column}” কলামের লেখা বিজয় ফন্টের মনে হচ্ছে। এখনো কিছু বদলানো হয়নি। ইউনিকোডে নিলে এমন "
            "হবে: {preview}। ঠিক থাকলে বিজয় থেকে বদলে নিতে বলুন।"
        ),
        (
            "The column “{column}” looks like Bijoy text. Nothing was converted. In Unicode it would "
            "read: {preview}. If that is right, please ask for the conversion."
        ),
    ),
    # Export.
    "export_kind": (
        "“{file}” নামে ফাইল বানানো যায় না। নামের শেষে .csv বা .xlsx দিন।",
        "A file named “{file}” cannot be made. Please end the name with .csv or .xlsx.",
    ),
    "file_not_written": (
        (
            "“{file}” ফাইলটি লেখা যায়নি। আগের ফাইল থাকলে তা যেমন ছিল তেমনই আছে। ডিস্কে জায়গা আছে কি না "
            "দেখুন, ফাইলটি খোলা থাকলে বন্ধ করুন, বা অন্য ফোল্ডার বেছে নিন।"
        ),
        (
            "The file “{file}” could not be written. An older file of that name is untouched. Please "
            "check the space on the disk, close the file if it is open, or choose another folder."
        ),
    ),
}

FIELDS: Final[dict[str, tuple[str, str]]] = {
    "sizes": ("মাপ", "Sizes"),
    "colours": ("রং", "Colours"),
    "variant_sku": ("ধরনের কোড", "Variant code"),
    "fractions": ("ভাগে বিক্রি", "Sold in parts"),
    "row": ("সারি", "Row"),
}
