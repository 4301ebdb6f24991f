"""The list of orders: which are shown, which one is at hand, and what came in while the vendor was looking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pos.domain.text import fold_digits
from pos.errors import PosError, UserError
from pos.printing.codes import number_of_alias
from pos.services.order_book import OrderFilter
from ui.presenters.needs import Watched
from ui.presenters.steps import Step, next_step

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from pos.services.order_book import EventView, HatOrders, OrderRow, Tab
    from pos.services.views import OrderView
    from pos.shop import Shop
    from ui.presenters.needs import Notify, Speech, Work
    from ui.presenters.printing import Kind, Printing
    from ui.presenters.steps import Steps

# Always there; the others only while they hold something.
TABS: Final[tuple[Tab, ...]] = (
    "all", "new", "to_pack", "packed", "shipped", "cod_due", "due", "delivered", "returned", "cancelled"
)  # fmt: skip
MOST_TICKED: Final = 500
ALWAYS: Final = frozenset({"all", "new", "to_pack", "packed", "cod_due", "due"})


class _Read(NamedTuple):
    """What one look into the book brings."""

    ids: list[bytes]
    known: frozenset[bytes]
    counts: Mapping[Tab, int]
    taken_paisa: int


class Orders(Watched):
    """What the Orders page shows and does.

    Attributes:
        hat: whose orders are shown; None for those of all hats.
        tab: which of them.
        typed: what is searched for.
        ids: the orders of the list, newest first.
        chosen: the one at hand; None where the list is empty.
        order: the same, whole.
        row: the same, as the list shows it.
        story: what happened to it.
        ticked: the orders that are to take their next step together.
        fresh: how many orders have come in that the list does not show yet.
        on_open: called with the number of an order that is to be opened.
    """

    def __init__(
        self, shop: Shop, work: Work, notices: Notify, look: Speech, steps: Steps, printing: Printing
    ) -> None:
        super().__init__()
        self._shop, self._work, self._notices = shop, work, notices
        self.look = look
        self._steps, self._printing = steps, printing
        self.hat: dt.date | None = None
        self.tab: Tab = "all"
        self.typed = ""
        self.ids: Sequence[bytes] = ()
        self.counts: Mapping[Tab, int] = {}
        self.taken_paisa = 0
        self.hats: list[HatOrders] = []
        self.chosen: bytes | None = None
        self.row: OrderRow | None = None
        self.order: OrderView | None = None
        self.story: list[EventView] = []
        self.ticked: dict[bytes, OrderRow] = {}
        self.fresh = 0
        self.on_open: Callable[[str], None] | None = None
        self.version = 0  # counts whenever rows may have changed, so that the page lets its copies go
        self._known: frozenset[bytes] = frozenset()
        self._asked = 0
        self._sums_of: tuple[dt.date | None] | None = None  # whose counts these are
        self._started = False
        self._hat_by_hand = False
        steps.watch(self._stepped)

    # ---- looking -------------------------------------------------------------------------------------

    def arrive(self) -> None:
        """The page is opened: everything as it is now, of the latest hat until the vendor chooses another.

        Whoever has sold since that hat sees the orders of all hats, where those are at the top.
        """
        self.hats = self._shop.book.hats()
        if not self._hat_by_hand:
            self.hat = self.hats[0].on if self.hats and not self._sold_since() else None
        self._started = True
        self.load()

    def load(self) -> None:
        """Read the list anew, with all that has come in."""
        self._read(self._take)

    def refresh(self) -> None:
        """Somebody else has written: values change where they stand, and new orders wait to be asked for."""
        if self._started:
            self._read(self._gather)

    def show_fresh(self) -> None:
        """Let the new orders in."""
        self.load()

    def choose_tab(self, tab: Tab) -> None:
        """Only the orders of this tab."""
        if tab != self.tab:
            self.tab = tab
            self._read(self._take, sums=False)

    def choose_hat(self, hat: dt.date | None) -> None:
        """Only the orders of this hat; all for None."""
        self._hat_by_hand = True
        if hat != self.hat:
            self.hat = hat
            self.load()

    def search_all_hats(self) -> None:
        """Search on in every hat and every tab."""
        self._hat_by_hand = True
        self.hat, self.tab = None, "all"
        self.load()

    def type(self, text: str) -> None:
        """The search field says this now."""
        if text != self.typed:
            self.typed = text
            self._read(self._take, sums=False)

    def back(self) -> bool:
        """One step back: the ticks, the search, the tab; False where there is nothing to leave."""
        if self.ticked:
            self.untick()
        elif self.typed:
            self.type("")
        elif self.tab != "all":
            self.choose_tab("all")
        else:
            return False
        return True

    def tabs(self) -> list[tuple[Tab, int]]:
        """The tabs with their counts; those that are empty and rare are left out."""
        return [
            (tab, self.counts.get(tab, 0))
            for tab in TABS
            if tab in ALWAYS or tab == self.tab or self.counts.get(tab, 0)
        ]

    def rows(self, ids: Sequence[bytes]) -> dict[bytes, OrderRow]:
        """A page of rows, by id."""
        return {row.id: row for row in self._shop.book.rows(ids)}

    def hat_shown(self) -> HatOrders | None:
        """The hat of the list, where it has one."""
        return next((hat for hat in self.hats if hat.on == self.hat), None)

    # ---- several at once -----------------------------------------------------------------------------

    def tick(self, at: int) -> None:
        """Tick the order in this row, or take its tick away."""
        if 0 <= at < len(self.ids):
            one = self.ids[at]
            if one in self.ticked:
                del self.ticked[one]
            else:
                self.ticked |= self.rows([one])
            self.changed()

    def tick_all(self) -> None:
        """Tick the orders of the list, the newest ones where there are very many; no tick where all have one."""
        every = self.ids[:MOST_TICKED]
        self.ticked = {} if len(self.ticked) >= len(every) else self.rows(every)
        self.changed()

    def untick(self) -> None:
        """No tick any more."""
        self.ticked = {}
        self.changed()

    def step_of_ticked(self) -> Step | None:
        """The step that all ticked orders have before them; None where they stand at different ones."""
        steps = {next_step(row.stage) for row in self.ticked.values()}
        return steps.pop() if len(steps) == 1 else None

    def why_no_step(self) -> str:
        """The word on why the ticked orders have no step in common."""
        steps = {next_step(row.stage) for row in self.ticked.values()}
        return "ticked_mixed" if len(steps) > 1 else "ticked_no_step"

    # ---- the order at hand ---------------------------------------------------------------------------

    def at(self) -> int:
        """Where the order at hand stands; -1 where there is none."""
        try:
            return self.ids.index(self.chosen) if self.chosen is not None else -1
        except ValueError:
            return -1

    def choose(self, at: int) -> None:
        """The order in this row."""
        if 0 <= at < len(self.ids) and self.ids[at] != self.chosen:
            self.chosen = self.ids[at]
            self._look_up()
            self.changed()

    def move(self, by: int) -> None:
        """Some rows on, also while typing."""
        if self.ids:
            self.choose(max(0, min(self.at() + by, len(self.ids) - 1)))

    def next(self) -> Step | None:
        """What F9 does with the order at hand."""
        return next_step(self.row.stage) if self.row is not None else None

    def step(self) -> None:
        """Take its next step; where orders are ticked, theirs."""
        if self.ticked:
            step = self.step_of_ticked()
            if step is not None:
                self._steps.take(step, *(row.number for row in self.ticked.values()))
            else:
                self._notices.toast(self.look.word(f"{self.why_no_step()}_long"))
        elif self.row is not None:
            self._steps.forward(self.row.number, self.row.stage)

    def undo(self) -> None:
        """Take the last step back."""
        self._steps.undo()

    def redo(self) -> None:
        """And again."""
        self._steps.redo()

    def print(self, kind: Kind) -> None:
        """Print its receipt or invoice."""
        if self.order is not None:
            self._printing.print(self.order, kind)

    def open(self) -> None:
        """Open the order at hand."""
        if self.row is not None and self.on_open is not None:
            self.on_open(self.row.number)

    def open_scanned(self, code: str) -> bool:
        """Open the order whose receipt was scanned; False where the code is of no order here."""
        digits = fold_digits(code.strip())
        try:
            number = self._shop.orders.show(number_of_alias(digits)).number
        except UserError:
            return False
        if fold_digits(self.typed.strip()) == digits:
            self.type("")  # the scanner typed it
        if self.on_open is not None:
            self.on_open(number)
        return True

    def _sold_since(self) -> bool:
        """Whether the latest order is of no hat: taken after one, or between two."""
        book = self._shop.book
        rows = book.rows(book.ids(OrderFilter(), limit=1))
        return bool(rows) and rows[0].hat is None

    # ---- inside --------------------------------------------------------------------------------------

    def _read(self, then: Callable[[_Read], None], *, sums: bool = True) -> None:
        """Look into the book: at once for one hat, which has some hundreds, and in the background for all.

        Args:
            then: what to do with what was found.
            sums: with counts and total, which neither tab nor search change.
        """
        self._asked += 1
        asked, hat = self._asked, self.hat
        wanted = OrderFilter(hat, self.tab, self._searched())
        if sums:
            self._sums_of = None
        sums = self._sums_of != (hat,)

        def look() -> _Read:
            book = self._shop.book
            ids = book.ids(wanted)
            return _Read(
                ids,
                frozenset(ids),
                book.counts(hat) if sums else self.counts,
                book.taken_paisa(hat) if sums else self.taken_paisa,
            )

        def seen(read: _Read) -> None:
            if asked == self._asked:  # else another question has been asked since
                self._sums_of = (hat,)  # read now, or still those
                then(read)

        if hat is not None:
            seen(look())
        else:
            self._work.read(look, seen, self._refused)

    def _searched(self) -> str:
        """What is typed; the digits of a receipt's barcode are its order's number."""
        digits = fold_digits(self.typed.strip())
        if digits.isdigit():
            try:
                return number_of_alias(digits)
            except UserError:
                pass
        return self.typed

    def _refused(self, error: PosError) -> None:
        self._notices.trouble("orders", self.look.sentence(error))

    def _take(self, read: _Read) -> None:
        self.ids, self._known, self.fresh = read.ids, read.known, 0
        self._settle(read, 0)

    def _gather(self, read: _Read) -> None:
        self.fresh = len(read.known - self._known)
        self._settle(read, self.at())

    def _keep(self, read: _Read) -> None:
        """After a step of one's own: what left the tab is gone, what came back is there, new ones still wait."""
        at = self.at()
        mine = {order.id.bytes for order in self._steps.orders}
        self._known |= mine
        self.ticked = {one: row for one, row in self.ticked.items() if one not in mine}
        self.ids = [one for one in read.ids if one in self._known]
        self.fresh = len(read.known - self._known)
        self._settle(read, at)

    def _settle(self, read: _Read, at: int) -> None:
        """The order at hand stays so; where it has left, the one that took its place follows."""
        self.counts, self.taken_paisa = read.counts, read.taken_paisa
        if self.ticked:
            there = set(self.ids)
            self.ticked = self.rows([one for one in self.ticked if one in there])
        if self.at() < 0:
            self.chosen = self.ids[max(0, min(at, len(self.ids) - 1))] if self.ids else None
        self.version += 1
        self._look_up()
        self.changed()

    def _look_up(self) -> None:
        self.row = self.order = None
        self.story = []
        if self.chosen is None:
            return
        rows = self._shop.book.rows([self.chosen])
        if rows:
            self.row = rows[0]
            self.order = self._shop.orders.show(self.row.number)
            self.story = self._shop.book.timeline(self.row.number)

    def _stepped(self) -> None:
        if self._started:
            self._read(self._keep)
