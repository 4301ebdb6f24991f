"""What holds for every test: no shop of a person's own, Qt off-screen, and no failure for being slow."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile(
    "hatkhata",
    # A busy machine is slow, not wrong; print_blob gives the line that repeats a failure elsewhere.
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("hatkhata")


@pytest.fixture(scope="session", autouse=True)
def nobodys_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keeps every test, and every command it starts, away from the shop of the person who runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HATKHATA_HOME", str(tmp_path_factory.mktemp("nobody") / "shop"))
        patch.delenv("HATKHATA_NOW", raising=False)
        yield
