"""start.py: what a person is told, and when an install is done again."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType


@pytest.fixture
def checkout(start: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """start.py pointed at an empty folder that has locks, a pyproject.toml and this test's own Python."""
    (tmp_path / ".ci").mkdir()
    for name, lock in start.LOCKS.items():
        (tmp_path / ".ci" / lock.name).write_bytes(lock.read_bytes())
        monkeypatch.setitem(start.LOCKS, name, tmp_path / ".ci" / lock.name)
    (tmp_path / "pyproject.toml").write_bytes((start.ROOT / "pyproject.toml").read_bytes())
    monkeypatch.setattr(start, "ROOT", tmp_path)
    monkeypatch.setattr(start, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(start, "STATE", tmp_path / ".venv" / "start.json")
    monkeypatch.setattr(start, "PYTHON", sys.executable)
    start.VENV.mkdir()
    return start


def installed(start: ModuleType, *kinds: str) -> dict[str, str]:
    """What start.py notes down after it installed these locks."""
    return {
        "state": "ready",
        "checkout": str(start.ROOT),
        "python": start.venv_python_version(),
        "project": start.project_fingerprint(),
        **{kind: start.fingerprint(start.LOCKS[kind]) for kind in kinds},
    }


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "start.py"), *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_a_command_it_does_not_know_is_answered_with_those_it_knows(root: Path) -> None:
    for arguments in ((), ("deploy",)):
        result = run(root, *arguments)
        assert result.returncode == 2
        for known in ("demo", "test", "build"):
            assert f"python3 start.py {known}" in result.stdout


def test_an_older_python_can_read_it_as_far_as_its_sentence(root: Path) -> None:
    text = (root / "start.py").read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 7))
    before, _, _ = text.partition("if sys.version_info < (3, 11)")
    assert "def " not in before
    assert "from __future__" not in "\n".join(line for line in text.splitlines() if not line.startswith("#"))


def test_it_leans_on_nothing_but_the_standard_library(root: Path) -> None:
    tree = ast.parse((root / "start.py").read_text(encoding="utf-8"))
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_a_checkout_with_nothing_installed_is_not_ready(checkout: ModuleType) -> None:
    assert not checkout.ready("run")


@pytest.mark.parametrize(
    ("done", "asked", "ready"), [("run", "run", True), ("dev", "run", True), ("run", "dev", False)]
)
def test_what_is_installed_is_not_installed_again(
    checkout: ModuleType, done: str, asked: str, *, ready: bool
) -> None:
    checkout.write_state(installed(checkout, done))
    assert checkout.ready(asked) is ready


@pytest.mark.parametrize(
    "change",
    [{"state": "installing"}, {"checkout": "elsewhere"}, {"python": "3.9"}],
    ids=["interrupted", "moved", "another python"],
)
def test_an_environment_that_cannot_be_trusted_is_made_anew(
    checkout: ModuleType, change: dict[str, str]
) -> None:
    checkout.write_state(installed(checkout, "run", "dev") | change)
    assert not checkout.usable(checkout.read_state())
    assert not checkout.ready("run")


def test_a_note_that_was_cut_short_counts_as_none(checkout: ModuleType) -> None:
    checkout.write_state(installed(checkout, "run"))
    checkout.STATE.write_text(checkout.STATE.read_text(encoding="utf-8")[:40], encoding="utf-8")
    assert checkout.read_state() == {}
    assert not checkout.ready("run")


def test_a_changed_lock_is_installed(checkout: ModuleType) -> None:
    checkout.write_state(installed(checkout, "run", "dev"))
    for lock in checkout.LOCKS.values():
        lock.write_text(lock.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert checkout.usable(checkout.read_state())
    assert not checkout.ready("run")


def test_a_changed_version_is_installed_and_a_changed_linter_is_not(checkout: ModuleType) -> None:
    checkout.write_state(installed(checkout, "run"))
    settings = checkout.ROOT / "pyproject.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("line-length = 110", "line-length = 111"), encoding="utf-8")
    assert checkout.ready("run")
    settings.write_text(text.replace('version = "', 'version = "9.', 1), encoding="utf-8")
    assert not checkout.ready("run")


def test_line_endings_of_a_windows_checkout_change_nothing(checkout: ModuleType) -> None:
    lock = checkout.LOCKS["run"]
    before = checkout.fingerprint(lock)
    lock.write_bytes(lock.read_bytes().replace(b"\n", b"\r\n"))
    assert checkout.fingerprint(lock) == before


def test_settings_that_would_lead_pip_elsewhere_are_left_out(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_TARGET", "elsewhere")
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("PIP_INDEX_URL", "https://registry.example")
    environment = start.install_environment()
    assert "elsewhere" not in environment.values()
    assert environment["PIP_USER"] == "0"
    assert environment["PIP_INDEX_URL"] == "https://registry.example"


def test_a_step_that_fails_shows_what_was_said_and_what_to_do(start: ModuleType) -> None:
    said = [
        sys.executable,
        "-c",
        "print('Collecting a'); print('No space left on device'); raise SystemExit(1)",
    ]
    with pytest.raises(start.Stop) as stopped:
        start.step("packages", said)
    assert stopped.value.code == 3
    assert "No space left on device" in str(stopped.value)
    assert "Make room" in str(stopped.value)
    assert "Collecting" not in str(stopped.value)


def test_the_state_is_one_small_json_object(checkout: ModuleType) -> None:
    checkout.write_state(installed(checkout, "run"))
    assert json.loads(checkout.STATE.read_text(encoding="utf-8"))["state"] == "ready"
    assert [path.name for path in checkout.VENV.iterdir()] == ["start.json"]


@pytest.fixture
def asked(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, set[str], set[str]]]:
    """What each command asked for: the lock, libraries and programs; nothing is installed, started or built."""
    found: list[tuple[str, set[str], set[str]]] = []

    def prepare(kind: str, libraries: dict[str, str], programs: dict[str, str]) -> None:
        found.append((kind, set(libraries), set(programs)))
        raise start.Stop("as far as this test goes")

    monkeypatch.setattr(start, "prepare", prepare)
    return found


@pytest.mark.parametrize("variable", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_the_demo_asks_for_a_windows_libraries_where_there_is_a_display(
    start: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    asked: list[tuple[str, set[str], set[str]]],
    variable: str,
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    start.main(["demo"])
    monkeypatch.setenv(variable, ":0")
    start.main(["demo"])
    assert asked[0] == ("run", set(), set())
    kind, libraries, programs = asked[1]
    assert (kind, programs) == ("run", set())
    assert {"libGL.so.1", "libxcb-cursor.so.0"} <= libraries


def test_what_is_built_and_tested_needs_what_a_window_does(
    start: ModuleType, asked: list[tuple[str, set[str], set[str]]]
) -> None:
    start.main(["build"])
    start.main(["test"])
    built, tested = asked
    assert built[0] == tested[0] == "dev"
    assert start.WINDOW_LIBRARIES.keys() < built[1] == tested[1]
    assert {"objcopy"} == built[2] < tested[2]


def test_packages_are_named_for_what_is_missing_alone(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start.sys, "platform", "linux")
    libraries = {"libc.so.6": "libc6", "libnone-of-this-name.so.1": "libnone1"}
    programs = {"no-program-of-this-name": "none-bin"}
    monkeypatch.setattr(start, "loads", lambda library: library == "libc.so.6")
    assert start.missing_packages(libraries, programs, new_environment=False) == ["libnone1", "none-bin"]
    assert start.missing_packages({}, {}, new_environment=False) == []


@pytest.fixture
def freezer(checkout: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands with which the program was frozen; each leaves the folder it would make."""
    commands: list[list[str]] = []

    def step(_name: str, command: list[str], _packages: int = 0) -> None:
        commands.append(command)
        checkout.FROZEN.mkdir(parents=True, exist_ok=True)
        (checkout.ROOT / "build" / "frozen").mkdir(parents=True, exist_ok=True)

    (checkout.ROOT / "pos").mkdir()
    (checkout.ROOT / "build.spec").touch()
    monkeypatch.setattr(checkout, "FROZEN", checkout.ROOT / "dist" / "hatkhata")
    monkeypatch.setattr(checkout, "step", step)
    return commands


def test_the_program_is_frozen_again_only_if_something_in_it_changed(
    checkout: ModuleType, freezer: list[list[str]]
) -> None:
    module = checkout.ROOT / "pos" / "shop.py"
    for text, times in (("a = 1", 1), ("a = 1", 1), ("a = 2", 2)):
        module.write_text(text, encoding="utf-8")
        checkout.freeze([])
        assert len(freezer) == times
    checkout.freeze(["--clean"])
    assert "--clean" in freezer[-1]
    assert len(freezer) == 3


def test_a_program_that_was_not_finished_is_frozen_again(
    checkout: ModuleType, freezer: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout.freeze([])
    (checkout.ROOT / "build.spec").write_text("# changed", encoding="utf-8")

    def broken(*_: object) -> None:
        raise checkout.Stop("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(checkout, "step", broken)
        with pytest.raises(checkout.Stop):
            checkout.freeze([])
    (checkout.ROOT / "build.spec").write_text("", encoding="utf-8")
    checkout.freeze([])
    assert len(freezer) == 2
