"""`waymark demo`: the made-up shop's customers, beside a running `waymark serve`."""

from __future__ import annotations

import signal
import threading
from random import Random

import click
import requests
import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from feedback.app import make_services
from feedback.commands.context import load_settings
from feedback.demo import live, shop
from feedback.demo.outside import Outside
from feedback.settings import Settings
from models.engine import make_engine
from models.errors import Conflict
from models.workspace import Workspace

STEP_SECONDS = 0.25
RETRY_SECONDS = 1.0

log = structlog.get_logger(__name__)


def _stage(settings: Settings) -> live.Stage:
    if not settings.simulator:
        mend = "Run it without TWILIO_ACCOUNT_SID"
        raise Conflict("the demo texts nobody real, and Twilio is configured", mend=mend)
    access = shop.read_access(settings)
    engine = make_engine(settings.database_url)
    with Session(engine, expire_on_commit=False) as session:
        workspace = session.scalar(select(Workspace).where(Workspace.name == shop.WORKSPACE))
    if access is None or workspace is None:
        raise Conflict("the demo is not set up", mend="Start it with `make run`")
    return live.Stage(
        engine=engine,
        services=make_services(settings),
        workspace=workspace,
        outside=Outside(f"http://127.0.0.1:{settings.port}", access.key),
        rng=Random(7),  # noqa: S311 - a play, not a secret
    )


@click.command()
def command() -> None:
    """Let the demo's customers live through their journey until stopped."""
    stage = _stage(load_settings())
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    start = stage.services.now()
    stage.catch_up()
    while not stopping.wait(STEP_SECONDS):
        try:
            stage.step(live.seconds_since(start, stage.services.now()))
        except (requests.RequestException, OperationalError) as error:
            log.warning("demo_waits", reason=type(error).__name__)
            stopping.wait(RETRY_SECONDS)
