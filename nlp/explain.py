"""Why: the words that carried a decision, found by leaving each out (occlusion).

What is shown is what the model does, not what the customer meant: a word's share is how much
surer the model is with it than without. Where two words say the same, either alone does, and each
carries little. Other ways were measured in docs/decisions.md.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.encoder import Encoder
from nlp.occlusion import Decision, Effect, Span, effects
from nlp.prepare import prepare
from nlp.reading import CommentText
from nlp.text import CleanText
from nlp.windows import Passage

LONGEST = 800
"""Characters that are weighed: those around the span, or the first."""
FAINT = 0.1
"""Pieces with less than this part of the greatest share are left out: noise of 8-bit weights."""
NOTHING = 1e-6
_WORD = re.compile(r"[^\W_]+(?:['.@/-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters start..end of the comment as written, and their share of the decision.

    A share above 0 spoke for it, below 0 against; without signs, all shares sum to 1.
    """

    start: int
    end: int
    share: float


def explain(text: CommentText, decision: Decision, encoder: Encoder) -> tuple[Piece, ...]:
    """The pieces of a comment in order, with their shares; none where it can't be read.

    Pieces are words, and in a long comment phrases where they carried little; those that carried
    next to nothing are not there.
    """
    prepared = prepare(text)
    if not prepared.language.read:
        return ()
    cleaned = prepared.clean
    span = cleaned_span(cleaned, decision.span) if decision.span else None
    begin, end = _weighed(len(cleaned.text), span)
    spans = [span] if span else list(prepared.spans if decision.by_clause else ())
    shifted = tuple(
        (max(a, begin) - begin, min(b, end) - begin) for a, b in spans if a < end and b > begin
    )
    passage = Passage(cleaned.text[begin:end], prepared.question, shifted)
    words = [(a - begin, b - begin) for a, b in words_in(cleaned, begin, end)]
    found = effects(passage, words, decision, encoder)
    return pieces(cleaned, found, begin)


def pieces(cleaned: CleanText, found: Sequence[Effect], begin: int = 0) -> tuple[Piece, ...]:
    """Effects of stretches of the cleaned text, counted from `begin`, as shares in the original."""
    least = FAINT * max((abs(effect) for _, effect in found), default=0.0)
    total = sum(abs(effect) for _, effect in found if abs(effect) >= least)
    if total < NOTHING:
        return ()
    return tuple(
        Piece(*cleaned.original_span(a + begin, b + begin), round(effect / total, 4))
        for (a, b), effect in sorted(found)
        if abs(effect) >= least
    )


def words_in(cleaned: CleanText, begin: int, end: int) -> list[Span]:
    """Words; those that were one character as written, an emoji in words, are one."""
    found: list[Span] = []
    for match in _WORD.finditer(cleaned.text, begin, end):
        start, stop = match.span()
        if found and cleaned.starts[start] < cleaned.ends[found[-1][1] - 1]:
            start = found.pop()[0]
        found.append((start, stop))
    return found


def cleaned_span(cleaned: CleanText, span: Span) -> Span | None:
    """Where characters of the original stand in the cleaned text; None where nothing is left."""
    start = bisect_right(cleaned.ends, span[0])
    end = bisect_left(cleaned.starts, span[1])
    return (start, end) if start < end else None


def _weighed(length: int, span: Span | None) -> Span:
    """The stretch that is weighed: all, or as much as may be around the span."""
    if length <= LONGEST:
        return 0, length
    middle = (span[0] + span[1]) // 2 if span else 0
    begin = max(0, min(middle - LONGEST // 2, length - LONGEST))
    return begin, begin + LONGEST
