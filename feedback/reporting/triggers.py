"""What came of triggers: the invitations each made in a period, by what became of them.

Only the period's range of `ix_invitations_workspace_id_created_at` is read, one range a piece of
it. Events of a trigger's name that its filter left out are not counted: no index finds them by
name, and one of a hundred million events would cost every intake.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from feedback.reporting.not_asked_schema import RuleOut
from feedback.reporting.period import Ends, Period
from feedback.reporting.triggers_schema import Counted, Course, CourseTime
from models.invitation import Invitation
from models.status import InvitationStatus
from models.survey import Survey, Trigger
from surveys.facts_rows import ASKED
from surveys.rules import Rule, words_of

DEFAULT = timedelta(days=30)
_REFUSED = frozenset((InvitationStatus.SUPPRESSED.value, InvitationStatus.EXPIRED.value))
_ENDED = {
    InvitationStatus.CANCELLED.value: "cancelled",
    InvitationStatus.FAILED.value: "failed",
}
_ANSWERED = {
    InvitationStatus.STARTED.value: ("started",),
    InvitationStatus.COMPLETED.value: ("started", "answered"),
}
Found = Row[*tuple[Any, ...]]


def period_of(ends: Ends, now: datetime) -> Period:
    """The period that is asked for, the last thirty days where it is left open."""
    end = ends[1] or now
    return Period(ends[0] or end - DEFAULT, end)


def triggers_of(workspace_id: int) -> Select[*tuple[Any, ...]]:
    """Triggers and campaigns, each with its survey's key."""
    wanted = select(Trigger, Survey.key.label("survey")).join(
        Survey, Survey.id == Trigger.survey_id
    )
    return wanted.where(Trigger.workspace_id == workspace_id)


def counted(
    session: Session, workspace_id: int, triggers: Collection[int], period: Period
) -> Mapping[int, Counted]:
    """What became of the invitations of these triggers, made in the period."""
    if not triggers:
        return {}
    rows: dict[int, list[Found]] = defaultdict(list)
    for row in session.execute(_made(workspace_id, triggers, period, 0)):
        rows[row.trigger_id].append(row)
    return {number: _counted(rows[number]) for number in triggers}


def course(
    session: Session, workspace_id: int, trigger: int, cut: Sequence[Period]
) -> list[CourseTime]:
    """The same of one trigger for each piece of a period, in one statement."""
    if not cut:
        return []
    parts = [_made(workspace_id, [trigger], piece, place) for place, piece in enumerate(cut)]
    rows = session.execute(union_all(*parts)).all()
    return [
        CourseTime(
            start=piece.start, end=piece.end, **_sums([row for row in rows if row.place == place])
        )
        for place, piece in enumerate(cut)
    ]


def _made(workspace_id: int, triggers: Collection[int], period: Period, place: int) -> Any:
    columns = (
        Invitation.trigger_id,
        Invitation.status,
        Invitation.rule,
        ASKED.label("asked"),
        Invitation.event_id.is_not(None).label("matched"),
    )
    return (
        select(literal(place).label("place"), *columns, func.count().label("n"))
        .where(
            Invitation.workspace_id == workspace_id,
            Invitation.created_at >= period.start,
            Invitation.created_at < period.end,
            # not by the trigger's own index, which holds all its history
            func.coalesce(Invitation.trigger_id, 0).in_(triggers),
        )
        .group_by(*columns)
    )


def _counted(rows: Sequence[Found]) -> Counted:
    refused: Counter[str] = Counter()
    for row in rows:
        if _fate(row) == "refused":
            refused[row.rule or str(Rule.EXPIRED)] += row.n
    ranked = sorted(refused.items(), key=lambda one: (-one[1], one[0]))
    rules = [RuleOut(rule=rule, words=words_of(rule), n=n) for rule, n in ranked]
    return Counted(**_sums(rows), rules=rules)


def _sums(rows: Sequence[Found]) -> dict[str, int]:
    found: Counter[str] = Counter(dict.fromkeys(Course.model_fields, 0))
    for row in rows:
        found["made"] += row.n
        found["matched"] += row.n if row.matched else 0
        found[_fate(row)] += row.n
        for name in _ANSWERED.get(row.status, ()):
            found[name] += row.n
    return dict(found)


def _fate(row: Found) -> str:
    """Which of the five it is."""
    if row.asked:
        return "asked"
    return "refused" if row.status in _REFUSED else _ENDED.get(row.status, "waiting")
