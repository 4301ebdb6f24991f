"""The first run: five short steps from nothing to a shop that can sell. What was typed survives a crash.

The shop is founded when its name and phone are known, at the end of the second step: what comes after works
on the real shop, and none of it has to be done now. Whoever has a shop on another laptop gives a server and a code
instead of the name, and the shop comes from there. A small file in the shop's folder remembers where the vendor was,
until the last step is done.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pos.errors import BugError, UserError
from pos.l10n import Locale
from pos.log import EventLog
from pos.services.kept_files import newest_backup
from pos.shop import open_shop
from ui.presenters import first_shop
from ui.presenters.first_answers import (
    BACKUP,
    GOODS,
    IDENTITY,
    LANGUAGE,
    ON_PAPERS,
    PRINTER,
    Answers,
    fault_in,
    forget_answers,
    keep_answers,
    kept_answers,
)
from ui.presenters.import_run import ImportRun, variants_beside
from ui.presenters.needs import Watched
from ui.presenters.pairing_form import PAIR_FIELDS, field_of, link_in
from ui.presenters.printer_trial import print_trial

if TYPE_CHECKING:
    from pos.domain.times import Clock
    from pos.errors import EnvironmentFault, PosError
    from pos.paths import ShopPaths
    from pos.printing.spooler import Spooler
    from pos.shop import Imported, Shop
    from pos.sync.round import Outcome
    from ui.presenters.needs import Work

_SAVE_MS, _PREVIEW_MS = 250, 120
Busy = Literal[
    "", "founding", "joining", "reading", "importing", "keeping", "printing", "backup", "restoring"
]


class First(Watched):
    """The wizard without a screen. `shop` is open from the end of the second step on."""

    def __init__(self, paths: ShopPaths, clock: Clock, work: Work, spooler: Spooler) -> None:
        super().__init__()
        self._paths, self._clock, self._work, self._spooler = paths, clock, work, spooler
        self.answers = kept_answers(paths)
        self.resumed = self.answers != Answers()
        self.faults: dict[str, PosError] = {}
        self.busy: Busy = ""
        self.run = ImportRun()
        self.shop: Shop | None = None
        self.dry: Imported | None = None
        self.taken: Imported | None = None
        self._took = ""  # from where that came
        self.printers: list[str] | None = None
        self.tried = False
        self.preview: bytes | None = None
        self.lost: Path | None = None
        self.finished = False
        self.left = False
        self.remaining = 0  # operations that are still to come, while it joins
        self._closed = False
        self._drawing = False
        self._field = "step"

    # ---- beginning -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Open a shop whose setting up was cut off, and see whether an older one can be brought back.

        Raises:
            EnvironmentFault: the shop that is there cannot be opened.
        """
        if self._paths.database.exists():
            self.shop = open_shop(self._paths, self._clock)
            self.answers.step = max(self.answers.step, PRINTER if self.joined else GOODS)
        else:
            self.answers.step = min(self.answers.step, IDENTITY)
            self.lost = newest_backup(self._paths)
        self._show_preview()
        self.changed()

    @property
    def locale(self) -> Locale:
        """How to speak."""
        return Locale(self.answers.lang, self.answers.digits)

    @property
    def home(self) -> Path:
        """Where the shop will lie."""
        return self._paths.home

    @property
    def joined(self) -> bool:
        """Whether the shop has come from the vendor's other laptop: its name and goods are there."""
        return self.shop is not None and self.answers.begin == "join"

    @property
    def least(self) -> int:
        """The first step that one can still go back to."""
        return PRINTER if self.joined else LANGUAGE

    def close(self) -> None:
        """Keep what was typed and let go of the shop; whoever took it over with `hand_over` closes it."""
        self._closed = True
        if not self.finished:
            self._save()
        if self.shop is not None:
            self.shop.close()
            self.shop = None

    def hand_over(self) -> Shop:
        """The open shop, from now on somebody else's."""
        shop, self.shop = self.shop, None
        assert shop is not None
        return shop

    # ---- typing --------------------------------------------------------------------------------------

    def set(self, name: str, value: str) -> None:
        """An answer says this now."""
        if getattr(self.answers, name) == value or (name == "begin" and self.shop is not None):
            return
        setattr(self.answers, name, value)
        self.faults.pop(name, None)
        if name == "lang":
            self.answers.digits = "latin" if value == "en" else "bn"
        if name == "file":
            self.dry = None
        if name in {"printer", "printer_name", "printer_address", "paper"}:
            self.tried = False
            self.faults.pop("printer", None)
        self._work.later("first_save", _SAVE_MS, self._save)
        self._work.later("first_preview", _PREVIEW_MS, self._show_preview)
        self.changed()

    def check(self, name: str) -> None:
        """A field was left: say what is wrong with it. An empty one is only asked for at the step's end."""
        if not str(getattr(self.answers, name)).strip():
            return
        if name in PAIR_FIELDS:
            self._spread(name)
        self._check(name)
        self.changed()

    def _check(self, name: str) -> bool:
        self.faults.pop(name, None)
        fault = fault_in(name, str(getattr(self.answers, name)))
        if fault is not None:
            self.faults[name] = fault
        return fault is None

    def first_fault(self) -> str:
        """The first field of the present step that needs a hand; empty where none does."""
        return next(
            (
                name
                for name in (*ON_PAPERS, *PAIR_FIELDS, "file", "printer", "folder", "step")
                if name in self.faults
            ),
            "",
        )

    # ---- steps ---------------------------------------------------------------------------------------

    def next(self) -> None:
        """Do what the step asks, then go on."""
        if self.busy:
            return
        match self.answers.step:
            case 2 if self.answers.begin == "join":
                self._finish_joining()
            case 2:
                self._finish_identity()
            case 3:
                self._finish_goods()
            case 4:
                self._finish_printer()
            case 5:
                self._finish_backup()
            case _:
                self._go(IDENTITY)

    def back(self) -> None:
        """The step before."""
        if not self.busy and self.answers.step > self.least:
            self._go(self.answers.step - 1)

    def later(self) -> None:
        """Not now: a step that can wait is passed over; before there is a shop, all is kept for another day."""
        if self.busy:
            return
        if self.shop is None:
            self._save()
            self.left = True
        elif self.answers.step >= BACKUP:
            self._finish()
        else:
            self._go(max(GOODS, self.answers.step + 1))
        self.changed()

    def may_go(self, step: int) -> bool:
        """Whether a step can be gone to at once: those behind, and all once there is a shop."""
        return not self.busy and self.least <= step and (self.shop is not None or step <= self.answers.step)

    def go(self, step: int) -> None:
        """Go to a step on the list."""
        if self.may_go(step):
            self._go(step)

    def _go(self, step: int) -> None:
        self.answers.step = step
        self.faults.clear()
        self._save()
        if step == PRINTER and self.printers is None:
            self._work.read(self._spooler.printers, self._printers_known)
        self.changed()

    def _printers_known(self, names: list[str]) -> None:
        self.printers = names
        if not self.answers.printer_name and names:
            self.answers.printer_name = names[0]
        self.changed()

    # ---- the shop's identity -------------------------------------------------------------------------

    def _finish_identity(self) -> None:
        sound = [self._check(name) for name in ON_PAPERS]  # all of them, so that all is said at once
        if not all(sound):
            self.changed()
            return
        self._begin("founding", self._put_identity, self._founded)

    def _put_identity(self) -> Shop:
        return first_shop.put_identity(self._paths, self._clock, self.answers, self.shop)

    def _founded(self, shop: Shop) -> None:
        self.busy, self.shop = "", shop
        self._go(GOODS)

    # ---- a shop on another laptop --------------------------------------------------------------------

    def _spread(self, name: str) -> None:
        """Where a field holds a whole link, server and code each get their part of it."""
        link = link_in(str(getattr(self.answers, name)))
        if link is not None:
            self.set("server", link.server)
            self.set("code", link.code)

    def _finish_joining(self) -> None:
        for name in PAIR_FIELDS:
            self._spread(name)
        sound = [self._check(name) for name in PAIR_FIELDS]
        if not all(sound):
            self.changed()
            return
        self.remaining = 0
        self._begin("joining", self._join, self._joined, self._not_joined)

    def _join(self) -> Shop:
        return first_shop.join(self._paths, self._clock, self.answers, self._heard)

    def _heard(self, outcome: Outcome) -> None:
        """On the thread of the work, after each round."""
        self.remaining = outcome.remaining
        if self._closed:
            raise UserError("pairing_stopped")

    def _joined(self, shop: Shop) -> None:
        self.busy = ""
        if self._closed:  # the window is gone; the next start goes on from here
            shop.close()
            return
        self.shop = shop
        there = shop.configuration.shop()
        for name in ON_PAPERS:
            setattr(self.answers, name, getattr(there, name))
        self._show_preview()
        self._go(PRINTER)

    def _not_joined(self, error: PosError) -> None:
        self._field = field_of(error) or "step"
        self._failed(error)

    # ---- goods ---------------------------------------------------------------------------------------

    def choose_file(self, file: str) -> None:
        """Read a file without writing anything: what is in it, and what could not be taken."""
        self.set("goods", "file")
        self.set("file", file)
        self.dry, self._took = None, ""  # it may have been mended since
        if file and self.shop is not None:
            self._begin("reading", self._look_through, self._file_read, field="file")

    def _file_read(self, result: Imported) -> None:
        self.busy, self.dry = "", result
        self.changed()

    def brings(self) -> bool:
        """Whether going on brings goods in; what came in already does not come twice."""
        match self.answers.goods:
            case "demo":
                return self._took != "demo"
            case "file":
                return self.dry is not None and self.dry.products > 0 and self._took != self.answers.file
            case _:
                return False

    def _finish_goods(self) -> None:
        answers = self.answers
        if self.brings():
            self._begin("importing", self._take_goods, self._goods_taken, field="file")
        elif answers.goods == "file" and answers.file and self.dry is None:
            self.choose_file(answers.file)
        else:
            self._go(PRINTER)

    def _take_goods(self) -> Imported:
        assert self.shop is not None
        if self.answers.goods == "demo":
            return self.run.over_samples(self.shop)
        return self._import(dry_run=False)

    def _look_through(self) -> Imported:
        return self._import(dry_run=True)

    def _import(self, *, dry_run: bool) -> Imported:
        assert self.shop is not None
        file = Path(self.answers.file)
        return self.run.over_file(self.shop, file, variants_beside(file), dry_run=dry_run, partial=True)

    def stop(self) -> None:
        """Stop an import; what it had written is undone."""
        self.run.stop()

    def _goods_taken(self, result: Imported) -> None:
        answers = self.answers
        self.busy, self.taken = "", result
        self._took = answers.file if answers.goods == "file" else answers.goods
        self._go(PRINTER)

    # ---- printer -------------------------------------------------------------------------------------

    def try_printer(self) -> None:
        """Print the trial paper on what is chosen."""
        if not self.busy and self.answers.printer != "none" and self.shop is not None:
            self._begin("printing", self._print, self._printed, field="printer")

    def _print(self) -> EnvironmentFault | None:
        assert self.shop is not None
        first_shop.put_printer(self.shop, self.answers)
        return print_trial(self.shop, self._spooler)

    def _printed(self, fault: EnvironmentFault | None) -> None:
        self.busy, self.tried = "", fault is None
        if fault is not None:
            self.faults["printer"] = fault
        self.changed()

    def _finish_printer(self) -> None:
        self._begin("keeping", self._put_printer, self._printer_kept, field="printer")

    def _put_printer(self) -> None:
        assert self.shop is not None
        first_shop.put_printer(self.shop, self.answers)

    def _printer_kept(self, _result: object) -> None:
        self.busy = ""
        self._go(BACKUP)

    # ---- backup --------------------------------------------------------------------------------------

    def _finish_backup(self) -> None:
        self._begin("backup", self._back_up, self._backed_up, field="folder")

    def _back_up(self) -> None:
        assert self.shop is not None
        first_shop.put_backups(self.shop, self.answers)

    def _backed_up(self, _result: object) -> None:
        self.busy = ""
        self._finish()
        self.changed()

    def _finish(self) -> None:
        self.finished = True
        forget_answers(self._paths)

    # ---- a shop that was here ------------------------------------------------------------------------

    def bring_back(self) -> None:
        """Put the newest backup, and what the second journal holds beyond it, in the missing shop's place."""
        if self.lost is not None and not self.busy:
            self._begin("restoring", self._restore, self._restored, field="step")

    def _restore(self) -> Shop:
        assert self.lost is not None
        return first_shop.bring_back(self._paths, self._clock, self.lost)

    def _restored(self, shop: Shop) -> None:
        self.busy, self.shop = "", shop
        self._finish()
        self.changed()

    # ---- under the hood ------------------------------------------------------------------------------

    def _begin(self, busy: Busy, work: Any, done: Any, failed: Any = None, *, field: str = "step") -> None:
        self.busy, self._field, self.run = busy, field, ImportRun()
        self.faults.clear()
        self.changed()
        self._work.write(work, done, failed or self._failed)

    def _failed(self, error: PosError) -> None:
        self.busy = ""
        if error.code != "import_stopped":
            self.faults[self._field] = error
        self.changed()

    def failed(self, error: PosError) -> None:
        """Something that nobody else took."""
        self._field = "step"
        self._failed(error)

    def crashed(self, error: BaseException) -> None:
        """A bug: it goes into the log, and the vendor can go on or try again."""
        log = EventLog(self._paths.logs)
        log.crash("first_run", error)
        log.close()
        self.failed(BugError("bug", kind=type(error).__name__))

    def _save(self) -> None:
        if not self.finished:
            keep_answers(self._paths, self.answers)

    def _show_preview(self) -> None:
        """Draw the receipt anew, off the screen's thread; what is typed meanwhile is drawn after."""
        if self._drawing:
            self._work.later("first_preview", _PREVIEW_MS, self._show_preview)
            return
        self._drawing = True
        self._work.read(self._draw_preview, self._preview_drawn, self._preview_failed)

    def _draw_preview(self) -> bytes:
        return first_shop.receipt_of(self.answers, self._clock.now_ms())

    def _preview_drawn(self, pdf: bytes) -> None:
        self._drawing, self.preview = False, pdf
        self.changed()

    def _preview_failed(self, _error: PosError) -> None:
        self._drawing = False
