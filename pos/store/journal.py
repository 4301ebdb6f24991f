"""The second journal, the chain's tip and the numbers' high-water mark, kept outside the database.

They survive a dead database, and they tell when a database is older than what was already confirmed: a lost
`-wal` leaves a file that SQLite calls sound (trust.md A2). One background thread writes them right after each
commit; what a crash left out is caught up at the next start. Two processes may do so, one at a time.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import threading
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, bindparam, select
from sqlalchemy.exc import SQLAlchemyError

from pos.protocol.operations import Operation, from_line, to_line
from pos.settings import sync_folder, write_atomically
from pos.store import oplog
from pos.store import tables as t
from pos.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pos.log import EventLog
    from pos.paths import ShopPaths

_TAIL_BYTES = 1 << 16
_LOCK_SECONDS = 20.0

# Prepared, since this thread and a sale share one interpreter.
_SERIES = Prepared(select(t.series))
_HASH = Prepared(select(t.op.c.hash).where(t.op.c.n == bindparam("position")))
_ERASED_AFTER = Prepared(
    select(t.op.c.n).where(t.op.c.n > bindparam("position"), t.op.c.kind == "customer.erased").limit(1)
)


@dataclass(frozen=True, slots=True)
class OutsideTip:
    """What stood confirmed when the journal was last written; `series` maps ``A-26`` to its last number."""

    n: int
    hash: str
    series: dict[str, int] = field(default_factory=dict)


def read_tip(paths: ShopPaths) -> OutsideTip | None:
    """How far the shop had come, as told outside the database; None where nothing tells.

    The tip is written after the journal, so after a crash the journal's last line may know more; and where the
    tip is lost or does not read, that line alone still tells.
    """
    stored = stored_tip(paths.tip)
    try:
        with paths.journal.open("rb") as file:
            last = _last_line(file)[0]
    except (OSError, ValueError):
        return stored
    if last is None or (stored is not None and stored.n >= last.n):
        return stored
    return OutsideTip(last.n, last.hash.hex(), stored.series if stored is not None else {})


def stored_tip(path: Path) -> OutsideTip | None:
    """What a tip file says; None where there is none or it does not read."""
    try:
        raw = json.loads(path.read_bytes())
        return OutsideTip(int(raw["n"]), str(raw["hash"]), {str(k): int(v) for k, v in raw["series"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def codes_given(paths: ShopPaths) -> set[str]:
    """Codes of all series that gave numbers here, those of replaced databases too: none is given twice."""
    tips = [stored_tip(paths.tip), *(stored_tip(p) for p in paths.set_aside.glob(f"*{paths.tip.name}"))]
    return {name.rpartition("-")[0] for tip in tips if tip is not None for name in tip.series}


def write_tip(paths: ShopPaths, tip: OutsideTip) -> None:
    """Replace the tip outside the database."""
    data = json.dumps({"n": tip.n, "hash": tip.hash, "series": tip.series})
    write_atomically(paths.tip, data.encode())


def read_operations(path: Path) -> Iterator[Operation]:
    """The operations of a journal file, up to its end or the first damaged line (a torn last line is normal)."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        for line in file:
            if not line.endswith(b"\n"):
                return
            try:
                yield from_line(line)
            except ValueError:
                return


def catch_up(paths: ShopPaths, engine: Engine) -> int:
    """Append what the database has and the journal lacks, then move the tip; the number of lines written.

    A database that is older than the journal, or another one's, is left to `pos.store.recovery`: nothing is
    written then, since that would hide it. Once a buyer was erased, the whole journal is written anew.
    """
    with _locked(paths), engine.connect() as connection, connection.begin():
        tip = oplog.read_tip(connection)
        stored = stored_tip(paths.tip)
        if stored is not None and not _stands(connection, stored.n, stored.hash):
            return 0
        try:
            end = _cut_torn_end(paths.journal)
        except ValueError:  # its last line is damaged, and the database is as far as the tip
            return _write_anew(paths, connection)
        if end is not None and not _stands(connection, end.n, end.hash.hex()):
            return 0
        last = end.n if end is not None else 0
        if stored is not None and stored.n == last == tip.n:
            return 0
        if last == 0 or _erased_after(connection, last):
            return _write_anew(paths, connection)
        with paths.journal.open("ab") as file:
            written = _append(file, oplog.read_after(connection, last))
        _write_tip_of(paths, connection)
        return written


def rewrite(paths: ShopPaths, engine: Engine) -> None:
    """Write the whole journal anew from the database: after a restore, or once a buyer was erased."""
    with _locked(paths), engine.connect() as connection, connection.begin():
        _write_anew(paths, connection)


@contextlib.contextmanager
def _locked(paths: ShopPaths) -> Iterator[None]:
    with FileLock(paths.journal_lock, thread_local=False).acquire(timeout=_LOCK_SECONDS):
        yield


def _write_anew(paths: ShopPaths, connection: Connection) -> int:
    beside = paths.journal.with_suffix(".jsonl.new")
    try:
        with beside.open("wb") as file:
            written = _append(file, oplog.read_after(connection, 0))
        os.replace(beside, paths.journal)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(paths.home)
    _write_tip_of(paths, connection)
    return written


def _write_tip_of(paths: ShopPaths, connection: Connection) -> None:
    tip = oplog.read_tip(connection)
    series = {f"{row.code}-{row.year:02d}": int(row.last_no) for row in _SERIES.rows(connection)}
    write_tip(paths, OutsideTip(tip.n, tip.hash.hex(), series))


def _append(file: IO[bytes], operations: Iterable[Operation]) -> int:
    written = 0
    for operation in operations:
        file.write(to_line(operation))
        written += 1
    file.flush()
    os.fsync(file.fileno())
    return written


def _stands(connection: Connection, n: int, digest: str) -> bool:
    """Whether the database holds this very operation at this position."""
    if n == 0:
        return True
    stored = _HASH.scalar(connection, position=n)
    return stored is not None and stored.hex() == digest


def _erased_after(connection: Connection, n: int) -> bool:
    return _ERASED_AFTER.scalar(connection, position=n) is not None


def _cut_torn_end(path: Path) -> Operation | None:
    """The last whole line; a torn one behind it is cut off. ValueError if the whole one is damaged."""
    with path.open("ab+") as file:
        last, end = _last_line(file)
        if end < file.seek(0, os.SEEK_END):
            file.truncate(end)
        return last


def _last_line(file: IO[bytes]) -> tuple[Operation | None, int]:
    """The last whole line and where it ends; (None, 0) where there is none."""
    size = file.seek(0, os.SEEK_END)
    step = _TAIL_BYTES
    while size:
        start = max(0, size - step)
        file.seek(start)
        tail = file.read(size - start)
        end = tail.rfind(b"\n") + 1
        begin = tail.rfind(b"\n", 0, end - 1) + 1 if end else 0
        if end and (begin or start == 0):
            return from_line(tail[begin:end]), start + end
        if start == 0:
            break
        step *= 8
    return None, 0


class JournalWriter:
    """The background thread that keeps the second journal. `close` returns when it has caught up."""

    _PAUSE_SECONDS = 0.05  # a rush of sales shares one fsync of the journal

    def __init__(self, paths: ShopPaths, engine: Engine, log: EventLog) -> None:
        self._paths, self._engine, self._log = paths, engine, log
        self._due = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Something was committed."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
            self._thread.start()
        self._due.set()

    def close(self) -> None:
        """Write what is due and stop."""
        if self._thread is not None:
            self._closing.set()
            self._due.set()
            self._thread.join()
            self._thread = None
            self._closing.clear()

    def _run(self) -> None:
        while True:
            self._due.wait()
            closing = self._closing.is_set()
            self._due.clear()
            try:
                catch_up(self._paths, self._engine)
            except (OSError, Timeout, ValueError, SQLAlchemyError, sqlite3.Error) as error:
                # The order is safe in the database; the journal is caught up at the next commit or start.
                self._log.crash("journal_not_written", error)
            if closing:
                return
            with contextlib.suppress(RuntimeError):
                self._closing.wait(self._PAUSE_SECONDS)
