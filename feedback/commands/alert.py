"""`waymark alert`: who gets alerts and the weekly digest, and what they would say now."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import click

from feedback.alerts import channels, outbox
from feedback.alerts.deliver import Sender, send_now
from feedback.alerts.rehearsal import rehearsed
from feedback.alerts.rhythms import midnight
from feedback.alerts.ways import ways_of
from feedback.commands.context import find_workspace, load_settings, open_session
from models.errors import Conflict, InvalidInput
from models.workspace import Workspace
from surveys.schedule import zone_of

_WORKSPACE = click.option("--workspace", "workspace_name", required=True)


@click.group()
def command() -> None:
    """Say who gets alerts and the weekly digest, and see what they would say."""


@command.command()
@_WORKSPACE
@click.option("--email", help="An address of your team.")
@click.option("--webhook", help="A Slack-compatible incoming webhook (https://…).")
@click.option("--alerts/--no-alerts", default=True, show_default=True)
@click.option("--digest/--no-digest", default=True, show_default=True)
def add(
    workspace_name: str, email: str | None, webhook: str | None, alerts: bool, digest: bool
) -> None:
    """Add a recipient."""
    if (email is None) == (webhook is None):
        raise InvalidInput("give one of --email and --webhook")
    kind = channels.EMAIL if email is not None else channels.WEBHOOK
    ways = ways_of(load_settings())
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        row = channels.add(
            session,
            workspace.id,
            kind,
            email or webhook or "",
            datetime.now(UTC),
            alerts=alerts,
            digest=digest,
            private=ways.private_webhooks,
        )
        session.commit()
        click.echo(f"{row.id}: {channels.shown(row)} gets {channels.gets(row)}")
    if kind == channels.EMAIL and ways.server is None:
        click.echo("note: no mail server is set yet; set SMTP_URL and start Waymark again")


@command.command("list")
@_WORKSPACE
def list_(workspace_name: str) -> None:
    """Print every recipient: number, kind, address, what it gets."""
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        for row in channels.listed(session, workspace.id):
            click.echo(f"{row.id}\t{row.kind}\t{channels.shown(row)}\t{channels.gets(row)}")


@command.command()
@click.argument("recipient")
@_WORKSPACE
def remove(recipient: str, workspace_name: str) -> None:
    """Take the RECIPIENT (its number or address) out."""
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        row = channels.named(session, workspace.id, recipient)
        session.delete(row)
        session.commit()
        click.echo(f"{channels.shown(row)} gets nothing any more")


@command.command()
@click.argument("recipient")
@_WORKSPACE
def test(recipient: str, workspace_name: str) -> None:
    """Send the RECIPIENT (its number or address) a test, and say what became of it."""
    sender = Sender(ways_of(load_settings()))
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        row = channels.named(session, workspace.id, recipient)
        owed = outbox.queue_test(session, row, datetime.now(UTC))
        session.commit()
        send_now(session, sender, owed, lambda: datetime.now(UTC))
        session.refresh(owed)
        if owed.status != "sent":
            raise Conflict(f"the test is {owed.status}: {owed.error or 'nobody took it yet'}")
        click.echo(f"{channels.shown(row)} took it")


@command.command()
@_WORKSPACE
@click.option("--as-of", help="A day (2026-11-28): as things stood at its end; else now.")
def check(workspace_name: str, as_of: str | None) -> None:
    """Look at every score and theme as the clock does; print what would be said, send nothing."""
    url = load_settings().public_url
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        for line in rehearsed(session, workspace, _moment(as_of, workspace), url):
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
