"""A theme over time: the share of voices that speak badly and well of it, piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from feedback.reporting.cells import felt_sums
from feedback.reporting.course import SHARES, changed, counted, course, said
from feedback.reporting.figures import PeriodOut
from feedback.reporting.gathered import Halves
from feedback.reporting.period import Ends, Period
from feedback.reporting.scope import Filters, Scope, find_journey, find_scope
from feedback.reporting.series_schema import PointOut, SpokenOut, ThemeReport
from feedback.reporting.steps import pieces, step_of
from feedback.statistics.scores import share
from feedback.statistics.sums import Cell, CellSums, JourneySums
from feedback.statistics.trend import compare
from models.errors import NotFound


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said badly and well in one period."""

    bad: JourneySums
    good: JourneySums

    def voices(self, places: Sequence[str]) -> int:
        """How many were heard at these touchpoints."""
        return sum(self.bad.touchpoints[place].voices for place in places)

    def negative(self, theme: str, places: Sequence[str]) -> int:
        """How many of them speak badly of the theme."""
        return min(_voices(self.bad, theme, places), self.voices(places))

    def positive(self, theme: str, places: Sequence[str]) -> int:
        """How many of them speak well of it."""
        return min(_voices(self.good, theme, places), self.voices(places))


@dataclass(frozen=True, slots=True)
class _Read:
    theme: str
    cut: Sequence[Period]
    whole: Heard
    earlier: Heard
    later: Heard
    parts: Sequence[Heard]


def theme_report(
    session: Session,
    workspace_id: int,
    now: datetime,
    zone: tzinfo,
    theme: str,
    journey: str | None = None,
    period: Ends = (None, None),
    filters: Filters = Filters(),  # noqa: B008 - frozen
) -> ThemeReport:
    """The course of a theme in a journey (by key or id; the only one, when None).

    One that counts as another is shown as that; NotFound says which one nobody knows.
    """
    found = find_journey(session, workspace_id, journey)
    scope = find_scope(session, found, period, filters, now)
    key = scope.themes.shown(theme)
    if key not in scope.themes.entries:
        raise NotFound(f"there is no theme {theme!r}", field="theme", mend="See all at /themes.")
    halves, cut = Halves.of(scope.period, period[0] is None), pieces(scope.period, zone)
    whole = heard(session, scope)
    read = _Read(
        theme=key,
        cut=cut,
        whole=whole,
        earlier=heard(session, scope.within(halves.earlier)),
        later=heard(session, scope.within(halves.later)) if halves.split else whole,
        parts=[heard(session, scope.within(piece)) for piece in cut],
    )
    names = {point.key: point.name for stage in found.stages for point in stage.touchpoints}
    spoken = [place for place in names if _spoken(whole, key, place)]
    return ThemeReport(
        journey=found.key,
        name=found.name,
        theme=key,
        theme_name=scope.themes.name(key),
        start=scope.period.start,
        end=scope.period.end,
        trend_previous=PeriodOut(start=halves.earlier.start, end=halves.earlier.end),
        trend_current=PeriodOut(start=halves.later.start, end=halves.later.end),
        step=step_of(scope.period),
        whole=_part(read, None, found.name, list(names)),
        touchpoints=[_part(read, place, names[place], [place]) for place in spoken],
    )


def heard(session: Session, scope: Scope) -> Heard:
    """What a scope says badly and well."""
    return Heard(*felt_sums(session, scope, "reach"))


def _voices(sums: JourneySums, theme: str, places: Sequence[str]) -> int:
    return sum(sums.cells.get(Cell(place, theme), CellSums()).voices for place in places)


def _spoken(whole: Heard, theme: str, place: str) -> int:
    return whole.negative(theme, [place]) + whole.positive(theme, [place])


def _part(read: _Read, touchpoint: str | None, name: str, places: Sequence[str]) -> SpokenOut:
    theme, n = read.theme, read.whole.voices(places)
    before, now = (
        (part.negative(theme, places), part.voices(places)) for part in (read.earlier, read.later)
    )
    bad = [part.negative(theme, places) for part in read.parts]
    good = [part.positive(theme, places) for part in read.parts]
    voices = [part.voices(places) for part in read.parts]
    return SpokenOut(
        touchpoint=touchpoint,
        name=name,
        n=n,
        negative=counted("negative", read.whole.negative(theme, places), n),
        positive=counted("positive", read.whole.positive(theme, places), n),
        change=changed("negative", compare(*before, *now)),
        negative_points=_course("negative", read.cut, bad, voices),
        positive_points=_course("positive", read.cut, good, voices),
    )


def _course(
    name: str, cut: Sequence[Period], counts: Sequence[int], voices: Sequence[int]
) -> list[PointOut]:
    both = list(zip(counts, voices, strict=True))
    own = [share(name, count, n) for count, n in both]
    return course(cut, own, [said(count, n) for count, n in both], SHARES)
