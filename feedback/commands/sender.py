"""`waymark sender`: how the numbers that we text from are doing, and how fast they may go."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from feedback.app import make_gateway
from feedback.commands.context import load_settings, open_session
from feedback.senders import told_of_all
from models.errors import InvalidInput
from surveys import sender_rows


@click.group()
def command() -> None:
    """See and set the pace of the numbers and services that SMS leave from."""


@command.command("list")
def show() -> None:
    """Every sender of which there is something to say: its limit, its troubles."""
    gateway, now = make_gateway(load_settings()), datetime.now(UTC)
    with open_session() as session:
        known = sender_rows.standings(session, gateway.name)
    for sender, said in told_of_all(gateway, known, now).items():
        click.echo(f"{sender}: {said.words}")


@command.command()
@click.argument("sender")
@click.option("--per-second", type=float, help="Messages a second; 0.5 is one in two seconds.")
@click.option("--none", "unlimited", is_flag=True, help="No limit of ours.")
def limit(sender: str, per_second: float | None, unlimited: bool) -> None:
    """Set how many messages a second may leave from SENDER; the provider's own limits stand."""
    if (per_second is None) == (not unlimited):
        mend = "Give --per-second with a number, or --none."
        raise InvalidInput("no limit is given", field="--per-second", mend=mend)
    if per_second is not None and not 0 < per_second <= 1000:
        mend = "Give a number above 0 and up to 1000."
        raise InvalidInput(f"{per_second:g} is no pace", field="--per-second", mend=mend)
    gateway = make_gateway(load_settings())
    with open_session() as session:
        sender_rows.limit(session, gateway.name, sender, per_second)
        session.commit()
    click.echo(f"{sender}: {f'{per_second:g} a second at most' if per_second else 'no limit'}")
