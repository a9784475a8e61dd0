"""`waymark campaign`: one-off rounds of questions to a group of customers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime

import click
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.app import make_gateway
from feedback.commands.context import find_workspace, load_settings, open_session
from feedback.configuration.apply import apply
from models.survey import Survey, Trigger
from models.workspace import Workspace
from surveys import campaigns
from surveys.appointment_rows import planned
from surveys.campaign_cost import segments_of
from surveys.eligibility_facts import WORDS, Rule
from surveys.prices import prices_of
from surveys.reach import Reach, reach
from surveys.senders import sender_for

_WORKSPACE = click.option("--workspace", "workspace_name", required=True)
STATES = {
    "draft": "nobody is asked until it is started",
    "running": "customers are asked as their turn comes",
    "paused": "nobody is asked until it is started again",
    "cancelled": "it was called off",
    "done": "everybody's turn has come",
}


@click.group()
def command() -> None:
    """Ask a group of customers once; each is asked once at most, by rules as everywhere."""


@command.command()
@click.argument("key")
@_WORKSPACE
@click.option("--survey", required=True, help="The survey's key.")
@click.option("--channel", "channels", multiple=True, help="In order of preference; sms if none.")
@click.option("--segment", help="The segment to ask; everybody if neither this nor --filter.")
@click.option("--filter", "condition", help='Whom to ask, as YAML: "{customer.tier: gold}".')
@click.option("--starts", help="When to begin, such as 2026-12-01T10:00:00+01:00.")
@click.option("--over", help="The time to spread it over, such as 2 days.")
@click.option("--per-hour", type=int, help="So many customers an hour instead.")
def create(
    key: str,
    workspace_name: str,
    survey: str,
    channels: tuple[str, ...],
    segment: str | None,
    condition: str | None,
    **times: object,
) -> None:
    """Write campaign KEY down, or change it while nobody has started it."""
    wanted = {
        "key": key,
        "survey": survey,
        "channels": list(channels) or None,
        "segment": segment,
        "filter": yaml.safe_load(condition) if condition else None,
        **times,
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        lines = apply(session, workspace, {"campaigns": [given]}, datetime.now(UTC))
        session.commit()
    click.echo("\n".join(lines) or "nothing to change")


@command.command()
@click.argument("key")
@_WORKSPACE
def preview(key: str, workspace_name: str) -> None:
    """Say whom KEY would reach, by which channel, and at what cost; nothing is sent."""
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        campaign = campaigns.find(session, workspace.id, key)
        for line in told(_reach(session, workspace, campaign)):
            click.echo(line)


@command.command()
@click.argument("key")
@_WORKSPACE
def start(key: str, workspace_name: str) -> None:
    """Begin KEY, or go on with it after a pause."""
    now = datetime.now(UTC)
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        campaign = campaigns.find(session, workspace.id, key)
        found = _reach(session, workspace, campaign) if campaign.state == "draft" else None
        campaigns.start(session, campaign, now, _over(campaign, found))
        session.commit()
        for line in told(found) if found else ():
            click.echo(line)
        click.echo(f"campaign {key} is running")


@command.command()
@click.argument("key")
@_WORKSPACE
def pause(key: str, workspace_name: str) -> None:
    """Hold KEY; who was not asked yet is asked when it is started again."""
    with open_session() as session:
        campaign = campaigns.find(session, find_workspace(session, workspace_name).id, key)
        held = campaigns.pause(session, campaign, datetime.now(UTC))
        session.commit()
    click.echo(f"campaign {key} is paused; {held:,} who were about to be asked wait")


@command.command()
@click.argument("key")
@_WORKSPACE
def cancel(key: str, workspace_name: str) -> None:
    """End KEY for good; what has not left does not leave."""
    with open_session() as session:
        campaign = campaigns.find(session, find_workspace(session, workspace_name).id, key)
        ended = campaigns.cancel(session, campaign, datetime.now(UTC))
        session.commit()
    click.echo(f"campaign {key} is cancelled; {ended:,} invitations were called off")


@command.command(name="list")
@_WORKSPACE
def list_(workspace_name: str) -> None:
    """All campaigns, their state, and how far they have come."""
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        for line in _listed(session, workspace) or ["there is no campaign yet"]:
            click.echo(line)


def _listed(session: Session, workspace: Workspace) -> list[str]:
    rows = session.execute(
        select(Trigger.id, Trigger.key, Trigger.state, Survey.key.label("survey"))
        .join(Survey, Survey.id == Trigger.survey_id)
        .where(Trigger.workspace_id == workspace.id, Trigger.kind == "campaign")
        .order_by(Trigger.id)
    ).all()
    lines = []
    for row in rows:
        counted = campaigns.counts(session, row.id)
        lines.append(
            f"{row.key} ({row.survey}): {row.state}, {STATES[row.state]}; "
            f"{counted.asked:,} asked, {counted.to_come:,} to come, "
            f"{counted.by_status.get('completed', 0):,} answered"
        )
    return lines


def _reach(session: Session, workspace: Workspace, campaign: Trigger) -> Reach:
    (plan,) = planned(session, campaign.id)
    sender = sender_for(session, make_gateway(load_settings()), workspace.id)
    segments = segments_of(session, workspace, campaign.survey_id, sender)
    prices = prices_of(session, workspace.id)
    return reach(session, plan, sender, prices, segments, datetime.now(UTC))


def _over(campaign: Trigger, found: Reach | None) -> int:
    """The seconds to spread it over: as told, or so long as its pace takes for all."""
    timing = campaign.timing or {}
    pace = timing.get("per_hour")
    if pace and found:
        return math.ceil(sum(found.by_channel.values()) / int(pace) * 3600)
    return int(timing.get("over_seconds", 0))


def told(found: Reach) -> Iterator[str]:
    """A preview in sentences."""
    could = sum(found.by_channel.values())
    yield f"{found.matching:,} customers match; {could:,} of them could be asked now:"
    for channel, number in found.by_channel.items():
        yield f"  {number:,} by {channel}"
    for reason, number in found.not_asked.most_common():
        yield f"  {number:,} not: {WORDS[Rule(reason)]}"
    for currency, cost in sorted(found.costs.items()):
        yield f"Their first SMS cost about {cost:,.2f} {currency}."
    if found.unpriced:
        yield f"{found.unpriced:,} SMS go to numbers whose price nobody has entered."
    yield "Rest days, open exchanges and hours are looked at when each one's turn comes."
