"""What stands around the numbers of a reply: joints, corrections, denials, halves."""

from __future__ import annotations

from collections.abc import Sequence

from surveys.language_pack import Pack
from surveys.replies.mentions import Form, Mention
from surveys.replies.neighbours import Neighbours
from surveys.replies.text import Tidy
from surveys.replies.tokens import Token, all_in, mark_at


class Surroundings:
    """The tokens of one reply, asked about around a mention."""

    def __init__(self, tidied: Tidy, found: Sequence[Token], known: Pack) -> None:
        self.tidied, self.tokens, self.known = tidied, found, known
        self.near = Neighbours(tidied, found, known)

    def joined(self, one: Mention, two: Mention, joiners: frozenset[str]) -> bool:
        """Nothing but joiners stands between; a bracket sets what follows apart."""
        between = self.tokens[one.last + 1 : two.first]
        return all_in(between, joiners) and "(" not in [mark_at(self.tidied, t) for t in between]

    def corrects(self, mention: Mention) -> bool:
        """Words such as "sorry" or "I mean" stand before it: it replaces the one before."""
        return self.near.corrected(mention.first)

    def of_a_part(self, mention: Mention) -> bool:
        """ "For" or its like follows, and what the score is given for."""
        following = [token.word for token in self.tokens[mention.last + 1 : mention.last + 4]]
        about = bool(following) and following[0] in self.known.about
        return about and any(word and word not in self.known.fillers for word in following[1:])

    def denied(self, mention: Mention) -> bool:
        """A "not", "at least" or "under" in the same clause before it."""
        for token in reversed(self.tokens[: mention.first]):
            if token.is_mark:
                return False
            if token.word in self.known.negation or token.word.endswith("n't"):
                return True
        return False

    def halved(self, mention: Mention) -> bool:
        """ "And a half" stands after it."""
        following = [token.word for token in self.tokens[mention.last + 1 : mention.last + 4]]
        return any(" ".join(following[:size]) in self.known.halves for size in range(1, 4))

    def set_apart(self, mention: Mention) -> bool:
        """A mark or nothing follows it, or its form leaves no doubt."""
        following = self.tokens[mention.last + 1 : mention.last + 2]
        return not following or following[0].is_mark or mention.form is Form.RATING
