"""Triggers and campaigns from rows to what is given out."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Row, Select
from sqlalchemy.orm import Session

from feedback.reporting.period import Period
from feedback.reporting.steps import pieces, step_of
from feedback.reporting.triggers import counted, course, triggers_of
from feedback.reporting.triggers_schema import (
    CampaignOut,
    CampaignsFound,
    Counted,
    HourOut,
    TriggerOut,
    TriggersFound,
    TriggerWhole,
)
from feedback.statistics.intervals import wilson
from models.errors import NotFound
from models.survey import Survey, Trigger
from surveys.campaigns import counts
from surveys.learnt_hours import learns, past_of

Page = tuple[int | None, int]
"""`after` and how many."""
_AS_KEPT = (
    *("key", "kind", "delay_seconds", "expires_seconds", "timing", "window", "unless", "filter"),
    *("sample", "enabled"),
)


def triggers_found(
    session: Session,
    workspace_id: int,
    period: Period,
    page: Page,
    kind: str | None = None,
    survey: str | None = None,
) -> TriggersFound:
    """A page of the triggers that are no campaigns."""
    after, limit = page
    wanted = triggers_of(workspace_id).where(Trigger.kind != "campaign", Trigger.id > (after or 0))
    if kind is not None:
        wanted = wanted.where(Trigger.kind == kind)
    if survey is not None:
        wanted = wanted.where(Survey.key == survey)
    rows, following = _page(session, wanted.order_by(Trigger.id), limit)
    known = counted(session, workspace_id, [row.Trigger.id for row in rows], period)
    found = [TriggerOut(**_out(row, known[row.Trigger.id])) for row in rows]
    return TriggersFound(start=period.start, end=period.end, triggers=found, next=following)


def campaigns_found(
    session: Session, workspace_id: int, period: Period, page: Page
) -> CampaignsFound:
    """A page of campaigns; how far each is, is counted from its own rows."""
    after, limit = page
    wanted = triggers_of(workspace_id).where(Trigger.kind == "campaign")
    if after is not None:
        wanted = wanted.where(Trigger.id < after)
    rows, following = _page(session, wanted.order_by(Trigger.id.desc()), limit)
    known = counted(session, workspace_id, [row.Trigger.id for row in rows], period)
    found = [_campaign(session, row, known[row.Trigger.id]) for row in rows]
    return CampaignsFound(start=period.start, end=period.end, campaigns=found, next=following)


def whole(
    session: Session, workspace_id: int, period: Period, key: str, zone: tzinfo, now: datetime
) -> TriggerWhole:
    """One of them; NotFound where there is none of this key."""
    row = session.execute(triggers_of(workspace_id).where(Trigger.key == key)).one_or_none()
    if row is None:
        mend = "Use the key of a trigger or campaign: GET /api/v1/triggers lists them."
        raise NotFound(f"there is no trigger {key!r}", field="key", mend=mend)
    number = row.Trigger.id
    return TriggerWhole(
        **_out(row, counted(session, workspace_id, [number], period)[number]),
        start=period.start,
        end=period.end,
        step=step_of(period),
        times=course(session, workspace_id, number, pieces(period, zone)),
        hours=_hours(session, row.Trigger, now),
    )


def _page(
    session: Session, wanted: Select[*tuple[Any, ...]], limit: int
) -> tuple[list[Row[*tuple[Any, ...]]], int | None]:
    rows = list(session.execute(wanted.limit(limit + 1)).all())
    return rows[:limit], rows[limit - 1].Trigger.id if len(rows) > limit else None


def _out(row: Row[*tuple[Any, ...]], known: Counted) -> dict[str, Any]:
    trigger: Trigger = row.Trigger
    others = trigger.other_channels.split(",") if trigger.other_channels else []
    return {
        **{name: getattr(trigger, name) for name in _AS_KEPT},
        "event": trigger.event_name or None,
        "survey": row.survey,
        "channels": [trigger.channel, *others],
        "counts": known,
    }


def _campaign(session: Session, row: Row[*tuple[Any, ...]], known: Counted) -> CampaignOut:
    far = counts(session, row.Trigger.id)
    return CampaignOut(
        **_out(row, known),
        state=row.Trigger.state,
        to_come=far.to_come,
        asked=far.asked,
        answered=far.by_status.get("completed", 0),
    )


def _hours(session: Session, trigger: Trigger, now: datetime) -> list[HourOut]:
    if not learns(trigger.timing):
        return []
    past = sorted(past_of(session, trigger.id, now).items())
    found = []
    for hour, seen in past:
        low, high = wilson(seen.answered, seen.asked)
        share = seen.answered / seen.asked
        told = {"share": share, "low": low, "high": high}
        found.append(HourOut(hour=hour, asked=seen.asked, answered=seen.answered, **told))
    return found
