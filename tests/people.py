"""People who sign in, their passwords hashed cheaply."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.security import generate_password_hash

from models.workspace import User, Workspace

CHEAP = "pbkdf2:sha256:1"
"""Nobody steals a test's database, and the way that is dear to a thief is dear to each test."""


def add_user(
    session: Session, workspace: Workspace, email: str, password: str, now: datetime
) -> User:
    """Somebody of a workspace who may sign in, as `workspaces.set_user` makes them."""
    user = session.scalar(select(User).where(User.email == email))
    if user is None:
        user = User(workspace_id=workspace.id, email=email, created_at=now)
        session.add(user)
    user.password_hash = generate_password_hash(password, CHEAP)
    session.flush()
    return user
