"""The phonetic fold: one key for a word however it is spelt, in Bangla or in Latin letters.

Vendors and buyers type মধু as modhu, modu or madhu, and শাড়ি as shari, sari or saree, each in his own way. The
key keeps the consonants, merges those that are mixed up (aspirates, sibilants, জ/য/z, ভ/v/b, ফ/ph/f, ড়/r) and
drops every vowel behind the head. `sound_of` keeps the vowels too, in one spelling for both scripts, so that
the words sharing a key can be put in order of likeness.

Where the spelling leaves a sound open (ছ is typed ch or s, চন্দ্রবিন্দু n or nothing) a word has several keys.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from pos.domain.text import drop_invisible, fold_digits, nfc

_KEYS_LIMIT: Final = 6
_HASANTA, _NUKTA = "\u09cd", "\u09bc"

# What is typed or stored in a slipped order: the dot of ড় behind its vowel sign, the two halves of ো swapped,
# আ written as অ and a sign.
_LATE_DOT: Final = re.compile("([ডঢযব])([\u0981-\u0983\u09be-\u09cc]+)\u09bc")
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_WORD: Final = re.compile("[0-9]+|[\u0980-\u09e5\u09f0\u09f1\u09fc\u09fe]+|(?:(?![0-9_\u0980-\u09ff])\\w)+")


@dataclass(frozen=True, slots=True)
class Folded:
    """What a word is found by: its keys, the likeliest first, and its sound with vowels."""

    keys: tuple[str, ...]
    sound: str


def plain_text(text: str) -> str:
    """Text as words are compared: NFC, ASCII digits, lower case, no accents, nothing invisible."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFD", drop_invisible(text).casefold())
    text = nfc(_ACCENTS.sub("", text)).replace("াে", "ো").replace("অা", "আ")
    return fold_digits(_LATE_DOT.sub("\\1\u09bc\\2", text))


def split_words(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared; digits, Bangla and other letters never share a word."""
    return tuple(_WORD.findall(plain_text(text)))


def fold_key(text: str) -> str:
    """The likeliest key of a word, or of each word of a text with single spaces between."""
    return " ".join(fold_words(text))


def fold_words(text: str) -> tuple[str, ...]:
    """The likeliest key of each word of a text; a word without a letter or digit has none."""
    return tuple(key for word in split_words(text) for key in fold_word(word).keys[:1])


def sound_of(text: str) -> str:
    """The words of a text as they sound, vowels included, in one spelling for both scripts."""
    return " ".join(fold_word(word).sound for word in split_words(text))


def fold_word(word: str) -> Folded:
    """Keys and sound of one word out of `split_words`."""
    if word.isdigit():
        return Folded((word,), word)
    units = _bangla_units(word) if "\u0980" <= word[:1] <= "\u09ff" else _latin_units(word)
    sound = "".join(unit.vowel or unit.options[0] for unit in units)
    keys = _keys(units)
    if word.endswith("ের"):
        # খেজুরের is searched as khejur: the ending of possession is part of nearly every name.
        keys = tuple(dict.fromkeys([*keys, *(key[:-1] for key in keys[:2] if len(key) > 1)]))
    return Folded(keys, re.sub(r"([^\W\d])\1+", r"\1", sound))


@dataclass(frozen=True, slots=True)
class _Unit:
    """One sound: a consonant with the classes it may fall in, or a vowel."""

    options: tuple[str, ...] = ("",)
    vowel: str = ""


def _keys(units: list[_Unit]) -> tuple[str, ...]:
    # A doubled consonant counts once, but মামা keeps both: a vowel stands between.
    paths: list[tuple[str, bool]] = [("", False)]
    for unit in units:
        if unit.vowel:
            paths = [(key or "a", True) for key, _ in paths]
            continue
        grown = []
        for key, apart in paths:
            for option in unit.options:
                if not option:
                    grown.append((key, apart))
                    continue
                tail = option if apart or not key.endswith(option[0]) else option[1:]
                grown.append((key + tail, False))
        paths = list(dict.fromkeys(grown))[:_KEYS_LIMIT]
    return tuple(dict.fromkeys(key for key, _ in paths if key))


# ---- Latin letters -----------------------------------------------------------------------------------

_LATIN_UNIT: Final = re.compile(
    "tion|kkh|ksh|chh|tch|ch|sh|kh|gh|jh|zh|th|dh|ph|bh|rh|wh|ck|[aeiou]+|c(?=[eiy])|.", re.DOTALL
)
_LATIN: Final[dict[str, tuple[str, ...]]] = {
    "tion": ("sn",),
    "kkh": ("k",),
    "ksh": ("ks", "k"),
    "chh": ("c", "s"),
    "tch": ("c",),
    "ch": ("c",),
    "sh": ("s",),
    "kh": ("k",),
    "gh": ("g",),
    "jh": ("j",),
    "zh": ("j",),
    "th": ("t",),
    "dh": ("d",),
    "ph": ("p",),
    "bh": ("b",),
    "rh": ("r",),
    "wh": ("h",),
    "ck": ("k",),
    "f": ("p",),
    "v": ("b",),
    "z": ("j",),
    "q": ("k",),
    "x": ("ks",),
}
_LATIN_VOWELS: Final = {"aa": "a", "ee": "i", "ii": "i", "oo": "u", "uu": "u", "au": "ou", "ae": "e"}


def _latin_units(word: str) -> list[_Unit]:
    units: list[_Unit] = []
    parts = _LATIN_UNIT.findall(word)
    for at, part in enumerate(parts):
        before_vowel = at + 1 < len(parts) and parts[at + 1][0] in "aeiou"
        if part[0] in "aeiou":
            units.append(_Unit(vowel=_LATIN_VOWELS.get(part, part)))
        elif part == "w":  # গাওয়া is gawa or gaoa, ওড়না worna or orna
            units.append(_Unit(vowel="o"))
        elif part == "y" and (at or not before_vowel):
            if not before_vowel:  # before a vowel it is য-ফলা or a glide, as in byag, dhaniya
                units.append(_Unit(vowel="i"))
        elif part == "y":
            units.append(_Unit(("j",)))
        elif part == "c":  # cini is চিনি, but also cotton and centre
            soft = at + 1 < len(parts) and parts[at + 1][0] in "eiy"
            units.append(_Unit(("s", "c") if soft else ("k", "c")))
        elif part == "h" and at and at + 1 == len(parts):
            units.append(_Unit(("h", "")))
        else:
            units.append(_Unit(_LATIN.get(part, (part,))))
    return units


# ---- Bangla letters ----------------------------------------------------------------------------------

_CONSONANTS: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys("কখ", ("k",)),
    **dict.fromkeys("গঘ", ("g",)),
    "চ": ("c",),
    "ছ": ("c", "s"),
    **dict.fromkeys("জঝয", ("j",)),
    **dict.fromkeys("তথটঠৎ", ("t",)),
    **dict.fromkeys("দধডঢ", ("d",)),
    **dict.fromkeys("নণঞ", ("n",)),
    **dict.fromkeys("পফ", ("p",)),
    **dict.fromkeys("বভৱ", ("b",)),
    "ম": ("m",),
    **dict.fromkeys("রৰ", ("r",)),
    "ল": ("l",),
    **dict.fromkeys("শষস", ("s",)),
    "হ": ("h",),
    "ঙ": ("ng", "n"),
    "ং": ("ng", "n"),
}
_SIGNS: Final = {
    "া": "a",
    "ি": "i",
    "ী": "i",
    "ু": "u",
    "ূ": "u",
    "ে": "e",
    "ৈ": "oi",
    "ো": "o",
    "ৌ": "ou",
    "\u09d7": "ou",
}
_VOWELS: Final = {
    "অ": "o",
    "আ": "a",
    "ই": "i",
    "ঈ": "i",
    "উ": "u",
    "ঊ": "u",
    "এ": "e",
    "ঐ": "oi",
    "ও": "o",
    "ঔ": "ou",
}
_INHERENT: Final = _Unit(vowel="o ")  # the blank marks it until `_silence` has decided over it
_VOICED_BA: Final = "মবরল"  # ব stays to be heard behind these; elsewhere it only lengthens (বিশ্বাস)
_WEAK_MA: Final = "তদসশষটগহ"  # ম behind these is written m or not at all (পদ্মা, লক্ষ্মী)


def _bangla_units(word: str) -> list[_Unit]:
    units: list[_Unit] = []
    at, joined, before = 0, False, ""
    while at < len(word):
        char, rest = word[at], word[at + 1 :]
        if char == _HASANTA:
            joined, at = True, at + 1
            continue
        step = 1
        if word.startswith("ক্ষ", at):
            options: tuple[str, ...] = ("k", "ks")
            step, char = 3, "ষ"
        elif word.startswith("জ্ঞ", at):
            options, step = ("g",), 3
        elif rest[:1] == _NUKTA:
            options, step = (("",) if char == "য" else ("r",)), 2
        elif char in _CONSONANTS:
            options = _in_place(units, char, before if joined else "", rest)
        else:
            _append_sign(units, char, last=not rest)
            at, joined, before = at + 1, False, char
            continue
        glide = step == 2 and char == "য" and not (units and units[-1].vowel == "i")
        if options != ("",):
            units.append(_Unit(options))
        following = word[at + step : at + step + 1]
        if char not in "ংৎ" and following != _HASANTA and following not in _SIGNS and following != "ৃ":
            conjunct = joined and not following
            units.append(_Unit(vowel="i") if glide else _Unit(vowel="o") if conjunct else _INHERENT)
        at, joined, before = at + step, False, char
    return _silence(units)


def _in_place(units: list[_Unit], char: str, before: str, rest: str) -> tuple[str, ...]:
    """The classes of a consonant; `before` is the letter it is joined to, empty if none."""
    if before and char == "য":
        if before in _VOWELS and rest[:1] in _SIGNS:  # অ্যা, এ্যা: one vowel, not two
            units.pop()
        elif before == "হ":  # ঐতিহ্য is oitijjo or oitihya
            units[-1] = _Unit(("h", "j"))
        # র + য-ফলা and reph + য are the same letters: at the head as in র‍্যাক, inside as in কার্য.
        return ("j", "") if before == "র" and len(units) > 1 else ("",)
    if before and char == "ব":
        return ("b",) if before in _VOICED_BA else ("",)
    if before and char == "ম" and before in _WEAK_MA:
        return ("m", "")
    if char in "ঙং" and rest.lstrip(_HASANTA)[:1] in {"ক", "খ"}:
        return ("n", "ng")
    return _CONSONANTS[char]


def _append_sign(units: list[_Unit], char: str, *, last: bool) -> None:
    if char in _SIGNS:
        units.append(_Unit(vowel=_SIGNS[char]))
    elif char in "ঋৃ":
        units += [_Unit(("r",)), _Unit(vowel="i")]
    elif char == "ঁ":
        if not last:  # কাঁথা is kantha or katha
            units.append(_Unit(("", "n")))
    elif char in _VOWELS:
        units.append(_Unit(vowel=_VOWELS[char]))


def _silence(units: list[_Unit]) -> list[_Unit]:
    """Drop the inherent vowels that are not spoken: the last one, and from the end each between VC and CV."""
    heard = list(units)
    if heard and heard[-1] is _INHERENT and len(heard) > 1:
        heard.pop()
    for at in range(len(heard) - 3, 1, -1):
        around = [bool(heard[i].vowel) for i in (at - 2, at - 1, at + 1, at + 2)]
        possessive = at + 4 == len(heard) and heard[at + 2].vowel == "e" and heard[at + 3].options == ("r",)
        same = heard[at - 1].options[0] == heard[at + 1].options[0]
        if (
            heard[at] is _INHERENT
            and around == [True, False, False, True]
            and not same
            and not possessive  # বনের keeps the vowel of বন
        ):
            del heard[at]
    return [_Unit(vowel="o") if unit is _INHERENT else unit for unit in heard]
