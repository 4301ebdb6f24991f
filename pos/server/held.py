"""What is held of a vendor, by device and reason, and taking in what a device brought while it was shut out.

A device that is let in again brings it along; without letting it in, an organiser may (docs/decisions/0051).
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from pos.errors import UserError
from pos.protocol.kinds import read_body
from pos.server import devices
from pos.server.intake import SHUT_OUT, STANDS_ON, Intake
from pos.server.stream import Order, raise_counter, settle
from pos.server.tables import operation

if TYPE_CHECKING:
    import uuid

    from sqlalchemy import Connection

    from pos.server.office import Office


@dataclass(frozen=True, slots=True)
class HeldView:
    """What is held of one device for one reason.

    Attributes:
        device_id: whose log it stands in.
        code: that device's.
        name: likewise.
        why: the reason, as operations.md lists them.
        operations: how many.
        sales: how many of them are orders that can be read.
        total_paisa: what these come to.
    """

    device_id: uuid.UUID
    code: str
    name: str
    why: str
    operations: int
    sales: int
    total_paisa: int


class Held:
    """Shows an organiser what is held, and takes in what a device brought while it was shut out."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def listed(self, vendor_name: str) -> list[HeldView]:
        """What is held of a vendor, by code and reason.

        Raises:
            UserError: ``vendor_unknown``.
        """
        with self._office.reading() as connection:
            vendor_id = self._office.known(connection, vendor_name)
            of_vendor = (operation.c.vendor_id == vendor_id) & (operation.c.status == "held")
            by = (operation.c.device_id, operation.c.why)
            counted = connection.execute(select(*by, func.count()).where(of_vendor).group_by(*by)).all()
            orders = select(*by, operation.c.kind, operation.c.v, operation.c.body).where(
                of_vendor, operation.c.kind == "order.confirmed"
            )
            sold: dict[tuple[uuid.UUID, str], list[int]] = {}
            for row in connection.execute(orders):
                with contextlib.suppress(ValueError, LookupError):
                    body: Any = read_body(row.kind, row.v, row.body.encode())
                    sold.setdefault((row.device_id, row.why), []).append(body.total)
            laptops = {row.device_id: row for row in devices.every(connection, vendor_id)}
        views = []
        for device_id, why, count in counted:
            totals = sold.get((device_id, why), [])
            laptop = laptops[device_id]
            views.append(HeldView(device_id, laptop.code, laptop.name, why, count, len(totals), sum(totals)))
        return sorted(views, key=lambda view: (view.code, view.why))

    def accept(self, vendor_name: str, device_code: str) -> int:
        """Take in what a device brought while it was shut out, and leave it out; how many operations stand by that.

        Raises:
            UserError: ``vendor_unknown``, ``device_unknown``.
        """
        code = device_code.strip().upper()
        with self._office.writing() as connection:
            vendor_id = self._office.known(connection, vendor_name)
            order = raise_counter(connection, vendor_id, 0)
            rows = devices.every(connection, vendor_id)
            named = next((row for row in rows if row.code == code), None)
            if named is None or order is None:
                raise UserError("device_unknown", device=code)
            taken = take_in(connection, order, named, self._office.now_ms())
            if taken:
                self._office.note(connection, "held_accepted", vendor_id.hex, code)
        return taken


def take_in(connection: Connection, order: Order, laptop: Any, now_ms: int) -> int:
    """Judge what a device brought while it was shut out like everything else; how many operations stand by that.

    Args:
        connection: inside a writing transaction that has raised the counter.
        order: the counter row.
        laptop: the device's row.
        now_ms: the server's time.
    """
    brought = _brought(connection, laptop)
    if not brought:
        return 0
    intake = Intake(connection, order, now_ms)
    taken = intake.vouched(brought)
    if order.waiting:
        taken += intake.again(STANDS_ON)
    settle(connection, order)
    return taken


def _brought(connection: Connection, laptop: Any) -> set[uuid.UUID]:
    """What is held of a device's log since it was shut out, whoever of its identities and copies came with it first."""
    of_vendor = operation.c.vendor_id == laptop.vendor_id
    held = select(operation.c.n, operation.c.hash, operation.c.op_id).where(
        of_vendor, operation.c.status == "held", operation.c.why == SHUT_OUT
    )
    kept = {(row.n, bytes(row.hash)): row.op_id for row in connection.execute(held)}
    if not kept:
        return set()
    log = select(operation.c.n, operation.c.hash, operation.c.prev_hash).where(
        of_vendor, operation.c.n.between(min(kept)[0], laptop.last_n)
    )
    before = {(row.n, bytes(row.hash)): bytes(row.prev_hash) for row in connection.execute(log)}
    found: set[uuid.UUID] = set()
    at = (laptop.last_n, bytes(laptop.last_hash))
    while at in before:
        if at in kept:
            found.add(kept[at])
        at = (at[0] - 1, before[at])
    return found
