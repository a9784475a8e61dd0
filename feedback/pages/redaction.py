"""Comments as they may be shown: personal data masked, mentions marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from markupsafe import Markup, escape

from feedback.themes.catalogue import Catalogue
from nlp.redaction import Redaction, redacted, redactions, without

BUILT_IN = Catalogue()


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
    """The text with its personal data masked: [phone], [e-mail], [address]."""
    return redacted(text)


def marked(text: str, mentions: Iterable[Span], themes: Catalogue = BUILT_IN) -> Markup:
    """The masked text as HTML, its mentions in `<mark>`; where two overlap, the first counts.

    Mentions of themes that are hidden are not marked.
    """
    found = redactions(text)
    pieces: list[Markup | str] = []
    at = 0
    seen = [one for one in mentions if not themes.is_hidden(one.theme)]
    for span in sorted(seen, key=lambda one: (one.start, -one.end)):
        start, end = whole(max(span.start, at), min(span.end, len(text)), found)
        if start >= end:
            continue
        pieces.append(escape(without(text, found, at, start)))
        name = themes.name(themes.shown(span.theme))
        pieces.append(_mark(without(text, found, start, end), name, span.sentiment))
        at = end
    pieces.append(escape(without(text, found, at)))
    return Markup("").join(pieces)


def whole(start: int, end: int, found: Sequence[Redaction]) -> tuple[int, int]:
    """The stretch, and all of the personal data that it begins or ends in the middle of."""
    touched = [one for one in found if one.start < end and start < one.end]
    starts, ends = (one.start for one in touched), (one.end for one in touched)
    return min((start, *starts)), max((end, *ends))


def _mark(text: str, theme: str, sentiment: str) -> Markup:
    title = f"{theme}, {sentiment}"
    kind = sentiment if sentiment in {"negative", "positive"} else ""
    return Markup('<mark class="{}" title="{}">{}</mark>').format(kind, title, text)
