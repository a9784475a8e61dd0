"""`waymark learn`: a model that learned from a workspace's corrections, and what becomes of it."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from feedback.adapting import decide
from feedback.adapting.rows import LEAST, corrected, in_state, model_name, shipped, versions
from feedback.commands.context import find_workspace, open_session
from models.errors import InvalidInput
from models.model_version import ModelVersion
from models.workspace import Workspace


@click.command()
@click.option("--workspace", "workspace_name", required=True)
@click.option("--promote", metavar="ID", help="Let this version read, such as w3.")
@click.option("--discard", metavar="ID", help="Pass this candidate over.")
@click.option("--roll-back", is_flag=True, help="Let read again what read before.")
@click.option("--status", is_flag=True, help="Only say which model reads, and what waits.")
def command(
    workspace_name: str,
    promote: str | None,
    discard: str | None,
    roll_back: bool,
    status: bool,
) -> None:
    """Learn a candidate from what people corrected; it reads once somebody promotes it.

    A worker does the same by itself whenever enough was corrected. What people corrected counts
    as they said, whichever model reads.
    """
    if sum(map(bool, (promote, discard, roll_back, status))) > 1:
        raise InvalidInput("give one of --promote, --discard, --roll-back and --status")
    now = datetime.now(UTC)
    with open_session() as session:
        here = find_workspace(session, workspace_name)
        if promote:
            decide.promote(session, here.id, _number(promote), None, shipped(), now)
        elif discard:
            decide.discard(session, here.id, _number(discard), None, now)
        elif roll_back:
            decide.roll_back(session, here.id, None, shipped(), now)
        elif not status:
            click.echo("\n".join(_learned(_learn(session, here))))
            return
        click.echo("\n".join(_status(session, here)))
        if promote or roll_back:
            click.echo(f"`waymark reread --workspace {here.name}` has history read by it")


def _learn(session: Session, here: Workspace) -> ModelVersion:
    # loaded only to learn: ONNX Runtime and scipy take a second
    learning = importlib.import_module("feedback.adapting.learning")
    reader = importlib.import_module("nlp.reader").Reader.load()
    made: ModelVersion = learning.learn(session, here.id, reader, lambda: datetime.now(UTC))
    return made


def _learned(version: ModelVersion) -> list[str]:
    lines = [f"{version.name} learned from {version.counts['lessons']:,} corrected comments"]
    if version.reason:
        return [*lines, version.reason]
    lines.append("held out: what, comments, today, candidate, 95% interval of the difference")
    for one in version.figures["figures"]:
        about = f"{one['what']}, {'all' if one['all'] else 'corrected'}"
        scores = f"{one['n']:,}  {one['today']:.3f}  {one['new']:.3f}"
        told = "too few differ to tell"
        if one["low"] is not None:
            told = f"{one['low']:+.3f} to {one['high']:+.3f}"
        lines.append(f"  {about}  {scores}  {told}")
    off, of = version.figures["changed"]
    lines.append(f"{off:,} of {of:,} comments nobody corrected would be read differently")
    lines.append(f"promote it with --promote w{version.number}, or on the page Model")
    return lines


def _status(session: Session, here: Workspace) -> list[str]:
    lines = [f"{model_name(session, here.id)} reads the comments of {here.name}"]
    many = corrected(session, here.id)
    lines.append(f"{many:,} comments are corrected, {LEAST} are needed to learn from them")
    candidate = in_state(session, here.id, "candidate")
    if candidate is not None:
        lines.append(f"{candidate.name} is a candidate")
    past = [one for one in versions(session, here.id) if one.state in ("retired", "failed")]
    return [*lines, *(f"{one.name} is {one.state}" for one in past)]


def _number(given: str) -> int:
    digits = given.rpartition("w")[2]
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise InvalidInput(f"{given!r} is no version", field="ID", mend="Write w3, or 3.")
    return int(digits)
