"""`waymark reread`: have a workspace's history read again by today's model."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from feedback import rereading
from feedback.adapting.rows import model_name
from feedback.commands.context import find_workspace, open_session


@click.command()
@click.option("--workspace", "workspace_name", required=True)
@click.option("--status", is_flag=True, help="Only say how many comments remain.")
def command(workspace_name: str, status: bool) -> None:
    """Mark the comments that another model read; the worker reads them again.

    New comments go first. Until its new reading is written, a comment counts by the old one.
    What people corrected stays as they said. Stopped at any point, it goes on where it was.
    """
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        model = model_name(session, workspace.id)
        if status:
            click.echo(_status(rereading.remaining(session, workspace.id, model), model))
            return
        marked = rereading.mark(session, workspace.id, model, datetime.now(UTC), _progress)
        left = rereading.remaining(session, workspace.id, model).marked
    click.echo(f"{marked:,} comments marked; {left:,} remain to be read by {model}")
    if left:
        click.echo(f"`waymark reread --workspace {workspace_name} --status` says how far it is")


def _progress(done: int) -> None:
    click.echo(f"{done:,} marked", err=True)


def _status(found: rereading.Remaining, model: str) -> str:
    lines = [f"{found.marked:,} comments remain to be read again"]
    if found.unmarked:
        lines.append(f"{found.unmarked:,} more are of a model other than {model}, and not marked")
    return "\n".join(lines)
