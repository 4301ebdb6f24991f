"""New numbers and a new identity for a shop that was copied or set back (contracts.md §1, decision 0050).

A copy takes new numbers at once, without a line, before it gives one: its mark of the machine is another. Its
identity follows at the next exchange: from there on the server keeps its log apart from the original's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import select

from pos.errors import EnvironmentFault
from pos.protocol.codec import encode
from pos.protocol.messages import RekeyReply, RekeyRequest
from pos.protocol.operations import GENESIS
from pos.store import oplog, recovery
from pos.store import tables as t
from pos.store.identity import take_identity
from pos.store.link import move_link, read_link
from pos.sync.answers import OK, message_in, refusal_in
from pos.sync.machine import COPIED, machine_known

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pos.sync.storage import Storage
    from pos.sync.tokens import Tokens
    from pos.sync.transport import Transport

REKEY_PATH: Final = "/devices/rekey"


def renumber_if_copied(storage: Storage, machine: str, given: set[str]) -> str | None:
    """Take new numbers if this shop was copied or moved here; the new code, or None where nothing was to be done.

    Args:
        storage: the shop.
        machine: the mark of this machine and place.
        given: codes that gave numbers at this place before.
    """
    with storage.read() as connection:
        if not _unnoticed(connection, machine):
            return None
    with storage.write() as unit:
        if not _unnoticed(unit.connection, machine):
            return None
        act = recovery.rekey_act(unit.connection, "copied", given)
        code = str(act.body["code"])
        unit.found(unit.device_id, code)
        unit.record(act)
        move_link(unit.connection, machine=COPIED + machine)
        return code


def _unnoticed(connection: Connection, machine: str) -> bool:
    link = read_link(connection)
    return link is not None and not machine_known(link.machine, machine)


def new_identity(
    storage: Storage,
    transport: Transport,
    tokens: Tokens,
    machine: str,
    *,
    device: UUID,
    at: int,
    reason: str,
) -> str:
    """Go on under a new identity from behind position `at`; the code of its numbers.

    Until the last commit the shop is what it was: cut off before, the same is asked again, and an identity that
    the server gave in vain is never used.

    Args:
        storage: the shop.
        transport: the way to the server.
        tokens: where the new token is kept.
        machine: the mark of this machine and place.
        device: the identity that is given up.
        at: the last position that the server has too.
        reason: why, a code.

    Raises:
        UserError: as `message_in`.
        EnvironmentFault: likewise.
    """
    token = tokens.get(device)
    while True:
        with storage.read() as connection:
            at, known = _known(connection, at)
        answer = transport.post(REKEY_PATH, encode(RekeyRequest(at, known.hex(), machine)), token)
        if at and refusal_in(answer) == "log_parts_earlier":
            at //= 2  # what is sent once more than needed is known there by its identity
            continue
        reply = message_in(answer, RekeyReply)
        break
    fresh = _identity(reply.device)
    with storage.read() as connection:
        if connection.execute(select(t.device.c.id).where(t.device.c.id == fresh.bytes)).first():
            raise EnvironmentFault("server_answer_unclear", status=OK)  # an old answer: that one is used up
    tokens.put(fresh, reply.token)
    with storage.write() as unit:
        take_identity(unit, fresh, reply.device_code, at, reason)
        move_link(unit.connection, ack_n=at, machine=machine)
    return reply.device_code


def _known(connection: Connection, at: int) -> tuple[int, bytes]:
    """This position and its hash, which the next operation tells as well; where both are lost, an earlier one."""
    while at:
        behind = select(t.op.c.prev_hash).where(t.op.c.n == at + 1)
        known = oplog.hash_at(connection, at) or connection.execute(behind).scalar()
        if known is not None:
            return at, known
        at -= 1
    return 0, GENESIS


def _identity(text: str) -> UUID:
    try:
        return UUID(hex=text)
    except ValueError:
        raise EnvironmentFault("server_answer_unclear", status=OK) from None
