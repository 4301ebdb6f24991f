"""A shop of an earlier release, before it is opened: opening alone would do the same, with nobody told meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.errors import PosError
from pos.log import EventLog
from pos.store.backup import schema_at
from pos.store.file import SCHEMA
from pos.store.store import bring_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.domain.times import Clock
    from pos.paths import ShopPaths


def upgrade_due(paths: ShopPaths) -> bool:
    """Whether the shop is of an earlier release. What does not open at all is for the opening to say."""
    try:
        return schema_at(paths) < SCHEMA
    except PosError:
        return False


def upgrade_shop(paths: ShopPaths, clock: Clock, begun: Callable[[str, int, int], None]) -> None:
    """Bring it to this release: backed up, a copy changed and checked, then put in place in one step.

    Args:
        paths: the shop, open nowhere.
        clock: the time.
        begun: told of each step before it is done: its name in `pos.store.upgrade.STEPS`, how many are done,
            and how many there are. What it raises leaves the shop as it was.

    Raises:
        UserError: ``shop_missing``, ``shop_lost``, ``database_newer``.
        EnvironmentFault: ``disk_full`` and the like, ``upgrade_failed``; the shop is as it was.
    """
    from pos.store.upgrade import STEPS  # brings the migrations' library along, which no other start needs

    log = EventLog(paths.logs)
    try:
        bring_up(paths, clock, log, lambda step: begun(step, STEPS.index(step), len(STEPS)))
    finally:
        log.close()
