"""What the status bar says of sync; every page has it, so it stands apart from the Sync page's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.domain.times import dhaka_day

if TYPE_CHECKING:
    from ui.presenters.sync_state import Shown
    from ui.theme.look import Look


def moment(look: Look, at_ms: int, now_ms: int) -> str:
    """`আজ ৫:০৫ PM`."""
    return f"{look.day(dhaka_day(at_ms), dhaka_day(now_ms))} {look.time(at_ms)}"


def when(look: Look, at_ms: int, now_ms: int) -> str:
    """`৫:০৫ PM`; with its day where that is not today."""
    return look.time(at_ms) if dhaka_day(at_ms) == dhaka_day(now_ms) else moment(look, at_ms, now_ms)


def bar_words(look: Look, shown: Shown, now_ms: int) -> tuple[str, str]:
    """What the status bar says: how it stands, and what comes with it."""
    said = []
    if shown.waiting and shown.state != "synced":
        said.append(look.word("n_changes_waiting", waiting=shown.waiting))
    if shown.remaining:
        said.append(look.word("n_to_come", remaining=shown.remaining))
    if shown.synced_at_ms is not None and shown.state != "syncing":
        said.append(look.word("last_sync_at", time=when(look, shown.synced_at_ms, now_ms)))
    return look.word(f"bar_{shown.state}"), " · ".join(said)
