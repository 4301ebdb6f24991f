"""Restoring for the window: what a backup would change, told before anything is changed, and then the change.

The window may not reach into the store; this hands it frozen views. The work is `pos.store.restore`'s.
"""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - msgspec resolves the fields' types
from typing import TYPE_CHECKING

import msgspec

from pos.store import restore as restoring

if TYPE_CHECKING:
    from pos.domain.times import Clock
    from pos.paths import ShopPaths


class RestorePreview(msgspec.Struct, frozen=True):
    """What a restore would do. Amounts in paisa, instants UTC milliseconds.

    `shop` and what follows are the backup's; `missing_…` is what the present shop has and the backup lacks, with
    the first twenty order numbers, and `replayable` how many of these acts the second journal can bring back.
    `current_shop` is None where nothing readable would be replaced.
    """

    file: Path
    shop: str
    made_at_ms: int
    orders: int
    total_paisa: int
    last_order_at_ms: int | None
    missing_operations: int
    missing_orders: int
    missing_paisa: int
    missing_numbers: tuple[str, ...]
    replayable: int
    current_shop: str | None
    same_vendor: bool


class RestoreDone(msgspec.Struct, frozen=True):
    """What a restore did: `safety` is the backup of the shop as it was before, if it could be read."""

    orders: int
    replayed: int
    device_code: str
    safety: Path | None


def preview_restore(paths: ShopPaths, file: Path) -> RestorePreview:
    """Look at a backup without changing anything; the shop may be open.

    Raises:
        UserError: ``backup_missing``, ``backup_damaged``, ``backup_newer``.
        EnvironmentFault: there is no room for it.
    """
    seen = restoring.preview(paths, file)
    held, lost = seen.backup.manifest, seen.missing
    return RestorePreview(
        file=file,
        shop=held.shop,
        made_at_ms=held.made_at_ms,
        orders=held.orders,
        total_paisa=held.total_paisa,
        last_order_at_ms=held.last_order_at_ms,
        missing_operations=lost.operations,
        missing_orders=lost.orders,
        missing_paisa=lost.total_paisa,
        missing_numbers=lost.numbers,
        replayable=seen.replayable,
        current_shop=seen.current_shop,
        same_vendor=seen.same_vendor,
    )


def restore_backup(
    paths: ShopPaths, clock: Clock, file: Path, *, replay: bool = False, shop_name: str | None = None
) -> RestoreDone:
    """Put a backup in the shop's place. The shop must be closed in this process; it is opened anew afterwards.

    What is there now is kept as a backup first, so that this too can be undone.

    Args:
        paths: the shop's files.
        clock: for the time of the new number series.
        file: the backup.
        replay: also bring back what the second journal holds beyond it.
        shop_name: the backup's shop, typed out; needed when it is another vendor's.

    Raises:
        UserError: as `preview_restore`, and ``backup_other_shop``.
        EnvironmentFault: the machine refused; the present shop is untouched.
    """
    done = restoring.restore(paths, clock, file, replay=replay, shop_name=shop_name)
    return RestoreDone(done.orders, done.replayed, done.device_code, done.safety)
