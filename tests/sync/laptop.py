"""One laptop: its database, its clock, its token, whoever stands at it, and the real round of sync."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, cast

from pos.errors import PosError
from pos.services.customers import Customers
from pos.store import oplog, recovery
from pos.store.inbox import digests
from pos.store.link import Link, found_link, read_link
from pos.store.remake import remake
from pos.store.store import Kept, WriteUnit
from pos.sync import joining, pairing, rekey
from pos.sync import verify as sync_verify
from pos.sync.round import Outcome, Round
from tests.sync.acts import ACTS, Counter
from tests.sync.line import Line, Time
from tests.sync.memory import MemoryStore, PowerCut, empty_image
from tests.sync.versions import release

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

    from pos.protocol.messages import Digest
    from pos.protocol.operations import Operation
    from pos.store.store import Store
    from pos.sync.tokens import Tokens
    from pos.sync.verify import Verified
    from tests.sync.central import Central

SERVER = "http://127.0.0.1:8725"


class WrongClock:
    """A clock that is ahead or behind.

    Attributes:
        ahead_ms: by how much.
        latest_ms: the latest time that it ever told.
    """

    def __init__(self, time: Time, ahead_ms: int = 0) -> None:
        self._time, self.ahead_ms, self.latest_ms = time, ahead_ms, 0

    def now_ms(self) -> int:
        """Milliseconds since 1970, as this clock has them."""
        now = max(1, self._time.at_ms + self.ahead_ms)
        self.latest_ms = max(self.latest_ms, now)
        return now


class Pocket:
    """Tokens by identity; they lie beside the database and are copied with it."""

    def __init__(self, tokens: Mapping[uuid.UUID, str] | None = None) -> None:
        self.kept = dict(tokens or {})
        self.cut_after_put = False

    def get(self, device: uuid.UUID) -> str | None:
        """The token of an identity."""
        return self.kept.get(device)

    def put(self, device: uuid.UUID, token: str) -> None:
        """Keep one."""
        self.kept[device] = token
        if self.cut_after_put:
            self.cut_after_put = False
            raise PowerCut


class Laptop:
    """One of the vendor's laptops.

    Attributes:
        machine: the mark of the computer that the database lies on.
        older: it is one release behind.
        revoked: the vendor has taken it out.
        outdone: another one with its identity was paired again, which ended its token.
        blind: its log was set back or copied without its knowledge: numbers may stand twice.
        poisoned: it holds operations that the server can never take.
        backups: images of its database with the length of its journal then, oldest first.
    """

    def __init__(
        self,
        name: str,
        time: Time,
        central: Central,
        rng: random.Random,
        image: bytes | None = None,
        *,
        machine: str | None = None,
    ) -> None:
        self.name, self.rng = name, rng
        self.clock = WrongClock(time)
        self.store = MemoryStore(self.clock, image or empty_image())
        self.tokens = Pocket()
        self.machine = machine or f"{name:>032}"
        self.line = Line(central, time, rng)
        self.older = self.revoked = self.outdone = self.blind = self.poisoned = False
        self.backups: list[bytes] = []
        self.checked = 0
        self.boot()

    def boot(self) -> None:
        """The program begins: nothing is left but what lies on the disk."""
        self.store.cut_at = None
        self.tokens.cut_after_put = False
        rekey.renumber_if_copied(self.store, self.machine, self._codes_given())
        self.round = Round(self.store, self.line, self.tokens, self.clock, self.machine)

    # ---- work ----------------------------------------------------------------------------------------

    def act(self, name: str) -> str:
        """Somebody does something; what became of it."""
        if not self.store.ask("SELECT 1 FROM operator LIMIT 1"):
            return "nobody there yet"
        try:
            with release(older=self.older):
                counter = Counter(self.store, self.clock, self.rng)
                if name == "poison":
                    counter.poison()
                    self.poisoned = True
                else:
                    ACTS[name][1](counter)
        except PosError as error:
            return error.code
        except PowerCut:
            self.boot()
            return "power cut"
        return "done"

    def sync(self) -> Outcome | str:
        """One round with the server; its outcome, or why there was none."""
        try:
            with release(older=self.older):
                return self.round.once()
        except PosError as error:
            return error.code
        except PowerCut:
            self.boot()
            return "power cut"

    def compare(self) -> Verified:
        """Hold itself against the server and mend what differs."""
        return sync_verify.verify(self.store, self.line, self.tokens)

    def weaken(self) -> None:
        """Little goes over the line at once."""
        self.round._batch, self.round._rows = self.rng.choice(((50, 500), (3, 4), (2, 1)))

    def upgrade(self) -> None:
        """The newer release comes; its migration makes the rows again from what is kept."""
        self.older = False
        with self.store.write() as unit:
            remake(unit.connection)
        self.boot()

    # ---- its place in the shop -----------------------------------------------------------------------

    def pair(self, code: str) -> None:
        """Become one of the vendor's laptops: as the founder, beside others, or once more with a new token."""
        asker = pairing._Asker(self.line, SERVER, self.machine)
        if self.store.log:
            with self.store.read() as connection:
                present = pairing._present(connection)
            store, keeps = cast("Store", self.store), cast("Tokens", self.tokens)
            pairing._tie(store, asker, asker.ask(code, present), present, keeps)
        else:
            reply = asker.ask(code, None)
            device = uuid.UUID(hex=reply.device)
            self.tokens.put(device, reply.token)
            with self.store.write() as unit:
                unit.found(device, reply.device_code)
                unit.record_all(joining._first(device, reply, self.clock))
                found_link(unit.connection, asker.link(reply, stock_seq=None if reply.founds else 0))
        self.boot()

    def set_back(self, image: bytes, *, keep: int) -> None:
        """An older database lies at its place, and its journal knows: it brings back what it has.

        Args:
            image: the older database.
            keep: how many operations the journal holds; the rest is lost with it.
        """
        journal, given, erased = self.store.journal[:keep], self._codes_given(), self._erased()
        self.store.put_back(image)
        connection = self.store._engine.connect()
        with connection.begin():
            recovery.replay(connection, journal)
            unit = WriteUnit(connection, self.clock.now_ms(), Kept(0))
            unit.record(recovery.rekey_act(connection, "database_behind", given))
        connection.close()
        self.store.put_back(self.store.image())
        self.store.journal = list(self._operations())
        self.boot()
        self._erase_again(erased)

    def set_back_blindly(self, image: bytes) -> None:
        """The whole folder was set back, journal and all: nothing on it can tell."""
        erased = self._erased()
        self.store.put_back(image)
        self.store.journal = list(self._operations())
        self.blind = True
        self.boot()
        self._erase_again(erased)

    def _erased(self) -> set[bytes]:
        """The buyers whose erasure stands in its own log."""
        rows = self.store.ask("SELECT agg_id FROM op WHERE kind = 'customer.erased'")
        return {cast("bytes", row[0]) for row in rows}

    def _erase_again(self, erased: set[bytes]) -> None:
        """An erasure that the disk has lost before it was sent is lost; whoever sees the buyer again says it again.

        What was sent in between was blank already, and stays it everywhere else.
        """
        for customer in sorted(erased - self._erased()):
            found = self.store.ask("SELECT phone FROM customer WHERE id = ? AND phone IS NOT NULL", customer)
            with release(older=self.older):
                for (phone,) in found:
                    Customers(Counter(self.store, self.clock, self.rng).desk).erase(cast("str", phone))

    def _operations(self) -> list[Operation]:
        with self.store.read() as connection:
            return list(oplog.read_after(connection, 0))

    def _codes_given(self) -> set[str]:
        return {cast("str", row[0]) for row in self.store.ask("SELECT code FROM series")}

    # ---- looked into ---------------------------------------------------------------------------------

    @property
    def device_id(self) -> bytes:
        """Who it is now."""
        return cast("bytes", self.store.ask("SELECT device_id FROM installation")[0][0])

    def lacks(self, record: bytes) -> bool:
        """Nothing that is here says how this record came about: it was another's, and went with the database."""
        return not any(
            self.store.ask(f"SELECT 1 FROM {log} WHERE agg_id = ? AND kind LIKE '%.added'", record)
            for log in ("op", "foreign_op")
        )

    def link(self) -> Link:
        """How far it is with the server."""
        with self.store.read() as connection:
            found = read_link(connection)
        assert found is not None
        return found

    def digests(self) -> dict[str, Digest]:
        """What it has of each stream."""
        with self.store.read() as connection:
            return digests(connection)
