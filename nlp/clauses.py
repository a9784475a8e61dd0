"""Cut a comment where it may change the subject: sentences, contrasts, and longer joined parts."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SENTENCE_END = re.compile(r"(?<![.!?\u2026])[.!?\u2026]+[\"')\]]*\s+|\s*;\s+|\s+[-*\u2022]+\s+")
_CONTRAST = re.compile(
    r",?\s+(?=(?:but|however|although|though|yet|whereas|except|unfortunately|sadly"
    r"|shame about|pity about)\b)",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r",\s+|:\s+|\s+-+\s+|\s+(?=(?:and|because|so|plus|while|whilst|then|also)\b)", re.IGNORECASE
)
_NOT_AN_END = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|st|no|vs|etc|e\.g|i\.e|approx)|\b[a-z])\.\s+\Z", re.IGNORECASE
)
_NO_CONTRAST = re.compile(
    r"\b(?:nothing|all|anything|anyone|none|last|everything|not)\Z", re.IGNORECASE
)
_MIN_WORDS = 2
_MIN_JOINED = 3
"""Words that must stand on both sides of a comma or an "and" for it to part two clauses."""
NEAR = 40
"""How many characters around a place are looked at, so that a huge comment stays cheap."""
MAX_CLAUSES = 64
"""In a longer comment, neighbouring clauses are taken together."""


def clauses(text: str) -> tuple[tuple[int, int], ...]:
    """Spans (start, end) of the clauses of cleaned text, in order, without white space around."""
    spans: list[tuple[int, int]] = []
    for start, end in _sentences(text):
        for piece in _contrasts(text, start, end):
            spans.extend(_joints(text, *piece))
    merged = _merged(text, [_trimmed(text, *span) for span in spans])
    together = -(-len(merged) // MAX_CLAUSES)
    groups = (merged[i : i + together] for i in range(0, len(merged), max(1, together)))
    return tuple((group[0][0], group[-1][1]) for group in groups)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if _NOT_AN_END.search(text, max(start, match.end() - NEAR), match.end()):
            continue
        yield start, match.end()
        start = match.end()
    yield start, len(text)


def _contrasts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _CONTRAST.finditer(text, start, end):
        before = text[max(start, match.start() - NEAR) : match.start()]
        after = text[match.end() : min(end, match.end() + NEAR)]
        few = min(len(before.split()), len(after.split()) - 1) < _MIN_WORDS
        if few or _NO_CONTRAST.search(before):
            continue
        yield start, match.end()
        start = match.end()
    yield start, end


def _joints(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _JOINT.finditer(text, start, end):
        before = text[max(start, match.start() - NEAR) : match.start()]
        after = text[match.end() : min(end, match.end() + NEAR)]
        if min(len(before.split()), len(after.split())) >= _MIN_JOINED:
            yield start, match.end()
            start = match.end()
    yield start, end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _merged(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join pieces without a word of their own ("3.", "...") to the clause before or after."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if start >= end:
            continue
        hollow = not any(character.isalpha() for character in text[start:end])
        if merged and (hollow or not _has_word(text, merged[-1])):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _has_word(text: str, span: tuple[int, int]) -> bool:
    return any(character.isalpha() for character in text[span[0] : span[1]])
