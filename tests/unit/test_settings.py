"""Device settings: one small file, replaced whole, and never a reason to stop selling."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from pos.errors import EnvironmentFault, UserError
from pos.settings import SETTINGS, DeviceSettings, setting, write_atomically

if TYPE_CHECKING:
    from pathlib import Path


def test_every_default_is_what_its_own_check_gives() -> None:
    for item in SETTINGS.values():
        if item.default != "":
            assert item.check(str(item.default)) == item.default, item.key


def test_an_unknown_setting_is_answered_with_all_that_there_are() -> None:
    with pytest.raises(UserError) as error:
        setting("colour")
    assert error.value.code == "setting_unknown"
    assert error.value.params["known"] == list(SETTINGS)


def test_what_was_put_is_there_and_the_rest_keeps_its_default(tmp_path: Path) -> None:
    settings = DeviceSettings(tmp_path / "device.json")
    settings.put("paper.receipt", "58")
    assert DeviceSettings(tmp_path / "device.json").all() == settings.all()
    assert settings.all()["paper.receipt"] == "58"
    assert settings.all()["lang"] == "bn"
    assert [path.name for path in tmp_path.iterdir()] == ["device.json"]


def test_keys_of_another_version_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "device.json").write_text('{"lang": "en", "theme": "dark", "digits": 5}', encoding="utf-8")
    values = DeviceSettings(tmp_path / "device.json").all()
    assert (values["lang"], values["digits"]) == ("en", "bn")
    assert "theme" not in values


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "device.json"
    settings = DeviceSettings(path)
    settings.put("lang", "en")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        write_atomically(path, b"half")
    with pytest.raises(EnvironmentFault) as error:
        settings.put("lang", "bn")
    assert error.value.code == "file_not_written"
    assert settings.all()["lang"] == "en"
    assert [p.name for p in tmp_path.iterdir()] == ["device.json"]
