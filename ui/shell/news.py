"""Backups that nobody asked for: made when one is due, and what becomes of them is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.notices import Banner

if TYPE_CHECKING:
    from pos.errors import PosError
    from pos.shop import Shop
    from ui.notices import Notices
    from ui.tasks import Tasks
    from ui.theme.look import Look


class BackupNews:
    """When the last backup was made, and whether it reached its places.

    Attributes:
        look: the words it speaks in.
        last_at_ms: the last backup's moment; None without one, and until it has been read.
    """

    def __init__(self, shop: Shop, tasks: Tasks, notices: Notices, look: Look) -> None:
        self._shop, self._tasks, self._notices = shop, tasks, notices
        self.look = look
        self.last_at_ms: int | None = None
        self._second_said = ""

    def read(self) -> None:
        """Look when the last one was made."""
        self._tasks.read(self._last, self.known)

    def keep_up(self) -> None:
        """Make one if it is due."""
        self._tasks.read(self._kept_up, self.known, self._failed)

    def known(self, at_ms: int | None) -> None:
        """The last one was made at this moment."""
        self.last_at_ms = at_ms
        self._notices.clear("backup")
        self._say_second_place(self._shop.backups.second.fault)

    def _last(self) -> int | None:
        return self._shop.backups.status().last_at_ms

    def _kept_up(self) -> int | None:
        self._shop.backups.keep_up()
        return self._last()

    def _say_second_place(self, fault: PosError | None) -> None:
        """The stick is out, or in again: said once, for it is out more often than in."""
        code = fault.code if fault is not None else ""
        if code == self._second_said:
            return
        self._second_said = code
        if fault is None:
            self._notices.clear("second_place")
        else:
            title = self.look.word("second_place_away")
            self._notices.banner(Banner("second_place", "warn", title, self.look.sentence(fault)))

    def _failed(self, error: PosError) -> None:
        self._notices.banner(
            Banner("backup", "danger", self.look.word("backup_failed"), self.look.sentence(error))
        )
