from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from report_rows import DAY, MakeWorkspace, Shop
from sqlalchemy import event
from sqlalchemy.orm import Session

from feedback.reporting.report import pain_point_report
from feedback.reporting.schema import PainPointOut, Report
from feedback.reporting.scope import Filters
from feedback.reporting.text import as_text
from models.customer import Segment
from models.survey import Survey

LATE = (("speed", "negative"),)


@pytest.fixture
def shop(sqlite_session: Session, make_workspace: MakeWorkspace) -> Shop:
    made = Shop(sqlite_session, make_workspace(sqlite_session))
    for day in range(40):
        made.response("delivery", {"nps": 2.0}, LATE, day=day)
    for day in range(20):
        made.response("returns", {"nps": 1.0}, (("refund", "negative"),), day=2 * day)
    for day in range(90):
        made.response("browse", {"nps": 10.0, "csat": 5.0}, (("design", "positive"),), day=day / 3)
    made.response("browse", {"nps": 0.0}, (("price", "negative"),), day=1)
    return made


def report_of(shop: Shop, now: datetime, **arguments: object) -> Report:
    return pain_point_report(shop.session, shop.workspace.id, now, **arguments)  # type: ignore[arg-type]


def by_theme(report: Report) -> dict[str, PainPointOut]:
    return {point.theme: point for point in report.pain_points}


def test_the_json_has_the_promised_shape(shop: Shop, now: datetime) -> None:
    data = json.loads(report_of(shop, now).model_dump_json(by_alias=True))
    assert {"journey", "from", "to", "n_responses", "scores", "stages", "pain_points"} <= set(data)
    assert (data["journey"], data["n_responses"]) == ("buying", 151)
    assert {"metric", "value", "low", "high", "n"} <= set(data["scores"][0])
    stage = data["stages"][1]
    assert {"stage", "n", "scores", "sentiment", "emotions", "touchpoints"} <= set(stage)
    assert {"mean", "low", "high"} <= set(stage["sentiment"])
    first = data["pain_points"][0]
    assert {"rank", "stage", "touchpoint", "theme", "mentions", "negative"} <= set(first)
    assert {"reach", "impact", "trend", "evidence"} <= set(first)
    assert {"metric", "value", "low", "high", "adjusted", "q"} <= set(first["impact"])
    assert {"previous", "current", "p"} <= set(first["trend"])
    assert set(first["evidence"][0]) == {"comment", "text", "sentiment_score"}


def test_the_costliest_pain_comes_first_and_the_rare_one_last(shop: Shop, now: datetime) -> None:
    points = report_of(shop, now).pain_points
    assert [point.theme for point in points] == ["speed", "refund", "price"]
    assert [point.told for point in points] == [True, True, False]
    assert (points[0].stage, points[0].touchpoint) == ("after", "delivery")
    assert (points[2].impact.value, points[2].impact.q) == (None, 1.0)


def test_the_impact_is_the_score_without_those_responses(shop: Shop, now: datetime) -> None:
    report = report_of(shop, now)
    overall = 100 * (90 - 61) / 151
    without = 100 * (90 - 21) / 111
    assert report.scores[0].value == pytest.approx(overall)
    assert by_theme(report)["speed"].impact.value == pytest.approx(overall - without)


def test_stages_hold_their_touchpoints_with_n_and_interval(shop: Shop, now: datetime) -> None:
    before, after = report_of(shop, now).stages
    assert (before.stage, before.n, after.stage, after.n) == ("before", 91, "after", 60)
    assert [point.touchpoint for point in after.touchpoints] == ["delivery", "returns"]
    assert [score.metric for score in before.scores] == ["nps", "csat", "csat_mean"]
    assert after.sentiment.mean == pytest.approx(-0.8)
    assert after.sentiment.low is not None
    assert after.sentiment.low < -0.8


def test_a_whole_history_compares_its_halves(shop: Shop, now: datetime) -> None:
    report = report_of(shop, now)
    assert report.trend_previous.end == report.trend_current.start
    assert report.trend_previous.start == report.start
    trend = by_theme(report)["speed"].trend
    assert trend.current is not None and trend.previous is not None
    assert trend.current > trend.previous


def test_a_period_is_compared_with_the_one_before(shop: Shop, now: datetime) -> None:
    period = (DAY + timedelta(days=20), DAY + timedelta(days=40))
    report = report_of(shop, now, period=period)
    assert (report.trend_previous.start, report.trend_previous.end) == (DAY, period[0])
    speed = by_theme(report)["speed"]
    assert speed.negative == 20
    assert speed.trend.current == speed.reach
    assert speed.trend.previous == pytest.approx(20 / 91)


def test_filters_narrow_the_report(shop: Shop, now: datetime) -> None:
    gold = shop.customer(tier="gold")
    other = Survey(workspace_id=shop.workspace.id, key="other", name="Other", created_at=DAY)
    segment = Segment(
        workspace_id=shop.workspace.id,
        key="gold",
        name="Gold",
        filter={"tier": "gold"},
        created_at=DAY,
    )
    shop.session.add_all([other, segment])
    shop.session.flush()
    shop.response("browse", {"nps": 9.0}, customer_id=gold.id)
    shop.response("browse", {"nps": 9.0}, channel="sms")
    shop.response("browse", {"nps": 9.0}, survey_id=other.id)
    shop.comment(touchpoint="browse")
    for filters in (Filters(segment="gold"), Filters(channel="sms"), Filters(survey="other")):
        report = report_of(shop, now, filters=filters)
        assert (report.n_responses, report.n_lone_comments) == (1, 0)
    assert report_of(shop, now).n_lone_comments == 1


def test_an_empty_journey_is_a_report_without_figures(
    sqlite_session: Session, make_workspace: MakeWorkspace, now: datetime
) -> None:
    report = report_of(Shop(sqlite_session, make_workspace(sqlite_session)), now)
    assert (report.n_responses, report.scores, report.pain_points) == (0, [], [])
    assert [stage.sentiment.mean for stage in report.stages] == [None, None]
    assert "Nobody has complained" in as_text(report)


def test_another_workspace_s_rows_never_count(
    shop: Shop, make_workspace: MakeWorkspace, now: datetime
) -> None:
    rival = Shop(shop.session, make_workspace(shop.session, "rival"))
    assert report_of(rival, now).n_responses == 0
    rival.response("delivery", {"nps": 0.0}, LATE)
    assert report_of(shop, now).n_responses == 151
    assert report_of(rival, now).n_responses == 1


def test_the_same_rows_give_the_same_report(shop: Shop, now: datetime) -> None:
    assert report_of(shop, now) == report_of(shop, now)


def test_the_number_of_queries_does_not_grow_with_the_data(shop: Shop, now: datetime) -> None:
    statements: list[str] = []
    engine = shop.session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    shop.session.flush()
    report_of(shop, now)
    assert len(statements) <= 75


def test_the_text_says_the_score_with_its_interval(shop: Shop, now: datetime) -> None:
    text = as_text(report_of(shop, now))
    assert "NPS 19, between" in text
    assert "2 of 3 can be told from noise" in text
    assert "too few scored answers (1)" in text
