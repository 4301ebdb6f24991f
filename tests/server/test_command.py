"""`hatkhata-server`: what it answers to people and to programs, and that it serves and stops as told."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import zxingcpp
from PIL import Image

from pos.domain.pairing_link import read_pairing_link
from pos.l10n.sentences import SENTENCES
from pos.protocol import codec
from pos.protocol.messages import ExchangeReply, PairReply
from pos.server.cli import main
from pos.server.engine import open_database
from pos.server.home import DATABASE_VARIABLE, HOME_VARIABLE
from pos.server.serving import QUOTA_VARIABLE
from tests.server.conftest import Central
from tests.server.laptop import pair_request, statuses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.server import postgres

VENDOR = "রূপকথা ঘর"
Answer = tuple[int, Any]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A server's home that is not there yet."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "server"))
    monkeypatch.delenv(DATABASE_VARIABLE, raising=False)
    return tmp_path / "server"


@pytest.fixture
def bare(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Runs the command where nothing is yet; its exit code and its one object."""
    assert not home.exists()

    def told(*words: str) -> Answer:
        code = main([*words, "--json"])
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 1, lines
        return code, json.loads(lines[0])

    return told


@pytest.fixture
def run(bare: Callable[..., Answer]) -> Callable[..., Answer]:
    """Runs the command on a database that is ready."""
    assert bare("migrate")[0] == 0
    return bare


def test_a_code_makes_the_vendor(run: Callable[..., Answer]) -> None:
    code, made = run("pairing-code", "--vendor", VENDOR)
    assert code == 0
    assert set(made) == {"code", "expires_at", "vendor_id", "url", "link"}
    assert len(made["code"]) == 8
    assert made["expires_at"].endswith("+06:00")
    assert made["url"] == "http://127.0.0.1:8725"
    assert read_pairing_link(made["link"]) == (made["url"], made["code"])
    _, again = run("pairing-code", "--vendor", VENDOR.upper(), "--url", "https://hat.example", "--qr")
    assert again["link"] == f"hatkhata://pair/{again['code']}/https://hat.example"
    assert (again["vendor_id"], again["url"]) == (made["vendor_id"], "https://hat.example")
    _, vendors = run("vendor", "list")
    assert [one["name"] for one in vendors["vendors"]] == [VENDOR]


@pytest.mark.usefixtures("run")
def test_a_code_is_shown_to_people_as_a_link_and_on_a_terminal_as_a_qr(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ("pairing-code", "--vendor", VENDOR, "--url", "https://hat.example")
    capsys.readouterr()
    assert main(words) == 0
    plain = capsys.readouterr().out.splitlines()
    link = plain[-1].rpartition(" ")[2]
    assert read_pairing_link(link) is not None
    assert main((*words, "--qr")) == 0
    lines = capsys.readouterr().out.splitlines()
    link, drawn = lines[2].rpartition(" ")[2], lines[3:]
    halves = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    high, wide = 2 * len(drawn), len(drawn[0])
    picture = Image.new("L", (wide, high))
    for at, line in enumerate(drawn):
        for column, block in enumerate(line):
            for half in (0, 1):
                picture.putpixel((column, 2 * at + half), halves[block][half])
    [read] = zxingcpp.read_barcodes(picture.resize((4 * wide, 4 * high), Image.Resampling.NEAREST))
    assert read.text == link
    assert len(plain) == len(lines) - len(drawn)


def test_vendors_and_devices(run: Callable[..., Answer]) -> None:
    assert run("vendor", "add", VENDOR)[0] == 0
    assert run("vendor", "devices", VENDOR) == (0, {"devices": []})
    for words in (("devices", "নেই"), ("revoke", "নেই", "A"), ("retry", "নেই")):
        code, told = run("vendor", *words)
        assert (code, told["error"]) == (1, "vendor_unknown")
    code, told = run("vendor", "revoke", VENDOR, "Z")
    assert (code, told["error"]) == (1, "device_unknown")
    assert run("vendor", "retry", VENDOR) == (0, {"retried": 0})
    assert run("vendor", "retry", "--all") == (0, {"retried": 0})


@pytest.mark.parametrize("words", [(), (VENDOR, "--all"), (VENDOR, "Deshi Dukan")])
def test_who_is_to_be_judged_anew_is_said_in_one_way(
    run: Callable[..., Answer], words: Sequence[str]
) -> None:
    run("vendor", "add", VENDOR)
    code, told = run("vendor", "retry", *words)
    assert (code, told["error"]) == (2, "usage")


def test_hats(run: Callable[..., Answer]) -> None:
    assert run("hat", "cancel", "2026-12-01", "--why", "বৃষ্টি")[0] == 0
    assert run("hat", "add", "২০২৬-১২-০২", "--opens", "১০:০০", "--closes", "20:00", "--ordinal", "7")[0] == 0
    _, listed = run("hat", "list")
    assert [(one["date"], one["kind"], one["opens"]) for one in listed["hats"]] == [
        ("2026-12-01", "cancelled", None),
        ("2026-12-02", "added", "10:00"),
    ]
    assert run("hat", "clear", "2026-12-01")[0] == 0
    assert run("hat", "clear", "2026-12-01")[1]["error"] == "hat_not_there"
    assert (
        run("hat", "add", "2026-12-03", "--opens", "20:00", "--closes", "10:00")[1]["error"]
        == "hat_hours_unclear"
    )
    assert run("hat", "cancel", "someday")[1]["error"] == "date_unclear"


def test_notices(run: Callable[..., Answer]) -> None:
    code, made = run("notice", "write", "হাট বাতিল", "কাল হাট নেই।", "--kind", "warning", "--until", "2026-12-01")
    assert (code, made["kind"], made["until"]) == (0, "warning", "2026-12-02T00:00:00+06:00")
    assert run("notice", "withdraw", made["id"])[0] == 0
    assert run("notice", "list")[1]["notices"][0]["withdrawn"] is True
    assert run("notice", "withdraw", made["id"])[1]["error"] == "notice_unknown"
    assert run("notice", "withdraw", "x")[1]["error"] == "notice_id_unclear"
    assert run("notice", "write", " ", "x")[1]["error"] == "name_empty"
    assert run("notice", "write", "x", "x" * 400)[1]["error"] == "text_too_long"


def test_accounts(run: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch) -> None:
    from pos.domain.times import SystemClock
    from pos.server.accounts import Accounts
    from pos.server.home import server_home
    from pos.server.office import Office

    code, made = run("user", "add", "রাশিদা")
    assert (code, made["role"]) == (0, "keeper")
    assert run("user", "add", "রাশিদা")[1]["error"] == "account_there_already"
    database = open_database(server_home().database)
    accounts = Accounts(Office(database, SystemClock()))
    assert accounts.check("রাশিদা", made["password"]) == "keeper"
    assert accounts.check("রাশিদা", "x") is None
    assert accounts.check("নেই", made["password"]) is None
    fresh = run("user", "password", "রাশিদা")[1]["password"]
    assert accounts.check("রাশিদা", made["password"]) is None
    assert accounts.check("রাশিদা", fresh) == "keeper"
    with database.read() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM account").all())
    assert "$argon2id$v=19$m=19456,t=2" in kept
    assert fresh not in kept
    assert run("user", "close", "রাশিদা")[0] == 0
    assert accounts.check("রাশিদা", fresh) is None
    assert run("user", "close", "নেই")[1]["error"] == "account_unknown"
    assert run("user", "list")[1]["users"] == [{"name": "রাশিদা", "role": "keeper", "closed": True}]
    database.close()
    for typed, error in (("short\n", "password_short"), ("\n", "password_short")):
        monkeypatch.setattr("sys.stdin", __import__("io").StringIO(typed))
        assert run("user", "add", "x", "--password-stdin")[1]["error"] == error
    monkeypatch.setattr("sys.stdin", __import__("io").StringIO("long enough a word\n"))
    assert "password" not in run("user", "add", "x", "--password-stdin")[1]


def test_a_backup_is_whole_and_nothing_is_written_over(
    run: Callable[..., Answer], home: Path, tmp_path: Path
) -> None:
    run("vendor", "add", VENDOR)
    code, made = run("backup")
    assert (code, made["operations"]) == (0, 0)
    assert made["file"].startswith(str(home / "backups"))
    out = tmp_path / "mine.db"
    assert run("backup", "--out", str(out))[0] == 0
    assert run("backup", "--out", str(out))[1]["error"] == "backup_there_already"
    assert not list(tmp_path.glob(".*.part"))
    code, listed = run("--database", f"sqlite:///{out}", "vendor", "list")
    assert [one["name"] for one in listed["vendors"]] == [VENDOR]
    code, told = run("backup", "--out", "/dev/null/x.db")
    assert (code, told["error"]) == (3, "server_backup_failed")


@pytest.mark.parametrize(
    "words",
    [("epoch",), ("backup",), ("vendor", "list"), ("pairing-code", "--vendor", VENDOR), ("distribute",)],
)
def test_a_command_in_the_wrong_place_says_so_and_makes_no_database(
    bare: Callable[..., Answer], home: Path, words: Sequence[str]
) -> None:
    code, told = bare(*words)
    assert (code, told["error"]) == (1, "database_missing")
    assert told["params"] == {"where": str(home / "server.db")}
    assert str(home)[:50] in told["message"]
    assert not (home / "server.db").exists()


def test_a_command_makes_no_tables_in_an_empty_postgresql(
    bare: Callable[..., Answer], postgres_server: postgres.Server
) -> None:
    where = postgres_server.url(postgres_server.create())
    code, told = bare("--database", where, "epoch")
    assert (code, told["error"]) == (1, "database_missing")
    assert "keeper:keeper" not in told["message"]
    assert bare("--database", where, "vendor", "list")[1]["error"] == "database_missing"


def test_a_database_too_old_for_us_is_told_from_one_that_is_away(
    bare: Callable[..., Answer], postgres_server: postgres.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos.server.engine.OLDEST_POSTGRESQL", 1000)
    code, told = bare("--database", postgres_server.url(postgres_server.create()), "migrate")
    assert (code, told["error"], told["params"]["oldest"]) == (1, "postgresql_too_old", 1000)


def test_an_epoch_and_a_migration(bare: Callable[..., Answer]) -> None:
    assert bare("migrate") == (0, {"migrated": True, "retried": 0})
    assert bare("migrate")[0] == 0
    assert bare("epoch")[1]["epoch"] != bare("epoch")[1]["epoch"]


def test_what_cannot_be_done_is_said(
    run: Callable[..., Answer], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words, code, error in (
        (("nonsense",), 2, "usage"),
        (("pairing-code",), 2, "usage"),
        (("--database", "mysql://x/y", "epoch"), 1, "database_url_unclear"),
        (("--database", "postgresql://nobody@127.0.0.1:1/x", "epoch"), 3, "database_away"),
        (("--database", "sqlite:////dev/null/x.db", "epoch"), 1, "database_missing"),
        (("--database", "sqlite:////dev/null/x.db", "migrate"), 3, "database_away"),
        (("distribute",), 1, "citus_missing"),
        (("serve", "--workers", "2"), 1, "workers_need_postgresql"),
    ):
        exit_code, told = run(*words)
        assert (exit_code, told["error"]) == (code, error)
        assert set(told) == {"error", "message", "params"}
    assert main(["vendor", "devices", "নেই"]) == 1
    assert capsys.readouterr().err.strip() == SENTENCES["vendor_unknown"][0].format(name="নেই")
    assert main(["--lang", "en", "vendor", "devices", "x"]) == 1
    assert capsys.readouterr().err.startswith("There is no vendor named “x”")
    with open_database(f"sqlite:///{home / 'server.db'}").owning() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert run("vendor", "list")[1]["error"] == "database_not_migrated"
    assert run("migrate")[1]["error"] == "server_database_newer"


def test_help_is_help(run: Callable[..., Answer], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "pairing-code" in capsys.readouterr().out
    assert "Usage" in run("--help")[1]["help"]


# ---- serving ---------------------------------------------------------------------------------------------


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def serving(home: Path) -> Iterator[Callable[..., tuple[subprocess.Popen[str], str]]]:
    """Starts servers; hands out each process and its address once it listens."""
    started: list[subprocess.Popen[str]] = []
    assert not home.exists()

    def start(*words: str, more: Sequence[str] = ()) -> tuple[subprocess.Popen[str], str]:
        port = free_port()
        program = "import sys; from pos.server.cli import main; sys.exit(main())"
        process = subprocess.Popen(
            [sys.executable, "-c", program, "--lang", "en", *words, "serve", "--port", str(port), *more],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=dict(os.environ),
        )
        started.append(process)
        assert process.stderr is not None
        assert process.stderr.readline().startswith("The server is running"), process.poll()
        url = f"http://127.0.0.1:{port}"
        transport = httpx.HTTPTransport(retries=20)  # it says so just before it listens
        with httpx.Client(transport=transport) as client:
            assert client.get(f"{url}/readyz").status_code == 200
        return process, url

    yield start
    for process in started:
        process.kill()
        process.communicate()


def paired(url: str, code: str) -> PairReply:
    headers = {"Content-Encoding": "zstd"}
    answer = httpx.post(f"{url}/devices/pair", content=codec.encode(pair_request(code)), headers=headers)
    assert answer.status_code == 200, answer.text
    return codec.decode(answer.content, PairReply, encoding=spelt(answer))


def spelt(answer: httpx.Response) -> str:
    return "zstd" if answer.content[:4] == b"\x28\xb5\x2f\xfd" else "identity"


def asked(url: str, token: str) -> httpx.Response:
    body = b'{"proto":1,"app":"1","schema":3,"epoch":null,"first":1,"prev":"%s","cursors":{},"now_ms":0}' % (
        b"0" * 64
    )
    return httpx.post(f"{url}/sync/v1/exchange", content=body, headers={"Authorization": f"Bearer {token}"})


def test_without_arguments_it_serves_until_it_is_told_to_stop(
    serving: Callable[..., tuple[subprocess.Popen[str], str]], run: Callable[..., Answer]
) -> None:
    process, url = serving()
    code = run("pairing-code", "--vendor", VENDOR)[1]["code"]
    answer = asked(url, paired(url, code).token)
    assert codec.decode(answer.content, ExchangeReply, encoding=spelt(answer)).last_n == 0
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert out.strip() == "The server has stopped."
    assert "Traceback" not in err


def test_an_address_that_is_taken_is_said(
    serving: Callable[..., tuple[subprocess.Popen[str], str]], run: Callable[..., Answer]
) -> None:
    _, url = serving()
    code, told = run("serve", "--port", url.rpartition(":")[2])
    assert (code, told["error"]) == (3, "address_taken")


def test_an_address_that_is_taken_is_said_before_a_database_is_made(
    bare: Callable[..., Answer], home: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, told = bare("serve", "--port", str(taken.getsockname()[1]))
    assert (code, told["error"]) == (3, "address_taken")
    assert not (home / "server.db").exists()


def test_two_servers_do_not_serve_one_file(
    serving: Callable[..., tuple[subprocess.Popen[str], str]], run: Callable[..., Answer]
) -> None:
    serving()
    code, told = run("serve", "--port", str(free_port()))
    assert (code, told["error"]) == (1, "server_runs_already")


def test_a_vendor_may_take_up_what_the_server_was_told(
    serving: Callable[..., tuple[subprocess.Popen[str], str]], run: Callable[..., Answer], home: Path
) -> None:
    process, url = serving(more=("--quota-gb", "2"))
    token = paired(url, run("pairing-code", "--vendor", VENDOR)[1]["code"]).token
    database = open_database(f"sqlite:///{home / 'server.db'}")
    for gigabytes, status in ((1, 200), (2, 429)):
        with database.write() as connection:
            connection.exec_driver_sql(f"UPDATE vendor_stream SET stored_bytes = {gigabytes << 30}")
        assert asked_with_operations(url, token) == status
    database.close()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0


@pytest.mark.parametrize("words", [(), ("serve",)])
def test_the_quota_is_read_from_the_environment_however_it_is_started(
    home: Path, monkeypatch: pytest.MonkeyPatch, words: Sequence[str]
) -> None:
    told = []
    monkeypatch.setenv(QUOTA_VARIABLE, "7")
    monkeypatch.setattr("pos.server.serving.serve", lambda settings, _told: told.append(settings.quota_gb))
    assert main([*words]) == 0
    assert told == [7]


def test_a_request_under_way_is_answered_before_it_stops(
    serving: Callable[..., tuple[subprocess.Popen[str], str]], run: Callable[..., Answer], home: Path
) -> None:
    process, url = serving()
    token = paired(url, run("pairing-code", "--vendor", VENDOR)[1]["code"]).token
    got: list[int] = []
    database = open_database(f"sqlite:///{home / 'server.db'}")
    with database.owning():  # nobody else can write now: the exchange that follows waits
        thread = threading.Thread(target=lambda: got.append(asked_with_operations(url, token)))
        thread.start()
        with httpx.Client() as client:
            while "hatkhata_requests_open 1" not in client.get(f"{url}/metrics").text:
                pass
        process.send_signal(signal.SIGTERM)
    thread.join(timeout=60)
    database.close()
    assert got == [200]
    assert process.wait(timeout=60) == 0


def asked_with_operations(url: str, token: str) -> int:
    from tests.server.test_http import held_message

    return httpx.post(
        f"{url}/sync/v1/exchange",
        content=held_message(),
        headers={"Authorization": f"Bearer {token}", "Content-Encoding": "zstd"},
        timeout=60,
    ).status_code


@pytest.mark.parametrize("refused", ["INSERT ON sale", "UPDATE ON vendor_stream"])
def test_what_is_held_and_cannot_be_judged_keeps_no_server_from_starting(
    serving: Callable[..., tuple[subprocess.Popen[str], str]],
    run: Callable[..., Answer],
    home: Path,
    refused: str,
) -> None:
    run("vendor", "add", VENDOR)
    database = open_database(f"sqlite:///{home / 'server.db'}")
    shop = Central(database, "").shop(VENDOR)
    shop.order(shop.owner)
    assert statuses(shop.push())[-1] == "stands_on_unknown"
    with database.owning() as connection:
        # What it stands on is there by now, and then the database fails.
        connection.exec_driver_sql(
            "INSERT INTO stock SELECT vendor_id, agg_id, 0, op_id FROM operation WHERE kind = 'operator.added'"
        )
        connection.exec_driver_sql(
            f"CREATE TRIGGER refusing BEFORE {refused} BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )
    database.close()
    serving()
    text = (home / "logs" / "hatkhata.log").read_text(encoding="utf-8")
    assert "held_not_judged" in text
    code, told = run("vendor", "list")
    assert (code, [one["held"] for one in told["vendors"]]) == (0, [1])


def test_several_processes_share_one_postgresql(
    serving: Callable[..., tuple[subprocess.Popen[str], str]],
    postgres_server: postgres.Server,
    run: Callable[..., Answer],
) -> None:
    where = postgres_server.url(postgres_server.create())
    assert run("--database", where, "migrate")[0] == 0
    code = run("--database", where, "pairing-code", "--vendor", VENDOR)[1]["code"]
    process, url = serving("--database", where, more=("--workers", "2"))
    assert len(children_of(process.pid)) == 2
    token = paired(url, code).token
    # Each from a connection of its own, so that both processes are asked; what one wrote, the other knows.
    assert asked_with_operations(url, token) == 200
    for _ in range(30):
        answer = asked(url, token)
        assert answer.status_code == 200
        assert codec.decode(answer.content, ExchangeReply, encoding=spelt(answer)).last_n == 1
    children = children_of(process.pid)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert out.strip() == "The server has stopped."
    assert not any(Path(f"/proc/{child}").exists() for child in children)


def children_of(pid: int) -> list[int]:
    """Its processes, as Linux tells them, without the one that Python keeps for itself."""
    told = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [one for one in told if b"resource_tracker" not in Path(f"/proc/{one}/cmdline").read_bytes()]
