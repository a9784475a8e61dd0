"""A person's changes on top of a model's reading: pure, and the same every time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from feedback.corrections.reading import PERSON, SCORES, Mention, Reading

SENTIMENT, ADDED, REMOVED, CHANGED = "sentiment", "added", "removed", "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing a person says: the comment's sentiment, or what a stretch [start, end) speaks of.

    `theme` is the mention's theme as it was shown; `new_theme` what a changed one speaks of.
    """

    kind: str
    sentiment: str | None = None
    start: int = 0
    end: int = 0
    theme: str = ""
    new_theme: str | None = None

    @property
    def about(self) -> frozenset[str]:
        """The themes whose word on this stretch is a person's from now on."""
        return frozenset({self.theme, self.new_theme or self.theme})


def corrected(own: Reading, changes: Sequence[Change]) -> Reading:
    """The reading with the changes on top, oldest first; without any, the reading itself.

    A person's word on a theme replaces every mention of that theme that shares a character with
    its stretch: a model that cuts the comment elsewhere can't bring back what was put right.
    """
    if not changes:
        return own
    sentiment: str | None = None
    mentions = own.mentions
    for change in changes:
        if change.kind == SENTIMENT:
            sentiment = change.sentiment
        else:
            mentions = _spoken(mentions, change)
    if sentiment is None and not own.read:
        sentiment = _of_mentions(mentions)
    result = replace(own, mentions=mentions, themes=_themes(own, mentions, changes))
    return _felt(result, sentiment) if sentiment else result


def _spoken(mentions: tuple[Mention, ...], change: Change) -> tuple[Mention, ...]:
    left = [
        one
        for one in mentions
        if one.theme not in change.about or not one.meets(change.start, change.end)
    ]
    if change.kind != REMOVED and change.sentiment:
        theme, felt = change.new_theme or change.theme, change.sentiment
        left.append(Mention(change.start, change.end, theme, felt, SCORES[felt], PERSON))
    return tuple(sorted(left, key=lambda one: (one.start, one.end, one.theme)))


def _themes(
    own: Reading, mentions: Sequence[Mention], changes: Sequence[Change]
) -> Mapping[str, float]:
    """The model's themes as far as they are still spoken of, and a person's as certain."""
    spoken = {one.theme for one in mentions}
    touched = {one.theme for one in own.mentions}
    touched |= {theme for change in changes if change.kind != SENTIMENT for theme in change.about}
    kept = {key: p for key, p in own.themes.items() if key in spoken or key not in touched}
    return kept | {one.theme: 1.0 for one in mentions if one.source == PERSON}


def _of_mentions(mentions: Sequence[Mention]) -> str | None:
    """The feeling of a comment no model read: that of its mentions, neutral where they differ."""
    felt = {one.sentiment for one in mentions}
    if not felt:
        return None
    return felt.pop() if len(felt) == 1 else "neutral"


def _felt(reading: Reading, sentiment: str) -> Reading:
    return replace(
        reading,
        read=True,
        sentiment=sentiment,
        sentiment_score=SCORES[sentiment],
        probabilities={name: float(name == sentiment) for name in SCORES},
    )
