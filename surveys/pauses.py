"""What rests: kinds of work, workspaces, or a kind of work in a workspace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, SQLColumnExpression, delete, exists, or_, select
from sqlalchemy.orm import Session

from models.job import Pause

EVERY = ""
"""In place of a kind: every kind."""


def all_of(session: Session) -> Sequence[Pause]:
    """Everything that rests, the latest first."""
    return session.scalars(select(Pause).order_by(Pause.id.desc())).all()


def kinds_at_rest(session: Session) -> frozenset[str]:
    """The kinds that rest everywhere; EVERY among them where all do."""
    return frozenset(session.scalars(select(Pause.kind).where(Pause.workspace_id.is_(None))))


def not_at_rest(kind: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """Rows whose kind, as that column has it, rests nowhere or only in some workspaces."""
    everywhere = Pause.workspace_id.is_(None), or_(Pause.kind == kind, Pause.kind == EVERY)
    return ~exists().where(*everywhere)


def workspaces_at_rest(session: Session, kind: str) -> frozenset[int]:
    """The workspaces in which a kind of work rests."""
    there = Pause.workspace_id.is_not(None), or_(Pause.kind == kind, Pause.kind == EVERY)
    return frozenset(session.scalars(select(Pause.workspace_id).where(*there)))


def pause(
    session: Session, kind: str, workspace_id: int | None, now: datetime, user_id: int | None = None
) -> None:
    """Let work rest, once however often it is said; the caller commits."""
    if session.scalar(select(Pause.id).where(*_same(kind, workspace_id))) is None:
        about = {"kind": kind, "workspace_id": workspace_id, "user_id": user_id}
        session.add(Pause(**about, paused_at=now))
        session.flush()


def resume(session: Session, kind: str, workspace_id: int | None) -> bool:
    """Let work go on; False when it did not rest. The caller commits."""
    rested = session.scalars(
        delete(Pause).where(*_same(kind, workspace_id)).returning(Pause.id)
    ).all()
    return bool(rested)


def _same(kind: str, workspace_id: int | None) -> tuple[ColumnElement[bool], ...]:
    return Pause.kind == kind, Pause.workspace_id.is_not_distinct_from(workspace_id)
