"""The search index: its tables, and how the rows of products are written into it.

Two indexes lie in the database, so that a command that starts cold searches as fast as an open window:

* words to products: an FTS5 table over the names and, apart from them, category, sizes and colours;
* sounds to words: every word once with its fold keys (`pos.l10n.fold`), and for misspellings every key with
  one letter left out.

Words that no product uses any more stay in the second until `rebuild`; they lead to nothing and do no harm.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pos.domain.text import drop_invisible, fold_digits, nfc
from pos.l10n.fold import Folded, fold_word, plain_text, split_words

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

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
    "CREATE INDEX search_word_by_word ON search_word (word)",
    """CREATE TABLE search_near (
        part TEXT NOT NULL,
        fold TEXT NOT NULL,
        PRIMARY KEY (part, fold)
    ) STRICT, WITHOUT ROWID""",
)
"""The index, as the first migration makes it. All of it can be thrown away and made again by `rebuild`."""

PREFIX_CHARS: Final = 3
"""Beginnings up to this length have a full-text index of their own (`prefix` above); longer ones are slow."""

_CHUNK: Final = 400  # products written at once
_FOLD_CHARS: Final = 16  # longer keys are compared by their beginning
_CODE_GAPS: Final = re.compile(r"\s+")
# A dress of three pieces is written থ্রি-পিস, three piece or ৩ পিস.
_NUMBER_WORDS: Final = {"টু": "2", "two": "2", "থ্রি": "3", "three": "3", "ফোর": "4", "four": "4"}


class Entry(msgspec.Struct, frozen=True, gc=False):
    """What the index holds of one product: its texts, its codes with their SKUs, and the words first met in it."""

    name_bn: str
    name_en: str
    more: str
    codes: tuple[tuple[str, str], ...]
    spellings: tuple[tuple[str, str, str], ...]  # fold key, word, sound
    parts: tuple[tuple[str, str], ...]  # a key with a letter left out, and the key


class Reading:
    """Works out the entries of products. Of a word that it has met before, nothing is said again."""

    def __init__(self) -> None:
        self._met: set[str] = set()

    def entry(
        self,
        codes: tuple[str, str | None],
        names: tuple[str, str],
        category: str,
        variants: Sequence[tuple[str, str, str, str | None]],
    ) -> Entry:
        """The entry of one product.

        Args:
            codes: its SKU and barcode.
            names: in Bangla and in English.
            category: what it is sorted under.
            variants: SKU, size, colour and barcode of each, in their order.
        """
        bangla, english = (split_words(name) for name in names)
        more = tuple(dict.fromkeys(_beside(names, category, variants)))
        keys = {
            (code_key(code), sku)
            for sku, barcode in (codes, *((v[0], v[3]) for v in variants))
            for code in (sku, barcode)
            if code
        }
        spellings, parts = _learnt({*bangla, *english, *more} - self._met)
        self._met.update(bangla, english, more)
        return Entry(
            " ".join(bangla),
            " ".join(english),
            " ".join(more),
            tuple(sorted(key for key in keys if key[0])),
            tuple(spellings),
            tuple(parts),
        )


def index_products(
    conn: Connection, product_ids: Sequence[uuid.UUID], entries: Mapping[bytes, Entry] | None = None
) -> None:
    """Write the index rows of these products anew from `product` and `variant`.

    Called in the transaction that changed a name, category, code, size, colour or `archived`. Archived and
    unknown products leave the index.

    Args:
        conn: inside that transaction.
        product_ids: which.
        entries: what was worked out beforehand, by id; it must be what would be worked out here.
    """
    index_by_key(conn, [one.bytes for one in product_ids], entries)


def index_by_key(
    conn: Connection, product_ids: Sequence[bytes], entries: Mapping[bytes, Entry] | None = None
) -> None:
    """The same with identities as they are stored."""
    reading = Reading()
    for ids in _chunks(product_ids, _CHUNK):
        _forget(conn, ids)
        _write(conn, ids, reading, entries or {})


def clear(conn: Connection) -> None:
    """Throw the index away, whatever it is like: one that is damaged lets no single product be taken out."""
    conn.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('delete-all')")
    for table in ("search_doc", "search_code", "search_word", "search_near"):
        conn.exec_driver_sql(f"DELETE FROM {table}")


def rebuild(conn: Connection) -> None:
    """Throw the index away and make it again from all products."""
    clear(conn)
    reading = Reading()
    ids = [row[0] for row in conn.exec_driver_sql("SELECT id FROM product WHERE archived = 0 ORDER BY sku")]
    for some in _chunks(ids, _CHUNK):
        _write(conn, some, reading, {})
    conn.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('optimize')")


def code_key(text: str) -> str:
    """A code or barcode as it is compared: no spaces, ASCII digits, lower case."""
    return _CODE_GAPS.sub("", fold_digits(nfc(drop_invisible(text)))).casefold()


def _forget(conn: Connection, ids: Sequence[bytes]) -> None:
    old = fetch(
        conn,
        f"SELECT doc, name_bn, name_en, more FROM search_doc WHERE product_id IN ({marks(ids)})",
        ids,
    )
    if not old:
        return
    # An external-content index is told the old words: it keeps no copy of its own to look them up in.
    conn.exec_driver_sql(
        "INSERT INTO search_index (search_index, rowid, name_bn, name_en, more)"
        " VALUES ('delete', ?, ?, ?, ?)",
        [tuple(row) for row in old],
    )
    docs = [(row[0],) for row in old]
    conn.exec_driver_sql("DELETE FROM search_code WHERE doc = ?", docs)
    conn.exec_driver_sql("DELETE FROM search_doc WHERE doc = ?", docs)


def _write(conn: Connection, ids: Sequence[bytes], reading: Reading, entries: Mapping[bytes, Entry]) -> None:
    found = {**entries, **_read(conn, [one for one in ids if one not in entries], reading)}
    first = fetch(conn, "SELECT coalesce(max(doc), 0) + 1 FROM search_doc", ())[0][0]
    numbered = list(enumerate((one for one in ids if one in found), first))
    if not numbered:
        return
    texts = [(doc, one, found[one].name_bn, found[one].name_en, found[one].more) for doc, one in numbered]
    conn.exec_driver_sql("INSERT INTO search_doc VALUES (?, ?, ?, ?, ?)", texts)
    conn.exec_driver_sql(
        "INSERT INTO search_index (rowid, name_bn, name_en, more) VALUES (?, ?, ?, ?)",
        [(doc, *rest) for doc, _, *rest in texts],
    )
    codes = [(key, doc, sku) for doc, one in numbered for key, sku in found[one].codes]
    conn.exec_driver_sql("INSERT INTO search_code VALUES (?, ?, ?)", sorted(codes))
    spellings = [line for _, one in numbered for line in found[one].spellings]
    if spellings:
        conn.exec_driver_sql("INSERT OR IGNORE INTO search_word VALUES (?, ?, ?)", spellings)
    parts = {line for _, one in numbered for line in found[one].parts}
    if parts:
        conn.exec_driver_sql("INSERT OR IGNORE INTO search_near VALUES (?, ?)", sorted(parts))


def _read(conn: Connection, ids: Sequence[bytes], reading: Reading) -> dict[bytes, Entry]:
    """The entries of those among these products that are not archived, from their rows."""
    if not ids:
        return {}
    products = fetch(
        conn,
        "SELECT id, sku, barcode, name_bn, name_en, category FROM product"
        f" WHERE archived = 0 AND id IN ({marks(ids)})",
        ids,
    )
    variants: dict[bytes, list[Any]] = {}
    for product_id, *rest in fetch(
        conn,
        "SELECT product_id, sku, size, colour, barcode FROM variant"
        f" WHERE archived = 0 AND product_id IN ({marks(ids)}) ORDER BY position",
        ids,
    ):
        variants.setdefault(product_id, []).append(tuple(rest))
    return {
        one: reading.entry((sku, barcode), (name_bn, name_en), category, variants.get(one, ()))
        for one, sku, barcode, name_bn, name_en, category in products
    }


def _beside(
    names: tuple[str, str], category: str, variants: Sequence[tuple[str, str, str, str | None]]
) -> Iterator[str]:
    """Words that find a product although they do not stand in its name so."""
    for text in [category, *(text for _, size, colour, _ in variants for text in (size, colour))]:
        yield from split_words(text)
    for name in names:
        yield from _joined(name)
        yield from (_NUMBER_WORDS[word] for word in split_words(name) if word in _NUMBER_WORDS)


def _joined(name: str) -> Iterator[str]:
    """Words of a hyphenated word as one: টি-শার্ট is looked for as tshirt too."""
    if "-" not in name:
        return
    for chunk in plain_text(name).split():
        parts = split_words(chunk)
        if len(parts) > 1 and "-" in chunk and not any(part.isdigit() for part in parts):
            joined = "".join(parts)
            if split_words(joined) == (joined,):
                yield joined


def _learnt(words: set[str]) -> tuple[list[tuple[str, str, str]], set[tuple[str, str]]]:
    spellings: list[tuple[str, str, str]] = []
    parts: set[tuple[str, str]] = set()
    for word in words:
        folded = fold_word(word)
        spellings += [(key, word, folded.sound) for key in folded.keys]
        if not word.isdigit():
            parts |= {(part, key) for key in _main_keys(folded) for part in key_parts(key)}
    return spellings, parts


def _main_keys(folded: Folded) -> tuple[str, ...]:
    """The keys that misspellings are measured against: the likeliest, and that of a stem."""
    return folded.keys[:1] + tuple(key for key in folded.keys[1:] if folded.keys[0] == key + "r")


def key_parts(key: str) -> set[str]:
    """A key, and the key with each letter left out: two keys one slip apart share one of these."""
    key = key[:_FOLD_CHARS]
    parts = {key}
    if len(key) > 1:
        parts |= {key[:at] + key[at + 1 :] for at in range(len(key))}
    return parts


def fetch(conn: Connection, sql: str, values: Iterable[Any]) -> Sequence[Any]:
    """All rows of a statement with its values bound."""
    return conn.exec_driver_sql(sql, tuple(values)).fetchall()


def marks(values: Iterable[Any]) -> str:
    """As many question marks as there are values."""
    return ",".join("?" for _ in values)


def _chunks(values: Sequence[bytes], size: int) -> Iterator[Sequence[bytes]]:
    for start in itertools.count(0, size):
        chunk = values[start : start + size]
        if not chunk:
            return
        yield chunk
