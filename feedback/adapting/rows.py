"""Model versions and what they are learned from, as rows; nothing here loads a model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import Session, aliased

from feedback.corrections.record import UNDONE
from models.correction import Correction
from models.model_version import ModelVersion
from models.reading import Comment
from models.workspace import Workspace
from nlp.artefact import SHIPPED, read_artefact

LEAST = 40
"""Corrected comments before anything is learned, and new ones before it is learned again."""
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shipped:
    """The model that reads unless something was promoted: its name, and its encoder's SHA-256."""

    name: str
    weights: str


@cache
def shipped() -> Shipped:
    """The shipped model."""
    artefact = read_artefact(SHIPPED)
    return Shipped(artefact.name, artefact.weights)


def _counts() -> ColumnElement[bool]:
    """Corrections that count: not undone, and said of the words that stand there."""
    undoing = aliased(Correction)
    undone = select(undoing.id).where(undoing.undoes_id == Correction.id).exists()
    return (Correction.kind != UNDONE) & (Correction.text_hash == Comment.text_hash) & ~undone


def _corrected(workspace_id: Any, after: Any) -> ScalarSelect[int]:
    """How many comments carry corrections that count, made after a time."""
    many = select(func.count(Correction.comment_id.distinct())).join(
        Comment, Comment.id == Correction.comment_id
    )
    wanted = (Correction.workspace_id == workspace_id) & (Correction.created_at > after)
    return many.where(wanted, _counts()).scalar_subquery()


def corrected(session: Session, workspace_id: int, after: datetime | None = None) -> int:
    """How many comments people corrected or confirmed, in all or after a time."""
    return session.scalar(select(_corrected(workspace_id, after or _EVER))) or 0


def due(session: Session, base: Shipped) -> int | None:
    """The workspace in which there is enough new to learn from; None where there is none.

    What was learned on another encoder does not count as learned.
    """
    learned_to = (
        select(func.max(ModelVersion.learned_to))
        .where(ModelVersion.workspace_id == Workspace.id, ModelVersion.weights == base.weights)
        .correlate(Workspace)
        .scalar_subquery()
    )
    new = _corrected(Workspace.id, func.coalesce(learned_to, _EVER)).correlate(Workspace)
    wanted = select(Workspace.id).where(new >= LEAST).order_by(Workspace.id).limit(1)
    return session.scalar(wanted)


def asked(session: Session) -> ModelVersion | None:
    """A version whose workspace waits to have its history marked."""
    waiting = ModelVersion.reread_asked_at.is_not(None)
    return session.scalars(select(ModelVersion).where(waiting).limit(1)).first()


def owed(session: Session, now: datetime) -> datetime | None:
    """Since when something is to be learned or marked; None where nothing is."""
    waiting = asked(session)
    if waiting is not None:
        return waiting.reread_asked_at
    return now if due(session, shipped()) is not None else None


def in_state(session: Session, workspace_id: int, state: str) -> ModelVersion | None:
    """The candidate, or the current version."""
    mine = (ModelVersion.workspace_id == workspace_id) & (ModelVersion.state == state)
    return session.scalars(select(ModelVersion).where(mine)).one_or_none()


def reads(session: Session, workspace_id: int, base: Shipped) -> ModelVersion | None:
    """The version that reads today; None where the shipped model does.

    One that was learned on another encoder than the shipped one reads nothing.
    """
    found = in_state(session, workspace_id, "current")
    return found if found is not None and found.weights == base.weights else None


def model_name(session: Session, workspace_id: int, base: Shipped | None = None) -> str:
    """The name of the model that reads a workspace's comments today."""
    base = base or shipped()
    found = reads(session, workspace_id, base)
    return base.name if found is None else found.name


def versions(session: Session, workspace_id: int) -> list[ModelVersion]:
    """Every version of a workspace, newest first."""
    mine = select(ModelVersion).where(ModelVersion.workspace_id == workspace_id)
    return list(session.scalars(mine.order_by(ModelVersion.number.desc())))
