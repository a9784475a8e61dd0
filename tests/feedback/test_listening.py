from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback import comment_claims, listening, reading
from models.reading import Comment, Mention
from models.response import Answer, Response, Score
from models.survey import Survey, SurveyVersion
from models.workspace import Workspace
from nlp.reading import CommentText, Reading
from nlp.reading import Mention as ReadMention
from surveys.definition import parse_definition

SURVEY: dict[str, Any] = {
    "key": "delivery",
    "name": "Delivery",
    "metric": "csat",
    "questions": [
        {"key": "score", "type": "csat", "text": "How satisfied are you?"},
        {"key": "effort", "type": "ces", "direction": "lower_is_better", "text": "How hard?"},
        {"key": "why", "type": "text", "text": "Why?"},
    ],
    "thanks": "Thank you.",
}


@pytest.fixture
def response(session: Session, workspace: Workspace, now: datetime) -> Response:
    definition = parse_definition(SURVEY)
    survey = Survey(workspace_id=workspace.id, key="delivery", name="Delivery", created_at=now)
    session.add(survey)
    session.flush()
    version = SurveyVersion(
        workspace_id=workspace.id,
        survey_id=survey.id,
        number=1,
        definition=definition.to_json(),
        content_hash=definition.content_hash,
        published_at=now,
    )
    session.add(version)
    session.flush()
    row = Response(
        workspace_id=workspace.id,
        survey_id=survey.id,
        version_id=version.id,
        channel="web",
        source="waymark",
        external_id="1",
        state={},
        occurred_at=now,
        started_at=now,
        updated_at=now,
    )
    session.add(row)
    session.commit()
    return row


def say(
    session: Session, response: Response, question: str, value: object, comment: str | None = None
) -> Answer:
    kinds = {"score": "csat", "effort": "ces", "why": "text"}
    answer = session.scalar(
        select(Answer).where(Answer.response_id == response.id, Answer.question == question)
    )
    if answer is None:
        answer = Answer(
            workspace_id=response.workspace_id,
            response_id=response.id,
            question=question,
            type=kinds[question],
            channel="web",
        )
        session.add(answer)
        answer.answered_at = response.occurred_at
    else:
        answer.answered_at += timedelta(seconds=1)
    answer.value, answer.comment, answer.scored_at = {"value": value}, comment, None
    session.commit()
    return answer


@dataclass
class Parrot:
    """A reader that finds one negative mention of delivery_speed in all it reads."""

    heard: list[CommentText] = field(default_factory=list)

    def read(self, comments: Sequence[CommentText]) -> list[Reading]:
        self.heard += comments
        mention = ReadMention(0, 4, "delivery_speed", "negative", -0.9)
        return [
            Reading("en", "parrot", True, "negative", -0.9, {"negative": 1.0}, {}, {}, (mention,))
            for _ in comments
        ]


def test_answers_become_scores_with_their_class_and_words_become_comments(
    session: Session, response: Response, now: datetime
) -> None:
    say(session, response, "score", 2, "came late")
    say(session, response, "effort", 6)
    say(session, response, "why", "Nobody rang the bell.")
    assert listening.listen(session, now) == 3
    scores = {s.metric: (s.value, s.score_class) for s in session.scalars(select(Score))}
    assert scores == {"csat": (2, "unsatisfied"), "ces": (2, "not_easy")}
    comments = {tuple(row) for row in session.execute(select(Comment.text, Comment.question))}
    assert comments == {
        ("came late", "How satisfied are you?"),
        ("Nobody rang the bell.", "Why?"),
    }
    assert listening.listen(session, now) == 0


def test_a_revised_answer_replaces_its_score_and_its_words_are_read_again(
    session: Session, response: Response, now: datetime
) -> None:
    say(session, response, "score", 2, "late")
    listening.listen(session, now)
    assert reading.read_waiting(session, Parrot(), lambda: now) == 1
    say(session, response, "score", 5, "my mistake, it was on time")
    listening.listen(session, now)
    assert session.scalars(select(Score.value)).one() == 5
    comment = session.scalars(select(Comment)).one()
    assert comment.text == "my mistake, it was on time"
    assert (comment.read_state, comment.sentiment) == ("waiting", None)
    assert session.scalar(select(func.count(Mention.id))) == 0


def test_words_taken_back_are_gone(session: Session, response: Response, now: datetime) -> None:
    say(session, response, "score", 2, "late")
    listening.listen(session, now)
    say(session, response, "score", 2, None)
    listening.listen(session, now)
    assert session.scalar(select(func.count(Comment.id))) == 0
    assert session.scalar(select(func.count(Score.id))) == 1


def test_comments_are_read_once_with_their_question_and_mentions_are_kept(
    session: Session, response: Response, now: datetime
) -> None:
    response.language = "es"
    say(session, response, "why", "It came late.")
    listening.listen(session, now)
    parrot = Parrot()
    assert reading.read_waiting(session, parrot, lambda: now) == 1
    assert reading.read_waiting(session, parrot, lambda: now) == 0
    assert parrot.heard == [CommentText("It came late.", "Why?", expected="es")]
    mention = session.scalars(select(Mention)).one()
    assert (mention.theme, mention.response_id) == ("delivery_speed", response.id)
    comment = session.scalars(select(Comment)).one()
    assert (comment.model, comment.read_state, comment.read_at) == ("parrot", "read", now)


def test_a_reading_of_words_that_changed_meanwhile_is_dropped(
    session: Session, response: Response, now: datetime
) -> None:
    say(session, response, "why", "It came late.")
    listening.listen(session, now)

    class Slow(Parrot):
        def read(self, comments: Sequence[CommentText]) -> list[Reading]:
            say(session, response, "why", "It came early.")
            listening.listen(session, now)
            return super().read(comments)

    reading.read_waiting(session, Slow(), lambda: now)
    comment = session.scalars(select(Comment)).one()
    assert (comment.text, comment.read_state) == ("It came early.", "waiting")
    assert session.scalar(select(func.count(Mention.id))) == 0


def test_a_reader_that_dies_leaves_the_comment_for_the_next_one(
    session: Session, response: Response, now: datetime
) -> None:
    say(session, response, "why", "It came late.")
    listening.listen(session, now)

    class Dying(Parrot):
        def read(self, comments: Sequence[CommentText]) -> list[Reading]:
            raise MemoryError

    with pytest.raises(MemoryError):
        reading.read_waiting(session, Dying(), lambda: now)
    assert reading.read_waiting(session, Parrot(), lambda: now) == 0, "still claimed"
    later = now + comment_claims.CLAIM + timedelta(seconds=1)
    assert reading.read_waiting(session, Parrot(), lambda: later) == 1
