"""The command, run in this very process or as a program of its own, on a shop of the test's own."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pos.cli import main
from pos.domain.times import FixedClock
from pos.paths import ShopPaths
from pos.services.founding import found_shop

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NOW = "2026-11-24T17:46:00+06:00"  # a Tuesday, in the middle of a hat
PROGRAM = Path(sys.executable).with_name("hatkhata.exe" if os.name == "nt" else "hatkhata")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    code: int
    out: str
    err: str

    @property
    def value(self) -> Any:
        """The one JSON object on standard output."""
        lines = self.out.splitlines()
        assert len(lines) == 1, self
        value = json.loads(lines[0], parse_constant=pytest.fail)
        assert isinstance(value, dict)
        return value

    @property
    def lines(self) -> list[str]:
        """Standard output, line by line."""
        return self.out.splitlines()


class Command:
    """Runs `hatkhata`. Whatever it is asked, no traceback and no fault of our own may come back."""

    def __init__(
        self, home: Path, patch: pytest.MonkeyPatch, captured: Callable[[], tuple[str, str]]
    ) -> None:
        self.home = home
        self._patch = patch
        self._captured = captured

    def __call__(self, *words: object, stdin: bytes = b"") -> Answer:
        """As it answers people."""
        self._patch.setenv("HATKHATA_HOME", str(self.home))
        self._patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        self._captured()
        code = main([str(word) for word in words])
        out, err = self._captured()
        assert "Traceback" not in out + err
        return Answer(code, out, err)

    def json(self, *words: object, stdin: bytes = b"", code: int = 0) -> Any:
        """As it answers programs: the object, after a look at its form and at the exit code."""
        answer = self(*words, "--json", stdin=stdin)
        value = answer.value
        assert answer.code == code, value
        assert ("error" in value) == (answer.code != 0 and "errors" not in value and "problems" not in value)
        if "error" in value:
            assert set(value) == {"error", "message", "params"}
            assert value["error"] != "bug", value
            assert value["message"].strip()
            assert "…" not in value["message"].replace("…”", "").replace(" …", ""), value
        return value

    def refuses(self, *words: object, stdin: bytes = b"", code: int = 1) -> str:
        """Which error it answers with."""
        return str(self.json(*words, stdin=stdin, code=code)["error"])

    def take(self, order: object, *, code: int = 0) -> Any:
        """`order take -`."""
        return self.json("order", "take", "-", stdin=json.dumps(order).encode(), code=code)

    def sound(self) -> bool:
        """Whether `doctor` finds nothing."""
        found = self.json("doctor")
        return bool(found["ok"] and not found["problems"] and all(found["checks"].values()))


@pytest.fixture(autouse=True)
def same_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A demo shop's clock stands in a hat; sentences come in Bangla whatever the machine speaks."""
    monkeypatch.setenv("HATKHATA_NOW", NOW)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo shop with the demo catalogue, to be copied and never touched."""
    home = tmp_path_factory.mktemp("stocked") / "shop"
    clock = FixedClock(dt.datetime.fromisoformat(NOW))
    found_shop(ShopPaths(home), clock, vendor="রূপকথা ঘর", phone="01733456789", demo=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HATKHATA_HOME", str(home))
        patch.setenv("HATKHATA_NOW", NOW)
        assert main(["import", str(DEMO), "--variants", str(DEMO_VARIANTS)]) == 0
    return home


DEMO = Path(__file__).parents[2] / "resources" / "demo" / "catalogue.csv"
DEMO_VARIANTS = DEMO.with_name("catalogue_variants.csv")


@pytest.fixture
def demo_files() -> tuple[Path, Path]:
    """The demo catalogue: products and variants."""
    return DEMO, DEMO_VARIANTS


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command with no shop yet."""

    def captured() -> tuple[str, str]:
        seen = capsys.readouterr()
        return seen.out, seen.err

    return Command(tmp_path / "shop", monkeypatch, captured)


@pytest.fixture
def shop(stocked: Path, command: Command) -> Command:
    """The command on a shop with the demo catalogue."""
    shutil.copytree(stocked, command.home)
    return command


@pytest.fixture
def program(command: Command) -> Callable[..., Answer]:
    """The installed program, started as a process of its own on the same shop."""

    def start(
        *words: object, stdin: bytes | None = b"", environ: Mapping[str, str | None] | None = None
    ) -> Answer:
        done = subprocess.run(
            [PROGRAM, *map(str, words)],
            input=stdin,
            capture_output=True,
            check=False,
            env=surroundings(command.home, environ or {}),
            timeout=120,
        )
        answer = Answer(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert "Traceback" not in answer.err
        return answer

    return start


@pytest.fixture
def environ_of() -> Callable[[Path, Mapping[str, str | None]], dict[str, str]]:
    """The environment of a process: `surroundings`."""
    return surroundings


def surroundings(home: Path, changes: Mapping[str, str | None]) -> dict[str, str]:
    """This process's environment on that shop, with changes; None takes a variable away."""
    wanted = dict(os.environ) | {"HATKHATA_HOME": str(home)} | dict(changes)
    return {name: value for name, value in wanted.items() if value is not None}
