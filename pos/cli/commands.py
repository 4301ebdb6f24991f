"""The tree of commands. Each says in one line what it does; docs/cli.md says the rest, and a test compares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pos import __version__
from pos.cli.care import backup, doctor, restore
from pos.cli.goods import export, find, import_, product, stock
from pos.cli.papers import invoice, receipt
from pos.cli.sales import customer, order
from pos.cli.setup import hat, init, settings
from pos.cli.syncing import pair, sync

if TYPE_CHECKING:
    from pos.cli.context import Session


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Every command takes --json, at any place, and then answers with exactly one JSON object.",
    invoke_without_command=True,
)
@click.option("--version", is_flag=True, help="Show the version and leave.")
@click.option(
    "--demo", is_flag=True, help="Open a throw-away demo shop, take a sample order, write its papers."
)
@click.pass_context
def hatkhata(context: click.Context, version: bool, demo: bool) -> None:
    """Hatkhata (হাটখাতা): stock, orders and papers of an online hat vendor, without a network."""
    session: Session = context.obj
    if version:
        session.answer({"version": __version__}, lambda: [f"hatkhata {__version__}"])
        context.exit(0)
    if demo:
        from pos.cli.demo import run_demo

        run_demo(session)
        context.exit(session.exit_code)
    if context.invoked_subcommand is None:
        session.answer({"help": context.get_help()}, lambda: [context.get_help()])
        context.exit(0)


for command in (
    init,
    import_,
    export,
    find,
    product,
    stock,
    order,
    customer,
    hat,
    invoice,
    receipt,
    settings,
    doctor,
    backup,
    restore,
    pair,
    sync,
):
    hatkhata.add_command(command)


def _offer_json(command: click.Command) -> None:
    """Name --json in every help text and to the shell's completion; `run` has taken it out long before."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _offer_json(inner)
    help_text = "Answer with exactly one JSON object."
    command.params.append(click.Option(["--json"], is_flag=True, expose_value=False, help=help_text))


_offer_json(hatkhata)
