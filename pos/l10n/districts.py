"""The 64 districts of Bangladesh, in Bangla and English, by division as the government lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pos.domain.text import nfc

if TYPE_CHECKING:
    from pos.l10n import Lang

# (Bangla, English, other spellings by which people look for it)
_DISTRICTS: Final[tuple[tuple[str, str, str], ...]] = (
    ("ঢাকা", "Dhaka", "dacca"), ("গাজীপুর", "Gazipur", ""), ("নারায়ণগঞ্জ", "Narayanganj", ""),
    ("নরসিংদী", "Narsingdi", "norshingdi"), ("মুন্সীগঞ্জ", "Munshiganj", "bikrampur"), ("মানিকগঞ্জ", "Manikganj", ""),
    ("টাঙ্গাইল", "Tangail", ""), ("কিশোরগঞ্জ", "Kishoreganj", "kishorganj"), ("ফরিদপুর", "Faridpur", ""),
    ("গোপালগঞ্জ", "Gopalganj", ""), ("মাদারীপুর", "Madaripur", ""), ("শরীয়তপুর", "Shariatpur", ""),
    ("রাজবাড়ী", "Rajbari", ""), ("ময়মনসিংহ", "Mymensingh", "momenshing"), ("জামালপুর", "Jamalpur", ""),
    ("শেরপুর", "Sherpur", ""), ("নেত্রকোণা", "Netrokona", "netrakona"), ("চট্টগ্রাম", "Chattogram", "chittagong"),
    ("কক্সবাজার", "Cox's Bazar", "coxs bazar"), ("কুমিল্লা", "Cumilla", "comilla"), ("ফেনী", "Feni", ""),
    ("ব্রাহ্মণবাড়িয়া", "Brahmanbaria", "b baria"), ("চাঁদপুর", "Chandpur", ""), ("লক্ষ্মীপুর", "Lakshmipur", "laxmipur"),
    ("নোয়াখালী", "Noakhali", ""), ("রাঙ্গামাটি", "Rangamati", ""), ("খাগড়াছড়ি", "Khagrachhari", "khagrachari"),
    ("বান্দরবান", "Bandarban", ""), ("রাজশাহী", "Rajshahi", ""), ("বগুড়া", "Bogura", "bogra"),
    ("পাবনা", "Pabna", ""), ("সিরাজগঞ্জ", "Sirajganj", ""), ("নাটোর", "Natore", "nator"),
    ("নওগাঁ", "Naogaon", "naoga"), ("চাঁপাইনবাবগঞ্জ", "Chapainawabganj", "nawabganj"), ("জয়পুরহাট", "Joypurhat", "jaipurhat"),
    ("খুলনা", "Khulna", ""), ("যশোর", "Jashore", "jessore"), ("সাতক্ষীরা", "Satkhira", ""),
    ("বাগেরহাট", "Bagerhat", ""), ("ঝিনাইদহ", "Jhenaidah", "jhenidah"), ("মাগুরা", "Magura", ""),
    ("নড়াইল", "Narail", ""), ("কুষ্টিয়া", "Kushtia", ""), ("চুয়াডাঙ্গা", "Chuadanga", ""),
    ("মেহেরপুর", "Meherpur", ""), ("বরিশাল", "Barishal", "barisal"), ("পটুয়াখালী", "Patuakhali", ""),
    ("ভোলা", "Bhola", ""), ("পিরোজপুর", "Pirojpur", "perojpur"), ("ঝালকাঠি", "Jhalokati", "jhalakathi"),
    ("বরগুনা", "Barguna", ""), ("সিলেট", "Sylhet", ""), ("মৌলভীবাজার", "Moulvibazar", "maulvibazar"),
    ("হবিগঞ্জ", "Habiganj", ""), ("সুনামগঞ্জ", "Sunamganj", ""), ("রংপুর", "Rangpur", ""),
    ("দিনাজপুর", "Dinajpur", ""), ("ঠাকুরগাঁও", "Thakurgaon", ""), ("পঞ্চগড়", "Panchagarh", "panchagar"),
    ("নীলফামারী", "Nilphamari", ""), ("লালমনিরহাট", "Lalmonirhat", ""), ("কুড়িগ্রাম", "Kurigram", ""),
    ("গাইবান্ধা", "Gaibandha", ""),
)  # fmt: skip


def districts(lang: Lang) -> list[tuple[str, str]]:
    """Every district as (its name in this language, all spellings by which it is found), by name."""
    rows = [
        (nfc(bangla) if lang == "bn" else english, f"{nfc(bangla)} {english} {others}".strip())
        for bangla, english, others in _DISTRICTS
    ]
    return sorted(rows)
