"""Sets the demo's workspace up: journey, surveys, triggers, a sign-in and a key, once."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import workspaces
from feedback.app import utc_now
from feedback.configuration import apply
from feedback.settings import Settings
from models.engine import make_engine
from models.workspace import Workspace

WORKSPACE = "fern-and-field"
EMAIL = "demo@waymark.example"


@dataclass(frozen=True)
class Access:
    """How the demo is entered; kept beside the database, for its owner alone."""

    email: str
    password: str
    key: str


def _path(settings: Settings) -> Path:
    return settings.waymark_home / "demo.json"


def read_access(settings: Settings) -> Access | None:
    """The demo's sign-in and key; None before the demo was set up."""
    path = _path(settings)
    return Access(**json.loads(path.read_text())) if path.exists() else None


def _write_access(settings: Settings, access: Access) -> None:
    path = _path(settings)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(access), file)


def _workspace(session: Session, now: datetime) -> Workspace:
    found = session.scalar(select(Workspace).where(Workspace.name == WORKSPACE))
    return found or workspaces.create(session, WORKSPACE, now, company="Fern & Field")


def _prepare(session: Session, settings: Settings, now: datetime) -> Access:
    """Everything the demo needs; what is there already stays as it is."""
    workspace = _workspace(session, now)
    apply.apply_text(
        session, workspace, files("feedback.demo").joinpath("shop.yaml").read_text(), now
    )
    access = read_access(settings)
    if access is None:
        password = secrets.token_urlsafe(9)
        workspaces.set_user(session, workspace, EMAIL, password, now)
        key = workspaces.add_key(session, workspace, f"demo {now:%Y-%m-%d %H:%M:%S}", now)
        access = Access(EMAIL, password, key)
    session.commit()
    _write_access(settings, access)
    return access


def set_up(settings: Settings) -> str:
    """Prepare the demo; a few lines for the terminal on how to enter it."""
    engine = make_engine(settings.database_url)
    with Session(engine, expire_on_commit=False) as session:
        access = _prepare(session, settings, utc_now())
    engine.dispose()
    return (
        f"The demo shop is Fern & Field. Sign in as {access.email} with {access.password}\n"
        "Within two minutes the report shows what was planted: late parcels, slow refunds,\n"
        "and a support line nobody answers. Ctrl-C stops the program."
    )
