"""A way to the server that can be left while it is waited for: a window that is closed waits for no slow line."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING

from pos.errors import EnvironmentFault

if TYPE_CHECKING:
    from pos.sync.transport import Response, Transport

_Outcome = tuple["Response | None", BaseException | None]


class Leavable:
    """Carries messages on a thread of its own; what comes back after it was left is let go.

    Nothing is lost by that: an exchange may be cut off anywhere and repeated.

    Args:
        inner: the way to the server.
        server: its address, for the fault.
    """

    def __init__(self, inner: Transport, server: str) -> None:
        self._inner, self._server = inner, server
        self._left = False
        self._box: queue.SimpleQueue[_Outcome] = queue.SimpleQueue()

    def post(self, path: str, body: bytes, token: str | None) -> Response:
        """Send one message and wait for the answer, or until it is left.

        Raises:
            EnvironmentFault: as the way itself; ``server_slow`` where it was left.
        """
        box: queue.SimpleQueue[_Outcome] = queue.SimpleQueue()
        self._box = box
        if self._left:  # asked only now: whoever leaves says so first, then wakes the box that is there
            raise EnvironmentFault("server_slow", server=self._server)

        def carry() -> None:
            try:
                box.put((self._inner.post(path, body, token), None))
            except Exception as error:  # noqa: BLE001 - raised again where it is waited for
                box.put((None, error))

        threading.Thread(target=carry, name="sync-line", daemon=True).start()
        answer, error = box.get()
        if error is not None:
            raise error
        if answer is None:
            raise EnvironmentFault("server_slow", server=self._server)
        return answer

    def leave(self) -> None:
        """Wait no longer, now or later."""
        self._left = True
        self._box.put((None, None))
