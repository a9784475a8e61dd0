"""`waymark simulator`: a Twilio of one's own, with phones to answer from."""

from __future__ import annotations

import re
import secrets
import signal
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from twilio.request_validator import HMAC_SHA1, HMAC_SHA256

from feedback.handsets import pages
from feedback.handsets.templates_file import read_templates
from models.errors import InvalidInput
from surveys.simulator import blocks, faults, setup
from surveys.simulator.account import ACCOUNT_SID, NUMBER, Account, OptOut
from surveys.simulator.app import create_app
from surveys.simulator.course import PATIENT, parse_delays
from surveys.simulator.server import listen, serve
from surveys.simulator.service import LATE_SECONDS, Simulator, utc_now

SERVICE = "MG" + "0" * 32
NUMBER_SHAPE = re.compile(r"\+[1-9]\d{6,14}")
ACCOUNT_SHAPE = re.compile(r"AC[0-9a-f]{32}")
ADDRESS_SHAPE = re.compile(r"https?://[^/?#\s]+(/[^?#\s]*)?")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8010, show_default=True, help="Port; 0 takes a free one.")
@click.option(
    "--webhooks",
    default="http://127.0.0.1:8000",
    show_default=True,
    metavar="URL",
    help="Where Waymark is: its PUBLIC_URL.",
)
@click.option("--account", "sid", default=ACCOUNT_SID, show_default=True, metavar="SID")
@click.option("--token", help="The account's token; a new one at each start unless given.")
@click.option(
    "--number",
    "numbers",
    multiple=True,
    default=(NUMBER,),
    show_default=True,
    help="A number of the account; may be given more than once.",
)
@click.option(
    "--whatsapp",
    multiple=True,
    metavar="NUMBER",
    help="A number that is a WhatsApp sender; may be given more than once.",
)
@click.option(
    "--templates",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="WhatsApp templates, in YAML; the configuration of surveys will do, or a list of its own.",
)
@click.option("--service", is_flag=True, help="Put the numbers behind a messaging service.")
@click.option(
    "--opt-out",
    type=click.Choice([one.value for one in OptOut]),
    default=OptOut.DEFAULT.value,
    show_default=True,
    help="How Twilio itself takes STOP.",
)
@click.option("--rate", type=click.IntRange(1), help="Messages a second from a sender; more: 429.")
@click.option("--sha256", is_flag=True, help="Sign webhooks by SHA-256 instead of SHA-1.")
@click.option("--seed", default=0, show_default=True, help="Decides which chances come true.")
@click.option(
    "--faults",
    "odds",
    default="",
    metavar="LINE",
    help="late=0.05,hangup=0.02: what goes wrong, and how often.",
)
@click.option(
    "--blocked",
    default="",
    metavar="LINE",
    help="+447700900000=30034: senders whose messages are taken and lost, with the code.",
)
@click.option(
    "--delays",
    default="",
    metavar="LINE",
    help="sent=0.4,delivered=2: seconds before a message becomes that.",
)
@click.option(
    "--late",
    default=LATE_SECONDS,
    show_default=True,
    help="Seconds that an answer takes that comes too late.",
)
@click.option("--skew", default=0.0, show_default=True, help="Seconds its clock is ahead by.")
def command(host: str, port: int, webhooks: str, **told: Any) -> None:
    """Behave like Twilio over HTTP, and show the phones that messages arrive on.

    Prints what to set where Waymark starts. All is kept in memory and gone at the end.
    """
    webhooks = webhooks.rstrip("/")
    ahead = timedelta(seconds=told["skew"])
    simulator = Simulator(
        _account(f"{webhooks}{setup.INBOUND}", **told),
        faults.Faults(faults.parse(told["odds"]), told["seed"]),
        {**PATIENT, **parse_delays(told["delays"])},
        told["late"],
        now=lambda: utc_now() + ahead,
    )
    if told["blocked"]:
        simulator.blocks.set(blocks.parse(told["blocked"]))
    _run(simulator, host, port, webhooks)


def _account(inbound_url: str, **told: Any) -> Account:
    numbers: tuple[str, ...] = told["numbers"]
    for number in numbers:
        _check(number, NUMBER_SHAPE, "--number", "Write it as +447700900000.")
    for number in told["whatsapp"]:
        _check(number, NUMBER_SHAPE, "--whatsapp", "Write it as +447700900000.")
    _check(told["sid"], ACCOUNT_SHAPE, "--account", "Write AC and 32 digits from 0 to f.")
    _check(inbound_url, ADDRESS_SHAPE, "--webhooks", "Write http://host or https://host.")
    return Account(
        token=told["token"] or secrets.token_hex(16),
        sid=told["sid"],
        numbers=numbers,
        services={SERVICE: numbers} if told["service"] else {},
        inbound_url=inbound_url,
        opt_out=OptOut(told["opt_out"]),
        per_second=told["rate"],
        algorithm=HMAC_SHA256 if told["sha256"] else HMAC_SHA1,
        whatsapp=told["whatsapp"],
        templates=read_templates(told["templates"]) if told["templates"] else (),
    )


def _check(value: str, shape: re.Pattern[str], field: str, mend: str) -> None:
    if not shape.fullmatch(value):
        raise InvalidInput(f"can't be {value!r}", field=field, mend=mend)


def _run(simulator: Simulator, host: str, port: int, webhooks: str) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    # the port is known once somebody listens, and the page shows it
    environment: dict[str, str] = {}
    app = create_app(simulator, [pages.make_blueprint(simulator, webhooks, environment)])
    server = listen(app, host, port)
    base = f"http://{host}:{server.server_port}"
    environment.update(setup.environment(simulator.account, webhooks, base))
    _greet(base, environment)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    serve(simulator, server)


def _greet(base: str, environment: dict[str, str]) -> None:
    click.echo(f"The phones are at {base}/ and Twilio, simulated, behind them. Ctrl-C stops both.")
    click.echo("Waymark texts by it once it is started with these:\n")
    for name, value in environment.items():
        click.echo(f"export {name}={value}")
    click.echo("")
