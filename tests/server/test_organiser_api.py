"""The organiser over HTTP: hats and notices for every vendor, by name and password, written down with who did it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pos.server.accounts import Accounts
from pos.server.limits import Allowance, Buckets, Limits, usual_limits
from pos.server.openapi import description

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from tests.server.conftest import Central
    from tests.server.overhttp import Client

HATS, NOTICES = "/organiser/v1/hats", "/organiser/v1/notices"
KEEPER, LOOKER = ("রাশিদা", "a keeper's password"), ("Looker", "a viewer's password")


@pytest.fixture
def accounts(central: Central) -> Accounts:
    """The accounts, two of them made."""
    made = Accounts(central.office)
    made.add(KEEPER[0], "organiser", KEEPER[1])
    made.add(LOOKER[0], "viewer", LOOKER[1])
    return made


@pytest.fixture
def client(opened: Callable[..., Client], accounts: Accounts) -> Client:
    """On the server's own machine."""
    assert len(accounts.all()) == 2
    return opened("127.0.0.1")


def asked(
    client: Client,
    method: str,
    path: str,
    json: Any = None,
    who: tuple[str, str] | None = KEEPER,
    **more: Any,
) -> tuple[int, Any]:
    """What is answered: status and message."""
    answer = answered(client, method, path, json, who, **more)
    return answer.status_code, answer.json()


def answered(
    client: Client,
    method: str,
    path: str,
    json: Any = None,
    who: tuple[str, str] | None = KEEPER,
    **more: Any,
) -> httpx.Response:
    """The answer."""
    auth = None if who is None else (who[0].encode(), who[1].encode())
    return client.request(method, path, auth=auth, **({} if json is None else {"json": json}), **more)


def test_hats_are_set_cancelled_listed_and_cleared(client: Client) -> None:
    held = {"kind": "added", "opens": "১০:০০", "closes": "20:00", "ordinal": 261}
    entry = {
        "date": "2026-12-02", "kind": "added", "opens": "10:00", "closes": "20:00", "ordinal": 261, "reason": "",
    }  # fmt: skip
    assert asked(client, "PUT", f"{HATS}/2026-12-02", held) == (200, entry)
    status, cancelled = asked(client, "PUT", f"{HATS}/2026-12-01", {"kind": "cancelled", "reason": "বৃষ্টি"})
    assert (status, cancelled["reason"]) == (200, "বৃষ্টি")
    assert asked(client, "GET", HATS, who=LOOKER) == (200, {"hats": [cancelled, entry]})
    assert asked(client, "DELETE", f"{HATS}/2026-12-01") == (200, {"cleared": "2026-12-01"})
    assert asked(client, "DELETE", f"{HATS}/2026-12-01")[0] == 409
    assert asked(client, "GET", HATS) == (200, {"hats": [entry]})


def test_notices_are_written_listed_and_withdrawn(client: Client) -> None:
    said = {"title": "হাট বাতিল", "text": "কাল হাট নেই।", "kind": "warning", "until": "2026-12-01"}
    status, made = asked(client, "POST", NOTICES, said)
    assert (status, made["until"], made["withdrawn"]) == (200, "2026-12-02T00:00:00+06:00", False)
    assert asked(client, "GET", NOTICES, who=LOOKER) == (200, {"notices": [made]})
    assert asked(client, "DELETE", f"{NOTICES}/{made['id']}") == (200, {"withdrawn": made["id"]})
    assert asked(client, "DELETE", f"{NOTICES}/{made['id']}")[0] == 404
    assert asked(client, "GET", NOTICES)[1]["notices"][0]["withdrawn"] is True


def test_what_was_set_reaches_a_laptop_with_its_next_exchange(central: Central, client: Client) -> None:
    shop = central.shop()
    shop.push()
    asked(client, "PUT", f"{HATS}/2026-12-01", {"kind": "cancelled", "reason": "বৃষ্টি"})
    asked(client, "POST", NOTICES, {"title": "খবর", "text": "কাল হাট নেই।"})
    assert [(row.t, row.gone) for row in shop.exchange().hats] == [("hat", False), ("notice", False)]


def test_every_change_is_written_down_with_who_did_it_and_no_other(central: Central, client: Client) -> None:
    _, made = asked(client, "POST", NOTICES, {"title": "খবর", "text": "কাল হাট নেই।"})
    asked(client, "PUT", f"{HATS}/2026-12-01", {"kind": "cancelled", "reason": "বৃষ্টি"})
    asked(client, "PUT", f"{HATS}/2026-12-02", {"kind": "added"})
    asked(client, "DELETE", f"{HATS}/2026-12-01")
    asked(client, "DELETE", f"{NOTICES}/{made['id']}")
    asked(client, "DELETE", f"{NOTICES}/{made['id']}")  # refused, and so are the next
    asked(client, "PUT", f"{HATS}/2026-12-03", {"kind": "added"}, LOOKER)
    asked(client, "PUT", f"{HATS}/2026-12-03", {"kind": "added"}, ("রাশিদা", "a wrong password"))
    asked(client, "GET", HATS)
    acts = central.rows("act", "who, what, about, detail", "what <> 'account_made'")
    assert sorted(acts) == sorted(
        ("রাশিদা", *act)
        for act in [
            ("notice_written", made["id"], ""),
            ("hat_cancelled", "2026-12-01", "বৃষ্টি"),
            ("hat_added", "2026-12-02", ""),
            ("hat_cleared", "2026-12-01", ""),
            ("notice_withdrawn", made["id"], ""),
        ]
    )


@pytest.mark.parametrize(
    ("method", "path", "json", "status", "code"),
    [
        ("PUT", f"{HATS}/someday", {"kind": "added"}, 422, "date_unclear"),
        ("PUT", f"{HATS}/9999-12-31", {"kind": "added", "closes": "24:00"}, 422, "date_unclear"),
        ("PUT", f"{HATS}/2026-12-01", {"kind": "added", "opens": "9" * 5000 + ":00"}, 422, "clock_time_unclear"),
        ("PUT", f"{HATS}/2026-12-01", {"kind": "added", "opens": "20:00", "closes": "9:00"}, 422, "hat_hours_unclear"),
        ("PUT", f"{HATS}/2026-12-01", {"kind": "added", "ordinal": 1 << 40}, 400, "message_unclear"),
        ("PUT", f"{HATS}/2026-12-01", {"kind": "added", "ordinal": 0}, 400, "message_unclear"),
        ("PUT", f"{HATS}/2026-12-01", {"kind": "added", "reason": "বৃষ্টি"}, 400, "message_unclear"),
        ("PUT", f"{HATS}/2026-12-01", {"kind": "cancelled", "opens": "10:00"}, 400, "message_unclear"),
        ("PUT", f"{HATS}/2026-12-01", {"kind": "cancelled", "why": "বৃষ্টি"}, 400, "message_unclear"),
        ("PUT", f"{HATS}/2026-12-01", {"kind": "cancelled", "reason": "x" * 400}, 422, "text_too_long"),
        ("PUT", f"{HATS}/2026-12-01", [], 400, "message_unclear"),
        ("DELETE", f"{HATS}/2026-12-01", None, 409, "hat_not_there"),
        ("POST", NOTICES, {"title": " ", "text": "x"}, 422, "name_empty"),
        ("POST", NOTICES, {"title": "x", "text": "x" * 400}, 422, "text_too_long"),
        ("POST", NOTICES, {"title": "x", "text": "x", "until": "9999-12-31"}, 422, "date_unclear"),
        ("POST", NOTICES, {"title": "x", "text": "x" * (1 << 17)}, 413, "message_too_large"),
        ("DELETE", f"{NOTICES}/x", None, 422, "notice_id_unclear"),
        ("DELETE", f"{NOTICES}/{'0' * 32}", None, 404, "notice_unknown"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_as_by_the_command_and_changes_nothing(
    central: Central, client: Client, method: str, path: str, json: Any, status: int, code: str
) -> None:
    found, message = asked(client, method, path, json)
    assert (found, message["error"]) == (status, code)
    assert central.rows("hat_day") == central.rows("notice") == []


def test_an_unknown_name_and_a_wrong_password_are_answered_alike(client: Client, accounts: Accounts) -> None:
    accounts.add("Gone", "keeper", "a closed one's password")
    accounts.close("Gone")
    wrong = [
        (KEEPER[0], LOOKER[1]), ("nobody", KEEPER[1]), ("", ""), ("Gone", "a closed one's password"),
        ("a\x00b", "x"), None,
    ]  # fmt: skip
    answers = [answered(client, "GET", HATS, who=who) for who in wrong]
    answers += [
        client.request("GET", HATS, headers={"Authorization": shown})
        for shown in ("Basic", "Basic !", "Basic 4Kag", f"Bearer hk1.{'1' * 32}.{'2' * 32}.{'A' * 43}")
    ]
    told = {(each.status_code, each.content, tuple(each.headers.items())) for each in answers}
    assert len(told) == 1
    assert (answers[0].status_code, answers[0].json()) == (401, {"error": "sign_in_refused"})


def test_wrong_passwords_are_slowed_down_and_right_ones_never(
    opened: Callable[..., Client], accounts: Accounts, central: Central
) -> None:
    plenty = Buckets(Allowance(100, 1))
    few = Limits(plenty, plenty, 1 << 30, Buckets(Allowance(3, 0.1)))
    client = opened("127.0.0.1", limits=few)
    assert [asked(client, "GET", HATS)[0] for _ in range(8)] == [200] * 8
    wrong = (KEEPER[0], "a wrong password")
    assert [asked(client, "GET", HATS, who=wrong)[0] for _ in range(4)] == [401, 401, 401, 429]
    slowed = answered(client, "GET", HATS)
    assert (slowed.status_code, slowed.json()["error"]) == (429, "too_many_requests")
    central.clock.advance(ms=int(slowed.headers["retry-after"]) * 1000)
    assert asked(client, "GET", HATS)[0] == 200
    elsewhere = opened("127.0.0.2", limits=few)
    assert asked(elsewhere, "GET", HATS)[0] == 200
    assert len(accounts.all()) == 2


def test_who_may_only_look_changes_nothing(client: Client, central: Central) -> None:
    for method, path, json in (
        ("PUT", f"{HATS}/2026-12-01", {"kind": "added"}),
        ("DELETE", f"{HATS}/2026-12-01", None),
        ("POST", NOTICES, {"title": "x", "text": "x"}),
        ("DELETE", f"{NOTICES}/{'0' * 32}", None),
    ):
        assert asked(client, method, path, json, LOOKER) == (403, {"error": "role_not_enough"})
    assert central.rows("hat_day") == central.rows("notice") == []


def test_a_password_that_came_over_an_open_line_is_not_taken(
    opened: Callable[..., Client], accounts: Accounts
) -> None:
    assert accounts.check(*KEEPER) == "organiser"
    assert asked(opened("5.5.5.5"), "GET", HATS) == (403, {"error": "tls_needed"})
    assert asked(opened("5.5.5.5", behind_proxy=True), "GET", HATS)[0] == 200


def test_a_form_that_a_browser_was_made_to_send_is_not_taken(client: Client, central: Central) -> None:
    body = b'{"title": "x", "text": "x"}'
    for named in ("text/plain", "application/x-www-form-urlencoded", ""):
        found = asked(client, "POST", NOTICES, content=body, headers={"Content-Type": named})
        assert found == (400, {"error": "message_unclear"})
    assert central.rows("notice") == []


def test_the_page_for_keepers_shows_every_route_of_organisers_and_the_limit_that_holds(opened: Any) -> None:
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    told = description(opened().app)["paths"]
    shown = {
        re.sub(r"/(2026-[0-9-]+|ID)$", "/{}", path)
        for path in re.findall(r"https://\S+(/organiser/\S+)", page)
    }
    assert shown == {re.sub(r"{\w+}", "{}", path) for path in told if path.startswith("/organiser")}
    passwords = usual_limits().passwords
    assert [passwords.wait_s("a", 0) for _ in range(11)] == [0] * 10 + [30]
    assert "of wrong passwords ten at once, then one in half a minute" in " ".join(page.split())
