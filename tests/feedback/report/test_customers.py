"""What is measured of customers who answer twice equals what brute force says, on both engines."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime

import pytest
from report_rows import MakeWorkspace, Shop
from sqlalchemy.orm import Session

from feedback.reporting.customers import Measured, measured
from feedback.reporting.report import pain_point_report
from feedback.reporting.scope import Filters, Scope, find_scope
from feedback.statistics.clustered import Clusters, Shared
from feedback.statistics.metrics import Metric
from feedback.statistics.sums import Cell

NPS, LATE = Metric.NPS, Cell("delivery", "speed")
WORTH = {10: 100.0, 8: 0.0, 2: -100.0}
Said = tuple[int, str, float, bool]


@pytest.fixture
def shop(session: Session, make_workspace: MakeWorkspace) -> Shop:
    return Shop(session, make_workspace(session))


def scope_of(shop: Shop, now: datetime, filters: Filters = Filters()) -> Scope:  # noqa: B008
    return find_scope(shop.session, shop.journey, (None, None), filters, now)


def history(shop: Shop, seed: int = 5) -> list[Said]:
    """Twenty customers and some nobody knows: (who, where, points, complained)."""
    chance, found = random.Random(seed), []
    people = [shop.customer() for _ in range(20)]
    for number in range(60):
        person = chance.choice([*people, None, None])
        place, value = chance.choice(["browse", "delivery"]), chance.choice([2, 8, 10])
        late = place == "delivery" and chance.random() < 0.5
        said = (("speed", "negative"),) if late else (("design", "positive"),)
        known = {"customer_id": person.id} if person else {}
        shop.response(place, {"nps": float(value)}, said, day=number / 3, **known)
        found.append((person.id if person else -1 - number, place, WORTH[value], late))
    return found


def grouped(rows: Sequence[Said]) -> dict[int, list[float]]:
    found: dict[int, list[float]] = {}
    for who, _, points, _ in rows:
        found.setdefault(who, []).append(points)
    return found


def same(a: Clusters, b: Clusters) -> None:
    assert (a.points, a.customers) == (b.points, b.customers)
    assert (a.sizes, a.totals, a.crossed) == pytest.approx((b.sizes, b.totals, b.crossed))


def test_the_sums_over_customers_are_those_of_the_rows(shop: Shop, now: datetime) -> None:
    rows = history(shop)
    places = [{id_: key for key, id_ in shop.touchpoints.items()}]
    found = measured(shop.session, scope_of(shop, now), len(rows), places)
    same(found.hurts.wholes[NPS], Clusters.of(grouped(rows).values()))
    part = found.hurts.cells[NPS][LATE]
    cell, rest = (grouped([row for row in rows if row[3] is late]) for late in (True, False))
    same(part.cell, Clusters.of(cell.values()))
    same(part.rest, Clusters.of(rest.values()))
    both = Shared.of([(cell[who], rest[who]) for who in cell if who in rest])
    assert (part.shared.customers, part.shared.sizes) == (both.customers, both.sizes)
    assert (part.shared.totals, part.shared.first, part.shared.second) == pytest.approx(
        (both.totals, both.first, both.second)
    )
    here = grouped([row for row in rows if row[1] == "delivery"])
    same(found.places[NPS, "delivery"], Clusters.of(here.values()))
    assert Cell("browse", "design") in found.delights.cells[NPS]


def test_where_nobody_answers_twice_no_figure_changes(
    sqlite_session: Session, make_workspace: MakeWorkspace, now: datetime
) -> None:
    known = Shop(sqlite_session, make_workspace(sqlite_session))
    for number in range(40):
        said = (("speed", "negative"),) if number % 3 == 0 else ()
        known.response("delivery", {"nps": 2.0 if said else 10.0}, said, day=number / 2)
    before = pain_point_report(sqlite_session, known.workspace.id, now)
    for row in sqlite_session.query(type(known.response())):
        row.customer_id = known.customer().id
    sqlite_session.flush()
    after = pain_point_report(sqlite_session, known.workspace.id, now)
    assert measured(sqlite_session, scope_of(known, now), 41) == Measured()
    assert after.scores == before.scores
    assert [one.impact for one in after.pain_points] == [one.impact for one in before.pain_points]


def test_the_same_people_asked_again_widen_the_report(
    sqlite_session: Session, make_workspace: MakeWorkspace, now: datetime
) -> None:
    shop = Shop(sqlite_session, make_workspace(sqlite_session))
    people = [shop.customer() for _ in range(30)]
    for number in range(90):
        bad = number % 3 == 0
        said = (("speed", "negative"),) if bad else ()
        # each person always says the same, three times
        person = people[10 * (number % 3) + number // 3 % 10]
        shop.response("delivery", {"nps": 2.0 if bad else 10.0}, said, customer_id=person.id)
    twice = pain_point_report(sqlite_session, shop.workspace.id, now)
    for row in sqlite_session.query(type(shop.response())):
        row.customer_id = None
    sqlite_session.flush()
    once = pain_point_report(sqlite_session, shop.workspace.id, now)
    wide, usual = twice.scores[0], once.scores[0]
    assert wide.value == usual.value and wide.low is not None and usual.low is not None
    assert wide.value is not None and wide.value - wide.low > 1.5 * (wide.value - usual.low)
    assert twice.stages[1].scores[0].low == pytest.approx(wide.low)
    (late,), (before,) = twice.pain_points, once.pain_points
    assert late.impact.low is not None and before.impact.low is not None
    assert late.impact.low < before.impact.low
    assert late.reach_high is not None and before.reach_high is not None
    assert late.reach_high > before.reach_high
