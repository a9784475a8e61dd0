"""Leases and tasks: who is the clock, and which batches of work are handed out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, one_of, pk
from models.status import TaskStatus

_UNFINISHED = text("status IN ('ready', 'running')")


class Lease(Base):
    """A named right held by one process until it expires; `epoch` rises with each holder."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80))
    epoch: Mapped[int] = mapped_column(Integer, default=1)
    expires_at: Mapped[datetime]


class Task(Base):
    """One batch of a kind of work; at most one of a kind is unfinished at a time."""

    __tablename__ = "tasks"
    __table_args__ = (
        one_of("status", TaskStatus),
        Index(
            "uq_tasks_one_unfinished",
            "kind",
            unique=True,
            sqlite_where=_UNFINISHED,
            postgresql_where=_UNFINISHED,
        ),
        Index("ix_tasks_status_due_at", "status", "due_at"),
    )

    id: Mapped[pk]
    kind: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(10), default=TaskStatus.READY.value)
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    claimed_by: Mapped[str | None] = mapped_column(String(80))
    claimed_until: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    done_rows: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str | None] = mapped_column(Text)
