"""The installed program as a process of its own: pipes, signals, odd consoles and odd folders."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.cli.conftest import PROGRAM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.cli.conftest import Answer, Command

    Program = Callable[..., Answer]
    Environ = Callable[[Path, Mapping[str, str | None]], dict[str, str]]

posix = pytest.mark.skipif(os.name != "posix", reason="pipes and signals as POSIX has them")


def test_the_demo_does_the_main_job_with_no_home_no_display_and_no_terminal(
    program: Program, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    quiet = {
        "HATKHATA_HOME": None,
        "HATKHATA_NOW": None,
        "DISPLAY": None,
        "WAYLAND_DISPLAY": None,
        "HOME": str(tmp_path / "empty"),
        "TMPDIR": str(tmp_path),
        "LC_ALL": "en_GB.UTF-8",
    }
    done = program("--demo", "--json", stdin=None, environ=quiet).value
    assert (done["products"], done["variants"], done["skus"]) == (120, 187, 273)
    assert done["history"] > 300
    year = done["order"]["taken_at"][2:4]
    assert re.fullmatch(rf"A-{year}-\d{{6}}", done["order"]["number"]), "the next one after the past hats'"
    assert done["order"]["hat"] is not None
    assert done["order"]["warnings"] == []
    assert all(Path(paper).stat().st_size > 1000 for paper in done["papers"])
    # Taken in the window, of which there is a picture: there the order bears the id of its draft.
    assert re.fullmatch(r"[0-9a-f]{32}", done["order"]["request_id"])
    with Image.open(done["picture"]) as window:
        totals = window.convert("L").crop((620, 8, 1060, 60))
    assert sum(totals.histogram()[:128]) > 200, "what the hat has brought so far is drawn"
    assert not list((tmp_path / "empty").iterdir()), "nothing of it lands in the person's own folder"
    spoken = program("--demo", environ=quiet)
    assert spoken.code == 0
    assert "…" not in spoken.out
    assert spoken.lines[-1].strip().startswith(("export HATKHATA_HOME=", "set HATKHATA_HOME="))


def test_the_demo_does_the_main_job_where_qt_cannot_run(tmp_path: Path) -> None:
    without = "import sys; sys.modules['PySide6'] = None; sys.argv[1:] = ['--demo', '--json']; "
    done = subprocess.run(
        [sys.executable, "-c", f"{without}from ui.app import main; sys.exit(main())"],
        env=os.environ | {"TMPDIR": str(tmp_path), "TEMP": str(tmp_path)},
        capture_output=True,
        check=True,
    )
    answer = json.loads(done.stdout)
    assert (answer["order"]["request_id"], answer["order"]["total"]) == ("demo-1", "11630.00")
    assert (answer["picture"], done.stderr) == (None, b"")


@posix
def test_a_reader_that_leaves_early_is_no_error(shop: Command, environ_of: Environ, program: Program) -> None:
    for words in ("stock", "settings get"):
        done = subprocess.run(
            ["bash", "-c", f'"{PROGRAM}" {words} | head -c 20; exit "${{PIPESTATUS[0]}}"'],
            env=environ_of(shop.home, {}),
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b""), words


@posix
@pytest.mark.parametrize(("closed", "code"), [("<&-", 1), (">&-", 1), ("2>&-", 1), ("<&- >&- 2>&-", 1)])
def test_closed_streams_are_no_fault(shop: Command, environ_of: Environ, closed: str, code: int) -> None:
    done = subprocess.run(
        ["bash", "-c", f'"{PROGRAM}" order take - --json {closed}'],
        env=environ_of(shop.home, {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert done.returncode == code
    assert done.stderr == b""
    if ">&-" not in closed.split():
        assert json.loads(done.stdout)["error"] == "order_file_empty"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_an_answer_that_cannot_be_written_is_told_and_exits_3(shop: Command, environ_of: Environ) -> None:
    for words, code in ((["stock", "--json"], 3), (["stock"], 3), (["order", "show", "1", "--json"], 1)):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [PROGRAM, *words],
                env=environ_of(shop.home, {}),
                stdout=full,
                stderr=subprocess.PIPE,
                check=False,
            )
        assert done.returncode == code
        assert len(done.stderr.decode().splitlines()) == 1


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_bangla_comes_through_consoles_of_any_encoding(
    shop: Command, program: Program, encoding: str
) -> None:
    odd = {"LC_ALL": "C", "LANG": "C", "PYTHONIOENCODING": encoding}
    assert "সুন্দরবনের মধু" in program("find", "মধু", environ=odd).out
    order = json.dumps({"items": [{"sku": "P017", "qty": "১"}], "rest": "due"}, ensure_ascii=False)
    taken = program("order", "take", "-", "--json", stdin=order.encode(), environ=odd).value
    assert taken["number"] == "A-26-000001"


def test_a_home_with_spaces_and_bangla_letters_works(shop: Command, program: Program, tmp_path: Path) -> None:
    shop.home = tmp_path / "রহিমা আক্তার" / "OneDrive - ডেস্কটপ" / "দোকান #1 100%"
    shop.json("init", "--vendor", "দোকান", "--phone", "01733456789")
    made = program("backup", "--json").value
    assert Path(made["file"]).is_relative_to(shop.home)
    found = shop.json("doctor")
    assert found["ok"]
    assert found["synced_by"] == "OneDrive - ডেস্কটপ"


@pytest.mark.parametrize("home", ["~nobody-of-this-name/shop"])
def test_an_odd_home_is_taken_as_it_is_written(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    monkeypatch.chdir(tmp_path)
    made = program(
        "init", "--vendor", "x", "--phone", "01733456789", "--json", environ={"HATKHATA_HOME": home}
    )
    assert made.value["home"] == str(tmp_path / home)


def test_two_commands_at_once_take_two_numbers(shop: Command, environ_of: Environ) -> None:
    order = b'{"items": [{"sku": "P017", "qty": 1}], "rest": "due"}'
    running = [
        subprocess.Popen(
            [PROGRAM, "order", "take", "-", "--json"],
            env=environ_of(shop.home, {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(3)
    ]
    for process in running:
        assert process.stdin is not None
        process.stdin.write(order)
        process.stdin.close()
    numbers = []
    for process in running:
        assert process.stdout is not None
        numbers.append(json.loads(process.stdout.read())["number"])
        process.stdout.close()
        assert process.wait() == 0
    assert sorted(numbers) == [f"A-26-00000{n}" for n in range(1, 4)]
    assert shop.json("stock", "P017")["items"][0]["on_hand"] == "22"
    assert shop.sound()


def is_held(lock: Path) -> bool:
    """Whether another process has this lock; asked on POSIX alone."""
    import fcntl

    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def ctrl_c_heard() -> Iterator[None]:
    """What a shell starts in the background is deaf to Ctrl-C, these tests and what they start included."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@posix
def test_ctrl_c_during_a_big_import_leaves_nothing_half_done(
    shop: Command, environ_of: Environ, tmp_path: Path
) -> None:
    file = tmp_path / "big.csv"
    rows = "".join(f"L{n},পণ্য নম্বর {n},টি,{n + 1}\n" for n in range(30_000))
    file.write_text("কোড,নাম,একক,দাম\n" + rows, encoding="utf-8")
    before = shop.json("stock")
    with ctrl_c_heard():
        process = subprocess.Popen(
            [PROGRAM, "import", str(file), "--json"],
            env=environ_of(shop.home, {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    # The shop's lock is held as long as it is written to. On a machine that is faster than this test looks the
    # import may be stopped while still reading, which has to end the same way.
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline and not is_held(shop.home / "write.lock"):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1, err
    assert err.strip() == b""
    assert json.loads(out)["error"] == "stopped"
    assert shop.json("stock") == before
    assert shop.sound()


def test_the_shell_can_complete_words(environ_of: Environ, tmp_path: Path) -> None:
    def completed(**variables: str) -> str:
        done = subprocess.run([PROGRAM], env=environ_of(tmp_path, variables), capture_output=True, check=True)
        return done.stdout.decode()

    assert "_HATKHATA_COMPLETE=bash_complete" in completed(_HATKHATA_COMPLETE="bash_source")
    words = {"_HATKHATA_COMPLETE": "bash_complete", "COMP_WORDS": "hatkhata ord", "COMP_CWORD": "1"}
    assert completed(**words).splitlines() == ["plain,order"]


def test_no_command_imports_a_window(tmp_path: Path) -> None:
    look = "import sys; from ui.app import main; sys.argv[1:] = ['--version']; main(); print('PySide6' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, check=True)
    assert done.stdout.decode().split()[-1] == "False"
