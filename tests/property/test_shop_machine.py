"""A shop under any course of acts: its book always adds up, and its stock is what a simple model says."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pos.domain.numbering import parse_number
from pos.domain.times import DHAKA, FixedClock, to_ms
from pos.errors import UserError
from pos.paths import ShopPaths
from pos.services.order_request import CustomerRequest, ItemRequest, OrderRequest, PaymentRequest
from pos.shop import Shop, open_shop
from tests.shopkeeping import IN_A_HAT, founded, problems

if TYPE_CHECKING:
    from pos.services.order_book import Tab
    from pos.services.views import OrderView

SKUS = ("P001", "P002-01", "P002-02", "P003", "P004")
_template: list[Path] = []


def _home() -> Path:
    """A copy of a filled shop; founding one for every example would take most of the time."""
    if not _template:
        _template.append(Path(tempfile.mkdtemp(prefix="machine-")) / "shop")
        founded(_template[0])
    home = Path(tempfile.mkdtemp(prefix="machine-")) / "shop"
    shutil.copytree(_template[0], home)
    return home


class ShopMachine(RuleBasedStateMachine):
    """Sells, receives money, checks, packs, notes, cancels, moves and counts stock, sets the clock, opens anew."""

    def __init__(self) -> None:
        super().__init__()
        self.home = _home()
        self.paths = ShopPaths(self.home)
        self.clock = FixedClock(IN_A_HAT)
        self.shop: Shop = open_shop(self.paths, self.clock)
        self.orders: dict[str, OrderView] = {}
        self.requests: dict[str, str] = {}
        self.stock: dict[str, int] = {}
        self.trxids = 0

    @initialize()
    def count(self) -> None:
        self.stock = {item.sku: item.on_hand_milli for item in self.shop.stock.items()}

    @rule(
        items=st.lists(
            st.tuples(st.sampled_from(SKUS), st.integers(1, 9), st.sampled_from(["", "5%", "10"])),
            min_size=1,
            max_size=4,
        ),
        buyer=st.sampled_from([None, "01712345678", "01911223344"]),
        wallet=st.sampled_from([None, "1", "100"]),
        rest=st.sampled_from(["cod", "due"]),
        request=st.none() | st.integers(1, 5).map(str),
    )
    def sell(
        self,
        items: list[tuple[str, int, str]],
        buyer: str | None,
        wallet: str | None,
        rest: str,
        request: str | None,
    ) -> None:
        payments = []
        if wallet is not None:
            self.trxids += 1
            payments = [PaymentRequest("nagad", wallet, f"{self.trxids:08d}")]
        asked = OrderRequest(
            items=[ItemRequest(qty=qty, sku=sku, discount=off or None) for sku, qty, off in items],
            customer=CustomerRequest(name="ক্রেতা", phone=buyer) if buyer else None,
            payments=payments,
            rest=rest,  # type: ignore[arg-type]
            request_id=request,
        )
        try:
            order = self.shop.orders.take(asked)
        except UserError as error:  # one piece of soap, and a hundred by wallet
            assert (error.code, wallet) == ("overpaid", "100")
            return
        if request in self.requests:
            assert order.number == self.requests[request]
            return
        assert order.number not in self.orders
        self.orders[order.number] = order
        if request is not None:
            self.requests[request] = order.number
        for sku, qty, _ in items:
            self.stock[sku] -= qty * 1000

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), taka=st.sampled_from(["1", "50", "100000"]))
    def pay(self, data: st.DataObject, taka: str) -> None:
        number = data.draw(st.sampled_from(sorted(self.orders)))
        before = self.orders[number]
        try:
            after = self.shop.orders.pay(number, "cash", taka)
        except UserError as error:
            assert error.code in {"order_takes_no_money", "order_paid_already"}
            assert self.shop.orders.show(number) == before
            return
        assert after.due_paisa == max(0, before.due_paisa - int(taka) * 100)
        self.orders[number] = after

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.orders)))
        before = self.orders[number]
        try:
            after = self.shop.orders.cancel(number, "ভুল")
        except UserError as error:
            assert error.code == "order_state"
            assert before.status == "cancelled"
            return
        assert (after.number, after.total_paisa, after.due_paisa) == (number, before.total_paisa, 0)
        assert after.refund_owed_paisa == before.paid_paisa
        self.orders[number] = after
        for line in before.lines:
            self.stock[line.sku] += line.qty_milli

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), step=st.sampled_from(["check", "uncheck", "pack", "unpack"]))
    def step(self, data: st.DataObject, step: str) -> None:
        number = data.draw(st.sampled_from(sorted(self.orders)))
        needed = "packed" if step == "unpack" else "confirmed"
        try:
            self.orders[number] = getattr(self.shop.steps, step)(number)[0]
        except UserError as error:
            assert (error.code, self.orders[number].status == needed) == ("order_state", False)

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), note=st.sampled_from(["", "সাদা কাগজে", "দুই\nলাইন"]))
    def note(self, data: st.DataObject, note: str) -> None:
        number = data.draw(st.sampled_from(sorted(self.orders)))
        self.orders[number] = self.shop.steps.note(number, note, seen=self.orders[number].note)
        assert self.orders[number].note == note

    @rule(sku=st.sampled_from(SKUS), counted=st.integers(0, 9))
    def count_the_shelf(self, sku: str, counted: int) -> None:
        self.shop.stock.count(sku, str(counted))
        self.stock[sku] = counted * 1000

    @rule(sku=st.sampled_from(SKUS), qty=st.integers(-5, 5).filter(bool))
    def adjust(self, sku: str, qty: int) -> None:
        self.shop.stock.move(sku, str(qty), "adjustment")
        self.stock[sku] += qty * 1000

    @rule(sku=st.sampled_from(SKUS))
    def bring_goods_in(self, sku: str) -> None:
        self.shop.stock.move(sku, "3", "purchase")
        self.stock[sku] += 3000

    @rule(at=st.sampled_from([(2026, 12, 31, 23), (2027, 1, 1, 0), (2099, 6, 1, 9), (2026, 11, 20, 9)]))
    def set_clock(self, at: tuple[int, int, int, int]) -> None:
        now = to_ms(dt.datetime(*at, tzinfo=DHAKA))
        self.clock.advance(ms=now - self.clock.now_ms())

    @rule()
    def close_and_open(self) -> None:
        self.shop.close()
        self.shop = open_shop(self.paths, self.clock)

    @invariant()
    def stock_is_what_the_model_says(self) -> None:
        if self.stock:
            assert {item.sku: item.on_hand_milli for item in self.shop.stock.items()} == self.stock

    @invariant()
    def every_order_is_as_it_was_last_seen(self) -> None:
        assert {o.number: o for o in self.shop.orders.list()} == self.orders

    @invariant()
    def the_tabs_of_the_book_part_the_orders_by_their_state(self) -> None:
        counts = self.shop.book.counts()
        assert counts["all"] == len(self.orders)
        state: Tab
        for state in ("packed", "cancelled"):
            assert counts[state] == sum(o.status == state for o in self.orders.values())
        assert counts["new"] + counts["to_pack"] + counts["packed"] + counts["cancelled"] == counts["all"]

    @invariant()
    def the_history_ends_with_what_is_there(self) -> None:
        for sku, there in self.stock.items():
            moves = self.shop.shelf.history(sku, limit=500)
            assert (moves[0].balance_milli if moves else 0) == there
            assert not moves or moves[-1].balance_milli == moves[-1].qty_milli

    @invariant()
    def numbers_have_no_gap(self) -> None:
        series: dict[tuple[str, int], list[int]] = {}
        for number in map(parse_number, self.orders):
            series.setdefault((number.code, number.year), []).append(number.no)
        for given in series.values():
            assert sorted(given) == list(range(1, len(given) + 1))

    def teardown(self) -> None:
        self.shop.close()
        assert problems(self.paths) == []
        shutil.rmtree(self.home.parent)


ShopMachine.TestCase.settings = settings(max_examples=12, stateful_step_count=20, deadline=None)
TestAnyCourseOfActs = ShopMachine.TestCase
