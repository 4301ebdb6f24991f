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
import time
import zlib
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import IO, TYPE_CHECKING, Literal

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, bindparam, func, select
from sqlalchemy.exc import SQLAlchemyError

from pos.protocol.operations import GENESIS, Operation, commit_to, from_line, hash_of, to_line
from pos.settings import sync_folder, write_atomically
from pos.store import oplog
from pos.store import tables as t
from pos.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pos.log import EventLog
    from pos.paths import ShopPaths

Signal = Literal["due", "last"]

_TAIL_BYTES = 1 << 16
_BLOCK = 1 << 20
_LOCK_SECONDS = 20.0

# Prepared, since this thread and a sale share one interpreter.
_SERIES = Prepared(select(t.series))
_ERASED_AFTER = Prepared(
    select(t.op.c.n).where(t.op.c.n > bindparam("position"), t.op.c.kind == "customer.erased").limit(1)
)


@dataclass(frozen=True, slots=True)
class OutsideTip:
    """What stood confirmed when the journal was last written; `series` maps ``A-26`` to its last number.

    `seal` is the journal's length in bytes and their crc32: it tells in one quick pass that no line of it was
    changed since. A crc goes on where a line is appended, which a sha256 does not. `erased` counts the buyers
    erased on other devices whose words the journal does not hold any more.
    """

    n: int
    hash: str
    series: dict[str, int] = field(default_factory=dict)
    seal: tuple[int, int] | None = None
    erased: int = 0


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
        series = {str(k): int(v) for k, v in raw["series"].items()}
        seal = (int(raw["bytes"]), int(raw["crc"])) if "crc" in raw else None
        return OutsideTip(int(raw["n"]), str(raw["hash"]), series, seal, int(raw.get("erased", 0)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def codes_given(paths: ShopPaths) -> set[str]:
    """Codes of all series that gave numbers here, those of replaced databases too: none is given twice."""
    tips = [stored_tip(paths.tip), *(stored_tip(p) for p in paths.set_aside.glob(f"*{paths.tip.name}"))]
    return {name.rpartition("-")[0] for tip in tips if tip is not None for name in tip.series}


def write_tip(paths: ShopPaths, tip: OutsideTip) -> None:
    """Replace the tip outside the database."""
    data: dict[str, object] = {"n": tip.n, "hash": tip.hash, "series": tip.series, "erased": tip.erased}
    if tip.seal is not None:
        data |= {"bytes": tip.seal[0], "crc": tip.seal[1]}
    write_atomically(paths.tip, json.dumps(data).encode())


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


def continuing(n: int, prev: bytes, operations: Iterable[Operation]) -> Iterator[Operation]:
    """Those operations that continue the chain after position `n`, up to the first that does not follow."""
    for operation in operations:
        if operation.n <= n:
            continue
        if operation.n != n + 1 or operation.prev_hash != prev or not _is_itself(operation):
            return
        yield operation
        n, prev = operation.n, operation.hash


def _is_itself(operation: Operation) -> bool:
    """Whether an operation is what its hash and its commitment say."""
    personal = operation.personal
    return hash_of(operation) == operation.hash and (
        personal is None or commit_to(personal) == operation.commitment
    )


def known_length(paths: ShopPaths) -> int:
    """How many operations the journal should hold, as its whole lines and the tip tell."""
    stored = stored_tip(paths.tip)
    with paths.journal.open("rb") as file:
        lines = sum(1 for line in file if line.endswith(b"\n"))
    return max(lines, stored.n if stored is not None else 0)


def damaged_line(path: Path, connection: Connection | None = None) -> int | None:
    """The first line that is not what its hash says or does not follow the one before; None if all are sound.

    A torn last line is normal after a crash, and no journal is no damage.

    Args:
        path: the journal.
        connection: the database whose journal it should be, if it is as far as the journal's tip.
    """
    last, prev = 0, GENESIS
    try:
        file = path.open("rb")
    except OSError:
        return None
    with file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                break
            try:
                operation = from_line(line)
            except ValueError:
                return number
            if operation.n != number or operation.prev_hash != prev or not _is_itself(operation):
                return number
            last, prev = number, operation.hash
    beyond = connection is None or last > oplog.read_tip(connection).n
    return None if connection is None or beyond or _stands(connection, last, prev.hex()) else last


def catch_up(paths: ShopPaths, engine: Engine, *, whole: bool = False) -> int:
    """Append what the database has and the journal lacks, then move the tip; the number of lines written.

    A database that is older than the journal, or another one's, is left to `pos.store.recovery`: nothing is
    written then, since that would hide it. Once a buyer was erased, the whole journal is written anew.

    Args:
        paths: the shop's files.
        engine: the shop's database.
        whole: also look for lines that were damaged since; where the database is sound, all is written anew.
    """
    with _locked(paths), engine.connect() as connection, connection.begin():
        tip = oplog.read_tip(connection)
        stored = stored_tip(paths.tip)
        if stored is not None and not _stands(connection, stored.n, stored.hash):
            return 0
        try:
            end = _cut_torn_end(paths.journal)
        except ValueError:  # its last line is damaged, and the database is as far as the tip
            return _write_anew(paths, connection, sound_only=True)
        last = end.n if end is not None else 0
        damaged = False
        if end is not None and not _stands(connection, last, end.hash.hex()):
            if stored is None or last > stored.n:
                return 0
            damaged = True  # the database is as far as the tip, and this line is none of its own
        sealed = _seal_holds(paths.journal, stored) if whole else True
        damaged = damaged or (not sealed and damaged_line(paths.journal, connection) is not None)
        if damaged:
            with contextlib.suppress(ValueError):  # a damaged database must not replace what may mend it
                return _write_anew(paths, connection, sound_only=True)
        # Who was cut off between taking an erasure in and writing the journal anew does it at the next start.
        erased = whole and stored is not None and stored.erased != _erased_elsewhere(connection)
        if stored is not None and stored.n == last == tip.n and sealed and not erased:
            return 0
        if last == 0 or erased or _erased_after(connection, last):
            return _write_anew(paths, connection)
        known = _known_seal(paths.journal, stored) if sealed else (0, 0)
        if damaged:
            known = None  # damage is never sealed, so that it is tried again
        with paths.journal.open("ab") as file:
            written = _append(file, oplog.read_after(connection, last))
        _write_tip_of(paths, connection, known, erased=stored.erased if stored is not None else 0)
        return written


def rewrite(paths: ShopPaths, engine: Engine) -> None:
    """Write the whole journal anew from the database: after a restore, or once a buyer was erased."""
    with _locked(paths), engine.connect() as connection, connection.begin():
        _write_anew(paths, connection)


@contextlib.contextmanager
def _locked(paths: ShopPaths) -> Iterator[None]:
    with FileLock(paths.journal_lock, thread_local=False).acquire(timeout=_LOCK_SECONDS):
        yield


def _write_anew(paths: ShopPaths, connection: Connection, *, sound_only: bool = False) -> int:
    """Replace the journal by the database's operations. ValueError if these must be sound and are not."""
    beside = paths.journal.with_suffix(".jsonl.new")
    try:
        with beside.open("wb") as file:
            operations = oplog.read_after(connection, 0)
            written = _append(file, _all_sound(operations) if sound_only else operations)
        os.replace(beside, paths.journal)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(paths.home)
    _write_tip_of(paths, connection, (0, 0), erased=_erased_elsewhere(connection))
    return written


def _all_sound(operations: Iterable[Operation]) -> Iterator[Operation]:
    """The operations of a whole log. ValueError at the first that does not follow or is not itself."""
    prev = GENESIS
    for number, operation in enumerate(operations, 1):
        if operation.n != number or operation.prev_hash != prev or not _is_itself(operation):
            raise ValueError(f"the log is damaged at {number}")
        yield operation
        prev = operation.hash


def _write_tip_of(
    paths: ShopPaths, connection: Connection, known: tuple[int, int] | None, *, erased: int
) -> None:
    tip = oplog.read_tip(connection)
    series = {f"{row.code}-{row.year:02d}": int(row.last_no) for row in _SERIES.rows(connection)}
    seal = _seal_from(paths.journal, known) if known is not None else None
    write_tip(paths, OutsideTip(tip.n, tip.hash.hex(), series, seal, erased))


def _seal_from(path: Path, known: tuple[int, int]) -> tuple[int, int]:
    """The seal of the whole journal, going on from one of its beginning."""
    length, crc = known
    with path.open("rb") as file:
        file.seek(length)
        while block := file.read(_BLOCK):
            length, crc = length + len(block), zlib.crc32(block, crc)
    return length, crc


def _known_seal(path: Path, stored: OutsideTip | None) -> tuple[int, int] | None:
    """The stored seal; one of nothing if the journal is shorter by now; None where it was left unsealed."""
    if stored is not None and stored.seal is None:
        return None
    seal = stored.seal if stored is not None else None
    return seal if seal is not None and 0 <= seal[0] <= path.stat().st_size else (0, 0)


def _seal_holds(path: Path, stored: OutsideTip | None) -> bool:
    """Whether the journal still begins with the very bytes that were sealed."""
    if stored is None or stored.seal is None:
        return False
    left, crc = stored.seal[0], 0
    with path.open("rb") as file:
        while left > 0 and (block := file.read(min(_BLOCK, left))):
            left, crc = left - len(block), zlib.crc32(block, crc)
    return (left, crc) == (0, stored.seal[1])


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
    stored = oplog.hash_at(connection, n)
    return stored is not None and stored.hex() == digest


def _erased_after(connection: Connection, n: int) -> bool:
    return _ERASED_AFTER.scalar(connection, position=n) is not None


def _erased_elsewhere(connection: Connection) -> int:
    """How many erasures came from other devices; a file of an earlier release holds none."""
    if connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'foreign_op'").first() is None:
        return 0
    f = t.foreign_op.c
    erasures = select(func.count()).where(f.kind.in_(t.RECORD_KINDS), f.kind == "customer.erased")
    return int(connection.execute(erasures).scalar_one())


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

    _PAUSE_SECONDS = 0.03

    def __init__(self, paths: ShopPaths, engine: Engine, log: EventLog) -> None:
        self._paths, self._engine, self._log = paths, engine, log
        self._signals: SimpleQueue[Signal] = SimpleQueue()
        self._turn = threading.Lock()  # two threads that wake it at once start one thread
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Something was committed."""
        with self._turn:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
                self._thread.start()
            self._signals.put("due")

    def close(self) -> None:
        """Write what is due and stop."""
        with self._turn:
            if self._thread is not None:
                self._signals.put("last")
                self._thread.join()
                self._thread = None

    def _run(self) -> None:
        whole = True  # once a process
        closing = False
        while not closing:
            closing = self._signals.get() == "last" or self._breathe()
            try:
                catch_up(self._paths, self._engine, whole=whole)
                whole = False
            except (OSError, Timeout, ValueError, SQLAlchemyError, sqlite3.Error) as error:
                # The order is safe in the database; the journal is caught up at the next commit or start.
                self._log.crash("journal_not_written", error)

    def _breathe(self) -> bool:
        """Wait a moment and gather what is signalled meanwhile; whether that was the last.

        The sale that woke this is still on its way to the vendor, and a rush shares one write.
        """
        until = time.monotonic() + self._PAUSE_SECONDS
        with contextlib.suppress(Empty):
            while (left := until - time.monotonic()) > 0:
                if self._signals.get(timeout=left) == "last":
                    return True
        return False
