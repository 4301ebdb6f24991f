"""The `hatkhata` command: everything the app can do without a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pos.cli.context import UnseenWindow


def main(arguments: Sequence[str] | None = None, *, window: UnseenWindow | None = None) -> int:
    """Run one command; the exit code of contracts.md §6 comes back.

    Args:
        arguments: the process's own if left out.
        window: takes the demo's order in a window that nobody sees; this room knows none itself.
    """
    try:
        from pos.cli.run import run

        return run(arguments, window)
    except KeyboardInterrupt:  # so early that nothing was begun
        return 1
