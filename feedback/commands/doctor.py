"""`waymark doctor`: what is wrong, in words."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from feedback.checkup import examine
from feedback.commands.context import load_settings
from models.engine import make_engine


@click.command()
def command() -> None:
    """Check the settings, the database, the provider and the statistics."""
    settings = load_settings()
    findings = examine(settings, make_engine(settings.database_url), datetime.now(UTC))
    for finding in findings:
        mark = "ok  " if finding.fine else "MEND"
        click.echo(f"{mark} {finding.subject}: {finding.words}")
    sys.exit(not all(finding.fine for finding in findings))
