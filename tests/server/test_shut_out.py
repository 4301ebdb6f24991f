"""What becomes of what a laptop brought while it was shut out: nothing, until somebody lets it stand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pos.errors import UserError
from pos.protocol import codec
from pos.protocol.messages import PairReply
from pos.server.cli import main
from pos.server.held import Held, HeldView
from pos.server.home import DATABASE_VARIABLE, HOME_VARIABLE
from pos.server.intake import Intake
from tests.server.conftest import VENDOR, Central
from tests.server.laptop import Laptop, pair_request, read, statuses

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from pos.server.judging import Candidate


class Shut:
    """A vendor's two laptops; the second was shut out and went on selling.

    Attributes:
        shop: the laptop that stands.
        other: the one that was shut out, after its first order.
        variant: what they sell.
    """

    def __init__(self, central: Central) -> None:
        self.central = central
        self.shop = central.shop()
        _, [self.variant] = self.shop.product()
        self.shop.push()
        self.other = central.second(self.shop)
        self.order = self.other.order(self.variant)
        self.other.push()
        central.office.revoke(VENDOR, "B")

    def sells_on(self, times: int = 2) -> list[UUID]:
        """Orders that it brings all the same."""
        orders = [self.other.order(self.variant) for _ in range(times)]
        reply = self.other.push()
        assert statuses(reply)[-times:] == ["device_revoked"] * times
        return orders

    def paired_again(self, laptop: Laptop) -> PairReply:
        """It has a code in hand, and says who it is."""
        ticket = self.central.office.pairing_code(VENDOR).code
        request = pair_request(ticket, device=laptop.device.hex, device_code=laptop.code, sold=True)
        reply = read(self.central.desk.pair(codec.encode(request), "zstd"), PairReply)
        laptop.token = reply.token
        return reply

    @property
    def reasons(self) -> list[str | None]:
        """Why what is held is held."""
        return [row[0] for row in self.central.rows("operation", "why", "status = 'held'")]

    @property
    def sold(self) -> int:
        """Orders that the shop has."""
        return len(self.central.rows("sale"))

    @property
    def on_hand(self) -> list[int]:
        """Thousandths of the goods."""
        return [row[0] for row in self.central.rows("stock", "on_hand")]

    def acts(self) -> list[tuple[Any, ...]]:
        """What the organiser did."""
        return self.central.rows("act", "what, about, detail")


@pytest.fixture
def shut(central: Central) -> Shut:
    return Shut(central)


def test_who_is_let_in_again_brings_what_he_sold_meanwhile(shut: Shut) -> None:
    shut.shop.pull()
    shut.sells_on()
    assert (shut.sold, shut.on_hand) == (1, [-1000])
    shut.paired_again(shut.other)
    assert (shut.sold, shut.on_hand, shut.reasons) == (3, [-3000], [])
    # The others get it like everything else, and its author the places of what it wrote.
    mine = {op.op_id.hex for op in shut.other.log[2:]}
    assert {wire.i for wire in shut.shop.pull()} == mine
    assert mine <= {wire.i for wire in shut.other.pull()}


def test_who_is_let_in_again_is_judged_like_everybody(shut: Shut) -> None:
    shut.other.record("gift.given", "gift", b"g" * 16, shut.other.by({}))
    shut.other.edit("product", b"p" * 16, {"price": 900}, None)
    shut.sells_on()
    shut.paired_again(shut.other)
    assert sorted(map(str, shut.reasons)) == ["kind_unknown", "stands_on_unknown"]
    assert shut.sold == 3
    # What it stands on may still come, and is waited for.
    assert shut.central.rows("vendor_stream", "waiting") == [(1,)]


def test_what_stood_on_goods_that_were_held_stands_with_them(shut: Shut) -> None:
    _, [made] = shut.other.product()
    shut.other.order(made)
    shut.sells_on()
    shut.paired_again(shut.other)
    assert (shut.sold, shut.reasons, sorted(shut.on_hand)) == (4, [], [-3000, -1000])


def test_who_took_a_new_identity_while_he_was_shut_out_brings_both_logs(shut: Shut) -> None:
    shut.sells_on()
    twin = shut.other.rekey(len(shut.other.log))
    twin.order(shut.variant)
    assert statuses(twin.exchange(twin.log[-1:])) == ["device_revoked"]
    later = shut.sells_on(1)
    shut.paired_again(twin)
    # What the old identity wrote after they parted is not in this laptop's log, and stays.
    assert (shut.sold, shut.reasons) == (4, ["device_revoked"])
    held = shut.central.rows("operation", "agg_id", "status = 'held'")
    assert [bytes(row[0]) for row in held] == [later[0].bytes]
    out = {view.code: view.revoked_at_ms is not None for view in shut.central.office.devices(VENDOR)}
    assert out == {"A": False, "B": True, "C": False}


def test_a_laptop_that_cannot_go_on_under_its_name_brings_it_under_the_new_one(shut: Shut) -> None:
    shut.sells_on()
    shut.other.code = "BB"
    reply = shut.paired_again(shut.other)
    again = Laptop(shut.central.desk, shut.central.clock, reply)
    assert (again.device != shut.other.device, again.code) == (True, "BB")
    again.log, again.owner = shut.other.log, shut.other.owner
    assert statuses(again.push())[-2:] == ["device_revoked"] * 2
    assert statuses(again.push())[-2:] == ["ok", "ok"]
    assert (shut.sold, shut.reasons) == (3, [])


def test_a_new_laptop_brings_nothing_of_the_one_that_was_shut_out(shut: Shut) -> None:
    shut.sells_on()
    shut.central.second(shut.shop).push()
    assert (shut.sold, shut.reasons) == (1, ["device_revoked"] * 2)


def test_letting_in_does_not_fail_by_what_cannot_be_taken_in(
    shut: Shut, monkeypatch: pytest.MonkeyPatch
) -> None:
    [_, guilty, _] = shut.sells_on(3)
    real = Intake._project

    def faulty(intake: Intake, candidate: Candidate, *more: Any) -> None:
        if candidate.operation.agg_id == guilty.bytes:
            raise ValueError("a release with a fault")
        real(intake, candidate, *more)

    with monkeypatch.context() as release:
        release.setattr(Intake, "_project", faulty)
        shut.paired_again(shut.other)
    assert (shut.sold, shut.reasons) == (3, ["not_applied"])
    assert not shut.other.exchange().revoked
    assert shut.central.office.retry(VENDOR) == 1
    shut.other.pull()
    shut.shop.pull()
    assert shut.shop.seen.keys() >= {op.op_id.hex for op in shut.other.log}
    assert (shut.sold, shut.on_hand) == (4, [-4000])


# ---- the organiser ---------------------------------------------------------------------------------------


def test_the_organiser_sees_what_is_held_by_device_and_reason(shut: Shut) -> None:
    shut.sells_on()
    shut.other.cancel(shut.order, shut.variant)
    shut.other.push()
    shut.shop.record("gift.given", "gift", b"g" * 16, shut.shop.by({}))
    shut.shop.push()
    assert Held(shut.central.office).listed(VENDOR.upper()) == [
        HeldView(shut.shop.device, "A", "", "kind_unknown", 1, 0, 0),
        HeldView(shut.other.device, "B", "", "device_revoked", 3, 2, 200_00),
    ]
    shut.central.office.vendor("অন্য ঘর")
    assert Held(shut.central.office).listed("অন্য ঘর") == []


def test_a_sale_that_cannot_be_read_is_counted_as_an_operation_only(shut: Shut) -> None:
    shut.other.record("order.confirmed", "order", b"o" * 16, shut.other.by({"total": "?"}))
    shut.other.push()
    [view] = Held(shut.central.office).listed(VENDOR)
    assert (view.operations, view.sales, view.total_paisa) == (1, 0, 0)


def test_the_organiser_takes_in_what_a_laptop_brought_without_letting_it_in(shut: Shut) -> None:
    shut.shop.pull()
    shut.sells_on()
    assert Held(shut.central.office).accept(VENDOR, " b ") == 2
    assert (shut.sold, shut.on_hand, shut.reasons) == (3, [-3000], [])
    assert [json.loads(str(wire.b, "utf-8"))["number"] for wire in shut.shop.pull()] == [
        "B-26-000002",
        "B-26-000003",
    ]
    assert shut.acts()[-1] == ("held_accepted", shut.shop.vendor.hex, "B")
    # It is out as before: it hears nothing, and what it brings from now on waits for the next decision.
    reply = shut.other.exchange()
    assert (reply.revoked, reply.changes) == (True, {})
    shut.sells_on(1)
    assert (shut.sold, shut.reasons) == (3, ["device_revoked"])


def test_nothing_is_taken_in_twice_and_nothing_that_was_not_brought(shut: Shut) -> None:
    accept = Held(shut.central.office).accept
    shut.sells_on()
    shut.other.log[-1:] = []
    assert (accept(VENDOR, "B"), accept(VENDOR, "B"), accept(VENDOR, "A")) == (2, 0, 0)
    assert (shut.sold, shut.on_hand) == (3, [-3000])
    for vendor, device, code in ((VENDOR, "Z", "device_unknown"), ("নেই", "B", "vendor_unknown")):
        with pytest.raises(UserError) as refused:
            accept(vendor, device)
        assert refused.value.code == code


def test_what_was_taken_in_alone_its_author_hears_of_once_it_is_let_in(shut: Shut) -> None:
    shut.sells_on()
    Held(shut.central.office).accept(VENDOR, "B")
    shut.paired_again(shut.other)
    assert {op.op_id.hex for op in shut.other.log[2:]} <= {wire.i for wire in shut.other.pull()}


def test_the_command_shows_what_is_held_and_takes_it_in(
    shut: Shut, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "server"))
    monkeypatch.setenv(DATABASE_VARIABLE, shut.central.url)

    def told(*words: str) -> str:
        assert main(["--lang", "en", *words]) == 0
        return capsys.readouterr().out.strip()

    shut.sells_on(12)
    assert told("vendor", "held", VENDOR) == "B  device_revoked  12  sales: 12, ৳1,200 in all"
    [view] = json.loads(told("vendor", "held", VENDOR, "--json"))["held"]
    assert view == {
        "device": shut.other.device.hex, "code": "B", "name": "", "why": "device_revoked", "operations": 12,
        "sales": 12, "total": "1200.00",
    }  # fmt: skip
    assert told("vendor", "accept", VENDOR, "--device", "b") == "Held entries taken in: 12"
    assert told("vendor", "held", VENDOR) == "There is nothing."
    assert json.loads(told("vendor", "held", VENDOR, "--json")) == {"held": []}
    assert json.loads(told("vendor", "accept", VENDOR, "--device", "B", "--json")) == {"accepted": 0}
    assert shut.sold == 13
