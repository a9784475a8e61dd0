"""A report's quotes are what the newest of the panel's voices said, held to a plain reading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from cell_world import NOW, count_all, scope_of, segment
from report_rows import DAY, MakeWorkspace, Shop
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from feedback.panel.answers import NOBODY
from feedback.panel.draw import WHOLE
from feedback.panel.read import Panel, panel_of
from feedback.panel.voices import Spoken, Voice, feeling, speaking
from feedback.reporting.heard import heard
from feedback.reporting.report import find_report, pain_point_report
from feedback.reporting.scope import Filters, Scope
from feedback.reporting.speakers import VOICES, speakers
from feedback.statistics.metrics import Metric
from feedback.statistics.sums import JourneySums, Moments, TouchpointSums
from feedback.themes.catalogue import Catalogue
from models.customer import Customer
from models.reading import Comment, Mention
from models.response import Response, Score
from models.theme import ThemeSetting

THEMES = ("delivery_speed", "price", "food_drink")
PLENTY = 10**6
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.fixture
def shop(session: Session, make_workspace: MakeWorkspace) -> Shop:
    """Many answers, some of nobody known, two a moment here and there; food counts as price."""
    made, dice = Shop(session, make_workspace(session)), Random(5)
    whose = {"workspace_id": made.workspace.id, "changed_at": DAY}
    session.add(ThemeSetting(theme="food_drink", merged_into="price", **whose))
    people = [made.customer(tier=dice.choice(("gold", "basic"))).id for _ in range(40)]
    segment(made, "gold", {"tier": "gold"})
    for _ in range(160):
        said = [(one, dice.choice(("negative", "positive"))) for one in THEMES]
        asked = {"channel": dice.choice(("web", "sms")), "language": dice.choice(("en", "de"))}
        scores = {"nps": 3.0, "csat": 2.0} if dice.random() < 0.5 else {"nps": 9.0}
        made.response(
            dice.choice(("delivery", "browse")),
            scores if dice.random() < 0.9 else {},
            tuple(dice.sample(said, dice.randrange(3))),
            day=float(dice.randrange(60)),
            customer_id=dice.choice([*people, None]),
            **asked,
        )
    session.commit()
    return made


def microseconds(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def passing(session: Session, scope: Scope) -> Iterator[tuple[Voice, Comment]]:
    """Who gave a score and passes the filters, with what they wrote."""
    gold = {one.id for one in session.scalars(select(Customer)) if one.attributes["tier"] == "gold"}
    scored = set(session.scalars(select(Score.response_id)))
    for comment in session.scalars(select(Comment).order_by(Comment.id)):
        response = session.get_one(Response, comment.response_id)
        who = response.customer_id or -response.id
        kept = response.id in scored
        kept &= scope.channel in (None, response.channel)
        kept &= scope.language in (None, response.language)
        kept &= who in gold or (scope.members is None and scope.customers is None)
        if kept and comment.touchpoint_id is not None:
            yield Voice(who, comment.touchpoint_id, microseconds(comment.occurred_at)), comment


def newest(session: Session, scope: Scope, one: Spoken, most: int) -> set[Voice]:
    """The newest voices that speak of a cell, by a plain reading."""
    feels = "positive" if one.praise else "negative"
    parts = ("price", "food_drink") if one.theme == "price" else (one.theme,)
    wanted = select(Mention.comment_id).where(Mention.theme.in_(parts), Mention.sentiment == feels)
    speak = set(session.scalars(wanted))
    found = {
        voice
        for voice, comment in passing(session, scope)
        if comment.id in speak and voice.touchpoint == one.touchpoint
    }
    return set(sorted(found, key=lambda voice: (-voice.at, voice.who))[:most])


@pytest.mark.parametrize(
    "filters", [{}, {"channel": "sms"}, {"segment": "gold"}, {"language": "de", "channel": "web"}]
)
@pytest.mark.parametrize("stored", [True, False])
def test_the_newest_voices_are_those_of_a_plain_reading(
    session: Session, shop: Shop, filters: dict[str, str], stored: bool
) -> None:
    if stored:
        count_all(session)
    scope = scope_of(shop, **filters)
    answers = panel_of(session, scope, PLENTY if stored else 1).answers
    for place in shop.touchpoints.values():
        for one in (Spoken(place, "price", False), Spoken(place, "delivery_speed", True)):
            expected = newest(session, scope, one, 5)
            assert set(speaking(answers, scope.themes, [one], 5)) == expected
            comments = heard(session, scope, sorted(expected))
            said = [comment for voice, comment in passing(session, scope) if voice in expected]
            assert comments == {comment.id: place for comment in said}


def test_a_voice_that_speaks_of_two_cells_is_listed_once(session: Session, shop: Shop) -> None:
    answers = panel_of(session, scope_of(shop), 1).answers
    place = shop.touchpoints["delivery"]
    wanted = [Spoken(place, theme, praise) for theme in THEMES for praise in (False, True)]
    found = speaking(answers, Catalogue(), wanted, 1_000)
    everybody = {*feeling(answers, [place], True, 1_000), *feeling(answers, [place], False, 1_000)}
    assert len(found) == len(set(found)) and set(found) == everybody
    assert speaking(answers, Catalogue(), [], 5) == []
    assert heard(session, scope_of(shop), []) == {}


def test_a_report_quotes_only_the_newest_of_a_cell(
    session: Session, make_workspace: MakeWorkspace
) -> None:
    shop = Shop(session, make_workspace(session))
    for day in range(VOICES + 5):
        for number in range(3):
            said = (("price", "negative"),) if number else (("staff", "positive"),)
            shop.response("delivery", {"nps": float(number)}, said, day=float(day))
    count_all(session)
    (point,) = pain_point_report(session, shop.workspace.id, NOW).pain_points
    ids = [int(one.comment) for one in point.evidence]
    times = session.scalars(select(Comment.occurred_at).where(Comment.id.in_(ids))).all()
    assert len(ids) == 3 and min(times) >= DAY + timedelta(days=5 + VOICES // 2)


def test_who_gave_no_score_is_quoted_where_nobody_else_can_be(
    session: Session, make_workspace: MakeWorkspace
) -> None:
    shop = Shop(session, make_workspace(session))
    for day in range(12):
        shop.response("delivery", {"nps": 2.0}, (("price", "negative"),), day=float(day))
    lone = shop.comment((("delivery_speed", "negative"),), touchpoint="returns")
    shop.response("browse", {}, (("website_app", "negative"),))
    count_all(session)
    quoted = {
        one.theme: [int(quote.comment) for quote in one.evidence]
        for one in pain_point_report(session, shop.workspace.id, NOW).pain_points
    }
    assert quoted["delivery_speed"] == [lone.id]
    assert len(quoted["price"]) == 3 and len(quoted["website_app"]) == 1
    narrow = pain_point_report(session, shop.workspace.id, NOW, filters=Filters(channel="sms"))
    assert narrow.pain_points == []


def test_what_was_unsaid_since_it_was_counted_is_not_quoted(session: Session, shop: Shop) -> None:
    count_all(session)
    before = pain_point_report(session, shop.workspace.id, NOW)
    quote = int(before.pain_points[0].evidence[0].comment)
    session.execute(update(Mention).where(Mention.comment_id == quote).values(theme="staff"))
    session.commit()
    after = pain_point_report(session, shop.workspace.id, NOW)
    point = next(one for one in after.pain_points if one.theme == before.pain_points[0].theme)
    assert quote not in {int(one.comment) for one in point.evidence}


def test_the_ends_of_the_curve_are_spoken_for(session: Session, shop: Shop) -> None:
    count_all(session)
    found = find_report(session, shop.workspace.id, NOW)
    means = [stage.sentiment.mean or 0.0 for stage in found.overview.stages]
    assert [(one.place, one.best) for one in found.ends] == [
        (means.index(max(means)), True),
        (means.index(min(means)), False),
    ]
    assert all(one.voices for one in found.ends)
    nobody = find_report(session, shop.workspace.id, NOW, period=(NOW, NOW + timedelta(days=1)))
    assert nobody.ends == ()


def test_of_a_large_history_the_few_who_gave_no_score_are_not_looked_for(
    session: Session, make_workspace: MakeWorkspace
) -> None:
    shop = Shop(session, make_workspace(session))
    heard_at = {
        "delivery": TouchpointSums(voices=100, points={Metric.NPS: Moments(90)}),
        "returns": TouchpointSums(voices=100, points={Metric.NPS: Moments(89)}),
        "browse": TouchpointSums(voices=100, points={Metric.NPS: Moments(100)}),
    }
    scope, sums = scope_of(shop), JourneySums(heard_at)

    def apart(share: int) -> frozenset[str]:
        return speakers(shop.journey, scope, Panel(NOBODY, share), sums, ()).apart

    assert apart(WHOLE) == {"delivery", "returns"} and apart(WHOLE // 2) == {"returns"}
