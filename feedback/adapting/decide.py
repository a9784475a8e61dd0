"""What a person decides of model versions: promoted, discarded, rolled back, read again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.adapting.rows import Shipped, in_state, versions
from models.errors import Conflict, NotFound
from models.model_version import ModelVersion
from models.workspace import User, Workspace
from surveys.locking import lock


def promote(
    session: Session,
    workspace_id: int,
    number: int,
    by: User | None,
    base: Shipped,
    now: datetime,
) -> ModelVersion:
    """Let a candidate, or one that was retired, read from now on; commits.

    Refused where it was learned on another encoder than the shipped one.
    """
    version = _hold(session, workspace_id, number)
    if version.state == "current":
        return version
    if version.state == "failed":
        message = f"w{number} learned nothing, so there is nothing to promote"
        raise Conflict(message, mend="Correct more comments; another is learned by itself.")
    if version.weights != base.weights:
        message = f"w{number} was learned on another encoder than {base.name}'s"
        raise Conflict(message, mend="Learn again: `waymark learn`, or by more corrections.")
    before = in_state(session, workspace_id, "current")
    version.replaces_id = None
    if before is not None:
        _retire(before, by, now)
        version.replaces_id = before.id
        session.flush()  # two current ones at once are refused by the table
    version.state, version.promoted_at = "current", now
    version.promoted_by = by.id if by else None
    version.retired_at = version.retired_by = None
    session.commit()
    return version


def discard(
    session: Session, workspace_id: int, number: int, by: User | None, now: datetime
) -> ModelVersion:
    """Pass a candidate over, and commit; it can be promoted later all the same."""
    version = _hold(session, workspace_id, number)
    if version.state == "candidate":
        _retire(version, by, now)
    session.commit()
    return version


def roll_back(
    session: Session, workspace_id: int, by: User | None, base: Shipped, now: datetime
) -> ModelVersion | None:
    """Let read again what read before the current version, and commit; None: the shipped model."""
    lock(session, Workspace, workspace_id)
    current = in_state(session, workspace_id, "current")
    if current is None:
        message = "the shipped model reads, so there is nothing to roll back"
        raise Conflict(message, mend="Promote a candidate first.")
    before = session.get(ModelVersion, current.replaces_id) if current.replaces_id else None
    _retire(current, by, now)
    session.flush()
    if before is not None and (before.state, before.weights) == ("retired", base.weights):
        before.state, before.retired_at, before.retired_by = "current", None, None
    else:
        before = None
    session.commit()
    return before


def ask_reread(session: Session, workspace_id: int, now: datetime) -> bool:
    """Have the worker mark the history that another model read; commits. False: no version."""
    lock(session, Workspace, workspace_id)
    newest = next(iter(versions(session, workspace_id)), None)
    if newest is not None and newest.reread_asked_at is None:
        newest.reread_asked_at = now
    session.commit()
    return newest is not None


def add(session: Session, version: ModelVersion, now: datetime) -> ModelVersion:
    """Keep what was learned, under the workspace's next number, and commit.

    A new candidate takes the place of the one that waited; what failed leaves that one waiting.
    """
    lock(session, Workspace, version.workspace_id)
    mine = ModelVersion.workspace_id == version.workspace_id
    version.number = (session.scalar(select(func.max(ModelVersion.number)).where(mine)) or 0) + 1
    waiting = in_state(session, version.workspace_id, "candidate")
    if version.state == "candidate" and waiting is not None:
        _retire(waiting, None, now)
        session.flush()
    session.add(version)
    session.commit()
    return version


def _retire(version: ModelVersion, by: User | None, now: datetime) -> None:
    version.state, version.retired_at = "retired", now
    version.retired_by = by.id if by else None


def _hold(session: Session, workspace_id: int, number: int) -> ModelVersion:
    """A version, held until the transaction ends with all others of its workspace."""
    lock(session, Workspace, workspace_id)
    mine = (ModelVersion.workspace_id == workspace_id) & (ModelVersion.number == number)
    found = session.scalars(
        select(ModelVersion).where(mine).execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound(f"there is no version w{number}", mend="Choose one from the page Model.")
    return found
