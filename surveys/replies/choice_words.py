"""The words of a question's choices, and which of them a reply names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from surveys.language_pack import Pack
from surveys.replies.spelling import close
from surveys.replies.text import Tidy, tidy, unelided, words
from surveys.replies.tokens import APART, Token, mark_at, tokens

_SHORTEST_PART = 4


@dataclass(frozen=True)
class Found:
    """A choice that a reply names, up to the character `end`, with so many slips."""

    choice: int
    end: int
    slips: int
    words: int


class ChoiceWords:
    """The choices as lists of plain words."""

    def __init__(self, choices: Sequence[str], known: Pack) -> None:
        self.known = known
        self.listed = [
            [token.word for token in tokens(tidy(choice), known) if not token.is_mark]
            for choice in choices
        ]
        self.typed = [words(choice) for choice in choices]

    def exact(self, plain: str) -> list[int]:
        """The places of the choices that say just this."""
        return [place for place, typed in enumerate(self.typed) if " ".join(typed) == plain]

    def beginning(self, plain: str) -> list[int]:
        """The places of the choices that begin with these words."""
        said = plain.split()
        return [
            place for place, typed in enumerate(self.typed) if said and typed[: len(said)] == said
        ]

    def named(self, found: Sequence[Token]) -> set[int]:
        """The places of all choices whose whole words stand somewhere in a reply."""
        spoken = [token.word for token in found if not token.is_mark]
        return {
            place
            for place, listed in enumerate(self.listed)
            if any(
                _slips(spoken[start : start + len(listed)], listed) is not None
                for start in range(len(spoken) - len(listed) + 1)
            )
        }

    def inside(self, place: int) -> set[int]:
        """The places of choices whose words are part of this one's."""
        joined = f" {' '.join(self.listed[place])} "
        return {
            other for other, listed in enumerate(self.listed) if f" {' '.join(listed)} " in joined
        }

    def best_at(
        self, tidied: Tidy, found: Sequence[Token], spoken: Sequence[Token]
    ) -> Found | None:
        """The one choice that the first of these words name best; None where it isn't one."""
        whole = [one for one in self._whole(spoken) if self._may_end(tidied, found, one)]
        ranked = sorted(
            whole or self._part(tidied, found, spoken), key=lambda one: (-one.words, one.slips)
        )
        if not ranked:
            return None
        rivals = [
            one
            for one in ranked[1:]
            if (one.words, one.slips) == (ranked[0].words, ranked[0].slips)
        ]
        return None if any(one.choice != ranked[0].choice for one in rivals) else ranked[0]

    def _whole(self, spoken: Sequence[Token]) -> list[Found]:
        hits: list[Found] = []
        for place, listed in enumerate(self.listed):
            slips = _slips([token.word for token in spoken[: len(listed)]], listed)
            if slips is not None:
                hits.append(Found(place, spoken[len(listed) - 1].end, slips, len(listed)))
        return hits

    def _part(self, tidied: Tidy, found: Sequence[Token], spoken: Sequence[Token]) -> list[Found]:
        """Some words of a choice that no other choice has, set apart: "quality"."""
        for size in range(len(spoken), 0, -1):
            stretch = [token.word for token in spoken[:size]]
            hits = [
                Found(place, spoken[size - 1].end, 0, size)
                for place, listed in enumerate(self.listed)
                if _holds(listed, stretch)
            ]
            apart = [one for one in hits if self._set_apart(tidied, found, one.end)]
            if apart:
                return apart
        return []

    def _may_end(self, tidied: Tidy, found: Sequence[Token], one: Found) -> bool:
        """A short choice, or one that is an everyday word, must be set apart."""
        said = " ".join(self.listed[one.choice])
        everyday = said in self.known.yes | self.known.no | self.known.unsure
        short = len(said) < _SHORTEST_PART or everyday
        return not short or self._set_apart(tidied, found, one.end)

    def _set_apart(self, tidied: Tidy, found: Sequence[Token], end: int) -> bool:
        rest = [token for token in found if token.start >= end]
        if not rest or mark_at(tidied, rest[0]) in APART:
            return True
        return all(token.is_mark or token.word in self.known.fillers for token in rest)


def _slips(spoken: Sequence[str], listed: Sequence[str]) -> int | None:
    """The slips between two runs of words, word by word; None where one is too far off."""
    if len(spoken) != len(listed) or not listed:
        return None
    pairs = zip(spoken, listed, strict=True)
    apart = [_apart(unelided(one), unelided(two)) for one, two in pairs]
    return None if None in apart else sum(slips for slips in apart if slips)


def _apart(typed: str, meant: str) -> int | None:
    """The slips between two words; cut short counts as one: "cust service"."""
    cut = len(typed) >= _SHORTEST_PART and meant.startswith(typed)
    return close(typed, meant) if typed == meant or not cut else 1


def _holds(listed: Sequence[str], stretch: Sequence[str]) -> bool:
    """Whether a run of words, each long enough to mean something, is part of a choice."""
    if len("".join(stretch)) < 2 + (not stretch[0].isdigit()):
        return False
    runs = (listed[start : start + len(stretch)] for start in range(len(listed)))
    return any(_slips(stretch, run) is not None for run in runs)
