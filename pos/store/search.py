"""Finding a product by what is typed: code, name in either script, the start of a word, or a misspelling.

A query goes from cheap and sure to dear and doubtful, and stops as soon as the answer cannot get better.
Every step takes a bounded number of rows, whatever the size of the catalogue; only those are ranked.
The index itself, and how it is written, is `pos.store.search_index`.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pos.domain.text import nfc
from pos.l10n.fold import Folded, fold_word, split_words
from pos.store.search_index import (
    PREFIX_CHARS,
    SEARCH_DDL,
    Entry,
    Reading,
    clear,
    code_key,
    fetch,
    index_by_key,
    index_products,
    key_parts,
    marks,
    rebuild,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import Connection

__all__ = [
    "SEARCH_DDL",
    "Entry",
    "Hit",
    "Reading",
    "clear",
    "index_by_key",
    "index_products",
    "rebuild",
    "search",
]

_QUERY_CHARS: Final = 300
_QUERY_WORDS: Final = 6
_WORD_ROWS: Final = 160  # vocabulary rows read per step and word
_NEAR_ROWS: Final = 400
_WORDS_KEPT: Final = 12  # spellings of one typed word that go into the full-text query
_CANDIDATES: Final = 120  # products ranked per step
_OF_ONE_LETTER: Final = 40
_STRONG: Final = 0.82  # a spelling this like is taken for the word itself
_GOOD_ENOUGH: Final = 0.82  # below it misspellings are tried as well
_CERTAIN: Final = 0.9
_LIKE_NOTHING: Final = 0.65  # below it a word is not meant: any letters resemble some word a little
_BESIDE_CERTAIN: Final = 0.72
_END: Final = "\U0010ffff"
# Typed apart, the ending of possession is no word of its own: "ful er modhu".
_PARTICLES: Final = frozenset({"er", "r", "এর", "র", "ের"})


@dataclass(frozen=True, slots=True)
class Hit:
    """A product found.

    Attributes:
        product_id: the product.
        sku: the SKU of the product or variant whose code or barcode was typed exactly, else None.
        rank: higher is better; only for comparing hits of one search. 3: its code; from 2: its whole name.
    """

    product_id: uuid.UUID
    sku: str | None
    rank: float


@dataclass(slots=True)
class _Typed:
    """One typed word: what it may stand for and how surely (0 to 1), and scores already worked out."""

    word: str
    folded: Folded
    spellings: dict[str, float] = field(default_factory=dict)
    seen: dict[str, float] = field(default_factory=dict)

    def take(self, scores: dict[str, float]) -> None:
        for word, score in scores.items():
            if score > self.spellings.get(word, 0.0):
                self.spellings[word] = score
        self.seen.clear()

    def score(self, word: str) -> float:
        """How well a word of a product answers the typed one."""
        known = self.seen.get(word)
        if known is None:
            known = 1.0 if word == self.word else self.spellings.get(word, 0.0)
            if known < 1.0 and word.startswith(self.word):
                known = max(known, _begins(self.word, word))
            self.seen[word] = known
        return known

    def expression(self, *, strong: bool) -> str:
        """The full-text expression for it: only itself and its like, or also words it begins."""
        floor = _STRONG if strong else 0.0
        ranked = sorted((-score, word) for word, score in self.spellings.items() if score >= floor)
        words = [word for _, word in ranked if word != self.word][:_WORDS_KEPT]
        # Beginnings of four letters and more were looked up among the words: `_alike`.
        own = f'"{self.word}"' if strong or len(self.word) > PREFIX_CHARS else f'"{self.word}"*'
        return " OR ".join([own, *(f'"{word}"' for word in words)])


def search(conn: Connection, query: str, *, limit: int = 20) -> list[Hit]:
    """Products that answer what was typed, best first; never raises, whatever was typed.

    Order: code or barcode typed exactly, whole name, words, words that sound exactly so, beginnings of words,
    words that sound much so, words misspelt. A product must answer all words; only where none does are some
    enough.

    Args:
        conn: an open connection, for reading.
        query: as typed; all of it is literal, nothing in it is an operator.
        limit: the most hits.
    """
    query = query[:_QUERY_CHARS].encode(errors="ignore").decode().replace("\0", " ")
    if limit < 1 or not query.strip():
        return []
    found = _Found(conn, limit)
    found.add_codes(query)
    words = split_words(query)
    if words:
        found.add_whole_names(" ".join(words))
        spoken = [word for word in words if word not in _PARTICLES] or list(words)
        _by_words(conn, found, [_Typed(word, fold_word(word)) for word in spoken[:_QUERY_WORDS]])
    elif not found.hits:
        found.add_literally(nfc(query).strip())
    return found.best()


def _by_words(conn: Connection, found: _Found, typed: list[_Typed]) -> None:
    for one in typed:
        one.take(_alike(conn, one))
    found.add_matches(typed, [_all(typed, strong=True)])
    if found.certain() >= found.limit:
        return
    if not found.certain():
        for other in _together(conn, typed):
            found.add_matches(other, [_all(other, strong=True)])
    found.add_matches(typed, [_all(typed, strong=False)])
    if found.top() >= _GOOD_ENOUGH:
        return
    for one in typed:
        one.take(_misspelt(conn, one))
    found.add_matches(typed, [_all(typed, strong=False)])
    for other in _apart(conn, typed):
        found.add_matches(other, [_all(other, strong=False)])
    if not found.hits and len(typed) > 1:
        if 2 < len(typed) <= 4:
            fewer = (typed[:at] + typed[at + 1 :] for at in range(len(typed)))
            found.add_matches(typed, [_all(some, strong=False) for some in fewer])
        if not found.hits:
            found.add_matches(typed, [one.expression(strong=False) for one in typed])


def _all(typed: Sequence[_Typed], *, strong: bool) -> str:
    return " AND ".join(f"({one.expression(strong=strong)})" for one in typed)


def _alike(conn: Connection, typed: _Typed) -> dict[str, float]:
    """Words that sound like the typed one, or begin so."""
    keys, sound = typed.folded.keys, typed.folded.sound
    if not keys or typed.word.isdigit():
        return {}
    same = f"SELECT word, sound, 1 FROM search_word WHERE fold IN ({marks(keys)}) LIMIT {_WORD_ROWS}"
    begins = f"SELECT word, sound, 0 FROM search_word WHERE sound >= ? AND sound < ? LIMIT {_WORD_ROWS}"
    steps, values = [same, begins], [*keys, sound, sound + _END]
    if len(keys[0]) > 1:  # behind a single consonant nearly everything would follow
        steps.append(f"SELECT word, sound, 0 FROM search_word WHERE fold > ? AND fold < ? LIMIT {_WORD_ROWS}")
        values += [keys[0], keys[0] + _END]
    rows = fetch(conn, " UNION ALL ".join(f"SELECT * FROM ({step})" for step in steps), values)
    scores: dict[str, float] = {}
    if len(typed.word) > PREFIX_CHARS:
        longer = "SELECT DISTINCT word FROM search_word WHERE word > ? AND word < ? LIMIT ?"
        for (word,) in fetch(conn, longer, (typed.word, typed.word + _END, _WORDS_KEPT)):
            scores[word] = _begins(typed.word, word)
    likeness = _likeness(sound)
    for word, other, whole in rows:
        if whole:
            score = 0.94 - _unlikely(likeness(other))
        else:
            start = max(likeness(other[: len(sound)]), likeness(other[: len(sound) + 1]))
            score = 0.84 + 0.06 * min(1.0, len(sound) / max(1, len(other))) - _unlikely(start)
        scores[word] = max(score, scores.get(word, 0.0))
    return scores


def _begins(start: str, word: str) -> float:
    return 0.80 + 0.15 * len(start) / len(word)


def _misspelt(conn: Connection, typed: _Typed) -> dict[str, float]:
    """Words one slip of a consonant away: left out, put in, changed or two of them swapped."""
    keys, sound = typed.folded.keys, typed.folded.sound
    if not keys or typed.word.isdigit() or len(sound) < 3:
        return {}
    parts = sorted({part for key in keys[:2] for part in key_parts(key)})
    rows = fetch(
        conn,
        "SELECT DISTINCT w.word, w.sound FROM search_near n JOIN search_word w ON w.fold = n.fold"
        f" WHERE n.part IN ({marks(parts)}) LIMIT {_NEAR_ROWS}",
        parts,
    )
    likeness = _likeness(sound)
    scores: dict[str, float] = {}
    for word, other in rows:
        # The genitive and plural endings of the shelf must not count as slips of the typing hand.
        like = max(
            likeness(other), 0.97 * likeness(other[: len(sound)]), 0.97 * likeness(other[: len(sound) + 1])
        )
        if like >= 0.55:
            scores[word] = 0.26 + 0.50 * like
    return scores


def _unlikely(likeness: float) -> float:
    """What a word of the same key loses for its other vowels: little at first, then it is another word."""
    return 0.40 * (1.0 - likeness) + 0.60 * max(0.0, 0.65 - likeness)


def _likeness(sound: str) -> Callable[[str], float]:
    """The likeness of `sound` to another, 0 to 1: one minus edits (swaps among them) by length."""
    from rapidfuzz.distance import OSA

    measured: Callable[[str, str], float] = OSA.normalized_similarity
    if len(sound) < 3 or sound[-1] != "o" or sound[-2] in "aeiou":
        return lambda other: measured(sound, other)
    # The last vowel of ছোট and বড় is heard and typed (choto, boro), that of চাল is not: both will do.
    return lambda other: max(measured(sound, other), 0.98 * measured(sound[:-1], other))


def _together(conn: Connection, typed: list[_Typed]) -> Iterator[list[_Typed]]:
    """The query with two neighbours as one word: "kalo jira" for কালোজিরা."""
    spelt = [one.word for one in typed]
    for at in range(min(len(spelt) - 1, 3)):
        yield _retyped(conn, [*spelt[:at], spelt[at] + spelt[at + 1], *spelt[at + 2 :]])


def _apart(conn: Connection, typed: list[_Typed]) -> Iterator[list[_Typed]]:
    """The query with one word as two: "khejurgur" for খেজুরের গুড়."""
    spelt = [one.word for one in typed]
    for at, one in enumerate(typed[:3]):
        cut = _best_cut(conn, one.word)
        if cut:
            yield _retyped(conn, [*spelt[:at], one.word[:cut], one.word[cut:], *spelt[at + 1 :]])


def _retyped(conn: Connection, words: Iterable[str]) -> list[_Typed]:
    typed = [_Typed(word, fold_word(word)) for text in words for word in split_words(text)]
    for one in typed:
        one.take(_alike(conn, one))
    return typed


def _best_cut(conn: Connection, word: str) -> int:
    """Where to cut a word so that both halves are words of the catalogue; 0 if nowhere."""
    if word.isdigit() or not 5 <= len(word) <= 30:
        return 0
    cuts = {at: (fold_word(word[:at]), fold_word(word[at:])) for at in range(2, len(word) - 1)}
    keys = sorted({half.keys[0] for halves in cuts.values() for half in halves if half.keys})
    sounds: dict[str, list[str]] = {}
    for fold, sound in fetch(
        conn,
        f"SELECT fold, sound FROM search_word WHERE fold IN ({marks(keys)}) LIMIT {_NEAR_ROWS * 4}",
        keys,
    ):
        sounds.setdefault(fold, []).append(sound)

    def fit(half: Folded) -> float:
        like = _likeness(half.sound)
        return max((like(other) for other in sounds.get(half.keys[0], ())), default=0.0) if half.keys else 0.0

    best, at = max((min(fit(left), fit(right)), at) for at, (left, right) in cuts.items())
    return at if best >= 0.7 else 0


class _Found:
    """Hits gathered so far, each with its best score."""

    def __init__(self, conn: Connection, limit: int) -> None:
        self.conn = conn
        self.limit = limit
        self.hits: dict[int, tuple[float, int, bytes, str | None]] = {}
        self.asked: set[str] = set()

    def put(self, doc: int, score: float, length: int, product_id: bytes, sku: str | None = None) -> None:
        before = self.hits.get(doc)
        if before is None or score > before[0]:
            self.hits[doc] = (score, length, product_id, sku if before is None else before[3] or sku)

    def top(self) -> float:
        return max((hit[0] for hit in self.hits.values()), default=0.0)

    def certain(self) -> int:
        return sum(1 for hit in self.hits.values() if hit[0] >= _STRONG)

    def best(self) -> list[Hit]:
        ordered = sorted(self.hits.items(), key=lambda item: (-item[1][0], item[1][1], item[0]))
        top = min(ordered[0][1][0], 1.0) if ordered else 0.0
        # Beside what was surely meant, what only resembles it is in the way.
        least = top * _BESIDE_CERTAIN if top >= _CERTAIN else 0.0
        return [
            Hit(uuid.UUID(bytes=product_id), sku, round(score, 4))
            for _, (score, _, product_id, sku) in ordered[: self.limit]
            if score >= least
        ]

    def add_codes(self, query: str) -> None:
        """The product whose SKU or barcode was typed, whole or its beginning."""
        key = code_key(query)
        # A code beside other words ("P067 লাল") counts as well; a bare small number is rather a size.
        chunks = {code_key(chunk) for chunk in query.split()[:_QUERY_WORDS]}
        keys = {one for one in chunks if _looks_like_code(one)}
        parts = keys - {key}
        keys.add(key)
        if key.isascii() and key.isdigit():  # scanners give a UPC of 12 digits or the same as an EAN of 13
            keys |= (
                {"0" + key} if len(key) == 12 else {key[1:]} if len(key) == 13 and key[0] == "0" else set()
            )
        sql = (
            "SELECT doc, c.sku, d.product_id, c.code FROM search_code c JOIN search_doc d USING (doc) WHERE "
        )
        for doc, sku, product_id, code in fetch(
            self.conn, f"{sql} c.code IN ({marks(keys)}) ORDER BY c.sku LIMIT {self.limit}", sorted(keys)
        ):
            self.put(doc, 1.5 if code in parts else 3.0, 0, product_id, sku)
        if self.hits or not _looks_like_code(key):
            return
        for doc, _, product_id, code in fetch(
            self.conn,
            f"{sql} c.code >= ? AND c.code < ? ORDER BY c.code LIMIT {self.limit}",
            (key, key + _END),
        ):
            self.put(doc, 0.80 + 0.15 * len(key) / len(code), 0, product_id)

    def add_whole_names(self, name: str) -> None:
        """Products of exactly this name, and those whose name begins so."""
        for column in ("name_bn", "name_en"):
            for doc, product_id, other in fetch(
                self.conn,
                f"SELECT doc, product_id, {column} FROM search_doc"
                f" WHERE {column} >= ? AND {column} < ? ORDER BY {column} LIMIT {self.limit}",
                (name, name + _END),
            ):
                whole = other == name or other.startswith(name + " ")
                score = 2.0 if other == name else 0.97 if whole else 0.90
                self.put(doc, score + 0.06 * len(name) / len(other), len(other), product_id)

    def add_literally(self, text: str) -> None:
        """Products whose name holds this text of no letter and no digit, such as a sign or an emoji."""
        if not text:
            return
        for doc, product_id in fetch(
            self.conn,
            "SELECT d.doc, p.id FROM product p JOIN search_doc d ON d.product_id = p.id"
            f" WHERE p.archived = 0 AND (instr(p.name_bn, ?) OR instr(p.name_en, ?)) LIMIT {self.limit}",
            (text, text),
        ):
            self.put(doc, 0.5, 0, product_id)

    def add_matches(self, typed: Sequence[_Typed], expressions: Iterable[str]) -> None:
        """Rank the products that a full-text expression gives."""
        for expression in expressions:
            if expression in self.asked:
                continue
            self.asked.add(expression)
            # A letter begins half of all words: whichever come first are as good as the others.
            most = _CANDIDATES if any(len(one.word) > 1 for one in typed) else _OF_ONE_LETTER
            for doc, product_id, name_bn, name_en, more in fetch(
                self.conn,
                "SELECT d.doc, d.product_id, d.name_bn, d.name_en, d.more FROM search_index i"
                " JOIN search_doc d ON d.doc = i.rowid WHERE i.search_index MATCH ? LIMIT ?",
                (expression, most),
            ):
                score = _rank(typed, name_bn.split(), name_en.split(), more.split())
                if score:
                    self.put(doc, score, len(name_bn), product_id)


def _looks_like_code(key: str) -> bool:
    """Whether it may be a code or the beginning of one: it has a digit, and is no small number."""
    return any(char.isdigit() for char in key) and len(key) >= (6 if key.isdigit() else 2)


def _rank(typed: Sequence[_Typed], name_bn: list[str], name_en: list[str], more: list[str]) -> float:
    """How well a product answers all typed words, 0 to 1.1.

    The mean of the words' scores, and small bonuses for a name in which little else stands, for words in the
    order of the name, and for its first word.
    """
    covered, in_order, at_head = 0.0, 0, 0
    best_of = [max(map(one.score, more), default=0.0) * 0.97 for one in typed]
    for name in (name_bn, name_en):
        last, here, order, head = -1, 0, 0, 0
        for index, one in enumerate(typed):
            scores = [one.score(word) for word in name]
            best = max(scores, default=0.0)
            if best > 0.0:
                place = scores.index(best)
                here += 1
                order += place > last
                head = head or int(place == 0)
                last = place
            best_of[index] = max(best_of[index], best)
        if name:
            covered = max(covered, here / max(len(name), len(typed)))
        in_order, at_head = max(in_order, order), max(at_head, head)
    total = sum(best for best in best_of if best >= _LIKE_NOTHING) / len(typed)
    return total * (1.0 + 0.05 * covered + 0.02 * in_order / len(typed) + 0.02 * at_head)
