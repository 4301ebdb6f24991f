"""Sentences for disk, lock, damage and backups, and for what `doctor` finds."""

from __future__ import annotations

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "shop_missing": (
        "এখানে কোনো দোকান নেই। নতুন দোকান খুলতে: hatkhata init। ব্যাকআপ থাকলে: hatkhata restore",
        "There is no shop here. To found one: hatkhata init. If you have a backup: hatkhata restore",
    ),
    "shop_lost": (
        "এই ফোল্ডারে একটি দোকানের দ্বিতীয় খাতা বা ব্যাকআপ আছে, কিন্তু দোকানটি নেই। কিছু বদলায়নি। দ্বিতীয় খাতা থেকে ফিরিয়ে আনুন: hatkhata restore --from-journal",
        "The second journal or backups of a shop lie in this folder, but the shop is gone. Nothing was changed. Please bring it back from the journal: hatkhata restore --from-journal",
    ),
    "shop_lost:backup": (
        "এই ফোল্ডারে একটি দোকানের ব্যাকআপ আছে, কিন্তু দোকানটি নেই। কিছু বদলায়নি। ফিরিয়ে আনুন: hatkhata restore {backup} --replay। খাতা থেকেও আনা যায়: hatkhata restore --from-journal",
        "Backups of a shop lie in this folder, but the shop is gone. Nothing was changed. Please bring it back: hatkhata restore {backup} --replay. The journal can do it too: hatkhata restore --from-journal",
    ),
    "shop_busy": (
        "দোকানের খাতা এখন অন্য কাজে ব্যস্ত। কিছু রাখা হয়নি। একটু পরে আবার করুন।",
        "The shop's book is busy with another task. Nothing was saved. Please try again in a moment.",
    ),
    "disk_full": (
        "ডিস্ক ভরে গেছে। এই কাজটি রাখা যায়নি, আগের সব ঠিক আছে। কিছু জায়গা খালি করে আবার করুন।",
        "The disk is full. This was not saved; all that was saved before is safe. Please free some space and try again.",
    ),
    "folder_read_only": (
        "দোকানের ফোল্ডারে লেখা যাচ্ছে না। কিছু রাখা হয়নি। ফোল্ডারটির অনুমতি দেখুন।",
        "The shop's folder cannot be written. Nothing was saved. Please check the folder's permissions.",
    ),
    "disk_error": (
        "ডিস্ক {file} পড়তে বা লিখতে দিচ্ছে না। কিছু রাখা হয়নি। ডিস্কটি দেখুন, তারপর আবার করুন।",
        "The disk refuses {file}. Nothing was saved. Please check the disk and try again.",
    ),
    "commit_unknown": (
        "ডিস্ক উত্তর দিচ্ছে না, তাই কাজটি রাখা হয়েছে কি না বলা যাচ্ছে না। আগের সব ঠিক আছে। ডিস্ক দেখে তালিকাটি আবার খুলুন; সেখানে না থাকলে আবার করুন।",
        "The disk does not answer, so it is not known whether this was saved. All that was saved before is safe. Please check the disk, open the list again, and repeat it if it is not there.",
    ),
    "disk_cannot_keep": (
        "এই ডিস্কে দোকান নিরাপদে রাখা যায় না (যেমন নেটওয়ার্ক ফোল্ডার)। দোকানটি কম্পিউটারের নিজের ডিস্কে রাখুন।",
        "This disk cannot keep a shop safely (a network folder, perhaps). Please keep it on the computer's own disk.",
    ),
    "database_damaged": (
        "দোকানের ফাইলটি নষ্ট হয়েছে। এতে আর কিছু লেখা হয়নি। শেষ ব্যাকআপ থেকে ফিরিয়ে আনুন: hatkhata restore FILE --replay। ব্যাকআপ না থাকলে: hatkhata restore --from-journal",
        "The shop's file is damaged. Nothing more was written to it. Please go back to the last backup: hatkhata restore FILE --replay. If there is none: hatkhata restore --from-journal",
    ),
    "database_foreign": (
        "ফাইলটি হাটখাতার দোকান নয়। এতে হাত দেওয়া হয়নি।",
        "The file is not a shop of Hatkhata. It was not touched.",
    ),
    "database_newer": (
        "দোকানটি আরও নতুন হাটখাতায় খোলা হয়েছিল। এতে হাত দেওয়া হয়নি। এই কম্পিউটারের হাটখাতা হালনাগাদ করুন।",
        "The shop was opened by a newer Hatkhata. It was not touched. Please update Hatkhata on this computer.",
    ),
    "file_missing": (
        "{file} ফাইলটি পাওয়া গেল না। নামটি আবার দেখুন।",
        "The file {file} was not found. Please check its name.",
    ),
    "file_unreadable": (
        "{file} ফাইলটি পড়া যাচ্ছে না। কিছু রাখা হয়নি। ফাইলটির অনুমতি দেখুন।",
        "The file {file} cannot be read. Nothing was saved. Please check its permissions.",
    ),
    "backup_missing": (
        "{file} নামে কোনো ব্যাকআপ নেই। নামটি আবার দেখুন। দোকান যেমন ছিল তেমনই আছে।",
        "There is no backup {file}. Please check the name. The shop is as it was.",
    ),
    "backup_damaged": (
        "{file} ব্যাকআপটি নষ্ট বা অসম্পূর্ণ, তাই নেওয়া হয়নি। দোকান যেমন ছিল তেমনই আছে। অন্য ব্যাকআপ দিন।",
        "The backup {file} is damaged or incomplete and was not used. The shop is as it was. Please take another backup.",
    ),
    "backup_newer": (
        "{file} ব্যাকআপটি আরও নতুন হাটখাতার। দোকান যেমন ছিল তেমনই আছে। আগে হাটখাতা হালনাগাদ করুন।",
        "The backup {file} comes from a newer Hatkhata. The shop is as it was. Please update Hatkhata first.",
    ),
    "backup_other_shop": (
        "এই ব্যাকআপ অন্য দোকানের: “{shop}”। দোকান যেমন ছিল তেমনই আছে। এটাই চাইলে দোকানের নাম লিখে দিন: --shop",
        "This backup belongs to another shop: “{shop}”. The shop is as it was. If that is what you want, type its name: --shop",
    ),
    "backup_none": (
        "এখনো কোনো ব্যাকআপ নেই। আগে একটি ব্যাকআপ নিন।",
        "There is no backup yet. Please make one first.",
    ),
    "backup_not_sound": (
        "দোকানের খাতায় গরমিল আছে, তাই ব্যাকআপ করা হয়নি। আগের ব্যাকআপগুলো ঠিক আছে। দেখুন: hatkhata doctor",
        "The shop's book does not add up, so no backup was made. Earlier backups are safe. Please run: hatkhata doctor",
    ),
    "backup_place_taken": (
        "{file}: এখানে আগে থেকেই অন্য কিছু আছে, যা এই দোকানের ব্যাকআপ নয়। তাতে হাত দেওয়া হয়নি, ব্যাকআপও হয়নি। অন্য নাম বা ফোল্ডার দিন।",
        "{file}: something else is there that is not a backup of this shop. It was not touched, and no backup was made. Please give another name or folder.",
    ),
    "journal_missing": (
        "এই ফোল্ডারে দ্বিতীয় খাতা (ops.jsonl) নেই। কিছু বদলায়নি। ব্যাকআপ থাকলে তা থেকে ফিরিয়ে আনুন: hatkhata restore FILE",
        "There is no second journal (ops.jsonl) in this folder. Nothing was changed. If you have a backup, please restore it: hatkhata restore FILE",
    ),
    "journal_unreadable": (
        "দ্বিতীয় খাতা থেকে দোকান ফেরানো যায় না: তার শুরুটাই পড়া যাচ্ছে না। কিছু বদলায়নি। ব্যাকআপ থাকলে: hatkhata restore FILE",
        "The second journal cannot bring the shop back: its very beginning does not read. Nothing was changed. If you have a backup: hatkhata restore FILE",
    ),
    "journal_broken": (
        "দ্বিতীয় খাতা {read} নম্বর কাজ পর্যন্ত পড়া যায়, পরের {missing}টি নষ্ট বা নেই। কিছু বদলায়নি। যতটুকু পড়া যায় ততটুকু ফিরিয়ে আনতে: hatkhata restore --from-journal --partial",
        "The second journal reads up to entry {read}; {missing} after it are damaged or missing. Nothing was changed. To bring back what reads: hatkhata restore --from-journal --partial",
    ),
    "recovered": (
        "খাতার শেষ {missing}টি কাজ মূল ফাইলে ছিল না, দ্বিতীয় খাতা থেকে {brought}টি ফিরিয়ে আনা হয়েছে। নম্বর এখন নতুন সারিতে চলবে: {series}।",
        "The last {missing} entries were missing from the main file; {brought} were brought back from the second journal. Numbers now go on in a new series: {series}.",
    ),
    "recovered:apart": (
        "দ্বিতীয় খাতাটি এই দোকানের অন্য এক কপির ছিল, তাই আলাদা করে রাখা হয়েছে। এই দোকানের সব ঠিক আছে। নম্বর এখন নতুন সারিতে চলবে: {series}।",
        "The second journal belonged to another copy and was set aside. What is in this shop is as it was. Numbers now go on in a new series: {series}.",
    ),
    # ---- what doctor finds
    "found_database_damaged": (
        "দোকানের ফাইলটি নষ্ট হয়েছে ({where})। এখানে ব্যাকআপ নেই; দ্বিতীয় খাতা থেকে ফেরার পথ: hatkhata restore --from-journal",
        "The shop's file is damaged ({where}). There is no backup here; the way back from the second journal: hatkhata restore --from-journal",
    ),
    "found_database_damaged:backup": (
        "দোকানের ফাইলটি নষ্ট হয়েছে ({where})। ফিরে যাওয়ার পথ: hatkhata restore {backup} --replay",
        "The shop's file is damaged ({where}). The way back: hatkhata restore {backup} --replay",
    ),
    "found_link_broken": (
        "{count}টি জায়গায় খাতার এক পাতা আরেক পাতাকে খুঁজে পাচ্ছে না ({where})।",
        "In {count} places one record points to another that is not there ({where}).",
    ),
    "found_order_total_wrong": (
        "{count}টি অর্ডারের মোট মেলে না ({where})।",
        "The totals of {count} orders do not add up ({where}).",
    ),
    "found_line_amount_wrong": (
        "{count}টি লাইনের টাকা মেলে না ({where})।",
        "The amounts of {count} lines do not add up ({where}).",
    ),
    "found_order_due_wrong": (
        "{count}টি অর্ডারের পাওনা মেলে না ({where})।",
        "What is due on {count} orders does not add up ({where}).",
    ),
    "found_refund_above_paid": (
        "{count}টি অর্ডারে পাওয়া টাকার চেয়ে বেশি ফেরত লেখা আছে ({where})।",
        "More was refunded than paid on {count} orders ({where}).",
    ),
    "found_owed_refund_missing": (
        "{count}টি বাতিল অর্ডারের ফেরত পাওনা ঠিক নেই ({where})।",
        "The refund owed on {count} cancelled orders is not right ({where}).",
    ),
    "found_stock_not_its_movements": (
        "{count}টি পণ্যের স্টক তার ইতিহাসের সঙ্গে মেলে না ({where})।",
        "The stock of {count} products does not match its history ({where}).",
    ),
    "found_stock_unlike_its_operations": (
        "স্টকের {count}টি চলাচল যেমন লেখা হয়েছিল তেমন নেই ({where})।",
        "{count} stock movements are not as they were entered ({where}).",
    ),
    "found_record_unlike_its_operations": (
        "{count}টি পণ্য, ক্রেতা, হাট বা সেটিং যেমন লেখা হয়েছিল তেমন নেই ({where})।",
        "{count} products, customers, hats or settings are not as they were entered ({where}).",
    ),
    "found_sale_not_its_lines": (
        "{count}টি অর্ডারের লাইন আর স্টকের হিসাব মেলে না ({where})।",
        "Lines and stock movements of {count} orders do not match ({where}).",
    ),
    "found_cancelled_sale_not_returned": (
        "{count}টি অর্ডারে বাতিল আর স্টক ফেরতের হিসাব মেলে না ({where})।",
        "Cancelling and the return of stock do not match on {count} orders ({where}).",
    ),
    "found_movement_without_line": (
        "স্টকের {count}টি বিক্রির কোনো অর্ডার নেই।",
        "{count} stock movements of sales have no order.",
    ),
    "found_sale_of_parent": (
        "{count}টি পণ্যের ধরন ঠিকমতো লেখা নেই ({where})।",
        "{count} products are not recorded with their variants as they should be ({where}).",
    ),
    "found_number_gap": (
        "নম্বরের সারিতে ফাঁক আছে ({where})।",
        "There is a gap in the numbers ({where}).",
    ),
    "found_number_not_its_series": (
        "{count}টি নম্বর তার সারির সঙ্গে মেলে না ({where})।",
        "{count} numbers do not match their series ({where}).",
    ),
    "found_series_below_high_water": (
        "নম্বরের সারি আগে যত দূর গিয়েছিল এখন তার পেছনে ({where})।",
        "A number series stands below where it had been ({where}).",
    ),
    "found_log_gap": (
        "কাজের খাতায় {where} নম্বর ঘরে ফাঁক আছে।",
        "The log of operations has a gap at {where}.",
    ),
    "found_chain_broken": (
        "কাজের খাতায় {count}টি ঘর বদলে গেছে ({where})।",
        "{count} entries of the log of operations were altered ({where}).",
    ),
    "found_personal_part_altered": (
        "{count}টি ঘরে ক্রেতার তথ্য বদলে গেছে ({where})।",
        "A buyer's details were altered in {count} entries ({where}).",
    ),
    "found_order_unlike_its_operation": (
        "{count}টি অর্ডার নেওয়ার সময় যা ছিল এখন তা নেই ({where})।",
        "{count} orders are not what was confirmed ({where}).",
    ),
    "found_database_older_than_journal": (
        "দ্বিতীয় খাতায় আরও {count}টি কাজ আছে যা এই ফাইলে নেই। পরের বার কিছু রাখার সময় সেগুলো ফিরে আসবে।",
        "The second journal holds {count} entries that this file lacks. They come back with the next thing you save.",
    ),
    "found_database_not_the_journals": (
        "এই ফাইল আর দ্বিতীয় খাতা একই দোকানের নয়, বা ফাইলটি বদলে দেওয়া হয়েছে। নম্বর এখন নতুন সারিতে চলবে।",
        "This file and the second journal do not belong together, or the file was replaced. Numbers will go on in a new series.",
    ),
    "found_journal_damaged": (
        "দ্বিতীয় খাতার {where} নম্বর লাইন নষ্ট। দোকানের ফাইলে এর জন্য কিছু বদলায়নি। ফাইলটি ঠিক থাকলে পরের বার কিছু রাখার সময় খাতাটি নতুন করে লেখা হবে।",
        "Line {where} of the second journal is damaged. The shop's file is not touched by it. If that file is sound, the journal is written anew with the next thing you save.",
    ),
    "found_oversold": (
        "{count}টি পণ্য হাতে যা আছে তার চেয়ে বেশি বিক্রি হয়েছে ({where})। মাল এলে ঠিক হয়ে যাবে।",
        "{count} products are sold beyond what is there ({where}). This clears when goods come in.",
    ),
    "found_sku_twice": (
        "{count}টি কোড একাধিক পণ্যের ({where})।",
        "{count} codes belong to more than one product ({where}).",
    ),
    "found_synced_folder": (
        "দোকানের ফোল্ডারটি {service}-এর ভেতরে। সেটি খোলা ফাইল আটকে বা নষ্ট করতে পারে। অন্য জায়গায় রাখা ভালো।",
        "The shop's folder lies inside {service}, which may hold or tear the open file. Another place is safer.",
    ),
}

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "preview_other_shop": (
        "এই ব্যাকআপ অন্য দোকানের: “{shop}”। এখানকার দোকানের কিছুই এতে নেই।",
        "This backup belongs to another shop: “{shop}”. Nothing of the shop here is in it.",
    ),
    "journal_holds": (
        "দ্বিতীয় খাতায় আছে {orders}টি অর্ডার, মোট {total_paisa}।",
        "Orders in the second journal: {orders}, {total_paisa} in all.",
    ),
    "journal_reads_to": (
        "খাতার {read} নম্বর কাজ পর্যন্ত পড়া যায়; পরের {unread}টি নষ্ট বা নেই। তবু ফেরাতে চাইলে --partial দিন।",
        "The journal reads up to entry {read}; {unread} after it are damaged or missing. --partial brings back what reads.",
    ),
}
