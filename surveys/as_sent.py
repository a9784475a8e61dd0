"""The words of an SMS as they go out: as written, or in GSM-7 where the workspace wants that."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.workspace import Workspace
from surveys.channels.segments import is_gsm
from surveys.channels.smart_encoding import to_gsm


def as_sent(session: Session, workspace_id: int, body: str) -> str:
    """The body with its typographic signs replaced, where the workspace asks for it.

    The workspace is asked only about a body that needs UCS-2.
    """
    if is_gsm(body):
        return body
    wanted = select(Workspace.smart_encoding).where(Workspace.id == workspace_id)
    return to_gsm(body) if session.scalar(wanted) else body
