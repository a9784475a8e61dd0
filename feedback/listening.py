"""From new answers to scores and comments: what surveys wrote down, feedback picks up."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.orm import Session

from feedback.scoring import Scale, TakenScore, scale_for, score
from models.reading import UNREAD, Comment, Mention
from models.response import Answer, Response, Score
from models.survey import SurveyVersion
from surveys.definition import Question, SurveyDefinition
from surveys.link_field import place_link
from surveys.questions.ces import CesQuestion
from surveys.questions.csat import CsatQuestion
from surveys.questions.nps import NpsQuestion
from surveys.taking_turns import Queue, take
from surveys.upsert import insert_into
from surveys.versions import definition_at
from surveys.wording import in_language

BATCH = 500
SOURCE = "answer"
UNSCORED = Queue(
    kind="listen",
    row_id=Answer.id,
    workspace_id=Answer.workspace_id,
    since=Answer.answered_at,
    order=(Answer.id,),
    waits=lambda now: Answer.scored_at.is_(None),
)


@dataclass(frozen=True)
class Heard:
    """What one answer gives: a score, words, both or nothing."""

    score: TakenScore | None
    words: str | None
    question: str | None


def text_hash(text: str) -> str:
    """SHA-256 of a comment's text: a reading of other words is dropped."""
    return hashlib.sha256(text.encode()).hexdigest()


def scale_of(question: Question) -> Scale | None:
    """The scale a question scores on; None for questions that give no score."""
    if isinstance(question, NpsQuestion):
        return scale_for("nps")
    if isinstance(question, CsatQuestion | CesQuestion):
        return scale_for(question.type, question.low, question.high, question.direction)
    return None


def hear(definition: SurveyDefinition, answer: Answer) -> Heard:
    """Score and words of one answer to a survey's definition."""
    question = definition.by_key.get(answer.question)
    value = answer.value.get("value")
    if question is None:
        return Heard(None, answer.comment, None)
    scale = scale_of(question)
    taken = score(scale, value) if scale and isinstance(value, int | float) else None
    said = value if answer.type == "text" and isinstance(value, str) else None
    words = "\n".join(part for part in (said, answer.comment) if part and part.strip())
    asked = in_language(question.text, definition.default_language, definition.default_language)
    return Heard(taken, words or None, place_link(asked, None))


def _batch(session: Session, now: datetime, limit: int) -> list[Row[Answer, Response, str]]:
    taken = take(session, UNSCORED, now, limit)
    query = (
        select(Answer, Response, SurveyVersion.content_hash)
        .join(Response, Response.id == Answer.response_id)
        .join(SurveyVersion, SurveyVersion.id == Response.version_id)
        .where(Answer.id.in_(taken))
        .order_by(Answer.id)
    )
    return list(session.execute(query).all())


def _score_row(answer: Answer, response: Response, taken: TakenScore) -> dict[str, Any]:
    return {
        "workspace_id": answer.workspace_id,
        "response_id": response.id,
        "answer_id": answer.id,
        "touchpoint_id": response.touchpoint_id,
        "metric": taken.metric.value,
        "value": taken.value,
        "scale_low": taken.scale_low,
        "scale_high": taken.scale_high,
        "score_class": taken.score_class,
        "occurred_at": response.occurred_at,
    }


def _comment_row(
    answer: Answer, response: Response, heard: Heard, words: str, now: datetime
) -> dict[str, Any]:
    return {
        "workspace_id": answer.workspace_id,
        "response_id": response.id,
        "answer_id": answer.id,
        "customer_id": response.customer_id,
        "touchpoint_id": response.touchpoint_id,
        "attached_by": "event" if response.touchpoint_id else "no_event",
        "source": SOURCE,
        "external_id": str(answer.id),
        "question": (heard.question or "")[:500] or None,
        "text": words,
        "text_hash": text_hash(words),
        "occurred_at": response.occurred_at,
        "created_at": now,
        "read_state": "waiting",
    }


def _save_scores(session: Session, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    insert = insert_into(session, Score).values(rows)
    changed = ("metric", "value", "scale_low", "scale_high", "score_class")
    session.connection().execute(
        insert.on_conflict_do_update(
            index_elements=[Score.answer_id],
            set_={name: insert.excluded[name] for name in changed},
        )
    )


def _save_comments(session: Session, rows: list[dict[str, Any]]) -> None:
    """Insert comments; one whose words changed waits to be read again."""
    if not rows:
        return
    insert = insert_into(session, Comment).values(rows)
    session.connection().execute(
        insert.on_conflict_do_update(
            index_elements=[Comment.workspace_id, Comment.source, Comment.external_id],
            set_={**UNREAD, "text": insert.excluded.text, "text_hash": insert.excluded.text_hash},
            where=Comment.text_hash != insert.excluded.text_hash,
        )
    )


def _forget(session: Session, silent: list[int], unscored: list[int], spoken: list[int]) -> None:
    """Take away what a revised answer no longer says, and mentions of words that changed."""
    if silent:
        session.execute(delete(Comment).where(Comment.answer_id.in_(silent)))
    if unscored:
        session.execute(delete(Score).where(Score.answer_id.in_(unscored)))
    waiting = select(Comment.id).where(
        Comment.answer_id.in_(spoken), Comment.read_state == "waiting"
    )
    if spoken:
        session.execute(delete(Mention).where(Mention.comment_id.in_(waiting)))


def _mark(session: Session, answers: Iterable[Answer], now: datetime) -> None:
    """Tick the answers off, unless one was revised while we listened."""
    table = Answer.__table__
    for answer in answers:
        session.execute(
            update(Answer)
            .where(table.c.id == answer.id, table.c.answered_at == answer.answered_at)
            .values(scored_at=now)
            .execution_options(synchronize_session=False)
        )


def listen(session: Session, now: datetime, limit: int = BATCH) -> int:
    """Score a batch of answers and hand their words over to be read; commits; answers done."""
    batch = _batch(session, now, limit)
    heard = [
        (answer, response, hear(definition_at(session, response.version_id, hashed), answer))
        for answer, response, hashed in batch
    ]
    _save_scores(session, [_score_row(a, r, h.score) for a, r, h in heard if h.score])
    _save_comments(session, [_comment_row(a, r, h, h.words, now) for a, r, h in heard if h.words])
    _forget(
        session,
        silent=[a.id for a, _, h in heard if not h.words],
        unscored=[a.id for a, _, h in heard if not h.score],
        spoken=[a.id for a, _, h in heard if h.words],
    )
    _mark(session, (answer for answer, _, _ in heard), now)
    session.commit()
    return len(batch)
