"""What triggers that learn their hour of sending have seen so far, as a page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from feedback.pages.words import percent
from feedback.statistics.intervals import wilson
from models.survey import Trigger
from surveys.learnt_hours import Past, learns, past_of


@dataclass(frozen=True)
class HourRow:
    """An hour of the customers' day: how many were asked then, and what share answered."""

    hour: int
    asked: int
    answered: int
    share: str
    low: str
    high: str


def learnt(
    session: Session, triggers: Iterable[Trigger], now: datetime
) -> Mapping[int, Sequence[HourRow]]:
    """By trigger that learns its hour, the hours in order; empty where nothing was sent yet."""
    mine = [one.id for one in triggers if learns(one.timing)]
    return {one: hour_rows(past_of(session, one, now)) for one in mine}


def hour_rows(past: Past) -> Sequence[HourRow]:
    """The hours that were tried, each share with its 95% interval."""
    rows = []
    for hour, seen in sorted(past.items()):
        low, high = wilson(seen.answered, seen.asked)
        share = seen.answered / seen.asked
        told = (percent(one) for one in (share, low, high))
        rows.append(HourRow(hour, seen.asked, seen.answered, *told))
    return rows
