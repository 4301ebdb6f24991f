"""Moving orders on, and back again: what the list and the page of one order share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from ui.presenters.needs import Watched

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pos.errors import PosError
    from pos.services.order_book import EventView
    from pos.services.views import OrderView
    from pos.shop import Shop
    from ui.presenters.needs import Notify, Speech, Work

Step = Literal["check", "pack"]
UNDO_STEPS: Final = 50
_NEXT: Final[dict[str, Step]] = {"confirmed": "check", "checked": "pack"}
_BACK: Final[dict[Step, Literal["uncheck", "unpack"]]] = {"check": "uncheck", "pack": "unpack"}


def next_step(stage: str) -> Step | None:
    """What is to be done next with an order in this stage; None where nothing is, or a courier has to."""
    return _NEXT.get(stage)


def stage_of(order: OrderView, story: Sequence[EventView]) -> str:
    """The status as the vendor calls it: a new order that was checked by phone is `checked`."""
    if order.status != "confirmed":
        return order.status
    last = next((event.kind for event in reversed(story) if event.kind in {"checked", "unchecked"}), "")
    return "checked" if last == "checked" else "confirmed"


class Steps(Watched):
    """Carries steps out, each with a toast that takes it back.

    Attributes:
        order: the order that changed last, as it is now.
    """

    def __init__(self, shop: Shop, work: Work, notices: Notify, look: Speech) -> None:
        super().__init__()
        self._shop, self._work, self._notices = shop, work, notices
        self.look = look
        self.order: OrderView | None = None
        self._undo: list[tuple[Step, str]] = []
        self._redo: list[tuple[Step, str]] = []
        self._under_way: set[str] = set()

    def forward(self, number: str, stage: str) -> None:
        """Take the next step of an order; a second press while it is written is no second step."""
        step = next_step(stage)
        if step is None or number in self._under_way:
            return
        self._redo.clear()
        self._do(step, number)

    def undo(self) -> None:
        """Take the last step back."""
        if not self._undo:
            return
        step, number = self._undo.pop()
        act = getattr(self._shop.steps, _BACK[step])

        def back(orders: list[OrderView]) -> None:
            self._redo.append((step, number))
            self._notices.toast(self.look.word("step_taken_back", number=number))
            self._arrived(orders)

        self._start(number, lambda: act(number), back)

    def redo(self) -> None:
        """Take the step again that was taken back."""
        if self._redo:
            self._do(*self._redo.pop())

    def _do(self, step: Step, number: str) -> None:
        act = getattr(self._shop.steps, step)

        def done(orders: list[OrderView]) -> None:
            self._undo = [*self._undo[-(UNDO_STEPS - 1) :], (step, number)]
            self._notices.toast(
                self.look.word(f"step_done_{step}", number=number),
                self.look.word("undo"),
                "Ctrl Z",
                self.undo,
            )
            self._arrived(orders)

        self._start(number, lambda: act(number), done)

    def _start(
        self, number: str, act: Callable[[], list[OrderView]], done: Callable[[list[OrderView]], None]
    ) -> None:
        self._under_way.add(number)

        def arrived(orders: list[OrderView]) -> None:
            self._under_way.discard(number)
            done(orders)

        def refused(error: PosError) -> None:
            self._under_way.discard(number)
            self._notices.trouble("step", self.look.sentence(error))
            self.changed()

        def held() -> list[OrderView]:
            try:
                return act()
            except Exception:  # after a bug in it the step may be asked for again
                self._under_way.discard(number)
                raise

        self._work.write(held, arrived, refused)

    def _arrived(self, orders: list[OrderView]) -> None:
        self.order = orders[0]
        self._notices.clear("step")
        self.changed()
