"""One round: what moves the position, what is believed of a reply, and what a round leaves untouched."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from pos.errors import EnvironmentFault, PosError
from pos.protocol.codec import decode, encode
from pos.protocol.messages import ExchangeReply, ExchangeRequest
from pos.services.catalogue import NewProduct
from pos.store import oplog
from pos.store.link import move_link
from pos.sync.transport import Response
from tests.shopkeeping import sale, sale_to
from tests.sync.shops import link_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.shop import Shop
    from tests.sync.shops import Place
    from tests.sync.wire import Wire

    Places = Callable[[str], Place]

EXCHANGE = "/sync/v1/exchange"


def asked(shop: Shop, sql: str) -> list[tuple[Any, ...]]:
    """Look into what is committed."""
    with shop.store.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql)]


def log_of(shop: Shop) -> list[bytes]:
    """The hashes of the shop's own log, in order."""
    with shop.store.read() as connection:
        return [o.hash for o in oplog.read_after(connection, 0)]


def altered(wire: Wire, change: Callable[[ExchangeReply], ExchangeReply]) -> None:
    """Every reply of an exchange is changed on its way back."""

    def after(path: str, response: Response) -> Response:
        if path != EXCHANGE or response.status != 200:
            return response
        return Response(200, encode(change(decode(response.body, ExchangeReply))))

    wire.after = after


def as_it_is(wire: Wire) -> None:
    """Nothing is changed any more."""
    wire.after = lambda _path, response: response
    wire.before = lambda _path: None


@pytest.fixture
def requests(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> list[ExchangeRequest]:
    """Every exchange that reached the server."""
    seen: list[ExchangeRequest] = []
    real = wire.desk.exchange

    def exchange(token: str | None, data: bytes, encoding: str = "zstd") -> Any:
        seen.append(decode(data, ExchangeRequest))
        return real(token, data, encoding)

    monkeypatch.setattr(wire.desk, "exchange", exchange)
    return seen


# ---- up ----------------------------------------------------------------------------------------------


def test_a_shop_that_is_alone_has_nobody_to_speak_to(place: Places) -> None:
    alone = place("alone")
    alone.found()
    with alone.open() as shop, pytest.raises(PosError, match="not_paired"):
        alone.round(shop).once()


def test_the_position_moves_over_results_and_over_nothing_else(one: Place, wire: Wire) -> None:
    with one.open() as shop:
        for _ in range(3):
            shop.orders.take(sale())
        before = link_of(shop).ack_n
        altered(wire, lambda r: msgspec.structs.replace(r, results=r.results[:1] + r.results[2:]))
        outcome = one.round(shop).once()
        assert (outcome.pending, link_of(shop).ack_n) == (2, before + 1)
        as_it_is(wire)
        assert one.sync(shop)[-1].pending == 0
        assert asked(shop, "SELECT count(*) FROM op WHERE state = 0") == [(0,)]


def test_a_result_that_names_another_operation_settles_nothing(one: Place, wire: Wire) -> None:
    with one.open() as shop:
        shop.orders.take(sale())
        wrong = "0" * 32
        altered(
            wire,
            lambda r: msgspec.structs.replace(
                r, results=[msgspec.structs.replace(one_, i=wrong) for one_ in r.results]
            ),
        )
        before = link_of(shop).ack_n
        with pytest.raises(EnvironmentFault, match="server_answer_unclear"):  # and never in a circle
            one.round(shop).once()
        assert link_of(shop).ack_n == before
        as_it_is(wire)
        assert one.sync(shop)[-1].pending == 0


def test_a_lost_reply_is_answered_again_with_what_was_made_of_it(one: Place, wire: Wire) -> None:
    with one.open() as shop:
        shop.orders.take(sale())

        def lost(_path: str, _response: Response) -> Response:
            raise EnvironmentFault("server_unreachable", server="x")

        wire.after = lost
        with pytest.raises(EnvironmentFault):
            one.round(shop).once()
        as_it_is(wire)
        one.sync(shop)
        (own,) = asked(shop, "SELECT count(*), count(DISTINCT seq) FROM op WHERE kind = 'order.confirmed'")
        assert own == (1, 1)
    with wire.database.read() as connection:
        stored = connection.exec_driver_sql("SELECT count(*) FROM operation WHERE kind = 'order.confirmed'")
        assert stored.scalar_one() == 1


def test_what_the_server_lacks_is_sent_again(one: Place, wire: Wire) -> None:
    with one.open() as shop:
        shop.orders.take(sale())
        with shop.store.write() as unit:  # as after a slip: it believes that all was answered
            move_link(unit.connection, ack_n=oplog.read_tip(unit.connection).n)
        shop.orders.take(sale())
        one.sync(shop)
    with wire.database.read() as connection:
        stored = connection.exec_driver_sql("SELECT count(*) FROM operation WHERE kind = 'order.confirmed'")
        assert stored.scalar_one() == 2


def test_batches_grow_while_it_is_quick_and_shrink_on_a_weak_line(
    one: Place, wire: Wire, requests: list[ExchangeRequest]
) -> None:
    with one.open() as shop:
        for _ in range(450):
            shop.stock.move("P001", "1", "purchase")
        round_ = one.round(shop)
        assert [round_.once().sent for _ in range(3)] == [50, 100, 200]

        def slow(_path: str) -> None:
            raise EnvironmentFault("server_slow", server="x")

        wire.before = slow
        for _ in range(4):
            with pytest.raises(EnvironmentFault):
                round_.once()
        as_it_is(wire)
        assert round_.once().sent == 25
        assert requests[-1].waiting == 100


def test_a_server_for_which_it_is_too_much_gets_less(one: Place, wire: Wire) -> None:
    with one.open() as shop:
        for _ in range(60):
            shop.stock.move("P001", "1", "purchase")
        sizes: list[int] = []

        def small(path: str, response: Response) -> Response:
            if path == EXCHANGE and decode(response.body, ExchangeReply).results[20:]:
                return Response(413, b"{}", None, "identity")
            return response

        wire.after = small
        sizes += [o.sent for o in one.sync(shop)]
        assert sum(sizes) == 60
        assert max(sizes) <= 20


def test_a_shop_whose_token_is_gone_says_so_and_keeps_its_log(one: Place, wire: Wire) -> None:
    with one.open() as shop:
        before = log_of(shop)
        wire.after = lambda _path, _response: Response(401, b'{"error": "token_unknown"}', None, "identity")
        with pytest.raises(PosError, match="login_needed"):
            one.round(shop).once()
        assert log_of(shop) == before


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Response(200, b"<html>", None, "identity"), "server_answer_unclear"),
        (Response(200, b"", None, "zstd"), "server_answer_unclear"),
        (Response(200, b"{}", None, "identity"), "server_answer_unclear"),
        (
            Response(
                200,
                b'{"epoch":"e","server_ms":1,"last_n":1,"results":[{"i":"i","n":1,"s":"ok","d":"nobody"}]}',
                None,
                "identity",
            ),
            "server_answer_unclear",
        ),
        (Response(426, b'{"error": "proto_unknown"}', None, "identity"), "app_too_old"),
        (Response(429, b"{}", 9.0, "identity"), "server_busy"),
    ],
)
def test_an_answer_that_is_none_leaves_everything_as_it_was(
    one: Place, wire: Wire, answer: Response, code: str
) -> None:
    with one.open() as shop:
        shop.orders.take(sale())
        before, link = log_of(shop), link_of(shop)
        wire.after = lambda _path, _response: answer
        with pytest.raises(PosError) as caught:
            one.round(shop).once()
        assert caught.value.code == code
        assert (log_of(shop), link_of(shop)) == (before, link)
        as_it_is(wire)
        assert one.sync(shop)[-1].pending == 0


def test_an_operation_that_cannot_stand_is_held_and_the_rest_flows(one: Place, wire: Wire) -> None:
    with one.open() as shop:
        shop.orders.take(sale())
        last = asked(shop, "SELECT max(n) FROM op")[0][0]
        with shop.store.write() as unit:  # altered on its way or on the disk: its hash says so
            unit.connection.exec_driver_sql("UPDATE op SET at_ms = at_ms + 1 WHERE n = ?", (last,))
        shop.stock.move("P001", "1", "purchase")
        outcome = one.sync(shop)[-1]
        assert (outcome.held, outcome.pending) == (1, 0)
        assert asked(shop, "SELECT state, why FROM op WHERE state = 3") == [(3, "altered")]


# ---- down --------------------------------------------------------------------------------------------


def test_what_one_writes_the_other_has_after_its_next_round(one: Place, two: Place) -> None:
    with one.open() as first, two.open() as second:
        number = first.orders.take(sale("P001", "2.5")).number
        second.catalogue.add(NewProduct("নকশি কাঁথা", 250_000, "piece", sku="P900"))
        for place, shop in ((one, first), (two, second), (one, first)):
            place.sync(shop)
        assert second.orders.show(number).total_paisa == 250_000
        assert first.catalogue.show("P900").price_paisa == 250_000


def test_a_reply_to_an_earlier_question_is_taken_for_nothing_new(one: Place, two: Place, wire: Wire) -> None:
    with one.open() as first, two.open() as second:
        first.orders.take(sale())
        one.sync(first)
        ahead = link_of(second).cursors["h"] + 1000
        altered(wire, lambda r: msgspec.structs.replace(r, since={"v": 0, "h": ahead}))
        before = link_of(second).cursors
        two.round(second).once()
        assert link_of(second).cursors["h"] == before["h"]
        assert second.orders.list() == []
        as_it_is(wire)
        two.sync(second)
        assert len(second.orders.list()) == 1


def test_history_waits_for_the_records_it_stands_on(one: Place, two: Place, wire: Wire) -> None:
    with one.open() as first, two.open() as second:
        first.catalogue.add(NewProduct("নকশি কাঁথা", 250_000, "piece", sku="P900", stock_milli=1000))
        one.sync(first)
        altered(wire, lambda r: msgspec.structs.replace(r, since={"v": 1 << 40, "h": 0}))
        before = asked(second, "SELECT count(*) FROM foreign_op"), link_of(second).cursors
        two.round(second).once()
        assert (asked(second, "SELECT count(*) FROM foreign_op"), link_of(second).cursors) == before
        as_it_is(wire)
        two.sync(second)
        assert second.stock.items("P900")[0].on_hand_milli == 1000


def test_an_old_cursor_never_takes_a_device_back(one: Place, two: Place, wire: Wire) -> None:
    with two.open() as second:
        before = link_of(second).cursors
        altered(wire, lambda r: msgspec.structs.replace(r, cursors={"v": 0, "h": 0, "g": 0}))
        two.round(second).once()
        assert link_of(second).cursors == before


def test_one_altered_operation_spoils_what_came_down_and_not_what_went_up(
    one: Place, two: Place, wire: Wire
) -> None:
    with one.open() as first, two.open() as second:
        first.orders.take(sale())
        one.sync(first)
        second.stock.move("P001", "1", "purchase")

        def change(reply: ExchangeReply) -> ExchangeReply:
            spoilt = [msgspec.structs.replace(w, t=w.t + 1) for w in reply.changes.get("h", [])]
            return msgspec.structs.replace(reply, changes=reply.changes | {"h": spoilt})

        altered(wire, change)
        cursors = link_of(second).cursors
        with pytest.raises(EnvironmentFault, match="server_answer_altered"):
            two.round(second).once()
        assert second.orders.list() == []
        assert link_of(second).cursors == cursors
        assert asked(second, "SELECT count(*) FROM op WHERE state = 0") == [(0,)]
        as_it_is(wire)
        two.sync(second)
        assert len(second.orders.list()) == 1


def test_pages_come_one_after_another_and_a_cut_starts_nothing_over(
    one: Place, place: Places, wire: Wire, requests: list[ExchangeRequest]
) -> None:
    with one.open() as first:
        for _ in range(130):
            first.orders.take(sale("P001", "0.1"))
        one.sync(first)
    third = place("third")
    third.pair()
    with third.open() as shop:
        cursors = []
        for _ in range(100):
            round_ = third.round(shop)  # as after a crash: nothing is remembered but the database
            round_._rows = 10
            more = round_.once().more
            cursors.append(link_of(shop).cursors["h"])
            if not more:
                break
        assert cursors == sorted(cursors)
        assert len(shop.orders.list()) == 130
        assert shop.stock.items("P001")[0].on_hand_milli == 37_000


def test_a_new_laptop_sells_before_its_history_is_there(
    one: Place, place: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    with one.open() as first:
        for _ in range(40):
            first.orders.take(sale("P001", "1"))
        one.sync(first)
    third = place("third")
    monkeypatch.setattr("pos.sync.round._FIRST_ROWS", 10)
    monkeypatch.setattr("pos.sync.round.MAX_ROWS", 10)
    third.pair()
    with third.open() as shop:
        assert len(shop.orders.list()) < 10
        assert shop.stock.items("P001")[0].on_hand_milli == 10_000
        shop.orders.take(sale("P001", "1"))
        assert shop.stock.items("P001")[0].on_hand_milli == 9_000
        third.sync(shop)
        assert shop.stock.items("P001")[0].on_hand_milli == 9_000
        assert len(shop.orders.list()) == 41
        assert link_of(shop).stock_seq is None
        assert asked(shop, "SELECT count(*) FROM stock_base") == [(0,)]


# ---- both sides --------------------------------------------------------------------------------------


def test_both_sides_are_asked_whether_they_have_the_same(
    one: Place, wire: Wire, requests: list[ExchangeRequest]
) -> None:
    with one.open() as shop:
        outcomes = one.sync(shop)
        assert outcomes[-1].agree is True
        sent = [r.digest for r in requests if r.digest is not None]
        assert [d.count > 0 for d in sent[-1].values()] == [True, True]


def test_what_was_found_equal_is_not_added_up_again_until_something_changes(
    one: Place, requests: list[ExchangeRequest]
) -> None:
    with one.open() as shop:
        round_ = one.round(shop)
        assert round_.once().agree is True
        assert round_.once().agree is True
        assert requests[-1].digest is None
        shop.orders.take(sale())
        round_.once()
        round_.once()
        assert requests[-1].digest is not None


def test_a_lost_operation_of_another_device_shows_in_the_digest(one: Place, two: Place) -> None:
    with two.open() as second:
        with second.store.write() as unit:
            lost = "SELECT op_id FROM foreign_op WHERE kind = 'stock.moved' LIMIT 1"
            unit.connection.exec_driver_sql(f"DELETE FROM foreign_op WHERE op_id = ({lost})")
        assert two.sync(second)[-1].agree is False


def test_the_time_of_the_last_agreement_is_kept(one: Place, wire: Wire) -> None:
    with one.open() as shop:
        one.clock.advance(ms=600_000)
        one.sync(shop)
        assert link_of(shop).synced_at_ms == one.clock.now_ms()
        shop.orders.take(sale())
        one.clock.advance(ms=60_000)
        wire.after = lambda _path, _response: Response(503, b"", 5.0, "identity")
        with pytest.raises(EnvironmentFault):
            one.round(shop).once()
        assert link_of(shop).synced_at_ms == one.clock.now_ms() - 60_000


def test_an_idle_laptop_writes_nothing(one: Place, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    with one.open() as shop:
        one.sync(shop)
        one.clock.advance(ms=60_000)
        with monkeypatch.context() as patch:
            patch.setattr(shop.store, "write", pytest.fail)
            outcome = one.round(shop).once()
        assert (outcome.more, outcome.agree, outcome.pending) == (False, True, 0)


# ---- from the organiser ------------------------------------------------------------------------------


def test_a_hat_that_the_organiser_cancels_is_cancelled_here_and_stays_so(one: Place, wire: Wire) -> None:
    day = dt.date(2026, 11, 27)
    wire.office.cancel_hat(day, "বৃষ্টি")
    with one.open() as shop:
        one.sync(shop)
    with one.open() as shop:
        (hat,) = [hat for hat in shop.configuration.hats() if hat.on == day]
        assert hat.cancelled
        wire.office.clear_hat(day)
        one.sync(shop)
        (hat,) = [hat for hat in shop.configuration.hats() if hat.on == day]
        assert not hat.cancelled


def test_a_notice_comes_down_once_and_goes_when_it_is_withdrawn(
    one: Place, wire: Wire, requests: list[ExchangeRequest]
) -> None:
    before = len([r for r in requests if r.cursors["g"] == 0])
    notice = wire.office.write_notice("হাটের খবর", "শুক্রবার বিকেলে")
    with one.open() as shop:
        for _ in range(2):
            one.sync(shop)
            assert asked(shop, "SELECT count(*) FROM notice") == [(1,)]
        assert len([r for r in requests if r.cursors["g"] == 0]) == before + 1
        wire.office.withdraw_notice(notice.notice_id)
        one.sync(shop)
        assert asked(shop, "SELECT count(*) FROM notice") == [(0,)]


def test_what_the_organiser_said_is_not_taken_from_a_reply_to_an_earlier_question(
    one: Place, wire: Wire
) -> None:
    wire.office.write_notice("হাটের খবর", "শুক্রবার বিকেলে")
    with one.open() as shop:
        altered(wire, lambda r: msgspec.structs.replace(r, since=r.since | {"g": 1 << 40}))
        one.round(shop).once()
        assert asked(shop, "SELECT count(*) FROM notice") == [(0,)]
        as_it_is(wire)
        one.sync(shop)
        assert asked(shop, "SELECT count(*) FROM notice") == [(1,)]


def test_an_erased_buyer_leaves_the_second_journal_of_every_laptop(one: Place, two: Place) -> None:
    with one.open() as first, two.open() as second:
        second.orders.take(sale_to())
        two.sync(second)
        second.store.settle()
        assert "01712345678" in two.paths.journal.read_text(encoding="utf-8")
        one.sync(first)
        first.customers.erase("01712345678")
        one.sync(first)
        two.sync(second)
        assert "1712345678" not in two.paths.journal.read_text(encoding="utf-8")
        assert asked(second, "SELECT count(*) FROM customer WHERE phone IS NOT NULL") == [(0,)]
