"""`waymark retention`: how long a workspace keeps decisions, events and the words of messages."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from feedback.commands.context import find_workspace, open_session
from feedback.retention.forget import apply_now, would_go
from feedback.retention.kinds import KINDS
from models.errors import InvalidInput
from models.retention import FEWEST_DAYS, MOST_DAYS, Retention

OPTIONS = {"decisions": "decision", "events": "event", "messages": "message"}
FOR_EVER = "forever"
METAVAR = f"DAYS|{FOR_EVER}"


def _days(context: click.Context, option: click.Parameter, value: str | None) -> int | None:
    """So many days; 0 is for ever, None that nothing was said."""
    if value is None or value == FOR_EVER:
        return None if value is None else 0
    if not value.isdecimal() or not FEWEST_DAYS <= int(value) <= MOST_DAYS:
        raise click.BadParameter(f"write {FEWEST_DAYS} to {MOST_DAYS:,} days, or {FOR_EVER}")
    return int(value)


@click.group()
def command() -> None:
    """What is forgotten after some time; nothing that reports count ever is."""


@command.command("set")
@click.option("--workspace", "workspace_name", required=True)
@click.option("--decisions", metavar=METAVAR, callback=_days, help="Why somebody was asked or not.")
@click.option("--events", metavar=METAVAR, callback=_days, help="Events that led to no invitation.")
@click.option(
    "--messages",
    metavar=METAVAR,
    callback=_days,
    help="The words of messages; the rest of them stays.",
)
def set_(workspace_name: str, **given: int | None) -> None:
    """Say after how many days things go; a worker forgets once a day, in small batches."""
    told = {OPTIONS[name]: days for name, days in given.items() if days is not None}
    if not told:
        raise InvalidInput("nothing is said", mend="Give --decisions, --events or --messages")
    with open_session() as session:
        rule = _rule(session, workspace_name)
        for name, days in told.items():
            setattr(rule, f"{name}_days", days or None)
        rule.looked_at = None
        session.commit()
        _show(rule)


@command.command()
@click.option("--workspace", "workspace_name", required=True)
def show(workspace_name: str) -> None:
    """What is kept for how long."""
    with open_session() as session:
        _show(_rule(session, workspace_name))


@command.command()
@click.option("--workspace", "workspace_name", required=True)
@click.option("--dry-run", is_flag=True, help="Only count what would go.")
def apply(workspace_name: str, dry_run: bool) -> None:
    """Forget what is due now, here, without waiting for the worker."""
    now = datetime.now(UTC)
    with open_session() as session:
        rule = _rule(session, workspace_name)
        for kind, rows in list(would_go(session, rule, now)):
            click.echo(f"{kind.words}: {rows:,} {'would go' if dry_run else 'go'}")
        if not dry_run:
            apply_now(session, rule, now)


def _rule(session: Session, workspace_name: str) -> Retention:
    workspace = find_workspace(session, workspace_name)
    rule = session.get(Retention, workspace.id)
    if rule is None:
        rule = Retention(workspace_id=workspace.id)
        session.add(rule)
        session.flush()
    return rule


def _show(rule: Retention) -> None:
    for kind in KINDS.values():
        days = getattr(rule, kind.days)
        click.echo(f"{kind.words}: {f'kept {days:,} days' if days else 'kept'}")
