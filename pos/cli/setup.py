"""Commands that set a shop up: init, settings, hat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pos.cli import text
from pos.cli.objects import hat_object
from pos.domain.hats import Hat, parse_day
from pos.domain.phones import local_phone

if TYPE_CHECKING:
    from pos.cli.context import Session
    from pos.settings import Value


@click.command()
@click.option("--vendor", required=True, help="The shop's name.")
@click.option("--phone", required=True, help="The shop's phone.")
@click.option("--prefix", default="A", show_default=True, help="Device code: one or two letters.")
@click.option("--lang", type=click.Choice(["bn", "en"]), default="bn", show_default=True, help="Language.")
@click.pass_obj
def init(session: Session, vendor: str, phone: str, prefix: str, lang: str) -> None:
    """Found a shop in an empty folder."""
    from pos.services.founding import found_shop

    founded = found_shop(session.paths, session.clock(), vendor=vendor, phone=phone, code=prefix, lang=lang)
    value = {"vendor": founded.vendor, "device_code": founded.device_code, "home": str(founded.home)}
    session.answer(value, lambda: text.founded(founded, session.lang))


@click.group()
def settings() -> None:
    """See and change settings."""


@settings.command("get")
@click.argument("key", required=False)
@click.pass_obj
def settings_get(session: Session, key: str | None) -> None:
    """Show one setting, or all."""
    configuration = session.shop.configuration
    _answer_settings(session, configuration.all() if key is None else {key: configuration.get(key)})


@settings.command("set", context_settings={"ignore_unknown_options": True})
@click.argument("key")
@click.argument("value")
@click.pass_obj
def settings_set(session: Session, key: str, value: str) -> None:
    """Change one setting."""
    _answer_settings(session, {key: session.shop.configuration.put(key, value)})


def _answer_settings(session: Session, values: dict[str, Value]) -> None:
    plain = {
        key: local_phone(str(value)) if key == "shop.phone" and value else value
        for key, value in values.items()
    }
    session.answer({"settings": plain}, lambda: (f"{key} = {value}" for key, value in plain.items()))


@click.group()
def hat() -> None:
    """The hat calendar: the weekly rule and its exceptions."""


def _answer(session: Session, hats: list[Hat]) -> None:
    now = session.clock().now_ms()
    value = {"hats": [hat_object(h, now) for h in hats]}
    session.answer(value, lambda: (text.hat_line(h, now, session.locale) for h in hats))


@hat.command("list")
@click.pass_obj
def hat_list(session: Session) -> None:
    """Hats of the last two weeks and the next six."""
    _answer(session, session.shop.configuration.hats())


@hat.command("add")
@click.argument("date")
@click.option("--opens", help="Opening time, HH:MM; the rule's if left out.")
@click.option("--closes", help="Closing time, HH:MM; the rule's if left out.")
@click.option("--ordinal", type=click.IntRange(min=1), help="Its number in the row of hats.")
@click.pass_obj
def hat_add(session: Session, date: str, opens: str | None, closes: str | None, ordinal: int | None) -> None:
    """Hold a hat on DATE (2026-11-24), or change its hours."""
    from pos.domain.text import fold_digits

    day = parse_day(fold_digits(date))
    _answer(session, [session.shop.configuration.add_hat(day, opens=opens, closes=closes, ordinal=ordinal)])


@hat.command("cancel")
@click.argument("date")
@click.pass_obj
def hat_cancel(session: Session, date: str) -> None:
    """There is no hat on DATE."""
    from pos.domain.text import fold_digits

    _answer(session, [session.shop.configuration.cancel_hat(parse_day(fold_digits(date)))])
