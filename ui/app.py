"""The `hatkhata` command's entry: sub-commands go to the command line before Qt is even imported."""

from __future__ import annotations

import signal
import sys

from pos.cli import main as command_line


def main() -> int:
    """Run what was asked for; until there is a window, that is the command line."""
    code = command_line(sys.argv[1:])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # only the interpreter's own leaving is left
    return code


if __name__ == "__main__":
    sys.exit(main())
