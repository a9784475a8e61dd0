"""Alerts and what is sent of them: excursions, mutes, recipients, sendings, digests and looks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.alert_status import SEND_STATES
from models.base import Base, BigId, JSONDocument, one_of, pk

SIDES = ("above", "below")
RHYTHM_NAMES = ("day", "week")
CHANNEL_KINDS = ("email", "webhook")
SEND_KINDS = ("alert", "digest", "test")


class Alert(Base):
    """One excursion: a series that left its expected range and when it came back.

    `series` names what is watched, `signal` the excursion, `since` the first day outside and
    `until` the day after the last one. `figures` are of the first period outside, `latest` of
    the last one that was read, `points` those of the chart. `told_in` is the look whose message
    tells of it; NULL where the series was muted.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        one_of("side", SIDES),
        one_of("rhythm", RHYTHM_NAMES),
        CheckConstraint("settled = false OR closed_at IS NOT NULL", name="settled_closed"),
        CheckConstraint("since < until", name="days_ordered"),
        UniqueConstraint("workspace_id", "signal"),
        Index("ix_alerts_workspace_id_series", "workspace_id", "series"),
        Index("ix_alerts_journey_id", "journey_id"),
        Index("ix_alerts_known_by", "known_by"),
        Index("ix_alerts_told_in", "workspace_id", "told_in"),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    journey_id: Mapped[int] = mapped_column(BigId, ForeignKey("journeys.id", ondelete="CASCADE"))
    series: Mapped[str] = mapped_column(String(200))
    signal: Mapped[str] = mapped_column(String(240))
    side: Mapped[str] = mapped_column(String(5))
    rhythm: Mapped[str] = mapped_column(String(4))
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)
    figures: Mapped[dict[str, Any]]
    latest: Mapped[dict[str, Any]]
    points: Mapped[list[dict[str, Any]]] = mapped_column(JSONDocument)
    told_in: Mapped[str | None] = mapped_column(String(20))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    settled: Mapped[bool] = mapped_column(default=False)
    known_at: Mapped[datetime | None]
    known_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("users.id", ondelete="SET NULL"))


class AlertMute(Base):
    """A series nobody wants to hear of until then; it is watched all the same."""

    __tablename__ = "alert_mutes"
    __table_args__ = (UniqueConstraint("workspace_id", "series"),)

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    series: Mapped[str] = mapped_column(String(200))
    until: Mapped[datetime]
    created_at: Mapped[datetime]


class AlertChannel(Base):
    """Where alerts and digests go: an e-mail address of the team, or a webhook's URL.

    A webhook's URL lets whoever has it write there: show its host and its end alone.
    """

    __tablename__ = "alert_channels"
    __table_args__ = (
        one_of("kind", CHANNEL_KINDS),
        UniqueConstraint("workspace_id", "kind", "address"),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    kind: Mapped[str] = mapped_column(String(10))
    address: Mapped[str] = mapped_column(String(500))
    alerts: Mapped[bool] = mapped_column(default=True)
    digest: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


_OWED = text("status IN ('pending', 'sending')")


class AlertSend(Base):
    """One message to one recipient, at most once: `key` says of what (a look, a week, a test).

    It is tried from `not_before` on, and after `not_after` no more: news gets old.
    """

    __tablename__ = "alert_sends"
    __table_args__ = (
        one_of("kind", SEND_KINDS),
        one_of("status", SEND_STATES),
        UniqueConstraint("channel_id", "key"),
        Index("ix_alert_sends_workspace_id_created_at", "workspace_id", "created_at"),
        Index("ix_alert_sends_owed", "not_before", sqlite_where=_OWED, postgresql_where=_OWED),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    channel_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("alert_channels.id", ondelete="CASCADE")
    )
    kind: Mapped[str] = mapped_column(String(10))
    key: Mapped[str] = mapped_column(String(60))
    status: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    not_before: Mapped[datetime]
    not_after: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]


class Digest(Base):
    """What was said of a week, `items` at most three; `reason` says why nothing was."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("workspace_id", "week"),)

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    week: Mapped[date] = mapped_column(Date)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSONDocument)
    reason: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime]


class AlertLook(Base):
    """The last look in each rhythm: what was read, and when."""

    __tablename__ = "alert_looks"
    __table_args__ = (one_of("rhythm", RHYTHM_NAMES),)

    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    rhythm: Mapped[str] = mapped_column(String(4), primary_key=True)
    first: Mapped[date] = mapped_column(Date)
    series: Mapped[int] = mapped_column(Integer)
    readable: Mapped[int] = mapped_column(Integer)
    looked_at: Mapped[datetime]
