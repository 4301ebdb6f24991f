"""What the first run does to the shop. It writes, so none of it is for the screen's thread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from pos.domain.phones import parse_phone
from pos.domain.text import clean
from pos.errors import EnvironmentFault, UserError
from pos.l10n import Locale
from pos.services.founding import found_shop
from pos.services.restoring import restore_backup
from pos.services.views import ShopView
from pos.shop import open_shop
from ui.presenters.first_answers import ON_PAPERS
from ui.presenters.sample_receipt import sample_receipt

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.domain.times import Clock
    from pos.paths import ShopPaths
    from pos.shop import Shop
    from pos.sync.round import Outcome
    from ui.presenters.first_answers import Answers

_EVERY_DAY: Final = "mon,tue,wed,thu,fri,sat,sun"
_MARKET_DAYS: Final = "tue,fri"


def put_identity(paths: ShopPaths, clock: Clock, answers: Answers, shop: Shop | None) -> Shop:
    """Found the shop, or change the one that is there; the open shop.

    Raises:
        PosError: what founding raises, and a setting's own rule; the shop is closed again if it was opened here.
    """
    there = shop
    if there is None:
        found_shop(paths, clock, vendor=answers.name, phone=answers.phone, lang=answers.lang)
        there = open_shop(paths, clock)
    try:
        wanted = {f"shop.{name}": getattr(answers, name) for name in ON_PAPERS}
        wanted["shop.phone"] = parse_phone(answers.phone)
        wanted["hat.weekdays"] = _EVERY_DAY if answers.days == "daily" else _MARKET_DAYS
        wanted |= {"lang": answers.lang, "digits": answers.digits}
        _put_changed(there, wanted)
    except BaseException:
        if there is not shop:
            there.close()
        raise
    return there


def join(paths: ShopPaths, clock: Clock, answers: Answers, told: Callable[[Outcome], None]) -> Shop:
    """Bring the vendor's shop here from the server; the open shop.

    Args:
        paths: where it is to lie.
        clock: the device's own.
        answers: the server's address and the code.
        told: is handed each round's outcome; what it raises stops it, and the same code goes on with it.

    Raises:
        PosError: what `pos.sync.pairing.pair` raises, and what opening a shop raises.
    """
    from pos.sync.pairing import pair

    pair(paths, clock, answers.server, answers.code, told=told)
    shop = open_shop(paths, clock)
    try:
        _put_changed(shop, {"lang": answers.lang, "digits": answers.digits})
    except BaseException:
        shop.close()
        raise
    return shop


def put_printer(shop: Shop, answers: Answers) -> None:
    """Keep how receipts reach paper.

    Raises:
        UserError: ``printer_address_unclear``.
    """
    if answers.printer == "tcp" and not answers.printer_address.strip():
        raise UserError("printer_address_unclear", text="")
    wanted = {
        "printer.kind": answers.printer,
        "printer.name": answers.printer_name if answers.printer == "os" else "",
        "printer.address": answers.printer_address if answers.printer == "tcp" else "",
        "paper.receipt": answers.paper,
    }
    _put_changed(shop, wanted)


def put_backups(shop: Shop, answers: Answers) -> None:
    """Keep where the second copies go, and make the first: it shows whether the folder can be written at all.

    Raises:
        EnvironmentFault: ``backup_folder_missing``, and what making a backup raises.
    """
    folder = answers.folder.strip()
    if folder and not Path(folder).is_dir():
        raise EnvironmentFault("backup_folder_missing", folder=folder)
    _put_changed(shop, {"backup.folder": folder})
    shop.backups.make()
    if folder:
        shop.backups.make(Path(folder))


def bring_back(paths: ShopPaths, clock: Clock, backup: Path) -> Shop:
    """Put a backup, and what the second journal holds beyond it, in the missing shop's place; the open shop."""
    restore_backup(paths, clock, backup, replay=True)
    return open_shop(paths, clock)


def receipt_of(answers: Answers, at_ms: int) -> bytes:
    """A receipt as it will look, with as much of the answers as can be shown; takes some hundredths of a second."""
    try:
        phone = parse_phone(answers.phone)
    except UserError:
        phone = ""
    shop = ShopView(
        _shown(answers.name) or ("আপনার দোকান" if answers.lang == "bn" else "Your shop"),
        phone,
        trade=_shown(answers.trade),
        address=_shown(answers.address),
        district=_shown(answers.district),
        page=_shown(answers.page),
    )
    locale = Locale(answers.lang, answers.digits)
    return sample_receipt(shop, locale, 58 if answers.paper == "58" else 80, at_ms)


def _put_changed(shop: Shop, wanted: dict[str, str]) -> None:
    """Put those settings that are not so already: each is an operation in the log."""
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
