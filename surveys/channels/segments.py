"""How many SMS segments a text takes: GSM-7 or UCS-2, counted as carriers bill it.

Sizes after 3GPP TS 23.038 and 23.040: 160 septets or 70 UTF-16 units in a lone segment, 153 or
67 where a header joins several. What a reader sees as one character, be it two units or an emoji
of eleven, is never split over a boundary, as at Twilio.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from surveys.channels.characters import characters

Encoding = Literal["GSM-7", "UCS-2"]

GSM_BASIC = frozenset(
    "@\u00a3$\u00a5\u00e8\u00e9\u00f9\u00ec\u00f2\u00c7\n\u00d8\u00f8\r\u00c5\u00e5"
    "\u0394_\u03a6\u0393\u039b\u03a9\u03a0\u03a8\u03a3\u0398\u039e\u00c6\u00e6\u00df\u00c9"
    " !\"#\u00a4%&'()*+,-./0123456789:;<=>?"
    "\u00a1ABCDEFGHIJKLMNOPQRSTUVWXYZ\u00c4\u00d6\u00d1\u00dc\u00a7"
    "\u00bfabcdefghijklmnopqrstuvwxyz\u00e4\u00f6\u00f1\u00fc\u00e0"
)
GSM_EXTENSION = frozenset("\f^{}\\[~]|\u20ac")
_GSM = GSM_BASIC | GSM_EXTENSION
_LONE = {"GSM-7": 160, "UCS-2": 70}
_JOINED = {"GSM-7": 153, "UCS-2": 67}
_LAST_OF_PLANE_0 = 0xFFFF


@dataclass(frozen=True)
class Segments:
    """What a text takes: `units` are septets in GSM-7, UTF-16 code units in UCS-2."""

    encoding: Encoding
    units: int
    segments: int


def count(text: str) -> Segments:
    """The encoding, units and segments of a text; an empty one takes one, as any message."""
    encoding: Encoding = "GSM-7" if is_gsm(text) else "UCS-2"
    units = _units(text, encoding)
    if units <= _LONE[encoding]:
        return Segments(encoding, units, 1)
    return Segments(encoding, units, _filled(_sizes(text, encoding), _JOINED[encoding]))


def is_gsm(text: str) -> bool:
    """Whether every character is in the GSM-7 alphabet or its extension."""
    return _GSM.issuperset(text)


def forcing(text: str) -> tuple[str, ...]:
    """The characters that force UCS-2, each once, in order."""
    return tuple(dict.fromkeys(char for char in text if not is_gsm(char)))


def _units(text: str, encoding: Encoding) -> int:
    if encoding == "GSM-7":
        return len(text) + sum(map(text.count, GSM_EXTENSION))
    return len(text) + sum(ord(char) > _LAST_OF_PLANE_0 for char in text)


def _sizes(text: str, encoding: Encoding) -> Iterator[int]:
    """The units of each character that is sent whole; none is larger than a segment."""
    for character in text if encoding == "GSM-7" else characters(text):
        units = _units(character, encoding)
        if units <= _JOINED[encoding]:
            yield units
        else:
            yield from (_units(char, encoding) for char in character)


def _filled(sizes: Iterable[int], room: int) -> int:
    """How many segments hold characters of these sizes, none of them split."""
    segments, left = 0, 0
    for size in sizes:
        if size > left:
            segments, left = segments + 1, room
        left -= size
    return segments
