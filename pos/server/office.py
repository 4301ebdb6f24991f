"""The organiser's own work: vendors, pairing codes, devices, hats, notices, and a new epoch after a restore.

What an organiser does is written down with who and when in the same transaction (`act`), and never taken out.
"""

from __future__ import annotations

import datetime as dt
import os
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from sqlalchemy import func, insert, select, update

from pos.domain.hats import MINUTES_A_DAY
from pos.domain.text import clean, clean_name, nfc
from pos.errors import ConflictError, UserError
from pos.protocol.messages import NoticeBody
from pos.server import devices
from pos.server.engine import environment_failed
from pos.server.intake import Intake
from pos.server.stream import new_epoch, raise_counter, settle
from pos.server.tables import act, counter, device, hat_day, notice, operation, vendor, vendor_stream

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection

    from pos.domain.times import Clock
    from pos.server.engine import Database

_TITLE, _TEXT = 60, 300
# Held for another reason than that a person must look at it: a later release may know the kind.
MAY_STAND = ("kind_unknown", "body_unclear", "stands_on_unknown", "follows_held", "not_applied")


@dataclass(frozen=True, slots=True)
class Code:
    """A pairing code: shown once, kept only as a hash."""

    code: str
    expires_at_ms: int
    vendor_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class VendorView:
    """A vendor with what stands out about it."""

    vendor_id: uuid.UUID
    name: str
    devices: int
    operations: int
    held: int
    last_seen_ms: int | None


@dataclass(frozen=True, slots=True)
class DeviceView:
    """One laptop of a vendor."""

    device_id: uuid.UUID
    code: str
    name: str
    app: str
    last_n: int
    waiting: int
    last_seen_ms: int
    revoked_at_ms: int | None


@dataclass(frozen=True, slots=True)
class HatView:
    """A day that is not as the weekly rule has it."""

    on: dt.date
    kind: str
    opens_min: int | None
    closes_min: int | None
    ordinal: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice, as it goes to every shop."""

    notice_id: uuid.UUID
    body: NoticeBody
    made_at_ms: int
    gone: bool


class Office:
    """Does what an organiser asks.

    Args:
        database: migrated.
        clock: the server's time.
        random: random bytes, for codes.
        who: the name under which acts are written down.
        crashed: told of what should not have happened and keeps nothing else back.

    Attributes:
        random: as above.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        random: Callable[[int], bytes] = os.urandom,
        who: str = "command",
        crashed: Callable[[BaseException], None] = lambda _error: None,
    ) -> None:
        self._database = database
        self._clock = clock
        self.random = random
        self._who = who
        self._crashed = crashed

    def writing(self) -> AbstractContextManager[Connection]:
        """A writing transaction of the organiser's."""
        return self._database.write()

    def reading(self) -> AbstractContextManager[Connection]:
        """A reading one."""
        return self._database.read()

    def now_ms(self) -> int:
        """The server's time."""
        return self._clock.now_ms()

    # ---- vendors and their devices ----------------------------------------------------------------------

    def vendor(self, name: str) -> uuid.UUID:
        """The vendor of this name, made if there is none.

        Raises:
            UserError: ``name_empty``, ``text_too_long`` and what else the rule of names raises.
        """
        tidy = clean_name(name, field="vendor")
        with self._database.write() as connection:
            return self._found(connection, tidy)

    def vendors(self) -> list[VendorView]:
        """Every vendor, by name."""
        held = (
            select(operation.c.vendor_id, func.count().label("held"))
            .where(operation.c.status == "held")
            .group_by(operation.c.vendor_id)
            .subquery()
        )
        laptops = (
            select(
                device.c.vendor_id,
                func.count().label("devices"),
                func.max(device.c.last_seen_ms).label("last_seen_ms"),
            )
            .group_by(device.c.vendor_id)
            .subquery()
        )
        asked = (
            select(
                vendor.c.vendor_id,
                vendor.c.name,
                func.coalesce(laptops.c.devices, 0),
                vendor_stream.c.v_count + vendor_stream.c.h_count,
                func.coalesce(held.c.held, 0),
                laptops.c.last_seen_ms,
            )
            .join(vendor_stream, vendor_stream.c.vendor_id == vendor.c.vendor_id)
            .outerjoin(laptops, laptops.c.vendor_id == vendor.c.vendor_id)
            .outerjoin(held, held.c.vendor_id == vendor.c.vendor_id)
            .order_by(vendor.c.name_key)
        )
        with self._database.read() as connection:
            return [VendorView(*row) for row in connection.execute(asked)]

    def devices(self, vendor_name: str) -> list[DeviceView]:
        """The laptops of a vendor, oldest first.

        Raises:
            UserError: ``vendor_unknown``.
        """
        with self._database.read() as connection:
            rows = devices.every(connection, self.known(connection, vendor_name))
        return [
            DeviceView(
                row.device_id,
                row.code,
                row.name,
                row.app,
                row.last_n,
                row.waiting,
                row.last_seen_ms,
                row.revoked_at_ms,
            )
            for row in rows
        ]

    def pairing_code(self, vendor_name: str) -> Code:
        """A code with which one laptop joins this vendor; a vendor of that name is made if there is none.

        Raises:
            UserError: what the rule of names raises.
        """
        name = clean_name(vendor_name, field="vendor")
        with self._database.write() as connection:
            vendor_id = self._found(connection, name)
            code, expires = devices.new_code(connection, vendor_id, self._clock.now_ms(), self.random)
            self.note(connection, "pairing_code", vendor_id.hex)
        return Code(code, expires, vendor_id)

    def revoke(self, vendor_name: str, device_code: str) -> None:
        """Shut a laptop out: what it still sends is held, and nothing goes down to it.

        Raises:
            UserError: ``vendor_unknown``, ``device_unknown``.
        """
        code = device_code.strip().upper()
        with self._database.write() as connection:
            vendor_id = self.known(connection, vendor_name)
            raise_counter(connection, vendor_id, 0)
            here = (device.c.vendor_id == vendor_id) & (device.c.code == code)
            present = connection.execute(select(device.c.revoked_at_ms).where(here)).one_or_none()
            if present is None:
                raise UserError("device_unknown", device=code)
            if present.revoked_at_ms is None:
                connection.execute(update(device).where(here).values(revoked_at_ms=self._clock.now_ms()))
                self.note(connection, "device_revoked", vendor_id.hex, code)

    def retry_held(self, vendor_id: uuid.UUID, *, careful: bool = False) -> int:
        """Judge anew what was held, with what is known today; how many operations can stand now."""
        try:
            with self._database.write(vendor_id) as connection:
                order = raise_counter(connection, vendor_id, 0)
                if order is None:
                    return 0
                taken = Intake(connection, order, self._clock.now_ms(), careful=careful).again(MAY_STAND)
                settle(connection, order)
        except Exception as error:
            if careful or environment_failed(error):
                raise
            self._crashed(error)
            return self.retry_held(vendor_id, careful=True)
        return taken

    def retry(self, vendor_name: str) -> int:
        """The same by the vendor's name.

        Raises:
            UserError: ``vendor_unknown``.
        """
        with self._database.read() as connection:
            vendor_id = self.known(connection, vendor_name)
        return self.retry_held(vendor_id)

    def retry_all(self) -> int:
        """The same for every vendor of whom something is held: after an upgrade. One who fails keeps no other back."""
        asked = (
            select(operation.c.vendor_id)
            .where(operation.c.status == "held", operation.c.why.in_(MAY_STAND))
            .distinct()
        )
        with self._database.read() as connection:
            concerned = list(connection.execute(asked).scalars())
        taken = 0
        for vendor_id in concerned:
            try:
                taken += self.retry_held(vendor_id)
            except Exception as error:  # noqa: BLE001 - whatever it is, the server starts
                self._crashed(error)
        return taken

    def new_epoch(self) -> str:
        """Say that this database's memory is another one: every device sends again what it may have lost."""
        epoch = new_epoch()
        with self._database.write() as connection:
            connection.execute(update(vendor_stream).values(epoch=epoch))
            self.note(connection, "epoch", epoch)
        return epoch

    # ---- hats and notices -------------------------------------------------------------------------------

    def add_hat(
        self,
        on: dt.date,
        *,
        opens_min: int | None = None,
        closes_min: int | None = None,
        ordinal: int | None = None,
    ) -> HatView:
        """Hold a hat on this day, or give the rule's hat other hours or its ordinal; minutes after midnight.

        Raises:
            UserError: ``hat_hours_unclear``.
        """
        hours = [minute for minute in (opens_min, closes_min) if minute is not None]
        if any(not 0 <= minute <= MINUTES_A_DAY for minute in hours) or hours != sorted(set(hours)):
            raise UserError("hat_hours_unclear")
        return self._put_hat(HatView(on, "added", opens_min, closes_min, ordinal, ""))

    def cancel_hat(self, on: dt.date, reason: str = "") -> HatView:
        """There is no hat on this day; vendors see the reason.

        Raises:
            UserError: what the rule of texts raises.
        """
        return self._put_hat(
            HatView(on, "cancelled", None, None, None, clean(reason, field="note", limit=_TEXT))
        )

    def clear_hat(self, on: dt.date) -> None:
        """The day is as the weekly rule has it again.

        Raises:
            ConflictError: ``hat_not_there``.
        """
        with self._database.write() as connection:
            g = self._count(connection)
            here = (hat_day.c.hat_on == on.isoformat()) & (hat_day.c.gone == 0)
            if not connection.execute(update(hat_day).where(here).values(gone=1, g=g)).rowcount:
                raise ConflictError("hat_not_there", date=on.isoformat())
            self.note(connection, "hat_cleared", on.isoformat())

    def hats(self) -> list[HatView]:
        """The days that are not as the weekly rule has them."""
        asked = select(hat_day).where(hat_day.c.gone == 0).order_by(hat_day.c.hat_on)
        with self._database.read() as connection:
            return [
                HatView(
                    dt.date.fromisoformat(row.hat_on),
                    row.kind,
                    row.opens_min,
                    row.closes_min,
                    row.ordinal,
                    row.reason,
                )
                for row in connection.execute(asked)
            ]

    def write_notice(
        self,
        title: str,
        text: str,
        *,
        title_en: str = "",
        text_en: str = "",
        kind: Literal["news", "warning"] = "news",
        hat: dt.date | None = None,
        until_ms: int | None = None,
    ) -> NoticeView:
        """Tell every shop something; it cannot be changed, only withdrawn.

        Raises:
            UserError: ``name_empty``, ``text_too_long`` and what else the rules of text raise.
        """
        now_ms = self._clock.now_ms()
        body = NoticeBody(
            clean_name(title, field="title", limit=_TITLE),
            clean(text, field="text", limit=_TEXT, multiline=True),
            clean(title_en, field="title", limit=_TITLE),
            clean(text_en, field="text", limit=_TEXT, multiline=True),
            kind,
            hat.isoformat() if hat is not None else None,
            now_ms,
            until_ms,
        )
        notice_id = devices.new_id(now_ms, self.random)
        with self._database.write() as connection:
            connection.execute(
                insert(notice),
                {
                    "notice_id": notice_id,
                    "g": self._count(connection),
                    "body": msgspec.json.encode(body).decode(),
                    "made_at_ms": now_ms,
                    "gone": 0,
                },
            )
            self.note(connection, "notice_written", notice_id.hex)
        return NoticeView(notice_id, body, now_ms, gone=False)

    def withdraw_notice(self, notice_id: uuid.UUID) -> None:
        """Take a notice back from every shop.

        Raises:
            UserError: ``notice_unknown``.
        """
        with self._database.write() as connection:
            here = (notice.c.notice_id == notice_id) & (notice.c.gone == 0)
            g = self._count(connection)
            if not connection.execute(update(notice).where(here).values(gone=1, g=g)).rowcount:
                raise UserError("notice_unknown", notice=notice_id.hex)
            self.note(connection, "notice_withdrawn", notice_id.hex)

    def notices(self) -> list[NoticeView]:
        """Every notice, newest first, withdrawn ones too."""
        asked = select(notice).order_by(notice.c.made_at_ms.desc(), notice.c.g.desc())
        with self._database.read() as connection:
            return [
                NoticeView(
                    row.notice_id,
                    msgspec.json.decode(row.body, type=NoticeBody),
                    row.made_at_ms,
                    bool(row.gone),
                )
                for row in connection.execute(asked)
            ]

    # ---- what stands in several of them -----------------------------------------------------------------

    def _put_hat(self, view: HatView) -> HatView:
        values = {
            "kind": view.kind,
            "opens_min": view.opens_min,
            "closes_min": view.closes_min,
            "ordinal": view.ordinal,
            "reason": view.reason,
            "gone": 0,
        }
        on = view.on.isoformat()
        with self._database.write() as connection:
            values["g"] = self._count(connection)
            if not connection.execute(
                update(hat_day).where(hat_day.c.hat_on == on).values(**values)
            ).rowcount:
                connection.execute(insert(hat_day), {"hat_on": on, **values})
            self.note(connection, f"hat_{view.kind}", on, view.reason)
        return view

    @staticmethod
    def _count(connection: Connection) -> int:
        """The next place in the order of what goes to all vendors; it locks that order for the transaction."""
        raised = update(counter).where(counter.c.name == "g").values(value=counter.c.value + 1)
        return int(connection.execute(raised.returning(counter.c.value)).scalar_one())

    def note(self, connection: Connection, what: str, about: str, detail: str = "") -> None:
        """Write an act down, in the transaction that does it."""
        now_ms = self._clock.now_ms()
        connection.execute(
            insert(act),
            {
                "act_id": devices.new_id(now_ms, self.random),
                "at_ms": now_ms,
                "who": self._who,
                "what": what,
                "about": about,
                "detail": detail,
            },
        )

    def _found(self, connection: Connection, name: str) -> uuid.UUID:
        present = self._by_name(connection, name)
        if present is not None:
            return present
        now_ms = self._clock.now_ms()
        vendor_id = devices.new_id(now_ms, self.random)
        connection.execute(
            insert(vendor),
            {"vendor_id": vendor_id, "name": name, "name_key": _key(name), "made_at_ms": now_ms},
        )
        noughts = dict.fromkeys(
            ("head", "v_count", "v_sum", "h_count", "h_sum", "waiting", "erased", "stored_bytes"), 0
        )
        connection.execute(
            insert(vendor_stream), {"vendor_id": vendor_id, "epoch": uuid.uuid4().hex, **noughts}
        )
        self.note(connection, "vendor_made", vendor_id.hex)
        return vendor_id

    def known(self, connection: Connection, name: str) -> uuid.UUID:
        """The vendor of this name.

        Raises:
            UserError: ``vendor_unknown``.
        """
        present = self._by_name(connection, clean_name(name, field="vendor"))
        if present is None:
            raise UserError("vendor_unknown", name=name)
        return present

    @staticmethod
    def _by_name(connection: Connection, name: str) -> uuid.UUID | None:
        found: Any = connection.execute(
            select(vendor.c.vendor_id).where(vendor.c.name_key == _key(name))
        ).scalar()
        return found if isinstance(found, uuid.UUID) else None


def _key(name: str) -> str:
    """Names that differ only in capitals are one."""
    return nfc(name).casefold()
