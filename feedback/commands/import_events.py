"""`waymark import-events`: events from a CSV file."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.commands.context import find_workspace, open_session
from feedback.files.inbox import begun, digest
from feedback.files.rows import check
from feedback.files.run import Reading, go_on
from feedback.hooks import mapping as mappings
from feedback.imports.table import Table
from models.intake import IntakeFile


def _now() -> datetime:
    return datetime.now(UTC)


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--workspace", "workspace_name", required=True)
@click.option("--mapping", "mapping_path", type=click.Path(path_type=Path), help="YAML.")
@click.option("--source", default="import", show_default=True, help="Whose ids its events have.")
@click.option("--encoding", default="utf-8-sig", show_default=True)
@click.option("--delimiter", default=",", show_default=True)
def command(
    path: Path,
    workspace_name: str,
    mapping_path: Path | None,
    source: str,
    encoding: str,
    delimiter: str,
) -> None:
    """Add the events of FILE, a CSV, to a workspace; triggers ask about them as about any.

    Columns: event and customer_id are needed; id, occurred_at, phone, email, locale, timezone and
    attribute.X are known; any other is a property. A mapping reads other files. Rows that can't be
    used go to FILE.rejected.csv with line, field and mend. Stopped, it goes on where it was;
    again, it adds nothing.
    """
    mapping = mappings.read(mapping_path) if mapping_path else None
    table = Table(path, encoding, delimiter)
    reader = check(table, mapping)
    rejects = _rejects(path)
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        file = _begun(session, workspace.id, f"csv:{source}"[:40], path)
        reading = Reading(table, reader, rejects, _now)
        if file.rows:
            click.echo(f"going on behind {file.rows:,} rows", err=True)
        for _ in go_on(session, file, reading, lambda: False):
            click.echo(f"\r{file.rows:,} rows", nl=False, err=True)
    click.echo(
        f"\r{file.rows:,} rows: {file.accepted:,} events added, {file.duplicates:,} known already, "
        f"{file.rejected:,} rejected"
    )
    if file.waiting:
        click.echo(f"{file.waiting:,} had to wait for the event that names their customer")
    if file.rejected:
        click.echo(f"the rejected rows: {rejects}", err=True)


def _begun(session: Session, workspace_id: int, source: str, path: Path) -> IntakeFile:
    """The record of this file where it was begun before, else a new one."""
    found = session.scalar(
        select(IntakeFile).where(
            IntakeFile.workspace_id == workspace_id,
            IntakeFile.source == source,
            IntakeFile.sha256 == digest(path),
            IntakeFile.path == str(path.absolute())[:500],
            IntakeFile.state == "taken",
        )
    )
    if found is None:
        found = begun(workspace_id, source, path.absolute(), _now())
        session.add(found)
        session.commit()
    return found


def _rejects(file: Path) -> Path:
    """Beside the file; in the temporary folder where that one can't be written."""
    folder = file.parent if os.access(file.parent, os.W_OK) else Path(tempfile.gettempdir())
    return folder / f"{file.name}.rejected.csv"
