"""A folder that may be read and not written: looking works or is refused with the reason; nothing changes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pos.shop import open_shop
from tests.e2e.crew import Worker
from tests.shopkeeping import sale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pos.domain.times import FixedClock
    from pos.paths import ShopPaths

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="rights are set by POSIX means")
# Rights mean nothing to root; without this one power it is a user like others.
PLAIN_ROOT = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps=-all")


@pytest.fixture
def before() -> tuple[str, ...]:
    """What a command begins with so that rights count."""
    if os.getuid() != 0:
        return ()
    if shutil.which("setpriv") is None or subprocess.run([*PLAIN_ROOT, "true"], check=False).returncode:
        pytest.skip("root cannot lay down its power over rights here")
    return PLAIN_ROOT


@pytest.fixture
def closed(paths: ShopPaths, clock: FixedClock) -> Iterator[ShopPaths]:
    with open_shop(paths, clock) as shop:
        shop.orders.take(sale())
    for file in paths.home.rglob("*"):
        file.chmod(0o555 if file.is_dir() else 0o444)
    paths.home.chmod(0o555)
    yield paths
    paths.home.chmod(0o755)


def test_a_sale_is_refused_with_the_reason_and_reading_works(
    closed: ShopPaths, before: tuple[str, ...]
) -> None:
    files = {path.name: path.read_bytes() for path in closed.home.iterdir() if path.is_file()}
    seller = Worker(closed, "sell", 1, before=before)
    assert seller.finish() == 3
    assert seller.errors == ["folder_read_only"]
    reader = Worker(closed, "list", before=before)
    assert reader.finish() == 0
    assert reader.heard == [{"orders": ["A-26-000001"]}]
    doctor = Worker(closed, "doctor", before=before)
    assert doctor.finish() == 0
    assert doctor.heard == [{"problems": []}]
    assert {path.name: path.read_bytes() for path in closed.home.iterdir() if path.is_file()} == files
