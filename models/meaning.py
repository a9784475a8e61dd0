"""What comments mean as a whole, kept to search by meaning: vectors, and their codes in blocks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, pk, workspace_fk

_OWED = text("words IS NOT NULL")


class CommentMeaning(Base):
    """A comment's vector (nlp.meaning), and which encoder it is of.

    Written with the reading; a row goes with its comment, and a trigger takes the block that
    holds its code along and marks the range to be packed again.
    """

    __tablename__ = "comment_meanings"
    __table_args__ = (Index("ix_comment_meanings_range", "workspace_id", "comment_id"),)

    comment_id: Mapped[int] = mapped_column(
        BigId,
        ForeignKey("comments.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    encoder: Mapped[str] = mapped_column(String(12))
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class MeaningBlock(Base):
    """The codes of the comments with ids from `number` times 4,096 on, made of their vectors.

    `codes` is what feedback.search.blocks writes: so that a million comments are looked through
    by reading some hundred rows.
    """

    __tablename__ = "meaning_blocks"

    workspace_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    encoder: Mapped[str] = mapped_column(String(12), primary_key=True)
    number: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    codes: Mapped[bytes] = mapped_column(LargeBinary)


class MeaningMark(Base):
    """A range of comments whose block does not hold what their vectors say (any more).

    Only added, and deleted by its id once a block was made of rows read after it: what changes
    meanwhile stays marked. Bound to no workspace's row, as it is written while one is erased.
    """

    __tablename__ = "meaning_marks"
    __table_args__ = (
        Index("ix_meaning_marks_place", "workspace_id", "number"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[pk]
    workspace_id: Mapped[int] = mapped_column(BigId)
    number: Mapped[int] = mapped_column(BigId)


class MeaningQuestion(Base):
    """Words that somebody searches by meaning, until the worker has made a vector of them.

    Then the words are forgotten: `words_hash` finds the vector when the same is asked again.
    """

    __tablename__ = "meaning_questions"
    __table_args__ = (
        UniqueConstraint("workspace_id", "words_hash"),
        Index("ix_meaning_questions_owed", "asked_at", postgresql_where=_OWED, sqlite_where=_OWED),
    )

    id: Mapped[pk]
    workspace_id: Mapped[workspace_fk]
    words_hash: Mapped[str] = mapped_column(String(64))
    words: Mapped[str | None] = mapped_column(Text)
    asked_at: Mapped[datetime]
    encoder: Mapped[str | None] = mapped_column(String(12))
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)
