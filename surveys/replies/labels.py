"""Scores given otherwise than by a number in a sentence: labels, stars, a lone foreign word."""

from __future__ import annotations

from collections.abc import Mapping

from surveys.answers import NotUnderstood, Parsed, Reading, Reason, Scale
from surveys.language_pack import LANGUAGES, own_pack, pack
from surveys.replies.comment import comment_around
from surveys.replies.text import Tidy, tidy, words
from surveys.replies.tokens import APART, all_in, mark_at, tokens

STARS = frozenset("\u2b50\u2605\U0001f31f")
LONGEST_LABEL = 5


def read_label(text: str, labels: Mapping[str, int], language: str) -> Reading | None:
    """A score given by the words of a labelled scale, at the start and set apart."""
    tidied, known = tidy(text), pack(language)
    found = tokens(tidied, known)
    spoken = [token for token in found if not token.is_mark]
    while len(spoken) > 1 and spoken[0].word in known.yes_no_lead:
        spoken = spoken[1:]
    for size in range(min(LONGEST_LABEL, len(spoken)), 0, -1):
        score = labels.get(" ".join(token.word for token in spoken[:size]))
        if score is None:
            continue
        last = spoken[size - 1]
        rest = [token for token in found if token.start >= last.end]
        if not rest or all_in(rest, known.fillers) or mark_at(tidied, rest[0]) in APART:
            return Parsed(score, comment_around(tidied, 0, last.end, known))
    return None


def stars(tidied: Tidy, scale: Scale) -> Reading | None:
    """A run of star emoji, where the scale has five points."""
    bare = "".join(tidied.text.split())
    if not bare or set(bare) - STARS or scale != (1, 5):
        return None
    return Parsed(len(bare)) if len(bare) <= scale[1] else NotUnderstood(Reason.OUT_OF_RANGE)


def lone_number(text: str, scale: Scale) -> Reading | None:
    """A lone number word of another language, where all languages that know it agree."""
    spoken = words(text)
    if len(spoken) != 1:
        return None
    packs = (own_pack(language) for language in LANGUAGES)
    values = {one.numbers[spoken[0]] for one in packs if spoken[0] in one.numbers}
    if len(values) != 1:
        return None
    value = values.pop()
    in_scale = scale[0] <= value <= scale[1]
    return Parsed(value) if in_scale else NotUnderstood(Reason.OUT_OF_RANGE)
