"""Bringing a shop of an earlier release to this one's schema (trust.md §1.7, §3).

Backed up, copied, the copy migrated and held against the rules, then put in place in one step: whatever goes
wrong on the way, the shop of before is still there, whole, for the release that it came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from pos.errors import EnvironmentFault
from pos.store import migrate, verify
from pos.store.backup import copy_database, schema_at, write_backup
from pos.store.engine import WriteLock, fold, make_engine
from pos.store.file import SCHEMA, faults_told, os_fault
from pos.store.restore import new_backup_path, put_in_place, work_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Engine

    from pos.domain.times import Clock
    from pos.paths import ShopPaths


UpgradeStep = Literal["saving", "copying", "checking", "changing", "proving", "placing"]
STEPS: Final[tuple[UpgradeStep, ...]] = ("saving", "copying", "checking", "changing", "proving", "placing")


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What was done. `safety` is the backup of before; None where its data broke a rule already then."""

    was: int
    safety: Path | None


def upgrade(
    paths: ShopPaths, clock: Clock, begun: Callable[[UpgradeStep], None] | None = None
) -> Upgraded | None:
    """Bring the shop to this version's schema; None if it is there already.

    The file of before is kept among the files set aside as well, whether or not it could be backed up.

    Args:
        paths: the shop.
        clock: the time.
        begun: told of each of `STEPS` before it is done. What it raises leaves the shop as it was.

    Raises:
        UserError: ``shop_missing``, ``shop_lost``, ``database_newer``.
        EnvironmentFault: ``disk_full`` and the like, ``upgrade_failed``; the shop is as it was.
    """
    if schema_at(paths) == SCHEMA:
        return None
    begin = begun or _untold
    with WriteLock(paths.write_lock), work_folder(paths, ".upgrading-") as folder:
        was = schema_at(paths)  # another process may have been first
        if was == SCHEMA:
            return None
        engine = make_engine(paths.database, writer=True)
        try:
            begin("saving")
            safety = _back_up(engine, paths, clock)
            fresh = folder / paths.database.name
            begin("copying")
            with faults_told():
                copy_database(engine, fresh)
            _migrate(fresh, begin)
            begin("placing")
            fold(engine, paths.database)
            put_in_place(paths, fresh)
        except OSError as error:
            raise os_fault(error, paths.database) from error
        finally:
            engine.dispose()
    return Upgraded(was, safety)


def _untold(_step: UpgradeStep) -> None:
    """Nobody waits to be told."""


def _back_up(engine: Engine, paths: ShopPaths, clock: Clock) -> Path | None:
    at_ms = clock.now_ms()
    try:
        return write_backup(engine, new_backup_path(paths.backups, at_ms, "before-upgrade"), at_ms).path
    except EnvironmentFault as fault:
        if fault.code != "backup_not_sound":
            raise
        return None  # an old fault in the books is for doctor; it must not shut the shop


def _migrate(fresh: Path, begin: Callable[[UpgradeStep], None]) -> None:
    """The copy, migrated; no rule may be broken in it that was not broken before."""
    begin("checking")
    before = _broken(fresh)
    begin("changing")
    with faults_told():
        migrate.migrate(fresh)
    begin("proving")
    new = _broken(fresh) - before
    if new:
        raise EnvironmentFault("upgrade_failed", problems=sorted(new))
    engine = make_engine(fresh, writer=True)
    try:
        fold(engine, fresh)  # only the file itself is moved into place
    finally:
        engine.dispose()


def _broken(path: Path) -> set[str]:
    """The rules that do not hold; the log was read whole for the backup and is the same."""
    engine = make_engine(path, writer=False)
    try:
        with faults_told(), engine.connect() as connection, connection.begin():
            return {problem.code for problem in verify.verify(connection, whole=False).problems}
    finally:
        engine.dispose()
