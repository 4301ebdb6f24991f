"""Finding a product by what is typed: code, name in either script, the start of a word, or a misspelling.

Two indexes lie in the database, so that a command that starts cold searches as fast as an open window:

* words to products: an FTS5 table over the names and, apart from them, category, sizes and colours;
* sounds to words: every word once with its fold keys (`pos.l10n.fold`), and for misspellings every key with
  one letter left out.

A query goes from cheap and sure to dear and doubtful, and stops as soon as the answer cannot get better. Every
step takes a bounded number of rows, whatever the size of the catalogue; only those are ranked.
"""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection

from pos.domain.text import drop_invisible, fold_digits, nfc
from pos.l10n.fold import Folded, fold_word, plain_text, split_words

SEARCH_DDL: Final[tuple[str, ...]] = (
    """CREATE TABLE search_doc (
        doc INTEGER PRIMARY KEY,
        product_id BLOB NOT NULL UNIQUE,
        name_bn TEXT NOT NULL,
        name_en TEXT NOT NULL,
        more TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX search_doc_by_name_bn ON search_doc (name_bn)",
    "CREATE INDEX search_doc_by_name_en ON search_doc (name_en)",
    """CREATE VIRTUAL TABLE search_index USING fts5 (
        name_bn, name_en, more,
        content='search_doc', content_rowid='doc', prefix='1 2 3',
        tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc Cf'"
    )""",
    """CREATE TABLE search_code (
        code TEXT NOT NULL,
        doc INTEGER NOT NULL,
        sku TEXT NOT NULL,
        PRIMARY KEY (code, doc, sku)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX search_code_by_doc ON search_code (doc)",
    """CREATE TABLE search_word (
        fold TEXT NOT NULL,
        word TEXT NOT NULL,
        sound TEXT NOT NULL,
        PRIMARY KEY (fold, word)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX search_word_by_sound ON search_word (sound)",
    """CREATE TABLE search_near (
        part TEXT NOT NULL,
        fold TEXT NOT NULL,
        PRIMARY KEY (part, fold)
    ) STRICT, WITHOUT ROWID""",
)
"""The index, as the first migration makes it. All of it can be thrown away and made again by `rebuild`."""

_CHUNK: Final = 400  # products written at once
_QUERY_CHARS: Final = 300
_QUERY_WORDS: Final = 8
_FOLD_CHARS: Final = 16  # longer keys are compared by their beginning
_WORD_ROWS: Final = 160  # vocabulary rows read per step and word
_NEAR_ROWS: Final = 400
_WORDS_KEPT: Final = 12  # spellings of one typed word that go into the full-text query
_CANDIDATES: Final = 120  # products ranked per step
_STRONG: Final = 0.82  # a spelling this like is taken for the word itself
_GOOD_ENOUGH: Final = 0.70  # below it misspellings are tried as well
_END: Final = "\U0010ffff"
_CODE_GAPS: Final = re.compile(r"\s+")
# Typed apart, the ending of possession is no word of its own: "ful er modhu".
_PARTICLES: Final = frozenset({"er", "r", "এর", "র", "ের"})


@dataclass(frozen=True, slots=True)
class Hit:
    """A product found.

    Attributes:
        product_id: the product.
        sku: the SKU of the product or variant whose code or barcode was typed exactly, else None.
        rank: higher is better; only for comparing hits of one search. From 3: a code; from 2: the whole name.
    """

    product_id: uuid.UUID
    sku: str | None
    rank: float


# ---- writing -----------------------------------------------------------------------------------------


def index_products(conn: Connection, product_ids: Sequence[uuid.UUID]) -> None:
    """Write the index rows of these products anew from `product` and `variant`.

    Called in the transaction that changed a name, category, code, size, colour or `archived`. Archived and
    unknown products leave the index.
    """
    known: set[str] = set()
    for ids in _chunks([one.bytes for one in product_ids], _CHUNK):
        _forget(conn, ids)
        _write(conn, ids, known)


def rebuild(conn: Connection) -> None:
    """Throw the index away and make it again from all products."""
    conn.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('delete-all')")
    for table in ("search_doc", "search_code", "search_word", "search_near"):
        conn.exec_driver_sql(f"DELETE FROM {table}")
    known: set[str] = set()
    ids = [row[0] for row in conn.exec_driver_sql("SELECT id FROM product WHERE archived = 0 ORDER BY sku")]
    for some in _chunks(ids, _CHUNK):
        _write(conn, some, known)
    conn.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('optimize')")


def code_key(text: str) -> str:
    """A code or barcode as it is compared: no spaces, ASCII digits, lower case."""
    return _CODE_GAPS.sub("", fold_digits(nfc(drop_invisible(text)))).casefold()


def _forget(conn: Connection, ids: Sequence[bytes]) -> None:
    old = _rows(
        conn,
        f"SELECT doc, name_bn, name_en, more FROM search_doc WHERE product_id IN ({_marks(ids)})",
        ids,
    )
    if not old:
        return
    # An external-content index is told the old words: it keeps no copy of its own to look them up in.
    conn.exec_driver_sql(
        "INSERT INTO search_index (search_index, rowid, name_bn, name_en, more) VALUES ('delete', ?, ?, ?, ?)",
        [tuple(row) for row in old],
    )
    docs = [(row[0],) for row in old]
    conn.exec_driver_sql("DELETE FROM search_code WHERE doc = ?", docs)
    conn.exec_driver_sql("DELETE FROM search_doc WHERE doc = ?", docs)


def _write(conn: Connection, ids: Sequence[bytes], known: set[str]) -> None:
    products = _rows(
        conn,
        "SELECT id, sku, name_bn, name_en, category, barcode FROM product"
        f" WHERE archived = 0 AND id IN ({_marks(ids)})",
        ids,
    )
    variants: dict[bytes, list[Any]] = {}
    for row in _rows(
        conn,
        "SELECT product_id, sku, size, colour, barcode FROM variant"
        f" WHERE archived = 0 AND product_id IN ({_marks(ids)}) ORDER BY position",
        ids,
    ):
        variants.setdefault(row[0], []).append(row)
    first = _rows(conn, "SELECT coalesce(max(doc), 0) + 1 FROM search_doc", ())[0][0]
    docs: list[tuple[int, bytes, str, str, str]] = []
    codes: set[tuple[str, int, str]] = set()
    for doc, (product_id, sku, name_bn, name_en, category, barcode) in enumerate(products, first):
        mine = variants.get(product_id, [])
        bangla, english = split_words(name_bn), split_words(name_en)
        more = [word for text in [category, *_properties(mine)] for word in split_words(text)]
        more += [*_joined(name_bn), *_joined(name_en)]
        docs.append((doc, product_id, " ".join(bangla), " ".join(english), " ".join(dict.fromkeys(more))))
        for one_sku, one_barcode in [(sku, barcode), *((row[1], row[4]) for row in mine)]:
            codes |= {(code_key(code), doc, one_sku) for code in (one_sku, one_barcode) if code}
        _learn(conn, {*bangla, *english, *more} - known)
        known.update(bangla, english, more)
    if docs:
        conn.exec_driver_sql("INSERT INTO search_doc VALUES (?, ?, ?, ?, ?)", docs)
        conn.exec_driver_sql(
            "INSERT INTO search_index (rowid, name_bn, name_en, more) VALUES (?, ?, ?, ?)",
            [(doc, bangla_name, english_name, rest) for doc, _, bangla_name, english_name, rest in docs],
        )
        conn.exec_driver_sql("INSERT INTO search_code VALUES (?, ?, ?)", sorted(codes))


def _properties(variants: Iterable[Any]) -> Iterator[str]:
    for _, _, size, colour, _ in variants:
        yield size
        yield colour


def _joined(name: str) -> Iterator[str]:
    """Words of a hyphenated word as one: টি-শার্ট is looked for as tshirt too."""
    for chunk in plain_text(name).split():
        parts = split_words(chunk)
        if len(parts) > 1 and "-" in chunk and not any(part.isdigit() for part in parts):
            joined = "".join(parts)
            if split_words(joined) == (joined,):
                yield joined


def _learn(conn: Connection, words: set[str]) -> None:
    spellings: list[tuple[str, str, str]] = []
    parts: set[tuple[str, str]] = set()
    for word in words:
        folded = fold_word(word)
        spellings += [(key, word, folded.sound) for key in folded.keys]
        if not word.isdigit():
            parts |= {(part, key) for key in _main_keys(folded) for part in _parts(key)}
    if spellings:
        conn.exec_driver_sql("INSERT OR IGNORE INTO search_word VALUES (?, ?, ?)", spellings)
    if parts:
        conn.exec_driver_sql("INSERT OR IGNORE INTO search_near VALUES (?, ?)", sorted(parts))


def _main_keys(folded: Folded) -> tuple[str, ...]:
    """The keys that misspellings are measured against: the likeliest, and that of a stem."""
    return folded.keys[:1] + tuple(key for key in folded.keys[1:] if folded.keys[0] == key + "r")


def _parts(key: str) -> set[str]:
    """A key, and the key with each letter left out: two keys one slip apart share one of these."""
    key = key[:_FOLD_CHARS]
    parts = {key}
    if len(key) > 1:
        parts |= {key[:at] + key[at + 1 :] for at in range(len(key))}
    return parts


# ---- reading -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Typed:
    """One typed word: what it may stand for, with how sure that is (0 to 1), and scores already worked out."""

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
                known = max(known, 0.80 + 0.15 * len(self.word) / len(word))
            self.seen[word] = known
        return known

    def expression(self, *, strong: bool) -> str:
        """The full-text expression for it: only itself and its like, or also words it begins."""
        floor = _STRONG if strong else 0.0
        ranked = sorted((-score, word) for word, score in self.spellings.items() if score >= floor)
        words = [word for _, word in ranked if word != self.word][:_WORDS_KEPT]
        own = f'"{self.word}"' if strong else f'"{self.word}"*'
        return " OR ".join([own, *(f'"{word}"' for word in words)])


def search(conn: Connection, query: str, *, limit: int = 20) -> list[Hit]:
    """Products that answer what was typed, best first; never raises, whatever was typed.

    Order: code or barcode typed exactly, whole name, words or their beginnings, words that sound so, words
    misspelt. All words must be answered by a product; only where none has all are some enough.

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
    found.add_matches(typed, [_all(typed, strong=False)])
    if found.top() >= _GOOD_ENOUGH:
        return
    for one in typed:
        one.take(_misspelt(conn, one))
    found.add_matches(typed, [_all(typed, strong=False)])
    for other in _respaced(conn, typed):
        found.add_matches(other, [_all(other, strong=False)])
    if not found.hits and len(typed) > 1:
        if len(typed) > 2:
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
    same = f"SELECT word, sound, 1 FROM search_word WHERE fold IN ({_marks(keys)}) LIMIT {_WORD_ROWS}"
    begins = f"SELECT word, sound, 0 FROM search_word WHERE sound >= ? AND sound < ? LIMIT {_WORD_ROWS}"
    steps, values = [same, begins], [*keys, sound, sound + _END]
    if len(keys[0]) > 1:  # behind a single consonant nearly everything would follow
        steps.append(f"SELECT word, sound, 0 FROM search_word WHERE fold > ? AND fold < ? LIMIT {_WORD_ROWS}")
        values += [keys[0], keys[0] + _END]
    rows = _rows(conn, " UNION ALL ".join(f"SELECT * FROM ({step})" for step in steps), values)
    scores: dict[str, float] = {}
    likeness = _likeness(sound)
    for word, other, whole in rows:
        if whole:
            score = 0.56 + 0.38 * likeness(other)
        else:
            start = max(likeness(other[: len(sound)]), likeness(other[: len(sound) + 1]))
            score = 0.50 + 0.34 * start + 0.06 * min(1.0, len(sound) / max(1, len(other)))
        scores[word] = max(score, scores.get(word, 0.0))
    return scores


def _misspelt(conn: Connection, typed: _Typed) -> dict[str, float]:
    """Words one slip of a consonant away: left out, put in, changed or two of them swapped."""
    keys, sound = typed.folded.keys, typed.folded.sound
    if not keys or typed.word.isdigit() or len(sound) < 3:
        return {}
    parts = sorted({part for key in keys[:2] for part in _parts(key)})
    rows = _rows(
        conn,
        "SELECT DISTINCT w.word, w.sound FROM search_near n JOIN search_word w ON w.fold = n.fold"
        f" WHERE n.part IN ({_marks(parts)}) LIMIT {_NEAR_ROWS}",
        parts,
    )
    likeness = _likeness(sound)
    scores: dict[str, float] = {}
    for word, other in rows:
        # The genitive and plural endings of the shelf must not count as slips of the typing hand.
        like = max(likeness(other), 0.97 * likeness(other[: len(sound)]), 0.97 * likeness(other[: len(sound) + 1]))
        if like >= 0.55:
            scores[word] = 0.20 + 0.50 * like
    return scores


def _likeness(sound: str) -> Any:
    """The likeness of `sound` to another, 0 to 1: one minus edits (swaps among them) by length."""
    from rapidfuzz.distance import OSA

    return lambda other: OSA.normalized_similarity(sound, other)


def _respaced(conn: Connection, typed: list[_Typed]) -> Iterator[list[_Typed]]:
    """The words spaced otherwise: two neighbours as one ("choi jhal"), one as two ("khejurgur")."""
    spelt = [one.word for one in typed]
    for at in range(min(len(spelt) - 1, 3)):
        yield _retyped(conn, [*spelt[:at], spelt[at] + spelt[at + 1], *spelt[at + 2 :]])
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
    for fold, sound in _rows(
        conn,
        f"SELECT fold, sound FROM search_word WHERE fold IN ({_marks(keys)}) LIMIT {_NEAR_ROWS * 4}",
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
        self.ranked: dict[int, float] = {}

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
        return [
            Hit(uuid.UUID(bytes=product_id), sku, round(score, 4))
            for _, (score, _, product_id, sku) in ordered[: self.limit]
        ]

    def add_codes(self, query: str) -> None:
        """The product whose SKU or barcode was typed, whole or its beginning."""
        key = code_key(query)
        keys = {key}
        if key.isascii() and key.isdigit():  # scanners give a UPC of 12 digits or the same as an EAN of 13
            keys |= {"0" + key} if len(key) == 12 else {key[1:]} if len(key) == 13 and key[0] == "0" else set()
        sql = "SELECT c.doc, c.sku, d.product_id, c.code FROM search_code c JOIN search_doc d USING (doc) WHERE "
        for doc, sku, product_id, _ in _rows(
            self.conn, f"{sql} c.code IN ({_marks(keys)}) ORDER BY c.sku LIMIT {self.limit}", sorted(keys)
        ):
            self.put(doc, 3.0, 0, product_id, sku)
        if self.hits or not any(char.isdigit() for char in key) or len(key) < (6 if key.isdigit() else 2):
            return
        for doc, _, product_id, code in _rows(
            self.conn, f"{sql} c.code >= ? AND c.code < ? ORDER BY c.code LIMIT {self.limit}", (key, key + _END)
        ):
            self.put(doc, 0.80 + 0.15 * len(key) / len(code), 0, product_id)

    def add_whole_names(self, name: str) -> None:
        """Products of exactly this name, and those whose name begins so."""
        for column in ("name_bn", "name_en"):
            for doc, product_id, other in _rows(
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
        for doc, product_id in _rows(
            self.conn,
            "SELECT d.doc, p.id FROM product p JOIN search_doc d ON d.product_id = p.id"
            f" WHERE p.archived = 0 AND (instr(p.name_bn, ?) OR instr(p.name_en, ?)) LIMIT {self.limit}",
            (text, text),
        ):
            self.put(doc, 0.5, 0, product_id)

    def add_matches(self, typed: Sequence[_Typed], expressions: Iterable[str]) -> None:
        """Rank the products that a full-text expression gives."""
        for expression in expressions:
            for doc, product_id, name_bn, name_en, more in _rows(
                self.conn,
                "SELECT d.doc, d.product_id, d.name_bn, d.name_en, d.more FROM search_index i"
                f" JOIN search_doc d ON d.doc = i.rowid WHERE i.search_index MATCH ? LIMIT {_CANDIDATES}",
                (expression,),
            ):
                score = _rank(typed, name_bn.split(), name_en.split(), more.split())
                self.put(doc, score, len(name_bn), product_id)


def _rank(typed: Sequence[_Typed], name_bn: list[str], name_en: list[str], more: list[str]) -> float:
    """How well a product answers all typed words, 0 to 1.1.

    The mean of the words' scores, and small bonuses for a name in which little else stands, for words in the
    order of the name, and for its first word.
    """
    total, covered, in_order, at_head = 0.0, 0.0, 0, 0
    best_of = [max((one.score(word) * 0.97 for word in more), default=0.0) for one in typed]
    for name in (name_bn, name_en):
        last, here, order, head = -1, 0, 0, 0
        for index, one in enumerate(typed):
            best, place = max(
                ((one.score(word), -at) for at, word in enumerate(name)), default=(0.0, 0)
            )
            if best > 0.0:
                here += 1
                order += -place > last
                head = head or int(place == 0)
                last = -place
            best_of[index] = max(best_of[index], best)
        if name:
            covered = max(covered, here / max(len(name), len(typed)))
        in_order, at_head = max(in_order, order), max(at_head, head)
    total = sum(best_of) / len(typed)
    return total * (1.0 + 0.05 * covered + 0.02 * in_order / len(typed) + 0.02 * at_head)


def _rows(conn: Connection, sql: str, values: Iterable[Any]) -> Sequence[Any]:
    return conn.exec_driver_sql(sql, tuple(values)).fetchall()


def _marks(values: Iterable[Any]) -> str:
    return ",".join("?" for _ in values)


def _chunks(values: Sequence[bytes], size: int) -> Iterator[Sequence[bytes]]:
    for start in itertools.count(0, size):
        chunk = values[start : start + size]
        if not chunk:
            return
        yield chunk
