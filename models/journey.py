"""The map: journeys, their ordered stages, the touchpoints in them, and their event names."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, BigId, pk, workspace_fk


class Journey(Base):
    """A journey customers go through; its score is measured with `metric`."""

    __tablename__ = "journeys"
    __table_args__ = (UniqueConstraint("workspace_id", "key"),)

    id: Mapped[pk]
    workspace_id: Mapped[workspace_fk]
    key: Mapped[str] = mapped_column(String(63))
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
    stages: Mapped[list[Stage]] = relationship(
        order_by="Stage.position", cascade="all, delete-orphan", back_populates="journey"
    )


class Stage(Base):
    """One ordered stage of a journey."""

    __tablename__ = "stages"
    __table_args__ = (UniqueConstraint("journey_id", "key"),)

    id: Mapped[pk]
    workspace_id: Mapped[workspace_fk]
    journey_id: Mapped[int] = mapped_column(BigId, ForeignKey("journeys.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(63))
    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(Integer)
    journey: Mapped[Journey] = relationship(back_populates="stages")
    touchpoints: Mapped[list[Touchpoint]] = relationship(
        order_by="Touchpoint.position", cascade="all, delete-orphan", back_populates="stage"
    )


class Touchpoint(Base):
    """A moment of a stage where customer and company meet; key unique in its workspace."""

    __tablename__ = "touchpoints"
    __table_args__ = (UniqueConstraint("workspace_id", "key"),)

    id: Mapped[pk]
    workspace_id: Mapped[workspace_fk]
    stage_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("stages.id", ondelete="CASCADE"), index=True
    )
    key: Mapped[str] = mapped_column(String(63))
    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(Integer)
    stage: Mapped[Stage] = relationship(back_populates="touchpoints")
    event_names: Mapped[list[TouchpointEvent]] = relationship(
        cascade="all, delete-orphan", back_populates="touchpoint"
    )


class TouchpointEvent(Base):
    """An event name belongs to one touchpoint of its workspace."""

    __tablename__ = "touchpoint_events"
    __table_args__ = (UniqueConstraint("workspace_id", "event_name"),)

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    touchpoint_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("touchpoints.id", ondelete="CASCADE"), index=True
    )
    event_name: Mapped[str] = mapped_column(String(120))
    touchpoint: Mapped[Touchpoint] = relationship(back_populates="event_names")
