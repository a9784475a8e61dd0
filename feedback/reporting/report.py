"""The pain-point report: one piece of code for the page, the API and the command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from feedback.goals.out import goals_out
from feedback.reporting import out
from feedback.reporting.asked import response_rate
from feedback.reporting.evidence import Quote
from feedback.reporting.fields import listed, written
from feedback.reporting.figures import CommentsOut, PeriodOut
from feedback.reporting.gathered import Gathered, Halves
from feedback.reporting.made import Made
from feedback.reporting.out_points import pain_points, tangle
from feedback.reporting.period import Ends, Period
from feedback.reporting.point_columns import Beside, point_fields
from feedback.reporting.quotes import Quotes
from feedback.reporting.quoting import quoted
from feedback.reporting.schema import Overview, PainPointOut, Report
from feedback.reporting.scope import Filters, Scope, find_journey, find_scope
from feedback.reporting.speakers import End
from feedback.reporting.stages import stages_out
from feedback.reporting.worked import Worked, work_out
from feedback.statistics.painpoint import PainPoint
from feedback.statistics.painpoints import PainPoints
from feedback.statistics.sums import Cell
from feedback.themes.catalogue import Catalogue
from models.journey import Journey

WHOLE_HISTORY: Ends = (None, None)


class Points(Made[PainPoint, PainPointOut]):
    """Ranked cells, written out as they are looked at: a page shows some dozens of two thousand."""

    of: PainPoints

    def __init__(self, of: PainPoints, beside: Beside) -> None:
        super().__init__(of, lambda one: self.again([one]).written()[0])
        self._beside = beside

    def __iter__(self) -> Iterator[PainPointOut]:
        return iter(self.written())

    def again(self, of: Sequence[PainPoint]) -> Points:
        """The same of other cells: some of these, or in another order."""
        some = of if isinstance(of, PainPoints) else self.of.ranked([one.rank for one in of])
        return Points(some, self._beside)

    def written(self) -> list[PainPointOut]:
        """All of them."""
        return pain_points(self.of, self._beside)

    def json(self) -> bytes:
        """All of them as JSON."""
        return listed(written(point_fields(self.of, self._beside)))


@dataclass(frozen=True, slots=True)
class Found:
    """A report whose ranked lists are not written out yet, and who spoke at its curve's ends."""

    overview: Overview
    pain_points: Points
    delights: Points
    themes: Catalogue
    ends: tuple[End, ...] = ()

    def report(self) -> Report:
        """All of it."""
        return Report(
            **dict(self.overview),
            pain_points=self.pain_points.written(),
            delights=self.delights.written(),
        )

    def json(self) -> bytes:
        """All of it as JSON: as the report is written, with no object made for any point."""
        overview = self.overview.model_dump_json(by_alias=True).encode()
        lists = self.pain_points.json(), self.delights.json()
        return overview[:-1] + b',"pain_points":%b,"delights":%b}' % lists


def pain_point_report(
    session: Session,
    workspace_id: int,
    now: datetime,
    journey: str | None = None,
    period: Ends = WHOLE_HISTORY,
    filters: Filters = Filters(),  # noqa: B008 - frozen
) -> Report:
    """The whole report on a journey (by key or id; the only one, when None) of one workspace.

    `period` is from and until just before, both aware. With a start, the trend is against the
    period of equal length before; over a whole history, of its later half against the earlier.
    """
    return find_report(session, workspace_id, now, journey, period, filters).report()


def find_report(
    session: Session,
    workspace_id: int,
    now: datetime,
    journey: str | None = None,
    period: Ends = WHOLE_HISTORY,
    filters: Filters = Filters(),  # noqa: B008 - frozen
) -> Found:
    """The same, its lists not written out yet."""
    found = find_journey(session, workspace_id, journey)
    scope = find_scope(session, found, period, filters, now)
    return report_on(session, found, scope, now, period)


def report_on(
    session: Session, journey: Journey, scope: Scope, now: datetime, asked: Ends
) -> Found:
    """The same of a journey and a scope that are known, for which this period was asked."""
    worked = work_out(session, journey, scope, Halves.of(scope.period, asked[0] is None))
    known = worked.known
    parts = list(known.sums.touchpoints.values())
    states, quotes = known.states, _quotes(session, scope, worked)
    scores = [out.score(one) for one in known.scores]
    overview = Overview(
        journey=journey.key,
        name=journey.name,
        start=scope.period.start,
        end=scope.period.end,
        trend_previous=_period(known.halves.earlier),
        trend_current=_period(known.halves.later),
        n_responses=sum(part.responses for part in parts),
        n_lone_comments=sum(part.voices - part.responses for part in parts),
        comments=CommentsOut(**{name: states.get(name, 0) for name in CommentsOut.model_fields}),
        scores=scores,
        changes=known.changes,
        goals=goals_out(known.goals, scores),
        rate=response_rate(session, scope, asked, now),
        sentiment=out.sentiment(parts),
        stages=stages_out(journey, known),
        tangles=[tangle(one, scope.themes) for one in worked.tangles],
    )
    return Found(
        overview,
        _points(journey, scope, known, worked.hurts, quotes),
        _points(journey, scope.praising(), known, worked.delights, quotes),
        scope.themes,
        worked.speakers.ends,
    )


def _period(period: Period) -> PeriodOut:
    return PeriodOut(start=period.start, end=period.end)


def _quotes(session: Session, scope: Scope, worked: Worked) -> Quotes:
    """The quotes of what stands at the top, of both feelings; looked for once."""
    if worked.beside.quoted is None:
        worked.beside.quoted = quoted(session, scope, worked.speakers)
    return worked.beside.quoted


def _points(
    journey: Journey, scope: Scope, known: Gathered, points: PainPoints, quoted: Quotes
) -> Points:
    stages = {point.key: stage.key for stage in journey.stages for point in stage.touchpoints}

    def quotes(cell: Cell) -> Iterable[Quote]:
        return quoted.get((scope.feeling, cell), ())

    return Points(points, Beside(stages, scope.themes.name, quotes, known.means, known.goals))
