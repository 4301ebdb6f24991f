"""What the window says without being asked: what becomes of backups, and what the organiser has to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ui.notices import Banner

if TYPE_CHECKING:
    from pos.errors import PosError
    from pos.services.notices import NoticeView
    from pos.shop import Shop
    from ui.notices import Notices, Tone
    from ui.tasks import Tasks
    from ui.theme.look import Look

_SEEN_KEPT: Final = 12  # of which it is remembered that they were waved away; setting texts have a limit


class BackupNews:
    """When the last backup was made, and whether it reached its places.

    Attributes:
        look: the words it speaks in.
        last_at_ms: the last backup's moment; None without one, and until it has been read.
        read_once: whether it has been read.
    """

    def __init__(self, shop: Shop, tasks: Tasks, notices: Notices, look: Look) -> None:
        self._shop, self._tasks, self._notices = shop, tasks, notices
        self.look = look
        self.last_at_ms: int | None = None
        self.read_once = False
        self._second_said = ""

    def read(self) -> None:
        """Look when the last one was made."""
        self._tasks.read(self._last, self.known)

    def keep_up(self) -> None:
        """Make one if it is due."""
        self._tasks.read(self._kept_up, self.known, self._failed)

    def known(self, at_ms: int | None) -> None:
        """The last one was made at this moment."""
        self.last_at_ms, self.read_once = at_ms, True
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


class OrganiserNews:
    """Notices of the organiser as banners, each until somebody waves it away or its time is over.

    Attributes:
        look: the words it speaks in.
    """

    def __init__(self, shop: Shop, notices: Notices, look: Look) -> None:
        self._shop, self._notices = shop, notices
        self.look = look
        self._standing: set[str] = set()
        notices.changed.connect(self._look_for_seen)

    def show(self, notices: list[NoticeView]) -> None:
        """These hold now."""
        seen = self._seen()
        wanted = [one for one in notices if one.id not in seen]
        over = self._standing - {one.id for one in wanted}
        self._standing -= over
        for one in over:
            self._notices.clear(_about(one))
        for notice in wanted:
            look = self.look
            self._standing.add(notice.id)
            title = look.word("notice_banner", title=look.either(notice.title_bn, notice.title_en))
            tone: Tone = "warn" if notice.kind == "warning" else "info"
            text = " ".join(look.either(notice.text_bn, notice.text_en).split())
            self._notices.banner(Banner(_about(notice.id), tone, title, text))

    def _look_for_seen(self) -> None:
        """What stood and stands no more was waved away."""
        abouts = {banner.about for banner in self._notices.banners()}
        gone = {one for one in self._standing if _about(one) not in abouts}
        if gone:
            self._standing -= gone
            kept = [*self._seen(), *sorted(gone)][-_SEEN_KEPT:]
            self._shop.configuration.put("notices.seen", " ".join(kept))

    def _seen(self) -> list[str]:
        return str(self._shop.desk.device.all()["notices.seen"]).split()


def _about(notice: str) -> str:
    return f"notice:{notice}"
