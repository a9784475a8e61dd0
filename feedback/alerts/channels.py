"""The recipients of a workspace: added, changed, taken out, and how they are called."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.alerts import address
from feedback.alerts.address import Resolve, resolve
from models.alert import CHANNEL_KINDS, AlertChannel
from models.errors import Conflict, InvalidInput, NotFound

EMAIL, WEBHOOK = CHANNEL_KINDS
MOST = 50


def listed(session: Session, workspace_id: int) -> list[AlertChannel]:
    """Every recipient, e-mail first, by address."""
    mine = select(AlertChannel).where(AlertChannel.workspace_id == workspace_id)
    return list(session.scalars(mine.order_by(AlertChannel.kind, AlertChannel.address)))


def find(session: Session, workspace_id: int, channel_id: int) -> AlertChannel:
    """A recipient of this workspace."""
    mine = (AlertChannel.workspace_id == workspace_id) & (AlertChannel.id == channel_id)
    row = session.scalars(select(AlertChannel).where(mine)).one_or_none()
    if row is None:
        raise NotFound(f"there is no recipient {channel_id}", mend="Choose one from the list.")
    return row


def named(session: Session, workspace_id: int, text: str) -> AlertChannel:
    """A recipient by its number or its address."""
    for row in listed(session, workspace_id):
        if text.strip() in {str(row.id), row.address}:
            return row
    raise NotFound(f"there is no recipient {text!r}", mend="See `waymark alert list`.")


def checked(kind: str, text: str, private: bool, resolve: Resolve = resolve) -> str:
    """The address as it is kept; InvalidInput says what is wrong with it."""
    if kind == EMAIL:
        return address.email(text)
    if kind != WEBHOOK:
        raise InvalidInput(f"no way out {kind!r}", field="kind", mend="Use email or webhook.")
    address.target(text, private, resolve)
    return text.strip()


def add(
    session: Session,
    workspace_id: int,
    kind: str,
    text: str,
    now: datetime,
    *,
    alerts: bool = True,
    digest: bool = True,
    private: bool = False,
    resolve: Resolve = resolve,
) -> AlertChannel:
    """Add a recipient; what it gets may be changed later. No commit."""
    kept = checked(kind, text, private, resolve)
    _wanted(alerts, digest)
    mine = AlertChannel.workspace_id == workspace_id
    same = mine & (AlertChannel.kind == kind) & (AlertChannel.address == kept)
    if session.scalar(select(AlertChannel.id).where(same)) is not None:
        raise Conflict("is a recipient already", field=kind, mend="Change that one instead.")
    if (session.scalar(select(func.count(AlertChannel.id)).where(mine)) or 0) >= MOST:
        raise Conflict(f"there are {MOST} recipients already", mend="Take one out first.")
    row = AlertChannel(
        workspace_id=workspace_id,
        kind=kind,
        address=kept,
        alerts=alerts,
        digest=digest,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def change(row: AlertChannel, alerts: bool, digest: bool) -> bool:
    """What a recipient gets; whether that changed anything."""
    _wanted(alerts, digest)
    moved = (row.alerts, row.digest) != (alerts, digest)
    row.alerts, row.digest = alerts, digest
    return moved


def _wanted(alerts: bool, digest: bool) -> None:
    if not alerts and not digest:
        mend = "Choose alerts, the weekly digest, or both; or take the recipient out."
        raise InvalidInput("would get nothing", field="gets", mend=mend)


def shown(row: AlertChannel) -> str:
    """How a recipient is called: a webhook by its host and the last signs of its address alone."""
    if row.kind == EMAIL:
        return row.address
    return f"{urlsplit(row.address).hostname} …{row.address[-4:]}"


def gets(row: AlertChannel) -> str:
    """What a recipient gets, in words."""
    wanted = [name for name, on in (("alerts", row.alerts), ("weekly digest", row.digest)) if on]
    return " and ".join(wanted)
