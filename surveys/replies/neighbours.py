"""A number's neighbours: what stands before and after it, and whether it counts things."""

from __future__ import annotations

from collections.abc import Sequence

from surveys.language_pack import Pack
from surveys.replies.text import Tidy
from surveys.replies.tokens import Token, mark_at

MONEY = frozenset("$\u00a3\u20ac\u00a5")
AFTER = MONEY | frozenset("%\u00b0@\\")
COUNTED_FROM = 2
REACH = 5


class Neighbours:
    """The tokens of one reply, asked about by place."""

    def __init__(self, tidied: Tidy, found: Sequence[Token], known: Pack) -> None:
        self.tidied, self.found, self.known = tidied, found, known

    def word(self, place: int) -> str:
        """The plain word there; empty for marks and outside."""
        return self.found[place].word if 0 <= place < len(self.found) else ""

    def mark(self, place: int) -> str:
        """The sign there; empty for words and outside."""
        if not 0 <= place < len(self.found):
            return ""
        return mark_at(self.tidied, self.found[place])

    def touching(self, place: int) -> bool:
        """Whether no space stands between this token and the next."""
        return (
            0 <= place < len(self.found) - 1
            and self.found[place].end == self.found[place + 1].start
        )

    def value(self, place: int) -> int | None:
        """The whole number there."""
        return self.found[place].value if 0 <= place < len(self.found) else None

    def priced(self, place: int) -> bool:
        """A currency sign stands before it."""
        return self.mark(place - 1) in MONEY

    def corrected(self, place: int) -> bool:
        """Words such as "sorry" or "I mean" stand before it: it replaces what came before."""
        near = self.found[max(0, place - REACH) : place]
        before = " ".join(token.word for token in near if token.word)
        return any(f" {before}".endswith(f" {words_}") for words_ in self.known.correct)

    def whole_of(self, place: int) -> bool:
        """It says of how many: "2 plants of 3"."""
        earlier = any(token.is_number for token in self.found[max(0, place - REACH) : place])
        return earlier and self.word(place - 1) in self.known.out_of

    def counts(self, place: int, value: int | None) -> bool:
        """A unit or a plural after it: it counts things, and scores nothing."""
        following = place + 1
        if self.touching(place):
            if self.mark(following) in AFTER:
                return True
            if self.mark(following) == "-":
                following += 1
                return self.word(following) in self.known.units and self.touching(place + 1)
        word = self.word(following)
        if word in self.known.units:
            return True
        plural = (
            len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "'s"))
        )
        counted = value is None or value >= COUNTED_FROM
        return plural and counted and word not in self.known.also_scores | self.known.fillers
