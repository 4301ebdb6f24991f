"""Pairing a shop with its vendor's server by a code (contracts.md §7).

What happens depends on what is here. No shop: the vendor's records come, and with them a shop that can sell. A
shop that has not sold: likewise, and its own products follow. A shop that has issued numbers keeps its log and
its numbers: it founds the vendor there, or joins as one more device if its numbers are its own.
"""

from __future__ import annotations

import platform
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import func, select

from pos import __version__
from pos.domain.text import fold_digits
from pos.errors import ConflictError, EnvironmentFault, UserError
from pos.protocol.codec import encode
from pos.protocol.messages import PairReply, PairRequest
from pos.store import oplog
from pos.store import tables as t
from pos.store.backup import refuse_lost
from pos.store.file import SCHEMA, os_fault
from pos.store.identity import take_identity
from pos.store.inbox import forget_order
from pos.store.link import Link, found_link, move_link, read_link
from pos.sync import joining
from pos.sync.answers import OK, message_in, refusal_in
from pos.sync.drain import exchange_lock
from pos.sync.machine import machine_mark
from pos.sync.tokens import KeptTokens
from pos.sync.transport import HttpTransport, let_go, server_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection

    from pos.domain.times import Clock
    from pos.paths import ShopPaths
    from pos.store.store import Store
    from pos.sync.round import Outcome
    from pos.sync.tokens import Tokens
    from pos.sync.transport import Transport

PAIR_PATH: Final = "/devices/pair"
_CODE: Final = re.compile(r"[0-9A-Z]{8}")

# Of a shop that syncs these say that it is tried again by itself; here somebody waits, who may have mistyped.
_UNANSWERED: Final = frozenset({"no_internet", "server_unreachable", "server_slow"})
_NOT_NOW: Final = frozenset({"server_busy", "server_failing"})


@dataclass(frozen=True, slots=True)
class Paired:
    """What came of it.

    Attributes:
        vendor: the vendor's name on the server.
        device_code: what this device's numbers begin with.
        server: its address.
        way: ``founded`` the vendor there, ``joined`` with its own log, ``came`` new or merged, ``renewed`` its
            token.
        merged: products of its own that it brought along.
        safety: the shop of before, where it was replaced.
    """

    vendor: str
    device_code: str
    server: str
    way: str
    merged: int = 0
    safety: str | None = None


@dataclass(frozen=True, slots=True)
class Present:
    """The shop that is here."""

    device: UUID
    code: str
    base_code: str
    vendor_id: UUID
    operations: int
    sold: bool
    link: Link | None

    def copied(self, machine: str) -> bool:
        """Whether its identity is that of the shop that it was copied from, on a machine with another mark."""
        return self.link is not None and self.link.machine != machine


def pair(
    paths: ShopPaths,
    clock: Clock,
    server: str,
    code: str,
    *,
    connect: Callable[[str], Transport] = HttpTransport,
    tokens: Tokens | None = None,
    told: Callable[[Outcome], None] | None = None,
) -> Paired:
    """Pair the shop at `paths`, or make one there.

    Args:
        paths: the shop's place; it may be empty, or not there yet.
        clock: the device's own.
        server: its address.
        code: eight letters and digits, as the organiser or another device shows them.
        connect: makes the way to the server.
        tokens: where the token is kept.
        told: is handed each round's outcome while the vendor's records come.

    Raises:
        UserError: ``server_address_unclear``, ``server_not_secure``, ``pairing_code_unclear``,
            ``pairing_code_wrong``, ``device_code_taken``, ``device_codes_used_up``, ``paired_elsewhere``,
            ``shop_lost``.
        EnvironmentFault: ``pairing_unanswered``, ``pairing_not_now``; later on as a round has them, or the machine
            refused. Where a new shop was on its way, the same command goes on with it.
    """
    address, words = server_address(server), tidy_code(code)
    kept = tokens if tokens is not None else KeptTokens(paths)
    try:
        paths.make()
    except OSError as error:
        raise os_fault(error, paths.home) from error
    asker = _Asker(connect(address), address, machine_mark(paths))
    with _closing(asker.transport), exchange_lock(paths):
        if not paths.database.exists():
            refuse_lost(paths)
            return _newcomer(paths, clock, asker, words, kept, told)
        with joining.opened(paths, clock) as store:
            with store.read() as connection:
                present = _present(connection)
            begun = joining.begun(paths, address, words) if present.link is None else None
            if begun is None:
                reply = asker.ask(words, present)
                # A shop that has issued numbers, or founds the vendor, keeps its log; it goes up from its beginning.
                if present.link is not None or present.sold or reply.founds:
                    return _tie(store, asker, reply, present, kept)
                begun = _begin(paths, clock, asker, words, reply, kept, replaces=present.operations)
        return _replaced(paths, clock, asker, begun, kept, told)


@contextmanager
def _closing(transport: Transport) -> Iterator[None]:
    try:
        yield
    finally:
        let_go(transport)


@dataclass(frozen=True, slots=True)
class _Asker:
    """The server that is asked to let this laptop in."""

    transport: Transport
    address: str
    machine: str

    def ask(self, code: str, present: Present | None) -> PairReply:
        """Use the code.

        A copy comes as a laptop of its own: under its original's name it would take the original's token away.
        """
        known = None if present is None or present.copied(self.machine) else present
        request = PairRequest(
            code=code,
            app=__version__,
            schema=SCHEMA,
            machine=self.machine,
            name=platform.node()[:100],
            device=known.device.hex if known is not None else None,
            device_code=known.base_code if known is not None else None,
            operations=present.operations if present is not None else 0,
            sold=present is not None and present.sold,
        )
        try:
            answer = self.transport.post(PAIR_PATH, encode(request), None)
            refused = refusal_in(answer)
            if refused is not None:
                _refuse(refused, present)
            return message_in(answer, PairReply)
        except EnvironmentFault as fault:
            if fault.code in _UNANSWERED:
                raise EnvironmentFault("pairing_unanswered", server=self.address) from fault
            if fault.code in _NOT_NOW:
                raise EnvironmentFault("pairing_not_now", server=self.address) from fault
            raise

    def link(self, reply: PairReply, *, stock_seq: int | None) -> Link:
        """The tie to the server, before anything went over it."""
        return Link(
            server=self.address,
            vendor=reply.vendor,
            epoch=reply.epoch,
            ack_n=0,
            cursors={"v": 0, "h": 0, "g": 0},
            stock_seq=stock_seq,
            machine=self.machine,
            synced_at_ms=None,
        )


def _refuse(code: str, present: Present | None) -> None:
    """Say why the server does not let this laptop in, and the way out."""
    match code:
        case "pairing_code_wrong":
            raise UserError("pairing_code_wrong")
        case "device_code_taken":
            raise ConflictError("device_code_taken", prefix=present.base_code if present is not None else "")
        case "device_codes_used_up":
            raise ConflictError("device_codes_used_up")
        case "device_code_unclear":
            raise UserError("device_code_unclear", text=present.base_code if present is not None else "")


def tidy_code(code: str) -> str:
    """As it is compared: capital, without gaps and dashes, Latin digits."""
    tidy = re.sub(r"[\s-]+", "", fold_digits(code)).upper()
    if not _CODE.fullmatch(tidy):
        raise UserError("pairing_code_unclear", text=code)
    return tidy


def _present(connection: Connection) -> Present:
    row = connection.execute(select(t.installation)).one()
    sold = connection.execute(
        select(func.count()).select_from(t.op).where(t.op.c.kind == "order.confirmed")
    ).scalar_one()
    return Present(
        row.device_id,
        row.code,
        row.base_code,
        row.vendor_id,
        oplog.read_tip(connection).n,
        bool(sold),
        read_link(connection),
    )


def _identity(text: str) -> UUID:
    try:
        return UUID(hex=text)
    except ValueError:
        raise EnvironmentFault("server_answer_unclear", status=OK) from None


def _tie(store: Store, asker: _Asker, reply: PairReply, present: Present, tokens: Tokens) -> Paired:
    device, link = _identity(reply.device), present.link
    renewed = link is not None and link.epoch == reply.epoch
    if link is not None and not renewed and link.vendor != reply.vendor:
        raise ConflictError("paired_elsewhere", vendor=link.vendor, other=reply.vendor)
    tokens.put(device, reply.token)
    with store.write() as unit:
        if device != present.device:
            # Up to where the server has heard this log before, it is the other one's.
            take_identity(unit, device, reply.device_code, link.ack_n if link is not None else 0, "paired")
        if renewed:
            changes = {} if device == present.device else {"ack_n": 0, "machine": asker.machine}
            move_link(unit.connection, server=asker.address, vendor=reply.vendor, shut_out=False, **changes)
        else:
            if link is not None:
                forget_order(unit.connection)
            # What the others sold came before this shop joined: on hand is asked for, history follows.
            stock_seq = None if reply.founds or link is not None else 0
            found_link(unit.connection, asker.link(reply, stock_seq=stock_seq))
    with store.read() as connection:
        shown = connection.execute(select(t.installation.c.code)).scalar_one()
    way = (
        "founded"
        if reply.founds
        else "renewed"
        if link is not None and device == present.device
        else "joined"
    )
    return Paired(reply.vendor, str(shown), asker.address, way)


# ---- a shop that begins with the vendor's records --------------------------------------------------------


def _newcomer(
    paths: ShopPaths,
    clock: Clock,
    asker: _Asker,
    code: str,
    tokens: Tokens,
    told: Callable[[Outcome], None] | None,
) -> Paired:
    """Where nothing is: a shop is built beside and put in place as soon as it can sell."""
    begun = joining.begun(paths, asker.address, code)
    if begun is None:
        begun = _begin(paths, clock, asker, code, asker.ask(code, None), tokens)
    joining.fetch(begun, clock, asker.transport, tokens, asker.machine, told)
    joining.place(begun, paths)
    return Paired(begun.vendor, begun.code, asker.address, "came")


def _begin(
    paths: ShopPaths,
    clock: Clock,
    asker: _Asker,
    code: str,
    reply: PairReply,
    tokens: Tokens,
    *,
    replaces: int = 0,
) -> joining.Begun:
    """The shop to be, beside; from here on the same command goes on with it."""
    tokens.put(_identity(reply.device), reply.token)
    link = asker.link(reply, stock_seq=None if reply.founds else 0)
    return joining.begin(paths, clock, reply, link, code, replaces=replaces)


def _replaced(
    paths: ShopPaths,
    clock: Clock,
    asker: _Asker,
    begun: joining.Begun,
    tokens: Tokens,
    told: Callable[[Outcome], None] | None,
) -> Paired:
    """Where a shop is that has not sold: the vendor's takes its place, and its own products come along."""
    joining.fetch(begun, clock, asker.transport, tokens, asker.machine, told)
    merged, safety = joining.replace(begun, paths, clock)
    return Paired(begun.vendor, begun.code, asker.address, "came", merged, safety.name)
