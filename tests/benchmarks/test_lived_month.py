"""Half a day that the program lives through, and what the rules as they are say of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.lived_month import Clock, comings, lived, staged
from feedback.settings import load
from feedback.whatif.ask import Ask, what_if
from feedback.whatif.changed import Wanted
from models.response import Response
from surveys.firing import setting_of

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)


def test_people_come_in_order_by_day_and_more_of_them_at_the_weekend() -> None:
    hours = list(comings(MONDAY, 28, 30, Random(1)))
    assert hours == sorted(hours) and hours[0] >= 0 and hours[-1] < 28 * 24
    by_day = [sum(int(hour) // 24 % 7 == day for hour in hours) for day in range(7)]
    assert by_day[5] > by_day[0] > by_day[6] and all(hour % 24 >= 6 for hour in hours)
    assert hours == list(comings(MONDAY, 28, 30, Random(1)))


def test_the_rules_as_they_are_ask_all_of_those_really_asked(migrated_home: Path) -> None:
    settings = load({"WAYMARK_HOME": str(migrated_home), "PUBLIC_URL": "http://127.0.0.1"})
    clock, end = Clock(MONDAY + timedelta(hours=12)), MONDAY + timedelta(hours=36)
    month = staged(settings, clock, 1, 40, Random(7))
    lived(month, clock, end)
    with Session(month.engine) as session:
        setting = setting_of(month.services)
        found = what_if(session, month.workspace.id, Ask(Wanted(), days=2), setting, end)
        responses = session.scalar(select(func.count(Response.id))) or 0
    assert found.asked.happened > 10 and responses > 5
    assert (found.agreement.only_happened, found.agreement.only_now) == (0, 0)
    assert found.agreement.both == found.asked.happened
