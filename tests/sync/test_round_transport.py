"""The line to the server: what may be an address, and a reason for everything that a line does."""

from __future__ import annotations

import errno
import socket
import ssl
from typing import TYPE_CHECKING

import httpx
import msgspec
import pytest

from pos.errors import EnvironmentFault, UserError
from pos.protocol.codec import LIMIT_BYTES, encode
from pos.protocol.messages import Refusal
from pos.sync.answers import message_in
from pos.sync.transport import HttpTransport, Response, retry_after_of, server_address
from tests.sync.wire import listening, say

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://hat.example", "https://hat.example"),
        (" https://hat.example/ ", "https://hat.example"),
        ("hat.example:8443", "https://hat.example:8443"),
        ("127.0.0.1:8725", "http://127.0.0.1:8725"),
        ("http://localhost:8725", "http://localhost:8725"),
        ("http://[::1]:8725", "http://[::1]:8725"),
        ("HTTPS://Hat.Example", "https://hat.example"),
    ],
)
def test_an_address_is_kept_as_scheme_host_and_port(typed: str, kept: str) -> None:
    assert server_address(typed) == kept
    assert server_address(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *("", "https://", "ftp://hat.example", "https://hat.example/path", "https://a:b@hat.example"),
        *("https://hat.example?x=1", "https://hat.example:99999", "https://ha t.example", "https://[::1"),
        *("হাট", "https://hat.example#x", "https://-hat.example"),
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(UserError, match="server_address_unclear"):
        server_address(typed)


@pytest.mark.parametrize(
    "typed", ["http://hat.example", "http://192.168.0.5:8725", "http://localhost.example"]
)
def test_plain_http_leaves_this_computer_never(typed: str) -> None:
    with pytest.raises(UserError, match="server_not_secure"):
        server_address(typed)


def sent(address: str) -> Response:
    """One message to an address."""
    transport = HttpTransport(address)
    try:
        return transport.post("/sync/v1/exchange", b"body", "hk1.secret")
    finally:
        transport.close()


def refused(address: str) -> EnvironmentFault:
    """The fault that a message ends with; never with the token in it."""
    with pytest.raises(EnvironmentFault) as caught:
        sent(address)
    assert "secret" not in repr(caught.value.args)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


def test_a_message_carries_its_token_and_its_packing() -> None:
    seen: list[tuple[str, str, bytes]] = []

    def answer(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        seen.append((handler.headers["Authorization"], handler.headers["Content-Encoding"], body))
        say(handler, 200, b"packed", Content_Encoding="zstd", Content_Type="application/json")

    with listening(answer) as address:
        came = sent(address)
    assert seen == [("Bearer hk1.secret", "zstd", b"body")]
    assert came == Response(200, b"packed", None, "zstd")


def test_a_body_is_handed_on_as_it_travelled_and_never_unpacked_on_the_way() -> None:
    packed = encode(Refusal("x"))
    with listening(lambda h, _: say(h, 200, packed, Content_Encoding="zstd")) as address:
        assert sent(address).body == packed


def test_a_login_page_of_the_network_is_told_from_the_server() -> None:
    page = b"<html><body>Log in to the cafe's network</body></html>"
    with listening(lambda h, _: say(h, 200, page, Content_Type="text/html; charset=utf-8")) as address:
        assert refused(address).code == "network_login"
    with listening(lambda h, _: say(h, 302, b"", Location="http://login.example/")) as address:
        assert refused(address).code == "network_login"
    with listening(lambda h, _: say(h, 511, page, Content_Type="text/html")) as address:
        assert refused(address).code == "network_login"


def test_a_page_that_says_nothing_of_its_kind_is_no_answer_either() -> None:
    with listening(lambda h, _: say(h, 200, b"<html>log in</html>")) as address:
        came = sent(address)
    with pytest.raises(EnvironmentFault, match="server_answer_unclear"):
        message_in(came, Refusal)


@pytest.mark.parametrize("proxy", ["socks://127.0.0.1:9", "socks5://127.0.0.1:9", "http://[::1"])
def test_a_proxy_of_the_system_that_cannot_be_used_is_said(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    assert refused("https://hat.example").code == "proxy_unclear"


def test_nobody_at_the_port_is_a_server_that_does_not_answer() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
        assert refused(address).code == "server_unreachable"


def test_a_line_cut_in_the_middle_of_an_answer_is_no_answer() -> None:
    def answer(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"only this")
        handler.close_connection = True

    with listening(answer) as address:
        assert refused(address).code == "server_unreachable"


def test_an_answer_without_end_is_cut_off() -> None:
    huge = bytes(LIMIT_BYTES + 1)
    with listening(lambda h, _: say(h, 200, huge)) as address:
        assert refused(address).code == "server_answer_unclear"


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        (httpx.ConnectError("x"), "server_unreachable"),
        (socket.gaierror(socket.EAI_NONAME, "x"), "no_internet"),
        (OSError(errno.ENETUNREACH, "x"), "no_internet"),
        (OSError(errno.ECONNREFUSED, "x"), "server_unreachable"),
        (ssl.SSLCertVerificationError("x"), "server_untrusted"),
        (httpx.ReadTimeout("x"), "server_slow"),
        (httpx.ConnectTimeout("x"), "server_unreachable"),
    ],
)
def test_each_way_a_line_fails_has_its_reason(
    cause: Exception, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_more: object) -> None:
        if isinstance(cause, httpx.HTTPError):
            raise cause
        raise httpx.ConnectError("x") from cause

    monkeypatch.setattr(httpx.Client, "stream", fail)
    assert refused("https://hat.example").code == code


def answered(status: int, error: str | None = None) -> Response:
    """What the server says with this status; without a code it is what anybody else says with it."""
    body = b"" if error is None else msgspec.json.encode(Refusal(error))
    return Response(status, body, 7.0, "identity")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (answered(401, "token_unknown"), "login_needed"),
        (answered(403, "device_revoked"), "device_shut_out"),
        (answered(426, "proto_unknown"), "app_too_old"),
        (answered(429, "too_many_requests"), "server_busy"),
        (answered(503, "server_busy"), "server_busy"),
        (answered(429, "quota_used_up"), "quota_used_up"),
        *((answered(status), "server_busy") for status in (429, 503)),
        *((answered(status), "server_failing") for status in (500, 502, 504)),
        *((answered(status), "server_answer_unclear") for status in (400, 404, 409, 413)),
    ],
)
def test_each_status_has_its_reason(answer: Response, code: str) -> None:
    with pytest.raises((EnvironmentFault, UserError)) as caught:
        message_in(answer, Refusal)
    assert caught.value.code == code
    assert caught.value.params.get("seconds") == (7 if code in ("server_busy", "quota_used_up") else None)


@pytest.mark.parametrize("status", [401, 403, 426])
def test_only_the_server_itself_can_say_that_this_laptop_is_not_let_in(status: int) -> None:
    for came in (answered(status), answered(status, "forbidden"), Response(status, b'{"error": 1}')):
        with pytest.raises(EnvironmentFault, match="server_answer_unclear"):
            message_in(came, Refusal)
    page = b"<html><body>Blocked by the office's firewall</body></html>"
    with listening(lambda h, _: say(h, status, page, Content_Type="text/html")) as address:
        assert refused(address).code == "network_login"


def test_a_wait_that_is_asked_for_is_read_and_nonsense_is_not() -> None:
    assert retry_after_of({"Retry-After": "12"}) == 12
    assert retry_after_of({"retry-after": "999999999"}) == 3600
    for nonsense in ("", "-5", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "1e9", "১২"):
        assert retry_after_of({"Retry-After": nonsense}) is None


def test_the_look_whether_a_server_is_there_asks_for_its_health() -> None:
    asked: list[str] = []

    def answer(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        asked.append(f"{handler.command} {handler.path}")
        say(handler, 200, b"{}", Content_Type="application/json")

    with listening(answer) as address:
        transport = HttpTransport(address)
        transport.reach()
        transport.close()
    assert asked == ["GET /healthz"]
