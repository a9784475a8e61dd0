"""`waymark workspace`: tenants and the people who sign in to them."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import click
from email_validator import EmailNotValidError, validate_email

from feedback import workspaces
from feedback.commands.context import find_workspace, open_session
from models.errors import InvalidInput


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
def add_user(email: str, workspace_name: str, password: str | None) -> None:
    """Let EMAIL sign in to a workspace (again, to set a new password)."""
    try:
        address = validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise InvalidInput(str(error), field="EMAIL", mend="Write it as name@host") from error
    given = password or secrets.token_urlsafe(12)
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        workspaces.set_user(session, workspace, address, given, datetime.now(UTC))
        session.commit()
    click.echo(f"{address} may sign in" + ("" if password else f" with the password {given}"))
