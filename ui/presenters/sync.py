"""The Sync page: how the shop and its server stand, what waits, what is to be decided, and whose devices there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from pos.errors import EnvironmentFault
from pos.services.waiting import Standing as Kept
from ui.presenters.needs import Watched
from ui.presenters.pairing_form import PAIR_FIELDS, field_of, link_in, pairing_fault
from ui.presenters.printer_trial import print_trial
from ui.presenters.sync_state import Shown, shown

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from pos.errors import PosError
    from pos.printing.spooler import Spooler
    from pos.services.conflicts import Dispute
    from pos.services.notices import NoticeView
    from pos.services.oversold import Short
    from pos.shop import Shop
    from pos.sync.devices import Devices
    from pos.sync.pairing import Paired
    from pos.sync.tie import About, JoinCode, Seen
    from pos.sync.verify import Verified
    from ui.presenters.backup import WhileClosed
    from ui.presenters.needs import Notify, Speech, Work
    from ui.presenters.pairing_form import PairField

Busy = Literal["", "pair", "verify", "devices", "trial"]
_WORTH_COUNTING: Final = 100


class _Read(NamedTuple):
    about: About | None
    kept: Kept
    disputes: list[Dispute]
    short: list[Short]
    notices: list[NoticeView]
    devices: Devices | None


class Sync(Watched):
    """What the page shows and does.

    Attributes:
        about: whom the shop is tied to; None where it is alone, and until that was read.
        kept: what waits here.
        disputes: values to be decided.
        chosen: of the dispute that is shown, the operation whose value is picked.
        short: goods of which more was sold than there is.
        notices: what the organiser has to say.
        devices: the vendor's, as the server told them last.
        join: a code for one more laptop, as long as it is shown.
        server, code: the form of pairing, as typed.
        faults: why something did not work, by what it was: ``server``, ``code``, ``pair``, ``decide``, ``devices``,
            ``verify``.
        verified: what holding everything against the server has found.
    """

    def __init__(self, shop: Shop, work: Work, notices: Notify, look: Speech, spooler: Spooler) -> None:
        super().__init__()
        self._shop, self._work, self._notices, self._spooler = shop, work, notices, spooler
        self.look = look
        self.about: About | None = None
        self.known = False
        self.kept = Kept((), 0, 0)
        self.disputes: list[Dispute] = []
        self.at = 0
        self.chosen: uuid.UUID | None = None
        self.short: list[Short] = []
        self.notices: list[NoticeView] = []
        self.devices: Devices | None = None
        self.join: JoinCode | None = None
        self.join_until_ms = 0
        self.server = self.code = ""
        self.faults: dict[str, PosError] = {}
        self.busy: Busy = ""
        self.verified: Verified | None = None
        self.while_closed: WhileClosed | None = None
        self.on_state: Callable[[], None] | None = None
        self.on_notices: Callable[[list[NoticeView]], None] | None = None
        self._begun = self._reading = self._behind = self._ended = False
        self._asked: Seen | None = None
        self._seen: Seen | None = None
        self._missed = False  # the devices were asked for without a line
        self._most = 0  # that was outstanding since what is under way began

    # ---- how it stands -------------------------------------------------------------------------------

    @property
    def now_ms(self) -> int:
        """This instant."""
        return self._shop.desk.clock.now_ms()

    @property
    def shown(self) -> Shown:
        """What the card, the rail and the status bar say."""
        if not self._begun or self._seen is None:
            return Shown("alone")
        return shown(self.about, self._seen, self.kept, self.now_ms, asked=self._asked is not None)

    @property
    def progress(self) -> tuple[int, int]:
        """How much of what is under way has been done, and of how much; nought of nought where it is soon over."""
        if self._most < _WORTH_COUNTING:
            return 0, 0
        return self._most - self._outstanding(), self._most

    def _outstanding(self) -> int:
        shown = self.shown
        return shown.waiting + shown.remaining if shown.state in ("syncing", "fetching") else 0

    def _count(self) -> None:
        left = self._outstanding()
        self._most = max(self._most, left) if left else 0

    @property
    def paired(self) -> bool:
        """Whether there is a server."""
        return self.about is not None

    def begin(self) -> None:
        """Sync behind the window from now on; it is read what there is. Asked again, it changes nothing."""
        if not self._begun:
            self._work.read(self._start, self._started)

    def _start(self) -> bool:
        return self._shop.sync.begin()

    def end(self) -> None:
        """The window is gone: what still comes back is let go."""
        self._begun, self._ended = False, True
        self.on_state = self.on_notices = None

    def _started(self, _paired: object) -> None:
        if self._ended:
            return
        self._begun = True
        self._seen = self._shop.sync.seen
        self.refresh()

    def stopped(self) -> None:
        """The shop was closed and opened: it may be another one."""
        self._begun = self.known = self._missed = False
        self.devices = self.join = self.verified = self._asked = None
        self.faults.clear()
        self.begin()

    def tick(self) -> None:
        """A second has passed: look how it stands."""
        if not self._begun or not self._shop.is_open:
            return
        seen = self._shop.sync.seen
        if seen is not self._seen:
            self._seen = seen
            if self._asked is not None and seen is not self._asked and seen.standing.state != "syncing":
                self._asked = None
            self.refresh()
            if self._missed and not seen.fault:
                self.ask_devices()
        self._count()
        if self.on_state is not None:
            self.on_state()
        if self.join is not None and self.now_ms >= self.join_until_ms:
            self.join = None
            self.changed()

    def written(self, *, whole: bool = True) -> None:
        """Somebody has written to the shop: what is new goes to the server.

        Args:
            whole: all of the page is read anew; else only how much waits.
        """
        if self._begun:
            self._shop.sync.look()
            if whole:
                self.refresh()
            elif not self._reading:
                self._work.read(self._read_little, self._have_read_little, self._not_read)

    def refresh(self) -> None:
        """Read what there is, behind the page."""
        if not self._begun:
            return
        if self._reading:
            self._behind = True
            return
        self._reading = True
        self._work.read(self._read, self._have_read, self._not_read)

    def _read_little(self) -> Kept:
        return self._shop.waiting.look()

    def _have_read_little(self, kept: Kept) -> None:
        self.kept = kept
        if self.on_state is not None:
            self.on_state()

    def _read(self) -> _Read:
        from pos.services.notices import notices
        from pos.services.oversold import oversold

        shop = self._shop
        return _Read(
            shop.sync.about(),
            shop.waiting.look(),
            shop.conflicts.list(),
            oversold(shop.desk),
            notices(shop.desk),
            shop.sync.devices_told() if self.devices is None else None,
        )

    def _have_read(self, found: _Read) -> None:
        self._reading = False
        if self._ended:
            return
        self.faults.pop("read", None)
        before = self.disputes[self.at] if self.at < len(self.disputes) else None
        self.about, self.kept, self.disputes, self.short, self.notices, told = found
        self.devices = self.devices or told
        self.known = True
        if self.about is not None and not self.server:
            self.server = self.about.server  # where it is paired again
        self._stay_at(before)
        self._count()
        if self.on_notices is not None:
            self.on_notices(self.notices)
        if self.on_state is not None:
            self.on_state()
        self.changed()
        if self._behind:
            self._behind = False
            self.refresh()

    def _not_read(self, error: PosError) -> None:
        self._reading = self._behind = False
        self.faults["read"] = error
        self.changed()

    def now(self) -> None:
        """Sync at once."""
        if self.paired:
            self._asked = self._shop.sync.seen
            self._shop.sync.now()
            if self.on_state is not None:
                self.on_state()
            self.changed()

    # ---- what is to be decided -----------------------------------------------------------------------

    def dispute(self) -> Dispute | None:
        """The one that is shown."""
        return self.disputes[self.at] if self.at < len(self.disputes) else None

    def _stay_at(self, before: Dispute | None) -> None:
        """The question before the person's eyes stays there, with her choice, as long as it is the same."""
        if before is not None and before in self.disputes:
            self.at = self.disputes.index(before)
            return
        self.at = min(self.at, max(0, len(self.disputes) - 1))
        self._choose_first()

    def _choose_first(self) -> None:
        dispute = self.dispute()
        self.chosen = dispute.values[0].op if dispute is not None else None

    def choose(self, op: uuid.UUID) -> None:
        """Pick a value."""
        self.chosen = op
        self.faults.pop("decide", None)
        self.changed()

    def another(self) -> None:
        """Show the next question; this one waits."""
        if self.disputes:
            self.at = (self.at + 1) % len(self.disputes)
            self._choose_first()
            self.changed()

    def decide(self) -> None:
        """Let the picked value stand."""
        dispute, chosen = self.dispute(), self.chosen
        if dispute is not None and chosen is not None:
            self.faults.pop("decide", None)
            self._work.write(
                lambda: self._shop.conflicts.decide(dispute, chosen), self._decided, self._refused
            )

    def _decided(self, _nothing: object) -> None:
        self._notices.toast(self.look.word("conflict_decided"))
        self.written()

    def _refused(self, error: PosError) -> None:
        self.faults["decide"] = error
        self.refresh()
        self.changed()

    # ---- pairing -------------------------------------------------------------------------------------

    def type(self, field: PairField, text: str) -> None:
        """What the form says now."""
        setattr(self, field, text)
        if self.faults.pop(field, None) is not None or self.faults.pop("pair", None) is not None:
            self.changed()

    def left(self, field: PairField) -> None:
        """A field was left: what is wrong with it is said there."""
        if self._text(field).strip() and not self.spread(field):
            self._check(field)
            self.changed()

    def spread(self, field: PairField) -> bool:
        """Where a field holds a whole link, each of the two gets its part of it. Whether it did."""
        link = link_in(self._text(field))
        if link is None:
            return False
        self.server, self.code = link
        for name in PAIR_FIELDS:
            self._check(name)
        self.faults.pop("pair", None)
        self.changed()
        return True

    def _text(self, field: PairField) -> str:
        return self.server if field == "server" else self.code

    def _check(self, field: PairField) -> None:
        self.faults.pop(field, None)
        fault = pairing_fault(field, self._text(field))
        if fault is not None:
            self.faults[field] = fault

    def pair(self) -> str:
        """Pair the shop; the shop is closed for as long as that takes. The first field that is wrong, if one is."""
        if self.busy or self.while_closed is None:
            return ""
        self.faults.pop("pair", None)
        wrong = ""
        for field in PAIR_FIELDS:
            self.spread(field)
        for field in PAIR_FIELDS:
            self._check(field)
            wrong = wrong or (field if field in self.faults else "")
        if wrong:
            self.changed()
            return wrong
        self.busy = "pair"
        self.changed()
        server, code = self.server, self.code
        self.while_closed(
            lambda: self._shop.pair(server, code), self._paired, self._not_paired, words="pairing"
        )
        return ""

    def _paired(self, done: Paired) -> None:
        self.busy, self.code = "", ""
        self._notices.toast(self.look.word("paired_with", vendor=done.vendor, code=done.device_code))

    def _not_paired(self, error: PosError) -> None:
        self.busy = ""
        self.faults[field_of(error) or "pair"] = error
        self.changed()

    # ---- devices -------------------------------------------------------------------------------------

    def ask_devices(self) -> None:
        """Ask the server which devices there are; without a line, as soon as there is one.

        Nobody has done anything that could fail, and the card says already that there is no line.
        """
        self._ask("devices", self._shop.sync.devices, self._told_devices, self._not_told_devices)

    def revoke(self, device: uuid.UUID) -> None:
        """Shut a device out."""
        self._ask("devices", lambda: self._shop.sync.revoke(device), self._revoked)

    def ask_code(self) -> None:
        """Ask for a code with which one more laptop joins."""
        self._ask("devices", self._shop.sync.join_code, self._told_code)

    def put_code_away(self) -> None:
        """The code is not shown any more; it holds until its time is over."""
        self.join = None

    def _told_devices(self, devices: Devices) -> None:
        self.devices, self._missed = devices, False

    def _not_told_devices(self, error: PosError) -> None:
        self._missed = isinstance(error, EnvironmentFault)
        if not self._missed:
            self.faults["devices"] = error

    def _revoked(self, devices: Devices) -> None:
        self.devices = devices
        self._notices.toast(self.look.word("device_revoked_done"))

    def _told_code(self, join: JoinCode) -> None:
        self.join, self.join_until_ms = join, self.now_ms + join.seconds * 1000

    # ---- the printer ---------------------------------------------------------------------------------

    def printer(self) -> tuple[str, str]:
        """What it is called, and how it is reached; ``none`` without one."""
        values = self._shop.desk.device.all()
        return str(values["printer.address"] or values["printer.name"]), str(values["printer.kind"])

    def try_printer(self) -> None:
        """Print the trial paper."""
        if not self.busy:
            self.busy = "trial"
            self.faults.pop("trial", None)
            self.changed()
            self._work.read(lambda: print_trial(self._shop, self._spooler), self._tried, self._not_tried)

    def _tried(self, fault: PosError | None) -> None:
        self.busy = ""
        if fault is not None:
            self.faults["trial"] = fault
        self.changed()

    def _not_tried(self, error: PosError) -> None:
        self._tried(error)

    # ---- holding it against the server -----------------------------------------------------------------

    def verify(self) -> None:
        """Hold everything against the server, and mend what differs."""
        self.verified = None
        self._ask("verify", self._shop.sync.verify, self._told_verified)

    def _told_verified(self, verified: Verified) -> None:
        self.verified = verified
        self.refresh()

    def _ask(
        self,
        what: Busy,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        missed: Callable[[PosError], None] | None = None,
    ) -> None:
        if self.busy or not self.paired:
            return
        self.busy = what
        self.faults.pop(what, None)
        self.changed()

        def came(result: Any) -> None:
            self.busy = ""
            done(result)
            self.changed()

        def failed(error: PosError) -> None:
            self.busy = ""
            if missed is not None:
                missed(error)
            else:
                self.faults[what] = error
            self.changed()

        self._work.read(work, came, failed)
