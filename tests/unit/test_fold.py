"""The phonetic fold: one key for a word in either script, however it is spelt."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.l10n.fold import fold_key, fold_word, fold_words, plain_text, sound_of, split_words

BANGLA = st.text(st.characters(min_codepoint=0x0980, max_codepoint=0x09FF) | st.sampled_from(" \u200d-"))


@pytest.mark.parametrize(
    ("bangla", "latin"),
    [
        ("মধু", "modhu madhu modu"),
        ("শাড়ি", "shari sari saree sharee"),
        ("খেজুর", "khejur kejur khezur"),
        ("গুড়", "gur gurh goor"),
        ("ঘি", "ghee ghi"),
        ("চাল", "chal chaal"),
        ("দই", "doi"),
        ("চা", "cha chaa"),
        ("আম", "am aam"),
        ("ফুল", "ful phul fool"),
        ("ভাজা", "bhaja vaja"),
        ("যব", "job zob"),
        ("গাওয়া", "gawa gaoa"),
        ("ওড়না", "orna worna"),
        ("ব্যাগ", "bag byag"),
        ("র‍্যাক", "rack rak"),
        ("অ্যালোভেরা", "alovera elovera"),
        ("বিশ্বাস", "biswas bishwas"),
        ("কম্বল", "kombol kambal"),
        ("ধনিয়া", "dhonia dhaniya"),
        ("পদ্মা", "padma podma"),
        ("মসলা", "moshla masala masla"),
        ("আমসত্ত্ব", "amshotto amsotto"),
        ("টাঙ্গাইল", "tangail"),
        ("চিংড়ি", "chingri"),
        ("পাঞ্জাবি", "panjabi punjabi"),
        ("জ্ঞান", "gyan gan ggan"),
        ("কৃষি", "krishi krisi"),
        ("দুঃখ", "dukkho dukho"),
        ("কুর্তি", "kurti"),
        ("পর্দা", "porda pordda"),
        ("হঠাৎ", "hothat hotat"),
        ("বাক্স", "bakso box"),
        ("ঈদ", "eed id"),
    ],
)
def test_a_word_has_one_key_in_both_scripts(bangla: str, latin: str) -> None:
    assert {fold_key(word) for word in latin.split()} == {fold_key(bangla)}


@pytest.mark.parametrize(
    ("bangla", "latin"),
    [
        ("ছোলা", "sola"),
        ("কাঁথা", "kantha"),
        ("কাঁথা", "katha"),
        ("চিনি", "cini"),
        ("মাংস", "manso"),
        ("লক্ষ্মী", "lakshmi"),
        ("লক্ষ্মী", "lokkhi"),
        ("কার্য", "karya"),
        ("ঐতিহ্য", "oitijjo"),
        ("বাক্স", "baksho"),
        ("খেজুরের", "khejur"),
        ("পদ্মা", "podda"),
    ],
)
def test_where_the_spelling_is_open_the_word_has_a_key_for_each_reading(bangla: str, latin: str) -> None:
    assert set(fold_word(bangla).keys) & set(fold_word(latin).keys)


@pytest.mark.parametrize(("one", "other"), [("মামা", "মা"), ("চাল", "ডাল"), ("দই", "ঘি"), ("তেল", "তিতির")])
def test_different_words_keep_different_keys(one: str, other: str) -> None:
    assert fold_key(one) != fold_key(other)


def test_a_doubled_letter_counts_once_but_a_repeated_syllable_twice() -> None:
    assert fold_key("মিষ্টান্ন") == fold_key("mishtanno")
    assert fold_words("মামা আব্বা") == ("mm", "ab")


def test_composed_decomposed_and_slipped_spellings_are_the_same_word() -> None:
    spellings = ["শা\u09dcি", "শাড\u09bcি", "শাড\u09bf\u09bc"]
    assert {split_words(text) for text in spellings} == {("শাড\u09bcি",)}
    assert split_words("ক\u09c7\u09beরমা") == split_words("ক\u09cbরমা") == split_words("ক\u09be\u09c7রমা")
    assert split_words("র\u200d্যাক") == split_words("র্যাক")


def test_digits_of_either_script_are_words_of_their_own() -> None:
    assert split_words("৫০০গ্রাম 1.5kg") == ("500", "গ্রাম", "1", "5", "kg")
    assert fold_words("৫০০গ্রাম") == ("500", "grm")
    assert fold_key("1100") == "1100"


def test_latin_accents_and_case_make_no_difference() -> None:
    assert split_words("Café İSTANBUL") == ("cafe", "istanbul")


def test_the_sound_keeps_the_vowels_in_one_spelling() -> None:
    assert sound_of("সুন্দরবনের মধু") == sound_of("shundorboner modhu")
    assert sound_of("জামদানি") == sound_of("jamdanee")
    assert sound_of("দই") != sound_of("দা")


def test_nothing_to_hear_has_no_key() -> None:
    assert fold_words("🎁 – ৳ ় ্") == ()
    assert fold_key("") == ""


@given(BANGLA | st.text())
def test_folding_any_text_never_fails_and_gives_keys_without_spaces(text: str) -> None:
    for word in split_words(text):
        folded = fold_word(word)
        assert len(folded.keys) <= 7
        assert all(key and " " not in key for key in folded.keys)


@given(BANGLA)
def test_the_unicode_form_of_the_text_does_not_matter(text: str) -> None:
    assert fold_words(unicodedata.normalize("NFD", text)) == fold_words(unicodedata.normalize("NFC", text))


@given(BANGLA | st.text())
def test_words_once_split_stay_as_they_are(text: str) -> None:
    words = split_words(text)
    assert split_words(" ".join(words)) == words
    assert plain_text(" ".join(words)) == " ".join(words)
