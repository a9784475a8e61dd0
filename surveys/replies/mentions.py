"""The numbers of a reply that could be scores, told from counts, times, prices and dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from surveys.language_pack import Pack
from surveys.replies.neighbours import COUNTED_FROM, Neighbours
from surveys.replies.text import Tidy
from surveys.replies.tokens import MOST_DIGITS, Token

_BEFORE = frozenset("#$+@*\u00a3\u20ac\u00a5/\\")


class Form(Enum):
    """How a number is put."""

    PLAIN = auto()
    RATING = auto()
    OTHER_SCALE = auto()


@dataclass(frozen=True)
class Mention:
    """A number that could be a score; `first` and `last` are the places of its tokens.

    `value` is None for a number that is not whole.
    """

    first: int
    last: int
    value: int | None
    form: Form


def mentions(
    tidied: Tidy, found: Sequence[Token], known: Pack, scale: tuple[int, int]
) -> list[Mention]:
    """All of them, in order; a rating such as "9 out of 10" counts as one."""
    finder = _Finder(tidied, found, known, scale)
    listed: list[Mention] = []
    place = 0
    while place < len(found):
        mention = finder.at(place) if found[place].is_number else None
        if mention is not None:
            listed.append(mention)
        place = mention.last + 1 if mention else finder.past(place)
    return listed


class _Finder:
    """Looks at one number and its neighbours at a time."""

    def __init__(
        self, tidied: Tidy, found: Sequence[Token], known: Pack, scale: tuple[int, int]
    ) -> None:
        self.found, self.known, self.scale = found, known, scale
        self.near = Neighbours(tidied, found, known)

    def at(self, place: int) -> Mention | None:
        """The mention that begins here; None for a number that counts or names something."""
        token = self.found[place]
        if self._names(place) or self._date(place) or len(token.word) > MOST_DIGITS * 3:
            return None
        if token.value is not None and not token.spelled and len(token.word) > MOST_DIGITS:
            return None
        rating = self._out_of(place) or self._stars(place)
        if rating is not None:
            return None if self.near.counts(rating.last, rating.value) else rating
        if self.near.counts(place, token.value) or self._careful(place) or ":" in token.word:
            return None
        return Mention(place, place, token.value, Form.PLAIN)

    def past(self, place: int) -> int:
        """The next place to look at; a date is left behind as a whole."""
        return place + 5 if self._date(place) else place + 1

    def _date(self, place: int) -> bool:
        """Three numbers with slashes: 9/10/2025."""
        values = [self.near.value(place + step) for step in (0, 2, 4)]
        slashes = {self.near.mark(place + 1), self.near.mark(place + 3)}
        return None not in values and slashes == {"/"}

    def _names(self, place: int) -> bool:
        """A sign or a word before it makes it a price, a count, a time or a name."""
        if place and self.near.touching(place - 1):
            dressed = self.near.mark(place - 1) in _BEFORE
            if dressed and not self._bold(place):
                return True
        before = self.near.word(place - 1)
        if self.near.priced(place) or self.near.mark(place - 1) == "#":
            return True
        if self.near.corrected(place):
            return False
        if self.near.whole_of(place):
            return True
        named = before in self.known.not_before and before not in self.known.between
        return named and not self._leads(place)

    def _bold(self, place: int) -> bool:
        return self.near.mark(place - 1) == "*" and self.near.mark(place + 1) in ("*", "")

    def _leads(self, place: int) -> bool:
        """The word before it leads up to a score rather than names a place or a time."""
        before = self.near.word(place - 1)
        return before in self.known.lead and before not in self.known.weak_before

    def _out_of(self, place: int) -> Mention | None:
        """`9/10`, `nine out of ten`: on this scale a rating, on another one a doubt."""
        value = self.near.value(place)
        for size, limit in self._limits(place):
            if value is None or limit is None or limit < COUNTED_FROM:
                continue
            form = Form.RATING if limit == self.scale[1] else Form.OTHER_SCALE
            return Mention(place, place + size, value, form)
        return None

    def _limits(self, place: int) -> list[tuple[int, int | None]]:
        """How many tokens further a whole stands, and what it is; "stars" may stand between."""
        ways: list[tuple[int, int | None]] = []
        skipped = int(self.near.word(place + 1) in self.known.scale_units)
        place += skipped
        if self.near.mark(place + 1) == "/":
            ways.append((2 + skipped, self.near.value(place + 2)))
        for size in (2, 1):
            between = " ".join(self.near.word(place + step) for step in range(1, size + 1))
            if between in self.known.out_of:
                ways.append((size + 1 + skipped, self.near.value(place + size + 1)))
        return ways

    def _stars(self, place: int) -> Mention | None:
        """`4 stars`: five are usual, so that on a longer scale up to five is a doubt."""
        value, unit = self.near.value(place), self.near.word(place + 1)
        if value is None or unit not in self.known.scale_units:
            return None
        pointed = unit.startswith(("point", "pt", "mark", "punt", "punkt", "pont"))
        doubt = not pointed and self.scale[1] > 5 and value <= 5
        return Mention(place, place + 1, value, Form.OTHER_SCALE if doubt else Form.RATING)

    def _careful(self, place: int) -> bool:
        """`one` and its like are words of other trades: scores only when they stand alone."""
        if self.found[place].word not in self.known.careful_numbers:
            return False
        return (
            bool(self.near.word(place + 1)) and self.near.word(place + 1) not in self.known.fillers
        )
