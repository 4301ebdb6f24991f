"""What the command says: its answers, its questions, its own errors."""

from __future__ import annotations

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "usage": (
        "কমান্ডটি বোঝা গেল না: {what} কিছু বদলায়নি। সাহায্য: hatkhata --help",
        "The command was not understood: {what} Nothing was changed. Help: hatkhata --help",
    ),
    "usage:command": (
        "“{command}” নামে কোনো কমান্ড নেই। কিছু বদলায়নি। সব কমান্ড দেখতে: hatkhata --help",
        "There is no command “{command}”. Nothing was changed. To see all: hatkhata --help",
    ),
    "usage:option": (
        "এই কমান্ডে {option} দেওয়া যায় না। কিছু বদলায়নি। বানান দেখুন; - দিয়ে শুরু এমন লেখার আগে -- দিন।",
        "This command has no {option}. Nothing was changed. Please check its spelling; put -- before a text that begins with -.",
    ),
    "usage:valueless": (
        "{valueless}-এর মানটি ঠিকমতো দেওয়া হয়নি। কিছু বদলায়নি। এর ঠিক পরে মানটি লিখুন, যেমন কমান্ডের --help-এ আছে।",
        "The value of {valueless} is not given as it should be. Nothing was changed. Please see the command's --help.",
    ),
    "usage:missing": (
        "{missing} দেওয়া হয়নি। কিছু বদলায়নি। এটি যোগ করে আবার দিন।",
        "{missing} is missing. Nothing was changed. Please add it and try again.",
    ),
    "usage:choose": (
        "এর পরে একটি কমান্ড দিতে হয়: {choose}।",
        "A command has to follow: {choose}.",
    ),
    "usage:allowed": (
        "{argument}: এই মান দেওয়া যায় না। কিছু বদলায়নি। এগুলোর একটি দিন: {allowed}।",
        "{argument}: this value is not possible. Nothing was changed. Please use one of: {allowed}.",
    ),
    "usage:argument": (
        "{argument}: এই মান দেওয়া যায় না ({why})। কিছু বদলায়নি। ঠিক করে আবার দিন।",
        "{argument}: this value is not possible ({why}). Nothing was changed. Please mend it and try again.",
    ),
    "answer_not_written": (
        "কাজটি হয়ে গেছে, কিন্তু উত্তরটি লেখা গেল না; যেখানে লেখার কথা সেখানে হয়তো জায়গা নেই।",
        "This was done, but the answer could not be written; perhaps the place it goes to is full.",
    ),
    "edit_variant": (
        "{sku} একটি ধরনের কোড; এভাবে বদলালে {product}-এর সব ধরন বদলে যেত। কিছু বদলায়নি। পুরো পণ্যটি বদলাতে {product} দিন।",
        "{sku} is one variant; this would change every variant of {product}. Nothing was changed. To change the whole product, use {product}.",
    ),
    "stopped": (
        "থামানো হয়েছে। যা শেষ হয়নি তা রাখা হয়নি, আগের সব ঠিক আছে।",
        "Stopped. What was not finished was not saved; everything before is safe.",
    ),
    "bug": (
        "আমাদের একটা ভুলে কাজটি হলো না। আগে যা রাখা হয়েছে তা ঠিক আছে। আবার হলে জানান, সঙ্গে এই কথাটি: {kind}।",
        "A fault of ours stopped this. What was saved before is safe. If it happens again, please tell us, with this word: {kind}.",
    ),
    "memory_short": (
        "কম্পিউটারের মেমোরি ফুরিয়ে গেছে। যা রাখা হয়েছে তা ঠিক আছে। অন্য প্রোগ্রাম বন্ধ করে আবার করুন।",
        "The computer ran out of memory. What was saved is safe. Please close other programs and try again.",
    ),
    "paper_ending": (
        "{file}: ফাইলের নাম এগুলোর একটি দিয়ে শেষ হতে হবে: {endings}। অর্ডার ঠিক আছে।",
        "{file}: the name must end in one of {endings}. The order is safe.",
    ),
    "ask_restore": (
        "এই ব্যাকআপ ফিরিয়ে আনব? এখনকার দোকানের আগে একটি ব্যাকআপ রাখা হবে।",
        "Restore this backup? The present shop is backed up first.",
    ),
    "warning_oversold": (
        "হাতে যা আছে তার চেয়ে বেশি বিক্রি হলো। অর্ডার নেওয়া হয়েছে; মাল আনতে ভুলবেন না।",
        "More was sold than is there. The order is taken; please remember to bring goods in.",
    ),
    "warning_trxid_date_differs": (
        "TrxID-র তারিখ আজকের সঙ্গে মেলে না। টাকা সত্যিই এসেছে কি না নিজের SMS-এ দেখুন।",
        "The TrxID seems to be from another day. Please check your own SMS that the money has come.",
    ),
}

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "shop_founded": ("দোকান খোলা হয়েছে: {shop} · ডিভাইস {code}", "Shop founded: {shop} · device {code}"),
    "next_import": (
        "এবার পণ্য আনুন: hatkhata import FILE",
        "Next, bring your products in: hatkhata import FILE",
    ),
    "upgrading": ("দোকান নতুন সংস্করণে আনা হচ্ছে", "Bringing the shop to the new version"),
    "reading": ("পড়া হচ্ছে", "Reading"),
    "writing": ("লেখা হচ্ছে", "Writing"),
    "hat_upcoming": ("সামনে", "upcoming"),
    "hat_live": ("হাট চলছে", "live"),
    "hat_over": ("হাট শেষ", "over"),
    "hat_cancelled": ("বাতিল", "cancelled"),
    "after_hat": ("হাটের পরে", "after the hat"),
    "nothing_found": ("কিছু মেলেনি", "Nothing found"),
    "no_products": ("এখনো কোনো পণ্য নেই", "No products yet"),
    "no_orders": ("কোনো অর্ডার নেই", "No orders"),
    "free": ("বিক্রির জন্য", "available"),
    "on_hand": ("হাতে আছে", "in hand"),
    "reserved": ("অর্ডারে ধরা", "reserved"),
    "out": ("শেষ", "out of stock"),
    "low": ("কম আছে", "low stock"),
    "price": ("দাম", "Price"),
    "cost": ("কেনা দাম", "Buying price"),
    "barcode": ("বারকোড", "Barcode"),
    "subtotal": ("পণ্যের দাম", "Subtotal"),
    "discount": ("ছাড়", "Discount"),
    "delivery": ("ডেলিভারি চার্জ", "Delivery charge"),
    "rounding": ("খুচরা সমন্বয়", "Rounding"),
    "total": ("মোট", "Total"),
    "paid": ("পেয়েছি", "Paid"),
    "change": ("ফেরত দিন", "Change"),
    "change_given": ("ফেরত দেওয়া হয়েছে", "Change returned"),
    "cod": ("কুরিয়ার তুলবে", "Courier collects"),
    "due": ("বাকি", "Due"),
    "refund_owed": ("আমি ফেরত দেব", "I owe"),
    "payment_claimed": ("ক্রেতা বলেছেন", "buyer says so"),
    "payment_verified": ("পাওয়া গেছে", "received"),
    "payment_possible_duplicate": ("দুবার হতে পারে", "possible duplicate"),
    "walk_in": ("খুচরা ক্রেতা", "Walk-in"),
    "minimum": ("সর্বনিম্ন", "Minimum"),
    "category": ("বিভাগ", "Category"),
    "note": ("নোট", "Note"),
    "deeds": (
        "{orders}টি অর্ডার, {delivered}টি পৌঁছেছে, {returned}টি ফেরত",
        "orders {orders}, delivered {delivered}, returned {returned}",
    ),
    "imported": (
        "{products}টি পণ্য আনা হয়েছে: {variants}টি ধরন, মোট {skus}টি কোড; {updated}টি আগে থেকেই ছিল।",
        "Brought in: products {products}, variants {variants}, SKUs in all {skus}; there before: {updated}.",
    ),
    "import_checked": (
        "দেখা হয়েছে, কিছু লেখা হয়নি: {products}টি পণ্য, {variants}টি ধরন, {skus}টি কোড আসবে; {updated}টি আগে থেকেই আছে।",
        "Checked, nothing written. Would come in: products {products}, variants {variants}, SKUs in all {skus}; there already: {updated}.",
    ),
    "import_refused": (
        "কিছু আনা হয়নি, কারণ কয়েকটি সারিতে গোলমাল আছে। ঠিক করে আবার আনুন, বা ঠিক সারিগুলো নিতে --partial দিন।",
        "Nothing was brought in, because some rows have problems. Mend them, or use --partial to take the good rows.",
    ),
    "backed_up": ("আগে ব্যাকআপ রাখা হয়েছে: {file}", "Backed up first: {file}"),
    "row_products": ("সারি {row}", "Row {row}"),
    "row_variants": ("ধরনের সারি {row}", "Variants' row {row}"),
    "and_more": ("আরও {count}টি", "and {count} more"),
    "columns_ignored": ("এই কলামগুলো নেওয়া হয়নি: {columns}", "These columns were not used: {columns}"),
    "sound": ("দোকানের খাতা ঠিক আছে।", "The shop's book is sound."),
    "not_sound": ("দোকানের খাতায় সমস্যা আছে:", "There is something wrong with the shop's book:"),
    "counts": ("অর্ডার {orders} · কাজ {operations}", "Orders {orders} · operations {operations}"),
    "backup_made": (
        "ব্যাকআপ নেওয়া হয়েছে আর পড়ে দেখা হয়েছে: {orders}টি অর্ডার।",
        "Backup written and read back. Orders in it: {orders}.",
    ),
    "backup_holds": (
        "ব্যাকআপে আছে {orders}টি অর্ডার, মোট {total_paisa}।",
        "Orders in the backup: {orders}, {total_paisa} in all.",
    ),
    "would_be_missing": (
        "ফিরিয়ে আনলে এগুলো থাকবে না: {orders}টি অর্ডার, মোট {total_paisa}।",
        "After restoring, orders that would be missing: {orders}, {total_paisa} in all.",
    ),
    "can_be_replayed": (
        "--replay দিলে দ্বিতীয় খাতা থেকে {count}টি কাজ ফিরে আসবে।",
        "Entries that --replay brings back from the second journal: {count}.",
    ),
    "nothing_missing": ("ব্যাকআপে সবই আছে।", "The backup holds everything."),
    "restored": ("ফিরিয়ে আনা হয়েছে: {orders}টি অর্ডার।", "Restored. Orders in it: {orders}."),
    "replayed": (
        "দ্বিতীয় খাতা থেকে {count}টি কাজ ফিরেছে।",
        "Entries brought back from the second journal: {count}.",
    ),
    "new_series": (
        "অর্ডার নম্বর এখন নতুন সারিতে চলবে: {code}",
        "Order numbers now go on in a new series: {code}",
    ),
    "safety_kept": ("আগের দোকানটি রাখা আছে: {file}", "The shop as it was is kept: {file}"),
    "demo_ready": ("নমুনা দোকান তৈরি: {shop}", "The demo shop is ready: {shop}"),
    "demo_catalogue": (
        "{products}টি পণ্য, {variants}টি ধরন, {skus}টি কোড এসেছে।",
        "{products} products, {variants} variants, {skus} SKUs came in.",
    ),
    "demo_history": (
        "আগের {hats}টি হাট আর আজকের হাট মিলিয়ে {orders}টি অর্ডার খাতায় আছে।",
        "{hats} past hats and today's have left {orders} orders in the book.",
    ),
    "demo_order": ("একটি নমুনা অর্ডার নেওয়া হয়েছে:", "A sample order was taken:"),
    "demo_papers": ("কাগজগুলো এখানে:", "Its papers:"),
    "demo_picture": ("অর্ডার নেওয়ার সময় জানালাটি দেখতে এমন ছিল:", "What the window looked like as it was taken:"),
    "demo_go_on": (
        "এই দোকানে আরও দেখতে আগে এটি দিন:",
        "To go on with this shop, first run:",
    ),
}
"""Labels and lines of the answers: no errors, and not whole sentences; by `pos.l10n.sentences.phrase`."""
