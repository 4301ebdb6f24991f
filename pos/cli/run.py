"""One run of the command: its arguments, its exit code, and every error as a sentence.

Exit 0 done · 1 the user can mend it · 2 usage · 3 environment. With `--json`, wherever it stands, exactly one
JSON object goes to standard output, for errors too.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TYPE_CHECKING

import click

from pos.cli.context import Session, say_error
from pos.errors import EnvironmentFault, PosError, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

DONE, MENDABLE, USAGE, ENVIRONMENT = 0, 1, 2, 3


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, or the process's own."""
    _speak_utf8()
    given = list(sys.argv[1:] if arguments is None else arguments)
    # "--json anywhere": taken out before the parser, which would want it at one place only.
    wants_json = "--json" in given
    session = Session(json=wants_json, environ=dict(os.environ))
    code = _guarded([a for a in given if a != "--json"], session)
    with contextlib.suppress(OSError):
        sys.stdout.flush()
    return code


def _guarded(arguments: list[str], session: Session) -> int:
    from pos.cli.commands import hatkhata

    try:
        hatkhata.main(args=arguments, prog_name="hatkhata", standalone_mode=False, obj=session)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return USAGE
    except click.UsageError as error:
        say_error(session, "usage", {"what": error.format_message()}, usage=error)
        return USAGE
    except click.Abort:
        say_error(session, "stopped", {})
        return MENDABLE
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except UserError as error:
        say_error(session, error.code, error.params)
        return MENDABLE
    except EnvironmentFault as error:
        say_error(session, error.code, error.params)
        return ENVIRONMENT
    except PosError as error:
        return _unexpected(session, error)
    except BrokenPipeError:
        # The reader went away, as `head` does: nothing is wrong. The interpreter must not flush into it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        say_error(session, "stopped", {})
        return MENDABLE
    except MemoryError:
        say_error(session, "memory_short", {})
        return ENVIRONMENT
    except Exception as error:  # noqa: BLE001 - a traceback shown to a vendor is a bug
        return _unexpected(session, error)
    finally:
        session.close()
    return session.exit_code


def _unexpected(session: Session, error: BaseException) -> int:
    """A fault of ours: noted in the log with its place, told with a short code."""
    session.note_crash(error)
    say_error(session, "bug", {"kind": type(error).__name__})
    if os.environ.get("HATKHATA_TRACE"):
        raise error
    return ENVIRONMENT


def _speak_utf8() -> None:
    """Bangla on consoles and pipes that were set to something else."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            with contextlib.suppress(ValueError):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
