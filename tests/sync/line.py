"""The line between a laptop and the server, and all that a line can do to a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from pos.errors import EnvironmentFault
from pos.sync.transport import Response
from tests.sync.memory import PowerCut

if TYPE_CHECKING:
    import random

    from tests.sync.central import Central

Trouble = Literal[
    "lost",
    "reply_lost",
    "twice",
    "twice_first_reply",
    "late",
    "stale_reply",
    "request_cut",
    "reply_cut",
    "portal",
    "busy",
    "server_dies_before_commit",
    "server_dies_after_commit",
    "power_cut_before_reply",
    "from_memory",
]
# Last, since it is drawn apart: what a seed has brought so far it is to bring again.
FROM_MEMORY: Final[Trouble] = "from_memory"
TROUBLES: Final[tuple[Trouble, ...]] = Trouble.__args__[:-1]  # type: ignore[attr-defined]


class Time:
    """The time in the world, which only goes on when something happens in it."""

    def __init__(self, at_ms: int) -> None:
        self.at_ms = at_ms


@dataclass(frozen=True, slots=True)
class Letter:
    """A message on its way."""

    path: str
    body: bytes
    token: str | None


class Line:
    """One laptop's way to the server.

    Attributes:
        trouble: what happens to the next messages, in order; nothing once it is used up.
        under_way: messages that the laptop has given up and the server may still get.
        replies: what the server answered so far, by path: a careless box on the way may hand out an old one.
        sent: how many messages there were.
    """

    def __init__(self, central: Central, time: Time, rng: random.Random) -> None:
        self._central, self._time, self._rng = central, time, rng
        self.trouble: list[Trouble] = []
        self.under_way: list[Letter] = []
        self.replies: dict[str, list[Response]] = {}
        self.sent = 0

    def post(self, path: str, body: bytes, token: str | None) -> Response:
        """Send one message."""
        self.sent += 1
        self._time.at_ms += self._rng.choice((1, 40, 900, 2500))
        letter = Letter(path, body, token)
        trouble = self.trouble.pop(0) if self.trouble else None
        match trouble:
            case "lost":
                raise _unreachable()
            case "late":
                self.under_way.append(letter)
                raise EnvironmentFault("server_slow", server="sim")
            case "portal":
                return Response(200, b"<html><body>Login</body></html>", None, "identity")
            case "from_memory" if path in self.replies:  # the server hears nothing of it
                return self.replies[path][-1]
            case "busy":
                return Response(503, b"", 7.0, "identity")
            case "server_dies_before_commit":
                self._central.die_before_commit()
                self._carry(letter)
                self._central.restart()
                raise _unreachable()
            case "request_cut":
                return self._carry(Letter(path, body[: len(body) * 2 // 3], token))
            case "twice_first_reply":
                first = self._carry(letter)
                self._carry(letter)
                return first
            case "twice":
                self._carry(letter)
        reply = self._carry(letter)
        match trouble:
            case "reply_lost":
                raise _unreachable()
            case "server_dies_after_commit":
                self._central.restart()
                raise _unreachable()
            case "power_cut_before_reply":
                raise PowerCut
            case "reply_cut":
                return Response(reply.status, reply.body[: len(reply.body) * 2 // 3], None, reply.encoding)
            case "stale_reply":
                return self.replies[path][max(0, len(self.replies[path]) - 3)]
        return reply

    def deliver_late(self) -> None:
        """What was given up reaches the server after all; nobody waits for its answer."""
        if self.under_way:
            self._carry(self.under_way.pop(0))

    def _carry(self, letter: Letter) -> Response:
        reply = self._central.answer(letter.path, letter.body, letter.token)
        self.replies.setdefault(letter.path, []).append(reply)
        return reply


def _unreachable() -> EnvironmentFault:
    return EnvironmentFault("server_unreachable", server="sim")
