"""Scores and themes over time, and comparisons: what they say, and what they don't pretend."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from report_rows import DAY, MakeWorkspace, Shop
from sqlalchemy.orm import Session

from feedback.goals.check import Goal
from feedback.goals.rows import goals_of, set_goal
from feedback.reporting.asked import response_rate
from feedback.reporting.compare import Side, comparison, halves
from feedback.reporting.period import Period
from feedback.reporting.report import pain_point_report
from feedback.reporting.scope import Filters, find_scope
from feedback.reporting.score_report import score_report
from feedback.reporting.theme_report import theme_report
from feedback.statistics.metrics import Metric
from models.customer import Segment
from models.errors import NotFound

LATE = (("delivery_speed", "negative"),)
FAST = (("delivery_speed", "positive"),)
NOTHING = (None, None)


@pytest.fixture
def shop(sqlite_session: Session, make_workspace: MakeWorkspace) -> Shop:
    return Shop(sqlite_session, make_workspace(sqlite_session))


def filled(shop: Shop) -> Shop:
    """Thirty bad days, then thirty good ones, the later ones by SMS."""
    for day in range(60):
        bad = day < 30
        for _ in range(2):
            score, said = (2.0, LATE) if bad else (10.0, FAST)
            channel = "web" if bad else "sms"
            shop.response("delivery", {"nps": score}, said, day=day, channel=channel)
    return shop


def scores(shop: Shop, now: datetime, **given: Any) -> Any:
    return score_report(shop.session, shop.workspace.id, now, UTC, **given)


def theme(shop: Shop, now: datetime, **given: Any) -> Any:
    return theme_report(shop.session, shop.workspace.id, now, UTC, "delivery_speed", **given)


def compare(shop: Shop, now: datetime, this: Side, other: Side) -> Any:
    return comparison(shop.session, shop.workspace.id, now, None, this, other)


ALL = Side(NOTHING, Filters())


def test_a_score_has_its_course_its_classes_and_its_change(shop: Shop, now: datetime) -> None:
    found = scores(filled(shop), now)
    (nps,) = found.metrics
    assert (found.step, found.n_responses, nps.scores[0].value) == ("week", 120, 0.0)
    assert [(one.name, one.n) for one in nps.classes] == [
        *(("promoter", 60), ("passive", 0), ("detractor", 60)),
    ]
    assert [(one.name, one.n) for one in nps.values if one.n] == [("2", 60), ("10", 60)]
    assert len(nps.values) == 11
    assert (nps.change.previous, nps.change.current) == (-100.0, 100.0)
    assert nps.change.p < 0.001 and nps.change.low > 150
    first, last = nps.points[0], nps.points[-1]
    assert first.value == -100.0 and last.value == 100.0
    assert first.line_high < 0 < last.line_low
    assert sum(one.n for one in nps.points) == 120
    assert nps.design_effect == 1.0


def test_half_a_year_of_silence_is_bridged_and_widens(shop: Shop, now: datetime) -> None:
    for day in (*range(10), *range(190, 200)):
        shop.response("delivery", {"csat": 5.0 if day % 2 else 3.0}, day=float(day))
    points = scores(shop, now + timedelta(days=365)).metrics[0].points
    silent = [one for one in points if one.n == 0]
    assert len(silent) > 20 and all(one.value is None for one in silent)
    middle = points[len(points) // 2]
    assert middle.line_high - middle.line_low > points[0].line_high - points[0].line_low


def test_a_course_begins_with_the_first_answer_and_foretells_nothing(
    shop: Shop, now: datetime
) -> None:
    filled(shop)
    period = (DAY - timedelta(days=120), DAY + timedelta(days=150))
    points = scores(shop, now, period=period).metrics[0].points
    drawn = [one.line is not None for one in points]
    assert not drawn[0] and not drawn[-1] and any(drawn)


def test_a_goal_is_met_missed_or_not_sure(shop: Shop, now: datetime) -> None:
    for number in range(60):
        shop.response("delivery", {"nps": 10.0 if number % 2 else 8.0}, day=float(number))
    stands = {}
    for target in (20.0, 48.0, 90.0):
        set_goal(shop.session, shop.journey, Metric.NPS, Goal(target=target), now)
        stands[target] = scores(shop, now).metrics[0].goal.target_met
    assert stands == {20.0: "yes", 48.0: "not_sure", 90.0: "no"}
    assert set_goal(shop.session, shop.journey, Metric.NPS, Goal(), now)
    assert goals_of(shop.session, shop.journey) == {}
    assert not set_goal(shop.session, shop.journey, Metric.NPS, Goal(), now)


def test_a_pain_point_says_its_severity_its_mend_and_its_money(shop: Shop, now: datetime) -> None:
    goal = Goal(point_value=1000.0, currency="EUR")
    set_goal(shop.session, shop.journey, Metric.NPS, goal, now)
    (found,) = pain_point_report(shop.session, filled(shop).workspace.id, now).pain_points
    assert found.severity and found.severity.value == -100.0
    fixed, money = found.fixed, found.money
    assert fixed and money and found.impact.adjusted is not None
    assert fixed.now == 0.0 and fixed.value == pytest.approx(-found.impact.adjusted)
    assert 0 < fixed.low < fixed.value < fixed.high <= 100
    assert (money.currency, money.value) == ("EUR", pytest.approx(1000 * found.impact.adjusted))


def test_what_delights_stands_beside_what_hurts(shop: Shop, now: datetime) -> None:
    report = pain_point_report(shop.session, filled(shop).workspace.id, now)
    (joy,) = report.delights
    assert (joy.theme, joy.told, joy.negative, joy.fixed) == ("delivery_speed", True, 60, None)
    assert joy.impact.low is not None and joy.impact.low > 0
    assert joy.trend.current == 1.0 and len(joy.evidence) == 3


def test_a_theme_over_time_by_touchpoint(shop: Shop, now: datetime) -> None:
    found = theme(filled(shop), now)
    assert found.theme_name == "Delivery speed"
    (place,) = found.touchpoints
    assert (place.touchpoint, place.n, found.whole.n) == ("delivery", 120, 120)
    assert (found.whole.negative.n, found.whole.positive.n) == (60, 60)
    bad, good = found.whole.negative_points, found.whole.positive_points
    assert (bad[0].value, good[0].value, bad[-1].value, good[-1].value) == (1.0, 0.0, 0.0, 1.0)
    assert (found.whole.change.previous, found.whole.change.current) == (1.0, 0.0)
    with pytest.raises(NotFound):
        theme_report(shop.session, shop.workspace.id, now, UTC, "nothing_known")


def test_two_halves_of_a_history_are_compared_by_default(shop: Shop, now: datetime) -> None:
    found = compare(filled(shop), now, ALL, ALL)
    (nps,), (late,) = found.scores, found.themes
    assert (nps.this.value, nps.other.value, nps.value, nps.told) == (100.0, -100.0, 200.0, True)
    assert (late.this, late.other, late.told) == (0.0, 1.0, True)
    assert late.low < late.high < 0
    assert not found.same and not found.overlap


def test_halves_part_at_a_midnight_so_that_no_day_is_on_both_sides() -> None:
    zone = ZoneInfo("Europe/Madrid")
    whole = Period(datetime(2026, 6, 2, 9, 30, tzinfo=UTC), datetime(2026, 8, 1, 20, tzinfo=UTC))
    earlier, later = halves(whole, zone)
    assert (earlier.start, later.end) == (whole.start, whole.end)
    assert earlier.end == later.start == datetime(2026, 7, 2, 22, tzinfo=UTC)
    short = Period(whole.start, whole.start + timedelta(hours=4))
    assert halves(short, zone) == short.halves()


def test_the_other_side_follows_from_this_one(shop: Shop, now: datetime) -> None:
    filled(shop)
    ends = (DAY + timedelta(days=30), DAY + timedelta(days=60))
    before = compare(shop, now, Side(ends, Filters(channel="sms")), ALL)
    assert (before.other.end, before.other.channel) == (ends[0], "sms")
    other = Side(NOTHING, Filters(channel="web"))
    channel = compare(shop, now, Side(NOTHING, Filters(channel="sms")), other)
    assert channel.this.start == channel.other.start and not channel.overlap
    assert (channel.this.n_responses, channel.other.n_responses) == (60, 60)
    everybody = Side(NOTHING, Filters(channel="*"))
    part = compare(shop, now, Side(NOTHING, Filters(channel="sms")), everybody)
    assert (part.other.channel, part.other.n_responses, part.overlap) == (None, 120, True)


def test_languages_stand_against_each_other(shop: Shop, now: datetime) -> None:
    for number in range(40):
        bad = number % 2 == 0
        score, said = (2.0, LATE) if bad else (10.0, FAST)
        spoken = "de" if bad else "en"
        shop.response("delivery", {"nps": score}, said, day=float(number), language=spoken)
    german = Side(NOTHING, Filters(language="de"))
    found = compare(shop, now, german, Side(NOTHING, Filters(language="en")))
    assert (found.this.language, found.other.language, found.overlap) == ("de", "en", False)
    assert (found.this.n_responses, found.scores[0].value) == (20, -200.0)
    assert (found.themes[0].this, found.themes[0].other, found.themes[0].told) == (1.0, 0.0, True)
    whole = compare(shop, now, german, Side(NOTHING, Filters(language="*")))
    assert (whole.other.n_responses, whole.overlap) == (40, True)
    assert theme(shop, now, filters=german.filters).whole.n == 20
    # nobody knows the language of a page that was never opened
    report = pain_point_report(shop.session, shop.workspace.id, now, filters=german.filters)
    assert (report.n_responses, report.rate, len(report.pain_points)) == (20, None, 1)
    assert len(report.pain_points[0].evidence) == 3


def test_a_segment_that_is_everybody_or_nobody(shop: Shop, now: datetime) -> None:
    person = shop.customer(tier="gold")
    for number in range(12):
        shop.response("delivery", {"nps": 9.0}, LATE, day=float(number), customer_id=person.id)
    for key, value in (("everybody", "gold"), ("nobody", "lead")):
        shop.session.add(
            Segment(
                workspace_id=shop.workspace.id,
                key=key,
                name=key,
                filter={"tier": {"eq": value}},
                created_at=DAY,
            )
        )
    shop.session.flush()
    everybody = Side(NOTHING, Filters(segment="everybody"))
    found = compare(shop, now, everybody, Side(NOTHING, Filters(segment="*")))
    assert found.this.n_responses == found.other.n_responses == 12 and found.overlap
    assert found.scores[0].value == 0.0 and not found.scores[0].told
    nobody = compare(shop, now, Side(NOTHING, Filters(segment="nobody")), everybody)
    assert nobody.this.n_responses == 0
    assert (nobody.scores[0].value, nobody.scores[0].q) == (None, 1.0)
    assert scores(shop, now, filters=Filters(segment="nobody")).metrics == []
    same = compare(shop, now, everybody, Side((DAY, now), Filters()))
    assert not same.same


def _plain(found: Any) -> str:
    text = found.model_dump_json(by_alias=True)
    assert "NaN" not in text and "Infinity" not in text
    json.loads(text)
    return str(text)


@pytest.mark.parametrize(
    ("answers", "said"),
    [([], ()), ([10.0], LATE), ([10.0] * 40, FAST), ([0.0, 10.0], LATE), ([7.0] * 6, LATE)],
    ids=["none", "one", "all tens", "two", "all alike"],
)
def test_thin_histories_give_sensible_reports(
    shop: Shop, now: datetime, answers: list[float], said: Any
) -> None:
    person = shop.customer()
    for number, value in enumerate(answers):
        shop.response("delivery", {"nps": value}, said, day=float(number), customer_id=person.id)
    for period in (NOTHING, (DAY - timedelta(days=9), DAY - timedelta(days=7)), (DAY, DAY)):
        found = scores(shop, now, period=period)
        _plain(found)
        _plain(theme(shop, now, period=period))
        _plain(compare(shop, now, Side(period, Filters()), ALL))
        report = pain_point_report(shop.session, shop.workspace.id, now, period=period)
        _plain(report)
        for score in report.scores:
            shown = [one for one in (score.low, score.value, score.high) if one is not None]
            assert shown == sorted(shown) and all(-100 <= one <= 100 for one in shown)
        assert not any(one.told for one in (*report.pain_points, *report.delights))


def test_the_rate_counts_who_was_asked_and_who_spoke(shop: Shop, now: datetime) -> None:
    states = ["delivered"] * 4 + ["completed"] * 3 + ["failed", "suppressed"]
    for status in states:
        row = shop.invitation(status=status, sent_at=None if status == "suppressed" else DAY)
        if status == "completed":
            shop.response("delivery", {"nps": 9.0}, invitation_id=row.id)
    shop.response("delivery")  # a page merely opened, of nobody asked
    scope = find_scope(shop.session, shop.journey, NOTHING, Filters(), now)
    found = response_rate(shop.session, scope, NOTHING, DAY + timedelta(days=1))
    assert (found.asked, found.delivered, found.answered) == (8, 7, 3)
    assert (found.completed, found.open) == (3, 4)
    assert found.rate == pytest.approx(3 / 8) and found.low is not None
    assert response_rate(shop.session, scope, NOTHING, DAY + timedelta(days=30)).open == 0
