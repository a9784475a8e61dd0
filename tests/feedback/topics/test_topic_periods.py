"""Which months, quarters and days a run may be about, in the workspace's own calendar."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session
from topic_rows import LATE, say

from feedback.topics import runs
from feedback.topics.choices import choices, first_choice, others
from feedback.topics.periods import Span, key_of, read_key, span_of, words, words_before
from models.errors import InvalidInput
from models.workspace import Workspace

LONDON = ZoneInfo("Europe/London")


def test_a_quarter_begins_at_local_midnight_and_is_compared_with_the_one_before() -> None:
    span = read_key("2026-Q3", LONDON)
    assert span == Span(
        datetime(2026, 3, 31, 23, tzinfo=UTC),
        datetime(2026, 6, 30, 23, tzinfo=UTC),
        datetime(2026, 9, 30, 23, tzinfo=UTC),
    )
    assert (words(span, LONDON), words_before(span, LONDON)) == (
        "July to September 2026",
        "April to June 2026",
    )


@pytest.mark.parametrize("key", ["2026-Q1", "2026-01", "2026-12", "2026-02-03..2026-03-08"])
def test_a_key_says_its_period_and_back(key: str) -> None:
    for zone in (LONDON, ZoneInfo("Pacific/Auckland"), UTC):
        span = read_key(key, zone)
        assert key_of(span, zone) == key
        assert span_of(span.start, span.end, zone) == span


def test_days_are_compared_with_as_many_before_but_a_whole_month_with_the_month_before() -> None:
    days = read_key("2026-02-03..2026-02-04", UTC)
    assert days.start - days.before == days.end - days.start
    assert words(days, UTC) == "3 Feb to 4 Feb 2026"
    month = read_key("2026-03-01..2026-03-31", UTC)
    assert month == read_key("2026-03", UTC) and key_of(month, UTC) == "2026-03"
    assert words_before(month, UTC) == "February 2026"


@pytest.mark.parametrize(
    "key", ["", "2026", "2026-13", "2026-Q5", "0001-01", "9999-12", "soon", "..",
            "2026-02-30..2026-03-01", "2026-03-02..2026-03-01", "2026-\u06601"],
)  # fmt: skip
def test_what_is_no_period_is_refused_with_the_mend(key: str) -> None:
    with pytest.raises(InvalidInput):
        read_key(key, UTC)


def test_only_whole_periods_with_comments_enough_can_be_chosen(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    assert choices(session, workspace, now) == [] and first_choice([]) is None
    say(session, workspace, datetime(2026, 11, 2, tzinfo=UTC), LATE, 60)
    say(session, workspace, datetime(2026, 10, 2, tzinfo=UTC), LATE, 20)
    say(session, workspace, datetime(2026, 9, 2, tzinfo=UTC), LATE, 70)
    say(session, workspace, datetime(2026, 9, 9, tzinfo=UTC), LATE, 9, waiting=True)
    found = choices(session, workspace, now)
    assert [(one.key, one.comments) for one in found] == [("2026-09", 70), ("2026-Q3", 70)]
    chosen = first_choice(found)
    assert chosen is not None and chosen.key == "2026-Q3", "a month of so few says little"
    later = choices(session, workspace, datetime(2027, 1, 3, tzinfo=UTC))
    assert [one.key for one in later] == ["2026-Q4", "2026-11", "2026-09", "2026-Q3"]


def test_an_old_history_is_offered_up_to_its_last_comment(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    say(session, workspace, datetime(2022, 8, 2, tzinfo=UTC), LATE, 550)
    found = choices(session, workspace, now)
    assert [one.key for one in found] == ["2022-Q3", "2022-08"]
    chosen = first_choice(found)
    assert chosen is not None and chosen.key == "2022-Q3"


def test_other_periods_that_somebody_had_a_run_of_are_offered_too(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    for key in ("2022-02-03..2022-03-08", "2022-Q1"):
        span = read_key(key, UTC)
        runs.ask(session, workspace.id, span, now, origin="command")
    odd = Span(*(datetime(2022, 1, 1, hour, 7, tzinfo=UTC) for hour in (1, 2, 3)))
    runs.ask(session, workspace.id, odd, now, origin="command")
    assert [one.key for one in others(session, workspace, [])] == [
        "2022-Q1",
        "2022-02-03..2022-03-08",
    ]
