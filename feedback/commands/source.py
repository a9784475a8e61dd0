"""`waymark source`: where events come from by themselves."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from feedback import refusals
from feedback.commands.context import find_workspace, load_settings, open_session
from feedback.hooks import mapping as mappings
from feedback.hooks import sources, waiting
from feedback.hooks.words import address, folder, told
from models.intake import SOURCE_KINDS

WORKSPACE = click.option("--workspace", "workspace_name", required=True)
NAMED = click.option("--name", required=True, help="The source's name.")
_SIGNED_WITH = "What its calls are signed with; - reads it from standard input."


@click.group()
def command() -> None:
    """Webhooks of shops and services, and watched folders."""


def _given(typed: str | None) -> str | None:
    return sys.stdin.read().strip() if typed == "-" else typed


@command.command()
@WORKSPACE
@click.option("--kind", type=click.Choice(SOURCE_KINDS), required=True)
@click.option("--name", help="Of your choice; the kind when left out.")
@click.option("--secret", help=_SIGNED_WITH)
def add(workspace_name: str, kind: str, name: str | None, secret: str | None) -> None:
    """Make a source and print its address, and what to paste where."""
    settings = load_settings()
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        made = sources.add(
            session,
            workspace,
            kind,
            name or kind,
            _given(secret),
            settings.secret_key,
            datetime.now(UTC),
        )
        session.commit()
        if kind == "folder":
            folder(made.source, workspace, settings).mkdir(parents=True, exist_ok=True)
        for line in told(made, workspace, settings):
            click.echo(line)


@command.command()
@WORKSPACE
@NAMED
@click.option("--secret", help=_SIGNED_WITH, default="-")
def secret(workspace_name: str, name: str, secret: str) -> None:
    """Tell Waymark what a source's calls are signed with; it is kept encrypted, never shown."""
    with open_session() as session:
        source = sources.named(session, find_workspace(session, workspace_name), name)
        sources.set_secret(source, _given(secret) or "", load_settings().secret_key)
        session.commit()
    click.echo(f"the secret of {name} is kept")


@command.command()
@WORKSPACE
@NAMED
@click.option("--file", "path", type=click.Path(path_type=Path), help="The new mapping, YAML.")
@click.option("--shipped", is_flag=True, help="Back to the mapping that comes with the kind.")
def mapping(workspace_name: str, name: str, path: Path | None, shipped: bool) -> None:
    """Print a source's mapping as it came, or give it another."""
    with open_session() as session:
        source = sources.named(session, find_workspace(session, workspace_name), name)
        if path is None and not shipped:
            click.echo(mappings.written(source.kind, source.mapping), nl=False)
            return
        sources.set_mapping(source, None if path is None else mappings.read(path))
        session.commit()
    click.echo(f"{name} is read by {path.name if path else 'the mapping of its kind'} from now on")


@command.command(name="list")
@WORKSPACE
def list_(workspace_name: str) -> None:
    """Every source: its address, whether its secret is known, and when it last sent."""
    settings = load_settings()
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        for one in sources.listed(session, workspace.id):
            last = one.taken_at.isoformat(timespec="seconds") if one.taken_at else "nothing yet"
            click.echo(f"{one.name}\t{one.kind}\t{address(one, workspace, settings)}\t{last}")
            if one.secret is None and one.kind != "folder":
                click.echo(f"  no secret yet: waymark source secret --name {one.name}", err=True)
            if one.refused:
                click.echo(f"  {one.refused} calls refused, last: {one.refused_why}", err=True)


@command.command()
@WORKSPACE
@NAMED
def remove(workspace_name: str, name: str) -> None:
    """Take nothing more from a source; the events it sent stay."""
    with open_session() as session:
        source = sources.named(session, find_workspace(session, workspace_name), name)
        sources.remove(source, datetime.now(UTC))
        session.commit()
    click.echo(f"{name} is removed")


@command.command()
@WORKSPACE
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, refusals.KEEP))
def refused(workspace_name: str, limit: int) -> None:
    """What was not taken in, newest first: when, from where, which event, why, and the mend."""
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        for one in refusals.latest(session, workspace.id, limit):
            at = one.refused_at.isoformat(timespec="seconds")
            said = f"{one.field or 'event'}: {one.message}. {one.mend or ''}".rstrip()
            click.echo(f"{at}\t{one.source}\t{one.external_id or '-'}\t{said}")


@command.command("waiting")
@WORKSPACE
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, waiting.MOST))
@click.option("--forget", metavar="EVENT", help="Drop this event, by its id; for an erasure, say.")
def list_waiting(workspace_name: str, limit: int, forget: str | None) -> None:
    """What waits for another event, newest first: since when, from where, which, for which."""
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        if forget is not None:
            dropped = waiting.forget(session, workspace.id, forget)
            session.commit()
            click.echo(f"{dropped} dropped")
            return
        for one in waiting.newest(session, workspace.id, limit):
            at = one.came_at.isoformat(timespec="seconds")
            click.echo(f"{at}\t{one.source}\t{one.external_id}\twaits for {one.waits_for}")
        click.echo(f"{waiting.count(session, workspace.id):,} wait", err=True)
