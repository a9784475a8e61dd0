"""From rows to feeling: how far comments are read, their sentiment and their emotions."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.cells.items import MOOD, Item, Kind
from feedback.cells.reach import Found
from feedback.reporting.scope import Scope
from feedback.reporting.sources import comment_filter, fixed
from models.reading import Comment


def feeling(session: Session, scope: Scope) -> Found:
    """Read states, sentiment, emotions."""
    yield from states(session, scope)
    yield from _sentiments(session, scope)
    yield from _emotions(session, scope)


def states(session: Session, scope: Scope) -> Found:
    """How many comments wait to be read, are read, and could not be read."""
    query = select(Comment.touchpoint_id, Comment.read_state, func.count().label("n"))
    query = query.where(comment_filter(session, scope))
    for row in session.execute(query.group_by(Comment.touchpoint_id, Comment.read_state)):
        yield Item(row.touchpoint_id, Kind.STATE, row.read_state), row.n


def _sentiments(session: Session, scope: Scope) -> Found:
    mood = fixed(Comment.sentiment_score, MOOD)
    query = select(
        Comment.touchpoint_id,
        func.count().label("n"),
        func.sum(mood).label("total"),
        func.sum(mood * mood).label("squares"),
    ).where(comment_filter(session, scope), Comment.read_state == "read")
    for row in session.execute(query.group_by(Comment.touchpoint_id)):
        numbers = (row.n, row.total, row.squares)
        for place, number in enumerate(numbers):
            yield Item(row.touchpoint_id, Kind.MOOD_N + place), int(number)


def _emotions(session: Session, scope: Scope) -> Found:
    """How many read comments show each emotion (a reading keeps the clear ones)."""
    postgres = session.get_bind().dialect.name == "postgresql"
    unfold = func.jsonb_each if postgres else func.json_each
    felt = unfold(Comment.emotions).table_valued("key", "value", joins_implicitly=True)
    query = select(Comment.touchpoint_id, felt.c.key, func.count().label("n"))
    query = query.select_from(Comment).where(
        comment_filter(session, scope), Comment.read_state == "read"
    )
    for row in session.execute(query.group_by(Comment.touchpoint_id, felt.c.key)):
        yield Item(row.touchpoint_id, Kind.EMOTION, row.key), row.n
