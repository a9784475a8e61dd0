"""The quotes of a random history are those that a slow and plain reading of it chooses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from report_rows import DAY, Shop
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.reporting.evidence import Quote, shortened
from feedback.reporting.latest import FILTERED, LOOKED_AT, latest
from feedback.reporting.quotes import Felt, quotes, quotes_of
from feedback.reporting.scope import Filters, Scope, find_scope
from feedback.statistics.sums import Cell
from models.reading import Comment, Mention
from models.response import Response
from models.theme import ThemeSetting
from models.workspace import Workspace

END = datetime(2027, 1, 1, tzinfo=UTC)
FEELINGS = ("negative", "neutral", "positive")
THEMES = ("delivery_speed", "price", "food_drink", "fairness_inclusion", "website_app")
WORDS = ("Slow", "Never again, and I mean it.", "Ring 0161 496 0842 if you dare, it took weeks.")
NOWHERE = Cell("returns", "price")
SHOWN = {"food_drink": "price"}
"""`food_drink` counts as `price`, and `website_app` not at all."""


@pytest.fixture
def shop(session: Session, workspace: Workspace) -> Shop:
    """Many comments at one touchpoint, few at another, none at the third."""
    made, dice = Shop(session, workspace), Random(12)
    merged = {"theme": "food_drink", "merged_into": "price"}
    for settings in (merged, {"theme": "website_app", "hidden": True}):
        session.add(ThemeSetting(workspace_id=workspace.id, changed_at=DAY, **settings))
    for number in range(FILTERED + 160):
        place = "delivery" if number < FILTERED + 100 else "browse"
        channel = dice.choice(("web", "web", "sms"))
        at = float(dice.randrange(40))
        response = made.response(place, day=at, channel=channel) if number % 7 else None
        text = (
            dice.choice(WORDS)
            if number % 3
            else f"Number {number} " + "took long, " * (number % 60)
        )
        comment = made.comment(response=response, touchpoint=place, day=at, text=text)
        for _ in range(dice.randrange(4)):
            score = round(dice.uniform(-1, 1), 1)
            made.mention(comment, dice.choice(THEMES), dice.choice(FEELINGS), score)
    session.commit()
    return made


def looked_at(session: Session, scope: Scope, place: int) -> list[Comment]:
    """The latest comments at a place that pass the filters."""
    mine = (Comment.workspace_id == scope.workspace_id, Comment.touchpoint_id == place)
    found = [
        one
        for one in session.scalars(select(Comment).where(*mine))
        if scope.period.start <= one.occurred_at < scope.period.end
    ]
    found.sort(key=lambda one: (one.occurred_at, one.id), reverse=True)
    if scope.channel is None:
        return found[:LOOKED_AT]
    channels = dict(session.execute(select(Response.id, Response.channel)).all())
    passing = [one for one in found[:FILTERED] if channels.get(one.response_id) == scope.channel]
    return passing[:LOOKED_AT]


def wanted(session: Session, scope: Scope) -> dict[Felt, tuple[Quote, ...]]:
    """All quotes, by a plain reading."""
    cells: dict[Felt, list[tuple[Comment, Mention]]] = {}
    for place, key in scope.touchpoints.items():
        comments = {one.id: one for one in looked_at(session, scope, place)}
        for mention in session.scalars(select(Mention).where(Mention.comment_id.in_(comments))):
            theme = SHOWN.get(mention.theme, mention.theme)
            if theme != "website_app":
                felt = (mention.sentiment, Cell(key, theme))
                cells.setdefault(felt, []).append((comments[mention.comment_id], mention))
    return {felt: choose(said, felt[0]) for felt, said in cells.items()}


def choose(said: list[tuple[Comment, Mention]], feeling: str) -> tuple[Quote, ...]:
    """The two worst and the first from the middle on whose words were not among the worst."""
    sign = -1 if feeling == "positive" else 1

    def order(one: tuple[Comment, Mention]) -> tuple[bool, float, int, int]:
        comment, mention = one
        unhandy = not 20 <= len(comment.text) <= 400
        return unhandy, sign * mention.sentiment_score, comment.id, mention.id

    ranked, half = sorted(said, key=order), len(said) / 2
    near = [i for i in range(1, len(ranked) + 1) if i <= 8 or half <= i <= half + 8]
    first: dict[str, int] = {}
    for place in near:
        first.setdefault(ranked[place - 1][0].text, place)
    places = list(first.values())
    middle = [one for one in places[2:] if one > len(ranked) // 2] or places[2:]
    return tuple(
        Quote(comment.id, shortened(_Stretch(comment.text, mention)), mention.sentiment_score)
        for comment, mention in (ranked[place - 1] for place in (*places[:2], *middle[:1]))
    )


class _Stretch:
    def __init__(self, text: str, mention: Mention) -> None:
        self.text, self.start, self.end = text, mention.start, mention.end


@pytest.mark.parametrize("channel", [None, "web", "sms"])
def test_quotes_are_those_of_a_plain_reading(
    session: Session, shop: Shop, channel: str | None
) -> None:
    period = (DAY + timedelta(days=3), END)
    scope = find_scope(session, shop.journey, period, Filters(channel=channel), END)
    comments = latest(session, scope)
    everything = wanted(session, scope)
    hurts = {cell: said for (feeling, cell), said in everything.items() if feeling == "negative"}
    assert len(hurts) == 6 and any(len(said) == 3 for said in hurts.values())
    assert quotes(session, scope, comments) == hurts
    assert quotes_of(session, scope, comments, list(everything)) == everything
    some = [felt for felt in everything if felt[1].theme == "price" and felt[0] != "neutral"]
    found = quotes_of(
        session, scope, comments, [*some, ("negative", Cell("returns", "delivery_speed"))]
    )
    assert found == {felt: everything[felt] for felt in some}


def test_where_nothing_is_asked_for_nothing_is_looked_for(session: Session, shop: Shop) -> None:
    scope = find_scope(session, shop.journey, (None, None), Filters(), END)
    nowhere = scope.at(())
    assert latest(session, nowhere) == {}
    assert (
        quotes_of(session, nowhere, {}, [("negative", Cell("delivery", "delivery_speed"))][:0])
        == {}
    )


def test_of_the_same_moment_the_later_written_come_first(
    session: Session, workspace: Workspace
) -> None:
    shop = Shop(session, workspace)
    ids = [shop.comment(text=f"Late, number {n}.").id for n in range(LOOKED_AT + 5)]
    session.commit()
    scope = find_scope(session, shop.journey, (None, None), Filters(), END)
    assert set(latest(session, scope)) == set(ids[5:])
