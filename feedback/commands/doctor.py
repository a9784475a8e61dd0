"""`waymark doctor`: what is wrong, in words."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from feedback.cells.work import start_afresh
from feedback.checkup import examine, examine_statistics
from feedback.commands.context import load_settings, open_engine
from models import marking
from models.engine import make_engine
from models.workspace import Workspace


@click.command()
@click.option("--statistics", is_flag=True, help="Hold every stored sum against its rows.")
@click.option("--mend", is_flag=True, help="With --statistics: mend what is found to be wrong.")
def command(statistics: bool, mend: bool) -> None:
    """Check the settings, the database, the provider and the statistics."""
    settings = load_settings()
    if statistics:
        engine = open_engine(settings)
        findings = examine_statistics(engine)
    else:
        engine = make_engine(settings.database_url)
        findings = examine(settings, engine, datetime.now(UTC))
    for finding in findings:
        mark = "ok  " if finding.fine else "MEND"
        click.echo(f"{mark} {finding.subject}: {finding.words}")
    wrong = not all(finding.fine for finding in findings)
    if wrong and statistics and mend:
        _mend(engine)
        click.echo("All is being counted anew; `waymark statistics status` says how far it is")
    sys.exit(wrong)


def _mend(engine: Engine) -> None:
    """Write the triggers again, and have every workspace counted anew by the worker."""
    with engine.begin() as connection:
        if marking.missing(connection):
            marking.install(connection)
    with Session(engine, expire_on_commit=False) as session:
        for workspace_id in session.scalars(select(Workspace.id)).all():
            start_afresh(session, workspace_id)
