"""A person's changes on top of a model's reading: pure, and the same every time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from feedback.corrections.reading import PERSON, SCORES, Mention, Reading

SENTIMENT, ADDED, REMOVED, CHANGED = "sentiment", "added", "removed", "changed"
URGENT, NOT_URGENT, CONFIRMED = "urgent", "not_urgent", "confirmed"
MENTIONS = (ADDED, REMOVED, CHANGED)
"""What is said of a stretch; all else is said of the whole comment."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing a person says: of the comment, or what a stretch [start, end) speaks of.

    `theme` is the mention's theme as it was shown; `new_theme` what a changed one speaks of.
    `reading` is what a person confirmed as right.
    """

    kind: str
    sentiment: str | None = None
    start: int = 0
    end: int = 0
    theme: str = ""
    new_theme: str | None = None
    reading: Reading | None = None

    @property
    def about(self) -> frozenset[str]:
        """The themes whose word on this stretch is a person's from now on."""
        return frozenset({self.theme, self.new_theme or self.theme})


def corrected(own: Reading, changes: Sequence[Change]) -> Reading:
    """The reading with the changes on top, oldest first; without any, the reading itself.

    A person's word on a theme replaces every mention of that theme that shares a character with
    its stretch: a model that cuts the comment elsewhere can't bring back what was put right.
    A reading that a person confirmed stands in the model's place, and what was said before it
    is part of it.
    """
    base, said = _confirmed(own, changes)
    if not said:
        return base
    sentiment: str | None = None
    mentions = base.mentions
    for change in said:
        if change.kind == SENTIMENT:
            sentiment = change.sentiment
        elif change.kind in MENTIONS:
            mentions = _spoken(mentions, change)
    if sentiment is None and not base.read:
        sentiment = _of_mentions(mentions)
    result = replace(base, mentions=mentions, themes=_themes(base, mentions, said))
    return _pressing(_felt(result, sentiment) if sentiment else result, said)


def _confirmed(own: Reading, changes: Sequence[Change]) -> tuple[Reading, Sequence[Change]]:
    """The last reading that was confirmed, and what was said since; else the model's, and all."""
    for place in range(len(changes) - 1, -1, -1):
        found = changes[place].reading
        if found is not None:
            return replace(found, confirmed=True), changes[place + 1 :]
    return own, changes


def _pressing(reading: Reading, changes: Sequence[Change]) -> Reading:
    """With a person's last word on whether somebody is needed today; a person is sure."""
    said = [change.kind for change in changes if change.kind in (URGENT, NOT_URGENT)]
    if not said:
        return reading
    if said[-1] == URGENT:
        return replace(reading, urgent=True, urgency=1.0)
    return replace(reading, urgent=False, urgency=0.0, risks={})


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
    touched |= {theme for change in changes if change.kind in MENTIONS for theme in change.about}
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
