"""Dates, times and the name of a hat as they are shown on screen and paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pos.domain.text import nfc
from pos.domain.times import DHAKA
from pos.l10n.calendar import bangla_date
from pos.l10n.numbers import digits

if TYPE_CHECKING:
    import datetime as dt

    from pos.l10n import Locale

_MONTHS: Final = {
    "bn": nfc("জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর").split(),
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_SHORT_MONTHS: Final = {
    "bn": nfc("জানু ফেব মার্চ এপ্রি মে জুন জুলাই আগ সেপ্টে অক্টো নভে ডিসে").split(),
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}
_BANGLA_MONTHS: Final = {
    "bn": nfc("বৈশাখ জ্যৈষ্ঠ আষাঢ় শ্রাবণ ভাদ্র আশ্বিন কার্তিক অগ্রহায়ণ পৌষ মাঘ ফাল্গুন চৈত্র").split(),
    "en": [
        "Boishakh",
        "Joishtho",
        "Asharh",
        "Srabon",
        "Bhadro",
        "Ashwin",
        "Kartik",
        "Ogrohayon",
        "Poush",
        "Magh",
        "Falgun",
        "Chaitra",
    ],
}
_WEEKDAYS: Final = {
    "bn": ["সোম", "মঙ্গল", "বুধ", "বৃহস্পতি", "শুক্র", "শনি", "রবি"],
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
}
_LONG_WEEKDAYS: Final = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_NEAR: Final = {0: ("আজ", "Today"), -1: ("গতকাল", "Yesterday"), 1: ("আগামীকাল", "Tomorrow")}
# The part of the day up to an hour.
_PARTS_OF_DAY: Final = (
    (4, "রাত"),
    (6, "ভোর"),
    (12, "সকাল"),
    (15, "দুপুর"),
    (18, "বিকেল"),
    (20, "সন্ধ্যা"),
    (24, "রাত"),
)
# From eleven on তম is written in everyday use (the learned ১১শ is for centuries).
_BANGLA_ORDINALS: Final = dict(enumerate(nfc("ম য় য় র্থ ম ষ্ঠ ম ম ম ম").split(), start=1))
_ENGLISH_ORDINALS: Final = {1: "st", 2: "nd", 3: "rd"}


def long_date(d: dt.date, locale: Locale) -> str:
    """`২৪ নভেম্বর ২০২৬`."""
    return f"{digits(str(d.day), locale)} {_MONTHS[locale.lang][d.month - 1]} {digits(str(d.year), locale)}"


def short_date(d: dt.date, locale: Locale) -> str:
    """`মঙ্গল ২৪ নভে ২০২৬`."""
    month = _SHORT_MONTHS[locale.lang][d.month - 1]
    return f"{weekday(d, locale)} {digits(str(d.day), locale)} {month} {digits(str(d.year), locale)}"


def bangla_calendar_date(d: dt.date, locale: Locale) -> str:
    """The day in the Bangla calendar: `৯ অগ্রহায়ণ ১৪৩৩`."""
    date = bangla_date(d)
    month = _BANGLA_MONTHS[locale.lang][date.month - 1]
    return f"{digits(str(date.day), locale)} {month} {digits(str(date.year), locale)}"


def near_date(d: dt.date, today: dt.date, locale: Locale) -> str:
    """`আজ`, `গতকাল`, `আগামীকাল`; any other day as `মঙ্গল ২৪ নভে`, with its year where that is another."""
    near = _NEAR.get((d - today).days)
    if near is not None:
        return nfc(near[0] if locale.lang == "bn" else near[1])
    if d.year != today.year:
        return short_date(d, locale)
    return f"{weekday(d, locale)} {digits(str(d.day), locale)} {_SHORT_MONTHS[locale.lang][d.month - 1]}"


def long_weekday(d: dt.date, locale: Locale) -> str:
    """`মঙ্গলবার`, `Tuesday`."""
    if locale.lang == "bn":
        return f"{weekday(d, locale)}বার"
    return _LONG_WEEKDAYS[d.weekday()]


def spoken_hour(t: dt.datetime, locale: Locale) -> str:
    """A time as it is said: `সকাল ৯টা`, `বিকেল ৫:৩০`, `9 AM`."""
    hour, minute = t.hour % 12 or 12, t.minute
    figures = digits(f"{hour}:{minute:02d}" if minute else str(hour), locale)
    if locale.lang == "en":
        return f"{figures} {'AM' if t.hour < 12 else 'PM'}"
    part = next(name for until, name in _PARTS_OF_DAY if t.hour < until)
    return nfc(f"{part} {figures}") + ("" if minute else "টা")


def weekday(d: dt.date, locale: Locale) -> str:
    """`মঙ্গল`, `Tue`."""
    return _WEEKDAYS[locale.lang][d.weekday()]


def clock_time(t: dt.datetime, locale: Locale) -> str:
    """`৫:৪৬ PM` on Dhaka's clock; a time without a zone is taken as Dhaka's."""
    if t.tzinfo is not None:
        t = t.astimezone(DHAKA)
    return f"{digits(f'{t.hour % 12 or 12}:{t.minute:02d}', locale)} {'AM' if t.hour < 12 else 'PM'}"


def ordinal_text(n: int, locale: Locale) -> str:
    """`১ম`, `২য়`, `২৬১তম`; `1st`, `11th`, `261st`."""
    if locale.lang == "bn":
        return digits(str(n), locale) + _BANGLA_ORDINALS.get(n, "তম")
    # An English ending does not go with Bangla digits, whatever the setting.
    return str(n) + ("th" if n % 100 in {11, 12, 13} else _ENGLISH_ORDINALS.get(n % 10, "th"))


def hat_name(ordinal: int | None, locale: Locale) -> str:
    """`২৬১তম হাট`, `261st hat`; empty where the hat has no known number."""
    if ordinal is None:
        return ""
    return f"{ordinal_text(ordinal, locale)} {'হাট' if locale.lang == 'bn' else 'hat'}"
