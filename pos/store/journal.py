"""The second journal, the chain's tip and the numbers' high-water mark, kept outside the database.

They survive a dead database, and they tell when a database is older than what was already confirmed: a lost
`-wal` leaves a file that SQLite calls sound (trust.md A2). One background thread writes them right after each
commit; what a crash left out is caught up at the next start. Two processes may do so, one at a time.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, select

from pos.protocol.operations import Operation, from_line, to_line
from pos.settings import sync_folder, write_atomically
from pos.store import oplog
from pos.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pos.log import EventLog
    from pos.paths import ShopPaths

_TAIL_BYTES = 1 << 16
_LOCK_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class OutsideTip:
    """What stood confirmed when the journal was last written; `series` maps ``A-26`` to its last number."""

    n: int
    hash: str
    series: dict[str, int] = field(default_factory=dict)


def read_tip(paths: ShopPaths) -> OutsideTip | None:
    """The tip outside the database; None where there is none or it does not read."""
    try:
        raw = json.loads(paths.tip.read_bytes())
        return OutsideTip(int(raw["n"]), str(raw["hash"]), {str(k): int(v) for k, v in raw["series"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


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

    A database that is older than the journal is left to `pos.store.rollback` to see: nothing is written then.
    """
    with FileLock(paths.journal_lock, thread_local=False).acquire(timeout=_LOCK_SECONDS):
        with paths.journal.open("ab+") as file:
            end = _last_line(file)
            last = end.n if end is not None else 0
            with engine.connect() as connection, connection.begin():
                tip = oplog.read_tip(connection)
                series = {
                    f"{row.code}-{row.year:02d}": int(row.last_no)
                    for row in connection.execute(select(t.series))
                }
                if tip.n < last or (tip.n == last and paths.tip.exists()):
                    return 0
                if end is not None and _hash_at(connection, last) != end.hash:
                    return 0  # another shop's database: appending to this journal would hide that
                written = _append(file, oplog.read_after(connection, last))
        write_tip(paths, OutsideTip(tip.n, tip.hash.hex(), series))
        return written


def _append(file: IO[bytes], operations: Iterable[Operation]) -> int:
    written = 0
    for operation in operations:
        file.write(to_line(operation))
        written += 1
    file.flush()
    os.fsync(file.fileno())
    return written


def _hash_at(connection: Connection, n: int) -> bytes | None:
    return connection.execute(select(t.op.c.hash).where(t.op.c.n == n)).scalar()


def _last_line(file: IO[bytes]) -> Operation | None:
    """The last whole line; a torn one behind it is cut off."""
    size = file.seek(0, os.SEEK_END)
    step = _TAIL_BYTES
    while size:
        start = max(0, size - step)
        file.seek(start)
        tail = file.read(size - start)
        end = tail.rfind(b"\n") + 1
        begin = tail.rfind(b"\n", 0, end - 1) + 1 if end else 0
        if end and (begin or start == 0):
            if start + end < size:
                file.truncate(start + end)
            return from_line(tail[begin:end])
        if start == 0:
            file.truncate(0)
            return None
        step *= 8
    return None


def rewrite(paths: ShopPaths, engine: Engine) -> None:
    """Write the whole journal anew from the database: after a restore, or once a buyer was erased."""
    with FileLock(paths.journal_lock, thread_local=False).acquire(timeout=_LOCK_SECONDS):
        beside = paths.journal.with_suffix(".jsonl.new")
        with engine.connect() as connection, connection.begin():
            tip = oplog.read_tip(connection)
            series = {
                f"{row.code}-{row.year:02d}": int(row.last_no) for row in connection.execute(select(t.series))
            }
            with beside.open("wb") as file:
                _append(file, oplog.read_after(connection, 0))
        os.replace(beside, paths.journal)
        sync_folder(paths.home)
        write_tip(paths, OutsideTip(tip.n, tip.hash.hex(), series))


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
            except (OSError, Timeout, ValueError) as error:
                # The order is safe in the database; the journal is caught up at the next commit or start.
                self._log.crash("journal_not_written", error)
            if closing:
                return
            with contextlib.suppress(RuntimeError):
                self._closing.wait(self._PAUSE_SECONDS)
