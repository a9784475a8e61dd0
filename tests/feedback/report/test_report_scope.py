from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from report_rows import DAY, MakeWorkspace, Shop
from sqlalchemy.orm import Session

from feedback.reporting.period import Period, read_moment
from feedback.reporting.scope import Filters, find_journey, find_scope
from models.customer import Segment
from models.errors import InvalidInput, NotFound
from models.journey import Journey

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def shop(sqlite_session: Session, make_workspace: MakeWorkspace) -> Shop:
    return Shop(sqlite_session, make_workspace(sqlite_session))


def test_dates_are_whole_days_of_the_workspace() -> None:
    assert read_moment("2026-07-01", "from", LONDON) == datetime(2026, 6, 30, 23, tzinfo=UTC)
    end = read_moment("2026-07-01", "to", LONDON, end=True)
    assert end == datetime(2026, 7, 1, 23, tzinfo=UTC)


def test_times_carry_their_zone() -> None:
    moment = read_moment("2026-07-01T10:00:00+02:00", "from")
    assert moment == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert read_moment("", "from") is None


@pytest.mark.parametrize(
    "text", ["yesterday", "2026-13-01", "2026-07-01T10:00:00", "9999-12-31", "0001-01-01"]
)
def test_what_is_no_time_names_its_field_and_the_mend(text: str) -> None:
    with pytest.raises(InvalidInput, match="Write a date") as refused:
        read_moment(text, "to", end=True)
    assert refused.value.field == "to"


def test_the_only_journey_needs_no_name_and_several_do(shop: Shop) -> None:
    session, workspace_id = shop.session, shop.workspace.id
    assert find_journey(session, workspace_id, None) is shop.journey
    session.add(Journey(workspace_id=workspace_id, key="renting", name="R", created_at=DAY))
    session.flush()
    with pytest.raises(NotFound, match="buying, renting"):
        find_journey(session, workspace_id, None)
    assert find_journey(session, workspace_id, "buying") is shop.journey
    assert find_journey(session, workspace_id, str(shop.journey.id)) is shop.journey


def test_another_workspace_s_journey_is_not_there(
    shop: Shop, make_workspace: MakeWorkspace
) -> None:
    other = make_workspace(shop.session, "rival")
    with pytest.raises(NotFound, match="no journey"):
        find_journey(shop.session, other.id, str(shop.journey.id))


def test_without_a_period_the_whole_history_counts(shop: Shop, now: datetime) -> None:
    shop.response("delivery", {"nps": 3.0}, day=-400)
    shop.comment(day=10)
    scope = find_scope(shop.session, shop.journey, (None, None), Filters(), now)
    assert scope.period.start == DAY - timedelta(days=400)
    assert scope.period.end > DAY + timedelta(days=10)
    earlier, later = scope.period.halves()
    assert earlier.end == later.start
    assert abs((later.end - later.start) - (earlier.end - earlier.start)) < timedelta(seconds=1)


def test_a_period_with_a_start_reaches_until_now(shop: Shop, now: datetime) -> None:
    start = now - timedelta(days=30)
    scope = find_scope(shop.session, shop.journey, (start, None), Filters(), now)
    assert scope.period == Period(start, now)
    assert scope.period.before() == Period(start - timedelta(days=30), start)


def test_an_empty_journey_has_an_empty_period(shop: Shop, now: datetime) -> None:
    scope = find_scope(shop.session, shop.journey, (None, None), Filters(), now)
    assert scope.period.start == now
    early = find_scope(shop.session, shop.journey, (None, DAY), Filters(), now)
    assert early.period.end == DAY


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        (Filters(channel="post"), "channel"),
        (Filters(survey="none"), "survey"),
        (Filters(segment="none"), "segment"),
        (Filters(language="in English"), "language"),
    ],
)
def test_a_filter_that_names_nothing_is_refused(
    shop: Shop, now: datetime, filters: Filters, field: str
) -> None:
    with pytest.raises((InvalidInput, NotFound)) as refused:
        find_scope(shop.session, shop.journey, (None, None), filters, now)
    assert refused.value.field == field
    assert refused.value.mend


def test_a_period_that_ends_before_it_begins_is_refused(shop: Shop, now: datetime) -> None:
    with pytest.raises(InvalidInput, match="ends before"):
        find_scope(shop.session, shop.journey, (now, DAY), Filters(), now)


def test_a_segment_is_its_customers(shop: Shop, now: datetime) -> None:
    gold = shop.customer(tier="gold", visits=12)
    shop.customer(tier="blue", visits=30)
    shop.session.add(
        Segment(
            workspace_id=shop.workspace.id,
            key="gold",
            name="Gold",
            filter={"customer.attributes.tier": "gold", "visits": {"gte": 10}},
            created_at=DAY,
        )
    )
    shop.session.flush()
    filters = Filters(segment="gold")
    scope = find_scope(shop.session, shop.journey, (None, None), filters, now)
    assert scope.customers == (gold.id,)
