from __future__ import annotations

import random
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.listening import listen
from feedback.synth.model import draw, world
from feedback.synth.run import synthesise
from feedback.synth.truth import truth
from feedback.synth.words import sentences, speak
from models.customer import Customer
from models.errors import Conflict, InvalidInput
from models.event import Event
from models.journey import Touchpoint
from models.reading import Comment, Mention
from models.response import Answer, Response, Score
from models.workspace import Workspace


def count(session: Session, model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_history_is_whole_and_its_truth_is_what_its_rows_say(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    found = synthesise(session, workspace, 1500, 7, now, read=True)
    assert count(session, Response) == count(session, Score) == count(session, Event) == 1500
    assert count(session, Answer) == 1500 + count(session, Comment)
    assert session.scalar(select(func.count()).where(Response.touchpoint_id.is_(None))) == 0
    points = dict(session.execute(select(Score.response_id, Score.score_class)).all())
    worth = {"promoter": 100, "passive": 0, "detractor": -100}
    whole = sum(worth[one] for one in points.values()) / len(points)
    for one in found[:3]:
        hurt = set(
            session.scalars(
                select(Mention.response_id)
                .join(Comment, Comment.id == Mention.comment_id)
                .join(Touchpoint, Touchpoint.id == Comment.touchpoint_id)
                .where(Touchpoint.key == one["touchpoint"], Mention.theme == one["theme"])
                .where(Mention.sentiment == "negative")
            )
        )
        rest = [worth[kind] for key, kind in points.items() if key not in hurt]
        assert one["mentions"] == len(hurt)
        assert one["impact"] == pytest.approx(whole - sum(rest) / len(rest), abs=1e-3)


def test_the_truth_is_sorted_worst_first_and_hurts(now: datetime) -> None:
    found = truth(world(), draw(world(), 20_000, np.random.default_rng(3)))
    impacts = [one["impact"] for one in found]
    assert impacts == sorted(impacts)
    assert max(impacts) < 0
    assert found[0]["theme"] == "delivery_speed"
    assert len(found) == len(world().planted)


def test_the_same_seed_is_the_same_history_and_is_there_once(
    sqlite_session: Session, make_workspace: Any, now: datetime
) -> None:
    one, two = (make_workspace(sqlite_session, name) for name in ("one", "two"))
    assert synthesise(sqlite_session, one, 300, 5, now) == synthesise(
        sqlite_session, two, 300, 5, now
    )
    texts = [
        sqlite_session.scalars(
            select(Comment.text).where(Comment.workspace_id == where.id).order_by(Comment.id)
        ).all()
        for where in (one, two)
    ]
    assert texts[0] == texts[1]
    with pytest.raises(Conflict, match="--seed"):
        synthesise(sqlite_session, one, 10, 5, now)
    synthesise(sqlite_session, one, 10, 6, now)


def test_comments_wait_for_the_reader_and_answers_are_settled(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    synthesise(session, workspace, 60, 1, now)
    assert set(session.scalars(select(Comment.read_state))) == {"waiting"}
    assert count(session, Mention) == 0
    assert listen(session, now) == 0


def test_ids_taken_ahead_leave_the_tables_usable(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    synthesise(session, workspace, 10, 1, now)
    more = Customer(
        workspace_id=workspace.id, external_id="x", attributes={}, created_at=now, updated_at=now
    )
    session.add(more)
    session.commit()
    assert more.id


def test_nobody_made_up_can_be_texted(
    sqlite_session: Session, make_workspace: Any, now: datetime
) -> None:
    synthesise(sqlite_session, make_workspace(sqlite_session), 50, 1, now)
    assert set(sqlite_session.scalars(select(Customer.phone))) == {None}


@pytest.mark.parametrize("responses", [0, -1, 10_000_001])
def test_a_number_that_makes_no_sense_is_refused(
    sqlite_session: Session, make_workspace: Any, now: datetime, responses: int
) -> None:
    with pytest.raises(InvalidInput, match="--responses"):
        synthesise(sqlite_session, make_workspace(sqlite_session), responses, 1, now)


def test_mentions_point_at_the_words_that_speak_of_them() -> None:
    dice = random.Random(1)
    for _ in range(200):
        spoken = speak([("delivery_speed", "negative"), ("staff_attitude", "positive")], dice)
        (start, end, *first), (after, last, *second) = spoken.mentions
        assert 0 == start < end <= after < last <= len(spoken.text)
        assert (first, second) == (
            ["delivery_speed", "negative"],
            ["staff_attitude", "positive"],
        )


def test_every_theme_of_the_journey_has_words_for_it() -> None:
    known = sentences()
    for place in world().places:
        wanted = {(theme, "positive") for theme in place.praise}
        wanted |= {(theme, "negative") for theme in place.grumble}
        wanted |= {(one.theme, "negative") for one in place.planted}
        assert wanted <= set(known)
    assert all(len(texts) >= 2 for texts in known.values())
