"""A backup of SQLite, and its restore by the command: what is put back is proved, and what was there is kept."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import stat
from typing import TYPE_CHECKING, Any

import pytest

from pos.domain.times import FixedClock
from pos.server.backup import back_up
from pos.server.cli import main
from pos.server.engine import open_database
from pos.server.home import DATABASE_VARIABLE, HOME_VARIABLE, ServerHome, claimed
from pos.server.office import Office
from tests.server.conftest import NOW, Central

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

VENDOR = "রূপকথা ঘর"
Answer = tuple[int, Any]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ServerHome:
    """A home whose path means something else inside a URL, with a database of this release."""
    folder = tmp_path / "হাট 100%25 #1?x"
    monkeypatch.setenv(HOME_VARIABLE, str(folder))
    monkeypatch.delenv(DATABASE_VARIABLE, raising=False)
    assert main(["migrate"]) == 0
    return ServerHome(folder)


@pytest.fixture
def run(home: ServerHome, capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Runs the command; its exit code and its one object."""

    def told(*words: str) -> Answer:
        capsys.readouterr()
        code = main([*words, "--json"])
        (line,) = capsys.readouterr().out.splitlines()
        return code, json.loads(line)

    return told


def vendors(home: ServerHome) -> list[str]:
    database = open_database(home.database)
    names = sorted(view.name for view in Office(database, FixedClock(NOW)).vendors())
    database.close()
    return names


def files(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir() if file.is_file()}


def test_a_backup_is_one_file_that_only_the_servers_account_may_read(
    run: Callable[..., Answer], home: ServerHome
) -> None:
    code, made = run("backup")
    assert code == 0
    (only,) = home.backups.iterdir()
    assert str(only) == made["file"]
    assert stat.S_IMODE(only.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.backups.stat().st_mode) == 0o700


def test_the_database_is_the_accounts_alone_even_in_a_folder_that_others_may_enter(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    file = tmp_path / "hat.db"
    assert main(["--database", f"sqlite:///{file}", "migrate"]) == 0
    with contextlib.closing(sqlite3.connect(file)) as working:
        working.execute("SELECT count(*) FROM vendor").fetchall()
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.glob("hat.db*")}
    assert modes == dict.fromkeys(("hat.db", "hat.db-shm", "hat.db-wal"), 0o600)


def test_a_restore_brings_the_backup_back_and_keeps_what_was_there(
    run: Callable[..., Answer], home: ServerHome
) -> None:
    run("vendor", "add", "আগে")
    backup = run("backup")[1]["file"]
    with contextlib.closing(sqlite3.connect(home.folder / "server.db")) as left_open:
        left_open.execute("SELECT count(*) FROM vendor").fetchall()
        run("vendor", "add", "পরে")
        assert (home.folder / "server.db-wal").stat().st_size > 0  # where a kill would leave it
        code, told = run("restore", backup)
        assert (code, told["error"]) == (1, "server_runs_already")
    assert vendors(home) == ["আগে", "পরে"]
    code, told = run("restore", backup)
    assert code == 0
    assert vendors(home) == ["আগে"]
    with contextlib.closing(sqlite3.connect(told["aside"])) as aside:
        assert aside.execute("SELECT count(*) FROM vendor").fetchone() == (2,)
    assert told["operations"] == 0
    assert len(told["epoch"]) > 8
    with contextlib.closing(sqlite3.connect(backup)) as untouched:
        assert untouched.execute("SELECT count(*) FROM act WHERE what = 'epoch'").fetchone() == (0,)
    with contextlib.closing(sqlite3.connect(home.folder / "server.db")) as restored:
        assert restored.execute("SELECT about FROM act WHERE what = 'epoch'").fetchall() == [(told["epoch"],)]
    assert stat.S_IMODE((home.folder / "server.db").stat().st_mode) == 0o600


def test_what_a_killed_server_left_in_its_log_is_kept_with_the_old_database(
    run: Callable[..., Answer], home: ServerHome, tmp_path: Path
) -> None:
    backup = run("backup")[1]["file"]
    place, killed = home.folder / "server.db", tmp_path / "killed"
    killed.mkdir()
    with contextlib.closing(sqlite3.connect(place)) as left_open:
        left_open.execute("SELECT count(*) FROM vendor").fetchall()
        run("vendor", "add", "পরে")
        for end in ("", "-wal"):  # as a cut of power leaves them
            name = place.name + end
            (killed / name).write_bytes((home.folder / name).read_bytes())
    for end in ("", "-wal"):
        (killed / (place.name + end)).replace(home.folder / (place.name + end))
    told = run("restore", backup)[1]
    assert vendors(home) == []
    with contextlib.closing(sqlite3.connect(told["aside"])) as aside:
        assert aside.execute("SELECT name FROM vendor").fetchall() == [("পরে",)]


def test_a_damaged_database_is_set_aside_as_it_is(run: Callable[..., Answer], home: ServerHome) -> None:
    run("vendor", "add", VENDOR)
    backup = run("backup")[1]["file"]
    for end in ("", "-wal"):
        (home.folder / f"server.db{end}").write_bytes(b"\0damaged" * 1000)
    code, told = run("restore", backup)
    assert code == 0
    assert vendors(home) == [VENDOR]
    for end in ("", "-wal"):
        assert (home.folder / f"{told['aside']}{end}").read_bytes() == b"\0damaged" * 1000


def test_on_a_new_machine_there_is_nothing_to_set_aside(
    run: Callable[..., Answer], home: ServerHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("vendor", "add", VENDOR)
    backup = run("backup")[1]["file"]
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "new"))
    code, told = run("restore", backup)
    assert (code, told["aside"]) == (0, None)
    assert vendors(ServerHome(tmp_path / "new")) == [VENDOR]
    assert files(tmp_path / "new") <= {"server.db", "server.db.lock"}


def test_what_is_no_backup_changes_nothing(
    run: Callable[..., Answer], home: ServerHome, tmp_path: Path
) -> None:
    run("vendor", "add", VENDOR)
    run("backup", "--out", str(tmp_path / "torn.db"))
    torn = tmp_path / "torn.db"
    torn.write_bytes(torn.read_bytes()[: torn.stat().st_size // 2])
    shop = tmp_path / "shop.db"
    with contextlib.closing(sqlite3.connect(shop)) as made:
        made.execute("CREATE TABLE operation (n INTEGER)")
    (tmp_path / "words.db").write_text("words " * 1000)
    (tmp_path / "empty.db").touch()
    before = files(home.folder)
    for file in ("torn.db", "shop.db", "words.db", "empty.db"):
        code, told = run("restore", str(tmp_path / file))
        assert (code, told["error"]) == (1, "backup_unusable"), file
    assert files(home.folder) <= before | {"server.db.lock"}
    assert vendors(home) == [VENDOR]


def test_a_restore_waits_for_no_server_that_serves(run: Callable[..., Answer], home: ServerHome) -> None:
    backup = run("backup")[1]["file"]
    with claimed(home.folder / "server.db"):  # as `serve` does
        code, told = run("restore", backup)
        assert (code, told["error"]) == (1, "server_runs_already")
    assert run("restore", backup)[0] == 0


def test_what_root_restores_belongs_to_the_servers_account(
    run: Callable[..., Answer], home: ServerHome
) -> None:
    backup = run("backup")[1]["file"]
    if os.geteuid() == 0:
        os.chown(home.folder, 65534, 65534)
    assert run("restore", backup)[0] == 0
    owner = home.folder.stat().st_uid
    assert {(home.folder / name).stat().st_uid for name in ("server.db", "server.db.lock")} == {owner}


@pytest.mark.parametrize("url", ["nonsense", "mysql://x/y"])
@pytest.mark.parametrize("words", [("backup",), ("restore", __file__), ("epoch",), ("migrate",), ("serve",)])
def test_an_address_of_no_database_of_ours_is_told(
    run: Callable[..., Answer], url: str, words: Sequence[str]
) -> None:
    code, told = run("--database", url, *words)
    assert (code, told["error"]) == (1, "database_url_unclear")


def test_postgresql_is_restored_by_its_own_means(run: Callable[..., Answer], home: ServerHome) -> None:
    backup = run("backup")[1]["file"]
    code, told = run("--database", "postgresql://nobody@127.0.0.1:1/x", "restore", backup)
    assert (code, told["error"]) == (1, "restore_by_pg_restore")


def test_laptops_give_a_restored_server_back_what_it_lost(home: ServerHome, tmp_path: Path) -> None:
    database = open_database(home.database)
    central = Central(database, home.database)
    first = central.shop()
    _, [variant] = first.product()
    first.push()
    second = central.second(first)
    second.push()
    made = back_up(home.database, tmp_path, 0, tmp_path / "mine.db")
    second.order(variant)
    second.push()
    first.pull()
    lost = second.log[-1].op_id.hex
    database.close()
    assert main(["restore", str(made.file)]) == 0
    database = open_database(home.database)
    central.database = database
    first.desk = second.desk = central.desk
    reply = second.exchange()
    assert reply.reset
    second.epoch, second.cursors = reply.epoch, {"v": 0, "h": 0, "g": 0}
    second.exchange(second.log[reply.last_n :])
    assert lost in {row.hex() for (row,) in central.rows("operation", "op_id")}
    database.close()
    assert not central.crashes
