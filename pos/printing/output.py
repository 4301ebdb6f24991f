"""Papers as files: a safe name, and a file that is whole or not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.errors import EnvironmentFault
from pos.settings import write_atomically

if TYPE_CHECKING:
    from pathlib import Path


def paper_name(paper: str, number: str, ending: str) -> str:
    """`invoice-A-26-000147.pdf`: an order number holds only characters that every system takes in a name."""
    return f"{paper}-{number}.{ending}"


def save_paper(path: Path, data: bytes) -> None:
    """Write a paper beside and put it in place.

    Raises:
        EnvironmentFault: ``file_not_written``; the order is saved all the same, and an older file is untouched.
    """
    try:
        write_atomically(path, data)
    except (OSError, ValueError) as error:
        raise EnvironmentFault("file_not_written", file=path.name) from error
