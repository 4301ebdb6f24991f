"""docs/operations.md says what the server's command can do, all of it and nothing else, and names every variable."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click
import pytest

from pos.server.commands import server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OPTION = re.compile(r"--[a-z][a-z-]*")
_ANYWHERE = {"--help", "--json", "--lang"}


@pytest.fixture
def page(root: Path) -> str:
    """The page for whoever runs a server."""
    return (root / "docs" / "operations.md").read_text(encoding="utf-8")


def commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name, command


def test_every_command_and_option_of_the_server_stands_in_its_page_and_no_other(page: str) -> None:
    table = page.split("## Commands")[1].split("## Settings", maxsplit=1)[0]
    told = {}
    for line in re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE):
        words = re.split(r" [\[A-Z-]", line)[0]
        told[words] = set(_OPTION.findall(line)) - _ANYWHERE
    told.pop("hatkhata-server")
    there = {
        name: {option for one in command.params for option in one.opts if option.startswith("--")} - _ANYWHERE
        for name, command in commands(server)
    }
    assert told == there


def test_every_variable_of_the_server_is_told(page: str, root: Path) -> None:
    read = set()
    for file in (root / "pos" / "server").rglob("*.py"):
        read |= set(re.findall(r'"(HATKHATA_[A-Z_]+)"', file.read_text(encoding="utf-8")))
    read.discard("HATKHATA_SERVER_WORKER")  # from the server's own process to its workers
    told = set(re.findall(r"^\| `(HATKHATA_[A-Z_]+)` \|", page, re.MULTILINE))
    assert told == read


def test_what_is_shown_of_limits_is_what_holds(page: str) -> None:
    from pos.protocol.codec import LIMIT_BYTES
    from pos.protocol.messages import MAX_OPERATIONS
    from pos.server.limits import usual_limits

    limits = usual_limits()
    assert limits.stored_bytes == 4 << 30
    assert LIMIT_BYTES == 8 << 20
    for said in (f"{MAX_OPERATIONS} operations a message", "8 MB a message", "4 GB of\noperations"):
        assert said in page
