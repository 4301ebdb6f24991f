"""Organisers and their passwords: argon2id, and nothing that could be turned back into a word."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import insert, select, update

from pos.domain.text import clean_name, nfc
from pos.errors import ConflictError, UserError
from pos.server import devices
from pos.server.tables import account

if TYPE_CHECKING:
    from pos.server.office import Office

Role = Literal["viewer", "organiser", "keeper"]
ROLES: Final = ("viewer", "organiser", "keeper")
SHORTEST = 12
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@dataclass(frozen=True, slots=True)
class AccountView:
    """Somebody who may use the server's pages."""

    name: str
    role: str
    closed: bool


class Accounts:
    """Adds, shows and closes accounts; every act is written down by the office."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def add(self, name: str, role: Role, password: str | None = None) -> str:
        """Make an account; its password, a new one where none is given.

        Raises:
            UserError: ``name_empty``, ``password_short``.
            ConflictError: ``account_there_already``.
        """
        tidy = clean_name(name, field="name", limit=60)
        secret = self._secret(password)
        with self._office.writing() as connection:
            if connection.execute(select(account.c.name).where(account.c.name == tidy)).first():
                raise ConflictError("account_there_already", name=tidy)
            now_ms = self._office.now_ms()
            connection.execute(
                insert(account),
                {
                    "account_id": devices.new_id(now_ms, self._office.random),
                    "name": tidy,
                    "password_hash": _hasher.hash(nfc(secret)),
                    "role": role,
                    "made_at_ms": now_ms,
                    "closed_at_ms": None,
                },
            )
            self._office.note(connection, "account_made", tidy, role)
        return secret

    def reset(self, name: str, password: str | None = None) -> str:
        """Give an account another password; what it is. A closed account is open again.

        Raises:
            UserError: ``account_unknown``, ``password_short``.
        """
        secret = self._secret(password)
        self._change(name, "password_reset", password_hash=_hasher.hash(nfc(secret)), closed_at_ms=None)
        return secret

    def close(self, name: str) -> None:
        """Nobody can use it any more.

        Raises:
            UserError: ``account_unknown``.
        """
        self._change(name, "account_closed", closed_at_ms=self._office.now_ms())

    def all(self) -> list[AccountView]:
        """Every account, by name."""
        with self._office.reading() as connection:
            rows = connection.execute(select(account).order_by(account.c.name)).all()
        return [AccountView(row.name, row.role, row.closed_at_ms is not None) for row in rows]

    def check(self, name: str, password: str) -> str | None:
        """The role of whoever knows this password; it takes as long for a name that there is not."""
        asked = select(account.c.password_hash, account.c.role, account.c.closed_at_ms)
        with self._office.reading() as connection:
            row = connection.execute(asked.where(account.c.name == nfc(name).strip())).one_or_none()
        try:
            _hasher.verify(row.password_hash if row is not None else _NOBODYS, nfc(password))
        except (Argon2Error, InvalidHashError):
            return None
        return str(row.role) if row is not None and row.closed_at_ms is None else None

    def _change(self, name: str, what: str, **values: object) -> None:
        tidy = clean_name(name, field="name", limit=60)
        with self._office.writing() as connection:
            changed = connection.execute(update(account).where(account.c.name == tidy).values(**values))
            if not changed.rowcount:
                raise UserError("account_unknown", name=tidy)
            self._office.note(connection, what, tidy)

    def _secret(self, password: str | None) -> str:
        if password is None:
            return base64.b32encode(self._office.random(15)).decode().lower()
        if len(password) < SHORTEST:
            raise UserError("password_short", shortest=SHORTEST)
        return password


_NOBODYS: Final = _hasher.hash("nobody's")
