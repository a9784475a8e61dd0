"""Which changes of which tables mark a place of the statistics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

EVENTS = ("insert", "update", "delete")
PLACED: Mapping[str, tuple[str, ...]] = {
    "responses": (
        *("workspace_id", "touchpoint_id", "occurred_at"),
        *("customer_id", "survey_id", "channel", "language"),
    ),
    "scores": (
        *("workspace_id", "response_id", "touchpoint_id", "occurred_at"),
        *("metric", "value", "scale_low", "scale_high", "score_class"),
    ),
    "comments": (
        *("workspace_id", "response_id", "customer_id", "touchpoint_id", "occurred_at"),
        *("language", "read_state", "sentiment_score", "emotions", "text"),
    ),
}
"""Tables whose rows stand at a touchpoint and a time, and the columns that count.

A comment's words are in no sum; they are quoted in reports that are remembered until a mark.
"""

HANGING: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "answers": ("responses", "response_id", ("workspace_id", "response_id")),
    "mentions": (
        "comments",
        "comment_id",
        ("workspace_id", "comment_id", "response_id", "theme", "sentiment"),
    ),
}
"""Tables whose rows stand where another's row stands: it, by which column, what counts."""

OTHERS: Mapping[str, tuple[str, ...]] = {
    "customers": ("external_id", "locale", "timezone", "attributes"),
    "segments": ("filter",),
    "theme_settings": ("theme", "merged_into"),
    "own_themes": ("key",),
    "workspaces": ("timezone",),
}
"""Tables that change who belongs to a segment, or what the sums mean."""

MARKS_PLACE = "statistic_marks (workspace_id, touchpoint_id, hour)"

# a response alone is nothing said, and what goes takes its own rows along
_NEEDLESS = {("responses", "insert"), ("customers", "delete"), ("workspaces", "delete")}


def names() -> list[str]:
    """The names of all triggers."""
    return [f"mark_{table}_{event}" for table, event in events()]


def events() -> Iterator[tuple[str, str]]:
    """Each table with each event that marks."""
    for table in (*PLACED, *HANGING, *OTHERS):
        for event in EVENTS:
            if (table, event) not in _NEEDLESS:
                yield table, event


def counted(table: str) -> tuple[str, ...]:
    """The columns of a table that count."""
    if table in PLACED:
        return PLACED[table]
    return HANGING[table][2] if table in HANGING else OTHERS[table]


def sides(event: str) -> tuple[str, ...]:
    """What an event has of a row: what it was, what it is, or both."""
    return {"insert": ("new",), "delete": ("old",), "update": ("old", "new")}[event]
