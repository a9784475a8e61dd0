"""A run and its topics as plain text, for the command line."""

from __future__ import annotations

from collections.abc import Iterator

from feedback.topics.out import RunOut, Share, TopicOut


def as_text(told: RunOut) -> str:
    """What was found, the topics largest first."""
    return "\n".join(_lines(told))


def _lines(told: RunOut) -> Iterator[str]:
    yield f"Emerging topics of {told.period.words}, compared with {told.before.words}"
    yield (
        f"{told.uncovered:,} of {told.comments:,} comments speak of no theme "
        f"({told.uncovered_before:,} of {told.comments_before:,} before)"
    )
    if told.drawn < told.comments or told.drawn_before < told.comments_before:
        drawn = f"{told.drawn:,} and {told.drawn_before:,}"
        yield f"looked at: {drawn} comments, drawn evenly; shares are of these"
    if told.unread:
        yield f"{told.unread:,} comments of these periods were not read yet"
    if not told.topics:
        yield "No topic stands out."
    for topic in told.topics:
        yield ""
        yield from _topic(topic)


def _topic(topic: TopicOut) -> Iterator[str]:
    yield topic.name
    low, high = 100 * topic.difference.low, 100 * topic.difference.high
    yield f"  now {_share(topic.now)}, before {_share(topic.before)}"
    yield f"  {topic.trend}: {100 * topic.difference.value:+.1f} points ({low:+.1f} to {high:+.1f})"
    felt = ", ".join(f"{many:,} {name}" for name, many in topic.sentiment.items())
    yield f"  {felt}"
    for quote in topic.quotes:
        yield f"  - {' '.join(quote.text.split())}"


def _share(part: Share) -> str:
    ends = f"{100 * part.low:.1f} to {100 * part.high:.1f}"
    return f"{part.comments:,} of {part.of:,} ({100 * part.share:.1f}%, {ends})"
