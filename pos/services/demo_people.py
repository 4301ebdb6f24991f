"""The invented buyers of the demo shop: nobody of these names lives at these places.

A phone's last six digits begin with 00, a block from which hardly a number is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.services.order_request import CustomerRequest

if TYPE_CHECKING:
    import random

_WOMEN = (
    "নাসরিন", "ফারজানা", "সাবিনা", "রোকসানা", "তানিয়া", "মৌসুমী", "শিউলি", "জান্নাতুল", "রাবেয়া", "নুসরাত",
    "শাহনাজ", "লাবণী", "সুমাইয়া", "আফরোজা", "মাহমুদা", "পারভীন", "রুমানা", "ইশরাত", "তাসলিমা", "কামরুন্নাহার",
    "অনামিকা", "দীপা", "মিতালী", "সঞ্চিতা",
)  # fmt: skip
_WOMENS_FAMILY = ("আক্তার", "বেগম", "সুলতানা", "খাতুন", "ইসলাম", "পারভীন", "জাহান", "রহমান", "নাহার", "চৌধুরী")
_MEN = (
    "আরিফ", "মাহবুব", "সাইফুল", "জাহিদ", "রাশেদ", "কামরুল", "তানভীর", "মিজানুর", "শফিকুল", "নাজমুল", "ইমরান",
    "হাবিবুর", "সোহেল", "আশরাফুল", "সুজন", "প্রণব",
)  # fmt: skip
_MENS_FAMILY = ("হোসেন", "রহমান", "ইসলাম", "আহমেদ", "উদ্দিন", "মিয়া", "খান", "সরকার", "মোল্লা", "হাওলাদার")

# District, thana, and ways to write an address there; {a} and {b} are small numbers in Bangla digits.
_PLACES: tuple[tuple[str, str, str], ...] = (
    ("ঢাকা", "মিরপুর", "বাসা {a}, রোড {b}, ব্লক ডি, মিরপুর ১২"),
    ("ঢাকা", "উত্তরা", "বাসা {a}, রোড {b}, সেক্টর ১১, উত্তরা"),
    ("ঢাকা", "মোহাম্মদপুর", "{a}/{b} তাজমহল রোড, মোহাম্মদপুর"),
    ("ঢাকা", "ধানমন্ডি", "ফ্ল্যাট {a}বি, রোড {b}/এ, ধানমন্ডি"),
    ("ঢাকা", "বাড্ডা", "বাসা {a}, লেন {b}, মধ্য বাড্ডা"),
    ("ঢাকা", "যাত্রাবাড়ী", "{a} নং গলি, বাসা {b}, উত্তর যাত্রাবাড়ী"),
    ("ঢাকা", "সাভার", "বাসা {a}, ওয়ার্ড {b}, রাজাশন, সাভার"),
    ("ঢাকা", "কেরানীগঞ্জ", "বাসা {a}, রোড {b}, হাসনাবাদ, কেরানীগঞ্জ"),
    ("নরসিংদী", "নরসিংদী সদর", "{a}/{b} ব্রাহ্মন্দী, নরসিংদী"),
    ("নরসিংদী", "মাধবদী", "বাসা {a}, বাজার রোড {b}, মাধবদী"),
    ("নরসিংদী", "শিবপুর", "গ্রাম কলেজগেট, বাড়ি {a}, ওয়ার্ড {b}, শিবপুর"),
    ("গাজীপুর", "টঙ্গী", "বাসা {a}, রোড {b}, আউচপাড়া, টঙ্গী"),
    ("গাজীপুর", "কালিয়াকৈর", "বাড়ি {a}, ওয়ার্ড {b}, সফিপুর"),
    ("নারায়ণগঞ্জ", "নারায়ণগঞ্জ সদর", "{a}/{b} চাষাঢ়া, নারায়ণগঞ্জ"),
    ("চট্টগ্রাম", "পাঁচলাইশ", "বাসা {a}, রোড {b}, নাসিরাবাদ হাউজিং"),
    ("চট্টগ্রাম", "হালিশহর", "ব্লক কে, বাসা {a}, লেন {b}, হালিশহর"),
    ("কুমিল্লা", "আদর্শ সদর", "{a}/{b} ঝাউতলা, কুমিল্লা"),
    ("কুমিল্লা", "লাকসাম", "বাড়ি {a}, ওয়ার্ড {b}, জংশন রোড, লাকসাম"),
    ("সিলেট", "সিলেট সদর", "বাসা {a}, রোড {b}, উপশহর, সিলেট"),
    ("রাজশাহী", "বোয়ালিয়া", "বাড়ি {a}, রোড {b}, উপশহর, রাজশাহী"),
    ("খুলনা", "সোনাডাঙ্গা", "বাসা {a}, রোড {b}, সোনাডাঙ্গা আবাসিক"),
    ("বরিশাল", "বরিশাল সদর", "{a} নং বাড়ি, গলি {b}, কাউনিয়া, বরিশাল"),
    ("রংপুর", "রংপুর সদর", "বাড়ি {a}, রোড {b}, ধাপ, রংপুর"),
    ("ময়মনসিংহ", "ময়মনসিংহ সদর", "{a}/{b} কাচিঝুলি, ময়মনসিংহ"),
    ("বগুড়া", "বগুড়া সদর", "বাসা {a}, লেন {b}, জলেশ্বরীতলা, বগুড়া"),
    ("যশোর", "যশোর সদর", "বাড়ি {a}, ওয়ার্ড {b}, পুরাতন কসবা, যশোর"),
    ("টাঙ্গাইল", "টাঙ্গাইল সদর", "{a}/{b} আকুরটাকুর পাড়া, টাঙ্গাইল"),
    ("ফেনী", "ফেনী সদর", "বাসা {a}, রোড {b}, শহীদ শহীদুল্লাহ কায়সার সড়ক, ফেনী"),
    ("কক্সবাজার", "কক্সবাজার সদর", "বাড়ি {a}, ওয়ার্ড {b}, ঝাউতলা, কক্সবাজার"),
    ("দিনাজপুর", "দিনাজপুর সদর", "বাড়ি {a}, রোড {b}, বালুবাড়ি, দিনাজপুর"),
)
_DIGITS = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")
_OPERATORS = ("3", "4", "5", "6", "7", "8", "9")


def invented_buyers(draw: random.Random, count: int) -> list[CustomerRequest]:
    """So many different buyers, each with a phone of his own."""
    return [_buyer(draw, number) for number in range(1, count + 1)]


def _buyer(draw: random.Random, number: int) -> CustomerRequest:
    woman = draw.random() < 0.72
    first, family = (_WOMEN, _WOMENS_FAMILY) if woman else (_MEN, _MENS_FAMILY)
    given = draw.choice(first)
    surname = draw.choice([name for name in family if name != given])
    district, thana, written = draw.choices(_PLACES, weights=[3] * 11 + [1] * (len(_PLACES) - 11))[0]
    address = written.format(a=draw.randint(1, 48), b=draw.randint(1, 18)).translate(_DIGITS)
    phone = f"01{draw.choice(_OPERATORS)}{draw.randint(10, 99)}00{1_000 + number * 37:04d}"
    second = f"01{draw.choice(_OPERATORS)}{draw.randint(10, 99)}00{6_000 + number * 17:04d}"
    return CustomerRequest(
        name=f"{given} {surname}",
        phone=phone,
        phone2=second if draw.random() < 0.12 else None,
        address=address,
        district=district,
        thana=thana,
    )
