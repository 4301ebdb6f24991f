"""A central server as a process of its own, and laptops that sync with it through the command."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

SERVER = Path(sys.executable).with_name("hatkhata-server")
PROGRAM = Path(sys.executable).with_name("hatkhata")
_PATIENCE_SECONDS = 60.0


def free_port() -> int:
    """A port that nobody listens at just now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


class Central:
    """The server at one address, on one data folder; it may be stopped, killed and started again."""

    def __init__(self, home: Path, *, database: str | None = None) -> None:
        self.home, self.port = home, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._database = [] if database is None else ["--database", database]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def serving(self) -> bool:
        """Whether its process runs."""
        return self._process is not None

    @property
    def pid(self) -> int:
        """Of its process, while it runs."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Serve; returns once it answers."""
        line = [str(SERVER), *self._database, "serve", "--port", str(self.port)]
        with (self.home.parent / f"{self.home.name}.log").open("ab") as log:
            self._process = subprocess.Popen(line, env=self._environ(), stdout=log, stderr=log)
        last = time.monotonic() + _PATIENCE_SECONDS
        while not self._answers():
            assert self._process.poll() is None, "the server ended by itself"
            assert time.monotonic() < last, "the server does not answer"
            time.sleep(0.05)

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        self._end(lambda process: process.terminate())

    def kill(self) -> None:
        """Cut its power."""
        self._end(lambda process: process.kill())

    def _end(self, how: Any) -> None:
        process, self._process = self._process, None
        if process is not None:
            how(process)
            process.wait(60)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def command(self, *words: str) -> dict[str, Any]:
        """What `hatkhata-server` answers."""
        line = [str(SERVER), *self._database, *words, "--json"]
        return _answer(subprocess.run(line, env=self._environ(), capture_output=True, check=False))

    def _environ(self) -> dict[str, str]:
        return os.environ | {"HATKHATA_SERVER_HOME": str(self.home)}


class Laptop:
    """A data folder, and the command on it."""

    def __init__(self, home: Path) -> None:
        self.home = home

    @property
    def environ(self) -> dict[str, str]:
        """For a process that works on this laptop."""
        return os.environ | {
            "HATKHATA_HOME": str(self.home),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",  # the token in a file of the test's own
        }

    def __call__(self, *words: str, stdin: object = None, codes: Sequence[int] = (0,)) -> dict[str, Any]:
        """What `hatkhata` answers; it must end with one of these codes."""
        given = b"" if stdin is None else json.dumps(stdin).encode()
        line = [str(PROGRAM), *words, "--json"]
        done = subprocess.run(line, input=given, env=self.environ, capture_output=True, check=False)
        answer = _answer(done)
        assert done.returncode in codes, answer
        return answer

    def pair(self, central: Central, vendor: str) -> None:
        """Take a code at the server and use it here."""
        code = central.command("pairing-code", "--vendor", vendor)["code"]
        self("pair", central.url, code)


def _answer(done: subprocess.CompletedProcess[bytes]) -> dict[str, Any]:
    said = done.stdout.decode().splitlines()
    assert len(said) == 1, (done.stdout, done.stderr)
    answer: dict[str, Any] = json.loads(said[0])
    return answer
