"""A vendor's laptops and the organiser's server under everything that can happen to them, drawn by one seed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from tests.sync import invariants
from tests.sync.acts import ACTS, Counter, founding, stock_up
from tests.sync.broken import Broken, must
from tests.sync.central import VENDOR, Central
from tests.sync.chance import drawn_from
from tests.sync.laptop import Laptop, WrongClock
from tests.sync.line import FROM_MEMORY, TROUBLES, Time
from tests.sync.watching import Watch

if TYPE_CHECKING:
    import random
    import uuid
    from collections.abc import Callable, Mapping

START_MS = 1_795_520_000_000  # 24 November 2026, in the afternoon in Dhaka
IN_1970 = 86_400_000 - START_MS  # ahead of the right time: a board whose battery is empty
IN_2100 = 4_102_444_800_000 - START_MS
MOST_LAPTOPS = 5
_BEGUN_SEQ = 9  # the server's order after the shop was founded and before others joined
ROUNDS_TO_DRAIN = 40  # of all laptops in turn; what needs more than that does not drain


@dataclass(slots=True)
class Storms:
    """Which kinds of misfortune there are in a world, and how often: each a weight against 100 for work.

    Attributes:
        line: share of messages that something happens to.
        memory: share of messages that a box on the way answers from its memory, without asking the server.
        centuries: clocks jump to 1970 and 2100 as well.
        let_in: how often a laptop that was shut out is paired again.
    """

    line: float = 0.35
    memory: float = 0
    power: int = 3
    server: int = 3
    rollback: int = 2
    clone: int = 1
    blind: int = 1
    revoke: int = 1
    clocks: int = 3
    centuries: bool = False
    poison: int = 2
    versions: int = 2
    let_in: int = 0


@dataclass(frozen=True, slots=True)
class Beginning:
    """A shop that was founded, filled and joined by others, before anything else happens."""

    server: bytes
    images: tuple[bytes, ...]
    tokens: tuple[Mapping[uuid.UUID, str], ...]


@cache
def _beginning(count: int) -> Beginning:
    with drawn_from(-count) as rng:
        time = Time(START_MS)
        central = Central(WrongClock(time))
        laptops = [Laptop(name, time, central, rng) for name in "abc"[:count]]
        founding(laptops[0].store, laptops[0].clock)
        stock_up(Counter(laptops[0].store, laptops[0].clock, rng))
        for laptop in laptops:
            time.at_ms += 1000
            laptop.pair(central.office.pairing_code(VENDOR).code)
            laptop.sync()
        begun = Beginning(
            central.image(),
            tuple(laptop.store.image() for laptop in laptops),
            tuple(dict(laptop.tokens.kept) for laptop in laptops),
        )
        central.close()
        for laptop in laptops:
            laptop.store.close()
        return begun


class World:
    """Everything there is, and one thing after another happening to it.

    Attributes:
        trace: what happened, a line each; printed when a seed fails.
        copied: somebody's database is used on two laptops.
        blind: somebody's log was set back or copied without its knowledge.
        looked_into: the laptop that is examined to the ground in the end.
    """

    def __init__(self, rng: random.Random, storms: Storms | None = None, *, laptops: int = 3) -> None:
        self.rng = rng
        self.storms = storms or Storms()
        self.time = Time(START_MS)
        self.server_clock = WrongClock(self.time)
        self.central = Central(self.server_clock)
        self.trace: list[str] = []
        self.blind = self.copied = False
        self.watch = Watch()
        begun = _beginning(laptops)
        self.central.put_back(begun.server)
        self.laptops = [self._laptop(name, image) for name, image in zip("abc", begun.images, strict=False)]
        for laptop, tokens in zip(self.laptops, begun.tokens, strict=True):
            laptop.tokens.kept = dict(tokens)
        self.looked_into = self.laptops[0]

    # ---- one step ------------------------------------------------------------------------------------

    def run(self, steps: int) -> None:
        """So many things happen, and after each of them everything that must hold is looked at."""
        kinds = self._kinds()
        names, weights = list(kinds), [weight for weight, _ in kinds.values()]
        for name in self.rng.choices(names, weights, k=steps):
            self.step(name)

    def step(self, kind: str) -> None:
        """One thing happens."""
        self.time.at_ms += self.rng.choice((0, 1, 300, 5_000, 60_000))
        self.trace.append(kind)
        self._kinds()[kind][1]()
        self.watch.look(self)

    def _kinds(self) -> dict[str, tuple[int, Callable[[], None]]]:
        s = self.storms
        return {
            "act": (60, self._act),
            "many acts": (4, self._many_acts),
            "sync": (40, self._sync),
            "sync all": (5, self._sync_all),
            "late": (3, self._late),
            "cut during act": (s.power, self._cut_during_act),
            "cut during sync": (s.power, self._cut_during_sync),
            "reboot": (s.power, self._reboot),
            "server backup": (s.server, self._server_backup),
            "server set back": (s.server, self._server_set_back),
            "laptop backup": (s.rollback + s.blind, self._laptop_backup),
            "laptop set back": (s.rollback, self._laptop_set_back),
            "laptop set back blindly": (s.blind, self._laptop_set_back_blindly),
            "clone": (s.clone, self._clone),
            "revoke": (s.revoke, self._revoke),
            "lose": (s.server // 2, self._lose),
            "join": (2, self._join_one),
            "clock": (s.clocks, self._clock),
            "poison": (s.poison, self._poison),
            "version": (s.versions, self._version),
            "let in": (s.let_in, self._let_in),
        }

    def _note(self, laptop: Laptop, what: str, became: object) -> None:
        self.trace[-1] += f" | {laptop.name}: {what} -> {became}"

    def _any(self) -> Laptop:
        return self.rng.choice(self.laptops)

    def _act(self) -> None:
        self._do(self._any())

    def _do(self, laptop: Laptop) -> None:
        names = list(ACTS)
        name = self.rng.choices(names, [ACTS[one][0] for one in names])[0]
        self._note(laptop, name, laptop.act(name))

    def _many_acts(self) -> None:
        laptop = self._any()
        for _ in range(self.rng.randint(5, 12)):
            self.time.at_ms += 1_000
            self._do(laptop)

    def _sync(self) -> None:
        laptop = self._any()
        laptop.weaken()
        if self.rng.random() < self.storms.line:
            laptop.line.trouble = self.rng.choices(TROUBLES, k=self.rng.choice((1, 1, 2)))
        if self.storms.memory and self.rng.random() < self.storms.memory:
            laptop.line.trouble = [FROM_MEMORY]
        self._note(laptop, f"sync {laptop.line.trouble}", laptop.sync())
        laptop.line.trouble = []

    def _sync_all(self) -> None:
        for laptop in self.laptops:
            laptop.sync()

    def _late(self) -> None:
        for laptop in self.laptops:
            laptop.line.deliver_late()

    # ---- misfortunes ---------------------------------------------------------------------------------

    def _cut_during_act(self) -> None:
        laptop = self._any()
        laptop.store.cut_at = self.rng.choice(("before_commit", "after_commit"))
        self._do(laptop)
        laptop.store.cut_at = None

    def _cut_during_sync(self) -> None:
        laptop = self._any()
        laptop.store.cut_at = self.rng.choice(("before_commit", "after_commit"))
        laptop.weaken()
        laptop.tokens.cut_after_put = self.rng.random() < 0.3
        self._note(laptop, f"sync {laptop.store.cut_at}", laptop.sync())
        laptop.store.cut_at = None
        laptop.tokens.cut_after_put = False

    def _reboot(self) -> None:
        self._any().boot()

    def _server_backup(self) -> None:
        self.central.backups.append(self.central.image())

    def _server_set_back(self) -> None:
        if self.central.backups:
            self.central.set_back(self.rng.choice(self.central.backups[-3:]))
            for laptop in self.laptops:  # who was shut out since then is in again until somebody repeats it
                laptop.revoked = False

    def _laptop_backup(self) -> None:
        laptop = self._any()
        laptop.backups.append(laptop.store.image())

    def _with_backup(self) -> Laptop | None:
        found = [laptop for laptop in self.laptops if laptop.backups]
        return self.rng.choice(found) if found else None

    def _laptop_set_back(self) -> None:
        laptop = self._with_backup()
        if laptop is not None:
            whole = len(laptop.store.journal)
            keep = self.rng.choice((whole, max(0, whole - self.rng.randint(1, 6))))
            image = self.rng.choice(laptop.backups[-3:])
            laptop.set_back(image, keep=keep)
            self._note(laptop, "set back", f"{keep} of {whole} in the journal")
            self._note(laptop, "sell", laptop.act("sell"))

    def _laptop_set_back_blindly(self) -> None:
        laptop = self._with_backup()
        if laptop is not None:
            laptop.set_back_blindly(laptop.backups[-1])
            self.blind = True
            self._note(laptop, "set back blindly", len(laptop.store.log))

    def _clone(self) -> None:
        """A laptop's folder is copied to another computer, and both are used; or the copy lies on the same mark."""
        if len(self.laptops) >= MOST_LAPTOPS:
            return
        source = self._any()
        alike = bool(self.storms.blind) and self.rng.random() < 0.3  # a virtual machine, copied whole
        copy = self.copy_of(source, f"{source.name}'{len(self.trace)}", alike=alike)
        self._note(source, "cloned as", copy.name)
        self._note(copy, "sell", copy.act("sell"))

    def copy_of(self, source: Laptop, name: str, *, alike: bool) -> Laptop:
        """A second laptop with the same folder; `alike` where nothing on it can tell that it is another machine."""
        copy = self._laptop(name, source.store.image(), machine=source.machine if alike else None)
        copy.tokens.kept = dict(source.tokens.kept)
        copy.clock.ahead_ms = source.clock.ahead_ms
        copy.poisoned, copy.revoked, copy.older = source.poisoned, source.revoked, source.older
        copy.boot()
        self.laptops.append(copy)
        self.copied, self.blind = True, self.blind or alike
        return copy

    def _revoke(self) -> None:
        standing = [laptop for laptop in self.laptops if not laptop.revoked]
        if len(standing) < 3:
            return
        laptop = self.rng.choice(standing[1:])
        if not self.central.ask("SELECT 1 FROM device WHERE device_id = ?", laptop.device_id):
            return  # the server was set back, and has never heard of it
        self.shut_out(laptop)
        self._note(laptop, "revoked", laptop.device_id.hex())

    def shut_out(self, laptop: Laptop) -> None:
        """It is stolen, or thought to be."""
        self.central.revoke(laptop.device_id)
        for one in self._of_one_identity(laptop):
            one.revoked = True

    def _let_in(self) -> None:
        out = self.central.ask("SELECT device_id FROM device WHERE revoked_at_ms IS NOT NULL")
        found = [laptop for laptop in self.laptops if (laptop.device_id,) in out]
        if found:
            laptop = self.rng.choice(found)
            self.let_in(laptop)
            self._note(laptop, "let in", laptop.device_id.hex())

    def let_in(self, laptop: Laptop) -> None:
        """It is found again."""
        for one in self._paired_again(laptop):
            one.revoked = False

    def _paired_again(self, laptop: Laptop) -> list[Laptop]:
        """Somebody types a code; whoever has the same identity, a copy of it, has lost its token by that."""
        alike = self._of_one_identity(laptop)
        laptop.pair(self._code())
        for one in alike:
            one.outdone = one is not laptop
        return alike

    def _of_one_identity(self, laptop: Laptop) -> list[Laptop]:
        return [one for one in self.laptops if one.device_id == laptop.device_id]

    def _lose(self) -> None:
        """A laptop falls into the water: what the others have of it is all there is.

        It is one that every backup of the server knows and has nothing held of: of others, only they themselves can
        tell the server again.
        """
        known = self.central.ask(
            "SELECT device_id FROM operation GROUP BY device_id HAVING min(seq) <= ?", _BEGUN_SEQ
        )
        held = self.central.ask("SELECT device_id FROM operation WHERE status = 'held'")
        for laptop in self.laptops[1:]:
            device = (laptop.device_id,)
            if len(self.laptops) > 2 and device in known and device not in held and not laptop.poisoned:
                self.laptops.remove(laptop)
                self._note(laptop, "lost", len(laptop.store.log))
                laptop.store.close()
                return

    def _join_one(self) -> None:
        if len(self.laptops) < MOST_LAPTOPS:
            self._join(f"k{len(self.trace)}")

    def _join(self, name: str) -> None:
        laptop = self._laptop(name)
        laptop.pair(self._code())
        self.laptops.append(laptop)
        laptop.sync()

    def _laptop(self, name: str, image: bytes | None = None, *, machine: str | None = None) -> Laptop:
        return Laptop(name, self.time, self.central, self.rng, image, machine=machine)

    def _code(self) -> str:
        return self.central.office.pairing_code(VENDOR).code

    def _clock(self) -> None:
        clock = self.rng.choice([self.server_clock, *(laptop.clock for laptop in self.laptops)])
        hour = 3_600_000
        far = (IN_1970, IN_2100) if self.storms.centuries else ()
        clock.ahead_ms = self.rng.choice((0, 0, 47 * 60_000, -2 * hour, 30 * hour, -400 * 24 * hour, *far))

    def _poison(self) -> None:
        laptop = self._any()
        self._note(laptop, "poison", laptop.act("poison"))

    def _version(self) -> None:
        sides: list[Central | Laptop] = [self.central, *self.laptops]
        side = self.rng.choice(sides)
        if side.older:
            side.upgrade()
        else:
            side.older = True
            if isinstance(side, Laptop):
                side.boot()

    # ---- quiet ---------------------------------------------------------------------------------------

    def settle(self) -> int:
        """The storm is over: everybody is of one release and has a good line, until nothing moves any more.

        Returns:
            How many rounds it took.
        """
        self.trace.append("quiet")
        if not self.storms.centuries:  # there nobody needs the right time for coming to agree
            self.server_clock.ahead_ms = 0
        if self.central.older:
            self.central.upgrade()
        for laptop in self.laptops:
            laptop.line.trouble = []
            laptop.line.under_way = []
            if laptop.older:
                laptop.upgrade()
            laptop.boot()
        for turn in range(1, ROUNDS_TO_DRAIN + 1):
            self.time.at_ms += 120_000
            moved = False
            for laptop in self.laptops:
                outcome = laptop.sync()
                if outcome == "login_needed":  # the server is older than its pairing: somebody types a code
                    lost = self.central.epochs > 1 or laptop.outdone
                    must(lost, "I7", f"{laptop.name} has lost its token")
                    self._paired_again(laptop)
                    outcome = laptop.sync()  # at once, as `hatkhata pair` does
                self._note(laptop, "sync", outcome)
                if (
                    isinstance(outcome, str)
                    or outcome.sent
                    or outcome.received
                    or outcome.more
                    or outcome.pending
                ):
                    moved = True
            if not moved:
                return turn
        raise Broken("I7", f"not drained after {ROUNDS_TO_DRAIN} rounds")

    def damage(self, lot: int) -> None:
        """A disk forgets something, and it is found out."""
        standing = [laptop for laptop in self.laptops if not invariants.shut_out(self, laptop)]
        laptop = standing[lot % len(standing)]
        damage = invariants.DAMAGES[lot % len(invariants.DAMAGES)]
        self.trace.append(f"damage on {laptop.name}: {damage}")
        invariants.damage_mended(self, laptop, damage)

    def close(self) -> None:
        """Nothing of it is wanted any more."""
        for laptop in self.laptops:
            laptop.store.close()
        self.central.close()
