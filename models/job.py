"""Who is the clock, who works, which batches are handed out, what rests, and what was done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, one_of, pk
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
    """One batch of a kind of work; at most one of a kind and slot is unfinished at a time.

    Kinds whose rows can be claimed by several workers at once have several slots.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        one_of("status", TaskStatus),
        Index(
            "uq_tasks_one_unfinished",
            "kind",
            "slot",
            unique=True,
            sqlite_where=_UNFINISHED,
            postgresql_where=_UNFINISHED,
        ),
        Index("ix_tasks_status_due_at", "status", "due_at"),
        Index("ix_tasks_kind_finished_at", "kind", "finished_at"),
    )

    id: Mapped[pk]
    kind: Mapped[str] = mapped_column(String(40))
    slot: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
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


class WorkerSeen(Base):
    """A worker process and its latest sign of life; `takes_from` is `database` or `broker`."""

    __tablename__ = "workers"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    takes_from: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class Pause(Base):
    """Work that rests: a kind, a workspace, or a kind in a workspace.

    `kind` '' means every kind, no workspace every workspace. `user_id` is who said so on the
    page; NULL: somebody at the machine.
    """

    __tablename__ = "pauses"

    id: Mapped[pk]
    kind: Mapped[str] = mapped_column(String(40), default="")
    workspace_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    paused_at: Mapped[datetime]


class JobTotal(Base):
    """What was done of a kind since the beginning; only ever added to, for Prometheus."""

    __tablename__ = "job_totals"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    tasks: Mapped[int]
    rows: Mapped[int]
    failures: Mapped[int]
    lateness_seconds: Mapped[float]


class JobLateness(Base):
    """How many tasks of a kind began at most `seconds` late, and more than the bound below."""

    __tablename__ = "job_lateness"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    seconds: Mapped[float] = mapped_column(primary_key=True)
    tasks: Mapped[int]
