"""Finding a product, on a real file with the demo catalogue."""

from __future__ import annotations

import csv
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, event, insert, update

from pos.domain.text import nfc
from pos.store import tables
from pos.store.search import SEARCH_DDL, Hit, index_products, rebuild, search

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "resources" / "demo"
QUERIES = ROOT / "tests" / "data" / "search_queries.csv"

HOSTILE = [
    "%", "_", '"', '""', "'", "*", "^", "-", ":", "(", ")", "NEAR(", "NEAR(লাল মধু, 2)", "AND", "OR", "NOT",
    "name_bn:মধু", '"শাড়ি" NEAR(লাল) col:x -y *', "মধু*", "^মধু", "মধু -লাল", "{more}: x", "a + b", "\\",
    ";--", "' OR 1=1 --", "\0", "মধু\0", "\ud800", "\u200b", "\u09cd", "া", "🎁", "👩\u200d👩\u200d👧",
    "x" * 5000, "মধু " * 1250, "1" * 5000, "ক্ষ" * 1700, "\u0301" * 5000, " ", "\n\t", "İstanbul ß K",
    "\ufffe\uffff\U0010ffff",
]  # fmt: skip


@dataclass(frozen=True)
class Shelf:
    """A catalogue in a database: an open connection, and which product is which."""

    connection: Connection
    sku_of: dict[uuid.UUID, str]

    def id_of(self, sku: str) -> uuid.UUID:
        return next(one for one, other in self.sku_of.items() if other == sku)

    def find(self, query: str, limit: int = 20) -> list[str]:
        return [self.sku_of[hit.product_id] for hit in self.hits(query, limit)]

    def hits(self, query: str, limit: int = 20) -> list[Hit]:
        return search(self.connection, query, limit=limit)

    def add(self, sku: str, name_bn: str, name_en: str = "", **more: Any) -> None:
        one = uuid.uuid4()
        self.connection.execute(insert(tables.product).values(_product(one, sku, name_bn, name_en) | more))
        self.sku_of[one] = sku
        index_products(self.connection, [one])

    def change(self, sku: str, **values: Any) -> None:
        one = self.id_of(sku)
        table = tables.product
        self.connection.execute(update(table).where(table.c.id == one).values(**values))
        index_products(self.connection, [one])

    def agrees(self) -> None:
        """The full-text index holds exactly the words of `search_doc`; SQLite raises if not."""
        self.connection.exec_driver_sql(
            "INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)"
        )


def _product(one: uuid.UUID, sku: str, name_bn: str, name_en: str) -> dict[str, Any]:
    return {
        "id": one,
        "sku": sku,
        "name_bn": name_bn,
        "name_en": name_en,
        "unit": "pcs",
        "price_paisa": 100,
        "created_at_ms": 0,
    }


def _read(name: str) -> list[dict[str, str]]:
    with (DEMO / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Connection, dict[uuid.UUID, str]]]:
    engine = create_engine(f"sqlite:///{tmp_path_factory.mktemp('search') / 'shop.db'}")

    @event.listens_for(engine, "connect")
    def by_hand(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    sku_of: dict[uuid.UUID, str] = {}
    with engine.connect() as connection:
        tables.metadata.create_all(connection)
        for statement in SEARCH_DDL:
            connection.exec_driver_sql(statement)
        for number, row in enumerate(_read("catalogue.csv"), 1):
            sku_of[uuid.UUID(int=number)] = row["sku"]
            connection.execute(
                insert(tables.product).values(
                    _product(uuid.UUID(int=number), row["sku"], row["name_bn"], row["name_en"])
                    | {"category": row["category"], "barcode": row["barcode"]}
                )
            )
        ids = {sku: one for one, sku in sku_of.items()}
        for number, row in enumerate(_read("catalogue_variants.csv"), 1001):
            connection.execute(
                insert(tables.variant).values(
                    id=uuid.UUID(int=number),
                    product_id=ids[row["sku"]],
                    sku=row["variant_sku"],
                    size=row["size"],
                    colour=row["colour"],
                    barcode=row["barcode"],
                )
            )
        index_products(connection, list(sku_of))
        connection.commit()
        yield connection, sku_of
    engine.dispose()


@pytest.fixture
def shelf(database: tuple[Connection, dict[uuid.UUID, str]]) -> Iterator[Shelf]:
    connection, sku_of = database
    yield Shelf(connection, dict(sku_of))
    connection.rollback()


# ---- what is found -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "skus"),
    [
        ("modhu", "P017 P018 P019"),
        ("মধু", "P017 P018 P019"),
        ("honey", "P017 P018 P019"),
        ("shari", "P067 P068 P069 P070 P071 P072"),
        ("sari", "P067 P068 P069 P070 P071 P072"),
        ("saree", "P067 P068 P069 P070 P071 P072"),
        ("শাড়ি", "P067 P068 P069 P070 P071 P072"),
        ("ঘি", "P016"),
        ("ghee", "P016"),
        ("ghi", "P016"),
        ("khejur gur", "P020 P021"),
        ("khejurgur", "P020 P021"),
        ("chal", "P001 P002 P003 P004"),
        ("chaal", "P001 P002 P003 P004"),
        ("doi", "P051"),
        ("দই", "P051"),
        ("cha", "P065"),
        ("চা", "P065"),
        ("aam", "P025 P026"),
        ("am", "P025 P026"),
        ("আম", "P025 P026"),
        ("kalo jira", "P039 P015"),
        ("tshirt", "P085"),
        ("t shirt", "P085"),
        ("three piece", "P073 P074 P075"),
        ("৩ পিস", "P073 P074 P075 P089"),
        ("ful er modhu", "P018 P019"),
        ("লাল শাড়ি", "P067 P068 P072"),
        ("lal shari", "P067 P068 P072"),
        ("shari lal", "P067 P068 P072"),
        ("panjabi 42", "P078 P079"),
        ("পাঞ্জাবি ৪২", "P078 P079"),
        ("মধূ", "P017 P018 P019"),
        ("হনি", "P017 P018 P019"),
        ("lungi craft", "P082"),
    ],
)
def test_the_right_products_come_first(shelf: Shelf, query: str, skus: str) -> None:
    wanted = set(skus.split())
    assert set(shelf.find(query)[: len(wanted)]) == wanted


@pytest.mark.parametrize(
    "beginning", ["ম", "মধ", "স", "সু", "সুন", "s", "su", "sun", "shun", "m", "mo", "mod", "modh"]
)
def test_the_beginning_of_a_word_is_enough(shelf: Shelf, beginning: str) -> None:
    assert "P017" in shelf.find(beginning, limit=60)


@pytest.mark.parametrize(
    ("query", "product", "sku"),
    [
        ("P017", "P017", "P017"),
        ("p017", "P017", "P017"),
        (" P017 ", "P017", "P017"),
        ("P০১৭", "P017", "P017"),
        ("2100000170005", "P017", "P017"),
        ("২১০০০০০১৭০০০৫", "P017", "P017"),
        ("2100000 170005", "P017", "P017"),
        ("2100000670017", "P067", "P067-01"),
        ("২১০০০০০৬৭০০১৭", "P067", "P067-01"),
        ("P067-01", "P067", "P067-01"),
        ("p067-০১", "P067", "P067-01"),
        ("P067", "P067", "P067"),
        ("P067 লাল", "P067", "P067"),
    ],
)
def test_a_code_or_barcode_finds_its_product_first_and_says_what_it_met(
    shelf: Shelf, query: str, product: str, sku: str
) -> None:
    first = shelf.hits(query)[0]
    assert (shelf.sku_of[first.product_id], first.sku) == (product, sku)


def test_the_beginning_of_a_code_finds_products_but_meets_no_code(shelf: Shelf) -> None:
    hits = shelf.hits("P01")
    assert {shelf.sku_of[hit.product_id] for hit in hits[:10]} == {f"P01{digit}" for digit in range(10)}
    assert {hit.sku for hit in hits} == {None}


def test_a_upc_is_met_with_or_without_its_leading_nought(shelf: Shelf) -> None:
    shelf.add("NEW-1", "সাবান", barcode="0123456789012")
    shelf.add("NEW-2", "সাবান", barcode="987654321098")
    assert shelf.hits("123456789012")[0].sku == "NEW-1"
    assert shelf.hits("0987654321098")[0].sku == "NEW-2"


def test_the_order_is_code_whole_name_word_beginning_likeness(shelf: Shelf) -> None:
    shelf.add("জাফলং", "নকশা")  # only its code is the word that is typed
    shelf.add("NEW-4", "জাফলাঙা")
    shelf.add("NEW-3", "জাফলংয়ের জাম")
    shelf.add("NEW-2", "মিঠা জাফলং")
    shelf.add("NEW-1", "জাফলং")
    assert shelf.find("জাফলং") == ["জাফলং", "NEW-1", "NEW-2", "NEW-3", "NEW-4"]


def test_a_word_that_sounds_the_same_comes_before_words_that_only_begin_so(shelf: Shelf) -> None:
    found = shelf.find("cha")
    assert found[0] == "P065"  # চা, although the English names hold Chanachur, Chatu and Chalta
    assert {"P058", "P012", "P030"} <= set(found)


def test_rank_falls_and_the_limit_holds(shelf: Shelf) -> None:
    hits = shelf.hits("আচার", limit=4)
    assert len(hits) == 4
    assert [hit.rank for hit in hits] == sorted((hit.rank for hit in hits), reverse=True)
    assert shelf.hits("আচার", limit=0) == []


def test_all_words_are_needed_but_if_none_has_all_some_are_enough(shelf: Shelf) -> None:
    assert set(shelf.find("আচার রসুন")) == {"P028"}
    assert shelf.find("রসুনের আচার ফ্রিজ")[0] == "P028"


def test_composed_and_decomposed_spellings_find_the_same(shelf: Shelf) -> None:
    answers = [shelf.hits(text) for text in ("শা\u09dcি", "শাড\u09bcি", "শাড\u09bf\u09bc")]
    assert answers[0] == answers[1] == answers[2]
    shelf.add("NEW-1", "ক\u09cbরমা")
    assert shelf.find("ক\u09c7\u09beরমা")[0] == "NEW-1"


def test_every_query_of_the_list_is_answered_well(shelf: Shelf) -> None:
    """Typed by hand, one for every product and some misspelt: 95 of 100 in the first five, 85 at the top."""
    with QUERIES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    _answers_well(shelf, [(row["query"], row["sku"]) for row in rows])


@pytest.mark.parametrize("manner", ["learned", "hasty"])
def test_every_product_is_found_by_its_name_as_others_would_type_it(shelf: Shelf, manner: str) -> None:
    names = [(row["name_bn"], row["sku"]) for row in _read("catalogue.csv")]
    _answers_well(shelf, [(_typed(name, manner), sku) for name, sku in names])


def _answers_well(shelf: Shelf, wanted: Sequence[tuple[str, str]]) -> None:
    places = {}
    for query, sku in wanted:
        found = shelf.find(query)
        places[query] = found.index(sku) if sku in found else 99
    missed = {query: place for query, place in places.items() if place > 0}
    assert sum(place < 5 for place in places.values()) >= 0.95 * len(places), missed
    assert sum(place < 1 for place in places.values()) >= 0.85 * len(places), missed


# Two hands unlike the fold's own: one writes every letter out as a scholar of Sanskrit would, with the
# inherent vowel as a and long vowels doubled; the other types letter by letter and leaves most vowels out.
_CONSONANTS = dict(
    zip(
        "কখগঘঙচছজঝঞটঠডঢণতথদধনপফবভমযরলশষসহৎং",
        "k kh g gh ng ch chh j jh n t th d dh n t th d dh n p ph b bh m y r l sh sh s h t ng".split(),  # noqa: SIM905
        strict=True,
    )
)
_HASTY = _CONSONANTS | dict(zip("খঘছঝঠঢথধফভযশষ", "kgsztdtdfvjss", strict=True))
_LONG = {"া": "aa", "ি": "i", "ী": "ee", "ু": "u", "ূ": "oo", "ৃ": "ri", "ে": "e", "ৈ": "ai", "ো": "o", "ৌ": "au"}
_SHORT = {"া": "a", "ি": "i", "ী": "i", "ু": "u", "ূ": "u", "ৃ": "ri", "ে": "e", "ৈ": "oi", "ো": "o", "ৌ": "ou"}
_FREE = {
    "অ": "a",
    "আ": "aa",
    "ই": "i",
    "ঈ": "ee",
    "উ": "u",
    "ঊ": "oo",
    "এ": "e",
    "ঐ": "ai",
    "ও": "o",
    "ঔ": "au",
}


def _typed(name: str, manner: str) -> str:
    learned = manner == "learned"
    letters, signs = (_CONSONANTS, _LONG) if learned else (_HASTY, _SHORT)
    text = nfc(name).replace("ড\u09bc", "র").replace("ঢ\u09bc", "র")
    typed = ""
    for at, char in enumerate(text):
        after = text[at + 1 : at + 2]
        if char in letters:
            glide = after == "\u09bc"
            typed += "y" if glide else letters[char]
            if learned and not glide and after in letters and char not in "ংৎ":
                typed += "a"
        elif char in signs:
            typed += signs[char]
        elif char in _FREE:
            typed += _FREE[char] if learned else _FREE[char][0]
        elif char not in "\u09bc\u09cdঁঃ\u200d":
            typed += char
    return typed


# ---- what must not happen ----------------------------------------------------------------------------


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_typed_is_an_operator_or_an_error(shelf: Shelf, query: str) -> None:
    assert len(shelf.hits(query)) <= 20


@pytest.mark.parametrize("query", ["zzqqx", "zzqqww", "zzqqxxyy", "qwrtp", "xyz"])
def test_letters_that_mean_nothing_find_nothing(shelf: Shelf, query: str) -> None:
    assert shelf.find(query) == []


def test_an_empty_query_finds_nothing(shelf: Shelf) -> None:
    assert shelf.hits("") == shelf.hits("   ") == shelf.hits("%") == shelf.hits("🎁") == []


def test_signs_and_emoji_are_looked_for_literally(shelf: Shelf) -> None:
    shelf.add("NEW-1", "১০০% কটন_নতুন")
    shelf.add("NEW-2", "👩\u200d👩\u200d👧 জামদানি 🇧🇩✨")
    assert shelf.find("%") == shelf.find("_") == ["NEW-1"]
    assert shelf.find("✨") == ["NEW-2"]
    assert shelf.find("কটন_নতুন") == ["NEW-1"]


def test_hostile_names_are_indexed_and_found(shelf: Shelf) -> None:
    names = [
        "a<b",
        "Robert'); DROP TABLE orders;--",
        '"শাড়ি" NEAR(লাল) col:x -y *',
        "=1+1",
        "CON",
        "0",
        "ল" * 200,
    ]
    for number, name in enumerate(names):
        shelf.add(f"NEW-{number}", name)
    for number, name in enumerate(names):
        assert f"NEW-{number}" in shelf.find(name)
    shelf.agrees()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=40) | st.text('মধুশাড়ি়্ "*:^-()ANDORkhejur%_০১2', max_size=40))
def test_any_text_can_be_searched_for(shelf: Shelf, query: str) -> None:
    hits = shelf.hits(query)
    assert len({hit.product_id for hit in hits}) == len(hits) <= 20


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(min_size=1, max_size=60).filter(lambda name: "\0" not in name and "\ud800" not in name))
def test_any_name_can_be_indexed(shelf: Shelf, name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError:
        return  # half a surrogate pair is refused long before (pos.domain.text)
    shelf.change("P017", name_bn=name)
    assert shelf.hits("P017")[0].sku == "P017"
    shelf.agrees()


# ---- keeping it up to date ---------------------------------------------------------------------------


def test_an_archived_product_is_not_found_by_anything_and_comes_back_when_restored(shelf: Shelf) -> None:
    shelf.change("P016", archived=True)
    for query in ("ঘি", "ghee", "P016", "2100000160006", "খাঁটি গাওয়া ঘি", "Pure Cow Ghee", "gihi"):
        assert "P016" not in shelf.find(query)
    shelf.agrees()
    shelf.change("P016", archived=False)
    assert shelf.find("ঘি")[0] == "P016"


def test_an_archived_variant_gives_up_its_code_and_colour(shelf: Shelf) -> None:
    table = tables.variant
    shelf.connection.execute(update(table).where(table.c.sku == "P067-01").values(archived=True))
    index_products(shelf.connection, [shelf.id_of("P067")])
    assert [hit.sku for hit in shelf.hits("2100000670017") if hit.sku] == []
    assert "P067" not in shelf.find("লাল শাড়ি")
    assert shelf.hits("2100000670024")[0].sku == "P067-02"


def test_a_renamed_product_is_found_by_its_new_name_only(shelf: Shelf) -> None:
    shelf.change("P058", name_bn="ঝুরিভাজা", name_en="Jhuri Bhaja", barcode="111222333444")
    assert shelf.find("jhuri bhaja")[0] == shelf.find("111222333444")[0] == "P058"
    assert "P058" not in shelf.find("চানাচুর") + shelf.find("2100000580002")
    shelf.agrees()


def test_rebuilding_gives_the_same_answers(shelf: Shelf) -> None:
    queries = ["modhu", "লাল শাড়ি", "2100000670017", "khehur gur", "আ"]
    before = [shelf.hits(query) for query in queries]
    rebuild(shelf.connection)
    assert [shelf.hits(query) for query in queries] == before
    shelf.agrees()


def test_a_large_catalogue_answers_with_the_whole_name_first(shelf: Shelf) -> None:
    ids = [uuid.UUID(int=10_000 + number) for number in range(3_000)]
    shelf.connection.execute(
        insert(tables.product),
        [_product(one, f"L{number}", f"গামছা নকশা {number}", "") for number, one in enumerate(ids)],
    )
    shelf.sku_of.update({one: f"L{number}" for number, one in enumerate(ids)})
    index_products(shelf.connection, ids)
    shelf.add("NEW-1", "গামছা")
    assert shelf.find("গামছা")[0] == "NEW-1"
    assert shelf.find("gamsa 2718")[0] == "L2718"
    assert len(shelf.find("গ", limit=50)) == 50
    shelf.agrees()


@pytest.mark.parametrize(
    ("written", "sku"),
    [
        ("patali gur", "P020"),
        ("shorisha ful er modhu", "P019"),
        ("Beef pickle", "P031"),
        ("moringa powder", "P066"),
    ],
)
def test_what_a_buyer_wrote_in_a_chat_leads_to_the_product(shelf: Shelf, written: str, sku: str) -> None:
    assert shelf.find(written)[0] == sku
