"""Pain points: every cell with a negative mention, those that surely cost most first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np

from feedback.statistics.columns.moments import Places
from feedback.statistics.columns.ranked import Ranked
from feedback.statistics.metrics import Metric
from feedback.statistics.painpoint import PainPoint, made
from feedback.statistics.ranked import ranked
from feedback.statistics.respondents import Respondents
from feedback.statistics.sums import JourneySums


class PainPoints(Sequence[PainPoint]):
    """The ranked cells, the first one first and those told from noise before the others.

    Each is made of the columns as it is looked at: of a thousand a page shows a dozen.
    """

    def __init__(
        self, found: Ranked, hurts: bool = True, ranks: Sequence[int] | Places | None = None
    ) -> None:
        """Those of these `ranks`, counted from 1; None: all."""
        self._found, self.hurts = found, hurts
        every = range(1, len(found.order) + 1)
        self._ranks = np.array(every if ranks is None else ranks, np.intp)
        self._rows = found.order[self._ranks - 1]

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> PainPoint: ...

    @overload
    def __getitem__(self, place: slice) -> PainPoints: ...

    def __getitem__(self, place: int | slice) -> PainPoint | PainPoints:
        if isinstance(place, slice):
            return PainPoints(self._found, self.hurts, self._ranks[place])
        (point,) = PainPoints(self._found, self.hurts, [int(self._ranks[place])])
        return point

    def __iter__(self) -> Iterator[PainPoint]:
        return made(self.columns, self.ranks, self.hurts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def ranked(self, ranks: Sequence[int]) -> PainPoints:
        """Those of these ranks, in this order."""
        return PainPoints(self._found, self.hurts, ranks)

    @property
    def columns(self) -> Ranked:
        """All that is known of them, a row each in their order."""
        return self._found.taken(self._rows)

    @property
    def ranks(self) -> Sequence[int]:
        """Their ranks, in their order."""
        listed: list[int] = self._ranks.tolist()
        return listed

    @property
    def told(self) -> PainPoints:
        """Those that the data tell from noise."""
        return self[: int(self._found.told[self._rows].sum())]

    @property
    def untold(self) -> PainPoints:
        """The others."""
        return self[len(self.told) :]

    def intervals(self, metric: Metric) -> Sequence[tuple[float, float]]:
        """The intervals of all impacts in a metric, in order."""
        rows = self._of(metric)
        low, high = self._found.impact.low[rows], self._found.impact.high[rows]
        return list(zip(low.tolist(), high.tolist(), strict=True))

    @property
    def leading(self) -> Metric | None:
        """The metric that most impacts are measured in."""
        counts = {metric: len(self._of(metric)) for metric in sorted(self._found.metrics)}
        most = max(counts.values(), default=0)
        return next((metric for metric in counts if counts[metric] == most > 0), None)

    def _of(self, metric: Metric) -> Places:
        """The rows that have an impact in a metric."""
        if metric not in self._found.metrics:
            return self._rows[:0]
        mine = self._found.metric[self._rows] == list(self._found.metrics).index(metric)
        some: Places = self._rows[mine & ~np.isnan(self._found.impact.value[self._rows])]
        return some


def rank(
    now: JourneySums,
    previous: JourneySums,
    later: JourneySums | None = None,
    respondents: Respondents = Respondents(),  # noqa: B008 - frozen
) -> PainPoints:
    """Rank the cells of `now`, their trend being from `previous` to `now`.

    Where a whole history is split in halves, `previous` is the earlier half and `later` the
    later one. `respondents` widen the intervals where customers answered more than once.
    """
    return PainPoints(ranked(now, previous, later, respondents))
