"""Over the line to the central server: HTTPS, with limits on time and size, and a reason for every failure.

Plain HTTP goes to this very computer only. Nothing is followed elsewhere: a redirect, or a page where an answer
should be, is the login of some café's network and not the server (`network_login`).
"""

from __future__ import annotations

import errno
import ipaddress
import re
import socket
import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit

import msgspec

from pos.errors import EnvironmentFault, UserError
from pos.protocol.codec import LIMIT_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import httpx

_CONNECT_S, _ANSWER_S = 10.0, 60.0
_HEALTH_S = 5.0
_NO_LINE: Final = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}
_GUARDED: Final = {401, 403, 426}  # of the server these are messages, of a network's guard they are pages
_LONGEST_WAIT_S = 3600.0


class Response(msgspec.Struct, frozen=True):
    """What came back.

    Attributes:
        status: HTTP's.
        body: as it travelled, whole.
        retry_after: seconds that the server asks to be left alone for; None where it asks nothing.
        encoding: how `body` is packed: ``zstd``, ``gzip`` or ``identity``.
    """

    status: int
    body: bytes
    retry_after: float | None = None
    encoding: str = "zstd"


class Transport(Protocol):
    """The way to the server; tests hand in one of their own."""

    def post(self, path: str, body: bytes, token: str | None) -> Response:
        """Send one message (zstd) and wait for the answer.

        Raises:
            EnvironmentFault: no whole answer came; whether the server took the message is not known.
        """
        ...


def server_address(text: str) -> str:
    """The address of a server as it is kept: scheme, host and port.

    Raises:
        UserError: ``server_address_unclear``; ``server_not_secure``: plain HTTP to another computer.
    """
    given = text.strip()
    if "://" not in given:
        given = f"{'http' if _is_loopback(_host_of('//' + given)) else 'https'}://{given}"
    host = _host_of(given)
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        raise UserError("server_address_unclear", text=text) from None
    plain = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username)
    if parts.scheme not in ("http", "https") or not host or not plain:
        raise UserError("server_address_unclear", text=text)
    if parts.scheme == "http" and not _is_loopback(host):
        raise UserError("server_not_secure", text=text)
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port is not None else "")


def _host_of(text: str) -> str:
    try:
        host = urlsplit(text).hostname or ""
    except ValueError:
        return ""
    named = re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", host)
    return host if named or _is_address(host) else ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


class HttpTransport:
    """The server at an address. One connection is kept between messages; close it at the end."""

    def __init__(self, server: str) -> None:
        self._server = server_address(server)
        self._client: httpx.Client | None = None

    def post(self, path: str, body: bytes, token: str | None) -> Response:
        """Send one message and wait for the answer.

        Raises:
            EnvironmentFault: ``no_internet``, ``server_unreachable``, ``server_slow``, ``server_untrusted``,
                ``network_login``, ``proxy_unclear``, ``server_answer_unclear``.
        """
        headers = {
            "Content-Type": "application/json",
            "Content-Encoding": "zstd",
            "Accept": "application/json",
            "Accept-Encoding": "zstd",
        }
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        with (
            _reasons_told(self._server),
            self._opened().stream("POST", path, content=body, headers=headers) as answer,
        ):
            return _read(answer, self._server)

    def reach(self) -> None:
        """Return if the server is there; a short question, for who only wants to know.

        Raises:
            EnvironmentFault: as `post`.
        """
        with (
            _reasons_told(self._server),
            self._opened().stream("GET", "/healthz", timeout=_HEALTH_S) as answer,
        ):
            _read(answer, self._server)

    def _opened(self) -> httpx.Client:
        if self._client is None:
            import httpx

            from pos import __version__

            # A proxy of the surroundings has no business between two programs of one computer.
            beside = _is_loopback(_host_of(self._server))
            try:
                self._client = httpx.Client(
                    base_url=self._server,
                    timeout=httpx.Timeout(_ANSWER_S, connect=_CONNECT_S),
                    follow_redirects=False,
                    trust_env=not beside,
                    headers={"User-Agent": f"hatkhata/{__version__}"},
                )
            except (ValueError, ImportError, httpx.InvalidURL):
                # Not with its address, in which a password may stand. A SOCKS proxy is one of these.
                raise EnvironmentFault("proxy_unclear") from None
        return self._client

    def close(self) -> None:
        """Let go of the connection."""
        if self._client is not None:
            self._client.close()
            self._client = None


def let_go(transport: Transport) -> None:
    """Close the connection of a transport that keeps one."""
    if isinstance(transport, HttpTransport):
        transport.close()


@contextmanager
def _reasons_told(server: str) -> Iterator[None]:
    """What the line did, as a fault with a code; never with what was sent, in which a token stands."""
    import httpx

    try:
        yield
    except (httpx.ReadTimeout, httpx.WriteTimeout, httpx.PoolTimeout):
        raise EnvironmentFault("server_slow", server=server) from None
    except httpx.TimeoutException:
        raise EnvironmentFault("server_unreachable", server=server) from None
    except httpx.DecodingError:
        raise EnvironmentFault("server_answer_unclear", server=server) from None
    except (httpx.TransportError, OSError) as error:
        raise _fault(error, server) from None


def _fault(error: BaseException, server: str) -> EnvironmentFault:
    """The reason that lies deepest: httpx wraps what the system said."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, socket.gaierror):
            return EnvironmentFault("no_internet", server=server)
        if isinstance(cause, ssl.SSLError):
            return EnvironmentFault("server_untrusted", server=server)
        if isinstance(cause, OSError) and cause.errno in _NO_LINE:
            return EnvironmentFault("no_internet", server=server)
        cause = cause.__cause__ or cause.__context__
    return EnvironmentFault("server_unreachable", server=server)


def _read(answer: httpx.Response, server: str) -> Response:
    """The whole body as it travelled; unpacking, with its limits, is the codec's."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    page = kind == "text/html" and (answer.is_success or answer.status_code in _GUARDED)
    if answer.is_redirect or answer.status_code == 511 or page:
        raise EnvironmentFault("network_login", server=server)
    body = bytearray()
    for chunk in answer.iter_raw():
        body += chunk
        if len(body) > LIMIT_BYTES:
            raise EnvironmentFault("server_answer_unclear", server=server)
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    return Response(answer.status_code, bytes(body), retry_after_of(answer.headers), encoding)


def retry_after_of(headers: Mapping[str, str]) -> float | None:
    """The seconds of a `Retry-After`; a date in its place, or nonsense, counts as nothing said."""
    said = next((value for name, value in headers.items() if name.lower() == "retry-after"), "").strip()
    return min(float(said), _LONGEST_WAIT_S) if re.fullmatch(r"[0-9]{1,9}", said, re.ASCII) else None
