"""The sources of a workspace: made here, whoever asks for them."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.hooks import mapping as mappings
from feedback.hooks.mapping import EventMapping
from feedback.secret_box import locked
from models.errors import Conflict, InvalidInput, NotFound
from models.intake import IntakeSource
from models.workspace import Workspace

OURS = ("woocommerce", "json")
"""Kinds whose secret we make, to be pasted there; the others' is made there, and given to us."""
NAME = re.compile(r"^[a-z][a-z0-9_-]{0,29}$")
LONGEST_SECRET = 400


@dataclass(frozen=True)
class Made:
    """A new source, and its secret where we made it: it is shown once."""

    source: IntakeSource
    secret: str | None


def add(
    session: Session,
    workspace: Workspace,
    kind: str,
    name: str,
    secret: str | None,
    secret_key: str,
    now: datetime,
) -> Made:
    """Make a source; without a secret, one is made where the kind lets us choose it."""
    if not NAME.match(name):
        mend = "Use lower-case letters, digits, - and _, 30 at most"
        raise InvalidInput(f"{name!r} can't be a source's name", field="--name", mend=mend)
    if _named(session, workspace.id, name) is not None:
        mend = "Choose another name"
        raise Conflict(f"there is a source {name!r} already", field="--name", mend=mend)
    made = secrets.token_urlsafe(32) if secret is None and kind in OURS else None
    source = IntakeSource(
        workspace_id=workspace.id,
        kind=kind,
        name=name,
        token=secrets.token_urlsafe(16),
        created_at=now,
    )
    session.add(source)
    if given := secret or made:
        set_secret(source, given, secret_key)
    session.flush()
    return Made(source, made)


def set_secret(source: IntakeSource, secret: str, secret_key: str) -> None:
    """Keep what the source's calls are signed with, encrypted."""
    if source.kind == "folder":
        raise InvalidInput("a folder has no secret", field="--name")
    if not 8 <= len(secret) <= LONGEST_SECRET:
        mend = "Paste all of it, and nothing else."
        raise InvalidInput("is no secret of such a source", field="secret", mend=mend)
    source.secret = locked(secret, secret_key)


def set_mapping(source: IntakeSource, mapping: EventMapping | None) -> None:
    """Read what comes by this mapping from now on; None: by the one that comes with the kind."""
    source.mapping = None if mapping is None else mapping.model_dump(exclude_defaults=True)


def named(session: Session, workspace: Workspace, name: str) -> IntakeSource:
    """The source of this name."""
    found = _named(session, workspace.id, name)
    if found is None:
        known = ", ".join(one.name for one in listed(session, workspace.id))
        mend = f"Known: {known}" if known else "Run `waymark source add`"
        raise NotFound(f"there is no source {name!r}", field="--name", mend=mend)
    return found


def _named(session: Session, workspace_id: int, name: str) -> IntakeSource | None:
    mine = (IntakeSource.workspace_id == workspace_id) & (IntakeSource.name == name)
    return session.scalar(select(IntakeSource).where(mine, IntakeSource.removed_at.is_(None)))


def listed(session: Session, workspace_id: int) -> list[IntakeSource]:
    """The workspace's sources, by name."""
    mine = select(IntakeSource).where(
        IntakeSource.workspace_id == workspace_id, IntakeSource.removed_at.is_(None)
    )
    return list(session.scalars(mine.order_by(IntakeSource.name)))


def by_token(session: Session, kind: str, token: str) -> IntakeSource | None:
    """The source whose address ends so."""
    wanted = select(IntakeSource).where(
        IntakeSource.token == token, IntakeSource.kind == kind, IntakeSource.removed_at.is_(None)
    )
    return session.scalar(wanted)


def remove(source: IntakeSource, now: datetime) -> None:
    """Take nothing more from it; its events stay, and its name is free."""
    source.removed_at = now
    source.secret = None
    source.name = f"{source.name}~{source.id}"[:40]


def mapping_of(source: IntakeSource) -> EventMapping:
    """How what it sends is read."""
    return mappings.stored(source.kind, source.mapping)


def event_source(source: IntakeSource) -> str:
    """As its events are stored: ids of events are its own."""
    return f"hook:{source.name}"
