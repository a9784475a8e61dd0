"""Small slips of the thumb: how far two words are apart."""

from __future__ import annotations

SHORT = 4
LONG = 8


def slips_allowed(word: str) -> int:
    """How many slips a word of this length may hold and still be meant."""
    return 0 if len(word) < SHORT else 1 if len(word) < LONG else 2


def close(typed: str, meant: str) -> int | None:
    """The slips between two words (wrong, missing, doubled or swapped letters); None if too many.

    Optimal string alignment distance, within what the meant word's length allows.
    """
    if typed == meant:
        return 0
    allowed = slips_allowed(meant)
    if abs(len(typed) - len(meant)) > allowed or not allowed:
        return None
    slips = _distance(typed, meant)
    return slips if slips <= allowed else None


def _distance(one: str, two: str) -> int:
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, left in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, right in enumerate(two, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == two[j - 2] and one[i - 2] == right:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
