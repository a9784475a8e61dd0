"""`waymark topics`: what comments of a period speak of beside the themes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from feedback.commands.context import find_workspace, open_session
from feedback.reporting.period import read_moment
from feedback.topics import runs
from feedback.topics.choices import LEAST, choices, first_choice
from feedback.topics.compute import Encodes, compute_waiting
from feedback.topics.out import out
from feedback.topics.periods import Span, read_key, span_of
from feedback.topics.text import as_text
from models.errors import Conflict, InvalidInput, NotFound
from models.topic import TopicRun
from models.workspace import Workspace
from nlp.reader import Reader
from surveys.schedule import zone_of


@click.command()
@click.option("--workspace", "workspace_name", required=True)
@click.option(
    "--period", help="A month (2026-10) or a quarter (2026-Q3); else the last with enough."
)
@click.option("--from", "start", help="A date, or a time with its zone, in place of --period.")
@click.option("--to", "end", help="A date, that day included, or a time; else until now.")
@click.option("--run", "anew", is_flag=True, help="Compute it anew though there is an answer.")
@click.option("--json", "as_json", is_flag=True, help="The run with its topics as JSON.")
@click.pass_obj
def command(
    encoder: Callable[[], Encodes] | None,
    workspace_name: str,
    period: str | None,
    start: str | None,
    end: str | None,
    anew: bool,
    as_json: bool,
) -> None:
    """Show the emerging topics of a period; where nobody has had them computed, do it here."""
    # whoever calls this from a program may hand another encoder in, as click's object
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        span = _span(session, workspace, period, (start, end))
        run = None if anew else runs.latest(session, workspace.id, span, done=True)
        if run is None:
            run = _computed(session, workspace, span, encoder or Reader.load)
        told = out(session, workspace, run)
    click.echo(told.model_dump_json(by_alias=True, indent=1) if as_json else as_text(told))


def _now() -> datetime:
    return datetime.now(UTC)


def _span(
    session: Session, workspace: Workspace, period: str | None, ends: tuple[str | None, str | None]
) -> Span:
    """The period that was asked for, or the last whole one with comments enough."""
    zone = zone_of(workspace.timezone)
    if period and any(ends):
        mend = "Leave one of the two out"
        raise InvalidInput("says the same as --from and --to", field="--period", mend=mend)
    if period:
        return read_key(period, zone)
    start = read_moment(ends[0], "--from", zone)
    if start is not None:
        return span_of(start, read_moment(ends[1], "--to", zone, end=True) or _now(), zone)
    if ends[1]:
        raise InvalidInput("is needed with --to", field="--from", mend="Write a date (2026-01-31)")
    chosen = first_choice(choices(session, workspace, _now()))
    if chosen is None:
        message = f"no whole month or quarter has {LEAST} comments that were read"
        raise NotFound(message, mend="Choose a period by --from and --to")
    return chosen.span


def _computed(
    session: Session, workspace: Workspace, span: Span, encoder: Callable[[], Encodes]
) -> TopicRun:
    """A run of this period, computed here and now."""
    run = runs.ask(session, workspace.id, span, _now(), origin="command")
    runs.check_free(run, _now())
    compute_waiting(session, encoder, _now, run.id)
    session.refresh(run)
    if run.error is not None:
        raise Conflict(f"the run stopped: {run.error}", mend="Run it again")
    return run
