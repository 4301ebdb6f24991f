"""A bug that is put into the modules that ship, and where it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.sync.mutating import Change, mutated
from tests.sync.simulate import Failed, run_seed, storms_of
from tests.sync.world import Storms

if TYPE_CHECKING:
    from collections.abc import Callable

ROUND: Final = "pos.sync.round"
REKEY: Final = "pos.sync.rekey"
PAIRING: Final = "pos.sync.pairing"
TRIP: Final = "pos.server.roundtrip"
INTAKE: Final = "pos.server.intake"
STREAM: Final = "pos.server.stream"
RELAYED: Final = "pos.server.relayed"
FEED: Final = "pos.server.feed"
DEVICES: Final = "pos.server.devices"
HELD: Final = "pos.server.held"
ERASING: Final = "pos.server.erasing"
MERGE: Final = "pos.protocol.merge"
INBOX: Final = "pos.store.inbox"
REFOLD: Final = "pos.store.refold"
STANDING: Final = "pos.store.standing"
REFOLD_ORDERS: Final = "pos.store.refold_orders"
ORGANISER: Final = "pos.store.organiser"
VERIFY: Final = "pos.sync.verify"
MENDING: Final = "pos.sync.mending"

_CALM: Final = {"rollback": 0, "clone": 0, "blind": 0, "revoke": 0, "poison": 0, "versions": 0, "server": 0}


def storms(**more: float) -> Storms:
    """Fair weather but for these."""
    return Storms(**{**_CALM, **more})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One bug.

    Attributes:
        name: as sync.md §2.1 has it, where it stands there.
        changes: what is changed in which module.
        storms: the weather in which it shows; None for every kind, by the seed.
        first: the first seed that is known to catch it.
        steps: how much happens in each world.
        schedule: the small world in which it shows, in place of those that are drawn.
    """

    name: str
    changes: tuple[Change, ...]
    storms: Storms | None = None
    first: int = 0
    steps: int | None = None
    schedule: Callable[[], None] | None = None

    def caught(self, seeds: int, *, first: int | None = None) -> Failed | None:
        """The first of so many worlds that it spoils."""
        begin = self.first if first is None else first
        with mutated(*self.changes):
            if self.schedule is not None:
                return _spoilt(self.schedule)
            for seed in range(begin, begin + seeds):
                failed = run_seed(seed, steps=self.steps, storms=self.storms or storms_of(seed))
                if failed is not None:
                    return failed
        return None


def _spoilt(schedule: Callable[[], None]) -> Failed | None:
    try:
        schedule()
    except (Exception, AssertionError) as error:  # noqa: BLE001 - whatever the product raises is a finding
        return Failed(0, error, [])
    return None


def mutant(
    name: str,
    module: str,
    old: str,
    new: str,
    weather: Storms | None = None,
    *,
    first: int = 0,
    steps: int | None = None,
) -> Mutant:
    """A bug of one place, which shows in worlds that are drawn."""
    return Mutant(name, (Change(module, old, new),), weather, first, steps)


def targeted(name: str, module: str, old: str, new: str, schedule: Callable[[], None]) -> Mutant:
    """A bug of one place, which shows where this happens."""
    return Mutant(name, (Change(module, old, new),), schedule=schedule)
