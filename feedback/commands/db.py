"""`waymark db`: migrations, copies from one engine to another, backups."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from feedback.commands.context import load_settings
from feedback.database.backup import backup as back_up
from feedback.database.copying import copy as copy_all
from feedback.database.restore import restore as bring_back
from models import migrate
from models.engine import make_engine, parse_url


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


@command.command()
@click.argument("from_url")
@click.argument("to_url")
def copy(from_url: str, to_url: str) -> None:
    """Copy everything from one database to another, of either engine: all or nothing.

    FROM_URL is opened to be read alone, and must stand still: stop Waymark first. TO_URL must be
    empty; it gets its tables. Each table's count and sum are compared before anything counts.
    Whatever stops the copy leaves the target empty: run it again.

    \b
    waymark db copy sqlite:////srv/waymark/waymark.db postgresql://waymark@db/waymark
    """
    copied = copy_all(from_url, to_url, datetime.now(UTC), _progress)
    tables = sum(1 for one in copied.sums.values() if one.rows)
    click.echo(f"{copied.rows:,} rows of {tables} tables are there; every count and sum is equal")
    shown = parse_url(to_url).set(drivername=to_url.split(":", 1)[0])
    click.echo(f"Set DATABASE_URL to {shown.render_as_string()} and start Waymark")


def _progress(table: str, done: int, *, of: int) -> None:
    click.echo(f"\r{table}: {done:,} of {of:,}", nl=done == of, err=True)


@command.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Back the database up to FILE, while the program runs.

    SQLite: a database to be opened as it is. PostgreSQL: `pg_dump`'s own format.
    """
    size = back_up(load_settings().database_url, file)
    click.echo(f"{file}: {size / 1e6:,.1f} MB; it holds personal data, so keep it as the database")


@command.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--ask-again", is_flag=True, help="Ask what fell due since the backup, too.")
def restore(file: Path, ask_again: bool) -> None:
    """Bring the backup FILE back into the database of the settings, which must be empty.

    Nobody is texted twice: what waited to be sent is looked up at the provider first, and
    invitations that fell due since the backup expire, for they may have been sent after it.
    """
    settings = load_settings()
    settings.waymark_home.mkdir(parents=True, exist_ok=True)
    done = bring_back(settings.database_url, file, datetime.now(UTC), ask_again=ask_again)
    click.echo(
        f"restored; {done.looked_up:,} messages will be looked up at the provider before they are "
        f"sent, {done.let_go:,} invitations that fell due meanwhile are let go"
    )
    engine = make_engine(settings.database_url)
    with engine.connect() as connection:
        why = migrate.unfit(connection)
    click.echo(str(why) if why else "Now `waymark doctor --statistics` looks whether all is right")
