"""How the shop's tie to its server is shown: one word out of what is known, and how urgent it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pos.services.waiting import Standing
    from pos.sync.tie import About, Seen

State = Literal[
    "alone", "offline", "away", "network", "login", "revoked", "old", "trouble", "syncing", "fetching", "waiting",
    "held", "synced",
]  # fmt: skip
Tone = Literal["ok", "info", "warn", "danger", "grey"]

AFTER_MS: Final = 10_000  # what goes wrong is shown once it has lasted (design/ui.md §11)

_STATES: Final[dict[str, State]] = {
    "no_internet": "offline",
    "server_unreachable": "away",
    "server_slow": "away",
    "server_busy": "away",
    "server_failing": "away",
    "network_login": "network",
    "login_needed": "login",
    "device_shut_out": "revoked",
    "app_too_old": "old",
}
_AT_ONCE: Final = frozenset({"login", "revoked", "old"})  # these do not pass by themselves
_PASSING: Final = frozenset({"sync_busy", "shop_busy"})  # another program of the shop is at it

TONES: Final[dict[State, Tone]] = {
    "alone": "grey", "offline": "warn", "away": "warn", "network": "warn", "login": "danger", "revoked": "danger",
    "old": "danger", "trouble": "warn", "syncing": "info", "fetching": "info", "waiting": "info", "held": "warn",
    "synced": "ok",
}  # fmt: skip
ICONS: Final[dict[State, str]] = {
    "alone": "cloud", "offline": "cloud-off", "away": "cloud-off", "network": "lock", "login": "lock",
    "revoked": "cloud-off", "old": "download", "trouble": "alert-triangle", "syncing": "refresh",
    "fetching": "refresh", "waiting": "refresh", "held": "alert-triangle", "synced": "cloud-check",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """What the card, the rail and the status bar say.

    Attributes:
        state: which of the texts.
        fault: the code behind it; empty where nothing goes wrong.
        waiting: operations that the server has not.
        held: operations that it keeps aside.
        remaining: operations still to come down.
        since_ms: since when it goes wrong.
        next_ms: when it is tried again by itself.
        synced_at_ms: when both sides last had everything.
        server: its address.
    """

    state: State
    fault: str = ""
    waiting: int = 0
    held: int = 0
    remaining: int = 0
    since_ms: int = 0
    next_ms: int | None = None
    synced_at_ms: int | None = None
    server: str = ""

    @property
    def code(self) -> str:
        """What goes wrong, as a sentence is found for it."""
        return self.fault

    @property
    def params(self) -> Mapping[str, Any]:
        """Its values."""
        return {"server": self.server}

    @property
    def tone(self) -> Tone:
        """How urgent it is."""
        return TONES[self.state]

    @property
    def icon(self) -> str:
        """Its sign."""
        return ICONS[self.state]

    @property
    def troubled(self) -> bool:
        """Whether something stands in the way."""
        return bool(self.fault) or self.state == "revoked"


def shown(about: About | None, seen: Seen, kept: Standing, now_ms: int, *, asked: bool = False) -> Shown:
    """One state out of what is known.

    Args:
        about: whom the shop is tied to.
        seen: how the tie stands.
        kept: what waits here.
        now_ms: this instant.
        asked: somebody has asked to sync and has had no answer yet.
    """
    if about is None:
        return Shown("alone")
    standing, fault = seen.standing, "" if seen.fault in _PASSING else seen.fault
    state = _STATES.get(fault, "trouble") if fault else ""
    if standing.state == "revoked" or (about.shut_out and state != "login"):
        state = "revoked"
    elif fault and state not in _AT_ONCE and now_ms - seen.since_ms < AFTER_MS:
        state, fault = "", ""
    if not state:
        state = _in_order(about, seen, kept, asked=asked)
    return Shown(
        state,
        fault,
        kept.waiting,
        kept.held,
        standing.remaining,
        seen.since_ms,
        seen.next_ms,
        about.synced_at_ms,
        about.server,
    )


def _in_order(about: About, seen: Seen, kept: Standing, *, asked: bool) -> State:
    """Nothing stands in the way. A look at the server that brings nothing is not worth a word."""
    under_way = seen.standing.state == "syncing"
    if about.fetching:
        return "fetching"
    if asked or (under_way and (kept.waiting or seen.standing.remaining)):
        return "syncing"
    if kept.waiting or about.synced_at_ms is None:
        return "waiting"
    return "held" if kept.held else "synced"
