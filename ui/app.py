"""The `hatkhata` command's entry: sub-commands go to the command line before Qt is even imported."""

from __future__ import annotations

import gc
import os
import signal
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pos.cli import main as command_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication

    from pos.domain.times import Clock
    from pos.l10n import Locale
    from pos.paths import ShopPaths
    from pos.services.order_request import OrderRequest
    from pos.services.views import OrderView
    from pos.shop import Shop
    from ui.shell import Shell
    from ui.theme.look import Look

SIZE = (1366, 768)


def main() -> int:
    """Run what was asked for: the window where there is a display and no sub-command, else the command line."""
    arguments = sys.argv[1:]
    if arguments in ([], ["--demo"]) and has_display() and has_qt():
        return demo_window() if arguments else window()
    code = command_line(arguments, window=sell_unseen)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # only the interpreter's own leaving is left
    return code


def has_display() -> bool:
    """Whether a window can be shown to anybody; Windows always has a screen."""
    if os.environ.get("QT_QPA_PLATFORM") in {"offscreen", "minimal"}:
        return False
    return sys.platform in {"win32", "darwin"} or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))


def has_qt() -> bool:
    """Whether the extra `desktop` is installed, and what it needs of the system is there."""
    try:
        import PySide6.QtWidgets
    except ImportError:
        return False
    return bool(PySide6.QtWidgets)


def window() -> int:
    """Open this account's shop; the first time, found it."""
    from pos.domain.times import SystemClock
    from pos.errors import EnvironmentFault
    from pos.paths import shop_paths
    from ui.presenters.first_answers import first_run_due

    paths = shop_paths()
    try:
        with only_window(paths) as alone:
            if not alone:
                return 0
            application = make_application()
            clock = SystemClock()
            if first_run_due(paths) and not first_run(application, paths, clock):
                return 0
            return run(application, paths, clock)
    except EnvironmentFault as error:
        say_before_window(error)
        return 3


def demo_window() -> int:
    """Open a throw-away shop in the middle of a hat; its past is played while the window already stands."""
    from pos.cli.context import NOW_VARIABLE
    from pos.cli.demo_shop import demo_clock, found_demo, play_demo
    from pos.domain.times import ShiftedClock

    clock = ShiftedClock(demo_clock(os.environ.get(NOW_VARIABLE)).now_ms())
    with tempfile.TemporaryDirectory(prefix="hatkhata-demo-", ignore_cleanup_errors=True) as home:
        from pos.paths import ShopPaths

        paths = ShopPaths(Path(home) / "shop")
        found_demo(paths, clock.now_ms(), lang="bn")
        return run(make_application(), paths, clock, lambda: play_demo(paths, clock.now_ms()))


def sell_unseen(shop: Shop, wanted: OrderRequest, picture: Path) -> OrderView | None:
    """Take an order for a parcel in the window, drawn where nobody sees it; None where Qt cannot run.

    Args:
        shop: the shop, open.
        wanted: goods by SKU, a buyer, and at most one payment in advance.
        picture: where a PNG of the window goes, as it stands before the order is taken.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    # Where the system has not listed its fonts yet, they are listed here, in the person's own folder otherwise.
    os.environ.setdefault("XDG_CACHE_HOME", str(shop.paths.home / "cache"))
    if not has_qt():
        return None
    from PySide6.QtCore import qInstallMessageHandler

    from pos.services.order_request import CustomerRequest

    # Qt tells standard error about a locale without UTF-8; a command says there only what went wrong.
    qInstallMessageHandler(lambda *_said: None)
    application, hook = make_application(), sys.excepthook
    shell = make_shell(shop)
    sell = shell.presenters.sell
    shell.show()
    shell.start()
    try:
        for item in wanted.items:
            sell.scan(item.sku or "")
            sell.set_line(str(item.qty), "", str(item.discount or ""))
        buyer = wanted.customer or CustomerRequest()
        sell.set_buyer(
            phone=buyer.phone or "",
            name=buyer.name or "",
            address=buyer.address or "",
            district=buyer.district or "",
            thana=buyer.thana or "",
        )
        sell.set_discount(str(wanted.discount or ""))
        sell.set_delivery("", str(wanted.delivery or ""))
        for payment in wanted.payments:
            sell.set_pay(method=payment.method, amount=str(payment.amount), trxid=payment.trxid or "")
        shell.tasks.settle()
        application.processEvents()  # what was read is shown
        application.processEvents()  # and has the room that it asks for
        shell.grab().save(str(picture))
        sell.take()
        shell.tasks.settle()
        application.processEvents()
        return sell.last
    finally:
        shell.close()
        sys.excepthook = hook
        qInstallMessageHandler(None)


def run(
    application: QApplication, paths: ShopPaths, clock: Clock, meanwhile: Callable[[], object] | None = None
) -> int:
    """The window over the shop at `paths`, until it is closed; then the last backup.

    Args:
        application: Qt.
        paths: the shop.
        clock: the time.
        meanwhile: what is done behind the window once it stands.
    """
    from PySide6.QtCore import QTimer

    from pos.errors import PosError

    shell, shop = threshold(paths, clock)
    # The session ends, or somebody stops the program: it goes as if its window were closed. Not at once: the
    # signal comes in the middle of anything, and closing waits for what that may be holding.
    signal.signal(signal.SIGTERM, lambda _number, _frame: QTimer.singleShot(0, shell.close))
    try:
        if not shell.looking_in and shell.tasks.wait(lambda: _upgrade_due(paths)) and shell.isVisible():
            shell.hide()
            if not upgrade(application, paths, clock):
                return 0
            shell.show()
        shell.tasks.wait(lambda: open_behind(shop))
        if shell.isVisible():  # else it was closed while the shop opened
            enter(shell, shop)
            shell.start()
    except Exception as error:  # noqa: BLE001 - a bug in opening is told in a sentence as well
        shell.tasks.close()
        say_before_window(error, shell.look.locale, paths)
        shell.close()
        shop.let_go()
        if shop.is_open:
            shop.close()
        return 3
    with shop:
        if not shell.isVisible():
            shell.tasks.settle()  # a cart that was begun before it was closed is kept
            return 0
        if meanwhile is not None:
            shell.tasks.read(meanwhile, shell.caught_up)
        code = application.exec()
        if shop.is_open:  # else it did not open again after a restore, and the window has said so
            try:
                shop.backups.keep_up(closing=True)
            except PosError as error:
                shop.log.crash("backup_at_closing", error)
    return code


def threshold(paths: ShopPaths, clock: Clock) -> tuple[Shell, Shop]:
    """The window, drawn before the shop is open: the store's libraries take longer than Qt."""
    from pos.settings import DeviceSettings
    from pos.shop import Shop
    from ui.theme.look import look_of

    look = look_of(DeviceSettings(paths.settings).all())
    shop = Shop(paths, clock)
    shell = _bare_shell(look)
    try:
        seen = shop.look_in()
        if seen:
            shell.look_in(shop)
            _tell_crashes(shell)
    except Exception as error:  # noqa: BLE001 - what is wrong with the shop is for the opening to find, and to say
        seen, shell = False, _bare_shell(look)
        shell.not_seen = error
    if not seen:
        shell.wait_for_shop()
    shell.show()
    shop.expect()
    return shell, shop


def _bare_shell(look: Look) -> Shell:
    from ui.notices import Notices
    from ui.shell import Shell
    from ui.tasks import Tasks

    shell = Shell(look, Tasks(), Notices())
    shell.resize(*SIZE)
    return shell


def enter(shell: Shell, shop: Shop) -> None:
    """The shop is open; whatever goes wrong in any slot is said from now on, and selling goes on."""
    _tell_crashes(shell)
    shell.enter(shop)
    if shell.not_seen is not None:
        shop.log.crash("look_in", shell.not_seen)


def _tell_crashes(shell: Shell) -> None:
    sys.excepthook = lambda _kind, error, _trace: shell.crashed(error)


def _upgrade_due(paths: ShopPaths) -> bool:
    from pos.services.upgrading import upgrade_due

    return upgrade_due(paths)


def open_behind(shop: Shop) -> None:
    """Open the shop, with all that a sale imports; behind the window."""
    import ui.pages.payment
    import ui.pages.sell
    import ui.pages.sell_dialogs
    import ui.presenters.payment
    import ui.presenters.sell

    del ui
    shop.reopen()


def make_application() -> QApplication:
    """Qt itself, in our style and with our fonts."""
    gc.disable()  # what is imported stays; once the window stands, `Tasks` collects
    # The wheel carries ibus and no fcitx5, which takes ibus's clients too (toolchain.md §3).
    if os.environ.get("QT_IM_MODULE") == "fcitx":
        os.environ["QT_IM_MODULE"] = "ibus"
    from PySide6.QtWidgets import QApplication

    from ui.theme.look import load_fonts

    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setStyle("Fusion")
    application.setApplicationName("hatkhata")
    load_fonts()
    return application


def make_shell(shop: Shop) -> Shell:
    """The window over a shop that is open already."""
    from ui.theme.look import look_of

    shell = _bare_shell(look_of(shop.desk.device.all()))
    enter(shell, shop)
    return shell


def first_run(application: QApplication, paths: ShopPaths, clock: Clock) -> bool:
    """Found the shop with the person at the screen; False if she left before, with all that she typed kept."""
    from pos.errors import PosError
    from ui.pages.first import FirstRun
    from ui.presenters.first import First
    from ui.printers import QtSpooler
    from ui.tasks import Tasks

    tasks = Tasks()
    first = First(paths, clock, tasks, QtSpooler())
    tasks.failed.connect(first.failed)
    tasks.crashed.connect(first.crashed)
    try:
        first.start()
    except PosError as error:
        say_before_window(error)
        return False
    wizard = FirstRun(first)

    def founded(shop: Shop) -> None:
        shop.close()  # the window opens it for itself
        wizard.close()

    wizard.founded.connect(founded)
    wizard.show()
    application.exec()
    tasks.settle()
    tasks.close()
    return first.finished


def upgrade(application: QApplication, paths: ShopPaths, clock: Clock) -> bool:
    """Bring an earlier release's shop to this one, in a small window; False if it was closed before."""
    from pos.settings import DeviceSettings
    from ui.pages.upgrade import UpgradeWindow
    from ui.presenters.upgrading import Upgrading
    from ui.tasks import Tasks
    from ui.theme.look import look_of
    from ui.theme.sheet import dress

    look = look_of(DeviceSettings(paths.settings).all())
    dress(look)
    tasks = Tasks()
    upgrading = Upgrading(paths, clock, tasks)
    tasks.crashed.connect(upgrading.crashed)
    window = UpgradeWindow(look, upgrading)
    window.show()
    upgrading.start()
    application.exec()
    tasks.settle()
    tasks.close()
    return upgrading.finished and not upgrading.leaving


def say_before_window(error: Exception, locale: Locale | None = None, paths: ShopPaths | None = None) -> None:
    """There is no window yet to say it in. What is no error of ours goes into the log, and is said as a bug."""
    from PySide6.QtWidgets import QMessageBox

    from pos.errors import PosError
    from pos.l10n.sentences import sentence
    from pos.log import EventLog
    from ui.tasks import as_pos_error

    if paths is not None and not isinstance(error, PosError):
        log = EventLog(paths.logs)
        log.crash("opening", error)
        log.close()
    told = as_pos_error(error)
    make_application()
    QMessageBox.critical(None, "হাটখাতা", sentence(told.code, told.params, locale or "bn"))


@contextmanager
def only_window(paths: ShopPaths) -> Iterator[bool]:
    """One window a shop: whether this is the first. A second one asks the first to come forward.

    Raises:
        EnvironmentFault: ``folder_read_only``.
    """
    from filelock import FileLock, Timeout

    from pos.errors import EnvironmentFault

    lock = FileLock(paths.window_lock)
    try:
        paths.make()
        lock.acquire(timeout=0)
    except Timeout:
        paths.window_call.touch()
        yield False
        return
    except OSError as error:
        raise EnvironmentFault("folder_read_only", place=paths.home.name) from error
    try:
        paths.window_call.unlink(missing_ok=True)
        yield True
    finally:
        lock.release()


if __name__ == "__main__":
    sys.exit(main())
