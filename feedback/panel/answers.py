"""The panel's answers as columns of numbers: filtered, put together, and packed into bytes."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]

_LENGTH = struct.Struct("<I")
_COLUMNS = ("who", "at", "touchpoint", "survey", "channel", "language", "metric", "points")
_SAID = ("said_by", "theme", "praise")
_BELONGS = ("member", "segment")
_WORDS = ("channel", "language", "metric", "theme")


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
        used = np.unique(said).tolist()
        words = sorted(self.words[place] for place in used)
        new = np.zeros(len(self.words), np.int64)
        new[used] = [words.index(self.words[place]) for place in used]
        return self.respelt(tuple(words), new)

    def respelt(self, words: tuple[str, ...], new: Numbers) -> Answers:
        """The same with other words: the one at place i now stands at `new[i]`."""
        return replace(self, words=words, **{name: new[getattr(self, name)] for name in _WORDS})

    def pack(self) -> bytes:
        """As bytes: zlib of the length of a head, the head (JSON) and little-endian integers."""
        sizes = [len(self.who), len(self.said_by), len(self.member)]
        head = json.dumps([sizes, self.words], separators=(",", ":"), ensure_ascii=False).encode()
        columns = [getattr(self, name) for name in (*_COLUMNS, *_SAID, *_BELONGS)]
        body = np.concatenate(columns).astype("<i8").tobytes()
        return zlib.compress(_LENGTH.pack(len(head)) + head + body, 1)


NOBODY = Answers((), *(np.empty(0, np.int64) for _ in (*_COLUMNS, *_SAID, *_BELONGS)))
"""No answers."""


def unpacked(pack: bytes) -> Answers:
    """The answers of a pack."""
    data = zlib.decompress(pack)
    (length,) = _LENGTH.unpack_from(data)
    (answers, said, belongs), words = json.loads(data[_LENGTH.size : _LENGTH.size + length])
    numbers = np.frombuffer(data, "<i8", offset=_LENGTH.size + length)
    sizes = [answers] * len(_COLUMNS) + [said] * len(_SAID) + [belongs] * len(_BELONGS)
    columns = np.split(numbers, np.cumsum(sizes)[:-1])
    return Answers(tuple(words), *columns)


def together(parts: Iterable[Answers]) -> Answers:
    """All answers of several parts, in their order."""
    listed = [part for part in parts if len(part)]
    if len(listed) < 2:
        return listed[0] if listed else NOBODY
    places: dict[str, int] = {}
    for part in listed:
        for word in part.words:
            places.setdefault(word, len(places))
    starts = np.cumsum([0, *(len(part) for part in listed)])[:-1].tolist()
    moved = [_moved(*one, places) for one in zip(listed, starts, strict=True)]
    names = [field.name for field in fields(Answers) if field.name != "words"]
    columns = (np.concatenate([getattr(part, name) for part in moved]) for name in names)
    return Answers(tuple(places), *columns)


def _moved(part: Answers, start: int, places: dict[str, int]) -> Answers:
    """A part with its words at these places and its answers counted from `start`."""
    new = np.array([places[word] for word in part.words], np.int64)
    return replace(
        part.respelt(tuple(places), new), said_by=part.said_by + start, member=part.member + start
    )


def between(answers: Answers, moments: Sequence[int]) -> list[Answers]:
    """The answers of each stretch from one of these moments to just before the next."""
    places = np.searchsorted(np.array(moments), answers.at, side="right") - 1
    return [answers.only(places == place).tidied() for place in range(len(moments) - 1)]
