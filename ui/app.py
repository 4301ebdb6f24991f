"""The `hatkhata` command's entry: sub-commands go to the command line before Qt is even imported."""

from __future__ import annotations

import sys

from pos.cli import main as command_line


def main() -> int:
    """Run what was asked for; until there is a window, that is the command line."""
    return command_line(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
