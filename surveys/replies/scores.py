"""Scores as people write them: which of a reply's numbers is the score, and which is not.

A number is only a score where people put scores: first, after words such as "I'd say", last, or
in a form of its own ("9/10", "4 stars"). "5 minutes late" has a number and no score. When in
doubt the answer is no answer: asking again costs a message, a wrong score costs the truth.
"""

from __future__ import annotations

from functools import lru_cache

from surveys.answers import NotUnderstood, Parsed, Reading, Reason, Scale
from surveys.language_pack import Pack, pack
from surveys.replies.comment import comment_around
from surveys.replies.labels import lone_number, stars
from surveys.replies.mentions import Form, Mention, mentions
from surveys.replies.surroundings import Surroundings
from surveys.replies.text import Tidy, tidy
from surveys.replies.tokens import all_in, mark_at, tokens

MOST_WORDS_BEFORE = 6
SHORT = 8
"""Characters of a reply that many people write."""


def read_score(text: str, scale: Scale, language: str) -> Reading:
    """A whole number of the scale and the words around it, or why there is none.

    Most replies are a bare number, which need not be read again each time.
    """
    return (_read_often if len(text) <= SHORT else _read)(text, scale, language)


@lru_cache(maxsize=512)
def _read_often(text: str, scale: Scale, language: str) -> Reading:
    return _read(text, scale, language)


def _read(text: str, scale: Scale, language: str) -> Reading:
    tidied, known = tidy(text), pack(language)
    starred = stars(tidied, scale, known)
    if starred is not None:
        return starred
    read = _Reader(tidied, known, scale).read()
    if read == NotUnderstood(Reason.NO_ANSWER):
        return lone_number(text, scale, language) or read
    return read


class _Reader:
    """One reply being read."""

    def __init__(self, tidied: Tidy, known: Pack, scale: Scale) -> None:
        self.tidied, self.known, self.scale = tidied, known, scale
        self.tokens = tokens(tidied, known)
        self.around = Surroundings(tidied, self.tokens, known)
        self.lead = known.lead | known.fillers
        self.mentions = mentions(tidied, self.tokens, known, scale)
        self.plain = [one for one in self.mentions if one.form is not Form.OTHER_SCALE]

    def read(self) -> Reading:
        """The first way of putting a score that fits."""
        if not self.tidied.text.strip():
            return NotUnderstood(Reason.EMPTY)
        if self._minus():
            return NotUnderstood(Reason.OUT_OF_RANGE)
        if self._undecided():
            return NotUnderstood(Reason.AMBIGUOUS)
        for way in (self._head, self._rating, self._tail):
            read = way()
            if read is not None:
                return read
        doubt = Reason.AMBIGUOUS if self.mentions and self._close() else Reason.NO_ANSWER
        return NotUnderstood(doubt)

    def _close(self) -> bool:
        """Whether a number stands where a score might, so that asking again may name it."""
        return any(
            one.form is Form.OTHER_SCALE or self.around.denied(one) or len(self.plain) > 1
            for one in self.mentions
        )

    def _minus(self) -> bool:
        """A negative number stands first."""
        if len(self.tokens) < 2 or not self.tokens[1].is_number:
            return False
        first = self.tokens[0]
        dashed = mark_at(self.tidied, first) == "-" and first.end == self.tokens[1].start
        return dashed or first.word == "minus"

    def _undecided(self) -> bool:
        """Two different numbers joined by nothing but "or", "to", a dash: 7-8, 7 or maybe 8."""
        joiners = self.known.between | self.lead
        return any(
            one.value != two.value
            and self.around.joined(one, two, joiners)
            and not self.around.corrects(two)
            for one, two in zip(self.plain, self.plain[1:], strict=False)
        )

    def _head(self) -> Reading | None:
        """It stands first, or after nothing but words that lead up to a score."""
        if not self.plain or not all_in(self.tokens[: self.plain[0].first], self.lead):
            return None
        chosen = self.plain[0]
        for later in self.plain[1:]:
            joined = self.around.joined(chosen, later, self.lead | self.known.between)
            if self.around.corrects(later) or (joined and later.value == chosen.value):
                chosen = later
            elif self._rivals(chosen, later):
                return NotUnderstood(Reason.AMBIGUOUS)
        return self._take(chosen, 0)

    def _rivals(self, chosen: Mention, later: Mention) -> bool:
        """Another score in the same breath, or of another part: "10 for staff, 2 for food"."""
        if not self._fits(later) or later.form is Form.OTHER_SCALE:
            return False
        if self.around.of_a_part(chosen) and self.around.of_a_part(later):
            return True
        return not self.around.set_apart(chosen) and later.form is Form.PLAIN

    def _rating(self) -> Reading | None:
        """It has the form of a rating, wherever it stands."""
        rated = [one for one in self.plain if one.form is Form.RATING]
        if not rated:
            return None
        if len({one.value for one in rated}) > 1 or self.around.denied(rated[0]):
            return NotUnderstood(Reason.AMBIGUOUS)
        return self._take(rated[0], self.tokens[rated[0].first].start)

    def _tail(self) -> Reading | None:
        """It stands last, set apart by a mark or after a few words."""
        if len(self.plain) != 1:
            return None
        last = self.plain[0]
        if not all_in(self.tokens[last.last + 1 :], self.known.fillers) or self.around.denied(last):
            return None
        before = self.tokens[: last.first]
        spoken = [token.word for token in before if not token.is_mark]
        names = set(spoken) & (self.known.not_before - self.lead)
        articles = self.known.careful_numbers
        counted = any(one.is_number and one.word not in articles for one in before)
        leads = before[-1].word in self.lead - self.known.weak_before
        near = len(spoken) <= MOST_WORDS_BEFORE and not names and (leads or not counted)
        if not before[-1].is_mark and not (near and self._fits(last)):
            return None
        return self._take(last, self.tokens[last.first].start)

    def _fits(self, mention: Mention) -> bool:
        return mention.value is not None and self.scale[0] <= mention.value <= self.scale[1]

    def _take(self, mention: Mention, start: int) -> Reading:
        """The mention as the score; what stands before `start` and after it is the comment."""
        if mention.value is None or self.around.halved(mention):
            return NotUnderstood(Reason.NOT_WHOLE)
        if not self._fits(mention):
            return NotUnderstood(Reason.OUT_OF_RANGE)
        end = self.tokens[mention.last].end
        return Parsed(mention.value, comment_around(self.tidied, start, end, self.known))
