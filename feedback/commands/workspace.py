"""`waymark workspace`: tenants and the people who sign in to them."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TextIO

import click
from email_validator import EmailNotValidError, validate_email

from feedback import workspaces
from feedback.commands.context import find_workspace, open_session
from models.errors import InvalidInput
from models.workspace import OptOutLevel
from surveys.price_list import read_prices, written_prices
from surveys.prices import prices_of, set_prices


@click.group()
def command() -> None:
    """Make workspaces, and people who may sign in to them."""


@command.command()
@click.argument("name")
@click.option("--company", help="The name customers read; default: NAME.")
@click.option("--region", default="GB", show_default=True, help="Country of phone numbers.")
def create(name: str, company: str | None, region: str) -> None:
    """Make the workspace NAME."""
    with open_session() as session:
        workspaces.create(session, name, datetime.now(UTC), company=company, region=region)
        session.commit()
    click.echo(f"workspace {name} is ready")


@command.command("user")
@click.argument("email")
@click.option("--workspace", "workspace_name", required=True)
@click.option("--password", help="Default: one is made and printed once.")
@click.option(
    "--operator/--no-operator",
    default=None,
    help="May see and pause the work of all workspaces.",
)
def add_user(email: str, workspace_name: str, password: str | None, operator: bool | None) -> None:
    """Let EMAIL sign in to a workspace (again, to set a new password)."""
    try:
        address = validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise InvalidInput(str(error), field="EMAIL", mend="Write it as name@host") from error
    given = password or secrets.token_urlsafe(12)
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        workspaces.set_user(session, workspace, address, given, datetime.now(UTC), operator)
        session.commit()
    click.echo(f"{address} may sign in" + ("" if password else f" with the password {given}"))


@command.command("optout")
@click.argument("level", required=False, type=click.Choice([one.value for one in OptOutLevel]))
@click.option("--workspace", "workspace_name", required=True)
def optout(level: str | None, workspace_name: str) -> None:
    """Print how far a STOP reaches that is said to a workspace, or set it to LEVEL.

    everywhere (as it is at first): all workspaces here, which are one caller where they are of one
    company; workspace: all its senders; sender: only the number it was said to. STOP ALL always
    means everywhere. What was said before keeps its level.
    """
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        if level is not None:
            workspace.optout = level
            session.commit()
        click.echo(f"a STOP said to {workspace.name} reaches: {workspace.optout}")


@command.command("prices")
@click.argument("file", type=click.File("r", encoding="utf-8"), required=False)
@click.option("--workspace", "workspace_name", required=True)
def prices(file: TextIO | None, workspace_name: str) -> None:
    """Print what an SMS segment costs, or put the prices of FILE in place of all others.

    FILE (- reads standard input) holds a line a price: +44 0.04 GBP, or GB 0.04 GBP. The longest
    beginning that fits a number counts.
    """
    wanted = read_prices(file.read()) if file else None
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        if wanted is not None:
            set_prices(session, workspace.id, wanted, datetime.now(UTC))
            session.commit()
        known = prices_of(session, workspace.id)
    click.echo(written_prices(known) or "no price is known")
