"""`waymark apply`: journeys, surveys, triggers and segments from YAML."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from feedback.alerts.ways import ways_of
from feedback.commands.context import find_workspace, load_settings, open_session
from feedback.configuration.apply import apply
from feedback.configuration.long_texts import long_texts
from feedback.configuration.yaml_file import Document, merged, read_yaml
from models.errors import InvalidInput, NotFound


@click.command()
@click.argument("file")
@click.option("--workspace", "workspace_name", required=True, help="The workspace to change.")
@click.option("--check", is_flag=True, help="Only say what would change.")
def command(file: str, workspace_name: str, check: bool) -> None:
    """Bring a workspace to what FILE says.

    FILE is a YAML file, a folder of them, or - for standard input. Everything is checked
    before anything is written, and applying the same file again changes nothing. An SMS of
    more than two segments is warned of.
    """
    document = merged(list(read_files(file)))
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        settings = load_settings()
        private = ways_of(settings).private_webhooks
        lines = apply(session, workspace, document, datetime.now(UTC), private)
        long = list(long_texts(session, workspace, document, settings.public_url))
        if check:
            session.rollback()
        else:
            session.commit()
    for line in lines or ["nothing to change"]:
        click.echo(line)
    for line in long:
        click.echo(f"warning: {line}", err=True)


def read_files(file: str) -> Iterator[Document]:
    """The YAML of a file, of a folder, or of standard input."""
    if file == "-":
        yield read_yaml(sys.stdin.read(), "standard input")
        return
    path = Path(file)
    if not path.exists():
        raise NotFound("there is no such file or folder", field=file, mend="Check the path.")
    found = (one for one in path.iterdir() if one.suffix in {".yaml", ".yml"})
    paths = sorted(found) if path.is_dir() else [path]
    if not paths:
        raise NotFound("holds no .yaml file", field=file, mend="Name a folder of YAML files.")
    for one in paths:
        yield read_yaml(_text(one), one.name)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        mend = "Save it as UTF-8."
        raise InvalidInput("is not UTF-8 text", field=str(path), mend=mend) from error
