"""What alerts and the digest would say now, line by line, without saying it to anybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from feedback.alerts import render
from feedback.alerts.compose import digest_message, items_of, message_of
from feedback.alerts.digests import weighed
from feedback.alerts.evidence import quotes_for
from feedback.alerts.figures import of_json
from feedback.alerts.gather import journeys
from feedback.alerts.items import item
from feedback.alerts.lines import read_subject
from feedback.alerts.looking import preview
from feedback.alerts.names import names_of
from feedback.alerts.rhythms import DAY, WEEK, Rhythm, first_of, last_whole, words
from models.alert import Digest
from models.errors import NotFound
from models.workspace import Workspace
from surveys.schedule import zone_of


def rehearsed(session: Session, workspace: Workspace, now: datetime, url: str) -> Iterator[str]:
    """The looks and the digest as the clock would make them now; NotFound without a journey."""
    if not journeys(session, workspace.id):
        mend = "Make one with `waymark apply FILE`"
        raise NotFound("this workspace has no journey to watch", mend=mend)
    for rhythm in (DAY, WEEK):
        yield from _looked(session, workspace, rhythm, now, url)
    yield from _weekly(session, workspace, now, url)


def _looked(
    session: Session, workspace: Workspace, rhythm: Rhythm, now: datetime, url: str
) -> Iterator[str]:
    first = last_whole(rhythm, now, zone_of(workspace.timezone))
    seen = preview(session, workspace, rhythm, first, now)
    moves = seen.moves
    yield f"{rhythm.words.capitalize()}, {words(rhythm, first)} {first.year}:"
    small = len(seen.lines) - moves.readable
    yield f"  {len(seen.lines):,} series looked at, {small:,} of them with too few answers to read."
    again = len(moves.on) + len(moves.resumed)
    if again:
        yield f"  {again:,} still outside, said before."
    if not moves.opened:
        yield "  Nothing left its expected range. Nothing would be said.\n"
        return
    names, items = names_of(session, workspace.id, url), []
    for row in seen.opened:
        subject, found = read_subject(row["series"]), of_json(row["figures"])
        quotes = quotes_for(session, workspace, subject, rhythm, first)
        items.append(item(subject, row["side"], rhythm, found, names, quotes))
    yield ""
    yield render.plain(message_of(workspace, items, names))


def _weekly(session: Session, workspace: Workspace, now: datetime, url: str) -> Iterator[str]:
    zone = zone_of(workspace.timezone)
    week = first_of(WEEK, now.astimezone(zone).date())
    found = weighed(session, workspace, week, now)
    yield f"Digest of Monday {week.day} {week:%B %Y}:"
    if not found.changes:
        yield f"  {found.reason} Nothing would be sent."
        return
    row = Digest(workspace_id=workspace.id, week=week, items=items_of(found.changes))
    yield ""
    yield render.plain(digest_message(session, workspace, row, url))
