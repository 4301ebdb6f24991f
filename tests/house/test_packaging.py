"""The locks, the version, the licence and the README agree with what is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pos

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

LOCKS = (".ci/lock-run.txt", ".ci/lock-dev.txt")


def name_of(requirement: str) -> str:
    """The distribution that a requirement names, spelt as the locks spell it."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None
    return re.sub(r"[-_.]+", "-", found.group()).lower()


def pins(lock: str) -> dict[str, set[str]]:
    """Name of each distribution in a lock, and its versions (one per Python, where they differ)."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==(\S+)", lock, re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


def test_every_direct_dependency_is_in_its_lock(texts: dict[str, str], pyproject: dict[str, Any]) -> None:
    project = pyproject["project"]
    run = [*project["dependencies"], *pyproject["dependency-groups"]["install"]]
    extras = project["optional-dependencies"]
    run += extras["desktop"]
    dev = [
        *run,
        *extras["build"],
        *extras["server"],
        *(each for each in extras["dev"] if name_of(each) != project["name"]),
    ]
    assert {name_of(each) for each in run} <= set(pins(texts[LOCKS[0]]))
    assert {name_of(each) for each in dev} <= set(pins(texts[LOCKS[1]]))


def test_the_lock_for_development_holds_the_other_whole(texts: dict[str, str]) -> None:
    run, dev = (pins(texts[lock]) for lock in LOCKS)
    assert run
    assert run.items() <= dev.items()


def test_the_demo_brings_its_window_and_no_tools(texts: dict[str, str]) -> None:
    names = set(pins(texts[LOCKS[0]]))
    assert {"pyside6-essentials", "shiboken6"} <= names
    assert not names & {"mypy", "pyinstaller", "pytest", "pyside6", "pyside6-addons", "ruff"}


def test_every_pin_has_a_checksum(texts: dict[str, str]) -> None:
    for lock in LOCKS:
        entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n", "", texts[lock]).strip())
        assert entries
        assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_version_is_the_same_everywhere(texts: dict[str, str], pyproject: dict[str, Any]) -> None:
    version = pyproject["project"]["version"]
    assert pos.__version__ == version
    assert f"## [{version}]" in texts["CHANGELOG.md"]


def test_the_licence_is_the_one_that_is_named(texts: dict[str, str], pyproject: dict[str, Any]) -> None:
    assert pyproject["project"]["license"] == "Apache-2.0"
    assert "Apache License\n                           Version 2.0, January 2004" in texts["LICENSE"]


def test_every_library_has_its_reason_written_down(texts: dict[str, str], pyproject: dict[str, Any]) -> None:
    project = pyproject["project"]
    extras = project["optional-dependencies"]
    named = [*project["dependencies"], *extras["desktop"], *extras["server"]]
    reasons = texts["docs/decisions/0003-libraries.md"].lower()
    assert [each for each in map(name_of, named) if f"| {each} |" not in reasons] == []


def test_the_readme_has_exactly_two_commands_to_begin_with_and_names_the_third(
    texts: dict[str, str], start: ModuleType
) -> None:
    blocks = re.findall(r"^```\w*\n(.*?)^```", texts["README.md"], re.MULTILINE | re.DOTALL)
    told = [line for block in blocks for line in block.splitlines() if "start.py" in line]
    assert [line.split("#")[0].strip() for line in told] == ["python3 start.py demo", "python3 start.py test"]
    assert all(f"python3 start.py {name}" in texts["README.md"] for name in start.COMMANDS)
    assert not re.search(r"(?m)^\s*(?:\$ )?(?:pip|uv|apt-get|sudo|source) ", texts["README.md"])


def test_ci_runs_the_command_of_the_readme(texts: dict[str, str]) -> None:
    assert "exec python3 start.py test" in texts[".ci/run"]


def test_the_wheel_takes_every_package_along(root: Path, pyproject: dict[str, Any]) -> None:
    packages = pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert packages == ["pos", "ui", "resources"]
    assert all((root / package / "__init__.py").is_file() for package in packages)
