"""Listed phrases found in the words of a clause."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

LONGEST_PHRASE = 5


def phrases(spoken: Sequence[str], place: int, listed: Collection[str]) -> Iterator[int]:
    """The ends of the listed phrases that begin at a place."""
    for end in range(place + 1, min(place + LONGEST_PHRASE, len(spoken)) + 1):
        if " ".join(spoken[place:end]) in listed:
            yield end


def starts(
    spoken: Sequence[str], listed: Collection[str], denied: Collection[str]
) -> Iterator[int]:
    """Where listed phrases end that no denying word stands right before: "don't stop"."""
    for place in range(len(spoken)):
        if place and spoken[place - 1] in denied:
            continue
        yield from phrases(spoken, place, listed)


def leads_to(
    spoken: Sequence[str],
    place: int,
    things: Collection[str],
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
