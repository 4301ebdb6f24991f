"""The `hatkhata` command: everything the app can do without a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code of contracts.md §6 comes back."""
    try:
        from pos.cli.run import run

        return run(arguments)
    except KeyboardInterrupt:  # so early that nothing was begun
        return 1
