"""Since when a pain point is heard more or less often: one day, and the days it may have been."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from feedback.causes.draw import Unit
from feedback.statistics.change import of_share
from feedback.statistics.intervals import Interval, wilson
from feedback.statistics.two_shares import Count

LONGEST = 400
"""Days up to which a series is looked at day by day; a longer one by weeks."""


@dataclass(frozen=True, slots=True)
class Since:
    """The day from which the share that complains lies elsewhere, in the workspace's zone.

    `first` and `last` bound the days it may have been (95%); `week`: days begin weeks. `day` is
    None where there is no telling; `p` too where no day leaves enough voices on either side.
    """

    day: date | None
    first: date | None
    last: date | None
    before: Count
    since: Count
    p: float | None
    told: bool
    week: bool = False

    @property
    def ends(self) -> tuple[Interval, Interval]:
        """The 95% intervals of the two shares; of nobody, anything is possible."""
        before, since = (
            wilson(one.said, one.n) if one.n else (0.0, 1.0) for one in (self.before, self.since)
        )
        return before, since


def since(units: Sequence[Unit], zone: ZoneInfo) -> Since:
    """The one change that these voices tell best; they are in order of time."""
    days = [unit.at.astimezone(zone).date() for unit in units]
    if not days:
        return Since(None, None, None, Count(0, 0), Count(0, 0), None, False)
    week = (days[-1] - days[0]).days >= LONGEST
    step = timedelta(days=7 if week else 1)
    start = days[0] - timedelta(days=days[0].weekday() if week else 0)
    places = [(day - start) // step for day in days]
    n = Counter(places)
    said = Counter(place for place, unit in zip(places, units, strict=True) if unit.said)
    found = of_share([(said[place], n[place]) for place in range(places[-1] + 1)])
    before = Count(int(found.before.total), found.before.n)
    after = Count(int(found.since.total), found.since.n)
    if found.day is None or not found.days:
        return Since(None, None, None, before, after, found.p, False, week)
    marks = (found.day, found.days[0], found.days[-1])
    day, first, last = (start + place * step for place in marks)
    return Since(day, first, last, before, after, found.p, found.told, week)
