"""`waymark whatif`: the last days under changed rules, without sending."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from feedback.app import make_services
from feedback.commands.apply import read_files
from feedback.commands.context import find_workspace, load_settings, open_session
from feedback.configuration.yaml_file import merged
from feedback.whatif.ask import DAYS, MOST_DAYS, Ask, what_if
from feedback.whatif.changed import Wanted
from feedback.whatif.text import as_text
from surveys.firing import setting_of


@click.command()
@click.argument("file")
@click.option("--workspace", "workspace_name", required=True, help="The workspace to ask about.")
@click.option(
    "--days",
    type=click.IntRange(1, MOST_DAYS),
    default=DAYS,
    show_default=True,
    help="Replay the last so many days.",
)
@click.option("--json", "as_json", is_flag=True, help="All figures as JSON.")
def command(file: str, workspace_name: str, days: int, as_json: bool) -> None:
    """Say who would have been asked under the rules of FILE, beside what happened.

    FILE is YAML as `waymark apply` takes it, with the parts that change; a folder, or - for
    standard input. Nothing is stored, and nobody is asked.
    """
    wanted = Wanted(merged(list(read_files(file))))
    settings = load_settings()
    with open_session() as session:
        workspace_id = find_workspace(session, workspace_name).id
        setting = setting_of(make_services(settings))
        asked = Ask(wanted, days, most=None)
        found = what_if(session, workspace_id, asked, setting, datetime.now(UTC))
    click.echo(found.model_dump_json(by_alias=True, indent=1) if as_json else as_text(found))
