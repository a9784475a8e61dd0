"""`waymark jobs`: how the work stands, and to pause, resume or retry it."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from feedback.commands.context import find_workspace, open_session
from feedback.jobs import due, mending
from feedback.operations import State, state_of
from feedback.work_queues import KINDS, MOST
from models.errors import InvalidInput
from surveys import pauses
from surveys.pauses import EVERY


@click.group()
def command() -> None:
    """See the work, and pause, resume or retry it."""


@command.command("list")
def show() -> None:
    """Each kind of work: what is due, under way and at rest; then what waits in workspaces."""
    with open_session() as session:
        state = state_of(session, datetime.now(UTC), None)
        _show(state)


def _show(state: State) -> None:
    click.echo(f"clock: {state.clock or 'none is active'}; workers: {len(state.workers)}")
    for one in state.kinds:
        since = f"due since {one.since:%Y-%m-%d %H:%M:%S}" if one.since else "nothing due"
        rests = "; rests" if one.rests_since or state.everything_rests_since else ""
        running = f"; {len(one.running)} under way" if one.running else ""
        troubles = "; stuck" if one.stuck else "; failing" if one.failing else ""
        done = f"; {one.rows:,} rows in the last hour" if one.rows else ""
        click.echo(f"{one.kind}: {since}{running}{troubles}{rests}{done}")
    for place in state.workspaces:
        waits = ", ".join(
            f"{kind} {'more than ' if found.rows > MOST else ''}{min(found.rows, MOST):,}"
            for kind, found in place.waiting.items()
        )
        rests = f"; rests: {', '.join(sorted(one or 'all' for one in place.resting))}"
        click.echo(f"{place.name}: {waits or 'nothing waits'}{rests if place.resting else ''}")


_KIND = click.argument("kind", required=False)
_ALL = click.option("--all", "everything", is_flag=True, help="Every kind of work.")
_WORKSPACE = click.option("--workspace", "name", help="In this workspace alone.")


@command.command()
@_KIND
@_ALL
@_WORKSPACE
def pause(kind: str | None, everything: bool, name: str | None) -> None:
    """Let a KIND of work rest, everywhere or in a workspace; what is due waits."""
    with open_session() as session:
        wanted, workspace_id = _about(session, kind, everything, name)
        pauses.pause(session, wanted, workspace_id, datetime.now(UTC))
        session.commit()
    click.echo(f"{wanted or 'all work'}{f' of {name}' if name else ''} rests")


@command.command()
@_KIND
@_ALL
@_WORKSPACE
def resume(kind: str | None, everything: bool, name: str | None) -> None:
    """Let what rests go on."""
    with open_session() as session:
        wanted, workspace_id = _about(session, kind, everything, name)
        rested = pauses.resume(session, wanted, workspace_id)
        session.commit()
    said = "goes on" if rested else "did not rest"
    click.echo(f"{wanted or 'all work'}{f' of {name}' if name else ''} {said}")


@command.command()
@click.argument("kind")
def retry(kind: str) -> None:
    """Try failed tasks of a KIND again now, and give stuck ones to another worker."""
    with open_session() as session:
        many = mending.retry(session, _known(kind), datetime.now(UTC))
        session.commit()
    click.echo(f"{kind}: {many} to be tried again")


def _known(kind: str) -> str:
    if kind not in due.KINDS:
        mend = f"Known: {', '.join(due.KINDS)}"
        raise InvalidInput(f"{kind!r} is no kind of work", field="KIND", mend=mend)
    return kind


def _about(
    session: Session, kind: str | None, everything: bool, name: str | None
) -> tuple[str, int | None]:
    """The kind and the workspace that are meant."""
    if (kind is None) == (not everything):
        mend = f"Give a kind ({', '.join(due.KINDS)}) or --all."
        raise InvalidInput("it isn't said what work is meant", field="KIND", mend=mend)
    wanted = EVERY if kind is None else _known(kind)
    if name is None:
        return wanted, None
    if wanted not in (EVERY, *KINDS):
        mend = f"In a workspace {', '.join(KINDS)} can rest, or --all of them."
        raise InvalidInput(f"{wanted!r} has no workspaces", field="KIND", mend=mend)
    return wanted, find_workspace(session, name).id
