"""One reply read against the choices of a question."""

from __future__ import annotations

from collections.abc import Sequence

from surveys.answers import NotUnderstood, Parsed, Reading, Reason
from surveys.language_pack import Pack
from surveys.replies.choice_places import Places
from surveys.replies.choice_words import ChoiceWords, Found
from surveys.replies.comment import comment_around
from surveys.replies.text import plain, tidy
from surveys.replies.tokens import all_in, mark_at, tokens

JOINING = frozenset("/&+")


class ChoiceReader:
    """One reply being read against its choices."""

    def __init__(self, text: str, choices: Sequence[str], known: Pack) -> None:
        self.tidied = tidy(text)
        self.plain = plain(text)
        self.choices, self.known = list(choices), known
        self.tokens = tokens(self.tidied, known)
        self.words = ChoiceWords(choices, known)
        single = {word for phrase in known.options for word in phrase.split()}
        self.lead = frozenset(single) | known.lead | known.fillers
        self.places = Places(self.tidied, self.tokens, self.lead, known, len(choices))

    def read(self) -> Reading:
        """The one choice that is meant."""
        exact = self._exact()
        if exact is not None:
            return exact
        begun = self.words.beginning(self.plain)
        if len(begun) == 1 and "-" in self.plain:
            return Parsed(self.choices[begun[0]])
        if self.plain in self.known.both or self._several():
            several = self.plain in self.known.both
            unknown = several and self.plain.startswith(("none", "ning", "aucun", "kein"))
            return NotUnderstood(Reason.NO_ANSWER if unknown else Reason.AMBIGUOUS)
        for way in (self._by_place, self._by_words):
            read = way()
            if read is not None:
                return read
        return NotUnderstood(Reason.NO_ANSWER)

    def _exact(self) -> Reading | None:
        """The very words of a choice; a number that is also another's place is a doubt."""
        places = self.words.exact(self.plain)
        if not self.plain.isdigit():
            return Parsed(self.choices[places[0]]) if len(places) == 1 else None
        places = places or self.words.beginning(self.plain)
        number = int(self.plain)
        if 1 <= number <= len(self.choices):
            places = sorted({*places, number - 1})
        if len(places) > 1:
            return NotUnderstood(Reason.AMBIGUOUS)
        return Parsed(self.choices[places[0]]) if places else None

    def _several(self) -> bool:
        """Nothing but numbers, and more than one: 1 or 2."""
        numbers = [token for token in self.tokens if token.is_number]
        joints = self.known.between | self.known.fillers | self.lead
        others = [token for token in self.tokens if not token.is_number]
        if self.words.beginning(self.plain):
            return False
        broken = len(numbers) == 1 and numbers[0].broken
        return (len(numbers) > 1 or broken) and all_in(others, joints)

    def _by_place(self) -> Reading | None:
        """Its number, letter or ordinal, first or after words such as "option"."""
        found = self.places.read()
        if found is None:
            return None
        number, end = found
        if not 1 <= number <= len(self.choices):
            return NotUnderstood(Reason.UNKNOWN_OPTION)
        return self._take(number - 1, end)

    def _by_words(self) -> Reading | None:
        """Its words, or enough of them, first or after words that lead there."""
        named = self.words.named(self.tokens)
        best = self._first_named()
        if best is None:
            return NotUnderstood(Reason.AMBIGUOUS) if self._denied(named) else None
        others = named | self._joined_to(best)
        if others - {best.choice} - self.words.inside(best.choice):
            return NotUnderstood(Reason.AMBIGUOUS)
        return self._take(best.choice, best.end)

    def _joined_to(self, best: Found) -> set[int]:
        """The choice that "and", "or" or a slash joins to the one named first."""
        rest = [token for token in self.tokens if token.start >= best.end]
        if not rest or not (
            rest[0].word in self.known.between or mark_at(self.tidied, rest[0]) in JOINING
        ):
            return set()
        spoken = [token for token in rest[1:] if not token.is_mark]
        second = self.words.best_at(self.tidied, self.tokens, spoken)
        return {second.choice} if second else set()

    def _denied(self, named: set[int]) -> bool:
        return bool(named) and any(token.word in self.known.negation for token in self.tokens)

    def _first_named(self) -> Found | None:
        spoken = [token for token in self.tokens if not token.is_mark]
        for skipped, token in enumerate(spoken):
            found = self.words.best_at(self.tidied, self.tokens, spoken[skipped:])
            if found is not None:
                return found
            if token.word not in self.lead or token.is_number:
                return None
        return None

    def _take(self, place: int, end: int) -> Reading:
        comment = comment_around(self.tidied, 0, end, self.known)
        repeats = comment is not None and self.words.exact(plain(comment)) == [place]
        return Parsed(self.choices[place], None if repeats else comment)
