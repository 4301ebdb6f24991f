"""One run of `hatkhata-server`: where its data is, how it answers, and what it has opened."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from pos.errors import UserError
from pos.l10n import BANGLA, ENGLISH
from pos.l10n.numbers import digits
from pos.log import EventLog
from pos.server.home import DATABASE_VARIABLE, ServerHome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pos.l10n import Lang, Locale
    from pos.server.engine import Database
    from pos.server.office import Office


@dataclass(slots=True)
class Session:
    """One run of the command."""

    json: bool
    home: ServerHome
    lang: Lang = "bn"
    database_url: str = ""
    answered: bool = False
    opened: list[Database] = field(default_factory=list)

    def url(self) -> str:
        """The database that was named, or the file in the server's home."""
        return self.database_url or os.environ.get(DATABASE_VARIABLE, "") or self.home.database

    def database(self) -> Database:
        """The database, which must be there and of this release: only `serve` and `migrate` make one.

        Raises:
            UserError: ``database_missing``, ``database_not_migrated``.
        """
        from pos.server.engine import read_url

        url = read_url(self.url())
        lite = url.get_backend_name() == "sqlite"
        where = str(url.database) if lite else url.render_as_string()  # without its password
        # Not by Path: a folder that this account may not enter holds nothing for it.
        database = self.unmigrated() if not lite or os.path.exists(where) else None  # noqa: PTH110
        if database is None or database.is_empty():
            raise UserError("database_missing", where=where)
        if not database.is_current():
            raise UserError("database_not_migrated")
        return database

    def unmigrated(self) -> Database:
        """The database, whatever its schema."""
        from pos.server.engine import open_database

        url = self.url()
        if url == self.home.database:
            self.home.make()
        database = open_database(url, checkpoints=False)
        self.opened.append(database)
        return database

    def office(self) -> Office:
        """The organiser's work."""
        from pos.domain.times import SystemClock
        from pos.server.office import Office

        return Office(self.database(), SystemClock(), crashed=self.crashed)

    def crashed(self, error: BaseException) -> None:
        """Note that held operations could not be judged; nothing else waits for that."""
        log = EventLog(self.home.logs)
        log.crash("held_not_judged", error)
        log.close()

    def answer(self, values: Mapping[str, Any], lines: Iterable[str]) -> None:
        """The answer: the object, or lines for people."""
        self.answered = True
        if self.json:
            click.echo(json.dumps(values, ensure_ascii=False))
        else:
            for line in lines:
                click.echo(line)

    @property
    def locale(self) -> Locale:
        """How people are answered."""
        return ENGLISH if self.lang == "en" else BANGLA

    def row(self, *cells: object) -> str:
        """A line of a list; what is empty is left out."""
        return "  ".join(
            digits(str(cell), self.locale) if isinstance(cell, int) else str(cell)
            for cell in cells
            if cell not in (None, "")
        )

    def close(self) -> None:
        """Let go of the database."""
        for database in self.opened:
            database.close()
