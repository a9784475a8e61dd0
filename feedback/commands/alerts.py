"""`waymark alerts check`: what would be said now, without saying it to anybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import click
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
from feedback.alerts.rhythms import DAY, WEEK, Rhythm, first_of, last_whole, midnight, words
from feedback.commands.context import find_workspace, load_settings, open_session
from models.alert import Digest
from models.errors import InvalidInput, NotFound
from models.workspace import Workspace
from surveys.schedule import zone_of


@click.group()
def command() -> None:
    """See what alerts and the weekly digest would say."""


@command.command()
@click.option("--workspace", "workspace_name", required=True)
@click.option("--as-of", help="A day (2026-11-28): as things stood at its end; else now.")
def check(workspace_name: str, as_of: str | None) -> None:
    """Look at every score and theme as the clock does, and print what would be said."""
    url = load_settings().public_url
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        if not journeys(session, workspace.id):
            mend = "Make one with `waymark apply FILE`"
            raise NotFound("this workspace has no journey to watch", mend=mend)
        now = _moment(as_of, workspace)
        for rhythm in (DAY, WEEK):
            for line in _looked(session, workspace, rhythm, now, url):
                click.echo(line)
        for line in _digest(session, workspace, now, url):
            click.echo(line)


def _moment(as_of: str | None, workspace: Workspace) -> datetime:
    """Noon after the day that was asked for: then it is over and would have been looked at."""
    if as_of is None:
        return datetime.now(UTC)
    try:
        day = date.fromisoformat(as_of)
        after = date.fromordinal(day.toordinal() + 1)
    except (ValueError, OverflowError) as error:
        mend = "Write a day (2026-11-28)"
        raise InvalidInput(f"{as_of!r} is no day", field="--as-of", mend=mend) from error
    return midnight(after, zone_of(workspace.timezone)) + timedelta(hours=12)


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


def _digest(session: Session, workspace: Workspace, now: datetime, url: str) -> Iterator[str]:
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
