"""Which changes of which tables mark a place of the statistics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from models.status import InvitationStatus

EVENTS = ("insert", "update", "delete")
PLACED: Mapping[str, tuple[str, ...]] = {
    "responses": (
        *("workspace_id", "touchpoint_id", "occurred_at"),
        *("customer_id", "survey_id", "channel", "language", "invitation_id"),
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

ASKED: Mapping[str, tuple[str, ...]] = {
    "invitations": (
        *("workspace_id", "touchpoint_id", "survey_id", "channel", "customer_id", "created_at"),
    ),
}
"""The table of who was asked, and the columns that say where an invitation counts."""

_S = InvitationStatus
LOST = (_S.FAILED.value, _S.UNKNOWN.value)
WAITING = (_S.SENT.value, _S.DELIVERED.value)
COMPLETED = (_S.COMPLETED.value,)
"""What is told apart of an invitation's fate."""

MARKS_PLACE = "statistic_marks (workspace_id, touchpoint_id, hour)"
RATE_MARKS = "rate_marks (workspace_id, touchpoint_id, hour)"

# a response alone is nothing said, and what goes takes its own rows along
_NEEDLESS = {("responses", "insert"), ("customers", "delete"), ("workspaces", "delete")}


def names(rates: bool = True) -> list[str]:
    """The names of all triggers; `rates`: those of who was asked too."""
    known = (*events(), *(asked_events() if rates else ()))
    return [f"mark_{table}_{event}" for table, event in known]


def events() -> Iterator[tuple[str, str]]:
    """Each table with each event that marks a place of what was said."""
    for table in (*PLACED, *HANGING, *OTHERS):
        for event in EVENTS:
            if (table, event) not in _NEEDLESS:
                yield table, event


def asked_events() -> Iterator[tuple[str, str]]:
    """Each table with each event that marks only who was asked."""
    for table in ASKED:
        for event in EVENTS:
            yield table, event


def counted(table: str) -> tuple[str, ...]:
    """The columns of a table that count."""
    if table in PLACED:
        return PLACED[table]
    return HANGING[table][2] if table in HANGING else OTHERS[table]


def sides(event: str) -> tuple[str, ...]:
    """What an event has of a row: what it was, what it is, or both."""
    return {"insert": ("new",), "delete": ("old",), "update": ("old", "new")}[event]


def asked_when(event: str, differs: str) -> str:
    """Which change of an invitation counts: it was sent, and stands or fares otherwise now.

    `differs` is the database's own word for two values that are not the same, NULL among them.
    """
    sent = " OR ".join(f"{side}.sent_at IS NOT NULL" for side in sides(event))
    if event != "update":
        return sent
    moved = [f"old.{one} {differs} new.{one}" for one in ASKED["invitations"]]
    fares = [_fares(group) for group in (LOST, WAITING, COMPLETED)]
    changed = " OR ".join(["(old.sent_at IS NULL) <> (new.sent_at IS NULL)", *moved, *fares])
    return f"({sent}) AND ({changed})"


def _fares(group: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{one}'" for one in group)
    return f"(old.status IN ({listed})) <> (new.status IN ({listed}))"
