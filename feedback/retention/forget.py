"""Forgetting in small batches: each is one transaction, and may be killed and begun again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import takewhile

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from feedback.retention import parts
from feedback.retention.kinds import KINDS, Kind
from models.retention import Retention

EVERY = timedelta(days=1)
STEP = 2_000
"""Rows that one transaction looks at: some ten milliseconds, in which nobody waits for long."""


def owed(session: Session, now: datetime) -> datetime | None:
    """Since when a workspace waits for its day's forgetting, or a month for its part."""
    due = func.coalesce(Retention.looked_at, now - EVERY)
    asked = or_(Retention.looked_at.is_(None), Retention.looked_at <= now - EVERY)
    since = session.scalar(select(func.min(due)).where(asked))
    return now if since is None and parts.missing(session, now) else since


def forget_next(session: Session, now: datetime, step: int = STEP) -> int:
    """One batch of one workspace; the rows looked at, 0 when nothing is left. Commits."""
    made = parts.make_ahead(session, now)
    rule = session.scalar(
        select(Retention)
        .where(or_(Retention.looked_at.is_(None), Retention.looked_at <= now - EVERY))
        .order_by(Retention.workspace_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if rule is None:
        session.rollback()
        return made
    looked = sum(_step(session, rule, kind, now, step) for kind in KINDS.values())
    if not looked:
        rule.looked_at = now
        session.flush()
        looked = parts.drop_old(session, now)
    session.commit()
    return made + max(looked, 1)


def cut(rule: Retention, kind: Kind, now: datetime) -> datetime | None:
    """Before when rows of a kind go; None where they are kept."""
    days = getattr(rule, kind.days)
    return None if days is None else now - timedelta(days=days)


def _step(session: Session, rule: Retention, kind: Kind, now: datetime, step: int = STEP) -> int:
    """Look at the next rows in the order of their ids, and forget this workspace's old ones."""
    before = cut(rule, kind, now)
    if before is None:
        return 0
    query = select(kind.id, kind.workspace_id, kind.moment).where(
        kind.id > getattr(rule, kind.cursor)
    )
    rows = session.execute(query.order_by(kind.id).limit(step)).all()
    old = list(takewhile(lambda row: row[2] < before, rows))
    if not old:
        return 0
    mine = [row[0] for row in old if row[1] == rule.workspace_id]
    if mine:
        options = {"synchronize_session": False}
        session.execute(kind.of(mine, before), execution_options=options)
    setattr(rule, kind.cursor, old[-1][0])
    session.flush()
    return len(old)


def would_go(session: Session, rule: Retention, now: datetime) -> Iterator[tuple[Kind, int]]:
    """How many rows of each kind would go now; reads whole tables."""
    for kind in KINDS.values():
        if (before := cut(rule, kind, now)) is not None:
            mine = (kind.workspace_id == rule.workspace_id) & (kind.moment < before)
            query = select(func.count()).select_from(kind.id.class_).where(mine, kind.goes())
            yield kind, session.scalar(query) or 0


def apply_now(session: Session, rule: Retention, now: datetime) -> dict[str, int]:
    """Forget all of a workspace that is due, batch by batch; the rows looked at by kind."""
    done = dict.fromkeys(KINDS, 0)
    for kind in KINDS.values():
        while looked := _step(session, rule, kind, now):
            done[kind.name] += looked
            session.commit()
    rule.looked_at = now
    session.commit()
    return done
