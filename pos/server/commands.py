"""The commands of `hatkhata-server`; those about hats and notices are in `pos.server.calling`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pos.domain.money import plain_money
from pos.domain.pairing_link import pairing_link
from pos.domain.times import SystemClock, dhaka_time, iso
from pos.l10n.dates import clock_time
from pos.l10n.numbers import money
from pos.l10n.sentences import phrase
from pos.server.accounts import ROLES, Accounts
from pos.server.calling import hat, notice
from pos.server.limits import DEFAULT_QUOTA_GB
from pos.server.serving import DEFAULT_HOST, DEFAULT_PORT, QUOTA_VARIABLE

if TYPE_CHECKING:
    from pos.l10n import Lang
    from pos.server.accounts import Role
    from pos.server.held import HeldView
    from pos.server.session import Session

URL_VARIABLE = "HATKHATA_SERVER_URL"
_pass = click.pass_obj


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["--help"]})
@click.option(
    "--database",
    default="",
    help="sqlite:///PATH or postgresql://USER@HOST/NAME; else HATKHATA_SERVER_DATABASE, else a file of its own.",
)
@click.option("--lang", type=click.Choice(["bn", "en"]), default="bn", help="Language of the answers.")
@click.pass_context
def server(context: click.Context, database: str, lang: Lang) -> None:
    """The central server of Hatkhata. Without a command it serves."""
    session: Session = context.obj
    session.lang = lang
    session.database_url = database
    if context.invoked_subcommand is None:
        with serve.make_context("serve", [], parent=context) as own:  # `invoke` would not ask the environment
            serve.invoke(own)


@server.command()
@click.option(
    "--host",
    default=DEFAULT_HOST,
    show_default=True,
    help="Where to listen; TLS belongs to a proxy in front.",
)
@click.option("--port", type=click.IntRange(1, 65535), default=DEFAULT_PORT, show_default=True)
@click.option("--database", "own", default="", help="As before the command.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes; more than one need PostgreSQL.",
)
@click.option("--behind-proxy", is_flag=True, help="Believe the last address in X-Forwarded-For.")
@click.option(
    "--quota-gb",
    type=click.IntRange(1, 1_000_000),
    default=DEFAULT_QUOTA_GB,
    show_default=True,
    envvar=QUOTA_VARIABLE,
    help=f"How much the operations of one vendor may take up; else {QUOTA_VARIABLE}.",
)
@_pass
def serve(
    session: Session,
    host: str = DEFAULT_HOST,
    port: int = DEFAULT_PORT,
    own: str = "",
    workers: int = 1,
    behind_proxy: bool = False,
    quota_gb: int = DEFAULT_QUOTA_GB,
) -> None:
    """Serve until stopped; the database is brought to this release's schema first."""
    from pos.server.office import Office
    from pos.server.serving import ServeSettings, sole
    from pos.server.serving import serve as run

    session.database_url = own or session.database_url
    session.home.make()
    settings = ServeSettings(session.url(), host, port, workers, behind_proxy, quota_gb)
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    with sole(settings):
        database = session.unmigrated()
        if not database.is_current():
            database.migrate()
        # What an older release could not read may well stand now.
        Office(database, SystemClock(), crashed=session.crashed).retry_all()
        run(settings, lambda: _note(phrase("server_listens", session.lang, url=url)))
    session.answer({"url": url, "stopped": True}, [phrase("server_stops", session.lang)])


def _note(line: str) -> None:
    click.echo(line, err=True)


@server.command()
@_pass
def migrate(session: Session) -> None:
    """Bring the database to this release's schema, and judge anew what was held."""
    from pos.server.office import Office

    database = session.unmigrated()
    database.migrate()
    taken = Office(database, SystemClock(), crashed=session.crashed).retry_all()
    lines = [phrase("server_migrated", session.lang)]
    if taken:
        lines.append(phrase("server_retried", session.lang, count=taken))
    session.answer({"migrated": True, "retried": taken}, lines)


@server.command()
@_pass
def distribute(session: Session) -> None:
    """Spread the tables over the nodes of Citus."""
    from pos.server.distributing import distribute as spread

    tables = spread(session.database())
    session.answer({"distributed": tables}, [*tables, phrase("server_done", session.lang)])


@server.command("pairing-code")
@click.option("--vendor", required=True, help="The vendor's name; made if there is none of it.")
@click.option(
    "--url",
    "address",
    default="",
    help=f"The address that laptops use; else {URL_VARIABLE}, else this machine.",
)
@click.option("--qr", is_flag=True, help="Draw the link as a QR as well.")
@_pass
def pairing_code(session: Session, vendor: str, address: str, *, qr: bool) -> None:
    """A code with which one laptop joins a vendor: ten minutes, once."""
    code = session.office().pairing_code(vendor)
    url = address or os.environ.get(URL_VARIABLE, "") or f"http://{DEFAULT_HOST}:{DEFAULT_PORT}"
    at = iso(code.expires_at_ms)
    spoken = f"{code.code[:4]}-{code.code[4:]}"
    link = pairing_link(url, code.code)
    session.answer(
        {"code": code.code, "expires_at": at, "vendor_id": code.vendor_id.hex, "url": url, "link": link},
        [
            phrase(
                "server_code",
                session.lang,
                code=spoken,
                at=clock_time(dhaka_time(code.expires_at_ms), session.locale),
            ),
            phrase("server_code_use", session.lang, url=url, code=code.code),
            phrase("server_code_link", session.lang, link=link),
            *(_drawn(link) if qr else ()),
        ],
    )


def _drawn(link: str) -> list[str]:
    """A QR for the terminal, two rows of modules a line; black and white whatever its colours are."""
    import io

    import segno

    drawing = io.StringIO()
    segno.make_qr(link, error="m").terminal(drawing, compact=True)
    return [click.style(line, fg="bright_white", bg="black") for line in drawing.getvalue().splitlines()]


@server.command()
@_pass
def epoch(session: Session) -> None:
    """After a restore: let every laptop send again what this database has lost."""
    fresh = session.office().new_epoch()
    session.answer({"epoch": fresh}, [phrase("server_epoch", session.lang)])


@server.command()
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@_pass
def backup(session: Session, out: Path | None) -> None:
    """Copy the database while it serves."""
    from pos.server.backup import back_up

    made = back_up(session.url(), session.home.backups, SystemClock().now_ms(), out)
    values = {"file": str(made.file), "operations": made.operations, "sha256": made.sha256}
    session.answer(values, [str(made.file)])


@server.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_pass
def restore(session: Session, file: Path) -> None:
    """Put a backup of SQLite into the database's place, with a new epoch; what was there is kept aside."""
    from pos.server.restore import restore as put_back

    url = session.url()
    if url == session.home.database:
        session.home.make()
    done = put_back(url, file, SystemClock())
    lines = [phrase("server_restored", session.lang, file=done.file.name)]
    lines.append(phrase("server_epoch", session.lang))
    if done.aside is not None:
        lines.append(phrase("server_set_aside", session.lang, file=done.aside.name))
    values = {
        "file": str(done.file),
        "operations": done.operations,
        "epoch": done.epoch,
        "aside": None if done.aside is None else str(done.aside),
    }
    session.answer(values, lines)


# ---- vendors ---------------------------------------------------------------------------------------------


@server.group()
def vendor() -> None:
    """Vendors and their devices."""


@vendor.command("add")
@click.argument("name")
@_pass
def vendor_add(session: Session, name: str) -> None:
    """Make a vendor."""
    vendor_id = session.office().vendor(name)
    session.answer({"vendor_id": vendor_id.hex}, [phrase("server_done", session.lang)])


@vendor.command("list")
@_pass
def vendor_list(session: Session) -> None:
    """Every vendor."""
    views = session.office().vendors()
    values = [
        {
            "vendor_id": view.vendor_id.hex,
            "name": view.name,
            "devices": view.devices,
            "operations": view.operations,
            "held": view.held,
            "last_seen_at": _at(view.last_seen_ms),
        }
        for view in views
    ]
    lines = [
        session.row(view.name, view.devices, view.operations, view.held, _at(view.last_seen_ms))
        for view in views
    ]
    session.answer({"vendors": values}, lines or [phrase("server_none", session.lang)])


@vendor.command("devices")
@click.argument("name")
@_pass
def vendor_devices(session: Session, name: str) -> None:
    """The devices of a vendor."""
    views = session.office().devices(name)
    values = [
        {
            "device": view.device_id.hex,
            "code": view.code,
            "name": view.name,
            "app": view.app,
            "operations": view.last_n,
            "waiting": view.waiting,
            "last_seen_at": _at(view.last_seen_ms),
            "revoked_at": _at(view.revoked_at_ms),
        }
        for view in views
    ]
    lines = [
        session.row(view.code, view.name, view.last_n, view.waiting, _at(view.last_seen_ms)) for view in views
    ]
    session.answer({"devices": values}, lines or [phrase("server_none", session.lang)])


@vendor.command("revoke")
@click.argument("name")
@click.argument("code")
@_pass
def vendor_revoke(session: Session, name: str, code: str) -> None:
    """Shut a device out: what it sends is held, and nothing goes down to it."""
    session.office().revoke(name, code)
    session.answer({"revoked": code.strip().upper()}, [phrase("server_done", session.lang)])


@vendor.command("retry")
@click.argument("name", required=False)
@click.option("--all", "every", is_flag=True, help="Of every vendor, instead of the one of this NAME.")
@_pass
def vendor_retry(session: Session, name: str | None, every: bool) -> None:
    """Judge anew what is held of a vendor."""
    if (name is None) != every:
        raise click.UsageError("Either NAME or --all.")
    taken = session.office().retry_all() if name is None else session.office().retry(name)
    session.answer({"retried": taken}, [phrase("server_retried", session.lang, count=taken)])


@vendor.command("held")
@click.argument("name")
@_pass
def vendor_held(session: Session, name: str) -> None:
    """What is held of a vendor, by device and reason."""
    from pos.server.held import Held

    views = Held(session.office()).listed(name)
    values = [
        {
            "device": view.device_id.hex,
            "code": view.code,
            "name": view.name,
            "why": view.why,
            "operations": view.operations,
            "sales": view.sales,
            "total": plain_money(view.total_paisa),
        }
        for view in views
    ]
    lines = [
        session.row(view.code, view.name, view.why, view.operations, _sold(session, view)) for view in views
    ]
    session.answer({"held": values}, lines or [phrase("server_none", session.lang)])


def _sold(session: Session, view: HeldView) -> str:
    if not view.sales:
        return ""
    total = money(view.total_paisa, session.locale, taka=True)
    return phrase("server_held_sales", session.lang, count=view.sales, total=total)


@vendor.command("accept")
@click.argument("name")
@click.option("--device", "code", required=True, help="The code of the device that was shut out.")
@_pass
def vendor_accept(session: Session, name: str, code: str) -> None:
    """Take in what a device brought while it was shut out, and leave it out."""
    from pos.server.held import Held

    taken = Held(session.office()).accept(name, code)
    session.answer({"accepted": taken}, [phrase("server_retried", session.lang, count=taken)])


# ---- accounts --------------------------------------------------------------------------------------------


@server.group()
def user() -> None:
    """Accounts of organisers."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="keeper", show_default=True)
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input; else one is made."
)
@_pass
def user_add(session: Session, name: str, role: Role, password_stdin: bool) -> None:
    """Make an account."""
    given = _password() if password_stdin else None
    secret = Accounts(session.office()).add(name, role, given)
    _tell_password(session, name, secret, made=given is None, role=role)


@user.command("password")
@click.argument("name")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input; else one is made."
)
@_pass
def user_password(session: Session, name: str, password_stdin: bool) -> None:
    """Give an account another password."""
    given = _password() if password_stdin else None
    secret = Accounts(session.office()).reset(name, given)
    _tell_password(session, name, secret, made=given is None)


@user.command("close")
@click.argument("name")
@_pass
def user_close(session: Session, name: str) -> None:
    """Close an account."""
    Accounts(session.office()).close(name)
    session.answer({"closed": name}, [phrase("server_done", session.lang)])


@user.command("list")
@_pass
def user_list(session: Session) -> None:
    """Every account."""
    views = Accounts(session.office()).all()
    values = [{"name": view.name, "role": view.role, "closed": view.closed} for view in views]
    lines = [session.row(view.name, view.role, "-" if view.closed else "") for view in views]
    session.answer({"users": values}, lines or [phrase("server_none", session.lang)])


def _password() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _tell_password(session: Session, name: str, secret: str, *, made: bool, **more: str) -> None:
    """A password that was made is shown once; one that was given is not repeated."""
    values: dict[str, Any] = {"name": name, **more} | ({"password": secret} if made else {})
    line = (
        phrase("server_password", session.lang, who=name, password=secret)
        if made
        else phrase("server_done", session.lang)
    )
    session.answer(values, [line])


def _at(ms: int | None) -> str | None:
    return None if ms is None else iso(ms)


server.add_command(hat)
server.add_command(notice)
