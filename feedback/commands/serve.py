"""`waymark serve`: the web process; embedded, the whole program."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click

from feedback.commands.context import load_settings, open_engine
from feedback.demo import shop
from feedback.processes import simulated, web
from feedback.processes.supervisor import Child, Supervisor
from feedback.settings import Settings


def _server(settings: Settings, host: str | None, web_only: bool) -> web.Server:
    everywhere = "0.0.0.0"  # noqa: S104 - production listens behind its own proxy
    return web.Server(
        host=host or ("127.0.0.1" if settings.embedded else everywhere),
        port=settings.port,
        workers=1 if settings.embedded else int(os.environ.get("WEB_CONCURRENCY", "2")),
        clock_inside=settings.embedded and not web_only,
    )


def _greet(settings: Settings) -> None:
    click.echo(f"Waymark is at http://127.0.0.1:{settings.port}")
    if settings.waymark_demo == "1":
        click.echo(shop.set_up(settings))
    else:
        click.echo("Make a workspace with `waymark workspace create NAME`, then a user with")
        click.echo("`waymark workspace user EMAIL --workspace NAME`. Ctrl-C stops the program.")


@click.command()
@click.option("--host", help="Address to listen on; embedded 127.0.0.1, else every address.")
@click.option("--web-only", is_flag=True, help="No clock, worker or demo beside the web process.")
@click.option("--child", is_flag=True, hidden=True)
def command(host: str | None, web_only: bool, child: bool) -> None:
    """Serve pages, API and webhooks.

    On the embedded default (SQLite) the clock runs inside and a worker beside it, so that
    this one command is the whole program. Elsewhere run `waymark clock` and `waymark worker`.
    """
    settings = load_settings()
    server = _server(settings, host, web_only)
    if child or web_only or not settings.embedded:
        web.run(settings, server)
        return
    open_engine(settings).dispose()
    _greet(settings)
    passed = ["--host", host] if host else []
    commands = [["serve", "--child", *passed], ["worker"]]
    if settings.waymark_demo == "1":
        commands.append(["demo"])
    with _provider(settings) as told:
        Supervisor([Child(arguments, told) for arguments in commands]).run()


@contextmanager
def _provider(settings: Settings) -> Iterator[Mapping[str, str]]:
    """What the processes are told of the simulated Twilio that stands in, if it does."""
    if not settings.simulator:
        yield {}
        return
    with simulated.standing_in(settings) as address:
        yield {"WAYMARK_SIMULATOR": address}
