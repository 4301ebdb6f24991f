"""Phones: numbers as an independent library writes them, and any text at all."""

from __future__ import annotations

import phonenumbers
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.domain.phones import find_phones, local_phone, main_and_second, parse_phone
from pos.errors import UserError
from pos.l10n import BANGLA, ENGLISH
from pos.l10n.numbers import phone, to_bangla

numbers = st.from_regex(r"\+8801[3-9][0-9]{8}", fullmatch=True, alphabet=st.characters(codec="ascii"))
FORMATS = (
    phonenumbers.PhoneNumberFormat.E164,
    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    phonenumbers.PhoneNumberFormat.NATIONAL,
    phonenumbers.PhoneNumberFormat.RFC3966,
)


@settings(deadline=None)
@given(numbers)
def test_a_number_in_every_standard_form_reads_back(e164: str) -> None:
    number = phonenumbers.parse(e164, "BD")
    for form in FORMATS:
        written = phonenumbers.format_number(number, form)
        assert parse_phone(written) == parse_phone(to_bangla(written)) == e164
        assert find_phones(f"নাম রহিমা, {written}, মিরপুর ১০") == [e164]


@given(numbers)
def test_a_number_as_shown_reads_back(e164: str) -> None:
    for written in (local_phone(e164), phone(e164, BANGLA), phone(e164, ENGLISH)):
        assert parse_phone(written) == e164


@given(numbers, numbers, st.sampled_from([", ", "/", " / ", " ", " ও ", "\n", "-", ";"]))
def test_two_numbers_are_both_found_in_order(first: str, second: str, between: str) -> None:
    written = local_phone(first) + between + local_phone(second)
    assert find_phones(written) == list(dict.fromkeys([first, second]))


@given(st.text(max_size=40) | st.text("০১৭1789 +-()88oO/.", max_size=30))
def test_any_text_gives_numbers_of_the_country_or_a_refusal(text: str) -> None:
    found, code = find_phones(text), "phone_unclear"
    try:
        found += [number for number in main_and_second(text) if number]
    except UserError as refused:
        code = refused.code
    assert code in {"phone_unclear", "phone_several"}
    assert all(len(local_phone(number)) == 11 for number in found)
