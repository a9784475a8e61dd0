"""Corrections written down, and taken back: a row each, and what counts follows at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from feedback.corrections.apply import CONFIRMED, MENTIONS, SENTIMENT, Change, corrected
from feedback.corrections.reading import SCORES, Reading
from feedback.corrections.rows import corrections_of, counted, own, settle, standing
from feedback.themes.rows import own_keys
from models.correction import Correction
from models.errors import Conflict, InvalidInput, NotFound
from models.reading import Comment
from models.workspace import User
from nlp.themes import theme_keys
from surveys.locking import lock

UNDONE = "undone"


def correct(
    session: Session,
    by: User,
    comment_id: int,
    seen: str,
    changes: Sequence[Change],
    now: datetime,
    shown: str | None = None,
) -> list[int]:
    """Record what somebody says of a comment's reading and commit; the ids of the new rows.

    `seen` is the hash of the words they looked at, and `shown` the stamp of the reading, where
    they confirm it. What is so already is not recorded, so that a form sent twice counts once.
    """
    comment = _hold(session, by.workspace_id, comment_id)
    _check_words(comment, seen)
    if any(change.kind == CONFIRMED for change in changes):
        _check_reading(counted(session, comment), shown)
    rows = corrections_of(session, [comment.id])[comment.id]
    said, counts = own(session, comment), standing(rows, comment.text_hash)
    known = {*theme_keys(), *own_keys(session, by.workspace_id)}
    known |= {*_themes(said), *_themes(corrected(said, counts))}
    made = []
    for change in changes:
        _check(change, comment, known)
        before = corrected(said, counts)
        if change.kind == CONFIRMED:
            change = replace(change, reading=before)
        if corrected(said, [*counts, change]) == before:
            continue
        counts.append(change)
        made.append(_row(comment, by, change, _was(before, change), now))
    session.add_all(made)
    session.flush()
    settle(session, comment, counts)
    session.commit()
    return [row.id for row in made]


def undo(
    session: Session, by: User, comment_id: int, wanted: Collection[int], now: datetime
) -> int:
    """Take corrections back, each by a row of its own, and commit; how many were taken back."""
    comment = _hold(session, by.workspace_id, comment_id)
    rows = corrections_of(session, [comment.id])[comment.id]
    undone = {row.undoes_id for row in rows}
    made = [
        Correction(
            workspace_id=comment.workspace_id,
            comment_id=comment.id,
            user_id=by.id,
            created_at=now,
            text_hash=comment.text_hash,
            kind=UNDONE,
            undoes_id=row.id,
        )
        for row in rows
        if row.id in wanted and row.id not in undone and row.kind != UNDONE
    ]
    session.add_all(made)
    session.flush()
    if comment.read_state != "waiting":
        settle(session, comment, standing([*rows, *made], comment.text_hash))
    session.commit()
    return len(made)


def _hold(session: Session, workspace_id: int, comment_id: int) -> Comment:
    """The comment, held until the transaction ends: no reading is written meanwhile."""
    comment = lock(session, Comment, comment_id)
    if comment is None or comment.workspace_id != workspace_id:
        raise NotFound("there is no such comment", mend="Choose one from the responses.")
    return comment


def _check_words(comment: Comment, seen: str) -> None:
    if comment.text_hash != seen:
        message = "the customer changed these words while you looked, so nothing was saved"
        raise Conflict(message, mend="Read the new words and correct them again.")
    if comment.read_state == "waiting":
        message = "this comment is still waiting to be read, so there is nothing to correct"
        raise Conflict(message, mend="Try again in a minute.")


def _check_reading(reading: Reading, shown: str | None) -> None:
    """Only what was seen can be confirmed, and only where there is something to see."""
    if reading.stamp != shown:
        message = "this comment was read again while you looked, so nothing was saved"
        raise Conflict(message, mend="Look at what is understood now, and confirm that.")
    if not reading.read:
        message = "no model could read this comment, so there is nothing to confirm"
        raise Conflict(message, mend="Say how the customer feels, or what they speak of.")


def _check(change: Change, comment: Comment, known: Collection[str]) -> None:
    """Refuse what no form of ours sends: unknown words, or a stretch outside the comment."""
    if change.sentiment is not None and change.sentiment not in SCORES:
        raise InvalidInput(f"there is no sentiment {change.sentiment!r}", field="sentiment")
    if change.kind not in MENTIONS:
        return
    if not 0 <= change.start < change.end <= len(comment.text):
        raise InvalidInput("these characters are not in the comment", field="where")
    for theme in change.about:
        if theme not in known:
            raise InvalidInput(f"there is no theme {theme!r}", field="theme")


def _themes(reading: Reading) -> set[str]:
    return {one.theme for one in reading.mentions}


def _was(before: Reading, change: Change) -> str | None:
    """The sentiment that stood there before."""
    if change.kind not in MENTIONS:
        return before.sentiment if change.kind == SENTIMENT else None
    stretch = (change.start, change.end, change.theme)
    found = (m.sentiment for m in before.mentions if (m.start, m.end, m.theme) == stretch)
    return next(found, None)


def _row(comment: Comment, by: User, change: Change, was: str | None, now: datetime) -> Correction:
    spans = change.kind in MENTIONS
    return Correction(
        workspace_id=comment.workspace_id,
        comment_id=comment.id,
        user_id=by.id,
        created_at=now,
        text_hash=comment.text_hash,
        kind=change.kind,
        start=change.start if spans else None,
        end=change.end if spans else None,
        theme=change.theme if spans else None,
        new_theme=change.new_theme if spans else None,
        sentiment=change.sentiment,
        was=was,
        reading=change.reading.to_json() if change.reading else None,
    )
