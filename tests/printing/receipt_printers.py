"""Receipt printers to test with: what a thermal head makes of its bytes, and one at the end of a real line."""

from __future__ import annotations

import io
import socket
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Eight dots of a byte as pixels, the highest bit first; a dot that is set burns black.
PIXELS = [bytes(0 if byte >> (7 - dot) & 1 else 255 for dot in range(8)) for byte in range(256)]
QUESTIONS = {b"\x10\x04\x01": 1, b"\x10\x04\x02": 2, b"\x10\x04\x04": 4}


@dataclass
class ThermalHead:
    """Does what the ESC/POS manual says for the few commands it knows, and stops at any other byte."""

    strips: list[Image.Image] = field(default_factory=list)
    bands: list[int] = field(default_factory=list)
    fed: list[int] = field(default_factory=list)
    kicks: int = 0
    _rows: list[bytes] = field(default_factory=list)
    _dots: int = 0

    def take(self, data: bytes) -> ThermalHead:
        stream = io.BytesIO(data)
        assert stream.read(2) == b"\x1b@"
        while byte := stream.read(1):
            command = byte + stream.read(1)
            if command == b"\x1dv":
                self._raster(stream)
            elif command == b"\x1bJ":
                self._dots += stream.read(1)[0]
            elif command == b"\x1dV":
                assert stream.read(1) == b"B"
                self._cut(stream.read(1)[0])
            elif command == b"\x1bp":
                assert not self._rows, "the drawer opens before anything is printed"
                pin, on, off = stream.read(3)
                assert (pin, 0 < on <= off) == (0, True)
                self.kicks += 1
            else:
                raise AssertionError(f"{command!r} at {stream.tell() - 2}")
        assert self._rows == [], "the last strip was not cut"
        return self

    def _raster(self, stream: io.BytesIO) -> None:
        assert stream.read(2) == b"0\x00"
        wide = int.from_bytes(stream.read(2), "little")
        high = int.from_bytes(stream.read(2), "little")
        assert self._dots == 0, "no white between the bands of a strip"
        for _ in range(high):
            row = stream.read(wide)
            assert len(row) == wide, "the picture ends early"
            self._rows.append(b"".join([PIXELS[byte] for byte in row]))
        self.bands.append(high)

    def _cut(self, dots: int) -> None:
        paper = Image.frombytes("L", (len(self._rows[0]), len(self._rows)), b"".join(self._rows))
        self.strips.append(paper.convert("1", dither=Image.Dither.NONE))
        self.fed.append(self._dots + dots)
        self._rows, self._dots = [], 0


class NetworkPrinter:
    """One that answers questions out of turn, as the manual has it, and keeps everything else it is sent."""

    def __init__(self, line: socket.socket, *statuses: dict[int, int]) -> None:
        self._line = line
        self._statuses = list(statuses)  # of each round of questions: before the job, after it
        self.job = b""
        self.questions = 0

    def serve(self) -> None:
        held = b""
        while byte := self._line.recv(1):
            held += byte
            if held in QUESTIONS:
                self._tell(QUESTIONS[held])
                held = b""
            elif not any(question.startswith(held) for question in QUESTIONS):
                self.job += held
                held = b""
        self.job += held

    def _tell(self, question: int) -> None:
        self.questions += 1
        after = bool(self.job)
        statuses = self._statuses[min(after, len(self._statuses) - 1)]
        if question in statuses:
            self._line.sendall(bytes([statuses[question]]))


@contextmanager
def plugged_in(behave: Callable[[socket.socket], None]) -> Iterator[tuple[str, int]]:
    """A printer's socket on this machine; `behave` is what it does with the one caller it takes."""
    failures: list[BaseException] = []

    def work() -> None:
        line, _ = listener.accept()
        with closing(line):
            line.settimeout(30)
            try:
                behave(line)
            except BaseException as error:  # noqa: BLE001 - told to the test below
                failures.append(error)

    with closing(socket.socket()) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        listener.settimeout(30)
        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield listener.getsockname()
        finally:
            thread.join()
    assert failures == []
