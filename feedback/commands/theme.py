"""`waymark theme`: a workspace's own themes from the command line."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from feedback.commands.context import find_workspace, open_session
from feedback.themes import own
from feedback.themes.catalogue import AREAS
from feedback.themes.check import ThemeProblems
from feedback.themes.counts import counted, counts, states
from feedback.themes.display import Shown, show
from feedback.themes.rows import catalogue_of
from models.errors import InvalidInput


@click.group()
def command() -> None:
    """Add themes of a workspace's own, and see how often each theme was found."""


@command.command()
@click.argument("name")
@click.option("--workspace", "workspace_name", required=True)
@click.option("--sentence", required=True, help="What belongs to it, in one sentence.")
@click.option("--example", "examples", multiple=True, help="Words that speak of it; give five.")
@click.option("--counter", "counters", multiple=True, help="Words that do not, though alike.")
@click.option("--under", type=click.Choice(list(AREAS)), help="The area it is listed under.")
def add(
    name: str,
    workspace_name: str,
    sentence: str,
    examples: tuple[str, ...],
    counters: tuple[str, ...],
    under: str | None,
) -> None:
    """Add the theme NAME; the worker learns it and has history read for it, newest first."""
    now = datetime.now(UTC)
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        try:
            made = own.create(
                session, workspace.id, name, sentence, examples, now, counters=counters
            )
            if under:
                show(session, workspace.id, made.key, Shown(parent=under), now)
        except ThemeProblems as error:
            every = "; ".join(f"{field}: {words}" for field, words in error.problems.items())
            raise InvalidInput(every) from error
        session.commit()
        click.echo(f"{made.key} is waiting to be learned; the worker does it within seconds")


@command.command("list")
@click.option("--workspace", "workspace_name", required=True)
def list_(workspace_name: str) -> None:
    """Print every theme that counts: key, name, mentions, and the state of the own ones."""
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        known = catalogue_of(session, workspace.id)
        found, learned = counts(session, workspace.id), states(session, workspace.id)
        for entry in known.listed:
            count = counted(found, known.parts(entry.key))
            state = learned[entry.key].state if entry.own else ""
            click.echo(f"{entry.key}\t{entry.name}\t{count.mentions}\t{state}".rstrip())
