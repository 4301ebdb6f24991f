"""One run of the command: its arguments, its exit code, and every error as a sentence.

Exit 0 done · 1 the user can mend it · 2 usage · 3 environment. With `--json`, wherever it stands, exactly one
JSON object goes to standard output, for errors too.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

import click

from pos.cli.context import Session, say_error
from pos.cli.streams import ReaderGoneError, open_streams
from pos.cli.usage import usage_params
from pos.errors import EnvironmentFault, UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pos.cli.context import UnseenWindow

DONE, MENDABLE, USAGE, ENVIRONMENT = 0, 1, 2, 3


def run(arguments: Sequence[str] | None = None, window: UnseenWindow | None = None) -> int:
    """Run the command with these arguments, or the process's own; `window` as in `pos.cli.main`."""
    open_streams()
    given = list(sys.argv[1:] if arguments is None else arguments)
    # "--json anywhere": taken out before the parser, which would want it at one place only.
    session = Session(json="--json" in given, environ=dict(os.environ), window=window)
    words = [word for word in given if word != "--json"]
    code = _told(words, session)
    with _uninterrupted():
        session.close()
    return code


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """The answer is out: a Ctrl-C now must not turn what was done into an exit that says otherwise."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _told(words: list[str], session: Session) -> int:
    """Run, and tell what went wrong."""
    try:
        return _obeyed(words, session)
    except ReaderGoneError:
        return DONE
    except click.UsageError as error:
        say_error(session, "usage", usage_params(error), usage=error)
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        say_error(session, "stopped", {})
        return MENDABLE
    except UserError as error:
        say_error(session, error.code, error.params)
        return MENDABLE
    except EnvironmentFault as error:
        say_error(session, error.code, error.params)
        return ENVIRONMENT
    except MemoryError:
        say_error(session, "memory_short", {})
        return ENVIRONMENT
    except Exception as error:  # noqa: BLE001 - a traceback shown to a vendor is a bug
        return _unexpected(session, error)


def _obeyed(words: list[str], session: Session) -> int:
    """Run. With `--json` whatever else is printed, such as a help text, becomes the one object."""
    from pos.cli.commands import hatkhata

    printed = io.StringIO()
    with contextlib.redirect_stdout(printed) if session.json else contextlib.nullcontext():
        left = hatkhata.main(args=words, prog_name="hatkhata", standalone_mode=False, obj=session)
    if session.json and not session.answered:
        session.answer({"help": printed.getvalue().rstrip()}, list)
    return left if isinstance(left, int) else session.exit_code


def _unexpected(session: Session, error: BaseException) -> int:
    """A fault of ours: noted in the log with its place, told with a short code."""
    session.note_crash(error)
    say_error(session, "bug", {"kind": type(error).__name__})
    if os.environ.get("HATKHATA_TRACE"):
        raise error
    return ENVIRONMENT
