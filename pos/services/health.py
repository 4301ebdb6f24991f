"""The shop's state of health, asked without opening it for work: a damaged shop can be examined too."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pos.errors import EnvironmentFault
from pos.store import journal, oplog, sales, verify
from pos.store.backup import SUFFIX
from pos.store.engine import faults_told, make_engine, schema_of

if TYPE_CHECKING:
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


def examine(paths: ShopPaths) -> Health:
    """Check every invariant; nothing is written.

    Raises:
        UserError: ``shop_missing``, ``database_newer``.
        EnvironmentFault: ``folder_read_only``, ``database_foreign``.
    """
    report, orders, operations = _examine(paths)
    backups = sorted(paths.backups.glob(f"*{SUFFIX}"), key=lambda p: p.stat().st_mtime, reverse=True)
    newest = backups[0].name if backups else None
    return Health(report, sqlite3.sqlite_version, orders, operations, newest, paths.synced_by())


def _examine(paths: ShopPaths) -> tuple[verify.Report, int, int]:
    try:
        schema_of(paths.database)
        engine = make_engine(paths.database, writer=False)
        try:
            with faults_told(), engine.connect() as connection, connection.begin():
                report = verify.verify(connection, journal.read_tip(paths))
                if not report.checks.get("readable", True):
                    return report, 0, 0
                return report, sales.totals(connection)[0], oplog.count(connection)
        finally:
            engine.dispose()
    except EnvironmentFault as fault:
        if fault.code != "database_damaged":
            raise
        damaged = verify.Report(problems=[verify.Problem("database_damaged", 1)], checks={"readable": False})
        return damaged, 0, 0
