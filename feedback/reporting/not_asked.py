"""Why people were not asked: refused invitations by rule, survey, channel and over time.

Of refusals only `ix_invitations_not_asked` is read, a range of it for each day, so that it stays
quick beside a million of them and whatever else there is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Row, func, literal, select, text, union_all
from sqlalchemy.orm import Session

from feedback.reporting.not_asked_schema import CountOut, NotAsked, QuotaOut, RuleOut, TimeOut
from feedback.reporting.period import Ends, Period
from feedback.reporting.steps import pieces, step_of
from feedback.reporting.waiting import waiting, waits_by
from models.errors import InvalidInput, NotFound
from models.invitation import Invitation
from models.survey import CHANNELS, Survey
from surveys.quotas import count, quotas_of
from surveys.rules import Rule, words_of

DEFAULT = timedelta(days=30)
REFUSED = text("invitations.status IN ('suppressed', 'expired') AND invitations.rule IS NOT NULL")
"""As the index has it, word for word."""
_RULES = frozenset(str(rule) for rule in Rule)


@dataclass(frozen=True)
class Narrow:
    """What narrows the refusals: a rule, a survey's key, a channel."""

    rule: str | None = None
    survey: str | None = None
    channel: str | None = None


def not_asked(
    session: Session,
    workspace_id: int,
    now: datetime,
    zone: tzinfo,
    ends: Ends,
    narrow: Narrow = Narrow(),
) -> NotAsked:
    """The refusals of a period, the last thirty days where it is left open; quotas as of now."""
    end = ends[1] or now
    period = Period(ends[0] or end - DEFAULT, end)
    cut = pieces(period, zone)
    wanted = conditions(session, workspace_id, narrow)
    rows = session.execute(_counts(workspace_id, cut, wanted)).all() if cut else []
    names = _surveys(session, workspace_id)
    return NotAsked(
        start=period.start,
        end=period.end,
        step=step_of(period),
        n=sum(row.n for row in rows),
        rules=[RuleOut(rule=rule, words=words_of(rule), n=n) for rule, n in _ranked(rows, "rule")],
        surveys=[
            CountOut(key=names[one][0], name=names[one][1], n=n)
            for one, n in _ranked(rows, "survey_id")
        ],
        channels=[CountOut(key=one, name=one, n=n) for one, n in _ranked(rows, "channel")],
        times=[_time(piece, place, rows) for place, piece in enumerate(cut)],
        quotas=_quotas(session, workspace_id, now),
        waiting=waiting(session, workspace_id, waiting_ones(session, workspace_id, narrow)),
    )


def waiting_ones(session: Session, workspace_id: int, narrow: Narrow) -> list[ColumnElement[bool]]:
    """The waiting ones that are asked for: a rule lets them wait as it would refuse them."""
    wanted = conditions(session, workspace_id, replace(narrow, rule=None))
    return [*wanted, waits_by(narrow.rule)] if narrow.rule else wanted


def conditions(session: Session, workspace_id: int, narrow: Narrow) -> list[ColumnElement[bool]]:
    """The refusals that are asked for, as SQL; raises where a name is of nothing there."""
    found: list[ColumnElement[bool]] = []
    if narrow.rule:
        if narrow.rule not in _RULES:
            mend = f"Use one of {', '.join(sorted(_RULES))}."
            raise InvalidInput(f"{narrow.rule!r} is no rule", field="rule", mend=mend)
        found.append(Invitation.rule == narrow.rule)
    if narrow.channel:
        if narrow.channel not in CHANNELS:
            mend = f"Use one of {', '.join(CHANNELS)}."
            raise InvalidInput(f"{narrow.channel!r} is no channel", field="channel", mend=mend)
        found.append(Invitation.channel == narrow.channel)
    if narrow.survey:
        found.append(Invitation.survey_id == _survey_id(session, workspace_id, narrow.survey))
    return found


def _survey_id(session: Session, workspace_id: int, key: str) -> int:
    mine = select(Survey.id).where(Survey.workspace_id == workspace_id, Survey.key == key)
    found = session.scalar(mine)
    if found is None:
        mend = "Use the key of one of the workspace's surveys."
        raise NotFound(f"there is no survey {key!r}", field="survey", mend=mend)
    return found


def _counts(workspace_id: int, cut: Sequence[Period], wanted: Iterable[ColumnElement[bool]]) -> Any:
    """A range of the index for each piece, in one statement."""
    columns = (Invitation.rule, Invitation.survey_id, Invitation.channel)
    return union_all(
        *(
            select(literal(place).label("place"), *columns, func.count().label("n"))
            .where(
                Invitation.workspace_id == workspace_id,
                Invitation.status_at >= piece.start,
                Invitation.status_at < piece.end,
                REFUSED,
                *wanted,
            )
            .group_by(*columns)
            for place, piece in enumerate(cut)
        )
    )


def _ranked(rows: Sequence[Row[Any]], name: str) -> list[tuple[Any, int]]:
    """How many by a column, the most first."""
    found: Counter[Any] = Counter()
    for row in rows:
        found[getattr(row, name)] += row.n
    return sorted(found.items(), key=lambda one: (-one[1], str(one[0])))


def _time(piece: Period, place: int, rows: Sequence[Row[Any]]) -> TimeOut:
    mine = [row for row in rows if row.place == place]
    n = sum(row.n for row in mine)
    return TimeOut(start=piece.start, end=piece.end, n=n, rules=dict(_ranked(mine, "rule")))


def _surveys(session: Session, workspace_id: int) -> Mapping[int, tuple[str, str]]:
    rows = session.execute(
        select(Survey.id, Survey.key, Survey.name).where(Survey.workspace_id == workspace_id)
    )
    return {row.id: (row.key, row.name) for row in rows}


def _quotas(session: Session, workspace_id: int, now: datetime) -> list[QuotaOut]:
    quotas = quotas_of(session, [workspace_id], now)
    mine = quotas.of.get(workspace_id, ())
    count(session, quotas, mine, hold=False)
    seen = [quotas.seen(one) for one in mine]
    return [
        QuotaOut(key=one.name, of=one.of, most=one.most, had=one.had, ends=one.ends) for one in seen
    ]
