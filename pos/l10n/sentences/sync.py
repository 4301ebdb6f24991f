"""What the shop's tie to its server has to say: why it does not reach it, and what stands in the way."""

from __future__ import annotations

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "not_paired": (
        "দোকানটি এখনো কোনো সার্ভারের সঙ্গে যুক্ত নয়। সব কাজ এই কম্পিউটারে ঠিক আছে। যুক্ত করতে আয়োজকের কাছ থেকে লিংক নিয়ে দিন: hatkhata pair LINK",
        "The shop is not paired with a server yet. Everything is safe on this computer. To pair it, ask the organiser for a link: hatkhata pair LINK",
    ),
    "no_internet": (
        "ইন্টারনেট নেই। বিক্রি চলবে, সব কাজ এই কম্পিউটারে রাখা আছে; ইন্টারনেট এলে সার্ভারে যাবে।",
        "There is no internet. Selling goes on and everything is safe on this computer; it goes to the server once the internet is back.",
    ),
    "server_unreachable": (
        "সার্ভার ({server}) সাড়া দিচ্ছে না। বিক্রি চলবে, সব কাজ এই কম্পিউটারে রাখা আছে; পরে আবার চেষ্টা হবে।",
        "The server ({server}) is not answering. Selling goes on and everything is safe on this computer; it is tried again later.",
    ),
    "server_slow": (
        "সার্ভারের ({server}) উত্তর সময়মতো আসেনি; লাইন হয়তো ধীর। সব কাজ এই কম্পিউটারে রাখা আছে; আবার চেষ্টা হবে।",
        "The server ({server}) did not answer in time; the line may be slow. Everything is safe on this computer; it is tried again.",
    ),
    "server_busy": (
        "সার্ভার এখন ব্যস্ত। সব কাজ এই কম্পিউটারে রাখা আছে; একটু পরে আবার চেষ্টা হবে।",
        "The server is busy now. Everything is safe on this computer; it is tried again in a while.",
    ),
    "quota_used_up": (
        "সার্ভারে এই দোকানের জায়গা ভরে গেছে, তাই নতুন কাজ সেখানে যাচ্ছে না। সব কাজ এই কম্পিউটারে রাখা আছে, বিক্রি চলবে। আয়োজককে জানান।",
        "This shop's room on the server is full, so what is new does not go there. Everything is safe on this computer and selling goes on. Please tell the organiser.",
    ),
    "server_failing": (
        "সার্ভারে একটা সমস্যা হয়েছে। সব কাজ এই কম্পিউটারে রাখা আছে; পরে আবার চেষ্টা হবে। অনেকক্ষণ চললে আয়োজককে জানান।",
        "Something is wrong at the server. Everything is safe on this computer; it is tried again later. If it lasts, please tell the organiser.",
    ),
    "server_untrusted": (
        "{server} নিজের পরিচয় প্রমাণ করতে পারেনি, তাই কিছু পাঠানো হয়নি। কম্পিউটারের তারিখ আর সময় ঠিক আছে কি না দেখুন; ঠিক থাকলে আয়োজককে জানান।",
        "{server} could not prove who it is, so nothing was sent. Please check this computer's date and time; if they are right, tell the organiser.",
    ),
    "server_answer_unclear": (
        "যে উত্তর এসেছে তা হাটখাতার সার্ভারের নয়, তাই কিছু নেওয়া হয়নি। সব কাজ এই কম্পিউটারে রাখা আছে। ঠিকানা আর ইন্টারনেট দেখুন।",
        "What answered is not a Hatkhata server, so nothing was taken from it. Everything is safe on this computer. Please check the address and the internet.",
    ),
    "server_answer_altered": (
        "সার্ভার থেকে আসা কিছু কাজ বদলে গেছে, তাই সেগুলো নেওয়া হয়নি। এই কম্পিউটারের সব কাজ ঠিক আছে আর পাঠানো চলছে। আয়োজককে জানান।",
        "Some entries that came from the server were altered, so they were not taken. Everything here is safe and still being sent. Please tell the organiser.",
    ),
    "network_login": (
        "এই নেটওয়ার্কে আগে লগইন করতে হয়: ব্রাউজারে একটি পাতা খুলে লগইন করুন। সব কাজ এই কম্পিউটারে রাখা আছে।",
        "This network wants a login first: please open a page in the browser and log in. Everything is safe on this computer.",
    ),
    "proxy_unclear": (
        "এই কম্পিউটারের নেটওয়ার্ক সেটিংসে যে প্রক্সি দেওয়া আছে তা দিয়ে যাওয়া যায় না, তাই কিছু পাঠানো হয়নি। সব কাজ এই কম্পিউটারে রাখা আছে। সেখানে প্রক্সি বন্ধ করুন, বা http:// দিয়ে শুরু একটি প্রক্সি দিন।",
        "This computer's network settings name a proxy that cannot be used, so nothing was sent. Everything is safe on this computer. Please turn the proxy off there, or name one that begins with http://.",
    ),
    "login_needed": (
        "সার্ভার এই ডিভাইসকে চিনছে না। সব কাজ এই কম্পিউটারে ঠিক আছে। আয়োজকের কাছ থেকে নতুন কোড নিয়ে আবার যুক্ত করুন।",
        "The server does not know this device. Everything is safe on this computer. Please ask the organiser for a new code and pair again.",
    ),
    "device_shut_out": (
        "এই ডিভাইসকে বাদ দেওয়া হয়েছে: যা পাঠানো হয় তা সার্ভারে আলাদা থাকে, আর নতুন কিছু আসে না। ভুল হলে আয়োজককে জানান।",
        "This device was taken out: what it sends is kept aside at the server, and nothing new comes. If that is a mistake, please tell the organiser.",
    ),
    "app_too_old": (
        "এই প্রোগ্রামটি সার্ভারের জন্য পুরোনো হয়ে গেছে। সব কাজ এই কম্পিউটারে রাখা আছে, বিক্রি চলবে। নতুন সংস্করণ বসান।",
        "This program is too old for the server. Everything is safe on this computer and selling goes on. Please install the new version.",
    ),
    "sync_busy": (
        "এই দোকানের আরেকটি প্রোগ্রাম এখন সার্ভারের সঙ্গে কথা বলছে। কিছু হারায়নি; শেষ হলে আবার দিন।",
        "Another program of this shop is speaking to the server now. Nothing is lost; please try again when it has finished.",
    ),
    "server_address_unclear": (
        "“{text}” সার্ভারের ঠিকানা নয়। কিছু বদলায়নি। আয়োজকের দেওয়া ঠিকানাটি লিখুন; ঠিকানা https://hat.example এমন হয়।",
        "“{text}” is not a server's address. Nothing was changed. Please write the address that the organiser gave; https://hat.example is one.",
    ),
    "server_not_secure": (
        "“{text}”-এ পাঠানো কথা পথে অন্যরা পড়তে পারত, তাই কিছু পাঠানো হয়নি। https:// দিয়ে শুরু ঠিকানাটি দিন।",
        "What goes to “{text}” could be read on the way, so nothing was sent. Please use the address with https:// at its beginning.",
    ),
    "pairing_code_unclear": (
        "“{text}” যুক্ত করার কোড নয়; কোডে আটটি অক্ষর ও সংখ্যা থাকে। কিছু বদলায়নি। কোডটি আবার দেখুন।",
        "“{text}” is not a pairing code; a code has eight letters and digits. Nothing was changed. Please look at the code again.",
    ),
    "pairing_link_unclear": (
        "“{text}” দিয়ে যুক্ত করা যায় না: লিংকটি অসম্পূর্ণ বা অন্য কাজের। কিছু বদলায়নি। পুরো লিংকটি আবার কপি বা স্ক্যান করুন, নয়তো ঠিকানা আর কোড লিখুন।",
        "“{text}” pairs nothing: the link is cut off or for something else. Nothing was changed. Please copy or scan the whole link again, or write the address and the code.",
    ),
    "pairing_code_wrong": (
        "এই কোড ঠিক নয়, ব্যবহার হয়ে গেছে, বা তার দশ মিনিট শেষ। কিছু বদলায়নি। আয়োজকের কাছ থেকে নতুন কোড নিন।",
        "This code is not right, was used already, or its ten minutes are over. Nothing was changed. Please ask the organiser for a new one.",
    ),
    "pairing_unanswered": (
        "{server} থেকে সাড়া আসেনি, তাই কিছু যুক্ত হয়নি, কিছু বদলায়নি। ঠিকানা আর ইন্টারনেট দেখে আবার চেষ্টা করুন।",
        "No answer came from {server}, so nothing was paired and nothing was changed. Please check the address and the internet, and try again.",
    ),
    "pairing_not_now": (
        "সার্ভার ({server}) এখন যুক্ত করতে পারছে না। কিছু বদলায়নি। একটু পরে আবার চেষ্টা করুন; অনেকক্ষণ চললে আয়োজককে জানান।",
        "The server ({server}) cannot pair just now. Nothing was changed. Please try again in a while; if it lasts, tell the organiser.",
    ),
    "pairing_stopped": (
        "যুক্ত করা থামানো হয়েছে। যা এসেছে তা রাখা আছে। একই কোড দিয়ে আবার শুরু করলে সেখান থেকে চলবে।",
        "Pairing was stopped. What has come is kept. Begin again with the same code, and it goes on from there.",
    ),
    "device_code_taken": (
        "এই দোকানের নম্বর {prefix} দিয়ে শুরু, কিন্তু সেখানে {prefix} অন্য একটি ডিভাইসের। কিছু বদলায়নি। এই কম্পিউটারে আলাদা একটি খালি দোকান খুলে সেটি যুক্ত করুন; এই দোকান যেমন আছে তেমনই থাকবে।",
        "This shop's numbers begin with {prefix}, but there {prefix} belongs to another device. Nothing was changed. Please pair an empty folder of this computer instead; this shop stays as it is.",
    ),
    "paired_elsewhere": (
        "এই দোকান {vendor}-এর সঙ্গে যুক্ত, আর কোডটি {other}-এর। দুই দোকানের খাতা মেশানো হয়নি, কিছু বদলায়নি। {other}-এর জন্য আলাদা একটি খালি ফোল্ডার নিন।",
        "This shop is paired with {vendor}, and the code is of {other}. The books of two shops were not mixed and nothing was changed. For {other}, please use an empty folder.",
    ),
    "device_codes_used_up": (
        "এই বিক্রেতার জন্য আর কোনো ডিভাইস কোড বাকি নেই। কিছু বদলায়নি। আয়োজককে জানান।",
        "No device code is left for this vendor. Nothing was changed. Please tell the organiser.",
    ),
    "vendor_empty": (
        "{vendor} নামের দোকান থেকে সার্ভারে এখনো কিছু আসেনি। কিছু হারায়নি। প্রথম কম্পিউটারে sync চালিয়ে এখানে একই কোড দিয়ে আবার দিন।",
        "Nothing of {vendor} has reached the server yet. Nothing is lost. Please sync the first computer, then repeat this with the same code.",
    ),
    "pair_shop_changed": (
        "যুক্ত করার সময় এই দোকানে কাজ হয়েছে, তাই কিছু বদলানো হয়নি; সব ঠিক আছে। অন্য জানালা বন্ধ করে নতুন কোড দিয়ে আবার যুক্ত করুন।",
        "Somebody worked in this shop while it was being paired, so nothing was changed; all is safe. Please close other windows and pair again with a new code.",
    ),
}

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "paired_founded": (
        "{vendor} সার্ভারে শুরু হলো · ডিভাইস {code} · {server}",
        "{vendor} begins at the server · device {code} · {server}",
    ),
    "paired_joined": (
        "{vendor}-এর সঙ্গে যুক্ত হলো · ডিভাইস {code} · {server}",
        "Paired with {vendor} · device {code} · {server}",
    ),
    "paired_renewed": (
        "{vendor}-এর সঙ্গে আবার যুক্ত হলো · ডিভাইস {code} · {server}",
        "Paired with {vendor} again · device {code} · {server}",
    ),
    "paired_came": (
        "{vendor}-এর পণ্য এসেছে, বিক্রি করা যাবে · ডিভাইস {code} · {server}",
        "{vendor}'s products are here, selling can begin · device {code} · {server}",
    ),
    "paired_merged": ("নিজের {count}টি পণ্য যোগ হয়েছে।", "Products of its own that came along: {count}."),
    "paired_history": ("আগের অর্ডারগুলো আনতে দিন: hatkhata sync", "To fetch the earlier orders: hatkhata sync"),
    "fetching": ("আনা হচ্ছে", "Fetching"),
    "syncing": ("সার্ভারের সঙ্গে মেলানো হচ্ছে", "Syncing"),
    "sync_synced": ("সার্ভারে সব আছে।", "The server has everything."),
    "sync_waiting": ("কিছু কাজ এখনো সার্ভারে যায়নি।", "Some entries have not reached the server yet."),
    "sync_fetching": ("আগের অর্ডার আসা এখনো বাকি।", "Earlier orders are still to come."),
    "sync_not_paired": ("দোকানটি কোনো সার্ভারের সঙ্গে যুক্ত নয়।", "The shop is not paired with a server."),
    "sync_counts": (
        "পাঠানো {sent} · এসেছে {received} · বাকি {pending}",
        "sent {sent} · received {received} · waiting {pending}",
    ),
    "sync_held": ("সার্ভারে আলাদা রাখা: {count}", "Kept aside at the server: {count}"),
    "sync_conflicts": ("মীমাংসা বাকি: {count}", "To be decided: {count}"),
    "verified": (
        "সার্ভারের সঙ্গে সব মেলে: {operations}টি কাজ।",
        "Everything agrees with the server. Entries: {operations}.",
    ),
    "not_verified": ("সার্ভারের সঙ্গে মেলে না:", "This does not agree with the server:"),
    "verify_mended": ("ফিরিয়ে আনা কাজ: {count}", "Entries fetched anew: {count}"),
    "verify_only_here": ("শুধু এখানে আছে: {count}টি কাজ", "Entries that only this shop has: {count}"),
}
"""Lines of the answers of `pair` and `sync`."""
