"""Comments as pages find them."""

from __future__ import annotations

from models.base import db
from models.errors import NotFound
from models.reading import Comment


def find_comment(workspace_id: int, comment_id: int) -> Comment:
    """A comment of a workspace."""
    found = db.session().get(Comment, comment_id)
    if found is None or found.workspace_id != workspace_id:
        raise NotFound("there is no such comment", mend="Choose one from the responses.")
    return found
