"""`waymark statistics`: how far the counting of a workspace is, and counting all anew."""

from __future__ import annotations

from datetime import UTC, date, datetime

import click
from sqlalchemy.orm import Session

from feedback.cells.status import Status, status_of
from feedback.cells.work import count_workspace, start_afresh
from feedback.cells.write import Overtaken
from feedback.commands.context import find_workspace, open_session


@click.group()
def command() -> None:
    """The stored sums that reports are read from."""


@command.command()
@click.option("--workspace", "workspace_name", required=True)
@click.option("--no-wait", is_flag=True, help="Leave the counting to the worker.")
def rebuild(workspace_name: str, no_wait: bool) -> None:
    """Count a workspace's whole history anew; stopped at any point, the worker goes on with it.

    Until it is done reports are read from rows, which gives the same figures, only more slowly.
    """
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        start_afresh(session, workspace.id)
        if not no_wait:
            _follow(session, workspace.id)
        click.echo(_words(status_of(session, workspace.id)))


def _follow(session: Session, workspace_id: int) -> None:
    """Count until the rebuild is done; a worker that counts too is no harm."""
    told = 0
    while True:
        try:
            count_workspace(session, workspace_id, datetime.now(UTC))
        except Overtaken:
            session.rollback()
        found = status_of(session, workspace_id)
        if not found.building:
            return
        if found.days_done != told:
            told = found.days_done
            click.echo(f"{told:,} of {found.days:,} days", err=True)


@command.command()
@click.option("--workspace", "workspace_name", required=True)
def status(workspace_name: str) -> None:
    """How far the counting is."""
    with open_session() as session:
        click.echo(_words(status_of(session, find_workspace(session, workspace_name).id)))


def _words(found: Status) -> str:
    if found.building:
        reached = date.fromordinal(found.reached).isoformat() if found.reached else "the customers"
        share = f"{found.days_done:,} of {found.days:,} days"
        return f"counting anew: {share}, at {reached}; reports read rows until it is done"
    if not found.built:
        return "nothing is counted yet: is a worker running?"
    waiting = f"{found.marks:,} marks wait" if found.marks else "nothing waits"
    return f"counted whole; {waiting} to be counted again"
