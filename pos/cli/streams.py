"""Standard input and output as they really are: closed by a script, full, in another encoding, or left early."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, TextIO

from pos.errors import EnvironmentFault

if TYPE_CHECKING:
    from collections.abc import Iterable


class ReaderGoneError(Exception):
    """Whoever read the answer went away, as `head` does: nothing is wrong, and nobody is left to be told."""


def open_streams() -> None:
    """Give every closed stream a place to go, and Bangla a way through consoles and pipes of any encoding."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - for the process
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]


def write_lines(stream: TextIO, lines: Iterable[str]) -> None:
    """Write an answer and see it through, so that what cannot be written is noticed here.

    Raises:
        ReaderGoneError: the reader went away.
        EnvironmentFault: ``answer_not_written``: the disk is full, say. What was asked for is done.
    """
    try:
        stream.writelines(line + "\n" for line in lines)
        stream.flush()
    except BrokenPipeError:
        forget(stream)
        raise ReaderGoneError from None
    except OSError as error:
        forget(stream)
        raise EnvironmentFault("answer_not_written") from error


def write_note(line: str) -> None:
    """Write to standard error, as far as anyone listens."""
    try:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()
    except OSError:
        forget(sys.stderr)


def forget(stream: TextIO) -> None:
    """What the stream still holds goes nowhere; else the interpreter tries once more at its end and complains."""
    with contextlib.suppress(OSError, ValueError):
        handle = os.open(os.devnull, os.O_WRONLY)
        os.dup2(handle, stream.fileno())
        os.close(handle)
