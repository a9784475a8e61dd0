"""Emerging topics on a page: none yet, queued, running, failed, done, and on to a theme."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from test_team_browser import WIDER, serious
from test_team_pages import _csrf, _text

from feedback.topics import runs
from feedback.topics.periods import key_of, read_key
from models.reading import Comment
from models.topic import Topic, TopicComment, TopicRun

Open = Callable[..., Page]
KEY = "2020-Q3"
LONDON = ZoneInfo("Europe/London")
SPAN = read_key(KEY, LONDON)
AT = datetime(2020, 10, 1, tzinfo=UTC)


@pytest.fixture
def clean(shop: Any, shop_session: Session) -> Iterator[Session]:
    """The shop's database without any run, before and after."""
    shop_session.execute(delete(TopicRun))
    shop_session.commit()
    yield shop_session
    shop_session.rollback()
    shop_session.execute(delete(TopicRun))
    shop_session.commit()


def _ask(session: Session, shop: Any) -> TopicRun:
    return runs.ask(session, shop.seeded.workspace_id, SPAN, AT, origin="page")


def _done(session: Session, shop: Any, *, topics: bool = True) -> TopicRun:
    """A finished run of two topics, quoted from the shop's comments."""
    _ask(session, shop)
    run = runs.claim(session, datetime.now(UTC))
    assert run is not None
    own = Comment.workspace_id == shop.seeded.workspace_id
    ids = session.scalars(select(Comment.id).where(own, Comment.text.like("%0161%")).limit(1)).all()
    ids = [*ids, *session.scalars(select(Comment.id).where(own, Comment.id.not_in(ids)).limit(7))]
    listed = (
        (("lockers", "jam"), 40, 12, "growing", ids),
        (("parking space",), 30, 31, "steady", []),
    )
    for position, (words, now, before, trend, members) in enumerate(listed if topics else ()):
        topic = Topic(
            workspace_id=run.workspace_id,
            run_id=run.id,
            position=position,
            words=list(words),
            now=now,
            before=before,
            trend=trend,
            low=0.01,
            high=0.04,
            negative=now - 10,
            neutral=4,
            positive=6,
        )
        session.add(topic)
        session.flush()
        for place, comment in enumerate(members):
            quote = place if place < 5 else None
            session.add(
                TopicComment(
                    topic_id=topic.id,
                    comment_id=comment,
                    workspace_id=run.workspace_id,
                    place=place,
                    quote=quote,
                )
            )
    counts = {"comments": 1200, "drawn": 1200, "uncovered": 300, "unread": 2}
    more = {"comments_before": 1100, "drawn_before": 1100, "uncovered_before": 280}
    runs.finish(session, run, datetime.now(UTC), model="fake-1", **counts, **more)
    return run


def _path(**more: str) -> str:
    return f"/topics?period={more.get('period', KEY)}"


def test_nobody_sees_it_without_signing_in(shop: Any) -> None:
    assert shop.client().get("/topics").status_code == 302


def test_a_period_without_a_run_offers_one_and_asking_twice_is_one(
    team: FlaskClient, clean: Session, shop: Any
) -> None:
    said = _text(team, _path())
    assert "Nobody looked at July to September 2020 yet" in said and "Find the topics" in said
    assert team.post("/topics", data={"period": KEY}).status_code == 400, "without its token"
    form = {"period": KEY, "csrf_token": _csrf(team, _path())}
    for _ in range(2):
        reply = team.post("/topics", data=form)
        assert reply.status_code == 303 and reply.headers["Location"].endswith(_path())
    run = clean.scalars(select(TopicRun)).one()
    assert (run.origin, run.status) == ("page", "queued") and run.user_id is not None
    said = _text(team, _path())
    assert "Waiting for a worker" in said and 'hx-trigger="every 3s"' in said


def test_a_running_one_says_how_far_it_is(team: FlaskClient, clean: Session, shop: Any) -> None:
    _ask(clean, shop)
    run = runs.claim(clean, datetime.now(UTC))
    assert run is not None
    runs.keep(clean, run, datetime.now(UTC), total_rows=2000, done_rows=128)
    said = _text(team, _path())
    assert "128 of 2,000 comments compared so far" in said and "Run again" not in said


def test_a_failed_one_says_why_beside_the_answer_before_it(
    team: FlaskClient, clean: Session, shop: Any
) -> None:
    _done(clean, shop)
    _ask(clean, shop)
    run = runs.claim(clean, datetime.now(UTC))
    assert run is not None
    runs.fail(clean, run, "MemoryError: no room", AT)
    said = _text(team, _path())
    assert "The last run stopped: MemoryError: no room" in said and "Run again" in said
    assert "Lockers, jam" in said


def test_topics_are_cards_with_their_figures_quotes_and_what_to_do(
    team: FlaskClient, clean: Session, shop: Any
) -> None:
    _done(clean, shop)
    said = _text(team, _path())
    assert re.search(r"In July to September 2020, 300 of 1,200 comments \(25%, between", said)
    assert "Among them 2 topics stand out" in said and "2 comments of these two periods" in said
    assert "40 of 1,200 comments (3.3%, between 2.5% and 4.5%)" in said
    assert "12 of 1,100 in April to June 2020" in said
    assert "Growing" in said and "Steady" in said and "30 negative, 4 neutral, 6 positive" in said
    assert said.count("<blockquote") == 3
    assert "0161" not in said and "[phone]" in said
    assert "The same comments give the same answer" in said and "Run again" in said


def test_a_run_that_found_nothing_says_so(team: FlaskClient, clean: Session, shop: Any) -> None:
    _done(clean, shop, topics=False)
    said = _text(team, _path())
    assert "No topic stands out" in said and "Nothing stands out" in said


def test_without_comments_enough_it_says_what_is_needed(
    team: FlaskClient, clean: Session, shop: Any
) -> None:
    own = Comment.workspace_id == shop.seeded.workspace_id
    read = [
        id_ for (id_,) in clean.execute(select(Comment.id).where(own, Comment.read_at.is_not(None)))
    ]
    mine = Comment.id.in_(read)
    clean.execute(update(Comment).where(mine).values(read_state="not_read"))
    clean.commit()
    try:
        assert "Too few comments yet" in _text(team, "/topics")
    finally:
        clean.execute(update(Comment).where(mine).values(read_state="read"))
        clean.commit()


def test_what_is_no_period_is_refused(team: FlaskClient) -> None:
    assert "no month and no quarter" in _text(team, "/topics?period=soon", 422)


def test_another_workspace_s_topic_begins_no_theme(
    team: FlaskClient, clean: Session, shop: Any
) -> None:
    run = _done(clean, shop)
    topic = clean.scalars(select(Topic.id).where(Topic.run_id == run.id)).first()
    said = _text(team, f"/themes/add?topic={topic}")
    assert 'value="Lockers, jam"' in said and "What customers say of lockers or jam." in said
    assert "0161" not in said and said.count("<textarea") >= 6
    assert _text(team, "/themes/add?topic=999999", 404)


@pytest.mark.browser
def test_a_topic_is_made_a_theme_by_hand_and_on_a_phone(
    open_page: Open, clean: Session, shop: Any
) -> None:
    run = _done(clean, shop)
    run.finished_at = AT + timedelta(days=1)
    clean.commit()
    for width, dark in ((1280, False), (390, True)):
        page = open_page(_path(), width, signed_in=True, dark=dark)
        assert not serious(page) and page.evaluate(WIDER) <= 0
    page = open_page(_path(), 320, signed_in=True)
    assert not serious(page) and page.evaluate(WIDER) <= 0
    expect(page.get_by_role("link", name="Themes", exact=True).first).to_be_visible()
    page.get_by_role("link", name=re.compile("theme ?: Lockers, jam")).click()
    expect(page.get_by_label("Name")).to_have_value("Lockers, jam")
    expect(page.get_by_label("Example 1", exact=True)).not_to_have_value("")
    page.go_back()
    page.get_by_role("button", name="Run again").click()
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    assert key_of(SPAN, LONDON) in page.url
    assert not serious(page) and page.evaluate(WIDER) <= 0
