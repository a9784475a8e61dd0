"""`waymark consent`: what a number allowed or withdrew, at any time, why, and from where."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from feedback.app import make_services
from feedback.commands.context import find_workspace, load_settings, open_session
from feedback.consent_words import STATES, for_whom, meaning, whence
from models.customer import Consent
from models.errors import InvalidInput
from models.workspace import Workspace
from surveys import ledger
from surveys.channels.addresses import MAIL_SENDER, SMS, TALKS, address_on, plain_mail
from surveys.phones import normalise
from surveys.schedule import zone_of
from surveys.senders import sender_on


@click.command()
@click.argument("number")
@click.option("--workspace", "workspace_name", required=True)
@click.option("--channel", type=click.Choice(TALKS), default=SMS, show_default=True)
@click.option("--at", "at_text", help="A time such as 2026-05-03T12:00; now when left out.")
def command(number: str, workspace_name: str, channel: str, at_text: str | None) -> None:
    """Say what held for NUMBER (or an e-mail address), for each sender, and print its ledger."""
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        at = _time(at_text, workspace)
        address, own = plain_mail(number), MAIL_SENDER
        if "@" not in number:
            address = address_on(channel, normalise(number, workspace.default_region))
            own = sender_on(channel, session, make_services(load_settings()), workspace.id)
        for line in told(session, workspace, address, own, at):
            click.echo(line)


def told(
    session: Session, workspace: Workspace, address: str, own: str, at: datetime
) -> Iterator[str]:
    """What held for a number at a time, then every entry, a sentence a line."""
    rows = ledger.entries(session, workspace.id, address)
    zone = workspace.timezone
    for held in ledger.senders_at(rows, own, at):
        yield f"{_moment(at, zone)}, for {held.sender}: {STATES[held.state.value][1]}."
        yield f"  {meaning(held, address)}"
        if held.because is not None:
            yield f"  Because of: {_entry(session, held.because, zone)}"
    yield "Ledger:" if rows else "Nothing was ever written down of this number."
    for one in rows:
        yield f"  {_entry(session, one, zone)}"


def _entry(session: Session, one: Consent, zone: str) -> str:
    message = ledger.led_to(session, one)
    said = message.body if message is not None else one.detail
    words = f": “{said}”" if said else ""
    state = STATES[one.state][1].lower()
    return f"{_moment(one.occurred_at, zone)} {state} {for_whom(one)}, {whence(one)}{words}"


def _moment(at: datetime, zone: str) -> str:
    return f"{at.astimezone(zone_of(zone)):%Y-%m-%d %H:%M:%S %Z}"


def _time(text: str | None, workspace: Workspace) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        given = datetime.fromisoformat(text)
    except ValueError as error:
        mend = "Write it as 2026-05-03T12:00, with a zone or in the workspace's."
        raise InvalidInput("is no time", field="--at", mend=mend) from error
    return given if given.tzinfo else given.replace(tzinfo=zone_of(workspace.timezone))
