"""Finding a product: our search over a mix of what is typed, against a bare FTS5 prefix query on one file.

The floor is what SQLite needs at the least: `MATCH 'word*' LIMIT 20` by plain sqlite3, unranked, and knowing
neither Banglish nor misspellings; for a barcode a look-up in its index. Catalogues are made from real words
and, for the long tail of brands and places, from Bangla syllables; the seed is fixed, so every run searches
the same shop.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import tempfile
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import insert

from pos.store import tables
from pos.store.engine import make_engine
from pos.store.search import SEARCH_DDL, rebuild, search

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# Bangla, as it is typed in Latin letters, English.
_THINGS = (
    "মধু modhu honey|ঘি ghee ghee|চাল chal rice|ডাল dal lentil|তেল tel oil|"
    "গুড় gur jaggery|আচার achar pickle|চা cha tea|দই doi yogurt|আম aam mango|"
    "শাড়ি shari saree|লুঙ্গি lungi lungi|গামছা gamcha towel|পাঞ্জাবি panjabi panjabi|"
    "কুর্তি kurti kurti|জামা jama dress|চাদর chador shawl|কাঁথা kantha quilt|"
    "পাটি pati mat|ব্যাগ bag bag|চুড়ি churi bangle|মালা mala necklace|দুল dul earring|"
    "জুতা juta shoe|স্যান্ডেল sandel sandal|পিঠা pitha cake|খেজুর khejur date|"
    "বাদাম badam nut|মসলা moshla spice|হলুদ holud turmeric|মরিচ morich chili|"
    "জিরা jira cumin|সাবান saban soap|শুঁটকি shutki fish|ইলিশ ilish hilsa|"
    "চিংড়ি chingri shrimp|মিষ্টি mishti sweet|সেমাই shemai vermicelli|"
    "চারা chara sapling|মোমবাতি mombati candle|ঝুড়ি jhuri basket|হাঁড়ি hari pot|"
    "পর্দা porda curtain|বালিশ balish pillow|ফ্রক frock frock"
)
_KINDS = (
    "দেশি deshi local|খাঁটি khati pure|লাল lal red|কালো kalo black|সাদা shada white|"
    "নীল nil blue|সবুজ shobuj green|নতুন notun new|বড় boro large|ছোট choto small|"
    "সুতি suti cotton|সিল্ক silk silk|তাঁতের tater handloom|কাঠের kather wooden|"
    "মাটির matir clay|বাঁশের basher bamboo|পাটের pater jute|চামড়ার chamrar leather|"
    "নকশি nokshi nokshi|জামদানি jamdani jamdani|ভাজা bhaja fried|শুকনো shukno dried|"
    "মিহি mihi fine|গরম gorom warm|শীতের shiter winter|ঈদের eider festive"
)
_PLACES = (
    "ঢাকার dhakar dhaka|বগুড়ার bogurar bogura|টাঙ্গাইলের tangailer tangail|"
    "রাজশাহীর rajshahir rajshahi|সিলেটের sylheter sylhet|কুমিল্লার cumillar cumilla|"
    "যশোরের joshorer jashore|সুন্দরবনের sundarbaner sundarban|পাবনার pabnar pabna|"
    "নাটোরের natorer natore|রংপুরের rongpurer rangpur|বরিশালের borishaler barishal|"
    "চট্টগ্রামের chottogramer chattogram"
)
_SYLLABLES = (
    "কা ka|রি ri|মো mo|না na|শু shu|লা la|তি ti|পা pa|বে be|দু du|গো go|জা ja|হা ha|"
    "সি si|রু ru|মি mi|নু nu|টো to|বা ba|চি chi|খা kha|ফু fu|ধা dha|ভি bhi|ঝু jhu|ল l|"
    "ন n|র r|ম m|ক k"
)
_SIZES = ("১ কেজি|1 kg", "৫০০ গ্রাম|500 g", "২৫০ গ্রাম|250 g", "১ লিটার|1 litre", "", "", "", "")

Word = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """One product: its words in three spellings, and a barcode."""

    words: tuple[Word, ...]
    size: str
    barcode: str


def measure(
    sizes: Sequence[int] = (1_000, 20_000, 100_000), place: Path | None = None
) -> list[dict[str, object]]:
    """Milliseconds of a search over catalogues of these sizes, for the whole mix and for each kind of query.

    Args:
        sizes: how many products.
        place: where the catalogues are made; the system's folder for such things if left out.

    Returns:
        Rows of name, n (products), ours_p50_ms, ours_p95_ms, floor_p50_ms, ratio (of the two medians).
    """
    rows: list[dict[str, object]] = []
    for size in sizes:
        with tempfile.TemporaryDirectory(dir=place) as folder:
            path = Path(folder) / "shop.db"
            items = build(path, size)
            rows += _measure_one(path, items)
    return rows


def make_items(count: int, seed: int = 20241126) -> list[Item]:
    """A catalogue with the vocabulary of a real one: few words often, many words seldom."""
    draw = random.Random(seed)
    things, kinds, places = _words(_THINGS), _words(_KINDS), _words(_PLACES)
    brands = [_brand(draw) for _ in range(max(20, count // 6))]
    items = []
    for number in range(count):
        words = [draw.choice(things)]
        if draw.random() < 0.7:
            words.insert(0, draw.choice(kinds))
        if draw.random() < 0.4:
            words.insert(0, draw.choice(places))
        if draw.random() < 0.6:
            words.insert(0, brands[int(len(brands) * draw.random() ** 2)])
        items.append(Item(tuple(words), draw.choice(_SIZES), f"21{number:011d}"))
    return items


def build(path: Path, count: int) -> list[Item]:
    """A database with the product tables and the search index of `count` products."""
    items = make_items(count)
    sqlite3.connect(path).close()
    engine = make_engine(path, writer=True)
    with engine.begin() as connection:
        tables.metadata.create_all(connection)
        for statement in SEARCH_DDL:
            connection.exec_driver_sql(statement)
        for start in range(0, count, 1000):
            connection.execute(
                insert(tables.product),
                [_product(number, items[number]) for number in range(start, min(count, start + 1000))],
            )
        rebuild(connection)
    engine.dispose()
    return items


def make_queries(items: Sequence[Item], seed: int = 7, each: int = 60) -> list[tuple[str, str, str]]:
    """Queries as (kind, text, the word a bare prefix query would be given)."""
    draw = random.Random(seed)
    queries = []
    for _ in range(each):
        item = draw.choice(items)
        bangla, typed, english = draw.choice(item.words)
        two = draw.sample(item.words, min(2, len(item.words)))
        queries += [
            ("whole word", bangla, bangla),
            ("beginning", bangla[: draw.choice((1, 2, 3))], bangla[:1]),
            ("two words", " ".join(word[0] for word in two), two[0][0]),
            ("english", english, english),
            ("banglish", typed, bangla),
            ("two banglish words", " ".join(word[1] for word in two), two[0][0]),
            ("misspelt", _slip(draw, typed), bangla),
            ("barcode", item.barcode, item.barcode),
        ]
    return queries


def _measure_one(path: Path, items: Sequence[Item]) -> list[dict[str, object]]:
    engine = make_engine(path, writer=False)
    bare = sqlite3.connect(path)
    queries = make_queries(items)
    taken: list[tuple[str, float, float]] = []
    with engine.connect() as connection:
        search(connection, "মধু modhu")  # pays for the imports
        for kind, text, word in queries:
            ours = _timed(search, connection, text)
            floor = _timed(_bare_code if kind == "barcode" else _bare_prefix, bare, word)
            taken.append((kind, ours, floor))
    bare.close()
    engine.dispose()
    kinds = dict.fromkeys(kind for kind, _, _ in taken)
    mix = [_row("find", len(items), taken)]
    return mix + [
        _row(f"find: {kind}", len(items), [one for one in taken if one[0] == kind]) for kind in kinds
    ]


def _row(name: str, count: int, taken: Sequence[tuple[str, float, float]]) -> dict[str, object]:
    ours = sorted(one[1] for one in taken)
    floor = statistics.median(one[2] for one in taken)
    half = statistics.median(ours)
    return {
        "name": name,
        "n": count,
        "ours_p50_ms": round(half, 3),
        "ours_p95_ms": round(ours[min(len(ours) - 1, int(len(ours) * 0.95))], 3),
        "floor_p50_ms": round(floor, 3),
        "ratio": round(half / floor, 1),
    }


def _timed(act: Callable[..., object], *values: object) -> float:
    start = time.perf_counter()
    act(*values)
    return (time.perf_counter() - start) * 1000


def _bare_code(bare: sqlite3.Connection, code: str) -> list[object]:
    return bare.execute("SELECT id FROM product WHERE barcode = ?", (code,)).fetchall()


def _bare_prefix(bare: sqlite3.Connection, word: str) -> list[object]:
    return bare.execute(
        "SELECT rowid FROM search_index WHERE search_index MATCH ? LIMIT 20", (f'"{word}"*',)
    ).fetchall()


def _words(text: str) -> list[Word]:
    return [(bn, typed, en) for bn, typed, en in (one.split() for one in text.split("|"))]


def _brand(draw: random.Random) -> Word:
    parts = [one.split() for one in draw.choices(_SYLLABLES.split("|"), k=draw.choice((2, 3, 3, 4)))]
    latin = "".join(part[1] for part in parts)
    return "".join(part[0] for part in parts), latin, latin.capitalize()


def _slip(draw: random.Random, word: str) -> str:
    """One slip of the hand: a letter left out, swapped with its neighbour, doubled or hit wrong."""
    at = draw.randrange(len(word))
    return draw.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :],
            word[:at] + word[at] + word[at:],
            word[:at] + draw.choice("abdeghiklmnoprstu") + word[at + 1 :],
        )
    )


def _product(number: int, item: Item) -> dict[str, object]:
    size_bn, _, size_en = item.size.partition("|")
    return {
        "id": uuid.UUID(int=number + 1),
        "sku": f"P{number:06d}",
        "name_bn": " ".join([word[0] for word in item.words] + size_bn.split()),
        "name_en": " ".join([word[2] for word in item.words] + size_en.split()),
        "category": "food",
        "unit": "pcs",
        "price_paisa": 10_000,
        "barcode": item.barcode,
        "created_at_ms": 0,
    }
