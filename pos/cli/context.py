"""What a command has at hand: the shop, the language, and one way to answer."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pos.cli.streams import ReaderGoneError, write_lines, write_note
from pos.domain.times import DHAKA, Clock, FixedClock, SystemClock
from pos.errors import EnvironmentFault, UserError
from pos.l10n.numbers import quantity
from pos.l10n.sentences import phrase, sentence
from pos.log import EventLog
from pos.paths import HOME_VARIABLE, ShopPaths, shop_paths
from pos.settings import DeviceSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pos.l10n import Lang, Locale
    from pos.services.order_request import OrderRequest
    from pos.services.views import OrderView
    from pos.shop import Shop

    # Takes an order in a window drawn off-screen, and keeps a picture of it; None where that cannot be done.
    UnseenWindow = Callable[[Shop, OrderRequest, Path], OrderView | None]

_YEARS = (1970, 2199)  # beyond them the numbers' two digits of the year say nothing
NOW_VARIABLE = "HATKHATA_NOW"


class Session:
    """One run of the command."""

    def __init__(self, *, json: bool, environ: dict[str, str], window: UnseenWindow | None = None) -> None:
        self.json = json
        self.window = window
        self.exit_code = 0
        self.answered = False
        self.paths = _paths(environ)
        self._out = sys.stdout
        self._environ = environ
        self._shop: Any = None

    @property
    def shop(self) -> Any:
        """The shop, opened at the first use."""
        if self._shop is None:
            from pos.services.upgrading import upgrade_due
            from pos.shop import open_shop

            if upgrade_due(self.paths):
                self._upgrade()
            self._shop = open_shop(self.paths, self.clock())
        return self._shop

    def _upgrade(self) -> None:
        """An earlier release's shop: minutes in a big one, so a terminal sees how far it is."""
        from pos.services.upgrading import upgrade_shop

        with self.progress(0, phrase("upgrading", self.lang)) as bar:
            upgrade_shop(self.paths, self.clock(), lambda _step, done, of: bar(done, of))

    def clock(self) -> Clock:
        """The computer's clock; in a demo shop the one that `HATKHATA_NOW` sets."""
        wanted = self._environ.get(NOW_VARIABLE)
        return FixedClock(wanted_time(wanted)) if wanted and self._is_demo() else SystemClock()

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
        from pos.l10n import locale_of

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
        self.answered = True
        write_lines(self._out, [json.dumps(value, ensure_ascii=False)] if self.json else text())

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
        """Let go of the shop. What was done is committed: trouble here is for the log, and mended at the next start."""
        if self._shop is None:
            return
        shop, self._shop = self._shop, None
        try:
            recovered = shop.store.recovered
            shop.close()
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the answer stands
            self.note_crash(error)
            return
        if recovered is not None:
            params: dict[str, object] = {
                "missing": recovered.missing,
                "brought": recovered.brought,
                "series": recovered.series,
                "apart": recovered.apart,
            }
            write_note(sentence("recovered", params, self.lang))


def wanted_time(text: str) -> dt.datetime:
    """The time that `HATKHATA_NOW` asks for; without an offset it is Dhaka's.

    Raises:
        UserError: ``date_unclear``.
    """
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        raise UserError("date_unclear", text=text) from None
    if not _YEARS[0] <= at.year <= _YEARS[1]:
        raise UserError("date_unclear", text=text)
    return at if at.tzinfo else at.replace(tzinfo=DHAKA)


def _paths(environ: dict[str, str]) -> ShopPaths:
    try:
        return shop_paths(environ)
    except RuntimeError:  # ~somebody who has no home here: taken as it is written, as a shell would
        return ShopPaths(Path(environ[HOME_VARIABLE]).absolute())


def say_error(
    session: Session, code: str, params: dict[str, object], *, usage: click.UsageError | None = None
) -> None:
    """Say what went wrong: a JSON object on standard output, or a sentence on standard error."""
    from pos.cli.objects import plain_params

    message = sentence(code, params, session.lang)
    if session.json and not session.answered:
        answer = {"error": code, "message": message, "params": plain_params(params)}
        with suppress(ReaderGoneError, EnvironmentFault):
            session.answer(answer, list)
            return
    write_note(message)
    if usage is not None and usage.ctx is not None:
        bare = isinstance(usage, click.exceptions.NoArgsIsHelpError)
        write_note(usage.ctx.get_help() if bare else usage.ctx.get_usage())
    for choice in params.get("choices") or ():  # type: ignore[attr-defined]
        option = " · ".join(str(choice[name]) for name in ("size", "colour") if choice[name])
        left = quantity(int(choice["free_milli"]), session.locale)
        write_note(f"  {choice['sku']}  {option}  {phrase('free', session.lang)} {left}")
