"""Every kind of operation there is: what its body must look like, which stream carries it, what it stands on.

A kind whose shape changes gets a new version beside the old one and an entry in `UPCASTS`; an old version is
never taken out, since a laptop may come back after years (sync.md §1.7).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from pos.protocol.bodies import (
    IN_ORDER,
    Body,
    BuyerEdits,
    BuyerWords,
    ByWhom,
    CustomerAdded,
    CustomerEdited,
    CustomerErased,
    DeviceJoined,
    DeviceRekeyed,
    Fields,
    HatSet,
    HatSet2,
    HatUnset,
    HatUnset2,
    Note,
    OperatorAdded,
    OperatorFields,
    OrderCancelled,
    OrderConfirmed,
    OrderNoted,
    OrderStep,
    OrderWords,
    PaymentReceived,
    Personal,
    ProductAdded,
    ProductFields,
    RecordEdited,
    ReservationMade,
    SettingSet,
    ShopFounded,
    StockMoved,
    VariantAdded,
    VariantFields,
    Why,
)
from pos.protocol.operations import canonical, is_canonical

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

Stream = Literal["v", "h"]


class Needs(NamedTuple):
    """What must be known of a vendor before an operation can stand: variants, and other aggregates, by id."""

    variants: AbstractSet[bytes] = frozenset()
    aggregates: AbstractSet[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of operation.

    Attributes:
        stream: which feed carries it: ``v`` the shop's own records, ``h`` its history.
        agg: the kind of aggregate it belongs to.
        versions: the shape of the body, by version.
    """

    stream: Stream
    agg: str
    versions: Mapping[int, type[Body]]

    @property
    def newest(self) -> int:
        """The version that this release writes."""
        return max(self.versions)


def _kind(stream: Stream, agg: str, *shapes: type[Body]) -> Kind:
    return Kind(stream, agg, dict(enumerate(shapes, 1)))


KINDS: Mapping[str, Kind] = {
    "shop.founded": _kind("v", "device", ShopFounded),
    "device.joined": _kind("v", "device", DeviceJoined),
    "device.rekeyed": _kind("v", "device", DeviceRekeyed),
    "operator.added": _kind("v", "operator", OperatorAdded),
    "operator.edited": _kind("v", "operator", RecordEdited),
    "product.added": _kind("v", "product", ProductAdded),
    "product.edited": _kind("v", "product", RecordEdited),
    "variant.added": _kind("v", "variant", VariantAdded),
    "variant.edited": _kind("v", "variant", RecordEdited),
    "customer.added": _kind("v", "customer", CustomerAdded),
    "customer.edited": _kind("v", "customer", CustomerEdited),
    "customer.erased": _kind("v", "customer", CustomerErased),
    "hat.set": _kind("v", "hat", HatSet, HatSet2),
    "hat.unset": _kind("v", "hat", HatUnset, HatUnset2),
    "setting.set": _kind("v", "setting", SettingSet),
    "stock.moved": _kind("h", "stock_move", StockMoved),
    "reservation.made": _kind("h", "reservation", ReservationMade),
    "reservation.released": _kind("h", "reservation", ByWhom),
    "order.confirmed": _kind("h", "order", OrderConfirmed),
    "order.cancelled": _kind("h", "order", OrderCancelled),
    "order.noted": _kind("h", "order", OrderNoted),
    "order.checked": _kind("h", "order", OrderStep),
    "order.unchecked": _kind("h", "order", OrderStep),
    "order.packed": _kind("h", "order", OrderStep),
    "order.unpacked": _kind("h", "order", OrderStep),
    "payment.received": _kind("h", "payment", PaymentReceived),
}

WRITTEN: Mapping[str, int] = {name: kind.newest for name, kind in KINDS.items()}
"""The version of each kind that this release writes."""


def _as_it_is(values: dict[str, Any]) -> dict[str, Any]:
    """The next version has fields more, which may be left out."""
    return values


# From (kind, version) to the body of the next version.
UPCASTS: Mapping[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {
    ("hat.set", 1): _as_it_is,
    ("hat.unset", 1): _as_it_is,
}

# What an edit of each kind and version may set.
_FIELDS: Mapping[tuple[str, int], type[Fields]] = {
    ("operator.edited", 1): OperatorFields,
    ("product.edited", 1): ProductFields,
    ("variant.edited", 1): VariantFields,
}

# The personal part of each kind and version that has one.
_PERSONAL: Mapping[tuple[str, int], type[Personal]] = {
    ("customer.added", 1): BuyerWords,
    ("customer.edited", 1): BuyerEdits,
    ("order.confirmed", 1): OrderWords,
    ("order.cancelled", 1): Why,
    ("order.noted", 1): Note,
}

_encode = msgspec.json.Encoder().encode
_personal_decoders = {key: msgspec.json.Decoder(shape) for key, shape in _PERSONAL.items()}

_decoders = {
    (name, version): msgspec.json.Decoder(shape)
    for name, kind in KINDS.items()
    for version, shape in kind.versions.items()
}


def read_body(kind: str, version: int, body: bytes, *, spelt: bool = False) -> Body:
    """The body as its kind and version have it, brought up to the newest version.

    Args:
        kind: of the operation.
        version: of the kind.
        body: as it was hashed.
        spelt: it must be spelt the one way, too (`operations.is_canonical`).

    Raises:
        LookupError: this release does not know the kind or its version.
        ValueError: the body is not what its version says.
    """
    decoder = _decoders.get((kind, version))
    if decoder is None:
        raise LookupError(f"{kind} {version}")
    try:
        found = decoder.decode(body)
        if type(found) is RecordEdited:
            msgspec.convert(found.set, _FIELDS[kind, version])
        if spelt:
            _hold_spelling(found, body)
        while (kind, version) in UPCASTS:
            values = UPCASTS[kind, version](msgspec.to_builtins(found))
            version += 1
            found = msgspec.convert(values, KINDS[kind].versions[version])
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(str(error)) from error
    return found


def read_personal(kind: str, version: int, personal: bytes) -> dict[str, str | None]:
    """The personal part as its kind and version have it, without its salt. Erased, there is none to read.

    Raises:
        ValueError: it is not what its version says, or its kind has none.
    """
    values: dict[str, str | None] = msgspec.to_builtins(_personal(kind, version, personal))
    del values["salt"]
    return values


def hold_personal(kind: str, version: int, personal: bytes) -> None:
    """Hold a personal part against its kind, and against the one way in which it may be spelt.

    Raises:
        ValueError: it is not what its version says, is spelt another way, or its kind has none.
    """
    _hold_spelling(_personal(kind, version, personal), personal)


def _personal(kind: str, version: int, personal: bytes) -> Personal:
    decoder = _personal_decoders.get((kind, version))
    if decoder is None:
        raise ValueError(f"{kind} {version} has no personal part")
    try:
        return decoder.decode(personal)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(str(error)) from error


def _hold_spelling(found: Body | Personal, text: bytes) -> None:
    """What was read, written again, is the text: then it is spelt the one way, and nothing need be read twice.

    The other way round it need not be so, since a field may be left out for which there is a value.
    """
    again = _encode(found) if type(found) in IN_ORDER else canonical(found)
    if again != text and not is_canonical(text):
        raise ValueError("not spelt the one way")


# Orders come by the hundred: asked one after the other which shape a body has, each would wait for all the others.
_STANDS_ON: Mapping[type[Body], Callable[[Any, bytes], Iterable[bytes]]] = {
    OrderConfirmed: lambda body, _: () if body.customer is None else (bytes.fromhex(body.customer),),
    PaymentReceived: lambda body, _: (bytes.fromhex(body.order),),
    VariantAdded: lambda body, _: (bytes.fromhex(body.product),),
    CustomerErased: lambda body, agg_id: (agg_id, *map(bytes.fromhex, body.orders)),
    **dict.fromkeys(
        (RecordEdited, CustomerEdited, OrderCancelled, OrderStep, OrderNoted, ByWhom),
        lambda _, agg_id: (agg_id,),
    ),
}
_MAKES: Mapping[type[Body], Callable[[Any], list[bytes]]] = {
    ProductAdded: lambda body: [bytes.fromhex(variant.id) for variant in body.variants],
    VariantAdded: lambda body: [bytes.fromhex(body.variant.id)],
}
_MOVES: Mapping[type[Body], Callable[[Any], list[tuple[bytes, int]]]] = {
    OrderConfirmed: lambda body: [(bytes.fromhex(line.variant), -line.qty) for line in body.lines],
    OrderCancelled: lambda body: [(bytes.fromhex(move.variant), move.qty) for move in body.moves],
    StockMoved: lambda body: [(bytes.fromhex(move.variant), move.qty) for move in body.moves],
}


def needs_of(kind: str, agg_id: bytes, body: Body, moved: Sequence[tuple[bytes, int]] | None = None) -> Needs:
    """What an operation stands on. Who did it (`by`) is looked up like everything else.

    Args:
        kind: of the operation.
        agg_id: whose it is.
        body: what it says.
        moved: what `stock_moved_by` has given for it; None to ask.
    """
    variants = {variant for variant, _ in (stock_moved_by(body) if moved is None else moved)}
    by = getattr(body, "by", None)
    aggregates: set[bytes] = set() if by is None else {bytes.fromhex(by)}
    if kind == "variant.edited":
        variants.add(agg_id)
        return Needs(variants, aggregates)
    if type(body) is ReservationMade:
        variants.add(bytes.fromhex(body.variant))
    stands_on = _STANDS_ON.get(type(body))
    if stands_on is not None:
        aggregates.update(stands_on(body, agg_id))
    return Needs(variants, aggregates)


def variants_made(body: Body) -> list[bytes]:
    """Identities of the variants that an operation brings into the world."""
    makes = _MAKES.get(type(body))
    return [] if makes is None else makes(body)


def stock_moved_by(body: Body) -> list[tuple[bytes, int]]:
    """(variant, signed thousandths) for each movement that an operation makes."""
    moves = _MOVES.get(type(body))
    return [] if moves is None else moves(body)
