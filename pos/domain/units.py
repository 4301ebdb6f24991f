"""Units of sale: their codes, and the spellings they come in."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from pos.domain.text import drop_invisible, nfc, shown
from pos.errors import UserError

# code -> other spellings, lower case, without dots
_SPELLINGS: Final = {
    "pcs": "pc pce piece pieces pis unit nos no each টি টা টো পিস পিচ খানা খানি একক",
    "kg": "kgs kilo kilos kilogram kilograms kilogramme কেজি কিলো কিলোগ্রাম",
    "g": "gm gms gram grams gramme গ্রাম গ্রা",
    "litre": "l lt ltr ltrs litres liter liters লিটার লি",
    "ml": "millilitre milliliter millilitres milliliters মিলি মিলিলিটার",
    "metre": "m mtr metres meter meters মিটার মি",
    "yard": "yd yds yards gaj goj গজ",
    "foot": "ft feet ফুট ফিট",
    "set": "sets সেট",
    "pair": "pairs pr prs jora jura জোড়া জুড়ি",
    "dozen": "dozens doz dz dojon ডজন",
    "hali": "হালি",
    "packet": "packets pkt pkts pack packs প্যাকেট প্যাক",
    "box": "boxes বক্স বাক্স",
    "carton": "cartons ctn কার্টন",
    "bottle": "bottles btl বোতল",
    "jar": "jars জার বয়াম বৈয়াম",
    "tin": "tins can cans কৌটা টিন ক্যান",
    "bag": "bags ব্যাগ",
    "sack": "sacks bosta বস্তা",
    "bundle": "bundles আঁটি বান্ডিল বান্ডেল",
    "roll": "rolls রোল",
    "plate": "plates প্লেট থালা",
}

UNITS: Final = tuple(_SPELLINGS)
"""The codes, as stored and as the command line shows them."""


def _key(text: str) -> str:
    # Dots and the inner space of "কে. জি." are habits of writing, not part of the word.
    return "".join(char for char in drop_invisible(nfc(text)).lower() if char not in ".। \u00a0\t")


_CODES: Final = MappingProxyType(
    {_key(word): code for code, words in _SPELLINGS.items() for word in (code, *words.split())}
)
_FRACTIONAL: Final = frozenset({"kg", "litre", "metre"})


def canonical_unit(text: str, *, field: str = "unit") -> str:
    """The code of a unit from any of its spellings in Bangla or English.

    Raises:
        UserError: `unit_unknown` with the codes there are as `known`.
    """
    code = _CODES.get(_key(text)) if len(text) <= 40 else None
    if code is None:
        raise UserError("unit_unknown", field=field, text=shown(text), known=list(UNITS))
    return code


def fractions_by_default(unit: str) -> bool:
    """Whether a product in this unit is sold in parts of it unless its own flag says otherwise."""
    return unit in _FRACTIONAL
