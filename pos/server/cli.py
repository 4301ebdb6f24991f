"""The `hatkhata-server` command: running the server, and what an organiser does until there are pages for it.

Exit 0 done · 1 the user can mend it · 2 usage · 3 environment. With `--json`, wherever it stands, exactly one
JSON object goes to standard output, for errors too (contracts.md §6).
"""

from __future__ import annotations

import contextlib
import json
import sys
from typing import TYPE_CHECKING

import click
from sqlalchemy.exc import SQLAlchemyError

from pos.errors import EnvironmentFault, PosError
from pos.l10n.sentences import sentence
from pos.log import EventLog
from pos.server.engine import environment_failed
from pos.server.home import server_home
from pos.server.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

DONE, MENDABLE, USAGE, ENVIRONMENT = 0, 1, 2, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    given = list(sys.argv[1:] if arguments is None else arguments)
    session = Session("--json" in given, server_home())
    try:
        return _told([word for word in given if word != "--json"], session)
    finally:
        session.close()


def _told(words: list[str], session: Session) -> int:
    from pos.server.commands import server

    try:
        with _help_kept(session):
            server.main(args=words, prog_name="hatkhata-server", standalone_mode=False, obj=session)
    except click.UsageError as error:
        return _say(session, "usage", {"detail": error.format_message()}, USAGE, error)
    except (click.Abort, KeyboardInterrupt):
        return _say(session, "stopped", {}, MENDABLE)
    except EnvironmentFault as error:
        return _say(session, error.code, error.params, ENVIRONMENT)
    except PosError as error:
        return _say(session, error.code, error.params, MENDABLE)
    except Exception as error:
        # Statements that run on the driver itself raise its own errors.
        if not environment_failed(error):
            if not isinstance(error, SQLAlchemyError):
                raise
            EventLog(session.home.logs).crash("command_crashed", error)
        return _say(session, "database_away", {}, ENVIRONMENT)
    return DONE


@contextlib.contextmanager
def _help_kept(session: Session) -> Iterator[None]:
    """With `--json` a help text becomes the one object as well."""
    if not session.json:
        yield
        return
    import io

    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        yield
    text = printed.getvalue()
    click.echo(text.rstrip() if session.answered else json.dumps({"help": text.rstrip()}, ensure_ascii=False))


def _say(
    session: Session,
    code: str,
    params: Mapping[str, object],
    exit_code: int,
    usage: click.UsageError | None = None,
) -> int:
    said = usage.format_message() if usage is not None else sentence(code, params, session.lang)
    if session.json:
        click.echo(json.dumps({"error": code, "message": said, "params": dict(params)}, ensure_ascii=False))
    else:
        click.echo(said, err=True)
    return exit_code
