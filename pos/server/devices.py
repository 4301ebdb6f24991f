"""Devices of a vendor: pairing by code, tokens, new identities, and taking a laptop's right away.

A token says whose it is in the clear, so that the vendor is known before anything is looked up; its secret has
256 bits, and only its sha256 is kept. A device code is never given twice in a vendor (contracts.md §7).
"""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy import bindparam, delete, insert, select, update

from pos.protocol.operations import GENESIS
from pos.server.prepared import Prepared, Question, rows_of
from pos.server.tables import device, operation, pairing, vendor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from pos.protocol.messages import PairRequest, RekeyRequest

Random = Callable[[int], bytes]

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's, without 0 and 1
CODE_LENGTH: Final = 8
CODE_MS: Final = 10 * 60 * 1000
TRIES: Final = 5
_HALF = CODE_LENGTH // 2
_SECRET_BYTES = 32
_SCHEMA_MOST = (1 << 31) - 1
_TOKEN = re.compile(r"hk1\.([0-9a-f]{32})\.([0-9a-f]{32})\.([A-Za-z0-9_-]{43})")
_NUMBERED = ("shop.founded", "device.joined", "device.rekeyed")
_CODE = re.compile(r"[A-Z]{1,2}([2-9A-Z]{2})?")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which read like digits

_ONE: Final = Prepared(
    select(device).where(device.c.vendor_id == bindparam("vid"), device.c.device_id == bindparam("device"))
)
_ALL: Final = Prepared(
    select(device).where(device.c.vendor_id == bindparam("vid")).order_by(device.c.paired_at_ms)
)
_HAS: Final = Prepared(
    select(operation.c.n)
    .select_from(
        device.join(
            operation,
            (operation.c.vendor_id == device.c.vendor_id) & (operation.c.device_id == device.c.device_id),
        )
    )
    .where(
        device.c.vendor_id == bindparam("vid"),
        operation.c.vendor_id == bindparam("vid"),
        operation.c.n == bindparam("n"),
        operation.c.hash == bindparam("hash"),
    )
    .limit(1)
)


@dataclass(frozen=True)
class Token:
    """What a device shows: whose it is, and a secret."""

    vendor_id: uuid.UUID
    device_id: uuid.UUID
    secret: bytes

    def __str__(self) -> str:
        secret = base64.urlsafe_b64encode(self.secret).decode().rstrip("=")
        return f"hk1.{self.vendor_id.hex}.{self.device_id.hex}.{secret}"

    @functools.cached_property
    def digest(self) -> bytes:
        """All that the server keeps of it."""
        return hashlib.sha256(self.secret).digest()

    def opens(self, row: Any) -> bool:
        """Whether it is this device's."""
        return hmac.compare_digest(self.digest, bytes(row.token_hash))


def read_token(text: str | None) -> Token | None:
    """The token in this text, or None where it is none."""
    match = _TOKEN.fullmatch(text or "")
    if match is None:
        return None
    secret = base64.urlsafe_b64decode(match[3] + "=")
    return Token(uuid.UUID(hex=match[1]), uuid.UUID(hex=match[2]), secret)


def find(connection: Connection, token: Token) -> Any | None:
    """The row of the device whose token this is; None for every other token."""
    row, _ = find_and(connection, token)
    return row


def find_and(connection: Connection, token: Token, *asked: Question) -> tuple[Any | None, list[list[Any]]]:
    """As `find`, and what else is asked for on the same way."""
    device = {"vid": token.vendor_id, "device": token.device_id}
    rows, *others = rows_of(connection, (_ONE, device), *asked)
    return next((row for row in rows if token.opens(row)), None), others


def one(connection: Connection, vendor_id: uuid.UUID, device_id: uuid.UUID) -> Any | None:
    """A device's row."""
    return _ONE.first(connection, vid=vendor_id, device=device_id)


def every(connection: Connection, vendor_id: uuid.UUID) -> list[Any]:
    """The rows of all devices of a vendor, oldest first."""
    return _ALL.rows(connection, vid=vendor_id)


# ---- pairing ---------------------------------------------------------------------------------------------


def new_code(connection: Connection, vendor_id: uuid.UUID, now_ms: int, random: Random) -> tuple[str, int]:
    """A pairing code and when it ends; codes that ended are swept out.

    Its first half finds the row, its second is the secret: a wrong try is counted against the code it meant.
    """
    connection.execute(delete(pairing).where(pairing.c.expires_at_ms <= now_ms))
    while True:
        code = "".join(_letters(random))
        if connection.execute(select(pairing.c.selector).where(pairing.c.selector == code[:_HALF])).first():
            continue
        salt = random(16)
        connection.execute(
            insert(pairing),
            {
                "selector": code[:_HALF],
                "salt": salt,
                "secret_hash": _sealed(salt, code[_HALF:]),
                "vendor_id": vendor_id,
                "expires_at_ms": now_ms + CODE_MS,
                "tries": 0,
            },
        )
        return code, now_ms + CODE_MS


def _letters(random: Random) -> Iterator[str]:
    found = 0
    while found < CODE_LENGTH:
        byte = random(1)[0]
        if byte < 240:  # a multiple of 30: every letter as likely as the others
            found += 1
            yield ALPHABET[byte % len(ALPHABET)]


def _sealed(salt: bytes, secret: str) -> bytes:
    return hashlib.sha256(salt + secret.encode()).digest()


def use_code(connection: Connection, text: str, now_ms: int) -> uuid.UUID | None:
    """Whose code this is; it is used up with that. A wrong try is counted, the fifth ends the code."""
    code = "".join(text.split()).replace("-", "").upper()
    if len(code) != CODE_LENGTH or any(letter not in ALPHABET for letter in code):
        return None
    here = pairing.c.selector == code[:_HALF]
    row = connection.execute(select(pairing).where(here).with_for_update()).one_or_none()
    if row is None or row.expires_at_ms <= now_ms or row.tries >= TRIES:
        return None
    if not hmac.compare_digest(_sealed(bytes(row.salt), code[_HALF:]), bytes(row.secret_hash)):
        connection.execute(update(pairing).where(here).values(tries=row.tries + 1))
        return None
    connection.execute(delete(pairing).where(here))
    vendor_id: uuid.UUID = row.vendor_id
    return vendor_id


@dataclass(frozen=True, slots=True)
class Paired:
    """A device as it is from now on."""

    device_id: uuid.UUID
    code: str
    token: Token
    founds: bool


@dataclass(frozen=True, slots=True)
class NotPaired:
    """Why a shop cannot join: an error's code and its values."""

    error: str
    params: dict[str, str | int | None]


def kept(text: str, most: int) -> str:
    """What a device says of itself as it is kept: not long, and without the one sign that PostgreSQL refuses."""
    return text[:most].replace("\x00", "\ufffd")


def kept_schema(number: int) -> int:
    """The number of a device's schema, such as a column of numbers takes."""
    return min(max(number, 0), _SCHEMA_MOST)


def is_code(text: str) -> bool:
    """Whether a device's numbers can begin with this."""
    return _CODE.fullmatch(text) is not None


def pair(
    connection: Connection,
    vendor_id: uuid.UUID,
    request: PairRequest,
    now_ms: int,
    random: Random,
    *,
    founds: bool,
    restored: bool = False,
) -> Paired | NotPaired:
    """Take a laptop in, or one that was here already once more (contracts.md §7)."""
    rows = every(connection, vendor_id)
    wanted = _identity(request.device)
    present = next((row for row in rows if row.device_id == wanted), None)
    nameless = present is not None and not is_code(present.code)
    if (
        present is not None
        and not nameless
        and (request.device_code in (None, present.code) or not request.sold)
    ):
        code: str | NotPaired = present.code
        again = True
    else:
        taken = _taken(connection, vendor_id, rows, wanted)
        code = _code_for(request, taken, random if restored else None, founds=founds)
        again = nameless
    if isinstance(code, NotPaired):
        return code
    if present is not None and again:
        token = Token(vendor_id, present.device_id, random(_SECRET_BYTES))
        connection.execute(
            update(device)
            .where(device.c.vendor_id == vendor_id, device.c.device_id == present.device_id)
            .values(
                code=code,
                token_hash=token.digest,
                machine=kept(request.machine, 200),
                revoked_at_ms=None,
                name=kept(request.name, 200) or present.name,
                last_seen_ms=now_ms,
            )
        )
        return Paired(present.device_id, code, token, founds)
    device_id = wanted if wanted is not None and present is None else new_id(now_ms, random)
    token = Token(vendor_id, device_id, random(_SECRET_BYTES))
    _add(
        connection,
        token,
        code,
        now_ms,
        machine=kept(request.machine, 200),
        name=kept(request.name, 200),
        app=kept(request.app, 100),
        schema_no=kept_schema(request.schema),
        sold=int(request.sold),
    )
    return Paired(device_id, code, token, founds)


def _identity(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(hex=text) if text else None
    except ValueError:
        return None


def _code_for(
    request: PairRequest, taken: set[str], restored: Random | None, *, founds: bool
) -> str | NotPaired:
    own = request.device_code
    if own is not None and (founds or request.sold):
        if not is_code(own):
            return NotPaired("device_code_unclear", {"text": own[:20]})
        if own not in taken:
            return own
        if request.sold:
            return NotPaired("device_code_taken", {"code": own})
    return next_code(taken, restored)


def next_code(taken: set[str], restored: Random | None = None) -> str | NotPaired:
    """The first code that no device of the vendor ever had.

    A server that was set back to a backup does not know all that were given: then it is any of two letters, since
    the next in line is the one that was given after the backup.
    """
    pairs = [first + second for first in _LETTERS for second in _LETTERS]
    if restored is None:
        free = next((code for code in (*_LETTERS, *pairs) if code not in taken), None)
    else:
        left = [code for code in pairs if code not in taken]
        free = left[int.from_bytes(restored(4)) % len(left)] if left else None
    return free or NotPaired("device_codes_used_up", {})


def _taken(
    connection: Connection, vendor_id: uuid.UUID, rows: Sequence[Any], but: uuid.UUID | None
) -> set[str]:
    """Codes that devices of the vendor have or have said to have, one device's own sayings left out."""
    asked = select(operation.c.device_id, operation.c.kind, operation.c.agg_id, operation.c.body).where(
        operation.c.vendor_id == vendor_id,
        operation.c.agg_id.in_([row.device_id.bytes for row in rows]),
        operation.c.kind.in_(_NUMBERED),
        operation.c.status != "held",
    )
    taken = {row.code for row in rows}
    for author, kind, agg_id, body in connection.execute(asked):
        said = msgspec.json.decode(body)
        # A copy that came before its original has brought the original's words as its own.
        whose = said.get("device") or (author.hex if kind == "device.rekeyed" else bytes(agg_id).hex())
        if but is None or whose != but.hex:
            taken.add(said["code"])
    return taken


def new_id(now_ms: int, random: Random) -> uuid.UUID:
    value = (now_ms & 0xFFFF_FFFF_FFFF) << 80 | int.from_bytes(random(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    return uuid.UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def _add(connection: Connection, token: Token, code: str, now_ms: int, **values: Any) -> None:
    connection.execute(
        insert(device),
        {
            "vendor_id": token.vendor_id,
            "device_id": token.device_id,
            "code": code,
            "token_hash": token.digest,
            "last_n": 0,
            "last_hash": GENESIS,
            "parent_id": None,
            "parent_n": None,
            "paired_at_ms": now_ms,
            "revoked_at_ms": None,
            "last_seen_ms": now_ms,
            "waiting": 0,
            **values,
        },
    )


def add_unseen(
    connection: Connection,
    vendor_id: uuid.UUID,
    device_id: uuid.UUID,
    code: str | None,
    now_ms: int,
    **values: Any,
) -> None:
    """Make the row of a device that others tell of: no token opens it, until it is paired again.

    Without a code, since another device has the same or since none is known yet, it gets one that is none.
    """
    _add(
        connection,
        Token(vendor_id, device_id, b""),
        code or f"?{device_id.hex}",
        now_ms,
        token_hash=b"",
        machine="",
        name="",
        app="",
        schema_no=0,
        **values,
    )


# ---- a new identity, and none any more -------------------------------------------------------------------


def has_position(connection: Connection, vendor_id: uuid.UUID, n: int, digest: bytes) -> bool:
    """Whether some log of the vendor has this operation at this position: then all before it is the same too."""
    if n == 0:
        return digest == GENESIS
    return _HAS.first(connection, vid=vendor_id, n=n, hash=digest) is not None


def rekey(
    connection: Connection,
    row: Any,
    request: RekeyRequest,
    now_ms: int,
    random: Random,
    *,
    restored: bool = False,
) -> Paired | NotPaired:
    """A new identity whose log begins with the old one's up to `at`; what is revoked stays so."""
    vendor_id: uuid.UUID = row.vendor_id
    try:
        digest = bytes.fromhex(request.hash)
    except ValueError:
        digest = b""
    if request.at < 0 or not has_position(connection, vendor_id, request.at, digest):
        return NotPaired("log_parts_earlier", {"at": request.at})
    taken = _taken(connection, vendor_id, every(connection, vendor_id), None)
    code = next_code(taken, random if restored else None)
    if isinstance(code, NotPaired):
        return code
    token = Token(vendor_id, new_id(now_ms, random), random(_SECRET_BYTES))
    _add(
        connection,
        token,
        code,
        now_ms,
        machine=kept(request.machine, 200),
        name=row.name,
        app=row.app,
        schema_no=row.schema_no,
        sold=row.sold,
        last_n=request.at,
        last_hash=digest,
        parent_id=row.device_id,
        parent_n=request.at,
        revoked_at_ms=row.revoked_at_ms,
    )
    return Paired(token.device_id, code, token, founds=False)


def vendor_name(connection: Connection, vendor_id: uuid.UUID) -> str:
    """How the vendor is called."""
    return str(connection.execute(select(vendor.c.name).where(vendor.c.vendor_id == vendor_id)).scalar_one())
