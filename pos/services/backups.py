"""Backups of the shop and its state of health; restoring, which needs the shop closed, is `pos.store.restore`."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from pos.paths import ShopPaths
from pos.services.desk import Desk
from pos.store import journal, oplog, sales, verify
from pos.store.backup import BackupFile
from pos.store.restore import new_backup_path


@dataclass(frozen=True, slots=True)
class Health:
    """What `doctor` found."""

    report: verify.Report
    sqlite: str
    orders: int
    operations: int
    synced_by: str | None


class Backups:
    """Copies of the shop, and whether it is sound."""

    def __init__(self, desk: Desk, paths: ShopPaths) -> None:
        self._desk = desk
        self._paths = paths

    def make(self, to: Path | None = None, *, why: str = "backup") -> BackupFile:
        """Write a backup: into the shop's own folder, or into a folder or file that the vendor names.

        Raises:
            EnvironmentFault: ``disk_full`` and the like, ``backup_not_sound``.
        """
        at_ms = self._desk.clock.now_ms()
        if to is None or to.is_dir():
            to = new_backup_path(to or self._paths.backups, at_ms, why)
        return self._desk.store.backup(to, at_ms)

    def examine(self) -> Health:
        """Check every invariant; nothing is written."""
        self._desk.store.settle()
        with self._desk.store.read() as connection:
            report = verify.verify(connection, journal.read_tip(self._paths))
            orders = operations = 0
            if report.checks.get("readable", True):
                orders, operations = sales.totals(connection)[0], oplog.count(connection)
        return Health(report, sqlite3.sqlite_version, orders, operations, self._paths.synced_by())
