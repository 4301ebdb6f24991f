"""Commands by which the organiser calls to every vendor: days of the hat calendar, and notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import msgspec

from pos.l10n.sentences import phrase
from pos.server import organising

if TYPE_CHECKING:
    from pos.server.session import Session

_pass = click.pass_obj


@click.group()
def hat() -> None:
    """Days that are not as the weekly rule has them, for every vendor."""


@hat.command("list")
@_pass
def hat_list(session: Session) -> None:
    """Every such day."""
    found = organising.hats(session.office())
    lines = [session.row(each.date, each.kind, each.reason) for each in found.hats]
    _answer(session, found, *lines or [phrase("server_none", session.lang)])


@hat.command("add")
@click.argument("date")
@click.option("--opens", help="As 10:00.")
@click.option("--closes", help="As 20:00.")
@click.option("--ordinal", type=click.IntRange(1, organising.HIGHEST_ORDINAL), help="Which hat it is.")
@_pass
def hat_add(session: Session, date: str, opens: str | None, closes: str | None, ordinal: int | None) -> None:
    """Hold a hat on a day, or give it other hours."""
    _set_hat(session, date, organising.HatChange("added", opens, closes, ordinal))


@hat.command("cancel")
@click.argument("date")
@click.option("--why", default="", help="The reason, which vendors see.")
@_pass
def hat_cancel(session: Session, date: str, why: str) -> None:
    """There is no hat on a day."""
    _set_hat(session, date, organising.HatChange("cancelled", reason=why))


def _set_hat(session: Session, date: str, change: organising.HatChange) -> None:
    _answer(session, organising.set_hat(session.office(), date, change), phrase("server_done", session.lang))


@hat.command("clear")
@click.argument("date")
@_pass
def hat_clear(session: Session, date: str) -> None:
    """A day is as the weekly rule has it again."""
    _answer(session, organising.clear_hat(session.office(), date), phrase("server_done", session.lang))


@click.group()
def notice() -> None:
    """What every vendor is told."""


@notice.command("list")
@_pass
def notice_list(session: Session) -> None:
    """Every notice, newest first."""
    found = organising.notices(session.office())
    lines = [session.row(each.id, each.title, "-" if each.withdrawn else "") for each in found.notices]
    _answer(session, found, *lines or [phrase("server_none", session.lang)])


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
    said = organising.NoticeText(title, text, title_en, text_en, kind, day, until)
    written = organising.write_notice(session.office(), said)
    _answer(session, written, written.id)


@notice.command("withdraw")
@click.argument("identity")
@_pass
def notice_withdraw(session: Session, identity: str) -> None:
    """Take a notice back."""
    _answer(
        session, organising.withdraw_notice(session.office(), identity), phrase("server_done", session.lang)
    )


def _answer(session: Session, found: msgspec.Struct, *lines: str) -> None:
    session.answer(msgspec.to_builtins(found), lines)
