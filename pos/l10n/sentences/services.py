"""Sentences for what the rules of the trade refuse: orders, money, codes, hats, settings."""

from __future__ import annotations

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    # ---- orders
    "order_empty": (
        "অর্ডারে কোনো পণ্য নেই। অন্তত একটি পণ্য দিন।",
        "The order holds no product. Please add at least one.",
    ),
    "order_too_long": (
        "এক অর্ডারে {limit}টির বেশি লাইন নেওয়া যায় না। কিছু রাখা হয়নি। অর্ডারটি ভাগ করে নিন।",
        "An order can hold at most {limit} lines. Nothing was saved. Please split it.",
    ),
    "order_too_many_payments": (
        "এক অর্ডারের সঙ্গে {limit}টির বেশি পেমেন্ট নেওয়া যায় না। কিছু রাখা হয়নি। কয়েকটি পেমেন্ট এক করে লিখুন।",
        "An order can come with at most {limit} payments. Nothing was saved. Please write several of them as one.",
    ),
    "order_unknown": (
        "{number} নম্বরের কোনো অর্ডার নেই। নম্বরটি আবার দেখুন।",
        "There is no order {number}. Please check the number.",
    ),
    "order_number_unclear": (
        "“{text}” অর্ডার নম্বরের মতো নয়। নম্বর দেখতে এমন: A-26-000147।",
        "“{text}” does not look like an order number. One looks like A-26-000147.",
    ),
    "order_state": (
        "{number} এখন আর এভাবে বদলানো যায় না, কারণ অর্ডারটি এগিয়ে গেছে বা বন্ধ হয়েছে। কিছু বদলায়নি।",
        "{number} can no longer be changed that way: it has moved on or is closed. Nothing was changed.",
    ),
    "order_note_changed": (
        "{number}-এর নোট এর মধ্যে অন্য কেউ বদলেছেন। আপনার লেখাটাই রাখতে চাইলে আবার রাখুন।",
        "The note of {number} has been changed by somebody else meanwhile. Save again to keep yours.",
    ),
    "order_takes_no_money": (
        "{number} বাতিল বা ফেরত এসেছে, তাই এতে টাকা নেওয়া যায় না। কিছু রাখা হয়নি।",
        "{number} was cancelled or came back, so it takes no money. Nothing was saved.",
    ),
    "order_paid_already": (
        "{number}-এর পুরো টাকা পাওয়া হয়ে গেছে। আর টাকা নেওয়ার নেই।",
        "{number} is paid in full already. There is nothing left to receive.",
    ),
    "order_file_empty": (
        "অর্ডারের ফাইলটি খালি। কিছু রাখা হয়নি।",
        "The order file is empty. Nothing was saved.",
    ),
    "order_file_too_big": (
        "অর্ডারের ফাইলটি অনেক বড়। কিছু রাখা হয়নি।",
        "The order file is far too big. Nothing was saved.",
    ),
    "order_file_not_json": (
        "অর্ডারের ফাইলটি JSON হিসেবে পড়া গেল না ({what})। কিছু রাখা হয়নি।",
        "The order file could not be read as JSON ({what}). Nothing was saved.",
    ),
    "order_file_unclear": (
        "অর্ডারের ফাইলে {where}-এ গোলমাল আছে ({what})। কিছু রাখা হয়নি। জায়গাটি ঠিক করে আবার দিন।",
        "Something is off in the order file at {where} ({what}). Nothing was saved. Please mend it and try again.",
    ),
    "reason_missing": (
        "বাতিলের কারণ লিখুন। অর্ডারটি যেমন ছিল তেমনই আছে।",
        "Please write why it is cancelled. The order is as it was.",
    ),
    "status_unknown": (
        "“{text}” নামে কোনো অবস্থা নেই। এগুলোর একটি দিন: {known}।",
        "There is no state “{text}”. Please use one of: {known}.",
    ),
    # ---- codes and products
    "sku_unknown": (
        "“{sku}” কোডের কোনো পণ্য নেই। কিছু রাখা হয়নি। কোডটি দেখুন, বা নাম দিয়ে খুঁজুন।",
        "No product has the code “{sku}”. Nothing was saved. Please check the code, or search by name.",
    ),
    "item_code_missing": (
        "একটি লাইনে পণ্যের কোড বা বারকোড নেই। কিছু রাখা হয়নি।",
        "A line has neither a code nor a barcode. Nothing was saved.",
    ),
    "sku_unclear": (
        "“{text}” কোড হিসেবে নেওয়া যায় না: কোডের ভেতর ফাঁকা জায়গা রাখবেন না।",
        "“{text}” cannot be a code: please leave no spaces inside it.",
    ),
    "sku_taken": (
        "“{sku}” কোডটি আরেকটি পণ্যের। কিছু বদলায়নি। অন্য কোড দিন।",
        "The code “{sku}” belongs to another product. Nothing was changed. Please choose another.",
    ),
    "barcode_taken": (
        "“{barcode}” বারকোডটি আরেকটি পণ্যের। কিছু বদলায়নি। বারকোডটি আবার দেখুন।",
        "The barcode “{barcode}” belongs to another product. Nothing was changed. Please check it.",
    ),
    "variant_required": (
        "{sku}-এর কয়েকটি ধরন আছে। কোনটি চান তা বেছে নিন। কিছু রাখা হয়নি।",
        "{sku} comes in several variants. Please choose one. Nothing was saved.",
    ),
    "product_price_missing": (
        "দাম লেখা নেই বা শূন্য। বিক্রির দাম দিন।",
        "The price is missing or zero. Please give a selling price.",
    ),
    "product_is_plain": (
        "{sku} আগে থেকেই ধরন ছাড়া বিক্রি হচ্ছে, তাই এখন এতে মাপ বা রং যোগ করা যায় না। নতুন কোডে পণ্যটি আনুন।",
        "{sku} is already sold without variants, so sizes or colours cannot be added. Please use a new code.",
    ),
    "stock_kind_unknown": (
        "“{text}” নামে স্টকের কোনো কাজ নেই। এগুলোর একটি দিন: {known}।",
        "There is no kind of movement “{text}”. Please use one of: {known}.",
    ),
    "reservation_over": (
        "যে সময় পর্যন্ত ধরে রাখতে চান তা পেরিয়ে গেছে। কিছু ধরা হয়নি। সময়টি আবার দিন।",
        "The time until which it should be held has passed. Nothing was held. Please give the time again.",
    ),
    # ---- money
    "discount_above_line": (
        "ছাড় {discount_paisa} এই লাইনের দাম {amount_paisa}-এর চেয়ে বেশি। ছাড় কমিয়ে দিন।",
        "The discount of {discount_paisa} is more than the line's {amount_paisa}. Please lower it.",
    ),
    "discount_above_order": (
        "ছাড় {discount_paisa} পণ্যের দাম {amount_paisa}-এর চেয়ে বেশি। ছাড় কমিয়ে দিন।",
        "The discount of {discount_paisa} is more than the goods' {amount_paisa}. Please lower it.",
    ),
    "overpaid": (
        "মোটের চেয়ে {over_paisa} বেশি দেওয়া হয়েছে। ক্যাশ ছাড়া ফেরত দেওয়া যায় না। টাকার অঙ্কটি দেখুন। কিছু রাখা হয়নি।",
        "That is {over_paisa} more than the total, and change is given only for cash. Please check. Nothing was saved.",
    ),
    "rest_missing": (
        "{due_paisa} বাকি থাকে। টাকাটা কুরিয়ার তুলবে (cod), না বাকি থাকবে (due), তা বলুন। কিছু রাখা হয়নি।",
        "{due_paisa} is left to pay. Please say whether the courier collects it (cod) or it stays due (due). Nothing was saved.",
    ),
    "payment_empty": (
        "পেমেন্টের অঙ্ক শূন্য। কত টাকা পেলেন তা লিখুন।",
        "The payment's amount is zero. Please write how much was received.",
    ),
    "method_unknown": (
        "“{text}” নামে কোনো পেমেন্টের পথ নেই। এগুলোর একটি দিন: {known}।",
        "There is no payment method “{text}”. Please use one of: {known}.",
    ),
    "cod_is_not_a_payment": (
        "COD মানে টাকা এখনো পাননি। যা বাকি থাকে তার জন্য rest-এ cod দিন। কিছু রাখা হয়নি।",
        "COD is money not received yet. Please say rest: cod for what is left. Nothing was saved.",
    ),
    "trxid_unclear": (
        "“{text}” এই ওয়ালেটের TrxID-র মতো নয়। SMS থেকে দেখে আবার লিখুন। কিছু রাখা হয়নি।",
        "“{text}” does not look like this wallet's TrxID. Please copy it from the SMS. Nothing was saved.",
    ),
    "trxid_on_cash": (
        "ক্যাশের কোনো TrxID হয় না। পেমেন্টের পথটি দেখুন। কিছু রাখা হয়নি।",
        "Cash has no TrxID. Please check the method. Nothing was saved.",
    ),
    "trxid_used": (
        "এই TrxID ({trxid}) আগে {number} অর্ডারে নেওয়া হয়েছে। টাকা সত্যিই দুবার এসেছে কি না দেখুন। কিছু রাখা হয়নি।",
        "This TrxID ({trxid}) was already used on order {number}. Please check whether money really came twice. Nothing was saved.",
    ),
    "trxid_twice": (
        "একই TrxID ({trxid}) এই অর্ডারে দুবার লেখা হয়েছে। কিছু রাখা হয়নি।",
        "The same TrxID ({trxid}) stands twice in this order. Nothing was saved.",
    ),
    # ---- customers
    "customer_unknown": (
        "এই নম্বরে কোনো ক্রেতা নেই।",
        "No customer has this phone.",
    ),
    # ---- hats and settings
    "date_unclear": (
        "“{text}” তারিখ হিসেবে পড়া গেল না। এভাবে লিখুন: 2026-11-24।",
        "“{text}” could not be read as a date. Please write it like 2026-11-24.",
    ),
    "clock_time_unclear": (
        "“{text}” সময় হিসেবে পড়া গেল না। এভাবে লিখুন: 09:00।",
        "“{text}” could not be read as a time. Please write it like 09:00.",
    ),
    "hat_hours_unclear": (
        "হাট শেষের সময় শুরুর আগে বা একই। সময় দুটি আবার দিন।",
        "The hat would end before it begins. Please give both times again.",
    ),
    "hat_there_already": (
        "{date} তারিখে হাট আছেই। কিছু বদলায়নি।",
        "There is a hat on {date} already. Nothing was changed.",
    ),
    "hat_not_there": (
        "{date} তারিখে কোনো হাট নেই। কিছু বদলায়নি।",
        "There is no hat on {date}. Nothing was changed.",
    ),
    "hat_cancelled_already": (
        "{date} তারিখের হাট আগেই বাতিল করা হয়েছে।",
        "The hat on {date} is cancelled already.",
    ),
    "hat_anchor_unclear": (
        "“{text}” বোঝা গেল না। একটি হাটের তারিখ আর ক্রম এভাবে লিখুন: 2026-11-24=261।",
        "“{text}” is unclear. Please write a hat's date and its number like 2026-11-24=261.",
    ),
    "setting_unknown": (
        "“{key}” নামে কোনো সেটিং নেই। সব সেটিং দেখতে: hatkhata settings get",
        "There is no setting “{key}”. To see all: hatkhata settings get",
    ),
    "setting_choice": (
        "{key}: “{text}” দেওয়া যায় না। এগুলোর একটি দিন: {allowed}।",
        "{key}: “{text}” is not possible. Please use one of: {allowed}.",
    ),
    "setting_number": (
        "{key}: “{text}” দেওয়া যায় না। {low} থেকে {high}-এর মধ্যে একটি সংখ্যা দিন।",
        "{key}: “{text}” is not possible. Please give a number from {low} to {high}.",
    ),
    "device_code_unclear": (
        "“{text}” ডিভাইস কোড হতে পারে না। এক বা দুটি ইংরেজি অক্ষর দিন, যেমন A।",
        "“{text}” cannot be a device code. Please give one or two Latin letters, such as A.",
    ),
    # ---- founding
    "shop_exists": (
        "এই ফোল্ডারে আগে থেকেই একটি দোকান আছে। কিছু বদলায়নি।",
        "There is a shop in this folder already. Nothing was changed.",
    ),
}

FIELDS: Final[dict[str, tuple[str, str]]] = {
    "source": ("উৎস", "Source"),
    "request_id": ("অনুরোধের নম্বর", "Request id"),
    "text": ("লেখা", "Text"),
    "shop.name": ("দোকানের নাম", "Shop's name"),
    "shop.trade": ("কী বিক্রি করেন", "What you sell"),
    "shop.district": ("জেলা", "District"),
    "shop.address": ("ঠিকানা", "Address"),
    "shop.page": ("পেজ বা গ্রুপ", "Page or group"),
}
