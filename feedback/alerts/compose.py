"""Messages from rows: the alerts of one look, the digest of one week, a test."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.alerts.items import BAD, alert_item, digest_item
from feedback.alerts.message import Frame, Item, Message, colours, one_line
from feedback.alerts.names import Names, names_of
from feedback.alerts.rhythms import WEEK, after, week_words
from feedback.alerts.weekly import Change
from models.alert import Alert, Digest
from models.errors import NotFound
from models.workspace import Workspace

SHOWN = 5
"""So many alerts of one look are told in full; the rest are counted."""


def alert_message(session: Session, workspace: Workspace, key: str, public_url: str) -> Message:
    """What one look found, the worst first; NotFound where none of it is there any more."""
    mine = (Alert.workspace_id == workspace.id) & (Alert.told_in == key)
    rows = session.scalars(select(Alert).where(mine).order_by(Alert.id)).all()
    if not rows:
        raise NotFound("the alerts of this message are not there any more")
    names = names_of(session, workspace.id, public_url)
    items = [alert_item(session, workspace, row, names) for row in rows]
    return message_of(workspace, items, names)


def message_of(workspace: Workspace, items: Sequence[Item], names: Names) -> Message:
    """The message of these alerts: worse before better, the furthest beyond its range first."""
    ordered = sorted(items, key=lambda one: (one.mark != BAD, -one.weight))
    shown, rest = tuple(ordered[:SHOWN]), len(items) - SHOWN
    one = len(items) == 1
    title = shown[0].title if one else f"{len(items)} things left their expected range"
    return Message(
        subject=one_line(f"{workspace.company}: {title}"),
        title=title,
        lead="" if one else "What got worse comes first, the furthest out at the top.",
        items=shown,
        link=f"{names.public_url}/alerts",
        look="All alerts",
        foot="You get this once: a figure left the range that was to be expected from its past.",
        frame=_frame(workspace, names.public_url),
        more=f"And {rest} more." if rest > 0 else "",
    )


def digest_message(session: Session, workspace: Workspace, row: Digest, public_url: str) -> Message:
    """The changes of a week, as they were stored on its Monday."""
    names = names_of(session, workspace.id, public_url)
    first = after(WEEK, row.week, -1)
    items = tuple(digest_item(session, workspace, one, names) for one in row.items)
    many = "The change" if len(items) == 1 else f"The {len(items)} changes"
    week = {"from": first.isoformat(), "to": (first + timedelta(days=6)).isoformat()}
    return Message(
        subject=one_line(f"{workspace.company}, {week_words(first)}: {_summary(items)}"),
        title=f"{many} that mattered, {week_words(first)}",
        lead="The largest sure changes against the weeks before, three at most.",
        items=items,
        link=f"{public_url}/?{urlencode(week)}",
        look="The report of the week",
        foot="You get this on Mondays, and only when something surely changed.",
        frame=_frame(workspace, public_url),
    )


def test_message(workspace: Workspace, public_url: str) -> Message:
    """What the button sends."""
    return Message(
        subject=one_line(f"{workspace.company}: a test from Waymark"),
        title="This is a test",
        lead="It arrived, so alerts and digests will arrive here too.",
        items=(),
        link=f"{public_url}/alerts",
        look="See the alerts",
        foot="Somebody of your team pressed “Send a test”.",
        frame=_frame(workspace, public_url),
    )


def items_of(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Changes as they are stored."""
    return [change.to_json() for change in changes]


def _frame(workspace: Workspace, public_url: str) -> Frame:
    settings = f"{public_url}/alerts/settings"
    return Frame(workspace.company, settings, colours(workspace.accent))


def _summary(items: Sequence[Item]) -> str:
    first = items[0].title if items else "nothing changed"
    rest = len(items) - 1
    return first if rest < 1 else f"{first}, and {rest} more change{'' if rest == 1 else 's'}"
