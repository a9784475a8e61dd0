"""Places in quotas, given away in memory as a replay goes on."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.invitation import Invitation
from models.quota import QuotaUse
from models.response import Response
from models.status import ResponseStatus
from surveys.facts_rows import ASKED, ASKED_AT
from surveys.quotas import INVITATIONS, Counted, Quotas, counted_as, period_at
from surveys.replay.rules import Rules

Place = tuple[int, date]
"""A quota, and the first day of its period."""


@dataclass
class Places:
    """What the quotas have had; `coming` are answers on their way, each with when it is here."""

    rules: Rules
    used: Counter[Place] = field(default_factory=Counter)
    answered: Counter[Place] = field(default_factory=Counter)
    coming: list[tuple[datetime, Place]] = field(default_factory=list)
    _now: Sequence[Counted] = ()
    _until: datetime | None = None

    def at(self, now: datetime) -> Quotas:
        """The quotas as a decision at this moment sees them; moments come in order."""
        if not self.rules.quotas:
            return Quotas()
        if not self._now or (self._until is not None and now >= self._until):
            self._turn(now)
        while self.coming and self.coming[0][0] <= now:
            self.answered[heapq.heappop(self.coming)[1]] += 1
        had = {one.id: self._had(one) for one in self._now}
        return Quotas({self.rules.workspace_id: self._now}, had)

    def take(self, counting: Sequence[Counted], done_at: datetime | None) -> None:
        """Somebody who counts in these is asked, and will have answered then (None: never)."""
        for one in counting:
            place = (one.id, one.period.began)
            self.used[place] += 1
            if done_at is not None:
                heapq.heappush(self.coming, (done_at, place))

    def _had(self, one: Counted) -> int:
        counts = self.used if one.counted == INVITATIONS else self.answered
        return counts[one.id, one.period.began]

    def _turn(self, now: datetime) -> None:
        zone = self.rules.workspace.timezone
        self._now = [
            counted_as(row, row.wanted, period_at(row.period, now, zone))
            for row in self.rules.quotas
        ]
        ends = (one.period.ends for one in self._now)
        self._until = min((one for one in ends if one is not None), default=None)


def places(session: Session, rules: Rules, start: datetime) -> Places:
    """What had been given away of each quota as the replay begins."""
    found = Places(rules)
    for one in found.at(start).of.get(rules.workspace_id, ()):
        place = (one.id, one.period.began)
        mine = (QuotaUse.quota_id == one.id) & (QuotaUse.began == one.period.began)
        before = (
            select(QuotaUse.invitation_id)
            .join(Invitation, Invitation.id == QuotaUse.invitation_id)
            .where(mine, ASKED, start > ASKED_AT)
        )
        if one.counted == INVITATIONS:
            of_before = select(func.count()).select_from(before.subquery())
            found.used[place] = session.scalar(of_before) or 0
            continue
        done = session.scalars(
            select(Response.completed_at).where(
                Response.invitation_id.in_(before),
                Response.status == ResponseStatus.COMPLETED.value,
                Response.completed_at.is_not(None),
            )
        )
        found.coming += [(at, place) for at in done if at is not None]
    heapq.heapify(found.coming)
    return found
