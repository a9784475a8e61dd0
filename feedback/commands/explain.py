"""`waymark explain`: why an invitation was sent, waits, or was refused."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from feedback.commands.context import open_session
from surveys.explanation import explanation


@click.command()
@click.argument("invitation", type=click.IntRange(min=1))
def command(invitation: int) -> None:
    """Tell the story of INVITATION (its id): event, trigger, decisions, messages, answers."""
    with open_session() as session:
        for line in explanation(session, invitation, datetime.now(UTC)):
            click.echo(line)
