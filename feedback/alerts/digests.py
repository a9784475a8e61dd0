"""The digest of each workspace's week: once, on its Monday morning, or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.alerts import outbox
from feedback.alerts.compose import items_of
from feedback.alerts.gather import watched
from feedback.alerts.rhythms import WEEK, after, first_of, midnight
from feedback.alerts.rows import muted
from feedback.alerts.weekly import Found, Topic, weigh
from feedback.topics.out import name_of, share, span_of_run
from feedback.topics.periods import key_of
from models.alert import Digest
from models.topic import Topic as TopicRow
from models.topic import TopicRun
from models.topic_status import TopicRunStatus
from models.workspace import Workspace
from surveys.schedule import zone_of
from surveys.upsert import insert_into

MORNING = time(7, 0)


def morning(week: date, zone: tzinfo) -> datetime:
    """When the digest of a Monday is due."""
    return datetime.combine(week, MORNING, zone).astimezone(UTC)


def digest_due(session: Session, workspace: Workspace, now: datetime) -> date | None:
    """The Monday whose digest is to be written now; None before seven and after two days."""
    zone = zone_of(workspace.timezone)
    week = first_of(WEEK, now.astimezone(zone).date())
    at = morning(week, zone)
    if not at <= now < at + outbox.OLD:
        return None
    mine = (Digest.workspace_id == workspace.id) & (Digest.week == week)
    return None if session.scalar(select(Digest.id).where(mine)) is not None else week


def weighed(session: Session, workspace: Workspace, week: date, now: datetime) -> Found:
    """What the digest of a Monday says of the week before it; writes nothing."""
    zone = zone_of(workspace.timezone)
    first = after(WEEK, week, -1)
    read = watched(session, workspace.id, WEEK, first, zone)
    since, until = midnight(first, zone), morning(week, zone) + outbox.OLD
    topics = new_topics(session, workspace, since, until)
    return weigh(read, set(muted(session, workspace.id, now)), topics)


def write_digest(session: Session, workspace: Workspace, week: date, now: datetime) -> bool:
    """Write a digest and owe it to its recipients, in one transaction; False where it is there."""
    found = weighed(session, workspace, week, now)
    values = {
        "workspace_id": workspace.id,
        "week": week,
        "items": items_of(found.changes),
        "reason": found.reason,
        "created_at": now,
    }
    insert = insert_into(session, Digest).values(**values).on_conflict_do_nothing()
    if session.scalar(insert.returning(Digest.id)) is None:
        session.rollback()
        return False
    if found.changes:
        until = morning(week, zone_of(workspace.timezone)) + outbox.OLD
        key = f"{outbox.DIGEST}:{week.isoformat()}"
        outbox.queue(session, workspace.id, outbox.DIGEST, key, now, until)
    session.commit()
    return True


def new_topics(
    session: Session, workspace: Workspace, since: datetime, until: datetime
) -> list[Topic]:
    """Topics that are new in a run finished in that time, surely larger than nothing."""
    query = (
        select(TopicRow, TopicRun)
        .join(TopicRun, TopicRun.id == TopicRow.run_id)
        .where(
            TopicRun.workspace_id == workspace.id,
            TopicRun.status == TopicRunStatus.DONE.value,
            TopicRun.origin == "clock",
            TopicRun.finished_at >= since,
            TopicRun.finished_at < until,
            TopicRow.trend == "new",
            TopicRow.low > 0.0,
        )
        .order_by(TopicRow.id)
    )
    zone = zone_of(workspace.timezone)
    found: dict[str, Topic] = {}
    for topic, run in session.execute(query):
        part = share(topic.now, run.drawn)
        ends = (part.low, part.high, topic.low)
        period = key_of(span_of_run(run), zone)
        name = name_of(topic.words)
        found[name] = Topic(name, part.comments, part.of, *ends, period)
    return list(found.values())


def recent(session: Session, workspace_id: int, many: int = 8) -> list[Digest]:
    """The last digests, the newest first, silent ones among them."""
    mine = select(Digest).where(Digest.workspace_id == workspace_id)
    return list(session.scalars(mine.order_by(Digest.week.desc()).limit(many)))


def next_morning(now: datetime, zone: tzinfo) -> datetime:
    """When the next digest is due."""
    week = first_of(WEEK, now.astimezone(zone).date())
    at = morning(week, zone)
    return at if now < at else morning(week + timedelta(days=7), zone)
