"""Commands that tie the shop to its server: pair, sync."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from pos.cli.streams import write_note
from pos.domain.times import iso
from pos.errors import PosError
from pos.l10n.numbers import digits
from pos.l10n.sentences import phrase, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pos.cli.context import Session
    from pos.store.verify import Problem
    from pos.sync.courier import Courier, Status
    from pos.sync.pairing import Paired
    from pos.sync.round import Outcome
    from pos.sync.verify import Verified

_MENDABLE, _ENVIRONMENT = 1, 3


@click.command()
@click.argument("url", metavar="LINK|URL")
@click.argument("code", required=False)
@click.pass_context
def pair(context: click.Context, url: str, code: str | None) -> None:
    """Tie the shop to its server, or make a shop here from the vendor's records.

    A pairing LINK stands alone; the URL of a server wants a pairing CODE after it.
    """
    from pos.domain.pairing_link import read_pairing_link
    from pos.sync.pairing import pair as pair_shop

    session: Session = context.obj
    if code is None:
        link = read_pairing_link(url)
        if link is None:
            raise click.MissingParameter(ctx=context, param=click.Argument(["code"]))
        url, code = link
    with session.progress(0, phrase("fetching", session.lang)) as bar:
        done = pair_shop(session.paths, session.clock(), url, code, told=_seen(bar))
    if done.way != "came" or done.merged:
        _send_first(session)
    value = {
        "vendor": done.vendor,
        "device_code": done.device_code,
        "server": done.server,
        "way": done.way,
        "merged": done.merged,
        "safety_backup": done.safety,
    }
    session.answer(value, lambda: _paired_lines(done, session))


def _send_first(session: Session) -> None:
    """What is here goes up at once, so that the next laptop finds it; where that fails the shop is paired still."""
    try:
        with _courier(session) as courier, session.progress(0, phrase("syncing", session.lang)) as bar:
            courier.sync(_seen(bar))
    except PosError as fault:
        write_note(sentence(fault.code, fault.params, session.lang))


def _paired_lines(done: Paired, session: Session) -> Iterator[str]:
    lang = session.lang
    yield phrase(f"paired_{done.way}", lang, vendor=done.vendor, code=done.device_code, server=done.server)
    if done.merged:
        yield phrase("paired_merged", lang, count=done.merged)
    if done.safety:
        yield phrase("safety_kept", lang, file=done.safety)
    if done.way == "came":
        yield phrase("paired_history", lang)


@click.group(invoke_without_command=True)
@click.pass_context
def sync(context: click.Context) -> None:
    """Send and fetch until nothing is left."""
    session: Session = context.obj
    if context.invoked_subcommand is not None:
        return
    with _courier(session) as courier:
        with session.progress(0, phrase("syncing", session.lang)) as bar:
            done = courier.sync(_seen(bar))
        known = _status(session)
    value = _counts(known) | {"sent": done.sent, "received": done.received, "mended": done.mended}
    session.answer(value, lambda: _status_lines(value, session))


@sync.command("status")
@click.pass_obj
def sync_status(session: Session) -> None:
    """How the shop stands to its server, and whether the server is there; nothing is sent."""
    from pos.sync.courier import with_the_server

    known = _status(session)
    fault = None
    if known.state != "not_paired":
        with _courier(session) as courier:
            known, fault = with_the_server(known, courier)
    value = _counts(known) | {
        "server": known.server,
        "synced_at": iso(known.synced_at_ms) if known.synced_at_ms is not None else None,
        "problems": [] if fault is None else [_fault(fault, session)],
    }
    session.answer(value, lambda: _status_lines(value, session))
    if fault is not None:
        if not session.json:
            write_note(sentence(fault.code, fault.params, session.lang))
        session.exit_code = _ENVIRONMENT


@sync.command("verify")
@click.pass_obj
def sync_verify(session: Session) -> None:
    """Sync, then hold every operation against the server's and mend what differs here."""
    with _courier(session) as courier:
        found = courier.verify()
    value = {
        "agrees": found.agrees,
        "tables": {name: {"rows": rows, "digest": digest} for name, (rows, digest) in found.tables.items()},
        "alerts": [_problem(p, session) for p in found.alerts],
        "problems": [_problem(p, session) for p in found.problems],
        "operations": found.operations,
        "mended": found.mended,
        "only_here": found.only_here,
    }
    session.answer(value, lambda: _verified_lines(found, session))
    session.exit_code = 0 if found.agrees else _MENDABLE


def _courier(session: Session) -> Courier:
    from pos.sync.courier import Courier

    return Courier(session.shop.store, session.paths, session.clock())


def _status(session: Session) -> Status:
    from pos.sync.courier import status

    return status(session.shop.store, session.paths)


def _seen(bar: Callable[[int, int | None], None]) -> Callable[[Outcome], None]:
    """Moves the bar on: what has gone and come, of that and what is left."""
    gone = 0

    def told(outcome: Outcome) -> None:
        nonlocal gone
        gone += outcome.sent + outcome.received
        bar(gone, gone + outcome.pending + outcome.remaining)

    return told


def _fault(fault: PosError, session: Session) -> dict[str, Any]:
    return {"code": fault.code, "message": sentence(fault.code, fault.params, session.lang)}


def _counts(known: Status) -> dict[str, Any]:
    return {
        "state": known.state,
        "sent": known.sent,
        "received": known.received,
        "pending": known.pending,
        "held": known.held,
        "conflicts": known.conflicts,
    }


def _status_lines(value: dict[str, Any], session: Session) -> Iterator[str]:
    lang = session.lang
    match value["state"]:
        case "synced" | "waiting" | "fetching" | "not_paired" as state:
            yield phrase(f"sync_{state}", lang)
        case "login_needed":
            yield sentence("login_needed", {}, lang)
        case "revoked":
            yield sentence("device_shut_out", {}, lang)
    counts = {name: value[name] for name in ("sent", "received", "pending")}
    yield digits(phrase("sync_counts", lang, **counts), session.locale)
    for name in ("held", "conflicts"):
        if value[name]:
            yield digits(phrase(f"sync_{name}", lang, count=value[name]), session.locale)


def _problem(p: Problem, session: Session) -> dict[str, Any]:
    return {"code": p.code, "count": p.count, "where": list(p.where), "message": _finding(p, session)}


def _finding(p: Problem, session: Session) -> str:
    params: dict[str, object] = {"count": p.count, "where": ", ".join(p.where), "backup": ""}
    return sentence(f"found_{p.code}", params, session.lang)


def _verified_lines(found: Verified, session: Session) -> Iterator[str]:
    lang = session.lang
    yield phrase("verified" if found.agrees else "not_verified", lang, operations=found.operations)
    for p in (*found.problems, *found.alerts):
        yield f"  {_finding(p, session)}"
    if found.mended:
        yield "  " + phrase("verify_mended", lang, count=found.mended)
    if found.only_here:
        yield "  " + phrase("verify_only_here", lang, count=found.only_here)
