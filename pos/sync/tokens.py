"""Where the device's token lies: in the system's own keeping, else in a file that only this user may read.

A token is kept under the identity it was given to, so that a new identity and its token come into force together,
by the one commit that writes the identity (see `pos.sync.rekey`).
"""

from __future__ import annotations

import json
import os
import secrets
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from pos.errors import EnvironmentFault
from pos.log import EventLog
from pos.settings import sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from uuid import UUID

    from keyring.backend import KeyringBackend

    from pos.paths import ShopPaths

_SERVICE: Final = "hatkhata"
_T = TypeVar("_T")


class Tokens(Protocol):
    """Keeps the token of each identity that this shop has had."""

    def get(self, device: UUID) -> str | None:
        """The token of an identity; None where there is none here."""
        ...

    def put(self, device: UUID, token: str) -> None:
        """Keep a token before it is used for the first time.

        Raises:
            EnvironmentFault: ``file_not_written``.
        """
        ...


class KeptTokens:
    """The system's keyring where there is one that works, else a file beside the shop.

    Whatever ails the desktop's services, the shop must sync: a keyring that fails counts as none for that time, and
    the event log has the kind of its error, once until it answers again.

    Args:
        paths: the shop.
        log: the event log, where it is open already.
    """

    def __init__(self, paths: ShopPaths, log: EventLog | None = None) -> None:
        self._file, self._paths, self._log = token_file(paths), paths, log
        self._ailing: set[str] = set()

    def get(self, device: UUID) -> str | None:
        """The token of an identity."""
        kept = self._read_file().get(device.hex)
        if kept is not None:
            return kept
        return self._asked("keyring_not_read", lambda ring: ring.get_password(_SERVICE, device.hex))

    def put(self, device: UUID, token: str) -> None:
        """Keep a token.

        Raises:
            EnvironmentFault: ``file_not_written``.
        """

        def kept_by(ring: KeyringBackend) -> bool:
            ring.set_password(_SERVICE, device.hex, token)
            return ring.get_password(_SERVICE, device.hex) == token  # some accept and forget

        kept = self._read_file()
        try:
            if not self._asked("keyring_not_written", kept_by):
                _write_for_owner(self._file, json.dumps(kept | {device.hex: token}).encode())
            elif kept.pop(device.hex, None) is not None:  # of a time when there was no keyring
                _write_for_owner(self._file, json.dumps(kept).encode())
        except OSError as error:
            raise EnvironmentFault("file_not_written", file=self._file.name) from error

    def _asked(self, failing: str, ask: Callable[[KeyringBackend], _T]) -> _T | None:
        """What the keyring answers; None where there is none. If it fails, that goes into the log as `failing`."""
        try:
            ring = _keyring()
            answer = ask(ring) if ring is not None else None
        except Exception as error:  # noqa: BLE001 - every desktop's keyring fails in its own way
            self._note(failing, error)
            return None
        self._ailing.discard(failing)
        return answer

    def _note(self, failing: str, error: Exception) -> None:
        if failing in self._ailing:
            return
        self._ailing.add(failing)
        log = self._log or EventLog(self._paths.logs)
        log.crash(failing, error)
        if log is not self._log:
            log.close()

    def _read_file(self) -> dict[str, str]:
        try:
            stored = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return {}
        if not isinstance(stored, dict):
            return {}
        return {name: value for name, value in stored.items() if isinstance(value, str)}


def token_file(paths: ShopPaths) -> Path:
    """The file for a system without a keyring."""
    return paths.home / "tokens.json"


def _keyring() -> KeyringBackend | None:
    """The system's keyring; None where it has none, or none that keeps what it is given."""
    import keyring

    found = keyring.get_keyring()
    return found if found.priority > 0 else None


def _write_for_owner(path: Path, data: bytes) -> None:
    """As `pos.settings.write_atomically`, with rights for nobody but this user from the first byte on."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
