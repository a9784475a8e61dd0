"""Workspaces, their users and keys: made here, whoever asks for them."""

from __future__ import annotations

import re
from datetime import datetime

import phonenumbers
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.security import generate_password_hash

from feedback.security import make_key
from models.errors import Conflict, InvalidInput, NotFound
from models.workspace import ApiKey, User, Workspace

NAME = re.compile(r"^[a-z0-9][a-z0-9-]{0,62}$")
MINIMUM_PASSWORD = 8


def create(
    session: Session, name: str, now: datetime, *, company: str | None = None, region: str = "GB"
) -> Workspace:
    """Make a workspace; the name is its address in commands, the company what customers read."""
    if not NAME.match(name):
        mend = "Use lower-case letters, digits and hyphens"
        raise InvalidInput(f"{name!r} can't be a workspace's name", field="NAME", mend=mend)
    if region.upper() not in phonenumbers.SUPPORTED_REGIONS:
        mend = "Use a country's two letters, such as GB"
        raise InvalidInput(f"no country is called {region!r}", field="--region", mend=mend)
    if session.scalar(select(Workspace.id).where(Workspace.name == name)) is not None:
        raise Conflict(f"there is a workspace {name!r} already", field="NAME")
    workspace = Workspace(
        name=name,
        company=company or name.replace("-", " ").title(),
        default_region=region.upper(),
        created_at=now,
    )
    session.add(workspace)
    session.flush()
    return workspace


def set_user(
    session: Session,
    workspace: Workspace,
    email: str,
    password: str,
    now: datetime,
    operator: bool | None = None,
) -> User:
    """Make a user, or give a user of this workspace a new password.

    `operator` makes one who looks after the program itself, or no longer does; None: as it was.
    """
    if len(password) < MINIMUM_PASSWORD:
        mend = f"Use at least {MINIMUM_PASSWORD} characters"
        raise InvalidInput("the password is too short", field="--password", mend=mend)
    user = session.scalar(select(User).where(User.email == email.lower()))
    if user is not None and user.workspace_id != workspace.id:
        raise Conflict("this address signs in to another workspace", field="EMAIL")
    if user is None:
        user = User(workspace_id=workspace.id, email=email.lower(), created_at=now)
        session.add(user)
    if operator is not None:
        user.operator = operator
    user.password_hash = generate_password_hash(password)
    session.flush()
    return user


def add_key(session: Session, workspace: Workspace, name: str, now: datetime) -> str:
    """Make an API key and return it; only its hash is stored."""
    taken = select(ApiKey.id).where(ApiKey.workspace_id == workspace.id, ApiKey.name == name)
    if session.scalar(taken) is not None:
        raise Conflict(
            f"there is a key {name!r} already", field="--name", mend="Choose another name"
        )
    key, key_hash, hint = make_key()
    session.add(
        ApiKey(workspace_id=workspace.id, name=name, key_hash=key_hash, hint=hint, created_at=now)
    )
    session.flush()
    return key


def revoke_key(session: Session, workspace: Workspace, name: str, now: datetime) -> None:
    """End a key's life."""
    key = session.scalar(
        select(ApiKey).where(ApiKey.workspace_id == workspace.id, ApiKey.name == name)
    )
    if key is None:
        raise NotFound(f"there is no key {name!r}", field="--name")
    key.revoked_at = now
