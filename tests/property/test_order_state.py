"""Where an order stands, and its money, whoever packed, paid or cancelled it and in whatever order it came."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.domain.money import MONEY_LIMIT_PAISA
from pos.protocol.kinds import KINDS
from pos.protocol.order_state import STEPS, Standing, stand, sum_up

if TYPE_CHECKING:
    from collections.abc import Sequence

kinds = st.sampled_from(sorted(name for name in KINDS if name.startswith("order.")))
steps = st.lists(kinds, max_size=12).map(lambda names: [(name, b"%d" % n) for n, name in enumerate(names)])
paisa = st.integers(0, MONEY_LIMIT_PAISA)
payments = st.lists(
    st.tuples(st.integers(1, MONEY_LIMIT_PAISA), st.integers(0, MONEY_LIMIT_PAISA)).map(
        lambda pair: (pair[0], min(pair))
    ),
    max_size=6,
)
rests = st.sampled_from(["cod", "due", "none"])
statuses = st.sampled_from(["confirmed", "packed", "cancelled"])


@given(steps)
def test_the_first_cancellation_counts_and_nothing_after_it(given_: list[tuple[str, bytes]]) -> None:
    cancelled = [op for kind, op in given_ if kind == "order.cancelled"]
    found = stand(given_)
    assert found.cancelled_by == (cancelled[0] if cancelled else None)
    assert (found.status == "cancelled") == bool(cancelled)


@given(steps)
def test_the_last_step_that_moves_an_order_says_where_it_stands(given_: list[tuple[str, bytes]]) -> None:
    moved = [kind for kind, _ in given_ if kind in STEPS - {"order.cancelled"}]
    found = stand([one for one in given_ if one[0] != "order.cancelled"])
    assert found == Standing("packed" if moved[-1:] == ["order.packed"] else "confirmed")


@given(steps)
def test_only_steps_move_an_order(given_: list[tuple[str, bytes]]) -> None:
    assert stand(given_) == stand([one for one in given_ if one[0] in STEPS])


@given(steps)
def test_step_by_step_it_is_the_same_as_at_once(given_: list[tuple[str, bytes]]) -> None:
    standings = [stand(given_[:length]) for length in range(len(given_) + 1)]
    for before, after in pairwise(standings):
        assert before.status != "cancelled" or after == before


def test_an_order_that_nothing_was_done_to_is_confirmed() -> None:
    assert stand([]) == Standing("confirmed", None)


@given(paisa, rests, statuses, payments, st.randoms(use_true_random=False))
def test_every_taka_is_kept_owed_or_due(
    total: int, rest: str, status: str, given_: list[tuple[int, int]], draw: Any
) -> None:
    found = sum_up(total=total, rest=rest, status=status, payments=given_)
    assert found.paid + found.change == sum(amount for amount, _ in given_)
    assert min(found.paid, found.change, found.due, found.cod, found.owed) >= 0
    if status == "cancelled":
        assert (found.due, found.cod, found.owed) == (0, 0, found.paid)
    else:
        assert found.paid + found.due == total + found.owed
        assert 0 in (found.due, found.owed)
        assert found.cod == (found.due if rest == "cod" else 0)
    shuffled = list(given_)
    draw.shuffle(shuffled)
    assert sum_up(total=total, rest=rest, status=status, payments=shuffled) == found


@pytest.mark.parametrize(
    ("status", "given_", "wanted"),
    [
        ("confirmed", [], (0, 0, 1_000, 1_000, 0)),
        ("confirmed", [(300, 0)], (300, 0, 700, 700, 0)),
        ("packed", [(1_000, 0)], (1_000, 0, 0, 0, 0)),
        ("packed", [(1_500, 500)], (1_000, 500, 0, 0, 0)),
        ("packed", [(1_000, 0), (1_000, 0)], (2_000, 0, 0, 0, 1_000)),
        ("cancelled", [(300, 0)], (300, 0, 0, 0, 300)),
    ],
    ids=["unpaid", "an advance", "paid", "with change", "paid on two laptops", "cancelled"],
)
def test_the_money_of_an_order_over_1000_paisa(
    status: str, given_: Sequence[tuple[int, int]], wanted: tuple[int, int, int, int, int]
) -> None:
    found = sum_up(total=1_000, rest="cod", status=status, payments=given_)
    assert (found.paid, found.change, found.due, found.cod, found.owed) == wanted
