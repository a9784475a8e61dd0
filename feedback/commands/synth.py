"""`waymark synth`: a made-up history whose pain points are known."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from feedback.commands.context import open_session
from feedback.commands.import_ import find_or_make
from feedback.synth.run import synthesise


@click.command()
@click.option("--workspace", "workspace_name", required=True, help="Made when there is none.")
@click.option("--responses", required=True, type=int, help="How many to make up.")
@click.option("--seed", default=1, show_default=True, help="The same seed, the same history.")
@click.option("--read", is_flag=True, help="With readings, so that no model has to read them.")
def command(workspace_name: str, responses: int, seed: int, read: bool) -> None:
    """Make up half a year of a journey, and print its true pain points as JSON.

    Fourteen touchpoints in six stages; at nine of them something goes wrong. The truth is
    {"pain_points": [{"stage", "touchpoint", "theme", "impact"}]}, worst first, the impact in
    points of NPS. The comments wait to be read, unless --read is given.
    """
    now = datetime.now(UTC)
    with open_session() as session:
        workspace = find_or_make(session, workspace_name, now)
        found = synthesise(session, workspace, responses, seed, now, read=read, progress=_progress)
    click.echo(json.dumps({"pain_points": found}, indent=1))


def _progress(done: int, total: int) -> None:
    click.echo(f"\r{done:,} of {total:,} responses", nl=done == total, err=True)
