"""Backups without a screen: how safe the shop is, copies now, a look into them, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from pos.services.health import examine
from pos.services.kept_files import SetAside, set_aside_files
from pos.services.restoring import RestoreDone, preview_restore, restore_backup
from ui.presenters.needs import Watched

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pos.errors import PosError
    from pos.services.backups import BackupEntry, BackupStatus
    from pos.services.health import Health
    from pos.services.restoring import RestorePreview
    from pos.shop import Shop
    from ui.presenters.needs import Notify, Speech, Work

Busy = Literal["", "backup", "proof", "doctor", "preview", "restore"]
STOPPABLE: Final = frozenset({"proof", "doctor", "preview"})  # they only read: what comes of them is let go


class WhileClosed(Protocol):
    """Does work for which nobody may have the shop open, and opens it anew (`ui.shell.Shell.while_closed`)."""

    def __call__(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[PosError], None],
        *,
        words: str = "restore",
    ) -> None: ...


class Backup(Watched):
    """What the Backup page shows and does."""

    def __init__(self, shop: Shop, work: Work, notices: Notify, look: Speech) -> None:
        super().__init__()
        self._shop, self._work, self._notices = shop, work, notices
        self.look = look
        self.status: BackupStatus | None = None
        self.entries: list[BackupEntry] = []
        self.aside: list[SetAside] = []
        self.folder = ""
        self.busy: Busy = ""
        self.faults: dict[str, PosError] = {}
        self.health: Health | None = None
        self.seen: RestorePreview | None = None
        self.restored: RestoreDone | None = None
        self._turn = 0
        self.while_closed: WhileClosed | None = None
        self.on_status: Callable[[int | None], None] | None = None

    # ---- how things stand ----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read how safe the shop is; the list looks into every file, so it is read behind the page."""
        self.folder = str(self._shop.desk.device.all()["backup.folder"])
        self._work.read(self._read, self._known)

    def _read(self) -> tuple[BackupStatus, list[BackupEntry], list[SetAside]]:
        backups = self._shop.backups
        return backups.status(), backups.list(), set_aside_files(self._shop.paths)

    def _known(self, found: tuple[BackupStatus, list[BackupEntry], list[SetAside]]) -> None:
        self.status, self.entries, self.aside = found
        if self.on_status is not None:
            self.on_status(self.status.last_at_ms)
        self.changed()

    @property
    def place(self) -> Path:
        """Where the shop's own backups lie."""
        return self._shop.paths.backups

    @property
    def set_aside_place(self) -> Path:
        """Where replaced files lie."""
        return self._shop.paths.set_aside

    @property
    def now_ms(self) -> int:
        """This instant."""
        return self._shop.desk.clock.now_ms()

    # ---- copies --------------------------------------------------------------------------------------

    def back_up(self) -> None:
        """Make a backup now, in the shop's own folder and in the second place; selling goes on."""
        self._begin("backup", self._back_up, self._backed_up)

    def _back_up(self) -> None:
        self._shop.backups.make()
        fault = self._shop.backups.follow()
        if fault is not None:
            raise fault

    def _backed_up(self, _result: object) -> None:
        self._notices.toast(self.look.word("backup_taken"))
        self.refresh()

    def set_folder(self, folder: str) -> None:
        """The second place from now on; none for an empty text."""
        self.faults.pop("backup", None)
        self._work.write(lambda: self._shop.configuration.put("backup.folder", folder), self._folder_kept,
                         self._folder_failed)  # fmt: skip

    def _folder_kept(self, folder: object) -> None:
        self.folder = str(folder)
        self.changed()
        self._work.read(self._follow, self._known)

    def _follow(self) -> tuple[BackupStatus, list[BackupEntry], list[SetAside]]:
        self._shop.backups.follow()
        return self._read()

    def _folder_failed(self, error: PosError) -> None:
        self.faults["backup"] = error
        self.changed()

    def prove(self) -> None:
        """Restore the newest backup and one drawn by lot on trial."""
        self._begin("proof", self._shop.backups.prove, self._proved)

    def _proved(self, files: tuple[Path, ...]) -> None:
        self._notices.toast(self.look.word("backup_proved", files=len(files)))
        self.refresh()

    def examine(self) -> None:
        """Check the shop's data against every rule."""
        self.health = None
        self._begin("doctor", self._examine, self._examined)

    def _examine(self) -> Health:
        return examine(self._shop.paths)

    def _examined(self, health: Health) -> None:
        self.health = health

    # ---- the way back --------------------------------------------------------------------------------

    def look_into(self, file: Path) -> None:
        """See what going back to a backup would bring and cost."""
        self.seen = None
        self._begin("preview", lambda: preview_restore(self._shop.paths, file), self._looked)

    def _looked(self, seen: RestorePreview) -> None:
        self.seen = seen

    def put_away(self) -> None:
        """The preview was closed."""
        self.seen = None

    def restore(self, *, replay: bool, shop_name: str | None = None) -> None:
        """Go back to the backup that was looked into; the shop is closed for as long as that takes."""
        seen = self.seen
        if seen is None or self.busy or self.while_closed is None:
            return
        paths, clock = self._shop.paths, self._shop.desk.clock
        self.busy, self.seen = "restore", None
        self.faults.pop("restore", None)
        self.changed()
        self.while_closed(
            lambda: restore_backup(paths, clock, seen.file, replay=replay, shop_name=shop_name),
            self._restored, self._restore_failed,
        )  # fmt: skip

    def _restored(self, done: RestoreDone) -> None:
        self.busy, self.restored = "", done
        self._notices.toast(self.look.word("restore_done", orders=done.orders))
        self.refresh()

    def _restore_failed(self, error: PosError) -> None:
        self.busy = ""
        self.faults["restore"] = error
        self.refresh()
        self.changed()

    # ---- under the hood ------------------------------------------------------------------------------

    def stop(self) -> None:
        """Wait no longer for what only reads."""
        if self.busy in STOPPABLE:
            self._turn += 1
            self.busy = ""
            self.changed()

    def _begin(self, busy: Busy, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        if self.busy:
            return
        self.busy = busy
        self._turn += 1
        self.faults.pop(busy, None)
        self.changed()
        run = _Run(self, busy, self._turn, done)
        self._work.read(work, run.done, run.failed)

    def come_back(self, turn: int, then: Callable[[], None]) -> None:
        """Work has come back: if somebody still waits for it, take it."""
        if turn == self._turn:
            self.busy = ""
            then()
            self.changed()


class _Run:
    """One piece of work: knows whether it is still waited for."""

    def __init__(self, backup: Backup, busy: Busy, turn: int, done: Callable[[Any], None]) -> None:
        self._backup, self._busy, self._turn, self._done = backup, busy, turn, done

    def done(self, result: Any) -> None:
        self._backup.come_back(self._turn, lambda: self._done(result))

    def failed(self, error: PosError) -> None:
        self._backup.come_back(self._turn, lambda: self._backup.faults.update({self._busy: error}))
