"""Runs of digits: groups of them with little between, as people write numbers down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.personal.folded import Span

_GROUP = re.compile(r"(?<!\w)\d++(?!\w)")
_BETWEEN = re.compile(r"[ .\-/()]{1,3}")
_EDGE = re.compile(r"[ .\-/]|\) ?-?| [-/] ")
_SINGLE = re.compile(r"[ .-]?")

MOST_GROUPS = 7
"""Nobody parts one number into more; a list of figures is not tried in every combination."""


@dataclass(frozen=True, slots=True)
class Run:
    """Groups of digits that may be one number, or several side by side."""

    text: str
    groups: tuple[Span, ...]

    def digits(self, i: int, j: int) -> str:
        """The digits of groups i up to j (exclusive)."""
        return "".join(self.text[start:end] for start, end in self.groups[i:j])

    def shape(self, i: int, j: int) -> tuple[int, ...]:
        """How many digits each of groups i up to j (exclusive) has."""
        return tuple(end - start for start, end in self.groups[i:j])

    def span(self, i: int, j: int) -> Span:
        """Where groups i up to j (exclusive) stand, an opening + or bracket included."""
        start = self.groups[i][0]
        while start and self.text[start - 1] in "+(":
            start -= 1
        return start, self.groups[j - 1][1]

    def ends(self, i: int, most: int, least: int) -> list[int]:
        """Each j so that groups i up to j hold `least` to `most` digits, the longest first."""
        total = 0
        found: list[int] = []
        for j, (start, end) in enumerate(self.groups[i : i + MOST_GROUPS], i + 1):
            total += end - start
            if total > most:
                break
            if total >= least:
                found.append(j)
        return found[::-1]

    def is_whole(self, i: int, j: int) -> bool:
        """Whether groups i up to j are written as one, and nothing ties them to more digits."""
        edges = zip(self.groups[i : j - 1], self.groups[i + 1 : j], strict=True)
        if not all(_EDGE.fullmatch(self.text, a[1], b[0]) for a, b in edges):
            return False
        start, end = self.groups[i][0], self.groups[j - 1][1]
        before = i > 0 and start - self.groups[i - 1][1] == 1 and self.text[start - 1] in ".-/"
        after = j < len(self.groups) and self.groups[j][0] - end == 1 and self.text[end] in ".-/"
        return not before and not after

    def plainly_joined(self, i: int, j: int) -> bool:
        """Whether no more than one space, dot or hyphen stands between any two groups."""
        edges = zip(self.groups[i : j - 1], self.groups[i + 1 : j], strict=True)
        return all(_SINGLE.fullmatch(self.text, a[1], b[0]) for a, b in edges)


def runs(text: str) -> Iterator[Run]:
    """Every run of folded text, from left to right; letters and commas part runs."""
    groups: list[Span] = []
    for match in _GROUP.finditer(text):
        if groups and not _BETWEEN.fullmatch(text, groups[-1][1], match.start()):
            yield Run(text, tuple(groups))
            groups = []
        groups.append(match.span())
    if groups:
        yield Run(text, tuple(groups))
