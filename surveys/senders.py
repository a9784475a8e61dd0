"""Which number a workspace texts from, and which workspace a number belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.message import Message
from models.workspace import Workspace
from surveys.arrivals import Behind
from surveys.channels.addresses import WHATSAPP
from surveys.channels.gateway import Gateway
from surveys.services import Services
from surveys.wires import leaves_by


def sender_for(session: Session, gateway: Gateway, workspace_id: int) -> str:
    """The workspace's own number, else the program's."""
    own = session.scalar(select(Workspace.sender).where(Workspace.id == workspace_id))
    return own or gateway.sender


def sender_on(channel: str, session: Session, services: Services, workspace_id: int) -> str:
    """The sender of a workspace on a channel; empty where it has none for WhatsApp."""
    if channel != WHATSAPP:
        return sender_for(session, services.gateway, workspace_id)
    own = session.scalar(select(Workspace.whatsapp_sender).where(Workspace.id == workspace_id))
    return own or services.whatsapp_sender or ""


def addressed(
    session: Session, workspaces: Sequence[Behind], wire: str | None, address: str
) -> Behind | None:
    """Of several workspaces on one number, the one that wrote from it to this address last."""
    if len(workspaces) < 2:
        return workspaces[0] if workspaces else None
    latest = session.scalar(
        select(Message.workspace_id)
        .where(
            Message.workspace_id.in_([workspace.id for workspace in workspaces]),
            Message.address == address,
            leaves_by(wire or ""),
            Message.direction == "out",
        )
        .order_by(Message.id.desc())
        .limit(1)
    )
    return next((one for one in workspaces if one.id == latest), workspaces[0])
