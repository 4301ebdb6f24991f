"""Commands by which the organiser calls to every vendor: days of the hat calendar, and notices."""

from __future__ import annotations

import contextlib
import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import click

from pos.domain.hats import parse_clock, parse_day
from pos.domain.text import fold_digits
from pos.domain.times import DHAKA, iso, to_ms
from pos.errors import UserError
from pos.l10n.sentences import phrase

if TYPE_CHECKING:
    from pos.server.office import HatView, NoticeView
    from pos.server.session import Session

_pass = click.pass_obj


@click.group()
def hat() -> None:
    """Days that are not as the weekly rule has them, for every vendor."""


@hat.command("list")
@_pass
def hat_list(session: Session) -> None:
    """Every such day."""
    views = session.office().hats()
    lines = [session.row(view.on.isoformat(), view.kind, view.reason) for view in views]
    session.answer({"hats": [_hat(view) for view in views]}, lines or [phrase("server_none", session.lang)])


@hat.command("add")
@click.argument("date")
@click.option("--opens", help="As 10:00.")
@click.option("--closes", help="As 20:00.")
@click.option("--ordinal", type=click.IntRange(1), help="Which hat it is.")
@_pass
def hat_add(session: Session, date: str, opens: str | None, closes: str | None, ordinal: int | None) -> None:
    """Hold a hat on a day, or give it other hours."""
    view = session.office().add_hat(
        parse_day(fold_digits(date)), opens_min=_minutes(opens), closes_min=_minutes(closes), ordinal=ordinal
    )
    session.answer(_hat(view), [phrase("server_done", session.lang)])


@hat.command("cancel")
@click.argument("date")
@click.option("--why", default="", help="The reason, which vendors see.")
@_pass
def hat_cancel(session: Session, date: str, why: str) -> None:
    """There is no hat on a day."""
    view = session.office().cancel_hat(parse_day(fold_digits(date)), why)
    session.answer(_hat(view), [phrase("server_done", session.lang)])


@hat.command("clear")
@click.argument("date")
@_pass
def hat_clear(session: Session, date: str) -> None:
    """A day is as the weekly rule has it again."""
    day = parse_day(fold_digits(date))
    session.office().clear_hat(day)
    session.answer({"cleared": day.isoformat()}, [phrase("server_done", session.lang)])


@click.group()
def notice() -> None:
    """What every vendor is told."""


@notice.command("list")
@_pass
def notice_list(session: Session) -> None:
    """Every notice, newest first."""
    views = session.office().notices()
    lines = [session.row(view.notice_id.hex, view.body.title, "-" if view.gone else "") for view in views]
    values = [_notice(view) for view in views]
    session.answer({"notices": values}, lines or [phrase("server_none", session.lang)])


@notice.command("write")
@click.argument("title")
@click.argument("text")
@click.option("--title-en", default="")
@click.option("--text-en", default="")
@click.option("--kind", type=click.Choice(["news", "warning"]), default="news", show_default=True)
@click.option("--hat", "day", help="The date of the hat that it is about.")
@click.option("--until", help="The last day on which it is shown.")
@_pass
def notice_write(
    session: Session,
    title: str,
    text: str,
    title_en: str,
    text_en: str,
    kind: Any,
    day: str | None,
    until: str | None,
) -> None:
    """Tell every vendor something."""
    view = session.office().write_notice(
        title,
        text,
        title_en=title_en,
        text_en=text_en,
        kind=kind,
        hat=parse_day(fold_digits(day)) if day else None,
        until_ms=_end_of(parse_day(fold_digits(until))) if until else None,
    )
    session.answer(_notice(view), [view.notice_id.hex])


@notice.command("withdraw")
@click.argument("identity")
@_pass
def notice_withdraw(session: Session, identity: str) -> None:
    """Take a notice back."""
    found = None
    with contextlib.suppress(ValueError):
        found = uuid.UUID(hex=identity)
    if found is None:
        raise UserError("notice_id_unclear")
    session.office().withdraw_notice(found)
    session.answer({"withdrawn": found.hex}, [phrase("server_done", session.lang)])


def _hat(view: HatView) -> dict[str, Any]:
    return {
        "date": view.on.isoformat(),
        "kind": view.kind,
        "opens": _clock(view.opens_min),
        "closes": _clock(view.closes_min),
        "ordinal": view.ordinal,
        "reason": view.reason,
    }


def _notice(view: NoticeView) -> dict[str, Any]:
    body = view.body
    return {
        "id": view.notice_id.hex,
        "title": body.title,
        "text": body.text,
        "title_en": body.title_en,
        "text_en": body.text_en,
        "kind": body.kind,
        "hat": body.hat,
        "written_at": iso(view.made_at_ms),
        "until": None if body.until_ms is None else iso(body.until_ms),
        "withdrawn": view.gone,
    }


def _minutes(text: str | None) -> int | None:
    return None if text is None else parse_clock(fold_digits(text))


def _clock(minutes: int | None) -> str | None:
    return None if minutes is None else f"{minutes // 60:02d}:{minutes % 60:02d}"


def _end_of(day: dt.date) -> int:
    return to_ms(dt.datetime.combine(day + dt.timedelta(1), dt.time(), DHAKA))
