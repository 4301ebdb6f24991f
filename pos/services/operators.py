"""Who may stand at the counter, who stands there now, and who did what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

import msgspec

from pos.domain.text import clean_name, fold_digits
from pos.errors import ConflictError, UserError
from pos.services.acts import ActsPage, read_acts
from pos.services.pins import Pins
from pos.services.views import OperatorView
from pos.store import people
from pos.store.oplog import Act

if TYPE_CHECKING:
    import uuid

    from sqlalchemy import Connection

    from pos.paths import ShopPaths
    from pos.services.desk import Desk
    from pos.store.types import AnyRow

Role = Literal["owner", "helper"]
_ROLES = ("owner", "helper")
_PIN_DIGITS = range(4, 7)
_ACTS_A_PAGE = 50


class OperatorCard(msgspec.Struct, frozen=True):
    """An operator in the list; `has_pin` holds for this device, `acting` for this moment."""

    id: uuid.UUID
    name: str
    role: Role
    has_pin: bool
    acting: bool


class Operators:
    """The shop's operators. Only an owner adds, edits and removes; anybody may set a PIN of his own."""

    def __init__(self, desk: Desk, paths: ShopPaths) -> None:
        self._desk = desk
        self._pins = Pins(paths.pins)

    def list(self) -> list[OperatorCard]:
        """Everybody who may act, owners first, in the order in which they came."""
        with self._desk.store.read() as connection:
            rows = people.operators(connection)
        pins = self._pins.owners()
        return [
            OperatorCard(row.id, row.name, row.role, row.id.hex in pins, row.id == self._desk.operator.id)
            for row in rows
        ]

    def add(self, name: str, role: Role = "helper", pin: str | None = None) -> OperatorView:
        """Take somebody on.

        Args:
            name: as it stands beside what he does.
            role: owner or helper.
            pin: 4 to 6 digits, for this device; none if left out.

        Raises:
            UserError: ``owner_only``, ``name_empty`` and the like, ``role_unknown``, ``pin_unclear``.
            ConflictError: ``operator_name_taken``.
        """
        self._refuse_helper()
        name, role = clean_name(name, field="name"), _role(role)
        secret = _pin(pin) if pin is not None else None
        with self._desk.store.write() as unit:
            _refuse_name(unit.connection, name, None)
            operator_id = self._desk.new_id(unit.at_ms)
            body = {"by": self._desk.by, "name": name, "role": role}
            unit.record(Act("operator.added", "operator", operator_id.bytes, body))
        if secret is not None:
            self._pins.put(operator_id.hex, secret)
        return OperatorView(operator_id, name, role)

    def edit(
        self, operator_id: uuid.UUID, *, name: str | None = None, role: Role | None = None
    ) -> OperatorView:
        """Change a name or a role; what he did before is shown under the new name.

        Raises:
            UserError: ``owner_only``, ``operator_unknown``, ``name_empty``, ``role_unknown``.
            ConflictError: ``operator_name_taken``, ``last_owner``.
        """
        self._refuse_helper()
        wanted: dict[str, str] = {}
        if name is not None:
            wanted["name"] = clean_name(name, field="name")
        if role is not None:
            wanted["role"] = _role(role)
        with self._desk.store.write() as unit:
            row = _row(unit.connection, operator_id)
            changed = {key: value for key, value in wanted.items() if value != getattr(row, key)}
            if "name" in changed:
                _refuse_name(unit.connection, changed["name"], operator_id)
            if "role" in changed:
                _refuse_last_owner(unit.connection, row)
            if changed:
                unit.record(self._edit_act(row, changed))
            view = OperatorView(row.id, changed.get("name", row.name), _role(changed.get("role", row.role)))
        if view.id == self._desk.operator.id:
            self._desk.operator = view
        return view

    def remove(self, operator_id: uuid.UUID) -> None:
        """Let somebody go: he can act no more, and what he did keeps his name.

        Raises:
            UserError: ``owner_only``, ``operator_unknown``.
            ConflictError: ``operator_acting``, ``last_owner``.
        """
        self._refuse_helper()
        if operator_id == self._desk.operator.id:
            raise ConflictError("operator_acting")
        with self._desk.store.write() as unit:
            row = _row(unit.connection, operator_id)
            _refuse_last_owner(unit.connection, row)
            unit.record(self._edit_act(row, {"archived": True}))
        if self._pins.has(operator_id.hex):
            self._pins.put(operator_id.hex, None)

    # ---- at the counter ------------------------------------------------------------------------------

    def asked(self) -> bool:
        """Whether whoever opens the window is to say who he is: somebody who works here has a PIN."""
        return bool(self._pins.owners()) and any(card.has_pin for card in self.list())

    def set_pin(self, operator_id: uuid.UUID, pin: str | None) -> None:
        """Give an operator a PIN on this device, or take it away.

        Raises:
            UserError: ``owner_only`` for somebody else's, ``operator_unknown``, ``pin_unclear``.
            EnvironmentFault: ``file_not_written``.
        """
        if operator_id != self._desk.operator.id:
            self._refuse_helper()
        secret = _pin(pin) if pin is not None else None
        with self._desk.store.read() as connection:
            _row(connection, operator_id)
        self._pins.put(operator_id.hex, secret)

    def pin_wait(self, operator_id: uuid.UUID) -> int:
        """For how many seconds none of an operator's PINs is taken, after too many wrong ones; 0 at most times."""
        return -(-self._pins.wait_ms(operator_id.hex, self._desk.clock.now_ms()) // 1000)

    def check_pin(self, operator_id: uuid.UUID, pin: str | None) -> None:
        """Let pass whoever knows the operator's PIN, or anybody where there is none. Takes some 50 ms.

        Raises:
            UserError: ``pin_missing``, ``pin_wrong``, ``pin_wait``.
        """
        digits = fold_digits(pin).strip() if pin is not None else None
        self._pins.check(operator_id.hex, digits, self._desk.clock.now_ms())

    def use(self, operator_id: uuid.UUID, pin: str | None = None) -> OperatorView:
        """From now on this operator acts.

        Raises:
            UserError: ``operator_unknown``, ``pin_missing``, ``pin_wrong``, ``pin_wait``.
        """
        with self._desk.store.read() as connection:
            row = _row(connection, operator_id)
        self.check_pin(operator_id, pin)
        self._desk.operator = OperatorView(row.id, row.name, row.role)
        return self._desk.operator

    def acts(
        self, operator_id: uuid.UUID | None = None, *, limit: int = _ACTS_A_PAGE, before: int | None = None
    ) -> ActsPage:
        """Who did what, the latest first, without a word of any buyer.

        Args:
            operator_id: only what this one did; archived ones too.
            limit: how many at most.
            before: `ActsPage.before` of the page that came before this one.
        """
        with self._desk.store.read() as connection:
            return read_acts(connection, operator_id, limit=limit, before=before)

    def _refuse_helper(self) -> None:
        if self._desk.operator.role != "owner":
            raise UserError("owner_only")

    def _edit_act(self, row: AnyRow, values: dict[str, str] | dict[str, bool]) -> Act:
        writers = json.loads(row.fv)
        over = {name: writers.get(name, writers.get("*")) for name in values}
        body = {"by": self._desk.by, "set": values, "over": over}
        return Act("operator.edited", "operator", row.id.bytes, body)


def _row(connection: Connection, operator_id: uuid.UUID) -> AnyRow:
    row = people.operator_by_id(connection, operator_id)
    if row is None:
        raise UserError("operator_unknown")
    return row


def _role(text: str) -> Role:
    if text not in _ROLES:
        raise UserError("role_unknown", text=text, known=list(_ROLES))
    return "owner" if text == "owner" else "helper"


def _pin(typed: str) -> str:
    pin = fold_digits(typed).strip()
    if not (pin.isascii() and pin.isdigit() and len(pin) in _PIN_DIGITS):
        raise UserError("pin_unclear")
    return pin


def _refuse_name(connection: Connection, name: str, own: uuid.UUID | None) -> None:
    """Two of one name could not be told apart in what was done."""
    folded = name.casefold()
    if any(row.id != own and row.name.casefold() == folded for row in people.operators(connection)):
        raise ConflictError("operator_name_taken", name=name)


def _refuse_last_owner(connection: Connection, row: AnyRow) -> None:
    others = [o for o in people.operators(connection) if o.role == "owner" and o.id != row.id]
    if row.role == "owner" and not others:
        raise ConflictError("last_owner")
