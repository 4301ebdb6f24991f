"""Where a token lies, and the mark that tells one place from another."""

from __future__ import annotations

import json
import stat
import uuid
from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from pos.errors import EnvironmentFault
from pos.log import EventLog
from pos.paths import ShopPaths
from pos.sync import machine
from pos.sync.machine import COPIED, machine_known, machine_mark
from pos.sync.tokens import KeptTokens, token_file

if TYPE_CHECKING:
    from pathlib import Path

DEVICE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)


class Ring(KeyringBackend):
    """A keyring that works, or not."""

    priority = 1

    def __init__(self, *, locked: bool = False, forgets: bool = False) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked, self.forgets = locked, forgets

    def get_password(self, service: str, username: str) -> str | None:
        """As the interface wants it."""
        if self.locked:
            raise KeyringLocked
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """As the interface wants it."""
        if self.locked:
            raise KeyringLocked
        if not self.forgets:
            self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """As the interface wants it."""
        del self.kept[service, username]


@pytest.fixture
def paths(tmp_path: Path) -> ShopPaths:
    """An empty place."""
    return ShopPaths(tmp_path)


def test_a_keyring_that_works_keeps_the_token_and_no_file_does(paths: ShopPaths) -> None:
    ring = Ring()
    keyring.set_keyring(ring)
    tokens = KeptTokens(paths)
    tokens.put(DEVICE, "hk1.secret")
    assert tokens.get(DEVICE) == "hk1.secret"
    assert tokens.get(OTHER) is None
    assert list(ring.kept) == [("hatkhata", DEVICE.hex)]
    assert not token_file(paths).exists()


@pytest.mark.parametrize("ring", [Ring(locked=True), Ring(forgets=True), None])
def test_where_no_keyring_keeps_it_a_file_does_for_this_user_alone(
    paths: ShopPaths, ring: KeyringBackend | None
) -> None:
    if ring is not None:
        keyring.set_keyring(ring)
    tokens = KeptTokens(paths)
    tokens.put(DEVICE, "hk1.one")
    tokens.put(OTHER, "hk1.two")
    tokens.put(DEVICE, "hk1.three")
    assert (tokens.get(DEVICE), tokens.get(OTHER)) == ("hk1.three", "hk1.two")
    assert stat.S_IMODE(token_file(paths).stat().st_mode) == 0o600
    assert json.loads(token_file(paths).read_bytes()) == {DEVICE.hex: "hk1.three", OTHER.hex: "hk1.two"}


def test_a_token_of_a_time_without_a_keyring_does_not_outlive_a_newer_one(paths: ShopPaths) -> None:
    tokens = KeptTokens(paths)
    tokens.put(DEVICE, "hk1.old")
    tokens.put(OTHER, "hk1.other")
    keyring.set_keyring(Ring())
    tokens.put(DEVICE, "hk1.new")
    assert (tokens.get(DEVICE), tokens.get(OTHER)) == ("hk1.new", "hk1.other")


def told(paths: ShopPaths) -> list[dict[str, object]]:
    """The lines of the event log."""
    file = paths.logs / "hatkhata.log"
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []


def test_a_keyring_that_fails_while_reading_is_told_once_and_the_file_answers_in_its_place(
    paths: ShopPaths,
) -> None:
    token_file(paths).write_text(json.dumps({DEVICE.hex: "hk1.secret"}), "utf-8")
    ring = Ring(locked=True)
    keyring.set_keyring(ring)
    tokens = KeptTokens(paths)
    assert [tokens.get(one) for one in (DEVICE, OTHER, OTHER)] == ["hk1.secret", None, None]
    (line,) = told(paths)
    assert (line["event"], line["error"]) == ("keyring_not_read", "KeyringLocked")
    ring.locked = False
    ring.kept["hatkhata", OTHER.hex] = "hk1.other"
    assert tokens.get(OTHER) == "hk1.other", "once it answers, nothing is lost"
    ring.locked = True
    assert tokens.get(OTHER) is None
    assert [line["event"] for line in told(paths)] == ["keyring_not_read"] * 2
    said = (paths.logs / "hatkhata.log").read_text("utf-8")
    assert not [secret for secret in ("hk1", DEVICE.hex, OTHER.hex) if secret in said]


def test_a_keyring_that_fails_while_keeping_is_told_and_a_file_keeps_it(paths: ShopPaths) -> None:
    keyring.set_keyring(Ring(locked=True))
    log = EventLog(paths.logs)
    tokens = KeptTokens(paths, log)
    tokens.put(DEVICE, "hk1.secret")
    log.close()
    assert [(line["event"], line["error"]) for line in told(paths)] == [
        ("keyring_not_written", "KeyringLocked")
    ]
    assert "hk1" not in (paths.logs / "hatkhata.log").read_text("utf-8")
    assert tokens.get(DEVICE) == "hk1.secret"


def test_a_computer_without_a_keyring_has_nothing_to_tell(paths: ShopPaths) -> None:
    tokens = KeptTokens(paths)
    tokens.put(DEVICE, "hk1.secret")
    assert (tokens.get(DEVICE), tokens.get(OTHER)) == ("hk1.secret", None)
    assert told(paths) == []


def test_a_keyring_that_cannot_even_be_looked_for_is_told(
    paths: ShopPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> KeyringBackend:
        raise RuntimeError("no session bus")

    monkeypatch.setattr(keyring, "get_keyring", broken)
    assert KeptTokens(paths).get(DEVICE) is None
    assert [(line["event"], line["error"]) for line in told(paths)] == [("keyring_not_read", "RuntimeError")]


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"a": 1}', b"\xff\xff"])
def test_a_file_that_does_not_read_counts_as_none(paths: ShopPaths, content: bytes) -> None:
    token_file(paths).write_bytes(content)
    tokens = KeptTokens(paths)
    assert tokens.get(DEVICE) is None
    tokens.put(DEVICE, "hk1.one")
    assert tokens.get(DEVICE) == "hk1.one"


def test_a_token_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    tokens = KeptTokens(ShopPaths(tmp_path / "not there"))
    with pytest.raises(EnvironmentFault, match="file_not_written"):
        tokens.put(DEVICE, "hk1.one")


def test_the_mark_is_the_same_at_the_same_place_and_another_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = ShopPaths(tmp_path / "one"), ShopPaths(tmp_path / "two")
    mark = machine_mark(one)
    assert mark == machine_mark(one)
    assert mark != machine_mark(two)
    assert len(mark) == 32
    assert int(mark, 16) >= 0
    (tmp_path / "link").symlink_to(tmp_path)
    assert machine_mark(ShopPaths(tmp_path / "link" / "one")) == mark
    here = tmp_path / "machine-id"
    here.write_text("0123456789abcdef0123456789abcdef\n", encoding="ascii")
    monkeypatch.setattr(machine, "_MACHINE_IDS", (tmp_path / "none", here))
    other = machine_mark(one)
    assert other != mark
    assert "0123456789abcdef" not in other


def test_a_computer_without_a_mark_goes_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_MACHINE_IDS", (tmp_path / "none",))
    assert len(machine_mark(ShopPaths(tmp_path))) == 32


def test_a_place_is_known_before_and_after_its_identity_followed() -> None:
    assert machine_known("m", "m")
    assert machine_known(COPIED + "m", "m")
    assert not machine_known("m", "n")
    assert not machine_known(COPIED + "m", "n")
