"""`waymark customer`: people who turn out to be one."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from feedback.commands.context import find_workspace, open_session
from feedback.customers.merge import merge_named
from feedback.customers.same import BY, alike, merge_all

WORKSPACE = click.option("--workspace", "workspace_name", required=True)


@click.group()
def command() -> None:
    """Merge customers that are one person."""


@command.command()
@click.argument("kept")
@click.argument("gone")
@WORKSPACE
def merge(kept: str, gone: str, workspace_name: str) -> None:
    """Merge the customer GONE into KEPT: all that is one's becomes the other's.

    GONE lives on as a further id: events that still come with it find the person. A withdrawal
    of either holds for the addresses of both. It can't be taken apart again.
    """
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        done = merge_named(session, workspace.id, kept, gone, datetime.now(UTC))
        session.commit()
    if not done.merged:
        click.echo(f"{kept} and {gone} are one customer already: {done.kept}")
        return
    moved = ", ".join(f"{count} {name}" for name, count in sorted(done.moved.items()))
    click.echo(f"{gone} is {done.kept} now; moved: {moved or 'nothing'}")
    if done.withdrawn:
        click.echo("a withdrawal of one address holds for the other, too")


@command.command()
@WORKSPACE
@click.option("--by", type=click.Choice(BY), required=True, help="What they share.")
@click.option("--merge", "wanted", is_flag=True, help="Merge each group into its oldest customer.")
def same(workspace_name: str, by: str, wanted: bool) -> None:
    """Customers with the same phone or e-mail address, a group a line; merged only if you ask.

    A family may share a phone: look before you merge.
    """
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        for group in alike(session, workspace.id, by):
            click.echo("\t".join(group.ids))
            if wanted:
                merge_all(session, group, datetime.now(UTC))
                session.commit()
