"""`waymark key`: API keys."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from feedback import workspaces
from feedback.commands.context import find_workspace, open_session


@click.group()
def command() -> None:
    """Make and revoke API keys."""


@command.command()
@click.option("--workspace", "workspace_name", required=True)
@click.option("--name", required=True, help="What the key is for; unique in its workspace.")
def create(workspace_name: str, name: str) -> None:
    """Make a key and print it: it is not shown again, only its hash is kept."""
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        key = workspaces.add_key(session, workspace, name, datetime.now(UTC))
        session.commit()
    click.echo(key)


@command.command()
@click.option("--workspace", "workspace_name", required=True)
@click.option("--name", required=True)
def revoke(workspace_name: str, name: str) -> None:
    """End a key's life at once."""
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        workspaces.revoke_key(session, workspace, name, datetime.now(UTC))
        session.commit()
    click.echo(f"the key {name} is revoked")
