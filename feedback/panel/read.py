"""The panel of a scope: from its stored days, and from rows where these are not right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from sqlalchemy.orm import Session

from feedback.cells.days import Calendar, runs
from feedback.cells.definitions import base_name
from feedback.cells.stale import stale_days
from feedback.panel.answers import NOBODY, Answers, Mask, together
from feedback.panel.draw import WHOLE, drawn_among, is_whole, share_of
from feedback.panel.kept import stored_together
from feedback.panel.rows import answers_of, moment
from feedback.reporting.period import Period, Piece
from feedback.reporting.scope import Scope
from models.statistics import StatisticState
from surveys.schedule import zone_of

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Panel:
    """The answers of a scope's drawn customers, and which share of all customers was drawn."""

    answers: Answers
    share: int

    @property
    def whole(self) -> bool:
        """Whether everybody is in it."""
        return is_whole(self.share)


NO_PANEL = Panel(NOBODY, WHOLE)
"""What stands for a panel that nobody needs any more."""


def panel_of(session: Session, scope: Scope, responses: int) -> Panel:
    """The panel of a scope of so many responses; from rows, where it is not stored."""
    kept = _kept(session, scope)
    if kept is not None:
        return kept
    share = share_of(responses, scope.period.days)
    return Panel(answers_of(session, scope, share), share)


def _kept(session: Session, scope: Scope) -> Panel | None:
    state = session.get(StatisticState, scope.workspace_id, populate_existing=True)
    if scope.timezone is None or state is None or scope.customers is not None:
        return None
    named = base_name(scope.timezone, scope.themes.merged)
    if state.base != named or not state.panel_share or not scope.period.days:
        return None
    calendar = Calendar(zone_of(scope.timezone))
    last = calendar.day(scope.period.end - _INSTANT)
    days = range(calendar.day(scope.period.start), last + 1)
    stale = stale_days(session, scope, calendar, days)
    if stale is None:
        return None
    marked: set[int] = set().union(*stale.values())
    pieces = [_piece(scope, calendar.period(first, end - 1)) for first, end in runs(marked)]
    share = state.panel_share
    found = stored_together(session, scope.workspace_id, days, marked)
    found = found.only(_wanted(found, scope, share))
    if pieces:
        anew = answers_of(session, replace(scope, pieces=tuple(pieces)), share)
        found = together([found, anew])
    return Panel(found, share)


def _piece(scope: Scope, days: Period) -> Piece:
    asked = scope.period
    within = Period(max(days.start, asked.start), min(days.end, asked.end))
    return Piece(tuple(scope.touchpoints), within)


def _wanted(answers: Answers, scope: Scope, share: int) -> Mask:
    """Which of the stored answers a scope counts."""
    kept = drawn_among(answers.who, share)
    kept &= np.isin(answers.touchpoint, list(scope.touchpoints))
    kept &= (answers.at >= moment(scope.period.start)) & (answers.at < moment(scope.period.end))
    if scope.channel is not None:
        kept &= answers.channel == answers.place(scope.channel)
    if scope.language is not None:
        kept &= answers.language == answers.place(scope.language)
    if scope.survey_id is not None:
        kept &= answers.survey == scope.survey_id
    if scope.members is not None:
        inside = np.zeros(len(answers), np.bool_)
        inside[answers.member[answers.segment == scope.members.segment_id]] = True
        inside |= np.isin(answers.who, scope.members.joined)
        kept &= inside & ~np.isin(answers.who, scope.members.left)
    return kept
