"""Seeing that the database is older than what was confirmed, and bringing the rest back from the journal.

A lost `-wal`, a file copied back, a disk that forgot: SQLite calls such a database sound. The tip outside it
knows better (trust.md A2). What the journal holds beyond the database is replayed; then the device takes a
new number series, since an order may have been confirmed in the instant before the journal was written.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
import uuid
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection, select

from pos.domain.numbering import rekeyed
from pos.settings import sync_folder
from pos.store import journal, oplog, standing
from pos.store import tables as t
from pos.store.oplog import Act, Recorded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pos.paths import ShopPaths
    from pos.protocol.operations import Operation

Standing = Literal["level", "behind", "forked"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the database stands to the tip outside it. `missing` operations are confirmed and not in it."""

    standing: Standing
    missing: int = 0


def compare(connection: Connection, outside: journal.OutsideTip | None) -> Comparison:
    """Hold the database against the tip outside it.

    Returns:
        ``behind`` if operations are missing at its end, ``forked`` if the same position holds another one.
    """
    if outside is None or outside.n == 0:
        return Comparison("level")
    tip = oplog.read_tip(connection)
    if outside.n > tip.n:
        return Comparison("behind", outside.n - tip.n)
    stored = connection.execute(select(t.op.c.hash).where(t.op.c.n == outside.n)).scalar()
    if stored is None or stored.hex() != outside.hash:
        return Comparison("forked")
    return Comparison("level")


def parted(connection: Connection, operations: Iterable[Operation]) -> bool:
    """Whether a longer journal holds another operation at the database's last position: another copy's."""
    tip = oplog.read_tip(connection)
    there = next((o for o in operations if o.n >= tip.n), None)
    return there is not None and there.n == tip.n and there.hash != tip.hash


def just_restored(connection: Connection) -> bool:
    """Whether a restore was the last that happened to this database.

    A journal that parts from such a database is the replaced shop's: the restore was cut off between putting
    the shop in place and writing its journal anew, which only wants to be finished.
    """
    last = connection.execute(select(t.op.c.kind, t.op.c.body).order_by(t.op.c.n.desc()).limit(1)).first()
    return last is not None and last.kind == "device.rekeyed" and json.loads(last.body)["reason"] == "restore"


def replay(connection: Connection, operations: Iterable[Operation]) -> int:
    """Bring back operations that continue the database's own chain; how many there were.

    What stands on another device's operations waits, where these were lost as well, until they come in again; and
    what a later release of the app wrote waits for that release.
    Stops at the first that does not follow, so that a damaged journal brings back its sound beginning.
    """
    tip = oplog.read_tip(connection)
    sound = list(journal.continuing(tip.n, tip.hash, operations))
    if not sound:
        return 0
    # Run by run, since an erasure blanks what stands in the log before it and not what comes after.
    for (kind, v), run in groupby(sound, key=lambda operation: (operation.kind, operation.v)):
        operations = list(run)
        oplog.insert_operations(connection, operations)
        if not standing.is_of_this_release(kind, v):
            standing.postpone(connection, [operation.op_id for operation in operations])
            continue
        # In an empty file there is no device yet; then the first operation names it. Later ones may rename it.
        known = connection.execute(select(t.installation.c.device_id)).scalar()
        device_id = known if known is not None else uuid.UUID(bytes=sound[0].agg_id)
        standing.apply_again(connection, device_id, [_recorded(o) for o in operations])
    return len(sound)


def _recorded(operation: Operation) -> Recorded:
    personal = json.loads(operation.personal) if operation.personal is not None else None
    if personal is not None:
        del personal["salt"]
    return Recorded(
        operation.op_id,
        operation.kind,
        operation.agg_id,
        json.loads(operation.body),
        personal,
        operation.at_ms,
    )


def rekey_act(connection: Connection, reason: str, given: set[str]) -> Act:
    """The operation that gives this device a new number series.

    Args:
        connection: the database that goes on.
        reason: why, a code.
        given: codes that gave numbers in a database which this one replaces.
    """
    row = connection.execute(select(t.installation.c.device_id, t.installation.c.base_code)).one()
    used = given | set(connection.execute(select(t.series.c.code)).scalars())
    used |= set(connection.execute(select(t.device.c.code)).scalars())
    while (code := rekeyed(row.base_code, secrets.randbelow)) in used:
        continue
    body = {"code": code, "reason": reason}
    return Act("device.rekeyed", "device", row.device_id.bytes, body)


def set_aside(paths: ShopPaths, *files: Path) -> list[Path]:
    """Move files into the folder where replaced things are kept; what is not there is passed over."""
    moved = []
    for file in files:
        if file.exists():
            place = _place_aside(paths, file)
            os.replace(file, place)
            moved.append(place)
    if moved:
        sync_folder(paths.set_aside)
        sync_folder(paths.home)
    return moved


def keep_copy(paths: ShopPaths, file: Path) -> None:
    """Keep a file aside under a second name while it stays in its place, to be replaced there in one step."""
    if not file.exists():
        return
    place = _place_aside(paths, file)
    try:
        os.link(file, place)
    except OSError:  # FAT and its like know one name only
        shutil.copyfile(file, place)
    sync_folder(paths.set_aside)


def _place_aside(paths: ShopPaths, file: Path) -> Path:
    paths.set_aside.mkdir(parents=True, exist_ok=True)
    stamp = time.strftime("%Y%m%d-%H%M%S")
    place, k = paths.set_aside / f"{stamp}-{file.name}", 1
    while place.exists():
        place, k = paths.set_aside / f"{stamp}-{k}-{file.name}", k + 1
    return place
