"""Comments as they may be shown: numbers and addresses masked, mentions marked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

from markupsafe import Markup, escape

_PATTERN = re.compile(
    r"(?P<mail>[^\s@<>\"'(),;]+@[^\s@<>\"'(),;]+\.[^\W\d_]{2,})"
    r"|(?P<number>(?<![\w.])\+?\(?\d(?:[\s().\-/]*\d){6,}(?!\w))"
)
_MASKS = {"mail": "[e-mail]", "number": "[number]"}


class Span(Protocol):
    """A mention: where in the text, and how it feels."""

    @property
    def start(self) -> int:
        """First character."""

    @property
    def end(self) -> int:
        """One past the last."""

    @property
    def sentiment(self) -> str:
        """negative, neutral or positive."""

    @property
    def theme(self) -> str:
        """What it speaks of."""


def masked(text: str) -> str:
    """The text without e-mail addresses and phone-like numbers of seven digits or more."""
    return _PATTERN.sub(lambda match: _MASKS[match.lastgroup or "number"], text)


def marked(text: str, mentions: Iterable[Span]) -> Markup:
    """The masked text as HTML, its mentions in `<mark>`; where two overlap, the first counts."""
    pieces: list[Markup | str] = []
    at = 0
    for span in sorted(mentions, key=lambda one: (one.start, -one.end)):
        start, end = max(span.start, at), min(span.end, len(text))
        if start >= end:
            continue
        pieces.append(escape(masked(text[at:start])))
        pieces.append(_mark(text[start:end], span))
        at = end
    pieces.append(escape(masked(text[at:])))
    return Markup("").join(pieces)


def _mark(text: str, span: Span) -> Markup:
    title = f"{span.theme.replace('_', ' ').capitalize()}, {span.sentiment}"
    kind = span.sentiment if span.sentiment in {"negative", "positive"} else ""
    return Markup('<mark class="{}" title="{}">{}</mark>').format(kind, title, masked(text))
