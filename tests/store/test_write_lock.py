"""One writer at a time, whether the other is in this process or in another, alive or killed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from pos.errors import EnvironmentFault
from pos.store.engine import WriteLock

if TYPE_CHECKING:
    from pathlib import Path

_HOLDER = """
import sys
from pathlib import Path
from pos.store.engine import WriteLock
with WriteLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "write.lock"


def hold_elsewhere(place: Path, root: Path) -> subprocess.Popen[bytes]:
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root
    )
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == b"held"
    return holder


def finish(holder: subprocess.Popen[bytes]) -> None:
    for pipe in (holder.stdin, holder.stdout):
        assert pipe is not None
        pipe.close()
    holder.wait(60)


def refused(place: Path) -> str:
    with pytest.raises(EnvironmentFault) as error, WriteLock(place, seconds=0):
        pass
    return error.value.code


def test_a_second_holder_in_one_process_is_told_that_the_shop_is_busy(place: Path) -> None:
    with WriteLock(place):
        assert refused(place) == "shop_busy"
    with WriteLock(place, seconds=0):
        pass


def test_who_waits_gets_the_lock_once_it_is_free(place: Path) -> None:
    got = threading.Event()

    def wait() -> None:
        with WriteLock(place):
            got.set()

    waiting = threading.Thread(target=wait)
    with WriteLock(place):
        waiting.start()
        assert not got.is_set()
    waiting.join(60)
    assert got.is_set()


def test_another_process_keeps_the_lock_until_it_lets_go(place: Path, pytestconfig: pytest.Config) -> None:
    holder = hold_elsewhere(place, pytestconfig.rootpath)
    assert refused(place) == "shop_busy"
    finish(holder)
    with WriteLock(place, seconds=0):
        pass


def test_a_killed_holder_leaves_no_lock_behind(place: Path, pytestconfig: pytest.Config) -> None:
    holder = hold_elsewhere(place, pytestconfig.rootpath)
    holder.kill()
    finish(holder)
    with WriteLock(place, seconds=0):
        pass


def test_an_error_inside_frees_the_lock(place: Path) -> None:
    with pytest.raises(ZeroDivisionError), WriteLock(place):
        raise ZeroDivisionError
    with WriteLock(place, seconds=0):
        pass


def test_a_folder_that_is_not_there_is_told_as_such(tmp_path: Path) -> None:
    assert refused(tmp_path / os.urandom(4).hex() / "write.lock") == "file_missing"


def test_a_lock_that_is_kept_open_is_free_between_holdings(place: Path) -> None:
    kept = WriteLock(place, keep=True)
    for _ in range(2):
        with kept:
            assert refused(place) == "shop_busy"
        with WriteLock(place, seconds=0):
            pass
    kept.close()


def test_a_lock_whose_file_was_deleted_meanwhile_locks_the_one_that_others_see(place: Path) -> None:
    kept = WriteLock(place, keep=True)
    with kept:
        pass
    place.unlink()
    with kept:
        assert refused(place) == "shop_busy"
    kept.close()
