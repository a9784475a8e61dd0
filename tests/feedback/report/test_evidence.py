from __future__ import annotations

from datetime import datetime

import pytest
from report_rows import MakeWorkspace, Shop
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.reporting.evidence import LONGEST, Quote
from feedback.reporting.latest import latest
from feedback.reporting.quotes import quotes
from feedback.reporting.scope import Filters, find_scope
from feedback.statistics.sums import Cell
from models.reading import Mention


@pytest.fixture
def shop(sqlite_session: Session, make_workspace: MakeWorkspace) -> Shop:
    return Shop(sqlite_session, make_workspace(sqlite_session))


def say(shop: Shop, text: str, score: float, **columns: object) -> int:
    comment = shop.comment(text=text, **columns)  # type: ignore[arg-type]
    shop.mention(comment, "speed", "negative", score)
    return comment.id


def found(shop: Shop, now: datetime) -> tuple[Quote, ...]:
    scope = find_scope(shop.session, shop.journey, (None, None), Filters(), now)
    return quotes(shop.session, scope, latest(shop.session, scope)).get(
        Cell("delivery", "speed"), ()
    )


def test_the_two_worst_and_the_middling_one_are_quoted(shop: Shop, now: datetime) -> None:
    scores = [-0.95, -0.9, -0.85, -0.6, -0.5, -0.4, -0.3]
    ids = [say(shop, f"It took far too long, time {n}.", s) for n, s in enumerate(scores)]
    said = found(shop, now)
    assert [quote.comment_id for quote in said] == [ids[0], ids[1], ids[3]]


def test_what_was_said_twice_is_quoted_once(shop: Shop, now: datetime) -> None:
    first = say(shop, "Still waiting for my parcel.", -0.9)
    say(shop, "Still waiting for my parcel.", -0.9)
    comment = shop.comment(text="Too slow, far too slow, really.")
    for score in (-0.5, -0.7):
        shop.mention(comment, "speed", "negative", score)
    said = found(shop, now)
    assert [(quote.comment_id, quote.sentiment_score) for quote in said] == [
        (first, -0.9),
        (comment.id, -0.7),
    ]


def test_a_shout_gives_way_to_a_sentence(shop: Shop, now: datetime) -> None:
    say(shop, "SLOW", -0.99)
    sentence = say(shop, "The parcel came nine days late.", -0.7)
    assert found(shop, now)[0].comment_id == sentence


def test_of_a_long_comment_the_stretch_is_quoted(shop: Shop, now: datetime) -> None:
    part = "The parcel took three weeks."
    comment = shop.comment(text=f"{'I like the shop. ' * 30}{part} {'So much for that. ' * 30}")
    shop.mention(comment, "speed", "negative", -0.8)
    stretch = shop.session.scalars(select(Mention)).one()
    stretch.start = comment.text.index(part)
    stretch.end = stretch.start + len(part)
    shop.session.flush()
    (quote,) = found(shop, now)
    assert quote.text == f"… {part} …"
    assert len(quote.text) <= LONGEST


def test_a_quote_shows_no_personal_data_where_the_stretch_cuts_it(
    shop: Shop, now: datetime
) -> None:
    words = f"{'I like the shop. ' * 30}Slow, and 0161 496 0842 rings out. {'Enough said. ' * 30}"
    comment = shop.comment(text=words)
    shop.mention(comment, "speed", "negative", -0.8)
    stretch = shop.session.scalars(select(Mention)).one()
    stretch.start, stretch.end = words.index("Slow"), words.index(" 0842")
    shop.session.flush()
    say(shop, "Far too slow, write to ada@example.org", -0.7)
    assert {quote.text for quote in found(shop, now)} == {
        "… Slow, and [phone] …",
        "Far too slow, write to [e-mail]",
    }


def test_praise_is_no_evidence(shop: Shop, now: datetime) -> None:
    shop.comment((("speed", "positive"),))
    assert found(shop, now) == ()
