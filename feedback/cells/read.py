"""A scope's sums from the stored cells, with those parts from rows that these don't hold."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import chain
from typing import Literal

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from feedback.cells.items import Items, Kind
from feedback.cells.named import Named
from feedback.cells.packed import mask_of
from feedback.cells.plan import Group, Plan, edition_of, plan_of
from feedback.cells.rows import from_rows
from feedback.cells.totals import Sums
from feedback.reporting.scope import Scope
from models.engine import AS_BYTES
from models.rates import RateCell
from models.statistics import EVERYBODY, TOTAL, StatisticCell

SHELF = 5
"""Touchpoints whose ids agree but for the last five bits stand on one shelf."""

_BAD = {kind for kind in Kind if kind.name.startswith(("COST", "PAIR"))}
_GOOD = {kind for kind in Kind if kind.name.startswith(("GAIN", "PRAISED_PAIR"))}


Depth = Literal["reach", "scores", "whole", "values"]
"""How much is read: who said what, that and the scores, what each theme goes with too; or how
many scores have each value, alone."""


def kinds_of(feeling: str, depth: Depth = "whole") -> frozenset[int]:
    """The kinds of sums that a report on a feeling reads; on "both", those of either."""
    if depth == "values":
        return frozenset({Kind.VALUE})
    if depth != "whole":
        end = Kind.STATE if depth == "reach" else Kind.COST_N
        return frozenset(kind for kind in Kind if kind < end)
    unread = {"negative": _GOOD, "positive": _BAD}
    return frozenset(set(Kind) - {Kind.VALUE} - unread.get(feeling, set()))


def named_of(session: Session, scope: Scope, depth: Depth = "whole") -> Named:
    """The sums of a scope, this much of them: to the last digit those from its rows."""
    return _read(session, scope, kinds_of(scope.feeling, depth))


def sums_of(session: Session, scope: Scope, depth: Depth = "whole") -> Items:
    """The same by name."""
    return named_of(session, scope, depth).items()


def rows_of(session: Session, scope: Scope, depth: Depth = "whole") -> Items:
    """The same sums as `sums_of` gives, from rows alone."""
    return _from_rows(session, scope, kinds_of(scope.feeling, depth))


def _from_rows(session: Session, scope: Scope, kinds: frozenset[int]) -> Items:
    found = from_rows(session, scope, kinds)
    return {item: number for item, number in found.items() if item.kind in kinds}


def _read(session: Session, scope: Scope, kinds: frozenset[int]) -> Named:
    plan = plan_of(session, scope)
    sums = Sums()
    if plan is not None:
        for group in plan.groups:
            _add(session, scope, group, kinds, sums)
        if plan.pieces:
            sums.add_items(_from_rows(session, replace(scope, pieces=plan.pieces), kinds))
    if plan is None or _overtaken(session, scope, plan):
        sums = Sums()
        sums.add_items(_from_rows(session, scope, kinds))
    return Named.of(sums).without(scope.themes.hidden)


def _overtaken(session: Session, scope: Scope, plan: Plan) -> bool:
    """Whether a rebuild under other definitions began while cells were being read."""
    return edition_of(session, scope.workspace_id) != plan.edition


def _add(session: Session, scope: Scope, group: Group, kinds: Collection[int], sums: Sums) -> None:
    if not group.stretches:
        return
    columns: list[InstrumentedAttribute[bytes]] = []
    if min(kinds) < Kind.STATE:
        columns.append(StatisticCell.reach)
    if max(kinds) >= Kind.STATE:
        columns.append(StatisticCell.rest)
    mask = mask_of(kinds)
    query = select(*columns).where(
        *slice_filter(scope), shelved(group), stretched(group, StatisticCell)
    )
    packs = chain.from_iterable(session.execute(query, execution_options=AS_BYTES))
    sums.add_known(packs, group.touchpoints, mask)


def slice_filter(scope: Scope) -> list[ColumnElement[bool]]:
    """The stored slices that make up what a scope's filters ask for."""
    members = scope.members
    clauses = [
        StatisticCell.workspace_id == scope.workspace_id,
        StatisticCell.segment_id == (members.segment_id if members else EVERYBODY),
    ]
    if scope.language is not None:
        clauses.append(StatisticCell.language == scope.language)
    if scope.channel is None and scope.survey_id is None:
        whole = StatisticCell.channel == TOTAL
        return [*clauses, whole if scope.language is None else ~whole]
    clauses.append(StatisticCell.channel.not_in((TOTAL, "")))
    if scope.channel is not None:
        clauses.append(StatisticCell.channel == scope.channel)
    if scope.survey_id is not None:
        clauses.append(StatisticCell.survey_id == scope.survey_id)
    return clauses


def shelved(group: Group) -> ColumnElement[bool]:
    """The shelves that a group's touchpoints stand on."""
    return StatisticCell.shelf.in_({one >> SHELF for one in group.touchpoints})


def stretched(group: Group, cells: type[StatisticCell] | type[RateCell]) -> ColumnElement[bool]:
    """The stretches that a group is read over."""
    parts = [
        and_(cells.level == one.level, cells.node.between(one.first, one.last))
        for one in group.stretches
    ]
    return or_(*parts)
