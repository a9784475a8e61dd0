"""Small slips of the thumb: how far two words are apart."""

from __future__ import annotations

from itertools import groupby

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


def slipped(typed: str, meant: str) -> bool:
    """Whether a word is another with one slip, but not in its first letter.

    Of short words, which are one letter from many others, only letters doubled or two
    neighbours swapped: "niine" and "nien" are nine, "none" and "nice" are not.
    """
    if typed[:1] != meant[:1] or len(typed) < SHORT:
        return False
    if len(meant) > SHORT and _distance(typed, meant) == 1:
        return True
    return squeezed(typed) == squeezed(meant) or _swapped(typed, meant)


def squeezed(word: str) -> str:
    """A word without doubled letters."""
    return "".join(letter for letter, _ in groupby(word))


def _swapped(typed: str, meant: str) -> bool:
    if len(typed) != len(meant):
        return False
    apart = [place for place, letter in enumerate(typed) if letter != meant[place]]
    near = len(apart) == 2 and apart[1] == apart[0] + 1
    return near and typed[apart[0]] == meant[apart[1]] and typed[apart[1]] == meant[apart[0]]


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
