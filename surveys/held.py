"""Who of the team holds what an address writes: read here, changed in surveys.takeover."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.takeover import Takeover
from models.takeover_status import TakeoverStatus


def holder(session: Session, workspace_id: int, sender: str, address: str) -> Takeover | None:
    """The take-over that is held now; while there is one, no survey answers."""
    wanted = select(Takeover).where(
        Takeover.workspace_id == workspace_id,
        Takeover.sender == sender,
        Takeover.address == address,
        Takeover.status == TakeoverStatus.HELD.value,
    )
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def held_until(session: Session, workspace_id: int, sender: str, address: str) -> datetime | None:
    """Until when a person holds it, unless somebody writes before; None where nobody does."""
    found = holder(session, workspace_id, sender, address)
    return found.until if found else None


def is_held() -> ColumnElement[bool]:
    """Conversations that a person holds, as SQL."""
    return exists().where(
        Takeover.workspace_id == Conversation.workspace_id,
        Takeover.sender == Conversation.sender,
        Takeover.address == Conversation.address,
        Takeover.status == TakeoverStatus.HELD.value,
    )
