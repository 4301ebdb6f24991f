"""The shop's state of health, asked without opening it for work: a damaged shop can be examined too."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pos.errors import EnvironmentFault
from pos.store import journal, oplog, recovery, sales, verify
from pos.store.backup import newest_backup, schema_at
from pos.store.engine import make_engine
from pos.store.file import faults_told

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pos.paths import ShopPaths


@dataclass(frozen=True, slots=True)
class Health:
    """What was found. `newest_backup` is the file to go back to; `synced_by` a service that owns the folder."""

    report: verify.Report
    sqlite: str
    orders: int
    operations: int
    newest_backup: str | None
    synced_by: str | None


def examine(paths: ShopPaths, *, whole: bool = True) -> Health:
    """Check every invariant; nothing is written.

    Args:
        paths: the shop's files.
        whole: also read every operation and every line of the second journal; off for a quick look.

    Raises:
        UserError: ``shop_missing``, ``shop_lost``, ``database_newer``.
        EnvironmentFault: ``folder_read_only``, ``database_foreign``.
    """
    report, orders, operations = _examine(paths, whole=whole)
    newest = newest_backup(paths.backups)
    name = newest.name if newest is not None else None
    return Health(report, sqlite3.sqlite_version, orders, operations, name, paths.synced_by())


def _examine(paths: ShopPaths, *, whole: bool) -> tuple[verify.Report, int, int]:
    try:
        schema_at(paths)
        engine = make_engine(paths.database, writer=False)
        try:
            with faults_told(), engine.connect() as connection, connection.begin():
                report = verify.verify(connection, journal.read_tip(paths), whole=whole)
                if not report.checks.get("readable", True):
                    return report, 0, 0
                _explain_journal(paths, connection, report)
                if whole:
                    _examine_journal(paths, connection, report)
                return report, sales.totals(connection)[0], oplog.count(connection)
        finally:
            engine.dispose()
    except EnvironmentFault as fault:
        if fault.code != "database_damaged":
            raise
        damaged = verify.Report(problems=[verify.Problem("database_damaged", 1)], checks={"readable": False})
        return damaged, 0, 0


def _explain_journal(paths: ShopPaths, connection: Connection, report: verify.Report) -> None:
    """Tell a database that is older than its journal from one that another journal lies beside."""
    codes = {"database_older_than_journal", "database_not_the_journals"}
    found = {problem.code for problem in report.problems} & codes
    if found == {"database_older_than_journal"}:
        if not recovery.parted(connection, journal.read_operations(paths.journal)):
            return
    elif not found:
        return
    # What the journal holds beyond is no part of this shop.
    report.problems = [problem for problem in report.problems if problem.code not in codes]
    if not recovery.just_restored(connection):
        report.problems.append(verify.Problem("database_not_the_journals", 1))


def _examine_journal(paths: ShopPaths, connection: Connection, report: verify.Report) -> None:
    """Read every line of the second journal, since a shop may have to be made again from nothing else."""
    line = journal.damaged_line(paths.journal, connection if report.checks["A2"] else None)
    report.checks["journal"] = line is None
    if line is not None:
        report.problems.append(verify.Problem("journal_damaged", 1, (str(line),)))
