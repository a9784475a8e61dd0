"""Whose turn comes when: spread evenly, never twice a period, at the customer's own hour; pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.appointment_times import Rule, Turn, Whom, next_turn

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
DAY = 86_400
NINETY = Rule(1, "recurring", 0, 7 * DAY, {"every_days": 90, "first_days": 30})
ADA = Whom(7, NOW - timedelta(days=400), "Europe/London", {})


def turn(rule: Rule, whom: Whom, after: datetime = NOW) -> Turn:
    found = next_turn(rule, whom, after)
    assert found is not None
    return found


def test_ten_thousand_customers_are_spread_evenly_over_the_days() -> None:
    days = Counter(turn(NINETY, replace(ADA, id=n)).period for n in range(10_000))
    assert 90 <= len(days) <= 91
    most = max(days.values())
    assert most < 160, "111 a day on average, within five standard deviations"


def test_the_next_turn_is_a_period_later_to_the_day() -> None:
    first = turn(NINETY, ADA)
    second = turn(NINETY, ADA, first.due)
    assert second.period - first.period == 90
    assert (first.due.astimezone().hour, first.due > NOW) == (first.due.astimezone().hour, True)


@given(customer=st.integers(1, 10**9), every=st.integers(1, 400), hours=st.integers(0, 24 * 800))
@settings(max_examples=200, deadline=None)
def test_turns_are_after_now_within_a_period_and_always_the_same(
    customer: int, every: int, hours: int
) -> None:
    rule = replace(NINETY, timing={"every_days": every})
    whom = replace(ADA, id=customer)
    after = NOW + timedelta(hours=hours)
    found = turn(rule, whom, after)
    assert after < found.due <= after + timedelta(days=every + 1)
    assert turn(rule, whom, found.due - timedelta(microseconds=1)) == found


def test_a_new_customer_is_left_alone_at_first() -> None:
    new = replace(ADA, created_at=NOW)
    soonest = min(turn(NINETY, replace(new, id=n)).due for n in range(500))
    assert NOW + timedelta(days=30) <= soonest < NOW + timedelta(days=33)


def test_the_hour_is_the_customers_own() -> None:
    at_nine = replace(NINETY, timing={"every_days": 90, "at": "09:00"})
    assert turn(at_nine, replace(ADA, zone="Asia/Tokyo")).due.hour == 0
    hours = {turn(NINETY, replace(ADA, id=n, zone="UTC")).due.hour for n in range(300)}
    assert hours == {10, 11, 12, 13, 14, 15}


def test_a_campaign_asks_once_over_its_time() -> None:
    timing = {"starts_at": NOW.isoformat(), "over_seconds": 2 * DAY}
    rule = Rule(2, "campaign", 0, 7 * DAY, timing)
    due = sorted(turn(rule, replace(ADA, id=n)).due for n in range(1000))
    assert due[0] >= NOW and due[-1] < NOW + timedelta(days=2)
    assert 400 < sum(one < NOW + timedelta(days=1) for one in due) < 600


BEFORE = Rule(3, "date", -2 * DAY, 7 * DAY, {"from": "customer.renews_on"})


@pytest.mark.parametrize(
    ("renews", "due"),
    [
        ("2026-12-10", "2026-12-08T10:00"),
        ("2026-11-19", "2026-11-17T10:00"),  # past, but not too late yet
        ("2026-11-18", None),
        ("soon", None),
        (None, None),
    ],
)
def test_a_date_of_the_customers(renews: object, due: str | None) -> None:
    found = next_turn(BEFORE, replace(ADA, facts={"customer": {"renews_on": renews}}), NOW)
    assert (found.due.isoformat()[:16] if found else None) == due
