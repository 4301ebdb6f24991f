"""Moving orders on, noting things on them, and back again: what the list and the page of one order share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

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


class Change(NamedTuple):
    """Something done to an order, or to several at once, that can be taken back.

    Attributes:
        numbers: of the orders.
        make: does it, and does it again.
        take_back: undoes it.
        said: the word that tells of it.
    """

    numbers: tuple[str, ...]
    make: Callable[[], list[OrderView]]
    take_back: Callable[[], list[OrderView]]
    said: str


class Steps(Watched):
    """Carries steps and notes out, each with a toast that takes it back.

    Attributes:
        orders: those that changed last, as they are now.
    """

    def __init__(self, shop: Shop, work: Work, notices: Notify, look: Speech) -> None:
        super().__init__()
        self._shop, self._work, self._notices = shop, work, notices
        self.look = look
        self.orders: list[OrderView] = []
        self._undo: list[Change] = []
        self._redo: list[Change] = []
        self._under_way: set[str] = set()

    def forward(self, number: str, stage: str) -> None:
        """Take the next step of an order; a second press while it is written is no second step."""
        step = next_step(stage)
        if step is not None:
            self.take(step, number)

    def take(self, step: Step, *numbers: str) -> None:
        """Take this step of orders, all of them or none."""
        if not numbers or not self._under_way.isdisjoint(numbers):
            return
        make, back = getattr(self._shop.steps, step), getattr(self._shop.steps, _BACK[step])
        said = f"step_done_{step}" if len(numbers) == 1 else f"steps_done_{step}"
        self._redo.clear()
        self._do(Change(numbers, lambda: make(*numbers), lambda: back(*numbers), said))

    def note(
        self,
        number: str,
        seen: str,
        text: str,
        done: Callable[[OrderView], None],
        failed: Callable[[PosError], None],
    ) -> None:
        """Write another note on an order in the place of the one that was seen."""
        steps = self._shop.steps

        def noted(order: OrderView) -> None:
            if order.note != seen:  # it is as it was where only spaces were typed
                self._redo.clear()
                back = order.note
                change = Change(
                    (number,),
                    lambda: [steps.note(number, back, seen=seen)],
                    lambda: [steps.note(number, seen, seen=back)],
                    "note_kept",
                )
                self._say_done(change)
            done(order)
            self._arrived([order])

        self._work.write(lambda: steps.note(number, text, seen=seen), noted, failed)

    def forget(self) -> None:
        """Something was done that cannot be taken back: Ctrl Z shall not take back what was before it instead."""
        self._undo.clear()
        self._redo.clear()

    def undo(self) -> None:
        """Take the last change back."""
        if not self._undo:
            return
        change = self._undo.pop()

        def back(orders: list[OrderView]) -> None:
            self._redo.append(change)
            self._notices.toast(self._said("step_taken_back", "steps_taken_back", change))
            self._arrived(orders)

        self._start(change.numbers, change.take_back, back)

    def redo(self) -> None:
        """Make the change again that was taken back."""
        if self._redo:
            self._do(self._redo.pop())

    def _do(self, change: Change) -> None:
        def done(orders: list[OrderView]) -> None:
            self._say_done(change)
            self._arrived(orders)

        self._start(change.numbers, change.make, done)

    def _say_done(self, change: Change) -> None:
        self._undo = [*self._undo[-(UNDO_STEPS - 1) :], change]
        said = self._said(change.said, change.said, change)
        self._notices.toast(said, self.look.word("undo"), "Ctrl Z", self.undo)

    def _said(self, one: str, many: str, change: Change) -> str:
        if len(change.numbers) == 1:
            return self.look.word(one, number=change.numbers[0])
        return self.look.word(many, orders=len(change.numbers))

    def _start(
        self,
        numbers: tuple[str, ...],
        act: Callable[[], list[OrderView]],
        done: Callable[[list[OrderView]], None],
    ) -> None:
        self._under_way.update(numbers)

        def arrived(orders: list[OrderView]) -> None:
            self._under_way.difference_update(numbers)
            done(orders)

        def refused(error: PosError) -> None:
            self._under_way.difference_update(numbers)
            self._notices.trouble("step", self.look.sentence(error))
            self.changed()

        def held() -> list[OrderView]:
            try:
                return act()
            except Exception:  # after a bug in it the step may be asked for again
                self._under_way.difference_update(numbers)
                raise

        self._work.write(held, arrived, refused)

    def _arrived(self, orders: list[OrderView]) -> None:
        self.orders = orders
        self._notices.clear("step")
        self.changed()
