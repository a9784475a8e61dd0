"""A choice picked by its place: its number, letter or ordinal."""

from __future__ import annotations

from collections.abc import Sequence

from surveys.language_pack import Pack
from surveys.replies.neighbours import Neighbours
from surveys.replies.text import Tidy, unelided
from surveys.replies.tokens import APART, Token, all_in, mark_at


class Places:
    """One reply; `lead` are the words that may stand before a place, `count` how many there are."""

    def __init__(
        self, tidied: Tidy, found: Sequence[Token], lead: frozenset[str], known: Pack, count: int
    ) -> None:
        self.tidied, self.tokens, self.lead, self.known = tidied, found, lead, known
        self.near = Neighbours(tidied, found, known)
        self.spoken = [place for place, token in enumerate(found) if not token.is_mark]
        self.count = count

    def read(self) -> tuple[int, int] | None:
        """The place that is named, from 1 and maybe too high, and where its words end."""
        letter = self._letter()
        if letter is not None:
            return ord(letter.word) - ord("a") + 1, letter.end
        for place in self.spoken:
            token = self.tokens[place]
            number = self._number(place)
            if number is not None:
                return number, self._end(token)
            if token.word not in self.lead or token.is_number:
                return None
        return None

    def _number(self, place: int) -> int | None:
        """A number that counts nothing, or an ordinal such as in "the second one"."""
        token = self.tokens[place]
        ordinal = self.known.ordinals.get(unelided(token.word))
        if ordinal is not None and self._stands(place, self.known.one_of_them):
            return self.count if ordinal < 0 else ordinal
        if token.value is None or self.near.counts(place, token.value) or self.near.priced(place):
            return None
        return token.value if not token.spelled or self._stands(place, frozenset()) else None

    def _letter(self) -> Token | None:
        """A letter that stands alone, or is set apart at the start: b, (b), b) too dear."""
        polite, leading = self.known.fillers - {"a"}, self.lead - {"a", "i"}
        meant = [place for place in self.spoken if self.tokens[place].word not in polite]
        named = [place for place in meant if self.tokens[place].word not in leading]
        if not named:
            return None
        place, token = named[0], self.tokens[named[0]]
        alone = len(named) == 1 and place == meant[-1]
        following = self.tokens[place + 1 : place + 2]
        apart = bool(following) and mark_at(self.tidied, following[0]) in APART
        if len(token.word) != 1 or not "a" <= token.word <= "z":
            return None
        return token if alone or (apart and place == self.spoken[0]) else None

    def _stands(self, place: int, may_follow: frozenset[str]) -> bool:
        """Nothing follows but a mark, or words that may."""
        following = self.tokens[place + 1 : place + 2]
        if not following or following[0].is_mark:
            return True
        return all_in(self.tokens[place + 1 :], may_follow | self.known.fillers)

    def _end(self, token: Token) -> int:
        """Past "one" in "the second one"."""
        following = next((later for later in self.tokens if later.start >= token.end), None)
        takes = following is not None and following.word in self.known.one_of_them
        return following.end if following is not None and takes else token.end
