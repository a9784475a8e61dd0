"""`waymark import`: history from a CSV file and a mapping."""

from __future__ import annotations

import importlib
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import workspaces
from feedback.commands.context import open_session
from feedback.imports.mapping import read_mapping
from feedback.imports.run import Report, run_import
from feedback.imports.table import Table
from models.workspace import Workspace


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--mapping", "mapping_path", required=True, type=click.Path(path_type=Path))
@click.option("--workspace", "workspace_name", required=True, help="Made when there is none.")
@click.option("--encoding", help="Of FILE; default: the mapping's, else UTF-8.")
@click.option("--wait", is_flag=True, help="Go on until every comment is understood.")
def command(
    file: Path, mapping_path: Path, workspace_name: str, encoding: str | None, wait: bool
) -> None:
    """Add the responses, scores and comments of FILE, a CSV, to a workspace.

    The mapping says which column means what; examples/patient_survey.yaml shows one. Running
    an import again adds nothing. Rows that can't be used go to FILE.rejected.csv with the
    reason, the others stay.
    """
    mapping = read_mapping(mapping_path)
    table = Table(file, encoding or mapping.encoding, mapping.delimiter)
    table.header(mapping.columns)
    rejects = _rejects(file)
    now = datetime.now(UTC)
    with open_session() as session:
        workspace = find_or_make(session, workspace_name, now)
        report = run_import(session, workspace, mapping, table, rejects, now, _progress)
    _tell(report, rejects)
    if wait:
        importlib.import_module("feedback.imports.wait").understand()


def find_or_make(session: Session, name: str, now: datetime) -> Workspace:
    """The workspace of this name, made when there is none; says so."""
    found = session.scalar(select(Workspace).where(Workspace.name == name))
    if found is None:
        found = workspaces.create(session, name, now)
        session.commit()
        click.echo(f"workspace {name}: made", err=True)
    return found


def _rejects(file: Path) -> Path:
    """Beside the input; in the temporary folder where that one can't be written."""
    folder = file.parent if os.access(file.parent, os.W_OK) else Path(tempfile.gettempdir())
    return folder / f"{file.name}.rejected.csv"


def _progress(done: int, total: int) -> None:
    click.echo(f"\r{done:,} of {total:,} rows", nl=done == total, err=True)


def _tell(report: Report, rejects: Path) -> None:
    counts = report.counts
    for line in report.lines:
        click.echo(line, err=True)
    click.echo(
        f"{counts.rows:,} rows: {counts.responses:,} responses, {counts.scores:,} scores and "
        f"{counts.comments:,} comments added"
    )
    if report.disagreeing:
        many = f"{report.disagreeing:,} responses have rows of different times"
        click.echo(f"note: {many}; the first row's was taken", err=True)
    if report.rejected:
        click.echo(f"{report.rejected:,} rows could not be used: see {rejects}", err=True)
