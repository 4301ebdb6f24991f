"""What a command has at hand: the shop, the language, and one way to answer."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from pos.domain.times import DHAKA, Clock, FixedClock, SystemClock
from pos.errors import UserError
from pos.log import EventLog
from pos.paths import ShopPaths, shop_paths
from pos.settings import DeviceSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pos.l10n import Lang, Locale

NOW_VARIABLE = "HATKHATA_NOW"


class Session:
    """One run of the command."""

    def __init__(self, *, json: bool, environ: dict[str, str]) -> None:
        self.json = json
        self.exit_code = 0
        self.paths: ShopPaths = shop_paths(environ)
        self._environ = environ
        self._shop: Any = None

    @property
    def shop(self) -> Any:
        """The shop, opened at the first use."""
        if self._shop is None:
            from pos.shop import open_shop

            self._shop = open_shop(self.paths, self.clock())
        return self._shop

    def clock(self) -> Clock:
        """The computer's clock; in a demo shop the one that `HATKHATA_NOW` sets."""
        wanted = self._environ.get(NOW_VARIABLE)
        if wanted and self._is_demo():
            try:
                at = dt.datetime.fromisoformat(wanted)
            except ValueError:
                raise UserError("date_unclear", text=wanted) from None
            return FixedClock(at if at.tzinfo else at.replace(tzinfo=DHAKA))
        return SystemClock()

    def _is_demo(self) -> bool:
        """Asked before the shop is opened, since opening needs the clock."""
        try:
            uri = f"{self.paths.database.absolute().as_uri()}?mode=ro"
            connection = sqlite3.connect(uri, uri=True)
            try:
                return bool(connection.execute("SELECT demo FROM installation").fetchone()[0])
            finally:
                connection.close()
        except (sqlite3.Error, TypeError):
            return False

    @property
    def locale(self) -> Locale:
        """How to speak."""
        from pos.services.configuration import locale_of

        return locale_of(DeviceSettings(self.paths.settings).all())

    @property
    def lang(self) -> Lang:
        """The language of sentences; before there is a shop, the computer's if that is English."""
        if self.paths.settings.exists():
            return self.locale.lang
        spoken = self._environ.get("LC_ALL") or self._environ.get("LANG") or ""
        return "en" if spoken.startswith("en") else "bn"

    def answer(self, value: dict[str, Any], text: Callable[[], Iterable[str]]) -> None:
        """Say the result: as one JSON object, or as lines for people."""
        if self.json:
            sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
        else:
            for line in text():
                sys.stdout.write(line + "\n")

    @contextmanager
    def progress(self, total: int, label: str) -> Iterator[Callable[[int, int | None], None]]:
        """A bar on a terminal, nothing elsewhere. Call the result with the count done and, if known, in all."""
        if self.json or not sys.stderr.isatty():
            yield lambda _done, _total: None
            return
        with click.progressbar(length=max(total, 1), label=label, file=sys.stderr) as bar:

            def step(done: int, in_all: int | None) -> None:
                if in_all:
                    bar.length = in_all
                bar.update(done - bar.pos)

            yield step

    def note_crash(self, error: BaseException) -> None:
        """Write an unexpected error's type and place into the log, if the shop has a folder to write into."""
        if self.paths.home.exists():
            log = EventLog(self.paths.logs)
            log.crash("command_failed", error)
            log.close()

    def close(self) -> None:
        """Let go of the shop."""
        if self._shop is not None:
            recovered = self._shop.store.recovered
            self._shop.close()
            self._shop = None
            if recovered is not None:
                note(self, "recovered", {"missing": recovered.missing, "brought": recovered.brought})


def note(session: Session, code: str, params: dict[str, object]) -> None:
    """A sentence for people beside the result; on standard error, so that a program's input stays clean."""
    from pos.l10n.sentences import sentence

    sys.stderr.write(sentence(code, params, session.lang) + "\n")


def say_error(
    session: Session, code: str, params: dict[str, object], *, usage: click.UsageError | None = None
) -> None:
    """Say what went wrong: a JSON object on standard output, or a sentence on standard error."""
    from pos.cli.objects import plain_params
    from pos.l10n.sentences import sentence

    message = sentence(code, params, session.lang)
    if session.json:
        answer = {"error": code, "message": message, "params": plain_params(params)}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        return
    sys.stderr.write(message + "\n")
    if usage is not None and usage.ctx is not None:
        sys.stderr.write(usage.ctx.get_usage() + "\n")
    for choice in params.get("choices") or ():  # type: ignore[attr-defined]
        plain = plain_params(choice)
        option = " · ".join(str(plain[k]) for k in ("size", "colour") if plain[k])
        sys.stderr.write(f"  {plain['sku']}  {option}  ({plain['free']})\n")
