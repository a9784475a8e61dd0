from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations

import pytest
from cell_world import count_all
from report_rows import DAY, Shop
from sqlalchemy.orm import Session

from feedback.cells.plan import plan_of
from feedback.reporting.cells import journey_sums, reach_sums
from feedback.reporting.period import Period
from feedback.reporting.scope import Filters, Scope, find_journey, find_scope
from feedback.statistics.metrics import Metric
from feedback.statistics.sums import Cell, Moments, Pair
from models.workspace import Workspace


@pytest.fixture
def shop(session: Session, workspace: Workspace) -> Shop:
    return Shop(session, workspace)


def scope_of(shop: Shop, now: datetime) -> Scope:
    journey = find_journey(shop.session, shop.workspace.id, None)
    return find_scope(shop.session, journey, (None, None), Filters(), now)


def test_sums_are_what_the_rows_add_up_to(shop: Shop, now: datetime) -> None:
    chance = random.Random(7)
    points: dict[str, list[float]] = {}
    cells: dict[Cell, list[float]] = {}
    pairs: dict[Pair, int] = {}
    worth = {10: 100.0, 9: 100.0, 8: 0.0, 7: 0.0}
    for _ in range(30):
        place = chance.choice(["browse", "delivery", "returns"])
        value = chance.randrange(11)
        bad = chance.sample(["price", "speed", "staff"], chance.randrange(4))
        said = (("design", "positive"), *((theme, "negative") for theme in bad))
        shop.response(place, {"nps": float(value)}, said, day=chance.random() * 30)
        earned = worth.get(value, -100.0)
        points.setdefault(place, []).append(earned)
        for theme in bad:
            cells.setdefault(Cell(place, theme), []).append(earned)
        for first, second in combinations(sorted(bad), 2):
            pair = Pair(place, Metric.NPS, first, second)
            pairs[pair] = pairs.get(pair, 0) + 1

    sums = journey_sums(shop.session, scope_of(shop, now))

    for place, earned_here in points.items():
        part = sums.touchpoints[place]
        assert part.points == {Metric.NPS: Moments.of(earned_here)}
        assert part.responses == part.voices == len(earned_here)
        tally = part.tallies[Metric.NPS]
        assert (tally.top, tally.bottom) == (earned_here.count(100.0), earned_here.count(-100.0))
        assert part.sentiment.n == len(earned_here)
    complained = {cell: part for cell, part in sums.cells.items() if part.negative}
    assert {cell: part.points[Metric.NPS] for cell, part in complained.items()} == {
        cell: Moments.of(earned) for cell, earned in cells.items()
    }
    assert {cell: part.voices for cell, part in complained.items()} == {
        cell: len(earned) for cell, earned in cells.items()
    }
    assert sums.pairs == pairs
    praised = sums.cells[Cell("browse", "design")]
    assert (praised.negative, praised.voices, praised.points) == (0, 0, {})


def test_a_theme_said_twice_by_one_response_is_one_voice(shop: Shop, now: datetime) -> None:
    said = (("speed", "negative"), ("speed", "negative"), ("speed", "positive"))
    response = shop.response("delivery", {"nps": 2.0}, said)
    shop.comment((("speed", "negative"),), response=response)
    part = journey_sums(shop.session, scope_of(shop, now)).cells[Cell("delivery", "speed")]
    assert (part.mentions, part.negative, part.voices) == (4, 3, 1)
    assert part.points[Metric.NPS] == Moments(1, -100.0, 10000.0)


def test_every_metric_s_points_and_classes(shop: Shop, now: datetime) -> None:
    shop.response("delivery", {"nps": 9.0, "csat": 5.0, "ces": 6.0})
    shop.response("delivery", {"nps": 3.0, "csat": 2.0, "ces": 2.0})
    part = journey_sums(shop.session, scope_of(shop, now)).touchpoints["delivery"]
    assert part.points == {
        Metric.NPS: Moments.of([100.0, -100.0]),
        Metric.CSAT: Moments.of([100.0, 0.0]),
        Metric.CES: Moments.of([6.0, 2.0]),
    }
    assert {metric: tally.top for metric, tally in part.tallies.items()} == dict.fromkeys(Metric, 1)
    assert part.tallies[Metric.CSAT].answers == Moments.of([5.0, 2.0])


def test_another_scale_is_moved_to_the_metric_s_own(shop: Shop, now: datetime) -> None:
    response = shop.response("delivery")
    shop.score(response, "ces", 5.0, scale_low=1.0, scale_high=5.0, score_class="easy")
    part = journey_sums(shop.session, scope_of(shop, now)).touchpoints["delivery"]
    assert part.points[Metric.CES] == Moments.of([7.0])


def test_two_scores_of_one_response_count_as_their_mean(shop: Shop, now: datetime) -> None:
    response = shop.response("delivery", {"nps": 10.0})
    shop.score(response, "nps", 8.0)
    part = journey_sums(shop.session, scope_of(shop, now)).touchpoints["delivery"]
    assert part.points[Metric.NPS] == Moments.of([50.0])
    assert part.tallies[Metric.NPS].answers.n == 2


def test_a_comment_without_a_response_is_a_voice_of_its_own(shop: Shop, now: datetime) -> None:
    shop.comment((("staff", "negative"),), touchpoint="returns")
    shop.comment((("staff", "negative"),), touchpoint="returns")
    sums = journey_sums(shop.session, scope_of(shop, now))
    part = sums.touchpoints["returns"]
    assert (part.voices, part.responses) == (2, 0)
    assert sums.cells[Cell("returns", "staff")].voices == 2
    assert reach_sums(shop.session, scope_of(shop, now)).voices == 2


def test_a_page_that_was_only_opened_is_no_response(shop: Shop, now: datetime) -> None:
    shop.response("delivery")
    shop.response("delivery", {"nps": 9.0})
    sums = journey_sums(shop.session, scope_of(shop, now))
    assert sums.touchpoints["delivery"].responses == 1


def test_emotions_are_counted_by_comment(shop: Shop, now: datetime) -> None:
    shop.comment(emotions={"anger": 0.7, "joy": 0.2})
    shop.comment(emotions={"anger": 0.9})
    shop.comment(emotions=None)
    part = journey_sums(shop.session, scope_of(shop, now)).touchpoints["delivery"]
    assert part.emotions == {"anger": 2, "joy": 1}
    assert part.sentiment.n == 3


def test_the_customers_of_a_segment_alone(shop: Shop, now: datetime) -> None:
    gold, blue = shop.customer(), shop.customer()
    shop.response("delivery", {"nps": 9.0}, (("price", "negative"),), customer_id=gold.id)
    shop.response("delivery", {"nps": 1.0}, (("speed", "negative"),), customer_id=blue.id)
    shop.comment((("staff", "negative"),), customer_id=gold.id)
    sums = journey_sums(shop.session, replace(scope_of(shop, now), customers=(gold.id,)))
    assert {cell.theme for cell in sums.cells} == {"price", "staff"}
    assert sums.voices == 2
    nobody = journey_sums(shop.session, replace(scope_of(shop, now), customers=()))
    assert (nobody.voices, nobody.cells) == (0, {})


def test_a_comment_that_waits_has_no_feeling_yet(shop: Shop, now: datetime) -> None:
    empty = dict.fromkeys(("read_at", "model", "sentiment", "sentiment_score", "emotions"))
    shop.comment(read_state="waiting", **empty)
    part = journey_sums(shop.session, scope_of(shop, now)).touchpoints["delivery"]
    assert (part.sentiment.n, part.voices) == (0, 1)


def test_stored_sums_of_one_journey_leave_those_beside_them_alone(
    shop: Shop, now: datetime
) -> None:
    for place in ("browse", "delivery", "returns"):
        shop.response(place, {"nps": 3.0}, (("speed", "negative"), ("price", "negative")))
    shop.session.commit()
    days = Period(DAY - timedelta(days=3), DAY + timedelta(days=3))
    place = {shop.touchpoints["delivery"]: "delivery"}
    one = replace(scope_of(shop, now), period=days, touchpoints=place)
    rows = journey_sums(shop.session, one)
    count_all(shop.session)
    assert plan_of(shop.session, one) is not None
    stored = journey_sums(shop.session, one)
    assert stored == rows
    assert set(stored.touchpoints) == {"delivery"} and len(stored.cells) == 2
