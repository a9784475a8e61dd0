"""`waymark report`: what the customers' answers say, as a table or as JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click

from feedback.commands.context import find_workspace, open_session
from feedback.reporting.period import read_moment
from feedback.reporting.report import pain_point_report
from feedback.reporting.scope import Filters
from feedback.reporting.text import as_text


@click.group()
def command() -> None:
    """Reports on a journey."""


@command.command("pain-points")
@click.option("--workspace", "workspace_name", required=True)
@click.option("--journey", help="Its key; may be left out where there is only one.")
@click.option("--from", "start", help="A date, or a time with its zone; else the whole history.")
@click.option("--to", "end", help="A date, that day included, or a time; else until now.")
@click.option("--segment", help="Only customers of this segment.")
@click.option("--channel", help="Only responses by sms or web.")
@click.option("--survey", help="Only responses to this survey.")
@click.option("--language", help="Only what was asked in this language: en, pt-BR.")
@click.option("--json", "as_json", is_flag=True, help="The whole report as JSON.")
def pain_points(
    workspace_name: str,
    journey: str | None,
    start: str | None,
    end: str | None,
    segment: str | None,
    channel: str | None,
    survey: str | None,
    language: str | None,
    as_json: bool,
) -> None:
    """Where the journey hurts, worst first, with what the data can't tell from noise last."""
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        zone = ZoneInfo(workspace.timezone)
        period = read_moment(start, "--from", zone), read_moment(end, "--to", zone, end=True)
        report = pain_point_report(
            session,
            workspace.id,
            datetime.now(UTC),
            journey,
            period,
            Filters(segment, channel, survey, language),
        )
    click.echo(report.model_dump_json(by_alias=True, indent=1) if as_json else as_text(report))
