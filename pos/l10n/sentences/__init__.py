"""One sentence per error code, in Bangla and English.

Each room keeps a module here with `SENTENCES: dict[str, tuple[str, str]]`, code -> (Bangla, English), and, if
it has fields of its own, `FIELDS`, name -> (Bangla, English). Placeholders are plain `{name}`. A key
`code:param` is the sentence for that code when the param is there and not empty or zero.

A param's name says how it is shown: `…_paisa` as taka, `…_milli` as a quantity, `field` by its name in the
language. Whole numbers take the digits of the locale, or where only a language is given the language's own;
text from outside is shortened and kept on one line.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import string
import unicodedata
import zlib
from typing import TYPE_CHECKING, Final

from pos.domain.text import SHOWN_LIMIT, drop_marks
from pos.errors import BugError
from pos.l10n import BANGLA, ENGLISH, Locale
from pos.l10n.numbers import digits, money, quantity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pos.l10n import Lang

_Pair = tuple[str, str]
_LIST_LIMIT: Final = 6
_UNSEEN: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def _collect(name: str) -> dict[str, _Pair]:
    """The dictionaries of that name in every module of this package, as one."""
    merged: dict[str, _Pair] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name):
        own: dict[str, _Pair] = getattr(importlib.import_module(f"{__name__}.{module.name}"), name, {})
        for code, (bangla, english) in own.items():
            if code in merged:
                raise BugError("sentence_twice", sentence=code, module=module.name)
            merged[code] = (bangla, english)
    return merged


SENTENCES: Final = _collect("SENTENCES")
FIELDS: Final = _collect("FIELDS")
PHRASES: Final = _collect("PHRASES")


def sentence(code: str, params: Mapping[str, object], lang: Lang | Locale) -> str:
    """What happened, what is safe and what to do, in the vendor's language; never raises.

    A code without a sentence comes out as a general one with a short support code.
    """
    variant = next(
        (f"{code}:{name}" for name in params if params[name] and f"{code}:{name}" in SENTENCES), code
    )
    pair = SENTENCES.get(variant)
    if pair is None:
        pair, params = SENTENCES["unknown"], {"support": support_code(code)}
    words = _Words(lang)
    said = words.either(pair, params)
    if params.get("line"):
        return words.either(("লাইন {line}: ", "Line {line}: "), params) + said
    return said


def phrase(name: str, lang: Lang | Locale, **params: object) -> str:
    """A label or a line of an answer; a module may keep such in `PHRASES`, apart from its sentences."""
    return _Words(lang).either(PHRASES[name], params)


def support_code(code: str) -> str:
    """Six letters and digits that stand for an error code: short enough to be read out on the phone."""
    return f"{zlib.crc32(code.encode('utf-8', 'replace')) & 0xFFFFFF:06X}"


class _Words(string.Formatter):
    """Fills a template; a value that is missing or odd becomes `…` or text, never an error."""

    def __init__(self, lang: Lang | Locale) -> None:
        self._locale = lang if isinstance(lang, Locale) else BANGLA if lang == "bn" else ENGLISH
        self._lang = self._locale.lang

    def either(self, pair: _Pair, params: Mapping[str, object]) -> str:
        """The one of the two templates that is in the language, filled."""
        return self.format(pair[0 if self._lang == "bn" else 1], **params)

    def get_field(
        self, field_name: str, _args: Sequence[object], kwargs: Mapping[str, object]
    ) -> tuple[str, str]:
        return self._shown(field_name, kwargs.get(field_name)), field_name

    def _shown(self, name: str, value: object) -> str:
        match value:
            case None | "":
                return "…"
            case bool():
                return ("হ্যাঁ" if value else "না") if self._lang == "bn" else ("yes" if value else "no")
            case int() if name.endswith("_paisa"):
                return money(value, self._locale, taka=True)
            case int() if name.endswith("_milli"):
                return quantity(value, self._locale)
            case int():
                return digits(str(value), self._locale) if value.bit_length() < 100 else "…"
            case list() | tuple():
                shown = [self._shown(name, item) for item in value[:_LIST_LIMIT]]
                return ", ".join(shown) + (" …" if len(value) > _LIST_LIMIT else "")
            case str() if name == "field":
                pair = FIELDS.get(value)
                return _outside(value) if pair is None else pair[0 if self._lang == "bn" else 1]
            case _:
                return _outside(str(value))


def _outside(text: str) -> str:
    """Text from outside on one line and at most `SHOWN_LIMIT` long, cut between clusters."""
    # The first slice keeps a pasted book from being worked through.
    text = _UNSEEN.sub(" ", drop_marks(text[: SHOWN_LIMIT * 10])).strip()
    if len(text) <= SHOWN_LIMIT:
        return text
    end = SHOWN_LIMIT - 1
    while end > SHOWN_LIMIT // 2 and (unicodedata.category(text[end])[0] == "M" or text[end - 1] == "\u09cd"):
        end -= 1
    return text[:end] + "…"
