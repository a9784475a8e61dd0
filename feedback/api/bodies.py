"""The body of a request as JSON: unpacked where it came packed, within its limit."""

from __future__ import annotations

import zlib
from typing import Any

from pydantic_core import from_json

from models.errors import InvalidInput

_GZIP = 31  # zlib's window bits for gzip with its header


class TooLarge(InvalidInput):
    """A body, or a part of it, holds more than is taken at once."""


def unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    """The plain bytes of a body, at most `limit`; InvalidInput when it is no gzip."""
    packing = encoding.strip().lower()
    if packing in {"", "identity"}:
        plain = body
    elif packing == "gzip":
        plain = _gunzip(body, limit)
    else:
        mend = "Send it as gzip, or as it is."
        raise InvalidInput(f"is packed as {packing[:20]!r}", field="Content-Encoding", mend=mend)
    if len(plain) > limit:
        what = f"holds more than {limit // 1024} KB"
        raise TooLarge(what, field="body", mend="Send less at once, the rest after.")
    return plain


def _gunzip(body: bytes, limit: int) -> bytes:
    unpacker = zlib.decompressobj(_GZIP)
    try:
        plain = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise InvalidInput("is no gzip", field="body", mend="Pack it anew.") from error
    if len(plain) <= limit and not unpacker.eof:
        raise InvalidInput("is a gzip cut short", field="body", mend="Send all of it.")
    return plain


def as_json(plain: bytes) -> Any:
    """What the bytes hold; InvalidInput when they are no JSON."""
    try:
        return from_json(plain, allow_inf_nan=False)
    except ValueError as error:
        what = f"is not JSON: {str(error)[:200]}"
        raise InvalidInput(what, field="body", mend="Send JSON in UTF-8.") from error
