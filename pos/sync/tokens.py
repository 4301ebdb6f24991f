"""Where the device's token lies: in the system's own keeping, else in a file that only this user may read.

A token is kept under the identity it was given to, so that a new identity and its token come into force together,
by the one commit that writes the identity (see `pos.sync.rekey`).
"""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from pos.errors import EnvironmentFault
from pos.settings import sync_folder

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from keyring.backend import KeyringBackend

    from pos.paths import ShopPaths

_SERVICE: Final = "hatkhata"


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
    """The system's keyring where there is one that works, else a file beside the shop."""

    def __init__(self, paths: ShopPaths) -> None:
        self._file = token_file(paths)

    def get(self, device: UUID) -> str | None:
        """The token of an identity."""
        kept = self._read_file().get(device.hex)
        return kept if kept is not None else _from_keyring(device)

    def put(self, device: UUID, token: str) -> None:
        """Keep a token.

        Raises:
            EnvironmentFault: ``file_not_written``.
        """
        kept = self._read_file()
        try:
            if not _into_keyring(device, token):
                _write_for_owner(self._file, json.dumps(kept | {device.hex: token}).encode())
            elif kept.pop(device.hex, None) is not None:  # of a time when there was no keyring
                _write_for_owner(self._file, json.dumps(kept).encode())
        except OSError as error:
            raise EnvironmentFault("file_not_written", file=self._file.name) from error

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
    try:
        import keyring

        found = keyring.get_keyring()
        works = found.priority > 0
    except Exception:  # noqa: BLE001 - whatever ails the desktop's services, the shop must sync
        return None
    return found if works else None


def _from_keyring(device: UUID) -> str | None:
    backend = _keyring()
    with suppress(Exception):
        return backend.get_password(_SERVICE, device.hex) if backend is not None else None
    return None


def _into_keyring(device: UUID, token: str) -> bool:
    """Whether the keyring has it now: read back, since some accept and forget."""
    backend = _keyring()
    if backend is None:
        return False
    with suppress(Exception):
        backend.set_password(_SERVICE, device.hex, token)
        return backend.get_password(_SERVICE, device.hex) == token
    return False


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
