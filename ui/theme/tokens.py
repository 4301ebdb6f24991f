"""Colour tokens of both themes (design/ui.md §4); a test computes the contrast of every pair that carries text."""

from __future__ import annotations

from typing import Final

# name: (light, dark)
_TOKENS: Final[dict[str, tuple[str, str]]] = {
    "bg": ("#F3F6F4", "#0D1311"),
    "surface": ("#FFFFFF", "#151D1A"),
    "surface2": ("#F8FAF9", "#1A2420"),
    "surface3": ("#EDF2EF", "#222E29"),
    "border": ("#DDE5E1", "#2B3833"),
    "line": ("#E9EFEC", "#222D29"),
    "control": ("#7C8C84", "#71827A"),
    "control2": ("#A9B7B0", "#71827A"),
    "text": ("#14201B", "#E8EFEB"),
    "text2": ("#44534C", "#B6C4BD"),
    "text3": ("#5C6C64", "#93A49B"),
    "primary": ("#0A6B4E", "#36C28D"),
    "primaryH": ("#085A42", "#4CD09D"),
    "onprimary": ("#FFFFFF", "#04231A"),
    "ptext": ("#0A5F45", "#74DCB3"),
    "psoft": ("#E2F2EA", "#12352A"),
    "pline": ("#A9D5C2", "#24604B"),
    "sel": ("#E7F4EE", "#16342A"),
    "selBar": ("#0A6B4E", "#36C28D"),
    "focus": ("#0A6B4E", "#36C28D"),
    "rail": ("#0B3B2D", "#09130F"),
    "railA": ("#17573F", "#153A2D"),
    "railT": ("#C9DFD5", "#A6BBB1"),
    "railTA": ("#FFFFFF", "#EAF6F0"),
    "badge": ("#F2B01E", "#F2B01E"),
    "badgeT": ("#2B1D00", "#2B1D00"),
    "mark": ("#0B3B2D", "#0B3B2D"),
    "ok": ("#0A5F45", "#74DCB3"),
    "okS": ("#E2F2EA", "#12352A"),
    "okL": ("#A9D5C2", "#24604B"),
    "warn": ("#8A4B00", "#F4C46C"),
    "warnS": ("#FFF2DA", "#33270F"),
    "warnL": ("#F0CE92", "#5C4719"),
    "warnI": ("#B86A00", "#F4B540"),
    "danger": ("#B3261E", "#FF9E94"),
    "dangerS": ("#FDEBE9", "#3B1B18"),
    "dangerL": ("#F3BDB8", "#6B302B"),
    "dangerB": ("#C0332B", "#FF7D73"),
    "ondanger": ("#FFFFFF", "#2B0605"),
    "info": ("#1B4F9C", "#96BFFF"),
    "infoS": ("#E7F0FC", "#15263E"),
    "infoL": ("#B7D0F2", "#294772"),
    "violet": ("#5A3EA8", "#C6B6FF"),
    "violetS": ("#EFEBFB", "#261F3E"),
    "violetL": ("#CFC3F0", "#463A70"),
    "grey": ("#44534C", "#B6C4BD"),
    "greyS": ("#EAEFEC", "#222E29"),
    "greyL": ("#CFD8D3", "#3A4A43"),
    "live": ("#D92D20", "#FF5A4F"),
    "toast": ("#14241E", "#E8EFEB"),
    "toastT": ("#F2F7F4", "#14201B"),
    "toastA": ("#7FE0B8", "#0A6B4E"),
    "bar1": ("#0A6B4E", "#36C28D"),
    "bar2": ("#B4720B", "#E0A93A"),
    "paper": ("#FFFFFF", "#F7F8F7"),
    "ink": ("#14201B", "#14201B"),
}
LIGHT: Final = {name: pair[0] for name, pair in _TOKENS.items()}
DARK: Final = {name: pair[1] for name, pair in _TOKENS.items()}
SCRIM: Final = {"light": ("#06100C", 0.47), "dark": ("#06100C", 0.65)}

# What is written on what; every pair is at least 4.5 : 1.
TEXT_ON: Final[tuple[tuple[str, str], ...]] = (
    *((text, ground) for text in ("text", "text2") for ground in ("bg", "surface", "surface2", "surface3", "sel")),
    ("text3", "bg"), ("text3", "surface"), ("text3", "surface2"), ("text3", "sel"),
    ("onprimary", "primary"), ("onprimary", "primaryH"), ("ptext", "surface"), ("ptext", "psoft"), ("ptext", "sel"),
    ("ptext", "bg"), ("railT", "rail"), ("railTA", "railA"), ("badgeT", "badge"), ("mark", "badge"),
    *((tone, f"{tone}S") for tone in ("ok", "warn", "danger", "info", "violet", "grey")),
    *((tone, ground) for tone in ("ok", "warn", "danger", "info") for ground in ("surface", "sel")),
    ("warn", "surface2"), ("info", "surface2"), ("ok", "surface2"), ("danger", "surface2"),
    ("ondanger", "dangerB"), ("toastT", "toast"), ("toastA", "toast"), ("ink", "paper"),
)  # fmt: skip
# Edges and marks that must be seen: at least 3 : 1.
EDGE_ON: Final[tuple[tuple[str, str], ...]] = (
    ("control", "surface"), ("focus", "surface"), ("focus", "bg"), ("live", "dangerS"), ("bar1", "surface"),
    ("bar2", "surface"), ("warnI", "surface"),
)  # fmt: skip


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast of two colours `#RRGGBB`, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
