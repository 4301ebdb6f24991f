"""The first run: five short steps from nothing to a shop that can sell. What was typed survives a crash.

The shop is founded when its name and phone are known, at the end of the second step: what comes after works
on the real shop, and none of it has to be done now. A small file in the shop's folder remembers where the
vendor was, until the last step is done.
"""

from __future__ import annotations

from contextlib import suppress
from importlib.resources import as_file
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

from pos.domain.phones import parse_phone
from pos.domain.text import clean, clean_name
from pos.errors import BugError, EnvironmentFault, PosError, UserError
from pos.l10n import Locale
from pos.log import EventLog
from pos.paths import resource
from pos.services.founding import found_shop
from pos.services.kept_files import newest_backup
from pos.services.restoring import restore_backup
from pos.services.views import ShopView
from pos.settings import write_atomically
from pos.shop import import_catalogue, open_shop
from ui.presenters.needs import Watched
from ui.presenters.printer_trial import print_trial
from ui.presenters.sample_receipt import sample_receipt

if TYPE_CHECKING:
    from pos.domain.times import Clock
    from pos.paths import ShopPaths
    from pos.printing.spooler import Spooler
    from pos.shop import Imported, Shop
    from ui.presenters.needs import Work

STEPS: Final = 5
LANGUAGE, IDENTITY, GOODS, PRINTER, BACKUP = range(1, STEPS + 1)
EVERY_DAY: Final = "mon,tue,wed,thu,fri,sat,sun"
_MARKET_DAYS: Final = "tue,fri"
_SAVE_MS, _PREVIEW_MS = 250, 120
_IDENTITY = ("name", "phone", "trade", "district", "address", "page")
_NEEDED = ("name", "phone")
Busy = Literal["", "founding", "reading", "importing", "printing", "backup", "restoring"]


class Answers(msgspec.Struct):
    """All that was chosen and typed so far; `step` is where the vendor is."""

    step: int = LANGUAGE
    lang: Literal["bn", "en"] = "bn"
    digits: Literal["bn", "latin"] = "bn"
    name: str = ""
    phone: str = ""
    district: str = ""
    trade: str = ""
    address: str = ""
    page: str = ""
    days: Literal["hat", "daily"] = "hat"
    goods: Literal["file", "demo", "later"] = "file"
    file: str = ""
    printer: Literal["none", "tcp", "os"] = "none"
    printer_name: str = ""
    printer_address: str = ""
    paper: Literal["80", "58"] = "80"
    folder: str = ""


_decoder = msgspec.json.Decoder(Answers)


def first_run_due(paths: ShopPaths) -> bool:
    """Whether the first run comes before the shop's window: there is no shop, or its setting up was cut off."""
    return not paths.database.exists() or paths.first_run.exists()


class _StoppedError(UserError):
    """The vendor has stopped an import; it was undone whole."""


class First(Watched):
    """The wizard without a screen. `shop` is open from the end of the second step on."""

    def __init__(self, paths: ShopPaths, clock: Clock, work: Work, spooler: Spooler) -> None:
        super().__init__()
        self._paths, self._clock, self._work, self._spooler = paths, clock, work, spooler
        self.answers = self._left() or Answers()
        self.resumed = self.answers != Answers()
        self.faults: dict[str, PosError] = {}
        self.busy: Busy = ""
        self.done_of: tuple[int, int | None] = (0, None)
        self.shop: Shop | None = None
        self.dry: Imported | None = None
        self.taken: Imported | None = None
        self.printers: list[str] | None = None
        self.tried = False
        self.preview: bytes | None = None
        self.lost: Path | None = None
        self.finished = False
        self.left = False
        self._wanted = False
        self._stop = False
        self._field = "step"

    # ---- beginning -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Open a shop whose setting up was cut off, and see whether an older one can be brought back.

        Raises:
            EnvironmentFault: the shop that is there cannot be opened.
        """
        if self._paths.database.exists():
            self.shop = open_shop(self._paths, self._clock)
            self.answers.step = max(self.answers.step, GOODS)
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

    def close(self) -> None:
        """Keep what was typed and let go of the shop; whoever took it over with `hand_over` closes it."""
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
        if getattr(self.answers, name) == value:
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
        self._check(name)
        self.changed()

    def _check(self, name: str) -> bool:
        self.faults.pop(name, None)
        value = str(getattr(self.answers, name))
        try:
            if name == "name":
                clean_name(value, field="shop.name")
            elif name == "phone":
                parse_phone(value)
            else:
                clean(value, field=f"shop.{name}", limit=500)
        except PosError as error:
            self.faults[name] = error
        return name not in self.faults

    def first_fault(self) -> str:
        """The first field of the present step that needs a hand; empty where none does."""
        return next(
            (name for name in (*_IDENTITY, "file", "printer", "folder", "step") if name in self.faults), ""
        )

    # ---- steps ---------------------------------------------------------------------------------------

    def next(self) -> None:
        """Do what the step asks, then go on."""
        if self.busy:
            return
        match self.answers.step:
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
        if not self.busy and self.answers.step > LANGUAGE:
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
        return not self.busy and (self.shop is not None or step <= self.answers.step)

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
        sound = [self._check(name) for name in _IDENTITY]  # all of them, so that all is said at once
        if not all(sound):
            self.changed()
            return
        self._begin("founding", self._found, self._founded)

    def _found(self) -> Shop:
        """Found the shop, or change the one that is there."""
        answers, shop = self.answers, self.shop
        if shop is None:
            found_shop(self._paths, self._clock, vendor=answers.name, phone=answers.phone, lang=answers.lang)
            shop = open_shop(self._paths, self._clock)
        try:
            wanted = {f"shop.{name}": getattr(answers, name) for name in _IDENTITY}
            wanted["shop.phone"] = parse_phone(answers.phone)
            wanted["hat.weekdays"] = EVERY_DAY if answers.days == "daily" else _MARKET_DAYS
            wanted |= {"lang": answers.lang, "digits": answers.digits}
            put_changed(shop, wanted)
        except BaseException:
            if shop is not self.shop:
                shop.close()
            raise
        return shop

    def _founded(self, shop: Shop) -> None:
        self.busy, self.shop = "", shop
        self._go(GOODS)

    # ---- goods ---------------------------------------------------------------------------------------

    def choose_file(self, file: str) -> None:
        """Read a file without writing anything: what is in it, and what could not be taken."""
        self.set("goods", "file")
        self.set("file", file)
        if file and self.shop is not None:
            self._begin("reading", self._read_file, self._file_read, field="file")

    def _read_file(self) -> Imported:
        return self._import(dry_run=True)

    def _file_read(self, result: Imported) -> None:
        self.busy, self.dry = "", result
        self.changed()

    def _finish_goods(self) -> None:
        goods = self.answers.goods
        if goods == "later" or self.taken is not None or (goods == "file" and not self.answers.file):
            self._go(PRINTER)
        elif goods == "file" and self.dry is None:
            self.choose_file(self.answers.file)
        else:
            work = self._take_demo if goods == "demo" else self._take_file
            self._begin("importing", work, self._goods_taken, field="file")

    def _take_file(self) -> Imported:
        return self._import(dry_run=False)

    def _import(self, *, dry_run: bool) -> Imported:
        assert self.shop is not None
        file = Path(self.answers.file)
        # Exports and samples keep sizes and colours in a second file of this name.
        beside = file.with_name(f"{file.stem}_variants{file.suffix}")
        variants = beside if beside.is_file() else None
        return import_catalogue(
            self.shop, file, variants=variants, dry_run=dry_run, partial=True, progress=self._step
        )

    def _take_demo(self) -> Imported:
        assert self.shop is not None
        with (
            as_file(resource("demo", "catalogue.csv")) as products,
            as_file(resource("demo", "catalogue_variants.csv")) as variants,
        ):
            return import_catalogue(self.shop, products, variants=variants, progress=self._step)

    def _step(self, done: int, total: int | None) -> None:
        """Called by the work itself, on its thread; a page reads the count when it likes."""
        self.done_of = (done, total)
        if self._stop:
            raise _StoppedError("import_stopped")

    def stop(self) -> None:
        """Stop an import; what it had written is undone."""
        self._stop = True

    def _goods_taken(self, result: Imported) -> None:
        self.busy, self.taken = "", result
        self._go(PRINTER)

    # ---- printer -------------------------------------------------------------------------------------

    def try_printer(self) -> None:
        """Print the trial paper on what is chosen."""
        if not self.busy and self.answers.printer != "none" and self.shop is not None:
            self._begin("printing", self._print, self._printed, field="printer")

    def _print(self) -> EnvironmentFault | None:
        assert self.shop is not None
        self._keep_printer()
        return print_trial(self.shop, self._spooler)

    def _printed(self, fault: EnvironmentFault | None) -> None:
        self.busy, self.tried = "", fault is None
        if fault is not None:
            self.faults["printer"] = fault
        self.changed()

    def _keep_printer(self) -> None:
        assert self.shop is not None
        answers = self.answers
        wanted = {
            "printer.kind": answers.printer,
            "printer.name": answers.printer_name if answers.printer == "os" else "",
            "printer.address": answers.printer_address if answers.printer == "tcp" else "",
            "paper.receipt": answers.paper,
        }
        if answers.printer == "tcp" and not answers.printer_address.strip():
            raise UserError("printer_address_unclear", text="")
        put_changed(self.shop, wanted)

    def _finish_printer(self) -> None:
        if self.shop is None:
            return
        try:
            self._keep_printer()
        except PosError as error:
            self.faults["printer"] = error
            self.changed()
            return
        self._go(BACKUP)

    # ---- backup --------------------------------------------------------------------------------------

    def _finish_backup(self) -> None:
        self._begin("backup", self._back_up, self._backed_up, field="folder")

    def _back_up(self) -> None:
        """The first backup shows whether the folder can be written at all."""
        assert self.shop is not None
        folder = self.answers.folder.strip()
        if folder and not Path(folder).is_dir():
            raise EnvironmentFault("backup_folder_missing", folder=folder)
        put_changed(self.shop, {"backup.folder": folder})
        self.shop.backups.make()
        if folder:
            self.shop.backups.make(Path(folder))

    def _backed_up(self, _result: object) -> None:
        self.busy = ""
        self._finish()
        self.changed()

    def _finish(self) -> None:
        self.finished = True
        with suppress(OSError):
            self._paths.first_run.unlink()

    # ---- a shop that was here ------------------------------------------------------------------------

    def bring_back(self) -> None:
        """Put the newest backup, and what the second journal holds beyond it, in the missing shop's place."""
        if self.lost is not None and not self.busy:
            self._begin("restoring", self._restore, self._restored, field="step")

    def _restore(self) -> Shop:
        assert self.lost is not None
        restore_backup(self._paths, self._clock, self.lost, replay=True)
        return open_shop(self._paths, self._clock)

    def _restored(self, shop: Shop) -> None:
        self.busy, self.shop = "", shop
        self._finish()
        self.changed()

    # ---- under the hood ------------------------------------------------------------------------------

    def _begin(self, busy: Busy, work: Any, done: Any, *, field: str = "step") -> None:
        self.busy, self._field, self._stop, self.done_of = busy, field, False, (0, None)
        self.faults.clear()
        self.changed()
        self._work.write(work, done, self._failed)

    def _failed(self, error: PosError) -> None:
        self.busy = ""
        if not isinstance(error, _StoppedError):
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

    def _left(self) -> Answers | None:
        """What a run that was cut off has left; nothing where it does not read."""
        try:
            answers = _decoder.decode(self._paths.first_run.read_bytes())
        except (OSError, msgspec.MsgspecError):
            return None
        answers.step = min(max(answers.step, LANGUAGE), STEPS)
        return answers

    def _save(self) -> None:
        if self.finished:
            return
        with suppress(OSError):  # founding will say that the folder cannot be written
            self._paths.home.mkdir(parents=True, exist_ok=True)
            write_atomically(self._paths.first_run, msgspec.json.encode(self.answers))

    def _show_preview(self) -> None:
        """Draw the receipt anew, off the screen's thread; what is typed meanwhile is drawn after."""
        if self._wanted:
            self._work.later("first_preview", _PREVIEW_MS, self._show_preview)
            return
        self._wanted = True
        self._work.read(self._draw_preview, self._preview_drawn, self._preview_failed)

    def _draw_preview(self) -> bytes:
        answers = self.answers
        try:
            phone = parse_phone(answers.phone)
        except UserError:
            phone = ""
        name = _shown(answers.name) or ("আপনার দোকান" if answers.lang == "bn" else "Your shop")
        view = ShopView(
            name,
            phone,
            trade=_shown(answers.trade),
            address=_shown(answers.address),
            district=_shown(answers.district),
            page=_shown(answers.page),
        )
        return sample_receipt(view, self.locale, 58 if answers.paper == "58" else 80, self._clock.now_ms())

    def _preview_drawn(self, pdf: bytes) -> None:
        self._wanted, self.preview = False, pdf
        self.changed()

    def _preview_failed(self, _error: PosError) -> None:
        self._wanted = False


def put_changed(shop: Shop, wanted: dict[str, str]) -> None:
    """Put those settings that are not so already: each is an operation in the log.

    Raises:
        UserError: what a setting's own rule raises.
    """
    values = shop.configuration.all()
    for key, text in wanted.items():
        if str(values[key]) != text:
            shop.configuration.put(key, text)


def _shown(text: str) -> str:
    """What was typed as far as it can be shown; half a word is no reason for no receipt."""
    try:
        return clean(text, field="name", limit=500)
    except UserError:
        return ""
