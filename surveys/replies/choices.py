"""Picking from given answers: by number, letter or words, with small slips of the thumb."""

from __future__ import annotations

import re
from collections.abc import Sequence

from surveys.answers import NotUnderstood, Parsed, Reading, Reason
from surveys.language_pack import pack
from surveys.replies.choice_reader import ChoiceReader

_JOINT = re.compile(r"\s*(?:[,;&+/]|\b(?:and|or|y|o|et|ou|und|oder|e)\b)\s*", re.IGNORECASE)
_BARE_LIST = re.compile(r"\s*\d{1,2}(?:[\s,;&+/]+\d{1,2})+[\s.!]*")


def read_choice(
    text: str, choices: Sequence[str], language: str, *, multiple: bool = False
) -> Reading:
    """One of the choices (a tuple of them where several may be picked), or why there is none."""
    if not text.strip():
        return NotUnderstood(Reason.EMPTY)
    known = pack(language)
    if not multiple:
        return ChoiceReader(text, choices, known).read()
    parts = [part for part in _parts(text) if part.strip()]
    reads = [ChoiceReader(part, choices, known).read() for part in parts]
    picked = [read for read in reads if isinstance(read, Parsed)]
    if len(picked) < len(reads) or not picked:
        picked = [
            read for read in [ChoiceReader(text, choices, known).read()] if isinstance(read, Parsed)
        ]
    if not picked:
        return reads[0] if len(reads) == 1 else NotUnderstood(Reason.NO_ANSWER)
    named = {str(read.value) for read in picked}
    comment = " ".join(read.comment for read in picked if read.comment) or None
    return Parsed(tuple(choice for choice in choices if choice in named), comment)


def _parts(text: str) -> list[str]:
    return text.split() if _BARE_LIST.fullmatch(text) and "," not in text else _JOINT.split(text)
