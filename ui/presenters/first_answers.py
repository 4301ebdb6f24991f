"""What the vendor answers in the first run, kept in a small file until all is done; and what is wrong with it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from pos.domain.phones import parse_phone
from pos.domain.text import clean, clean_name
from pos.errors import PosError
from pos.settings import write_atomically
from ui.presenters.pairing_form import PAIR_FIELDS, pairing_fault

if TYPE_CHECKING:
    from pos.paths import ShopPaths

STEPS: Final = 5
LANGUAGE, IDENTITY, GOODS, PRINTER, BACKUP = range(1, STEPS + 1)
ON_PAPERS: Final = ("name", "phone", "trade", "district", "address", "page")


class Answers(msgspec.Struct):
    """All that was chosen and typed so far; `step` is where the vendor is.

    `begin` says whether a shop is founded here, or the vendor has one on another laptop, which `server` and `code`
    lead to.
    """

    step: int = LANGUAGE
    lang: Literal["bn", "en"] = "bn"
    digits: Literal["bn", "latin"] = "bn"
    begin: Literal["new", "join"] = "new"
    server: str = ""
    code: str = ""
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


def kept_answers(paths: ShopPaths) -> Answers:
    """What a run that was cut off has left; a new beginning where there is nothing or it does not read."""
    try:
        answers = _decoder.decode(paths.first_run.read_bytes())
    except (OSError, msgspec.MsgspecError):
        return Answers()
    answers.step = min(max(answers.step, LANGUAGE), STEPS)
    return answers


def keep_answers(paths: ShopPaths, answers: Answers) -> None:
    """Keep them for another day."""
    with suppress(OSError):  # founding will say that the folder cannot be written
        paths.make()
        write_atomically(paths.first_run, msgspec.json.encode(answers))


def forget_answers(paths: ShopPaths) -> None:
    """The first run is over."""
    with suppress(OSError):
        paths.first_run.unlink()


def fault_in(name: str, value: str) -> PosError | None:
    """What is wrong with an answer that was typed; None where it will do."""
    if name in PAIR_FIELDS:
        return pairing_fault("server" if name == "server" else "code", value)
    try:
        if name == "name":
            clean_name(value, field="shop.name")
        elif name == "phone":
            parse_phone(value)
        else:
            clean(value, field=f"shop.{name}", limit=500)
    except PosError as error:
        return error
    return None
