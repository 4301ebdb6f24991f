"""A disk that is full or fails: an error with a code, everything confirmed still there, and clean afterwards."""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pos.l10n.sentences import SENTENCES
from pos.shop import open_shop
from tests.e2e.crew import Worker, assert_all_there
from tests.shopkeeping import problems, sale

if TYPE_CHECKING:
    from pathlib import Path

    from pos.domain.times import FixedClock
    from pos.paths import ShopPaths

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits and faults are set by POSIX means")

# System call, error, from which call on; `+1` means every one from there, else that one alone.
FAULTS = [
    ("fsync,fdatasync", "EIO", "3+1"),
    ("fsync,fdatasync", "EIO", "12"),
    ("fsync,fdatasync", "EIO", "40"),
    ("pwrite64", "ENOSPC", "30+1"),
    ("pwrite64", "EIO", "77"),
    ("pwrite64", "EIO", "400+1"),
    ("ftruncate,pread64", "EIO", "60+1"),
]


@functools.cache
def tracer() -> str | None:
    """Why there can be no injected fault here, or None."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], check=False, capture_output=True)
    return None if tried.returncode == 0 else "this system lets no process be traced"


@pytest.mark.parametrize("limit", [1, 20_000, 60_000, 150_000, 320_000])
def test_where_files_cannot_grow_the_sale_is_refused_and_nothing_confirmed_is_lost(
    paths: ShopPaths, clock: FixedClock, limit: int
) -> None:
    worker = Worker(paths, "sell-in-little-room", limit)
    assert worker.finish() == 3
    assert len(worker.errors) == 1
    assert worker.errors[0] in SENTENCES
    assert_all_there(paths, worker.confirmed)
    with open_shop(paths, clock) as shop:
        assert len(shop.orders.list()) == len(worker.confirmed)
        shop.orders.take(sale("P003"))
    assert_all_there(paths, worker.confirmed)


@pytest.mark.skipif(tracer() is not None, reason=str(tracer()))
@pytest.mark.parametrize(("calls", "error", "when"), FAULTS)
def test_a_system_call_that_fails_ends_in_an_error_with_a_sentence(
    paths: ShopPaths, clock: FixedClock, calls: str, error: str, when: str
) -> None:
    before = (
        "strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}",
        "-e", f"inject={calls}:error={error}:when={when}",
    )  # fmt: skip
    worker = Worker(paths, "sell", 30, before=before)
    code = worker.finish()
    assert code == (3 if worker.errors else 0)
    assert all(told in SENTENCES for told in worker.errors)
    with open_shop(paths, clock) as shop:
        extra = {o.number for o in shop.orders.list()} - set(worker.confirmed)
        assert len(extra) <= 1, "only the one that was refused may have arrived all the same"
    assert_all_there(paths, worker.confirmed)


@pytest.mark.skipif(tracer() is not None, reason=str(tracer()))
@pytest.mark.parametrize("when", ["2+1", "40+1"])
def test_a_backup_onto_a_failing_disk_leaves_no_file_of_the_final_name(paths: ShopPaths, when: str) -> None:
    calls = "write,pwrite64,fsync,fdatasync"
    before = (
        "strace", "-f", "-qq", "-o", "/dev/null", "-P", str(paths.backups), "-e", f"trace={calls}",
        "-e", f"inject={calls}:error=ENOSPC:when={when}",
    )  # fmt: skip
    worker = Worker(paths, "back-up", 1, before=before)
    worker.finish()
    assert [p.suffix for p in paths.backups.glob("*")] == [".hatkhata"] * len(
        worker.heard[1:2]
    ) or worker.errors
    assert problems(paths) == []


def test_a_backup_without_room_is_refused_with_the_reason(paths: ShopPaths, tmp_path: Path) -> None:
    target = tmp_path / "stick"
    target.mkdir()
    worker = Worker(paths, "back-up-in-little-room", 50_000, target)
    assert worker.finish() == 3
    assert worker.errors[0] in SENTENCES
    assert list(target.iterdir()) == []
    assert problems(paths) == []
