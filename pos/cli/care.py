"""Commands that look after the shop: doctor, backup, restore."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pos.cli import text
from pos.domain.money import plain_money
from pos.l10n.sentences import sentence

if TYPE_CHECKING:
    from pos.cli.context import Session

_MENDABLE = 1


@click.command()
@click.pass_obj
def doctor(session: Session) -> None:
    """Check the shop's data against every rule; nothing is changed."""
    from pos.services.health import examine

    health = examine(session.paths)
    lang = session.lang
    value = {
        "ok": health.report.ok,
        "problems": [text.problem(p, health, lang) for p in health.report.problems],
        "alerts": [text.problem(p, health, lang) for p in health.report.alerts],
        "checks": health.report.checks,
        "sqlite": health.sqlite,
        "orders": health.orders,
        "operations": health.operations,
        "newest_backup": health.newest_backup,
        "synced_by": health.synced_by,
    }
    session.answer(value, lambda: text.health(health, session.locale))
    session.exit_code = 0 if health.report.ok else _MENDABLE


@click.command()
@click.option(
    "--to", type=click.Path(path_type=Path), help="Folder or file; the shop's own folder if left out."
)
@click.pass_obj
def backup(session: Session, to: Path | None) -> None:
    """Write a backup and prove that it can be read."""
    made = session.shop.backups.make(to)
    value = {
        "file": str(made.path),
        "orders": made.manifest.orders,
        "operations": made.manifest.operations,
        "sha256": made.sha256,
    }
    session.answer(value, lambda: text.backup(made, session.locale))


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--preview", is_flag=True, help="Only say what would be missing.")
@click.option(
    "--replay", is_flag=True, help="Also bring back what the second journal holds beyond the backup."
)
@click.option("--shop", "shop_name", help="The backup's shop, typed out; needed when it is another one.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def restore(
    session: Session, file: Path, preview: bool, replay: bool, shop_name: str | None, yes: bool
) -> None:
    """Put the backup FILE in the shop's place.

    What is there now is kept as a backup first. Asks before it begins, if there is somebody to ask.
    """
    from pos.store import restore as restoring

    seen = restoring.preview(session.paths, file)
    missing = {
        "operations": seen.missing.operations,
        "orders": seen.missing.orders,
        "total": plain_money(seen.missing.total_paisa),
        "numbers": list(seen.missing.numbers),
    }
    value = {
        "file": str(file),
        "shop": seen.backup.manifest.shop,
        "orders": seen.backup.manifest.orders,
        "operations": seen.backup.manifest.operations,
        "sha256": seen.backup.sha256,
        "missing": missing,
        "replayable": seen.replayable,
        "restored": False,
    }
    if preview:
        session.answer(value, lambda: text.restore_preview(seen, session.locale))
        return
    if not (yes or session.json) and sys.stdin.isatty():
        for line in text.restore_preview(seen, session.locale):
            click.echo(line)
        click.confirm(sentence("ask_restore", {}, session.lang), abort=True)
    done = restoring.restore(session.paths, session.clock(), file, replay=replay, shop_name=shop_name)
    value |= {
        "orders": done.orders,
        "operations": done.operations,
        "device_code": done.device_code,
        "replayed": done.replayed,
        "safety_backup": str(done.safety) if done.safety else None,
        "restored": True,
    }
    session.answer(value, lambda: text.restored(done, session.locale))
