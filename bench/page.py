"""The page about the benchmark, with the figures of a run in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.table import Row, markdown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PAGE = """# How fast it is

Every figure stands beside a floor: the same work done with the least that the machine asks, measured in the
same run and, round by round, in turn with ours. So read the ratios; the milliseconds belong to one machine on
one day. p50 is the median, p95 the value that one in twenty exceeds; a ratio is that of the two medians.

Measured on: {cpu}, {cores} cores, {system}, Python {python}, SQLite {sqlite}; a raw fsync of 4 kB took
{fsync_p50_ms} ms at the median.

{table}

The raw figures are in [bench.json](bench.json).

## To run it

    python -m bench                       # all of it, and writes this page; some minutes
    python -m bench checkout              # one part; `--help` names them all
    python -m bench --quick               # under a minute, small shops: that everything can be measured
    python -m bench --dir FOLDER          # where to work; take the disk that shops lie on, never memory
    python -m bench --json FILE           # the figures to a file of your own

The shop with its 100,000 orders is made once and kept in the folder, `build/bench` by default.

## What to keep in mind

- Backup, `doctor` and the 200,000 rows are measured once, the other import twice, drained laptops three times: their
  p95 says little more than their p50, and what they are held against is as few figures.
- The run does not keep other work off the machine. From run to run the ratio of a checkout moves by a few tenths,
  mostly with what an fsync costs just then: the slower the disk, the less our own work counts.
- Whatever is demanded and missed stands in the table as missed.

## What is measured, and against what

**Checkout** is one call of `Orders.take`: three lines, a buyer the shop knows, one bKash payment, the rest cash
on delivery, asked with a request id. It reads and cleans what was typed, finds the goods and their reserved stock,
prices, looks for a wallet id used before, takes the next number, seals the operation into the chain and writes
eleven rows and four changes in one commit with one fsync, under the shop's lock between processes.

- *The same rows by bare sqlite3*: the values of the very rows that the sale before wrote, put into a copy of the
  file by plain SQL, with the same tables, indexes and pragmas, in one transaction. It reads no request, looks
  nothing up, checks no rule, hashes nothing and takes no lock between processes. Twice this floor is the demand.
- *A raw fsync of 4 kB*: appended to a file beside it.
- The sale is measured at a counter's pace: the second journal is let finish before anything else starts, as it
  does between two buyers. *In a rush* sales follow each other without a pause, and the journal's thread reads,
  writes and syncs beside all three; what it takes of disk and interpreter is in these figures.
- Order within a round is drawn by lot, so that nobody always follows a cold disk.

**With 100,000 orders**: the same shop, filled by the sale's own steps with many orders to a commit, against a new
shop in turn. `doctor` then reads every page, every operation and every order.

**Find** is the search as the vendor types: Bangla, Banglish, English, misspelt, two words, barcode. The floor is
FTS5's own prefix query on the same file, `LIMIT 20`, which neither ranks nor knows another spelling.

**Import** reads the demo catalogue, repeated with other codes, from two CSV files into one transaction. The floor
reads the same files with the csv module, throws that away, and writes the finished rows with `executemany`; it
makes no search index and seals no operation. Memory is the most that the process held, interpreter included.

**Papers** are made again and again in one process, so fonts are loaded. The floor draws the same strings with
ReportLab's plain `TTFont`: unshaped, so its Bangla is wrong, and without rules, codes and boxes.

**Find as a command** is a whole process, compiled beforehand, against `python -c pass`.

**Backup** is a consistent snapshot; every operation, order and page of it is checked as `doctor` does, then it is
packed, read again and only then given its name. The floor copies the file and syncs it once, which for a shop
at work may copy a torn one. Selling goes on meanwhile.

**The window** is a process from its start. The Sell page is *filled and typed into* when the real page is drawn, with
hat, categories and favourites, and its search has the focus. The shop itself is opened behind it
(`docs/decisions/0042-the-window-before-the-shop.md`): what is searched for meanwhile is found, and what is put into the
cart is there, when it is *open*, which has a row of its own; most of that is the import of SQLAlchemy. The floor is a
window of PySide6 with one field, opened in turn with ours. *A key* is what an input method commits, until the frame
with its results is drawn; Qt's own wait of 5 ms before it draws is set to none. All of it off-screen.

**The line** takes operations as the log holds them, in messages as large as the protocol has them, to packed bytes with
a checksum, and back to operations with the very text that was hashed. The floor has the same orders as typed structs
and lets msgspec write them as JSON and read them again: unpacked, unlimited, identities left as text. What the floor
does and ours does not is to read lines and payments; the receiver does that once, when it holds each body against its
kind with every limit on it, which stands in a row of its own.

**Taking in** is a new laptop that gets another one's history, page by page as the protocol has it: every operation is
looked up, kept, read, made into rows with the sale's own writers, and what it touches is folded anew. The floor has the
finished rows and puts them into the same tables with `executemany`, a commit for each page: it looks nothing up, reads
no body, folds nothing, makes no search index, and foreign keys are not looked at.

**Orders taken by the server** is `Desk.exchange` on one laptop's messages of 20 orders, one after the other, without
HTTP: token, decompression, chain, hash and every rule on every body, what it stands on, stock, sales, digest, one
commit, the packed answer. The floor unpacks the same messages and leaves the same rows behind, which is looked at after
every run: operations and sales with all their indexes, stock, how far the device's log and the vendor's order go. Its
database has the same settings; it commits as durably and packs an answer of the same size. Of a body it reads only what
these rows need; it asks nothing, looks nothing up and keeps no digest. The two take every message in turn; a run is the
mean of a hundred messages, and there are seven. On PostgreSQL the floor is a COPY by a superuser, while
the server's transaction runs as the role that sees one vendor's rows only.

**Those not there yet put in** is the part of it that must stand being repeated, in messages as large as the protocol
has them: which of these operations are there, and the others inserted, as that role and under row-level security. The
floor is a bare COPY of the same rows, which fails as a whole where one of them is there already.

**Drained** is the morning after the market: laptops, one to a vendor and with a catalogue of ten products, each bring
20 orders of three lines over a connection of its own, without TLS, to one process of `hatkhata-server serve` with its
limits and its log; 32 of them are under way at a time. They are threads of another process, which unpacks nothing
until the last answer is there; server, database and laptops share the cores of this one machine. Orders are made and
laptops paired before the clock starts. The floor is the skeleton of the row above behind the same web server, drained
by the same laptops in turn with ours. What 10,000 laptops would take is a multiplication, and stands in the table as
one.

**The frozen program** is the folder that `python3 start.py build` makes, with Python, Qt and the fonts in it: the bytes
of its files. It is made for this, if it is not there yet. A quick run leaves it out.
"""


def page(facts: Mapping[str, object], rows: Sequence[Row]) -> str:
    """The page for a run on this machine."""
    return _PAGE.format(**facts, table=markdown(rows))
