"""Which language a comment is in, or is likely to be in: its survey's, else its workspace's."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.reading import Comment
from models.response import Response
from models.workspace import Workspace
from nlp.reading import FIRST, UNDETERMINED, CommentText

READ_IN_ENGLISH = (Comment.read_state == "read") & Comment.language.in_((FIRST, UNDETERMINED))
"""Comments that the English encoder has read: what a workspace's themes and topics are made of."""


def expected_languages(session: Session, comments: Collection[int]) -> dict[int, str]:
    """A language tag for each of these comments, by id; one erased meanwhile has none."""
    spoken = func.coalesce(Response.language, Workspace.default_locale).label("tag")
    query = (
        select(Comment.id, spoken)
        .join(Workspace, Workspace.id == Comment.workspace_id)
        .outerjoin(Response, Response.id == Comment.response_id)
        .where(Comment.id.in_(comments))
    )
    return {row.id: row.tag for row in session.execute(query)}


def as_read(session: Session, comment: Comment) -> CommentText:
    """A comment as its reader was given it, told the language it was found to be in."""
    told = comment.language if comment.language != UNDETERMINED else None
    expected = expected_languages(session, [comment.id]).get(comment.id)
    return CommentText(comment.text, comment.question, told, expected)
