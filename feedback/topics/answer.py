"""The answer of a run as rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from feedback.topics.sources import BATCH, Told
from models.reading import Comment
from models.topic import Topic, TopicComment, TopicRun
from models.topic_status import TopicRunStatus
from nlp.topics import Topic as Found

KEPT = 3
"""Finished runs of one period that are kept; older ones go when a new one is done."""


def write(session: Session, run: TopicRun, found: Sequence[Found], rows: Sequence[Told]) -> None:
    """Add the topics and their comments to the open transaction; commits nothing.

    A comment that was erased meanwhile is left out.
    """
    session.execute(delete(Topic).where(Topic.run_id == run.id))
    still = _still(session, [rows[i].id for topic in found for i in topic.members])
    for position, topic in enumerate(found):
        row = Topic(
            workspace_id=run.workspace_id,
            run_id=run.id,
            position=position,
            words=list(topic.words),
            now=topic.change.now,
            before=topic.change.before,
            trend=topic.change.trend,
            low=topic.change.low,
            high=topic.change.high,
            **_felt([rows[i] for i in topic.members]),
        )
        session.add(row)
        session.flush()
        members = [one for one in _members(row, topic, rows) if one["comment_id"] in still]
        if members:
            session.execute(insert(TopicComment), members)
    _forget_older(session, run)


def _felt(members: Sequence[Told]) -> dict[str, int]:
    """How many of the period itself feel how."""
    felt = Counter(one.sentiment for one in members if one.now)
    return {name: felt[name] for name in ("negative", "neutral", "positive")}


def _members(row: Topic, topic: Found, rows: Sequence[Told]) -> list[dict[str, Any]]:
    quotes = {member: place for place, member in enumerate(topic.quotes)}
    return [
        {
            "topic_id": row.id,
            "comment_id": rows[member].id,
            "workspace_id": row.workspace_id,
            "place": place,
            "quote": quotes.get(member),
        }
        for place, member in enumerate(topic.members)
    ]


def _still(session: Session, ids: Sequence[int]) -> set[int]:
    """Which of these comments are still there."""
    found: set[int] = set()
    for start in range(0, len(ids), BATCH):
        part = Comment.id.in_(ids[start : start + BATCH])
        found.update(session.scalars(select(Comment.id).where(part)))
    return found


def _forget_older(session: Session, run: TopicRun) -> None:
    ended = (TopicRunStatus.DONE.value, TopicRunStatus.FAILED.value)
    same = (
        select(TopicRun.id)
        .where(TopicRun.workspace_id == run.workspace_id, TopicRun.status.in_(ended))
        .where(TopicRun.starts_at == run.starts_at, TopicRun.ends_at == run.ends_at)
        .order_by(TopicRun.id.desc())
        .offset(KEPT - 1)
        .limit(1000)
    )
    older = list(session.scalars(same))
    session.execute(delete(TopicRun).where(TopicRun.id.in_(older)))
