"""One look at all series: which left their range, which are still out, which came back. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from feedback.alerts.lines import Line
from feedback.alerts.rare import read_surely
from feedback.alerts.rhythms import Rhythm, after, key_of, read_key, starts
from feedback.statistics.control import Reading, Series
from feedback.statistics.excursions import Excursion, follow
from feedback.statistics.sums import Moments

SAME_AGAIN = timedelta(days=14)
"""Out again on the same side so soon after it came back: the same excursion goes on."""
SETTLED = timedelta(days=56)
"""Outside for so long: that is how things are now, and what is expected from then on."""


@dataclass(frozen=True, slots=True)
class Stay:
    """One excursion as it is remembered; `until` is the day after its last day outside."""

    excursion: Excursion
    until: date
    rhythm: str
    open: bool = True
    settled: bool = False

    @property
    def since(self) -> date:
        """Its first day outside."""
        return read_key(self.excursion.since)[1]


@dataclass(frozen=True, slots=True)
class Moves:
    """What a look changes. `opened` are new, `resumed` went out again, `on` are still out."""

    readings: tuple[Reading, ...] = ()
    opened: tuple[Excursion, ...] = ()
    resumed: tuple[Stay, ...] = ()
    on: tuple[Stay, ...] = ()
    closed: tuple[Stay, ...] = ()
    settled: tuple[Stay, ...] = ()

    @property
    def by_key(self) -> dict[str, Reading]:
        """The readings by series."""
        return {one.key: one for one in self.readings}

    @property
    def readable(self) -> int:
        """How many series had answers and history enough."""
        return sum(one.p is not None for one in self.readings)


def look(rhythm: Rhythm, first: date, lines: Sequence[Line], stays: Iterable[Stay]) -> Moves:
    """Read the latest period of every line, which begins on `first`, in the light of the past.

    Whoever is out in one rhythm is not told of by the other; only its own rhythm brings it back.
    """
    known: dict[str, list[Stay]] = {}
    for stay in stays:
        known.setdefault(stay.excursion.series, []).append(stay)
    series = [series_of(line, rhythm, first, known.get(line.subject.key, ())) for line in lines]
    readings = read_surely(series, rhythm.season)
    out = [stay for listed in known.values() for stay in listed if stay.open]
    mine = [stay for stay in out if stay.rhythm == rhythm.name]
    others = {stay.excursion.series for stay in out if stay.rhythm != rhythm.name}
    free = [one for one in readings if one.key not in others]
    old = [stay.excursion for stay in mine]
    standing = follow(free, key_of(rhythm, first), old, rhythm.rate)
    began = [one for one in standing if one not in old]
    resumed = {one: _earlier(one, first, known.get(one.series, ())) for one in began}
    return Moves(
        readings=tuple(readings),
        opened=tuple(one for one in began if resumed[one] is None),
        resumed=tuple(_again(stay, rhythm, first) for stay in resumed.values() if stay),
        closed=tuple(replace(stay, open=False) for stay in mine if stay.excursion not in standing),
        **_still(rhythm, first, [stay for stay in mine if stay.excursion in standing], readings),
    )


def _again(stay: Stay, rhythm: Rhythm, first: date) -> Stay:
    return replace(stay, open=True, until=after(rhythm, first), rhythm=rhythm.name)


def _still(
    rhythm: Rhythm, first: date, stays: Sequence[Stay], readings: Iterable[Reading]
) -> dict[str, tuple[Stay, ...]]:
    """Those still outside: longer than before, or for so long that it is how things are now."""
    seen = {one.key for one in readings if one.p is not None}
    end = after(rhythm, first)
    on = [stay for stay in stays if first - stay.since < SETTLED]
    return {
        "on": tuple(replace(s, until=end) if s.excursion.series in seen else s for s in on),
        "settled": tuple(
            replace(s, open=False, settled=True) for s in stays if first - s.since >= SETTLED
        ),
    }


def _earlier(began: Excursion, first: date, stays: Iterable[Stay]) -> Stay | None:
    """The excursion that this one carries on, where there is one."""
    for stay in stays:
        near = stay.until >= first - SAME_AGAIN
        if not stay.settled and near and stay.excursion.side == began.side:
            return stay
    return None


def series_of(line: Line, rhythm: Rhythm, first: date, stays: Iterable[Stay]) -> Series:
    """The line as a chart reads it, against the periods that say what to expect."""
    series = usual(line, rhythm, first, stays)
    return replace(series, earlier=waited(series.earlier, rhythm))


def waited(earlier: Sequence[Moments], rhythm: Rhythm) -> list[Moments]:
    """Earlier periods without the last few, once half a history is left without them.

    Else a change that its first look has missed counts as scatter in the next, and hides itself.
    """
    kept = earlier[: -rhythm.lag]
    if 2 * sum(one.n > 0 for one in kept) < rhythm.history:
        return list(earlier)
    return [*kept, *[Moments()] * rhythm.lag]


def usual(line: Line, rhythm: Rhythm, first: date, stays: Iterable[Stay]) -> Series:
    """The line without the periods outside its range, and without all before a settled level."""
    earlier, past = list(line.periods[:-1]), list(stays)
    for place, begins in enumerate(starts(rhythm, first)[: len(earlier)] if past else ()):
        if any(_spoils(stay, begins, after(rhythm, begins)) for stay in past):
            earlier[place] = Moments()
    subject = line.subject
    return Series(
        subject.key, earlier, line.periods[-1], subject.scale, share=subject.cell is not None
    )


def _spoils(stay: Stay, begins: date, ends: date) -> bool:
    if stay.settled:
        return begins < stay.since
    return begins < stay.until and ends > stay.since
