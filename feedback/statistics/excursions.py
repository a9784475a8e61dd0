"""Told once: an excursion is a stay of a series outside its expected range, on one side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feedback.statistics.control import Reading
from feedback.statistics.metrics import FALSE_DISCOVERY_RATE


@dataclass(frozen=True, slots=True)
class Excursion:
    """A series outside its range on one side (`above`, `below`) since a period, by its name."""

    series: str
    side: str
    since: str

    @property
    def signal(self) -> str:
        """The key of the one alert this excursion is worth, the same however often it is read."""
        return f"{self.series}:{self.side}:{self.since}"


def _goes_on(before: Excursion, reading: Reading) -> bool:
    """It ends inside the range or beyond its other end; a period too small to read ends nothing."""
    return reading.p is None or reading.side == before.side


def follow(
    readings: Sequence[Reading],
    period: str,
    before: Iterable[Excursion],
    rate: float = FALSE_DISCOVERY_RATE,
) -> list[Excursion]:
    """The excursions open after `period`, from those open before it.

    One opens where a reading is told at `rate`, and stays open as long as the value stays outside
    its range, told or not, so that a wavering q is no second alert. Series not read stay as they
    were. To alert, store `signal` under a unique key and send what was not there yet.
    """
    standing = {one.series: one for one in before}
    for reading in readings:
        old = standing.pop(reading.key, None)
        if old is not None and _goes_on(old, reading):
            standing[reading.key] = old
        elif reading.told_at(rate) and reading.side is not None:
            standing[reading.key] = Excursion(reading.key, reading.side, period)
    return [standing[key] for key in sorted(standing)]
