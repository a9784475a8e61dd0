"""A quote behind a pain point: which of what was said is one, and how much of it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from nlp.redaction import redactions, without

QUOTES = 3
SPARE = 8
"""So many from the top, and from the middle on, are looked at for what was not said before."""
LONGEST = 280
READABLE = (20, 400)


@dataclass(frozen=True, slots=True)
class Quote:
    """A comment, or the stretch of it that speaks of the theme; `sentiment_score` is its.

    Without personal data: reports are passed on, and a stretch could cut a number in two.
    """

    comment_id: int
    text: str
    sentiment_score: float


class Stretch(Protocol):
    """A comment's text and a stretch [start, end) of it; a row is one too."""

    @property
    def text(self) -> str:
        """The whole comment."""

    @property
    def start(self) -> int:
        """First character."""

    @property
    def end(self) -> int:
        """One past the last."""


class Said(NamedTuple):
    """A mention: its comment and id, its theme as it was read, how it feels, and its stretch."""

    comment_id: int
    id: int
    theme: str
    sentiment: str
    sentiment_score: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Part:
    text: str
    start: int
    end: int


def shortened(row: Stretch) -> str:
    """The whole comment where it is short, else the stretch that speaks of the theme."""
    found = redactions(row.text)
    text = without(row.text, found).strip()
    if len(text) <= LONGEST:
        return text
    part = without(row.text, found, row.start, row.end).strip() or text
    cut = part if len(part) <= LONGEST else part[: LONGEST - 1].rstrip() + "…"
    before = "" if text.startswith(part) else "… "
    after = "" if cut.endswith("…") or text.endswith(part) else " …"
    return f"{before}{cut}{after}"


def chosen(said: Sequence[Said], texts: Mapping[int, str]) -> tuple[Quote, ...]:
    """The two worst of what was said of a cell and the one in the middle, by comments' texts.

    What reads well comes before what does not, and what was said twice counts once. A comment
    without a text, deleted meanwhile, is none.
    """
    order = sorted(_placed(one, texts[one.comment_id]) for one in said if one.comment_id in texts)
    half = len(order) / 2
    ranked: dict[str, tuple[int, Said]] = {}
    for place, (*_, one) in enumerate(order, 1):
        if place <= SPARE or half <= place <= half + SPARE:
            ranked.setdefault(texts[one.comment_id], (place, one))
    first, rest = list(ranked.values())[: QUOTES - 1], list(ranked.values())[QUOTES - 1 :]
    middle = [one for one in rest if one[0] > len(order) // 2] or rest
    return tuple(_quote(one, texts[one.comment_id]) for _, one in (*first, *middle[:1]))


def _placed(one: Said, text: str) -> tuple[bool, float, Said]:
    """What orders mentions: what reads well first, then what feels strongest, then their ids."""
    readable = READABLE[0] <= len(text) <= READABLE[1]
    strength = -one.sentiment_score if one.sentiment == "positive" else one.sentiment_score
    return not readable, strength, one


def _quote(one: Said, text: str) -> Quote:
    part = _Part(text, one.start, one.end)
    return Quote(one.comment_id, shortened(part), one.sentiment_score)
