"""Phone numbers as people write them, in the countries whose habits we know, and any with a +."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType

from nlp.personal.folded import Span
from nlp.personal.labels import Labels
from nlp.personal.plans import CODES, SHAPES, TRUNK
from nlp.personal.runs import Run, runs

LOOKUPS = 1500
"""Tables are asked so often in one text; in a flood of numbers, looking like one is enough."""
_EXTENSION = re.compile(r" ?(?:ext\.?|extension|x) ?\d{1,5}(?!\w)", re.IGNORECASE)


def phones(text: str) -> Iterator[Span]:
    """Every phone number, from left to right."""
    search = _Search(text, Labels(text))
    for run in runs(text):
        i = 0
        while i < len(run.groups):
            j = search.end(run, i)
            if j:
                start, end = run.span(i, j)
                extension = _EXTENSION.match(text, end)
                yield start, extension.end() if extension else end
            i = j or i + 1


@dataclass(slots=True)
class _Search:
    """One text's search, with its labels and what is left of its look-ups."""

    text: str
    labels: Labels
    lookups: int = LOOKUPS

    def end(self, run: Run, i: int) -> int:
        """The group after the phone number that begins with group i, or 0 if none does."""
        start, first = run.span(i, i + 1)[0], run.digits(i, i + 1)
        if self.text[start : run.groups[i][0]].startswith("+"):
            return self._international(run, i, 0)
        if first.startswith("00"):
            found = self._international(run, i, 2)
        elif first.startswith("0"):
            found = self._trunk(run, i)
        else:
            found = self._national(run, i)
        labelled = found or _labelled(run, i)
        if not labelled or self.labels.is_surely_other(start):
            return 0
        return found or (labelled if self.labels.is_phone(start) else 0)

    def _international(self, run: Run, i: int, skip: int) -> int:
        """The longest valid number behind a + or 00, else the longest possible one."""
        possible = []
        for j in run.ends(i, 17, 8):
            digits = run.digits(i, j)[skip:]
            if digits.startswith("0") or not self._asks(f"+{digits}", None, _is_possible):
                continue
            if self._asks(f"+{digits}", None, phonenumbers.is_valid_number):
                return j
            possible.append(j)
        return possible[0] if possible else 0

    def _trunk(self, run: Run, i: int) -> int:
        """A number that begins with 0: its look says that it is one, the tables how far it goes."""
        lengths = [j for j in run.ends(i, 12, 9) if _looks_dialled(run.shape(i, j))]
        for region, j in itertools.product(TRUNK, lengths):
            if self._asks(run.digits(i, j), region, phonenumbers.is_valid_number):
                return j
        looks = (j for j in lengths if j - i > 1 or _is_drama(run.digits(i, j)))
        return next(looks, 0)

    def _national(self, run: Run, i: int) -> int:
        """A number without a 0 or a +, in the groups of a country, or with its code before it."""
        for j in run.ends(i, 13, 9):
            shape, number = run.shape(i, j), run.digits(i, j)
            regions = SHAPES.get(shape, ())
            coded = len(number) > 10 and number.startswith(CODES) and run.plainly_joined(i, j)
            if not (regions or coded) or not run.is_whole(i, j):
                continue
            if len(shape) == 1 and self._is_code(*run.span(i, j)):
                continue
            if any(self._asks(number, region, phonenumbers.is_valid_number) for region in regions):
                return j
            if coded and self._asks(f"+{number}", None, _is_mobile):
                return j
        return 0

    def _is_code(self, start: int, end: int) -> bool:
        """Whether digits in one piece are an order's, by the words around or a letter before."""
        before = self.text[max(0, start - 2) : start]
        lettered = before[:1].isalpha() and before[1:] == "-"
        return self.labels.is_other(start, end) or (lettered and not self.labels.is_phone(start))

    def _asks(self, number: str, region: str | None, holds: Callable[[PhoneNumber], bool]) -> bool:
        """What the tables say; yes without asking, once they were asked too often."""
        self.lookups -= 1
        if self.lookups < 0:
            return True
        try:
            return holds(phonenumbers.parse(number, region))
        except NumberParseException:
            return False


def _is_possible(number: PhoneNumber) -> bool:
    return bool(phonenumbers.is_possible_number(number))


def _is_mobile(number: PhoneNumber) -> bool:
    kinds = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if phonenumbers.number_type(number) in kinds:
        return True
    return number.country_code == 44 and _is_drama(f"0{number.national_number}")


def _looks_dialled(shape: tuple[int, ...]) -> bool:
    """All in one piece, or an area code and up to four more pieces of two digits or more."""
    if len(shape) == 1:
        return True
    return 2 <= shape[0] <= 8 and len(shape) <= 5 and min(shape) >= 2


def _is_drama(digits: str) -> bool:
    """Whether it is one of the British mobile numbers kept for films, tests and demos."""
    return digits.startswith("07700900") and len(digits) == 11


def _labelled(run: Run, i: int) -> int:
    """What a word has called a phone: seven digits, in one group or several."""
    if len(run.digits(i, i + 1)) >= 7:
        return i + 1
    return next((j for j in run.ends(i, 13, 7) if run.plainly_joined(i, j)), 0)
