"""Leave out each piece of a passage in turn, and see how a decision changes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nlp.encoder import Encoder
from nlp.heads import Head
from nlp.windows import Passage

INSTEAD = ("", "...")
"""A piece is taken away and replaced; the mean of both is steadier than either."""
MOST = 60
LEAST = 18
"""Variants encoded; a longer text has fewer, so that the work stays about the same."""
CHARACTERS = 10_000
"""Characters encoded in all, about."""
ROUNDS = 3
"""In a longer text, the weightiest phrases are cut up so often."""
SURE = 1e-6
"""Probabilities nearer to 0 or 1 are taken for this near."""

Matrix = NDArray[np.float32]
Span = tuple[int, int]
Effect = tuple[Span, float]


@dataclass(frozen=True, slots=True)
class Decision:
    """A label of a head, for the whole comment or for characters start..end of it as written.

    `by_clause`: the whole counts as the likeliest of its clauses does, as themes do.
    """

    head: Head
    label: str
    span: Span | None = None
    by_clause: bool = False


def effects(
    passage: Passage, words: Sequence[Span], decision: Decision, encoder: Encoder
) -> list[Effect]:
    """What each piece adds to the decision; phrases first where there are too many words."""
    number = most(len(passage.text))
    if len(words) <= number:
        return _left_out(passage, words, decision, encoder)
    share = number // ROUNDS
    found = _left_out(passage, grouped(words, share), decision, encoder)
    for _ in range(ROUNDS - 1):
        found = _opened(found, words, share, lambda new: _left_out(passage, new, decision, encoder))
    return found


def _opened(
    found: Sequence[Effect],
    words: Sequence[Span],
    share: int,
    weigh: Callable[[Sequence[Span]], list[Effect]],
) -> list[Effect]:
    """The pieces with the weightiest phrases cut up, into so many parts together."""
    kept: list[Effect] = []
    parts: list[Span] = []
    for piece, effect in sorted(found, key=lambda one: -abs(one[1])):
        inside = [word for word in words if piece[0] <= word[0] < piece[1]]
        left = share - len(parts)
        if len(inside) > 1 and left > 1:
            parts.extend(grouped(inside, min(left, len(inside))))
        else:
            kept.append((piece, effect))
    return [*kept, *weigh(parts)] if parts else kept


def _left_out(
    passage: Passage, pieces: Sequence[Span], decision: Decision, encoder: Encoder
) -> list[Effect]:
    """One call of the encoder: the passage, and the passage without each piece, in two ways."""
    ways = [without(passage, piece, instead) for piece in pieces for instead in INSTEAD]
    whole, *sides = (_side(decision, rows) for rows in encoder.encode([passage, *ways]))
    means = np.reshape(sides, (len(pieces), len(INSTEAD))).mean(axis=1)
    return [(piece, whole - float(mean)) for piece, mean in zip(pieces, means, strict=True)]


def _side(decision: Decision, rows: Matrix) -> float:
    """How far the model is on the side of the decision, in log odds."""
    column = decision.head.labels.index(decision.label)
    chances = decision.head.probabilities(rows)[:, column]
    whole = chances.max() if decision.by_clause else chances[0]
    return log_odds(float(chances[-1] if decision.span else whole))


def log_odds(chance: float) -> float:
    """A probability on the scale where effects add up."""
    near = min(1 - SURE, max(SURE, chance))
    return math.log(near / (1 - near))


def most(characters: int) -> int:
    """How many pieces of a passage this long are weighed, so that the work stays about the same."""
    return min(MOST, max(LEAST, CHARACTERS // max(1, characters))) // len(INSTEAD)


def without(passage: Passage, piece: Span, instead: str) -> Passage:
    """The passage with a stretch replaced, or gone with the space after it; its spans move."""
    start, end = piece
    end += not instead and passage.text[end : end + 1] == " "
    longer = len(instead) - (end - start)

    def moved(at: int) -> int:
        return at if at <= start else max(start, at + longer)

    spans = tuple((moved(a), moved(b)) for a, b in passage.spans)
    text = passage.text[:start] + instead + passage.text[end:]
    return Passage(text, passage.question, spans)


def grouped(words: Sequence[Span], number: int) -> list[Span]:
    """So many phrases of neighbouring words, as equal as can be."""
    bounds = [len(words) * i // number for i in range(number + 1)]
    return [(words[a][0], words[b - 1][1]) for a, b in pairwise(bounds) if a < b]
