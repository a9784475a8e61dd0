"""The panel's answers as columns of numbers: filtered, put together, and packed into bytes."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feedback.cells.narrow import WIDTHS, narrowed
from feedback.statistics.columns.distinct import distinct

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]

_LENGTH = struct.Struct("<I")
_NONE = np.empty(0, np.int8)
PACKS = 1024
"""So many packs stay open in a process: some ten kilobytes each."""
_Part = tuple[Sequence[str], Sequence[NDArray[Any]]]
"""Words and columns, as a pack has them."""
_COLUMNS = ("who", "at", "touchpoint", "survey", "channel", "language", "metric", "points")
_SAID = ("said_by", "theme", "praise")
_BELONGS = ("member", "segment")
_ALL = (*_COLUMNS, *_SAID, *_BELONGS)
_KINDS = (*(0 for _ in _COLUMNS), *(1 for _ in _SAID), *(2 for _ in _BELONGS))
_WORDS = ("channel", "language", "metric", "theme")
"""Columns of places among the words."""
_PLACES = ("said_by", "member")
"""Columns of places among the answers."""


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """One row an answer: the points that one response earned in one metric at one touchpoint.

    `who` is the customer's id, or the response's below 0 where nobody is known; `at` counts
    microseconds of the epoch, `points` thousandths. `channel`, `language` ('' where it is not
    known), `metric` and `theme` are places in `words`. Answer `said_by[i]` speaks of `theme[i]`,
    well where `praise[i]` is 1; the customer of answer `member[i]` belongs to `segment[i]`.
    """

    words: tuple[str, ...]
    who: Numbers
    at: Numbers
    touchpoint: Numbers
    survey: Numbers
    channel: Numbers
    language: Numbers
    metric: Numbers
    points: Numbers
    said_by: Numbers
    theme: Numbers
    praise: Numbers
    member: Numbers
    segment: Numbers

    def __len__(self) -> int:
        return len(self.who)

    def place(self, word: str) -> int:
        """The place of a word, -1 where nobody says it."""
        return self.words.index(word) if word in self.words else -1

    def only(self, kept: Mask) -> Answers:
        """These answers, with what was said in them and where their customers belong."""
        if kept.all():
            return self
        new = np.cumsum(kept) - 1
        said, belongs = kept[self.said_by], kept[self.member]
        return replace(
            self,
            **{name: getattr(self, name)[kept] for name in _COLUMNS},
            **{name: getattr(self, name)[said] for name in _SAID[1:]},
            **{name: getattr(self, name)[belongs] for name in _BELONGS[1:]},
            said_by=new[self.said_by[said]],
            member=new[self.member[belongs]],
        )

    def tidied(self) -> Answers:
        """The same with no other words than are said, in their own order."""
        said = np.concatenate([getattr(self, name) for name in _WORDS])
        used = distinct(said).tolist()
        words = sorted(self.words[place] for place in used)
        new = np.zeros(len(self.words), np.int64)
        new[used] = [words.index(self.words[place]) for place in used]
        return self.respelt(tuple(words), new)

    def respelt(self, words: tuple[str, ...], new: Numbers) -> Answers:
        """The same with other words: the one at place i now stands at `new[i]`."""
        return replace(self, words=words, **{name: new[getattr(self, name)] for name in _WORDS})

    def pack(self) -> bytes:
        """As bytes: zlib of the length of a head, the head (JSON) and the columns one by one.

        The head holds how many rows there are of each kind, the words, and how many bytes each
        column's little-endian integers have.
        """
        columns = [narrowed(getattr(self, name)) for name in _ALL]
        sizes = [len(self.who), len(self.said_by), len(self.member)]
        widths = [column.itemsize for column in columns]
        parts = [sizes, self.words, widths]
        head = json.dumps(parts, separators=(",", ":"), ensure_ascii=False).encode()
        body = b"".join(column.tobytes() for column in columns)
        return zlib.compress(_LENGTH.pack(len(head)) + head + body, 1)


NOBODY = Answers((), *(np.empty(0, np.int64) for _ in _ALL))
"""No answers."""


def unpacked(packs: Iterable[bytes]) -> Answers:
    """The answers of packs together, in their order; never to be written to."""
    return _together([_opened(pack) for pack in packs])


@lru_cache(maxsize=PACKS)
def _opened(pack: bytes) -> _Part:
    """Words and columns of a pack: most of a history's stay what they were, report by report."""
    data = zlib.decompress(pack)
    (length,) = _LENGTH.unpack_from(data)
    at = _LENGTH.size + length
    sizes, words, widths = json.loads(data[_LENGTH.size : at])
    columns = []
    for kind, width in zip(_KINDS, widths, strict=True):
        columns.append(np.frombuffer(data, WIDTHS[width], sizes[kind], at))
        at += sizes[kind] * width
    return words, columns


def together(parts: Iterable[Answers]) -> Answers:
    """All answers of several parts, in their order."""
    return _together([(part.words, [getattr(part, name) for name in _ALL]) for part in parts])


def _together(parts: Sequence[_Part]) -> Answers:
    """Words are renamed, and answers counted on, in all columns at once: parts are many."""
    places: dict[str, int] = {}
    new = [places.setdefault(word, len(places)) for words, _ in parts for word in words]
    named = np.array([*new, 0], np.int64)
    words = _before(len(words) for words, _ in parts)
    answers = _before(len(columns[0]) for _, columns in parts)
    whole = {}
    for place, name in enumerate(_ALL):
        columns = [own[place] for _, own in parts]
        column = np.concatenate([_NONE, *columns]).astype(np.int64)
        rows = [len(one) for one in columns]
        if name in _WORDS:
            column = named[column + np.repeat(words, rows)]
        elif name in _PLACES:
            column += np.repeat(answers, rows)
        column.setflags(write=False)
        whole[name] = column
    return Answers(tuple(places), **whole)


def _before(sizes: Iterable[int]) -> Numbers:
    """How many there are before each part."""
    listed = np.array(list(sizes), np.int64)
    return np.cumsum(listed) - listed


def between(answers: Answers, moments: Sequence[int]) -> list[Answers]:
    """The answers of each stretch from one of these moments to just before the next."""
    places = np.searchsorted(np.array(moments), answers.at, side="right") - 1
    return [answers.only(places == place).tidied() for place in range(len(moments) - 1)]
