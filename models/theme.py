"""Themes of a workspace's own, what they are learned from, and how a workspace shows any theme."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, one_of, pk, workspace_fk

THEME_STATES = ("learning", "ready", "failed")
EXAMPLE_KINDS = ("example", "counter")


class OwnTheme(Base):
    """A theme that a workspace added: a name, a sentence, and what was learned from its examples.

    `edition` rises with every change to what it is learned from; what was learned is written
    only if it is of the same edition. `fitted` is the last that was learned (nlp.custom_themes)
    and finds mentions until the next one; `fits` counts how often that happened. `mark_below` is
    the comment id below which history still waits to be marked to be read with it; NULL: none.
    """

    __tablename__ = "own_themes"
    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        one_of("state", THEME_STATES),
        CheckConstraint("state <> 'ready' OR fitted IS NOT NULL", name="ready_whole"),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    key: Mapped[str] = mapped_column(String(63))
    name: Mapped[str] = mapped_column(String(60))
    sentence: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(10), default="learning")
    error: Mapped[str | None] = mapped_column(String(300))
    edition: Mapped[int] = mapped_column(Integer, default=1)
    changed_at: Mapped[datetime]
    fitted: Mapped[dict[str, Any] | None]
    fits: Mapped[int] = mapped_column(Integer, default=0)
    fitted_at: Mapped[datetime | None]
    mark_below: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime]


class ThemeExample(Base):
    """Words that speak of an own theme, or (`counter`) that do not, without personal data.

    One taken from a comment goes when the comment goes.
    """

    __tablename__ = "theme_examples"
    __table_args__ = (one_of("kind", EXAMPLE_KINDS),)

    id: Mapped[pk]
    workspace_id: Mapped[workspace_fk]
    theme_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("own_themes.id", ondelete="CASCADE"), index=True
    )
    comment_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("comments.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class ThemeSetting(Base):
    """How a workspace shows one theme, built-in or its own; without a row, as it comes.

    `name` is what it is called, `merged_into` the theme it counts as, `parent` the area or the
    theme it stands under. Mentions keep the theme they were found with, so all can be undone.
    """

    __tablename__ = "theme_settings"
    __table_args__ = (
        UniqueConstraint("workspace_id", "theme"),
        CheckConstraint("merged_into <> theme AND parent <> theme", name="not_itself"),
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    theme: Mapped[str] = mapped_column(String(63))
    name: Mapped[str | None] = mapped_column(String(60))
    merged_into: Mapped[str | None] = mapped_column(String(63))
    parent: Mapped[str | None] = mapped_column(String(63))
    hidden: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]
