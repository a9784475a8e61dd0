"""Understanding what an import added, here and now, to the end."""

from __future__ import annotations

import time

import click

from feedback.app import make_services
from feedback.commands.context import load_settings, open_engine
from feedback.jobs.bench import Bench
from feedback.jobs.drain import drain


def understand() -> None:
    """Score and read all that waits, in this process, telling how far it is."""
    settings = load_settings()
    engine = open_engine(settings)
    began = time.monotonic()

    def progress(kind: str, rows: int) -> None:
        spent = time.monotonic() - began
        click.echo(f"\r{kind}: {rows:,} done, {rows / max(spent, 0.001):,.0f} a second", err=True)

    done = drain(Bench(engine, make_services(settings)), progress=progress)
    engine.dispose()
    click.echo(f"{done.get('read', 0):,} comments understood in {time.monotonic() - began:.1f} s")
