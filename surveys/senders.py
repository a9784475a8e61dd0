"""Which number a workspace texts from, and which workspace a number belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.message import Message
from models.workspace import Workspace
from surveys.arrivals import Behind
from surveys.channels.gateway import Gateway


def sender_for(session: Session, gateway: Gateway, workspace_id: int) -> str:
    """The workspace's own number, else the program's."""
    own = session.scalar(select(Workspace.sender).where(Workspace.id == workspace_id))
    return own or gateway.sender


def addressed(
    session: Session, workspaces: Sequence[Behind], sender: str, address: str
) -> Behind | None:
    """Of several workspaces on one number, the one that wrote to this address last."""
    if len(workspaces) < 2:
        return workspaces[0] if workspaces else None
    latest = session.scalar(
        select(Message.workspace_id)
        .where(
            Message.workspace_id.in_([workspace.id for workspace in workspaces]),
            Message.address == address,
            Message.sender == sender,
            Message.direction == "out",
        )
        .order_by(Message.id.desc())
        .limit(1)
    )
    return next((one for one in workspaces if one.id == latest), workspaces[0])
