"""`waymark db`: migrations."""

from __future__ import annotations

import click

from feedback.commands.context import load_settings
from models import migrate
from models.engine import make_engine


@click.group()
def command() -> None:
    """Look after the database's tables."""


@command.command()
def upgrade() -> None:
    """Run the migrations that are missing; safe to run again and from several machines."""
    settings = load_settings()
    settings.waymark_home.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url)
    migrate.upgrade(engine)
    click.echo(f"the database is at {', '.join(migrate.heads())}")
