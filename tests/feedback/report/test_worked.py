"""What a process remembers of its reports: only what would be worked out anew just so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cell_world import NOW, count_all, scope_of
from report_rows import DAY, MakeWorkspace, Shop
from sqlalchemy import Engine, delete, event, update
from sqlalchemy.orm import Session

from feedback.reporting.gathered import Halves
from feedback.reporting.period import Period
from feedback.reporting.report import pain_point_report
from feedback.reporting.schema import Report
from feedback.reporting.worked import MOST, Remembered, remember, work_out
from models.goal import ScoreGoal
from models.reading import UNREAD, Comment, Mention
from models.theme import ThemeSetting


@pytest.fixture
def shop(session: Session, make_workspace: MakeWorkspace) -> Shop:
    made = Shop(session, make_workspace(session))
    for day in range(12):
        made.response("delivery", {"nps": 2.0}, (("price", "negative"),), day=day)
        made.response("browse", {"nps": 10.0}, (("general", "positive"),), day=day)
    session.commit()
    count_all(session)
    return made


@pytest.fixture
def kept(engine: Engine, shop: Shop) -> Remembered:
    found = remember(engine)
    assert remember(engine) is found
    return found


def report(shop: Shop) -> Report:
    return pain_point_report(shop.session, shop.workspace.id, NOW)


def test_the_same_is_given_again_until_something_changes(shop: Shop, kept: Remembered) -> None:
    first = report(shop)
    assert report(shop) == first and len(kept) == 1
    shop.response("delivery", {"nps": 1.0}, (("price", "negative"),), day=3.2)
    shop.session.commit()
    second = report(shop)
    assert second.n_responses == first.n_responses + 1
    assert second.pain_points[0].negative == first.pain_points[0].negative + 1
    assert len(kept) == 1
    count_all(shop.session)
    assert report(shop) == report(shop) == second and len(kept) == 2


def test_what_is_remembered_is_what_would_be_worked_out(shop: Shop, kept: Remembered) -> None:
    scope = scope_of(shop)
    halves = Halves.of(scope.period, split=True)
    found = [work_out(shop.session, shop.journey, scope, halves) for _ in range(2)]
    assert found[0].hurts is found[1].hurts and len(kept) == 1
    narrow = scope_of(shop, channel="sms")
    other = work_out(shop.session, shop.journey, narrow, halves)
    assert other.hurts != found[0].hurts and len(kept) == 2
    spoken = work_out(shop.session, shop.journey, scope_of(shop, language="de"), halves)
    assert spoken.hurts == [] and len(kept) == 3


def test_goals_and_hidden_themes_are_those_of_now(shop: Shop, kept: Remembered) -> None:
    before = report(shop)
    whose = {"workspace_id": shop.workspace.id, "journey_id": shop.journey.id}
    shop.session.add(ScoreGoal(metric="nps", target=40.0, updated_at=NOW, **whose))
    shop.session.commit()
    assert [goal.target for goal in report(shop).goals] == [40.0]
    hidden = ThemeSetting(
        workspace_id=shop.workspace.id, theme="price", hidden=True, changed_at=NOW
    )
    shop.session.add(hidden)
    shop.session.commit()
    assert "price" in {one.theme for one in before.pain_points}
    assert "price" not in {one.theme for one in report(shop).pain_points}


def test_only_the_last_few_are_remembered(shop: Shop, kept: Remembered) -> None:
    for days in range(MOST + 3):
        period = Period(DAY, DAY + timedelta(days=days + 1))
        work_out(shop.session, shop.journey, scope_of(shop, period), Halves.of(period, split=True))
    assert len(kept) == MOST


def asked_of(engine: Engine) -> list[str]:
    """The statements from now on."""
    found: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: found.append(args[2]))
    return found


def words(found: Report) -> set[str]:
    return {one.text for point in found.pain_points for one in point.evidence}


def test_quotes_are_looked_for_once_and_none_of_a_comment_that_is_gone(
    shop: Shop, kept: Remembered, engine: Engine
) -> None:
    first = report(shop)
    statements = asked_of(engine)
    assert report(shop) == first and len(words(first)) == 3
    assert statements and not [one for one in statements if "mentions" in one]
    gone = int(first.pain_points[0].evidence[0].comment)
    shop.session.execute(delete(Comment).where(Comment.id == gone))
    shop.session.commit()
    text = first.pain_points[0].evidence[0].text
    assert text not in words(report(shop)) and len(words(report(shop))) == 3
    count_all(shop.session)
    assert text not in words(report(shop)) and words(report(shop)) == words(report(shop))


def test_words_that_were_changed_are_not_quoted(shop: Shop, kept: Remembered) -> None:
    quote = report(shop).pain_points[0].evidence[0]
    changed = {**UNREAD, "text": "Nothing to complain of.", "text_hash": "other"}
    shop.session.execute(update(Comment).where(Comment.id == int(quote.comment)).values(changed))
    shop.session.execute(delete(Mention).where(Mention.comment_id == int(quote.comment)))
    shop.session.commit()
    assert quote.text not in words(report(shop))
    count_all(shop.session)
    found = report(shop)
    assert quote.text not in words(found) and found.comments.waiting == 1


def test_words_that_somebody_changed_past_the_program_are_not_quoted(
    shop: Shop, kept: Remembered
) -> None:
    quote, taken_out = report(shop).pain_points[0].evidence[0], "What stood here was taken out."
    here = update(Comment).where(Comment.id == int(quote.comment))
    shop.session.execute(here.values(text=taken_out))
    shop.session.commit()
    assert quote.text not in words(report(shop))
    count_all(shop.session)
    assert quote.text not in words(report(shop)) and taken_out in words(report(shop))
