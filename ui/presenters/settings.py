"""Settings without a screen: each is kept by itself when its field is left, and what does not read is said there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pos.domain.hats import parse_day
from pos.domain.phones import local_phone
from pos.domain.text import fold_digits
from pos.domain.times import dhaka_day
from pos.services.support import save_support, support_report
from pos.settings import WEEKDAYS
from ui.presenters.needs import Watched
from ui.presenters.printer_trial import print_trial
from ui.presenters.sample_receipt import sample_receipt

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Callable
    from pathlib import Path

    from pos.domain.hats import Hat
    from pos.errors import EnvironmentFault, PosError
    from pos.printing.spooler import Spooler
    from pos.services.acts import ActView
    from pos.services.operators import OperatorCard, Role
    from pos.services.support import SupportReport
    from pos.settings import Value
    from pos.shop import Shop
    from ui.presenters.needs import Notify, Speech, Work

SECTIONS: Final = ("shop", "printers", "device", "hats", "money", "people", "about")
_LOOKS: Final = {"lang", "digits", "ui.theme", "ui.text"}
_ON_PAPER: Final = ("shop.", "paper.receipt", "lang", "digits")
_TICK_MS: Final = 2_500
_PREVIEW_MS: Final = 120
_ACTS_A_PAGE: Final = 50


class Settings(Watched):
    """What the Settings page shows and does."""

    def __init__(self, shop: Shop, work: Work, notices: Notify, look: Speech, spooler: Spooler) -> None:
        super().__init__()
        self._shop, self._work, self._notices, self._spooler = shop, work, notices, spooler
        self.look = look
        self.section = SECTIONS[0]
        self.values: dict[str, Value] = {}
        self.typed: dict[str, str] = {}  # what stands in a field and was not kept, for it does not read
        self.faults: dict[str, PosError] = {}
        self.kept = ""  # the setting that carries the tick
        self.hats: list[Hat] = []
        self.people: list[OperatorCard] = []
        self.acts: list[ActView] = []
        self.acts_of: uuid.UUID | None = None
        self._before: int | None = None
        self.printers: list[str] | None = None
        self.busy = ""
        self.tried = False
        self.preview: bytes | None = None
        self._drawing = False
        self.report: SupportReport | None = None
        self.report_file: Path | None = None
        self.on_look: Callable[[], None] | None = None
        self.on_kept: Callable[[str], None] | None = None

    # ---- showing -------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read what the page shows."""
        self.values = self._shop.configuration.all()
        if self.section == "hats":
            self.hats = [hat for hat in self._shop.configuration.hats() if hat.on >= self.today]
        if self.section == "people":
            self.people = self._shop.operators.list()
            self._read_acts()
        if self.section == "printers" and self.printers is None:
            self._work.read(self._spooler.printers, self._printers_known)
        if self.section == "shop" and self.preview is None:
            self._show_preview()
        self.changed()

    def choose(self, section: str) -> None:
        """Show another section."""
        if section != self.section and section in SECTIONS:
            self.section = section
            self.refresh()

    @property
    def today(self) -> dt.date:
        """The day in Dhaka."""
        return dhaka_day(self._shop.desk.clock.now_ms())

    @property
    def home(self) -> Path:
        """Where the shop lies."""
        return self._shop.paths.home

    def text(self, key: str) -> str:
        """A setting as its field shows it."""
        if key in self.typed:
            return self.typed[key]
        value = str(self.values.get(key, ""))
        return local_phone(value) if key == "shop.phone" and value else value

    def is_on(self, day: str) -> bool:
        """Whether a day of the week is a hat's."""
        return day in str(self.values.get("hat.weekdays", "")).split(",")

    # ---- keeping -------------------------------------------------------------------------------------

    def put(self, key: str, text: str) -> None:
        """A field was left, or something chosen: keep it if it is new."""
        if fold_digits(text) == fold_digits(self.text(key)) and key not in self.faults:
            return
        self.typed[key] = text
        self._work.write(lambda: self._shop.configuration.put(key, text), _Then(self._put_done, key),
                         _Then(self._put_failed, key))  # fmt: skip

    def turn_day(self, day: str) -> None:
        """A day of the week becomes a hat's, or no longer is one."""
        days = [name for name in WEEKDAYS if self.is_on(name) is not (name == day)]
        self.put("hat.weekdays", ",".join(days))

    def _put_done(self, key: str, value: Value) -> None:
        self.typed.pop(key, None)
        self.faults.pop(key, None)
        self.values[key] = value
        self._tick(key)
        if key.startswith("hat."):
            self.refresh()
        if key.startswith("printer."):
            self.tried = False
            self.faults.pop("printer", None)
        if key.startswith(_ON_PAPER):
            self._show_preview()
        if self.on_kept is not None:
            self.on_kept(key)
        if key in _LOOKS and self.on_look is not None:
            self.on_look()
        self.changed()

    def _put_failed(self, key: str, error: PosError) -> None:
        self.faults[key] = error
        self.changed()

    def _tick(self, key: str) -> None:
        self.kept = key
        self._work.later("settings_tick", _TICK_MS, self._untick)

    def _untick(self) -> None:
        self.kept = ""
        self.changed()

    # ---- hats ----------------------------------------------------------------------------------------

    def add_hat(self, day: str, opens: str, closes: str) -> None:
        """Hold a hat on a day, or give its hat other hours.

        Raises:
            UserError: the date or an hour does not read.
            ConflictError: it is there already.
        """
        configuration = self._shop.configuration
        on = parse_day(fold_digits(day))
        configuration.add_hat(on, opens=opens.strip() or None, closes=closes.strip() or None)
        self._hats_changed()

    def turn_hat(self, hat: Hat) -> None:
        """Cancel a hat, or hold a cancelled one after all."""
        configuration = self._shop.configuration
        work = configuration.add_hat if hat.cancelled else configuration.cancel_hat
        self._work.write(lambda: work(hat.on), self._hat_turned, _Then(self._put_failed, "hats"))

    def _hat_turned(self, _hat: object) -> None:
        self._hats_changed()

    def _hats_changed(self) -> None:
        self.faults.pop("hats", None)
        self._tick("hats")
        self.refresh()
        if self.on_kept is not None:
            self.on_kept("hats")

    # ---- printers ------------------------------------------------------------------------------------

    def _printers_known(self, names: list[str]) -> None:
        self.printers = names
        self.changed()

    def try_printer(self) -> None:
        """Print the trial paper on what the settings name."""
        if self.busy or self.values.get("printer.kind") == "none":
            return
        self.busy, self.tried = "printing", False
        self.faults.pop("printer", None)
        self.changed()
        self._work.write(self._print, self._printed, self._print_failed)

    def _print(self) -> EnvironmentFault | None:
        return print_trial(self._shop, self._spooler)

    def _printed(self, fault: EnvironmentFault | None) -> None:
        self.busy, self.tried = "", fault is None
        if fault is not None:
            self.faults["printer"] = fault
        self.changed()

    def _print_failed(self, error: PosError) -> None:
        self.busy = ""
        self.faults["printer"] = error
        self.changed()

    # ---- people --------------------------------------------------------------------------------------

    def add_person(self, name: str, role: Role, pin: str) -> None:
        """Take somebody on.

        Raises:
            UserError: a name, role or PIN that does not read.
            ConflictError: the name is taken.
        """
        self._shop.operators.add(name, role, pin.strip() or None)
        self._people_changed()

    def edit_person(self, person: OperatorCard, name: str, role: Role) -> None:
        """Another name or role; raises as `add_person`."""
        self._shop.operators.edit(person.id, name=name, role=role)
        self._people_changed()

    def set_pin(self, person: OperatorCard, pin: str) -> None:
        """Another PIN for this computer; none for an empty one.

        Raises:
            UserError: it is not 4 to 6 digits.
        """
        self._shop.operators.set_pin(person.id, pin.strip() or None)
        self._people_changed()

    def remove_person(self, person: OperatorCard) -> None:
        """Let somebody go; raises as the service does."""
        self._shop.operators.remove(person.id)
        self._people_changed()

    def use_person(self, person: OperatorCard, pin: str) -> None:
        """From now on this one acts.

        Raises:
            UserError: ``pin_missing``, ``pin_wrong``, ``pin_wait``.
        """
        self._shop.operators.use(person.id, pin.strip() or None)
        self._people_changed()
        if self.on_kept is not None:
            self.on_kept("people")

    def show_acts_of(self, person: uuid.UUID | None) -> None:
        """Only what one did; everybody for None."""
        self.acts_of = person
        self._read_acts()
        self.changed()

    def older_acts(self) -> None:
        """The next page of what was done."""
        if self._before is not None:
            page = self._shop.operators.acts(self.acts_of, limit=_ACTS_A_PAGE, before=self._before)
            self.acts, self._before = [*self.acts, *page.acts], page.before
            self.changed()

    @property
    def has_older_acts(self) -> bool:
        """Whether anything lies before what is shown."""
        return self._before is not None

    def _read_acts(self) -> None:
        page = self._shop.operators.acts(self.acts_of, limit=_ACTS_A_PAGE)
        self.acts, self._before = list(page.acts), page.before

    def _people_changed(self) -> None:
        self._tick("people")
        self.refresh()

    # ---- about ---------------------------------------------------------------------------------------

    def make_report(self) -> None:
        """Gather what helps, to be looked at before it is kept."""
        self._begin("report", self._gather, self._gathered)

    def _gather(self) -> SupportReport:
        return support_report(self._shop.paths, self._shop.desk.clock, "settings")

    def _gathered(self, report: SupportReport) -> None:
        self.busy, self.report = "", report
        self.changed()

    def save_report(self) -> None:
        """Keep the file that was looked at."""
        if self.report is not None:
            self._begin("report", self._save_report, self._report_saved)

    def _save_report(self) -> Path:
        assert self.report is not None
        return save_support(self._shop.paths, self.report)

    def _report_saved(self, file: Path) -> None:
        self.busy, self.report_file = "", file
        self.changed()

    def _begin(self, busy: str, work: Any, done: Any) -> None:
        if not self.busy:
            self.busy = busy
            self.faults.pop(busy, None)
            self.changed()
            self._work.write(work, done, _Then(self._work_failed, busy))

    def _work_failed(self, busy: str, error: PosError) -> None:
        self.busy = ""
        self._put_failed(busy, error)

    # ---- the receipt ---------------------------------------------------------------------------------

    def _show_preview(self) -> None:
        if self._drawing:
            self._work.later("settings_preview", _PREVIEW_MS, self._show_preview)
            return
        self._drawing = True
        self._work.read(self._draw_preview, self._preview_drawn, self._preview_failed)

    def _draw_preview(self) -> bytes:
        width = 58 if self._shop.desk.device.all()["paper.receipt"] == "58" else 80
        configuration = self._shop.configuration
        now = self._shop.desk.clock.now_ms()
        return sample_receipt(configuration.shop(), configuration.locale(), width, now)  # type: ignore[arg-type]

    def _preview_drawn(self, pdf: bytes) -> None:
        self._drawing, self.preview = False, pdf
        self.changed()

    def _preview_failed(self, _error: PosError) -> None:
        self._drawing = False


class _Then:
    """Calls with a name first, so that a result finds the setting that it belongs to."""

    def __init__(self, call: Callable[[str, Any], None], name: str) -> None:
        self._call, self._name = call, name

    def __call__(self, result: Any) -> None:
        self._call(self._name, result)
