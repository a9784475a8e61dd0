"""The report counts what people say of a reading, whatever models say later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest
from people import add_user
from report_rows import DAY, MakeWorkspace, Shop
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import reading
from feedback.corrections.apply import Change
from feedback.corrections.record import correct, undo
from feedback.reporting.report import pain_point_report
from feedback.reporting.schema import Report
from models.reading import Comment
from models.workspace import User
from nlp.reading import CommentText, Mention, Reading


class Stubborn:
    """A newer model that insists on what was put right."""

    def read(self, comments: Sequence[CommentText]) -> list[Reading]:
        mention = Mention(0, 20, "delivery_speed", "negative", -0.99)
        found = (True, "negative", -0.99, {}, {}, {"delivery_speed": 0.99}, (mention,))
        return [Reading("en", "newer", *found) for _ in comments]


@pytest.fixture
def shop(session: Session, make_workspace: MakeWorkspace) -> Shop:
    made = Shop(session, make_workspace(session))
    for day in range(30):
        made.response("delivery", {"nps": 2.0}, (("delivery_speed", "negative"),), day=day)
        made.response("delivery", {"nps": 10.0}, (("price", "positive"),), day=day)
    add_user(session, made.workspace, "ada@shop.example", "a long password", DAY)
    session.commit()
    return made


def test_a_report_changes_by_a_correction_and_not_by_a_reading_again(
    shop: Shop, session: Session, now: datetime
) -> None:
    def report() -> Report:
        session.expire_all()
        return pain_point_report(session, shop.workspace.id, now)

    user = session.scalars(select(User)).one()
    chosen = session.scalars(
        select(Comment).where(Comment.sentiment == "negative").order_by(Comment.id).limit(5)
    ).all()
    before = report()
    made = {}
    for comment in chosen:
        whole = (0, len(comment.text), "delivery_speed")
        said = [Change("sentiment", "positive"), Change("removed", None, *whole)]
        made[comment.id] = correct(session, user, comment.id, comment.text_hash, said, now)
    after = report()
    old, new = before.pain_points[0], after.pain_points[0]
    assert (old.theme, old.negative, new.theme, new.negative) == (
        *("delivery_speed", 30),
        *("delivery_speed", 25),
    )
    assert old.reach == pytest.approx(30 / 60) and new.reach == pytest.approx(25 / 60)
    assert after.sentiment.mean is not None and before.sentiment.mean is not None
    assert after.sentiment.mean == pytest.approx(before.sentiment.mean + 5 * 1.8 / 60)
    gone = {str(comment.id) for comment in chosen}
    assert not gone & {quote.comment for quote in new.evidence}
    for comment in chosen:
        comment.reread_at = now
    session.commit()
    assert reading.read_waiting(session, Stubborn(), lambda: now) == 5
    assert report().model_dump() == after.model_dump()
    for number, ids in made.items():
        undo(session, user, number, ids, now)
    assert report().pain_points[0].negative == 30
