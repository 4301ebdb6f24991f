"""What is said when a paper does not come out, and when a barcode cannot be taken for an order's."""

from __future__ import annotations

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "barcode_not_an_order": (
        "“{text}” কোনো অর্ডারের বারকোড নয়। কিছু বদলায়নি। রশিদের নিচের বারকোডটি স্ক্যান করুন।",
        "“{text}” is not the barcode of an order. Nothing was changed. Scan the one on the receipt.",
    ),
    "printer_address_unclear": (
        "প্রিন্টারের ঠিকানা লেখা নেই। কিছু বদলায়নি। 192.168.0.50:9100 এভাবে লিখুন; প্রিন্টারের নিজের পরীক্ষার কাগজে ঠিকানাটি থাকে।",
        "No printer's address is written. Nothing was changed. Write it like 192.168.0.50:9100; the printer's own test paper shows it.",
    ),
    "printer_address_unclear:text": (
        "“{text}” প্রিন্টারের ঠিকানা হিসেবে বোঝা গেল না। কিছু বদলায়নি। 192.168.0.50:9100 এভাবে লিখুন; প্রিন্টারের নিজের পরীক্ষার কাগজে ঠিকানাটি থাকে।",
        "“{text}” could not be read as a printer's address. Nothing was changed. Write it like 192.168.0.50:9100; the printer's own test paper shows it.",
    ),
    "printer_refused": (
        "প্রিন্টার ({printer}) এখন সংযোগ নিচ্ছে না। অর্ডার রাখা আছে, কিছু ছাপা হয়নি। অন্য কম্পিউটার থেকে ছাপা চলছে কি না আর ঠিকানাটি ঠিক কি না দেখে আবার ছাপুন।",
        "The printer ({printer}) takes no connection now. The order is saved; nothing was printed. See whether another computer is printing and whether the address is right, then print again.",
    ),
    "printer_no_answer": (
        "প্রিন্টার ({printer}) সাড়া দিচ্ছে না। অর্ডার রাখা আছে, কিছু ছাপা হয়নি। প্রিন্টার চালু আছে কি না আর তার লাগানো আছে কি না দেখে আবার ছাপুন।",
        "The printer ({printer}) does not answer. The order is saved; nothing was printed. See whether it is switched on and its cable is in, then print again.",
    ),
    "printer_no_route": (
        "প্রিন্টার ({printer}) পর্যন্ত পৌঁছানো গেল না। অর্ডার রাখা আছে, কিছু ছাপা হয়নি। কম্পিউটার আর প্রিন্টার একই ওয়াই-ফাই বা তারে আছে কি না দেখে আবার ছাপুন।",
        "There is no way to the printer ({printer}). The order is saved; nothing was printed. See whether computer and printer are on the same Wi-Fi or cable, then print again.",
    ),
    "printer_paper_out": (
        "প্রিন্টারে কাগজ নেই। অর্ডার রাখা আছে, কিছু ছাপা হয়নি। কাগজ ভরে আবার ছাপুন।",
        "The printer has no paper. The order is saved; nothing was printed. Put in paper and print again.",
    ),
    "printer_not_ready": (
        "প্রিন্টার এখন ছাপতে পারছে না। অর্ডার রাখা আছে, কিছু ছাপা হয়নি। ঢাকনা বন্ধ আছে কি না আর লাল বাতি জ্বলছে কি না দেখে আবার ছাপুন।",
        "The printer cannot print now. The order is saved; nothing was printed. See whether its cover is closed and whether a red light is on, then print again.",
    ),
    "printer_paper_ran_out": (
        "ছাপার মাঝে কাগজ শেষ হয়েছে। অর্ডার রাখা আছে। কাগজ ভরুন, বাকিটা নিজেই ছাপা হতে পারে। রশিদটি পুরো না এলে তবেই আবার ছাপুন।",
        "The paper ran out while printing. The order is saved. Put in paper; the rest may come by itself. Print again only if the receipt is not whole.",
    ),
    "printer_stalled": (
        "প্রিন্টার মাঝপথে থেমে গেছে। অর্ডার রাখা আছে। কাগজ আর ঢাকনা দেখুন, বাকিটা নিজেই ছাপা হতে পারে। রশিদটি পুরো না এলে তবেই আবার ছাপুন।",
        "The printer stopped midway. The order is saved. Look at its paper and cover; the rest may come by itself. Print again only if the receipt is not whole.",
    ),
    "printer_broke_off": (
        "ছাপার মাঝে প্রিন্টারের সংযোগ কেটে গেছে। অর্ডার রাখা আছে। রশিদটি পুরো বেরিয়েছে কি না দেখুন, না বেরোলে আবার ছাপুন।",
        "The connection to the printer broke while printing. The order is saved. See whether the receipt came out whole; if not, print again.",
    ),
    "printer_missing": (
        "“{printer}” নামের প্রিন্টার এই কম্পিউটারে পাওয়া যাচ্ছে না। অর্ডার রাখা আছে, কিছু ছাপা হয়নি। তার লাগানো আছে কি না দেখুন, বা সেটিংসে প্রিন্টার বেছে নিন।",
        "This computer has no printer named “{printer}” now. The order is saved; nothing was printed. See whether its cable is in, or choose a printer in the settings.",
    ),
    "printer_took_nothing": (
        "“{printer}” প্রিন্টার কাগজটি নেয়নি। অর্ডার রাখা আছে। প্রিন্টার চালু আছে কি না দেখে আবার ছাপুন, বা PDF করে রাখুন।",
        "The printer “{printer}” did not take the paper. The order is saved. See whether it is switched on and print again, or save a PDF.",
    ),
}

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "print_sent": ("ছাপা হয়েছে", "Printed"),
    "print_unknown": (
        "প্রিন্টারে পাঠানো হয়েছে। কাগজ বেরিয়েছে কি না দেখুন।",
        "Sent to the printer. Please see whether the paper came out.",
    ),
    "trial_title": ("ছেপে দেখা", "Test print"),
    "trial_width": ("{mm} মিমি কাগজ · {dots} ডট", "{mm} mm paper · {dots} dots"),
    "trial_edges": (
        "দুই পাশের খাড়া দাগ দেখা গেলে মাপ ঠিক আছে।",
        "The width is right if the upright lines at both edges can be seen.",
    ),
    "trial_letters": (
        "অক্ষরগুলো জোড়া লেগে পরিষ্কার এলে বাংলা ঠিক ছাপা হচ্ছে।",
        "Bangla prints right if these letters are joined and clear.",
    ),
}
