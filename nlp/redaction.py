"""The one door to personal data in comments: where it stands, and a copy without it.

Found are e-mail addresses, payment cards, bank accounts, national ids, phone numbers and postal
addresses, whatever the comment's language. Names stay, of staff too: praise and blame need them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from nlp.personal.accounts import cards, ibans
from nlp.personal.addresses import addresses
from nlp.personal.emails import emails
from nlp.personal.folded import Span, blanked, fold
from nlp.personal.ids import national_ids
from nlp.personal.noise import without_noise
from nlp.personal.phones import phones

PLACEHOLDERS = {
    "email": "[e-mail]",
    "iban": "[bank account]",
    "card": "[card]",
    "national_id": "[id number]",
    "phone": "[phone]",
    "address": "[address]",
}
# In this order: what is found is out of the way of those that come later.
_FINDERS: tuple[tuple[str, Callable[[str], Iterable[Span]]], ...] = (
    ("email", emails),
    ("iban", ibans),
    ("card", cards),
    ("national_id", national_ids),
    ("phone", lambda text: phones(without_noise(text))),
    ("address", addresses),
)
# Whatever is personal here holds a digit, an @ or a word for a dot: most comments hold none.
_NEEDED = re.compile(r"[\d@\uff20\ufe6b]")
_SPELLED = re.compile(
    r"[(\[{] ?(?:at|arro|chio)|[ (\[{](?:dot|punkt|point|punto|ponto)[ )}\]]", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Redaction:
    """Characters start..end (end exclusive) of a comment as written are personal data."""

    start: int
    end: int
    kind: str

    def to_json(self) -> dict[str, Any]:
        """The redaction as JSON prints it."""
        return {"start": self.start, "end": self.end, "kind": self.kind}


def redactions(text: str) -> tuple[Redaction, ...]:
    """The personal data of a text, from left to right, never overlapping."""
    if not (_NEEDED.search(text) or _SPELLED.search(text)):
        return ()
    folded = fold(text)
    plain = folded.text
    found: list[Redaction] = []
    for kind, finder in _FINDERS:
        spans = list(finder(plain))
        found += (Redaction(*folded.original(span), kind) for span in spans)
        plain = blanked(plain, spans)
    return tuple(sorted(found, key=lambda one: one.start))


def redacted(text: str) -> str:
    """The text with each piece of personal data replaced by what it was: [phone], [e-mail]."""
    return without(text, redactions(text))


def without(text: str, found: Iterable[Redaction], start: int = 0, end: int | None = None) -> str:
    """A stretch of a text without what was found in the whole of it.

    A stretch alone could begin in the middle of a number, where nobody knows it for one. Its
    placeholder stands where it begins, or where the stretch does.
    """
    end = len(text) if end is None else end
    pieces: list[str] = []
    at = start
    for one in found:
        if one.end <= start or one.start >= end:
            continue
        pieces += (text[at : one.start], PLACEHOLDERS[one.kind])
        at = one.end
    return "".join((*pieces, text[at:end]))
