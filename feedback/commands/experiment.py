"""`waymark experiment`: ways of asking, tried beside each other."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from feedback.commands.context import find_workspace, open_session
from feedback.experiments import words
from feedback.experiments.life import Listed, find, listed, start, stop, take_over
from feedback.experiments.read import read
from feedback.experiments.results import Results
from feedback.experiments.schema import experiment_out

_WORKSPACE = click.option("--workspace", "workspace_name", required=True)


@click.group()
def command() -> None:
    """See, start and stop experiments, and make a variant the rule."""


@command.command("list")
@_WORKSPACE
def show_all(workspace_name: str) -> None:
    """Every experiment, the newest first."""
    with open_session() as session:
        for one in listed(session, find_workspace(session, workspace_name).id):
            keys = ", ".join(variant.key for variant in one.variants)
            click.echo(f"{one.experiment.key}: {one.experiment.state}, {one.trigger.key}: {keys}")


@command.command("show")
@click.argument("key")
@_WORKSPACE
@click.option("--json", "as_json", is_flag=True)
def show(key: str, workspace_name: str, as_json: bool) -> None:
    """What the variants of KEY led to so far."""
    with open_session() as session:
        one = find(session, find_workspace(session, workspace_name).id, key)
        found = read(session, one, datetime.now(UTC))
        if as_json:
            click.echo(experiment_out(one, found).model_dump_json())
            return
        _tell(one, found)


@command.command("start")
@click.argument("key")
@_WORKSPACE
def begin(key: str, workspace_name: str) -> None:
    """Divide customers among the variants of KEY from now on."""
    with open_session() as session:
        start(session, find(session, find_workspace(session, workspace_name).id, key), _now())
    click.echo(f"{key}: started")


@command.command("stop")
@click.argument("key")
@_WORKSPACE
def end(key: str, workspace_name: str) -> None:
    """Ask everybody as the trigger has it again; who was asked still counts."""
    with open_session() as session:
        stop(session, find(session, find_workspace(session, workspace_name).id, key), _now())
    click.echo(f"{key}: stopped")


@command.command("apply")
@click.argument("key")
@click.argument("variant")
@_WORKSPACE
def apply(key: str, variant: str, workspace_name: str) -> None:
    """Make VARIANT of KEY the rule: the trigger asks that way from now on."""
    with open_session() as session:
        one = find(session, find_workspace(session, workspace_name).id, key)
        changed = take_over(session, one, variant, _now())
    click.echo(f"{key}: {variant} is the rule now{': ' if changed else ''}{', '.join(changed)}")
    click.echo("Write it into your configuration file too: the next `waymark apply` reads that.")


def _now() -> datetime:
    return datetime.now(UTC)


def _tell(one: Listed, found: Results) -> None:
    names = {variant.key: variant.name for variant in one.variants}
    click.echo(words.headline(found, names))
    if found.uneven is not None:
        click.echo("Customers were not divided as they should have been: don't trust this.")
    for variant, standing in zip(one.variants, found.standings, strict=True):
        click.echo(f"{variant.key}: {standing.outcome.given} given, {standing.outcome.asked} asked")
        for cell in words.cells(standing, found.metric):
            more = f", {cell.difference}" if cell.difference else ""
            click.echo(f"  {cell.name}: {cell.value} of {cell.n}{more}")
