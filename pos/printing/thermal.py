"""Sending a receipt to a network printer, and saying honestly what became of it.

A printer that is out of paper or offline takes the bytes without a word and prints them later, and the cheap
ones never answer a question. So a job ends in one of three states, and one whose fate is unknown is never
sent again by itself: only the person before the printer can see whether the paper came out.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal

from pos.errors import EnvironmentFault

State = Literal["sent", "unknown", "failed"]

ASK_SECONDS: Final = 2.5  # printers that answer do so within a few hundredths of a second
_PARTING_SECONDS: Final = 0.5
_CHUNK = 4096
_MOST_LEFTOVERS = 64 * 1024

# Epson's `DLE EOT n`, answered out of turn by one byte in which bits 1 and 4 are set, 0 and 7 are not.
_PRINTER, _CAUSE, _PAPER = 1, 2, 4
_ANSWER_MASK, _ANSWER = 0b1001_0011, 0b0001_0010
_OFFLINE = 0b0000_1000
_STOPPED_FOR_PAPER = 0b0010_0000
_PAPER_END = 0b0110_0000


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one job.

    Attributes:
        state: ``sent``: the printer took it whole and says that it is well. ``unknown``: bytes went, and whether
            they are on paper only the eye can tell. ``failed``: nothing of it was sent.
        fault: what to tell; None for ``sent``, and for ``unknown`` where a printer that never answers took all.
        answers: whether the printer speaks; one that does not need not be asked the next time.
    """

    state: State
    fault: EnvironmentFault | None = None
    answers: bool = False


def send(host: str, port: int, data: bytes, *, timeout: float, ask_seconds: float = ASK_SECONDS) -> Delivery:
    """Hand the bytes to the printer; never raises for what a printer or a network can do.

    Args:
        host: name or address of the printer.
        port: nearly always 9100.
        data: one whole job, as `receipt_bytes` makes it.
        timeout: seconds to wait for the connection, and again each time that no further byte is taken.
        ask_seconds: how long to wait for an answer; 0 asks nothing, for a printer known to be mute.
    """
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        connection = socket.create_connection((host, port), timeout)
    except ConnectionRefusedError:
        return Delivery("failed", EnvironmentFault("printer_refused", printer=place))
    except TimeoutError:
        return Delivery("failed", EnvironmentFault("printer_no_answer", printer=place))
    except (OSError, UnicodeError):  # no such name, no way there, and names that IDNA cannot write
        return Delivery("failed", EnvironmentFault("printer_no_route", printer=place))
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # questions are three bytes long
        return _Talk(connection, place, timeout, ask_seconds).deliver(data)


class _Broken(Exception):  # noqa: N818 - leads to a state of the job, is no error of ours
    """The printer closed the connection, or the network did."""


class _Talk:
    """One connection, from the first question to the last byte."""

    def __init__(self, connection: socket.socket, place: str, timeout: float, ask_seconds: float) -> None:
        self._connection = connection
        self._place = place
        self._timeout = timeout
        self._ask_seconds = ask_seconds

    def deliver(self, data: bytes) -> Delivery:
        """Ask, send, ask again."""
        try:
            status = self._answer(_PRINTER, self._ask_seconds) if self._ask_seconds > 0 else None
            fault = None if status is None else self._fault_before(status)
        except _Broken:
            # It took the call and hung up: busy with another computer's job.
            return Delivery("failed", EnvironmentFault("printer_refused", printer=self._place))
        answers = status is not None
        if fault is not None:
            return Delivery("failed", fault, answers)
        try:
            self._put(data)
            if answers:
                fault = self._fault_after()
                with suppress(_Broken):  # it has everything, so it may hang up as it likes
                    self._goodbye(_PARTING_SECONDS)
            else:
                self._goodbye(self._ask_seconds or ASK_SECONDS)
        except TimeoutError:
            fault = EnvironmentFault("printer_stalled", printer=self._place)
        except _Broken:
            fault = EnvironmentFault("printer_broke_off", printer=self._place)
        return Delivery("sent" if answers and fault is None else "unknown", fault, answers)

    def _fault_before(self, status: int) -> EnvironmentFault | None:
        """Why the printer would not print now."""
        if self._out_of_paper(status, self._ask_seconds):
            return EnvironmentFault("printer_paper_out", printer=self._place)
        if status & _OFFLINE:
            return EnvironmentFault("printer_not_ready", printer=self._place)
        return None

    def _fault_after(self) -> EnvironmentFault | None:
        """What came in the way of a printer that was well before; the question waits behind the job's bytes."""
        status = self._answer(_PRINTER, self._timeout)
        if status is not None and self._out_of_paper(status, self._timeout):
            return EnvironmentFault("printer_paper_ran_out", printer=self._place)
        if status is None or status & _OFFLINE:
            return EnvironmentFault("printer_stalled", printer=self._place)
        return None

    def _out_of_paper(self, status: int, seconds: float) -> bool:
        """By the paper's own sensor, or as the reason why the printer is offline."""
        paper = self._answer(_PAPER, seconds) or 0
        cause = (self._answer(_CAUSE, seconds) or 0) if status & _OFFLINE else 0
        return bool(paper & _PAPER_END or cause & _STOPPED_FOR_PAPER)

    def _answer(self, question: int, seconds: float) -> int | None:
        """The printer's status byte, or None if it says nothing in that time.

        Raises:
            _Broken: the connection is gone.
        """
        # A picture may hold the question's three bytes by chance, and its answers would be read for these.
        self._leftovers()
        try:
            self._connection.settimeout(seconds)
            self._connection.sendall(bytes([0x10, 0x04, question]))
            while True:
                byte = self._connection.recv(1)
                if not byte:
                    raise _Broken
                if byte[0] & _ANSWER_MASK == _ANSWER:
                    return byte[0]
        except TimeoutError:
            return None
        except OSError as error:
            raise _Broken from error

    def _leftovers(self) -> None:
        """Drop what came in unasked."""
        self._connection.settimeout(0)
        try:
            if not self._connection.recv(_MOST_LEFTOVERS):
                raise _Broken
        except BlockingIOError:
            return
        except OSError as error:
            raise _Broken from error

    def _put(self, data: bytes) -> None:
        """Every byte, waiting anew after each piece: a printer takes a long receipt as fast as it prints.

        Raises:
            TimeoutError: nothing more was taken in the time.
            _Broken: the connection is gone.
        """
        self._connection.settimeout(self._timeout)
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._connection.send(rest[:_CHUNK]) :]
        except TimeoutError:
            raise
        except OSError as error:
            raise _Broken from error

    def _goodbye(self, seconds: float) -> None:
        """End in order: bytes that are left unread make the system reset the line, and lose the job's tail.

        Waits so long for the printer to hang up, which many do at once and some never.

        Raises:
            _Broken: the printer hung up before it had everything.
        """
        self._leftovers()
        try:
            self._connection.shutdown(socket.SHUT_WR)
            self._connection.settimeout(seconds)
            while self._connection.recv(_CHUNK):
                pass
        except TimeoutError:
            return  # it keeps the line open, as many do
        except OSError as error:
            raise _Broken from error
