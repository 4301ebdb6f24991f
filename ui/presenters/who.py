"""Who is at the counter, asked when the shop opens: nothing is done before somebody has said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.presenters.needs import Watched

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.errors import PosError
    from pos.services.operators import OperatorCard
    from pos.shop import Shop
    from ui.presenters.needs import Speech, Work


class Who(Watched):
    """What is asked, of whom, and what came of it."""

    def __init__(self, shop: Shop, work: Work, look: Speech) -> None:
        super().__init__()
        self._shop, self._work = shop, work
        self.look = look
        self.people: list[OperatorCard] = []
        self.at = 0
        self.fault = ""
        self.busy = False
        self.waits = False  # too many wrong ones: until the wait is over none is taken
        self.on_known: Callable[[], None] | None = None

    def asked(self) -> bool:
        """Whether anybody is to be asked; read anew, since a restore may have brought other people."""
        if not self._shop.operators.asked():
            return False
        self.people = self._shop.operators.list()
        self.at = next((at for at, person in enumerate(self.people) if person.acting), 0)
        self.look_again()
        return True

    @property
    def person(self) -> OperatorCard:
        """Who is chosen."""
        return self.people[self.at]

    def choose(self, at: int) -> None:
        """It is this one."""
        if 0 <= at < len(self.people) and at != self.at:
            self.at, self.fault = at, ""
            self.look_again()

    def enter(self, pin: str) -> None:
        """Begin to work as the one who is chosen, if the PIN is right; digits may be Bangla ones."""
        if self.busy:
            return
        self.busy = True
        chosen, typed = self.person.id, pin.strip() or None
        self._work.write(lambda: self._shop.operators.use(chosen, typed), self._known, self._refused)

    def _known(self, _operator: object) -> None:
        self.busy = False
        if self.on_known is not None:
            self.on_known()

    def _refused(self, error: PosError) -> None:
        self.busy = False
        self.fault = self.look.word("who_wrong") if error.code == "pin_wrong" else self.look.sentence(error)
        self.look_again()

    def look_again(self) -> None:
        """Say how long the wait still is; the rule is the PINs' own."""
        seconds = self._shop.operators.pin_wait(self.person.id)
        if seconds:
            self.fault = self.look.word("who_wait", seconds=seconds)
        elif self.waits:
            self.fault = ""
        self.waits = bool(seconds)
        self.changed()
