"""The same world, driven by Hypothesis, which makes a schedule that fails as short as it can."""

from __future__ import annotations

import contextlib

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.sync import invariants
from tests.sync.chance import drawn_from
from tests.sync.line import TROUBLES
from tests.sync.world import World

LOTS = st.integers(0, (1 << 32) - 1)


class Shop(RuleBasedStateMachine):
    """One vendor's laptops and the server."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = contextlib.ExitStack()
        self.world: World | None = None

    @initialize(seed=LOTS, laptops=st.integers(1, 3))
    def begin(self, seed: int, laptops: int) -> None:
        rng = self.opened.enter_context(drawn_from(seed))
        self.world = World(rng, laptops=laptops)
        self.opened.callback(self.world.close)

    def _step(self, lot: int, kind: str) -> None:
        assert self.world is not None
        self.world.rng.seed(lot)
        self.world.step(kind)

    @rule(lot=LOTS, kind=st.sampled_from(("act", "act", "many acts", "cut during act", "poison")))
    def work(self, lot: int, kind: str) -> None:
        self._step(lot, kind)

    @rule(lot=LOTS, kind=st.sampled_from(("sync", "sync all", "late", "cut during sync", "reboot")))
    def speak(self, lot: int, kind: str) -> None:
        self._step(lot, kind)

    @rule(lot=LOTS, troubles=st.lists(st.sampled_from(TROUBLES), min_size=1, max_size=3))
    def speak_badly(self, lot: int, troubles: list[str]) -> None:
        assert self.world is not None
        self.world.rng.seed(lot)
        laptop = self.world.rng.choice(self.world.laptops)
        laptop.line.trouble = list(troubles)  # type: ignore[arg-type]
        laptop.sync()
        laptop.line.trouble = []
        self.world.watch.look(self.world)

    @rule(
        lot=LOTS,
        kind=st.sampled_from(
            (
                "server backup",
                "server set back",
                "laptop backup",
                "laptop set back",
                "laptop set back blindly",
            )
        ),
    )
    def lose(self, lot: int, kind: str) -> None:
        self._step(lot, kind)

    @rule(lot=LOTS, kind=st.sampled_from(("clone", "revoke", "join", "clock", "version")))
    def change(self, lot: int, kind: str) -> None:
        self._step(lot, kind)

    def teardown(self) -> None:
        with self.opened:
            if self.world is not None:
                self.world.settle()
                invariants.check(self.world)


TestShop = Shop.TestCase
TestShop.settings = settings(max_examples=8, stateful_step_count=15)
