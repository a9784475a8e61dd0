"""Messages from rows: the alerts of one look, the digest of one week, a test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.alerts.evidence import quotes_for
from feedback.alerts.figures import Figures, of_json
from feedback.alerts.lines import Subject, read_subject
from feedback.alerts.message import Item, Message, bar, colours, one_line
from feedback.alerts.names import Names, days_of, names_of
from feedback.alerts.rhythms import RHYTHMS, WEEK, Rhythm
from feedback.alerts.rows import began_in
from feedback.alerts.weekly import Change
from feedback.alerts.wording import said
from feedback.statistics.intervals import wilson
from models.alert import Alert, Digest
from models.errors import NotFound
from models.workspace import Workspace

SHOWN = 5
"""So many alerts of one look are told in full; the rest are counted."""
GOOD, BAD = "\N{BLACK UP-POINTING TRIANGLE} better", "\N{BLACK DIAMOND} worse"


def alert_message(session: Session, workspace: Workspace, key: str, public_url: str) -> Message:
    """What one look found, the worst first; NotFound where none of it is there any more."""
    mine = (Alert.workspace_id == workspace.id) & (Alert.told_in == key)
    rows = session.scalars(select(Alert).where(mine).order_by(Alert.id)).all()
    if not rows:
        raise NotFound("the alerts of this message are not there any more")
    names = names_of(session, workspace.id, public_url)
    items = [_alert_item(session, workspace, row, names) for row in rows]
    return message_of(workspace, items, names)


def message_of(workspace: Workspace, items: Sequence[Item], names: Names) -> Message:
    """The message of these alerts; the worse ones come first."""
    ordered = sorted(items, key=lambda one: one.mark != BAD)
    shown, rest = tuple(ordered[:SHOWN]), len(items) - SHOWN
    one = len(items) == 1
    title = shown[0].title if one else f"{len(items)} things left their expected range"
    lead = "" if one else "All of it at once; what is worse comes first."
    return Message(
        subject=one_line(f"{workspace.company}: {title}"),
        title=title,
        lead=lead,
        items=shown,
        company=workspace.company,
        link=f"{names.public_url}/alerts",
        look="All alerts",
        foot="You get this once, because a figure left the range that its past lets expect.",
        settings=f"{names.public_url}/alerts/settings",
        colours=colours(workspace.accent),
        more=f"And {rest} more." if rest > 0 else "",
    )


def _alert_item(session: Session, workspace: Workspace, row: Alert, names: Names) -> Item:
    rhythm = RHYTHMS[began_in(row)]
    subject, found = read_subject(row.series), of_json(row.figures)
    quotes = quotes_for(session, workspace, subject, rhythm, found.first)
    link = f"{names.public_url}/alerts/{row.id}"
    return item(subject, row.side, rhythm, found, names, quotes, link)


def item(
    subject: Subject,
    side: str,
    rhythm: Rhythm,
    found: Figures,
    names: Names,
    quotes: Iterable[str] = (),
    link: str = "",
) -> Item:
    """One reading outside its range."""
    words = said(subject, side, rhythm, found, names)
    complaints = subject.cell is not None and bool(found.value)
    place = names.page(subject, *days_of(rhythm, found.first), complaints)
    return Item(
        title=one_line(words.title),
        sentence=words.sentence,
        figures=words.figures,
        link=link or place,
        look="Look at it" if link else "See the pain point" if complaints else "See the report",
        mark=GOOD if words.good else BAD,
        quotes=tuple(quotes),
        bar=bar(found.low, found.high, found.value),
    )


def digest_message(session: Session, workspace: Workspace, row: Digest, public_url: str) -> Message:
    """The changes of a week, as they were stored on its Monday."""
    names = names_of(session, workspace.id, public_url)
    first = row.week - timedelta(days=7)
    items = tuple(digest_item(session, workspace, one, names) for one in row.items)
    many = "The change" if len(items) == 1 else f"The {len(items)} changes"
    return Message(
        subject=one_line(f"{workspace.company}: {_summary(items)}"),
        title=f"{many} that mattered, {week_words(first)}",
        lead="Against the weeks before; everything else stayed within its range.",
        items=items,
        company=workspace.company,
        link=f"{public_url.rstrip('/')}/?{urlencode(_span(first))}",
        look="The report of the week",
        foot="You get this on Mondays, and only when something surely changed.",
        settings=f"{public_url.rstrip('/')}/alerts/settings",
        colours=colours(workspace.accent),
    )


def digest_item(
    session: Session, workspace: Workspace, stored: Mapping[str, Any], names: Names
) -> Item:
    """One stored change of a digest."""
    if "topic" in stored:
        return _topic_item(stored["topic"], names)
    subject, found = read_subject(stored["series"]), of_json(stored["figures"])
    quotes = quotes_for(session, workspace, subject, WEEK, found.first)[:1]
    return item(subject, stored["side"], WEEK, found, names, quotes)


def _topic_item(topic: Mapping[str, Any], names: Names) -> Item:
    share = 100.0 * topic["comments"] / topic["of"]
    low, high = (100.0 * end for end in wilson(topic["comments"], topic["of"]))
    return Item(
        title=f"New: {one_line(topic['name'])}",
        sentence=f"{share:.1f}% of comments speak of it, between {low:.1f}% and {high:.1f}%; "
        "in the period before hardly any did.",
        figures=f"{topic['comments']:,} of {topic['of']:,} comments; 95% interval",
        link=f"{names.public_url}/topics?{urlencode({'period': topic['period']})}",
        look="See the topic",
        mark="+ new",
    )


def items_of(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Changes as they are stored."""
    return [change.to_json() for change in changes]


def test_message(workspace: Workspace, public_url: str) -> Message:
    """What the button sends."""
    return Message(
        subject=one_line(f"{workspace.company}: a test from Waymark"),
        title="This is a test",
        lead="It arrived, so alerts and digests will arrive here too.",
        items=(),
        company=workspace.company,
        link=f"{public_url.rstrip('/')}/alerts",
        look="See the alerts",
        foot="Somebody of your team pressed “Send a test”.",
        settings=f"{public_url.rstrip('/')}/alerts/settings",
        colours=colours(workspace.accent),
    )


def week_words(first: date) -> str:
    """The days of a week that begins then: `16 to 22 November`."""
    last = first + timedelta(days=6)
    month = "" if first.month == last.month else f" {first:%B}"
    return f"{first.day}{month} to {last.day} {last:%B}"


def _span(first: date) -> dict[str, str]:
    return {"from": first.isoformat(), "to": (first + timedelta(days=6)).isoformat()}


def _summary(items: Sequence[Item]) -> str:
    first = items[0].title if items else "nothing changed"
    rest = len(items) - 1
    return first if rest < 1 else f"{first}, and {rest} more change{'' if rest == 1 else 's'}"
