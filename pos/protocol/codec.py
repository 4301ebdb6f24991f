"""Messages to bytes and back: JSON in one zstd frame, with a limit on everything that can be made large.

The frame carries its content's length and checksum, so that a body cut off on the way is not a shorter body.
gzip is taken as well, for whoever tries the server with common tools.
"""

from __future__ import annotations

import zlib
from typing import TypeVar

import msgspec
import zstandard

LIMIT_BYTES = 8 << 20  # decoded; a request's operations are held to a quarter of it
_LEVEL = 1  # of such JSON as small as 3, in half the time (measured)
_WINDOW_BYTES = 8 << 20  # the least that every zstd decoder is to support

T = TypeVar("T", bound=msgspec.Struct)

_decoders: dict[type, msgspec.json.Decoder[msgspec.Struct]] = {}


class DecodeError(ValueError):
    """The bytes are no message."""


class TooLargeError(DecodeError):
    """They are, or would become, larger than any message may be."""


def encode(message: msgspec.Struct) -> bytes:
    """A message as one zstd frame of JSON."""
    raw = msgspec.json.encode(message)
    return zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(raw)


def decode(data: bytes, shape: type[T], *, encoding: str = "zstd", limit: int = LIMIT_BYTES) -> T:
    """The message in these bytes.

    Args:
        data: as received, whole.
        shape: which message is expected.
        encoding: ``zstd``, ``gzip`` or ``identity``.
        limit: how many bytes it may be when unpacked.

    Raises:
        TooLargeError: it is larger.
        DecodeError: it is cut off, damaged, or not of this shape. Nesting too deep counts as damage.
    """
    raw = _unpacked(data, encoding, limit)
    decoder = _decoders.get(shape)
    if decoder is None:
        decoder = _decoders[shape] = msgspec.json.Decoder(shape)
    try:
        raw.decode()  # what is passed on unread is UTF-8 too
        found = decoder.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DecodeError(str(error)) from error
    assert isinstance(found, shape)
    return found


def _unpacked(data: bytes, encoding: str, limit: int) -> bytes:
    if len(data) > limit:
        raise TooLargeError("message")
    if encoding == "identity":
        return data
    if encoding == "gzip":
        return _gunzipped(data, limit)
    if encoding != "zstd":
        raise DecodeError("encoding")
    try:
        frame = zstandard.get_frame_parameters(data)
        if frame.content_size == zstandard.CONTENTSIZE_UNKNOWN:
            raise DecodeError("the frame does not say its length")
        if frame.content_size > limit:
            raise TooLargeError("message")
        if frame.window_size > max(limit, _WINDOW_BYTES):
            raise DecodeError("the frame asks for too much memory")
        # At one go: room is made for the length that it says, and what is longer is damage. Piece by piece it would
        # be found to be longer only at its end.
        return zstandard.ZstdDecompressor().decompress(data, allow_extra_data=False)
    except (zstandard.ZstdError, MemoryError) as error:
        raise DecodeError(str(error)) from error


def _gunzipped(data: bytes, limit: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        raw = unpacker.decompress(data, limit + 1)
    except zlib.error as error:
        raise DecodeError(str(error)) from error
    if len(raw) > limit:
        raise TooLargeError("message")
    if not unpacker.eof or unpacker.unused_data:
        raise DecodeError("the stream is not whole, or not alone")
    return raw
