"""The counter at which organisers are served over HTTP: a name and a password in, an act done in that name.

Who may do what stands here; what is done is the same as by the command (`pos.server.organising`).
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from pos.domain.text import nfc
from pos.errors import ConflictError, PosError, UserError
from pos.server import devices
from pos.server.accounts import Accounts
from pos.server.desk import Answer, RefusedError, guarded, later, refusal
from pos.server.office import Office

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.domain.times import Clock
    from pos.server.engine import Database
    from pos.server.limits import Limits

_JSON: Final = {"Content-Type": "application/json"}
_CHANGING: Final = frozenset({"organiser", "keeper"})
_STATUSES: Final = {"sign_in_refused": 401, "role_not_enough": 403, "tls_needed": 403, "notice_unknown": 404}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Organiser:
    """Somebody who has shown a password.

    Attributes:
        name: under which acts are written down.
    """

    name: str
    role: str


class Organisers:
    """Serves organisers.

    Args:
        database: migrated.
        clock: the server's time.
        crashed: told of what should not have happened.
        limits: how many wrong passwords an address may try.
    """

    def __init__(
        self, database: Database, clock: Clock, crashed: Callable[[BaseException], None], limits: Limits
    ) -> None:
        self._database = database
        self._clock = clock
        self._crashed = crashed
        self._limits = limits

    def sign_in(self, shown: str, address: str, *, changes: bool) -> Organiser | Answer:
        """Who this is, or what is answered: the same for an unknown name as for a wrong password.

        Args:
            shown: name and password as HTTP Basic has them.
            address: whose tries are counted; one with the right password does not count.
            changes: whether something is to be changed, which not every role may.
        """
        return self._answered(lambda: self._signed_in(shown, address, changes=changes))

    def _signed_in(self, shown: str, address: str, *, changes: bool) -> Organiser:
        wait = self._limits.passwords.wait_s(address, self._clock.now_ms())
        if wait:
            raise RefusedError(later(429, "too_many_requests", wait))
        name, password = _read(shown)
        role = Accounts(Office(self._database, self._clock)).check(name, password)
        if role is None:
            raise UserError("sign_in_refused")
        self._limits.passwords.give_back(address)
        if changes and role not in _CHANGING:
            raise UserError("role_not_enough")
        return Organiser(name, role)

    def serve(self, who: Organiser, act: Callable[[Office], msgspec.Struct]) -> Answer:
        """Do it in this one's name; what the rules refuse, and a `RefusedError`, become the answer."""
        office = Office(self._database, self._clock, who=who.name)
        return self._answered(lambda: Answer(200, msgspec.json.encode(act(office)), _JSON))

    def _answered(self, serve: Callable[[], T]) -> T | Answer:
        return guarded(lambda: _mendable(serve), self._crashed)


def refused(error: PosError) -> Answer:
    """The answer to what cannot be done as it was asked."""
    params: dict[str, Any] = error.params
    usual = 409 if isinstance(error, ConflictError) else 422
    return refusal(_STATUSES.get(error.code, usual), error.code, **params)


def _mendable(serve: Callable[[], T]) -> T | Answer:
    try:
        return serve()
    except UserError as error:
        return refused(error)


def _read(shown: str) -> tuple[str, str]:
    """Name and password; what is neither is nobody's."""
    try:
        name, _, password = base64.b64decode(shown, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return nfc(devices.kept(name, 200)).strip(), password
