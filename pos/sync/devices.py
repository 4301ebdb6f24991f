"""The vendor's devices as the server told them last, kept beside the shop: they are known without a line too."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 - decoding asks for it

import msgspec

from pos.settings import write_atomically

if TYPE_CHECKING:
    from pos.paths import ShopPaths
    from pos.store.link import Link


class DeviceView(msgspec.Struct, frozen=True):
    """A device of the vendor; `here` is the one that asks. Instants are the server's, UTC milliseconds."""

    id: UUID
    code: str
    name: str
    app: str
    here: bool
    seen_at_ms: int
    waiting: int
    revoked_at_ms: int | None


class Devices(msgspec.Struct, frozen=True):
    """All devices of the vendor, this one first; what was shut out is at the end.

    Attributes:
        server_ms: the server's clock when it told them, UTC milliseconds.
        told_ms: this computer's clock then.
    """

    devices: tuple[DeviceView, ...]
    server_ms: int
    told_ms: int

    def server_now(self, now_ms: int) -> int:
        """The server's clock, when this computer's says `now_ms`."""
        return self.server_ms + max(0, now_ms - self.told_ms)


class _Kept(msgspec.Struct, frozen=True):
    server: str
    vendor: str
    told: Devices


_decoder = msgspec.json.Decoder(_Kept)


def keep_devices(paths: ShopPaths, link: Link, told: Devices) -> None:
    """Keep them. Where that cannot be written, they are merely not known without a line."""
    with contextlib.suppress(OSError):
        write_atomically(paths.devices, msgspec.json.encode(_Kept(link.server, link.vendor, told)))


def kept_devices(paths: ShopPaths, link: Link, mine: UUID) -> Devices | None:
    """What was kept, if it is of this link and this device; None where there is nothing, or nothing that reads."""
    try:
        kept = _decoder.decode(paths.devices.read_bytes())
    except (OSError, msgspec.MsgspecError):
        return None
    same = (kept.server, kept.vendor) == (link.server, link.vendor)
    return kept.told if same and any(one.here and one.id == mine for one in kept.told.devices) else None
