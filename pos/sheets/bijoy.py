"""Bijoy text (fonts of the SutonnyMJ family): recognised, and made into Unicode when the vendor asks for it.

Such a font draws Bangla shapes in the places of Western letters, so the file holds `Pvj` where the vendor
sees চাল. Shapes stand in the order they are drawn; Unicode wants the order they are spoken. The table is laid
out by what a shape does inside a syllable; docs/decisions/0020-sheets.md says why this is our own.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_HASANT: Final = "\u09cd"
_ZWNJ: Final = "\u200c"
_ZWJ: Final = "\u200d"


def _pairs(table: str) -> dict[str, str]:
    return dict(zip(*[iter(table.split())] * 2, strict=True))


# Whole shapes: letters, and conjuncts drawn as one.
_LETTERS: Final = _pairs(
    """
    A অ B ই C ঈ D উ E ঊ F ঋ G এ H ঐ I ও J ঔ
    K ক L খ M গ N ঘ O ঙ P চ Q ছ R জ S ঝ T ঞ U ট V ঠ W ড X ঢ Y ণ Z ত _ থ ` দ a ধ b ন c প d ফ e ব f ভ g ম
    h য i র j ল k শ l ষ m স n হ o ড় p ঢ় q য় r ৎ
    ° ক্ক ± ক্ট ² ক্ষ্ণ ³ ক্ত ´ ক্ম µ ক্র ¶ ক্ষ · ক্স ¹ জ্ঞ º গ্দ » গ্ধ ¼ ঙ্ক ½ ঙ্গ ¾ জ্জ À জ্ঝ Á জ্ঞ
    Â ঞ্চ Ã ঞ্ছ Ä ঞ্জ Å ঞ্ঝ Æ ট্ট Ç ড্ড È ণ্ট É ণ্ঠ Ê ণ্ড Ë ত্ত Ì ত্থ Í ত্ম Î ত্র Ï দ্দ × দ্ধ Ø দ্ব Ù দ্ম
    Ú ন্ঠ Û ন্ড Ü ন্ধ Ý ন্স Þ প্ট ß প্ত à প্প á প্স â ব্জ ã ব্দ ä ব্ধ å ভ্র ç ম্ফ é ল্ক ê ল্গ ë ল্ট ì ল্ড
    í ল্প î ল্ফ ð শ্চ ñ শ্ছ ò ষ্ণ ó ষ্ট ô ষ্ঠ õ ষ্ফ ö স্খ ÷ স্ট ø স্ন ù স্ফ ý হ্ন þ হ্ম
    """
)
# A conjunct that already carries its vowel sign.
_WITH_VOWEL: Final = {"¸": ("গ", "ু"), "ï": ("শ", "ু"), "û": ("হ", "ু"), "ü": ("হ", "ৃ")}
# Halves that lean on the letter after them.
_LEFT_HALVES: Final = _pairs("• ঙ ” চ ˜ দ ™ দ š ন › ন ¤ ম ® ষ ¯ স")
# Halves that hang on the letter before them (the value is what follows the hasanta).
_RIGHT_HALVES: Final = _pairs(
    """
    ^ ব ‘ তু ’ থ ‹ ক Œ ক্র — ত œ ন Ÿ ব ¡ ব ¢ ভ £ ভ্র ¥ ম ¦ ব § ম ¨ য ª র « র Ö র ¬ ল \u00ad ল ¿ ত্র è ন ú প
    """
)
# Vowel signs drawn before the letter, and those drawn after or under it.
_SIGNS_BEFORE: Final = _pairs("w ি † ে ‡ ে ˆ ৈ ‰ ৈ")
_SIGNS_AFTER: Final = _pairs("v া x ী y ু z ু “ ু – ু ~ ূ ƒ ূ ‚ ূ „ ৃ … ৃ Š \u09d7")
_MARKS: Final = _pairs("u ঁ s ং t ঃ")
_REPH: Final = "©"
_HASANT_KEY: Final = "&"
# Where it follows a র this shape is the sign of a short u (iæ = রু); elsewhere the conjunct ম্ন.
_RU_SIGN: Final = "æ"
_SIGNS: Final = _pairs("| । Ð – Ñ — Ò “ Ó ” Ô ‘ Õ ’") | {str(n): chr(0x09E6 + n) for n in range(10)}

_JOINED: Final = {"ে" + "া": "ো", "ে" + "\u09d7": "ৌ"}
_BENGALI: Final = re.compile("[\u0980-\u09ff]")
# Windows-1252 read as Latin-1 leaves its upper signs as control characters.
_CONTROLS: Final = {
    code: bytes([code]).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}


class _Syllable:
    """What has been drawn of one syllable, put into spoken order by `text`."""

    def __init__(self) -> None:
        self.before = ""
        self.letters = ""
        self.after = ""
        self.marks = ""
        self.reph = False
        self.open = False  # the last letter waits for another one under it

    def add_letter(self, letters: str) -> None:
        self.letters += letters
        self.open = False

    def hang(self, half: str) -> None:
        """Put a half under the letters: a hasanta and the half."""
        if self.letters == "র" and half == "য" and not self.reph:
            self.letters += _ZWJ  # র‍্যা, which would else become a reph on য
        self.letters += ("" if self.open else _HASANT) + half
        self.open = False

    def text(self) -> str:
        letters, after = self.letters, self.after
        if letters == "অ" and after.startswith("া"):
            letters, after = "আ", after[1:]
        sign = self.before + after
        sign = _JOINED.get(sign, sign)
        return ("র" + _HASANT if self.reph else "") + letters + sign + self.marks


def convert_bijoy(text: str) -> str:
    """Unicode Bangla from Bijoy text; text that already holds Bangla letters comes back as it is."""
    if _BENGALI.search(text):
        return text
    out: list[str] = []
    syllable = _Syllable()
    for shape in text.translate(_CONTROLS):
        if _starts_new(syllable, shape):
            out.append(syllable.text())
            syllable = _Syllable()
        if not _draw(syllable, shape):
            out.extend((syllable.text(), _SIGNS.get(shape, shape)))
            syllable = _Syllable()
    out.append(syllable.text())
    return unicodedata.normalize("NFC", "".join(out))


def _starts_new(syllable: _Syllable, shape: str) -> bool:
    if shape in _SIGNS_BEFORE:
        return bool(syllable.letters)
    if shape == _RU_SIGN:
        return bool(syllable.letters) and not syllable.open and not syllable.letters.endswith("র")
    if shape in _LETTERS or shape in _LEFT_HALVES or shape in _WITH_VOWEL:
        return bool(syllable.letters) and not syllable.open
    return False


def _draw(syllable: _Syllable, shape: str) -> bool:
    """Add one shape to the syllable; False where the shape is no part of any syllable."""
    if shape in _LETTERS:
        syllable.add_letter(_LETTERS[shape])
    elif shape in _WITH_VOWEL:
        letter, sign = _WITH_VOWEL[shape]
        syllable.add_letter(letter)
        syllable.after += sign
    elif shape in _LEFT_HALVES:
        syllable.letters += _LEFT_HALVES[shape] + _HASANT
        syllable.open = True
    elif shape in _RIGHT_HALVES and syllable.letters:
        half = _RIGHT_HALVES[shape]
        syllable.hang(half.removesuffix("ু"))
        syllable.after += "ু" if half.endswith("ু") else ""
    elif shape in _SIGNS_BEFORE:
        syllable.before = _SIGNS_BEFORE[shape]
    elif shape == _RU_SIGN:
        if syllable.letters.endswith("র"):
            syllable.after += "ু"
        else:
            syllable.add_letter("ম" + _HASANT + "ন")
    elif not syllable.letters:
        return False
    elif shape in _SIGNS_AFTER:
        syllable.after += _SIGNS_AFTER[shape]
    elif shape in _MARKS:
        syllable.marks += _MARKS[shape]
    elif shape == _REPH:
        syllable.reph = True
    elif shape == _HASANT_KEY:
        syllable.letters += _HASANT + _ZWNJ
    else:
        return False
    return True


_LOOKED_AT: Final = 400
# A shape above ASCII, or one of these signs, right inside a word of Western letters.
_SHAPE_IN_WORD: Final = re.compile(
    "(?:[A-Za-z_`~^&|][†‡ˆ‰Š‹ŒŸš›œ•”—˜™¡-¸º-þƒ„…“–‘’\u00ad]|[†‡ˆ‰¯®¤¶š›][A-Za-z_`])|[A-Za-z][`~^_][A-Za-z]"
)
_WESTERN_ACCENTS: Final = re.compile("[À-ÖØ-öø-þ]")
_WORD: Final = re.compile("[A-Za-z]{2,}")
# Small letters only: in Bijoy the capitals A, I and U are as common as in any word of Bangla.
_VOWELS: Final = frozenset("aeiou")
# In Bijoy these are the commonest signs: v is আ-কার, w ই-কার, x ঈ-কার; in English they are rare.
_KARS: Final = frozenset("vwx")


def looks_like_bijoy(texts: Iterable[str]) -> bool:
    """Whether a column of names is Bijoy: many shapes inside words, or letters in proportions no English has.

    Nothing follows from it but a question to the vendor.
    """
    letters = vowels = kars = shaped = seen = latin = 0
    for text in islice((text for text in texts if 1 < len(text.strip()) <= 200), _LOOKED_AT):
        seen += 1
        if _BENGALI.search(text) or not (words := _WORD.findall(text)):
            continue
        latin += 1
        shaped += bool(_SHAPE_IN_WORD.search(text))
        for word in words:
            letters += len(word)
            vowels += sum(char in _VOWELS for char in (word.lower() if word.isupper() else word))
            kars += sum(char in _KARS for char in word)
    if not latin or latin * 3 < seen or letters < 4:
        return False
    by_letters = kars * 100 >= letters * 9 and vowels * 100 <= letters * 28
    return by_letters or (
        shaped * 100 >= latin * 25 and kars * 100 >= letters * 4 and vowels * 100 <= letters * 33
    )
