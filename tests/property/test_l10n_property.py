"""Words read back to their number; the Bangla calendar goes there and back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from pos.domain.text import nfc
from pos.l10n.calendar import bangla_date, to_gregorian
from pos.l10n.words import amount_in_words, number_in_words

if TYPE_CHECKING:
    from pos.l10n import Lang

SCALES = {"কোটি": 10**7, "লাখ": 10**5, "হাজার": 1000, "crore": 10**7, "lakh": 10**5, "thousand": 1000}


def read_words(words: list[str], lang: Lang) -> int:
    """A number from its words, from the names of 0 to 99; each scale multiplies what came before."""
    small = {number_in_words(n, lang): n for n in range(100)}
    total = part = 0
    for word in words:
        if word in SCALES:
            total, part = total + part * SCALES[word], 0
        elif word == "hundred":
            part *= 100
        elif lang == "bn" and word.endswith("শ") and word not in small:
            part += small[word.removesuffix("শ")] * 100
        else:
            part += small[word]
    return total + part


def read_amount(text: str, lang: Lang) -> int:
    """Paisa from an amount in words."""
    minus, taka, paisa, only = (
        ("মাইনাস", "টাকা", nfc("পয়সা"), "মাত্র") if lang == "bn" else ("minus", "taka", "paisa", "only")
    )
    words = text.lower().replace(" and ", " ").removesuffix(only).split()
    sign = -1 if words[0] == minus else 1
    words = words[1:] if sign < 0 else words
    before = words[: words.index(taka)] if taka in words else []
    after = words[words.index(taka) + 1 :] if taka in words else words
    hundredths = read_words(after[: after.index(paisa)], lang) if paisa in after else 0
    return sign * (read_words(before, lang) * 100 + hundredths)


@given(st.integers(-(10**11), 10**11) | st.integers(-1000, 1000), st.sampled_from(["bn", "en"]))
def test_an_amount_in_words_reads_back(paisa: int, lang: Lang) -> None:
    text = amount_in_words(paisa, lang)
    assert read_amount(text, lang) == paisa
    assert "  " not in text
    assert text[0] == text[0].upper()


def test_every_day_of_a_century_goes_to_the_bangla_calendar_and_back() -> None:
    day = dt.date(1990, 1, 1)
    before = bangla_date(day - dt.timedelta(days=1))
    while day.year < 2091:
        date = bangla_date(day)
        assert to_gregorian(date) == day
        assert (date.day == before.day + 1 and date.month == before.month) or date.day == 1
        assert (date.month, date.day) != (1, 1) or (day.month, day.day) == (4, 14)
        assert date.year == day.year - 593 - (day < dt.date(day.year, 4, 14))
        day, before = day + dt.timedelta(days=1), date
