"""`waymark invite`: one invitation, by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from feedback.commands.context import find_workspace, load_settings, open_session
from models.status import InvitationStatus
from models.survey import CHANNELS
from surveys.channels.links import short_link
from surveys.considering import quiet_now
from surveys.eligibility import WORDS, Rule
from surveys.invitations import invite


@click.command()
@click.option("--workspace", "workspace_name", required=True)
@click.option("--survey", required=True, help="The survey's key.")
@click.option("--customer", required=True, help="The customer's id, as its events name it.")
@click.option("--channel", required=True, type=click.Choice(CHANNELS))
def command(workspace_name: str, survey: str, customer: str, channel: str) -> None:
    """Invite one customer now, and print the invitation's id and its short link.

    A link for the web works at once. An SMS leaves with the next round of the worker, if
    nothing speaks against it; `waymark explain ID` says what came of it. Quiet time does not
    hold it back, since a person asks for it now, but is warned of.
    """
    now, settings = datetime.now(UTC), load_settings()
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        invitation = invite(session, workspace, survey, customer, channel, now)
        session.commit()
        session.refresh(invitation)
        click.echo(f"{invitation.id} {short_link(settings.public_url, invitation.token)}")
        quiet = quiet_now(session, invitation.id, settings.rings, now)
        if quiet:
            click.echo(f"waymark: warning: it leaves at once, though {quiet}", err=True)
        if invitation.status == InvitationStatus.SUPPRESSED and invitation.rule:
            click.echo(f"waymark: not asked: {WORDS[Rule(invitation.rule)]}", err=True)
