"""Triggers and campaigns as rows: what a file says, in the columns of their table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.configuration.rows import changed, find
from feedback.configuration.trigger_check import trigger_key
from feedback.configuration.trigger_schema import AskingIn, CampaignIn, TriggerIn, UnlessIn
from models.customer import Segment
from models.errors import Conflict
from models.journey import TouchpointEvent
from models.survey import Survey, Trigger
from surveys.campaigns import DRAFT
from surveys.channel_choice import joined

# What customers' appointments follow from: changed, all are looked at anew.
_DECIDING = ("kind", "filter", "timing", "delay_seconds", "expires_seconds")
_ANEW = {"seen_at": None, "seen_id": 0, "seen_all": False}


def apply_trigger(
    session: Session, workspace_id: int, wanted: TriggerIn, now: datetime
) -> Iterator[str]:
    """Make or change a trigger; the lines say what changed."""
    key = trigger_key(wanted)
    values = _common(session, workspace_id, wanted) | {
        "kind": wanted.kind,
        "event_name": wanted.event or "",
        "delay_seconds": -wanted.before if wanted.before is not None else wanted.delay,
        "timing": _timing(wanted),
        "filter": wanted.filter,
    }
    if wanted.enabled is not None:
        values["enabled"] = wanted.enabled
    row = find(session, Trigger, workspace_id, key)
    if row is not None and row.kind == "campaign":
        raise Conflict(f"{key!r} is a campaign", field="triggers", mend="Choose another key.")
    yield from _kept(session, row, workspace_id, key, "trigger", values, now)
    if wanted.event is not None and not _stands(session, workspace_id, wanted.event):
        yield f"note: trigger {key}: event {wanted.event} stands at no touchpoint yet"


def apply_campaign(
    session: Session, workspace_id: int, wanted: CampaignIn, now: datetime
) -> Iterator[str]:
    """Make a campaign, or change one that nobody has started; a started one stays as it is."""
    values = _common(session, workspace_id, wanted) | {
        "kind": "campaign",
        "event_name": "",
        "timing": _campaign_timing(wanted),
        "filter": _segment(session, workspace_id, wanted.segment) or wanted.filter,
    }
    row = find(session, Trigger, workspace_id, wanted.key)
    if row is not None and row.kind != "campaign":
        mend = "Choose another key."
        raise Conflict(f"{wanted.key!r} is a trigger", field="campaigns", mend=mend)
    if row is not None and row.state != DRAFT:
        yield f"note: campaign {wanted.key} is {row.state}, and stays as it is"
        return
    values["state"] = DRAFT
    yield from _kept(session, row, workspace_id, wanted.key, "campaign", values, now)


def _kept(
    session: Session,
    row: Trigger | None,
    workspace_id: int,
    key: str,
    what: str,
    values: Mapping[str, Any],
    now: datetime,
) -> Iterator[str]:
    if row is None:
        session.add(Trigger(workspace_id=workspace_id, key=key, created_at=now, **values))
        yield f"{what} {key}: made"
        return
    before = [getattr(row, name) for name in _DECIDING]
    yield from changed(row, f"{what} {key}", values)
    if before != [getattr(row, name) for name in _DECIDING]:
        for name, value in _ANEW.items():
            setattr(row, name, value)


def _common(session: Session, workspace_id: int, wanted: AskingIn) -> dict[str, Any]:
    survey_id = session.scalars(
        select(Survey.id).where(Survey.workspace_id == workspace_id, Survey.key == wanted.survey)
    ).one()
    return {
        "survey_id": survey_id,
        "channel": wanted.ways[0],
        "other_channels": joined(wanted.ways),
        "expires_seconds": wanted.expires,
        "unless": [_unless(rule) for rule in wanted.unless] or None,
        "window": _window(wanted),
        "sample": wanted.sample,
        "sample_salt": wanted.sample_salt,
    }


def _unless(rule: UnlessIn) -> dict[str, Any]:
    kept = rule.model_dump(exclude={"within"}, exclude_defaults=True)
    return kept | ({"within_seconds": rule.within} if rule.within is not None else {})


def _window(wanted: AskingIn) -> dict[str, Any] | None:
    window = wanted.window
    if window is None:
        return None
    days = {"days": window.days} if window.days else {}
    return {"from": window.start, "to": window.end, **days}


def _timing(wanted: TriggerIn) -> dict[str, Any] | None:
    given = {"from": wanted.source, "at": wanted.at, "every_days": wanted.every}
    given["hour"] = wanted.hour
    if wanted.first:
        given["first_days"] = wanted.first / 86_400  # type: ignore[assignment]
    return {name: value for name, value in given.items() if value is not None} or None


def _campaign_timing(wanted: CampaignIn) -> dict[str, Any]:
    starts = wanted.starts.astimezone(UTC).isoformat() if wanted.starts else None
    given = {"starts_at": starts, "over_seconds": wanted.over, "per_hour": wanted.per_hour}
    return {name: value for name, value in given.items() if value is not None}


def _segment(session: Session, workspace_id: int, key: str | None) -> dict[str, Any] | None:
    if key is None:
        return None
    mine = (Segment.workspace_id == workspace_id) & (Segment.key == key)
    found: dict[str, Any] = session.scalars(select(Segment.filter).where(mine)).one()
    return found


def _stands(session: Session, workspace_id: int, event: str) -> bool:
    mine = TouchpointEvent.workspace_id == workspace_id
    at = select(func.count()).where(mine, TouchpointEvent.event_name == event)
    return bool(session.scalar(at))
