"""Commands that look after the shop: doctor, backup, restore."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pos.cli import text
from pos.domain.money import plain_money
from pos.l10n.sentences import phrase, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pos.cli.context import Session
    from pos.store.restore import Preview

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
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--from-journal", is_flag=True, help="From the second journal alone, where there is no backup.")
@click.option("--partial", is_flag=True, help="With --from-journal: take what reads, though not all does.")
@click.option("--preview", is_flag=True, help="Only say what would be missing.")
@click.option(
    "--replay", is_flag=True, help="Also bring back what the second journal holds beyond the backup."
)
@click.option("--shop", "shop_name", help="The backup's shop, typed out; needed when it is another one.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def restore(
    context: click.Context,
    file: Path | None,
    from_journal: bool,
    partial: bool,
    preview: bool,
    replay: bool,
    shop_name: str | None,
    yes: bool,
) -> None:
    """Put the backup FILE in the shop's place, or what the second journal holds.

    What is there now is kept as a backup first. Asks before it begins, if there is somebody to ask.
    """
    from pos.store import restore as restoring

    session: Session = context.obj
    paths = session.paths
    if file is None and not from_journal:
        raise click.MissingParameter(ctx=context, param=context.command.params[0])
    if file is not None and (from_journal or partial):
        raise click.UsageError("No FILE goes with --from-journal and --partial.", context)
    file = _named(file, paths.backups) if file is not None else None
    seen = restoring.preview_journal(paths) if file is None else restoring.preview(paths, file)
    value = _previewed(seen)
    if preview:
        session.answer(value, lambda: _preview_lines(seen, session, from_journal=from_journal))
        return
    if not (yes or session.json) and sys.stdin.isatty():
        for line in _preview_lines(seen, session, from_journal=from_journal):
            click.echo(line)
        click.confirm(sentence("ask_restore", {}, session.lang), abort=True)
    clock = session.clock()
    if file is None:
        done = restoring.restore_from_journal(paths, clock, partial=partial, shop_name=shop_name)
    else:
        done = restoring.restore(paths, clock, file, replay=replay, shop_name=shop_name)
    value |= {
        "orders": done.orders,
        "operations": done.operations,
        "device_code": done.device_code,
        "replayed": done.replayed,
        "safety_backup": str(done.safety) if done.safety else None,
        "restored": True,
    }
    session.answer(value, lambda: text.restored(done, session.locale))


def _named(file: Path, own: Path) -> Path:
    """A bare name, as `doctor` says it, is looked for among the shop's own backups too."""
    bare = file.name == str(file) and not file.exists()
    return own / file.name if bare and (own / file.name).exists() else file


def _previewed(seen: Preview) -> dict[str, object]:
    """What a restore would do, for programs."""
    held, missing = seen.backup.manifest, seen.missing
    return {
        "file": str(seen.backup.path),
        "shop": held.shop,
        "same_vendor": seen.same_vendor,
        "orders": held.orders,
        "total": plain_money(held.total_paisa),
        "operations": held.operations,
        "sha256": seen.backup.sha256,
        "missing": {
            "operations": missing.operations,
            "orders": missing.orders,
            "total": plain_money(missing.total_paisa),
            "numbers": list(missing.numbers),
        },
        "replayable": seen.replayable,
        "unread": seen.unread,
        "restored": False,
    }


def _preview_lines(seen: Preview, session: Session, *, from_journal: bool) -> Iterator[str]:
    """The same for people."""
    held, lang = seen.backup.manifest, session.lang
    if not seen.same_vendor:
        yield phrase("preview_other_shop", lang, shop=held.shop)
    if not from_journal:
        yield from text.restore_preview(seen, session.locale)
        return
    yield held.shop
    yield phrase("journal_holds", lang, orders=held.orders, total_paisa=held.total_paisa)
    if seen.unread:
        yield phrase("journal_reads_to", lang, read=held.operations, unread=seen.unread)
    lost = seen.missing
    if lost.operations:
        yield phrase("would_be_missing", lang, orders=lost.orders, total_paisa=lost.total_paisa)
