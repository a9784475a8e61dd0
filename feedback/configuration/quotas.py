"""Quotas in a configuration: checked against the surveys and segments, and written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic import StringConstraints as Text
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.configuration.problems import Problem
from feedback.configuration.rows import changed, find
from models.customer import Segment
from models.quota import Quota
from models.survey import Survey


class QuotaIn(BaseModel):
    """At most so many answers, or invitations, of a survey from a segment in each period."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Annotated[str, Text(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
    most: Annotated[int, Field(ge=0, le=1_000_000)]
    of: Literal["answers", "invitations"] = "answers"
    per: Literal["day", "week", "month", "quarter", "year", "ever"] = "month"
    survey: str | None = None
    segment: str | None = None


def quota_problems(
    quotas: Sequence[QuotaIn], surveys: Collection[str], segments: Collection[str]
) -> Iterator[Problem]:
    """Quotas of surveys or segments that are not there."""
    for place, quota in enumerate(quotas):
        wanted = (("survey", quota.survey, surveys), ("segment", quota.segment, segments))
        for name, key, known in wanted:
            if key is not None and key not in known:
                mend = f"Use one of {', '.join(sorted(known))}." if known else f"Add the {name}."
                yield Problem(("quotas", place, name), f"there is no {name} {key!r}", mend)


def apply_quotas(
    session: Session, workspace_id: int, quotas: Sequence[QuotaIn], now: datetime
) -> Iterator[str]:
    """Make or change the workspace's quotas. Their segments are there already."""
    session.flush()
    for wanted in quotas:
        yield from _apply(session, workspace_id, wanted, now)


def _apply(session: Session, workspace_id: int, wanted: QuotaIn, now: datetime) -> Iterator[str]:
    values = {
        "survey_id": _id(session, Survey, workspace_id, wanted.survey),
        "segment_id": _id(session, Segment, workspace_id, wanted.segment),
        "counted": wanted.of,
        "period": wanted.per,
        "most": wanted.most,
    }
    row, label = find(session, Quota, workspace_id, wanted.key), f"quota {wanted.key}"
    if row is not None:
        yield from changed(row, label, values)
        return
    session.add(Quota(workspace_id=workspace_id, key=wanted.key, created_at=now, **values))
    yield f"{label}: made"


def _id(
    session: Session, model: type[Survey] | type[Segment], workspace_id: int, key: str | None
) -> int | None:
    if key is None:
        return None
    mine = select(model.id).where(model.workspace_id == workspace_id, model.key == key)
    return session.scalars(mine).one()
