"""Sums packed into bytes.

A pack is zlib of: the length of its names, the names (JSON: touchpoint ids and words), the keys
and the values, both as little-endian 64-bit integers. A key holds the places of its touchpoint
and its words among the names, and its kind. Zeros are left out.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Names = Mapping[str, list[Any]]
_WORD = 20
_KIND_AT, _TOUCHPOINT_AT = 2 * _WORD, 2 * _WORD + 8
_WORDS, _KINDS = (1 << _WORD) - 1, 0xFF
_LENGTH = struct.Struct("<I")


def head_of(touchpoints: Sequence[int], words: Sequence[str]) -> bytes:
    """Where a pack begins: the names by their places."""
    names = {"touchpoints": touchpoints, "words": words}
    head = json.dumps(names, separators=(",", ":"), ensure_ascii=False).encode()
    return _LENGTH.pack(len(head)) + head


def pack(head: bytes, keys: Numbers, values: Numbers) -> bytes:
    """A pack of keys, in order and each once, and the numbers they stand for."""
    body = [numbers.astype("<i8", copy=False).tobytes() for numbers in (keys, values)]
    return zlib.compress(b"".join((head, *body)), 1)


def kept_of(
    keys: Numbers,
    names: Names,
    touchpoints: Collection[int] | None,
    kinds: NDArray[np.bool_] | None,
) -> NDArray[np.bool_]:
    """Which keys are of these touchpoints and kinds (a mask of 256); None: of all."""
    kept = np.ones(len(keys), np.bool_)
    if kinds is not None:
        kept &= kinds[(keys >> _KIND_AT) & _KINDS]
    if touchpoints is not None:
        wanted = np.array([one in touchpoints for one in names["touchpoints"]], np.bool_)
        kept &= wanted[keys >> _TOUCHPOINT_AT]
    return kept


def mask_of(kinds: Iterable[int]) -> NDArray[np.bool_]:
    """These kinds as the mask that `Sums` take."""
    mask = np.zeros(_KINDS + 1, bool)
    mask[list(kinds)] = True
    return mask


def key_of(touchpoints: Numbers, kinds: Numbers, first: Numbers, second: Numbers) -> Numbers:
    """Keys from the places of touchpoints, kinds, and the places of words."""
    return (touchpoints << _TOUCHPOINT_AT) | (kinds << _KIND_AT) | (first << _WORD) | second


def parts_of(keys: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """The places of touchpoints, kinds, and the places of words that keys are made of."""
    kinds = (keys >> _KIND_AT) & _KINDS
    return keys >> _TOUCHPOINT_AT, kinds, (keys >> _WORD) & _WORDS, keys & _WORDS


def opened(pack: bytes) -> tuple[bytes, Numbers, Numbers]:
    """A pack's names as they are written, its keys, and its numbers."""
    data = zlib.decompress(pack)
    start = _LENGTH.size + _LENGTH.unpack_from(data)[0]
    numbers = np.frombuffer(data, "<i8", offset=start)
    half = len(numbers) // 2
    return data[_LENGTH.size : start], numbers[:half], numbers[half:]
