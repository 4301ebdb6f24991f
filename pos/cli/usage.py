"""The words of a command: values typed in Bangla digits, and what was wrong with them as values for a sentence."""

from __future__ import annotations

from typing import Any

import click

from pos.domain.text import fold_digits


class DigitChoice(click.Choice[str]):
    """A choice whose digits may be Bangla ones."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The choice that was meant; anything else is refused as it was typed."""
        folded = fold_digits(value)
        known = {self.normalize_choice(choice, ctx) for choice in self.choices}
        return super().convert(folded if self.normalize_choice(folded, ctx) in known else value, param, ctx)


def usage_params(error: click.UsageError) -> dict[str, object]:
    """`what` in the parser's own words, and what the sentence in the vendor's language is made from."""
    # Without a sub-command the parser's words are a whole help text.
    what = (
        "Missing command."
        if isinstance(error, click.exceptions.NoArgsIsHelpError)
        else error.format_message()
    )
    return {"what": what, **_named(error)}


def _named(error: click.UsageError) -> dict[str, object]:
    # Asked for by name: the class for an unknown command is younger than the oldest click that is allowed.
    command = getattr(error, "command_name", None)
    if command is not None:
        return {"command": command}
    match error:
        case click.exceptions.NoArgsIsHelpError():
            return {"choose": _commands_of(error.ctx)}
        case click.NoSuchOption():
            return {"option": error.option_name}
        case click.BadOptionUsage():
            return {"valueless": error.option_name}
        case click.MissingParameter():
            return {"missing": _name(error)}
        case click.BadParameter():
            kind = error.param.type if error.param is not None else None
            if isinstance(kind, click.Choice):
                return {"allowed": list(kind.choices), "argument": _name(error)}
            return {"argument": _name(error), "why": error.message.rstrip(".")}
        case _:
            return {}


def _name(error: click.BadParameter) -> str:
    """`--width` or `FILE`, as the help writes it."""
    if error.param is None:
        return "…"
    if isinstance(error.param, click.Option):
        return max(error.param.opts, key=len)
    return error.param.make_metavar(error.ctx) if error.ctx is not None else error.param.human_readable_name


def _commands_of(context: click.Context | None) -> list[str]:
    group = context.command if context is not None else None
    return sorted(group.commands) if isinstance(group, click.Group) else []
