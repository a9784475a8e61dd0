"""Listed phrases found in the words of a clause."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache

LONGEST_PHRASE = 5


def phrases(spoken: Sequence[str], place: int, listed: frozenset[str]) -> Iterator[int]:
    """The ends of the listed phrases that begin at a place."""
    if place >= len(spoken) or spoken[place] not in _first_words(listed):
        return
    for end in range(place + 1, min(place + LONGEST_PHRASE, len(spoken)) + 1):
        if " ".join(spoken[place:end]) in listed:
            yield end


def starts(spoken: Sequence[str], listed: frozenset[str], denied: Collection[str]) -> Iterator[int]:
    """Where listed phrases end that no denying word stands right before: "don't stop"."""
    for place in range(len(spoken)):
        if place and spoken[place - 1] in denied:
            continue
        yield from phrases(spoken, place, listed)


def leads_to(
    spoken: Sequence[str],
    place: int,
    things: frozenset[str],
    between: Collection[str] | Callable[[str], bool],
) -> bool:
    """Whether such a thing follows, with nothing but the words between."""
    passes = between if callable(between) else between.__contains__
    for start in range(place, len(spoken)):
        if any(True for _ in phrases(spoken, start, things)):
            return True
        if not passes(spoken[start]):
            return False
    return False


@cache
def _first_words(listed: frozenset[str]) -> frozenset[str]:
    """What the listed phrases begin with: most words begin none."""
    return frozenset(phrase.partition(" ")[0] for phrase in listed)
