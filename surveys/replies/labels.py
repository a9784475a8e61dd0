"""Scores given otherwise than by a number in a sentence: labels, stars, a lone foreign word."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from surveys.answers import NotUnderstood, Parsed, Reading, Reason, Scale
from surveys.language_pack import LANGUAGES, Pack, own_pack, pack
from surveys.replies.comment import comment_around
from surveys.replies.label_words import point_of
from surveys.replies.spelling import slipped
from surveys.replies.text import Tidy, tidy, words
from surveys.replies.tokens import APART, Token, all_in, mark_at, tokens

STARS = frozenset("\u2b50\u2605\U0001f31f")
_DRAWN_STARS = re.compile(rf"\s*(?:[{''.join(STARS)}]\s*)+\u2606*")
LONGEST_LABEL = 5


def read_label(text: str, labels: Mapping[str, int], language: str) -> Reading | None:
    """A score given by the words of a labelled scale, at the start and set apart."""
    tidied, known = tidy(text), pack(language)
    found = tokens(tidied, known)
    spoken = [token for token in found if not token.is_mark]
    while labels and spoken:
        for size in range(min(LONGEST_LABEL, len(spoken)), 0, -1):
            score = point_of([token.word for token in spoken[:size]], labels, known)
            if score is not None and _may_end(tidied, found, spoken[size - 1].end, known):
                end = spoken[size - 1].end
                return Parsed(score, comment_around(tidied, 0, end, known))
        if spoken[0].word not in known.yes_no_lead | known.lead or spoken[0].is_number:
            return None
        spoken = spoken[1:]
    return None


def _may_end(tidied: Tidy, found: Sequence[Token], end: int, known: Pack) -> bool:
    """Nothing follows but a mark, thanks, or what the label is about."""
    rest = [token for token in found if token.start >= end]
    if not rest or all_in(rest, known.fillers):
        return True
    return mark_at(tidied, rest[0]) in APART or rest[0].word in known.about | known.joins


def stars(tidied: Tidy, scale: Scale, known: Pack) -> Reading | None:
    """A run of star emoji that stands first, where the scale has five points."""
    drawn = _DRAWN_STARS.match(tidied.text)
    if drawn is None or scale != (1, 5):
        return None
    given = sum(char in STARS for char in drawn.group())
    rest = tidied.text[drawn.end() :]
    if STARS & set(rest) or any(char.isdigit() for char in rest):
        return None
    if given > scale[1]:
        return NotUnderstood(Reason.OUT_OF_RANGE)
    return Parsed(given, comment_around(tidied, 0, drawn.end(), known))


def lone_number(text: str, scale: Scale, language: str) -> Reading | None:
    """A lone number word: misspelt, or of another language where all that know it agree."""
    spoken = [word for word in words(text) if word not in pack(language).fillers]
    if len(spoken) != 1:
        return None
    packs = (own_pack(one) for one in LANGUAGES)
    values = {one.numbers[spoken[0]] for one in packs if spoken[0] in one.numbers}
    numbers = pack(language).numbers
    values = values or {numbers[word] for word in numbers if slipped(spoken[0], word)}
    if len(values) != 1:
        return None
    value = values.pop()
    in_scale = scale[0] <= value <= scale[1]
    return Parsed(value) if in_scale else NotUnderstood(Reason.OUT_OF_RANGE)
