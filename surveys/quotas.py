"""Quotas: which count a customer, what they have had, and who took a place in them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.customer import Segment
from models.invitation import Invitation
from models.quota import Quota as Row
from models.quota import QuotaUse
from models.response import Response
from models.status import InvitationStatus, ResponseStatus
from models.workspace import Workspace
from surveys.conditions import Filter, matches, parse_filter
from surveys.eligibility_facts import Quota
from surveys.schedule import day_begins, zone_of
from surveys.upsert import insert_into

INVITATIONS = "invitations"
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Period:
    """The first day of a quota's period, and when the period ends (None: never)."""

    began: date
    ends: datetime | None


def period_at(name: str, now: datetime, zone: str) -> Period:
    """The day, week (from Monday), month, quarter or year it is in a zone, or all of time."""
    there = zone_of(zone)
    today = now.astimezone(there).date()
    if name == "ever":
        return Period(date(1970, 1, 1), None)
    if name in ("day", "week"):
        first = today if name == "day" else today - timedelta(days=today.weekday())
        following = first + timedelta(days=1 if name == "day" else 7)
    else:
        months = _MONTHS[name]
        first = date(today.year, today.month - (today.month - 1) % months, 1)
        following = date(
            first.year + (first.month + months > 12), (first.month + months - 1) % 12 + 1, 1
        )
    return Period(first, day_begins(there, following))


@dataclass(frozen=True)
class Counted:
    """A quota with whom it counts and what it has had in this period."""

    id: int
    name: str
    survey_id: int | None
    wanted: Filter | None
    counted: str
    most: int
    period: Period

    def counts(self, survey_id: int, facts: Mapping[str, object]) -> bool:
        """Whether an invitation of this survey to this customer would count."""
        if self.survey_id not in (None, survey_id):
            return False
        return self.wanted is None or matches(self.wanted, facts)


@dataclass
class Quotas:
    """The quotas of some workspaces; what is asked meanwhile is added by `take`."""

    of: Mapping[int, Sequence[Counted]] = field(default_factory=dict)
    had: dict[int, int] = field(default_factory=dict)

    def counting(
        self, workspace_id: int, survey_id: int, facts: Mapping[str, object]
    ) -> list[Counted]:
        """The quotas that count this customer for this survey."""
        mine = self.of.get(workspace_id, ())
        return [one for one in mine if one.counts(survey_id, facts)]

    def seen(self, one: Counted) -> Quota:
        """A quota as the decision sees it."""
        had = self.had.get(one.id, 0)
        return Quota(one.name, one.most, had, one.counted, one.period.ends)

    def take(self, taken: Collection[Counted]) -> None:
        """Somebody who counts in these is asked."""
        for one in taken:
            if one.counted == INVITATIONS:
                self.had[one.id] = self.had.get(one.id, 0) + 1


def quotas_of(session: Session, workspaces: Collection[int], now: datetime) -> Quotas:
    """The quotas of these workspaces, in one statement; what they have had is not yet known."""
    rows = session.execute(
        select(Row, Segment.filter, Workspace.timezone)
        .join(Workspace, Workspace.id == Row.workspace_id)
        .outerjoin(Segment, Segment.id == Row.segment_id)
        .where(Row.workspace_id.in_(workspaces))
        .order_by(Row.id)
    )
    found: dict[int, list[Counted]] = defaultdict(list)
    for quota, wanted, zone in rows:
        period = period_at(quota.period, now, zone)
        found[quota.workspace_id].append(counted_as(quota, wanted, period))
    return Quotas(found)


def counted_as(quota: Any, wanted: Mapping[str, Any] | None, period: Period) -> Counted:
    """A quota, a row of its table or anything shaped like it, in one of its periods."""
    parsed = None if wanted is None else _parsed(json.dumps(wanted, sort_keys=True))
    return Counted(quota.id, quota.key, quota.survey_id, parsed, quota.counted, quota.most, period)


@lru_cache(maxsize=1024)
def _parsed(condition: str) -> Filter:
    return parse_filter(json.loads(condition))


def count(session: Session, quotas: Quotas, counting: Iterable[Counted], hold: bool = True) -> None:
    """Find out what these quotas have had.

    With `hold`, those that count invitations are held until the transaction ends, so that two
    workers can't both give away the last place.
    """
    wanted = sorted(set(counting), key=lambda one: one.id)
    held = [one.id for one in wanted if hold and one.counted == INVITATIONS]
    if held:
        session.execute(select(Row.id).where(Row.id.in_(held)).order_by(Row.id).with_for_update())
    for one in wanted:
        quotas.had[one.id] = session.scalar(_count(one)) or 0


def _count(one: Counted) -> Any:
    uses = select(func.count()).select_from(QuotaUse)
    uses = uses.where(QuotaUse.quota_id == one.id, QuotaUse.began == one.period.began)
    if one.counted == INVITATIONS:
        failed = Invitation.status == InvitationStatus.FAILED.value
        return uses.join(Invitation, Invitation.id == QuotaUse.invitation_id).where(~failed)
    done = Response.status == ResponseStatus.COMPLETED.value
    return uses.join(Response, Response.invitation_id == QuotaUse.invitation_id).where(done)


def note(session: Session, taken: Mapping[int, Collection[Counted]]) -> None:
    """Write down which invitations were asked that count in quotas. Commits nothing."""
    rows = [
        {"invitation_id": invitation, "quota_id": one.id, "began": one.period.began}
        for invitation, quotas in taken.items()
        for one in quotas
    ]
    if rows:
        session.execute(insert_into(session, QuotaUse).on_conflict_do_nothing(), rows)
