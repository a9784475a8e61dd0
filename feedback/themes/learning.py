"""The job that learns own themes, and has history read with them, the newest comments first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from feedback import rereading
from feedback.themes.own import COUNTER, EXAMPLE, examples_of
from models.reading import Comment
from models.theme import OwnTheme
from nlp.custom_themes import CustomTheme
from nlp.custom_themes import OwnTheme as Description
from nlp.errors import CustomThemeError
from nlp.reading import SIX
from nlp.training.background import NUMBER, background_texts

NEWEST = 5 * NUMBER
"""How many recent comments the ordinary ones are drawn from, evenly."""

log = structlog.get_logger(__name__)


class Learns(Protocol):
    """Learns a theme from its examples; `nlp.reader.Reader` does."""

    def learn(self, theme: Description, ordinary: Sequence[str]) -> CustomTheme:
        """The theme, told from these ordinary comments."""


def learn(session: Session, learner: Callable[[], Learns], now: Callable[[], datetime]) -> int:
    """Learn the theme that waits longest, or mark some history to be read with one; commits.

    How many themes were learned or comments marked; killed half-way, the next call goes on.
    """
    waiting = select(OwnTheme).where(OwnTheme.state == "learning")
    theme = session.scalars(waiting.order_by(OwnTheme.changed_at, OwnTheme.id).limit(1)).first()
    if theme is not None:
        _learn(session, theme, learner(), now)
        return 1
    return _mark(session, now())


def _learn(session: Session, theme: OwnTheme, learner: Learns, now: Callable[[], datetime]) -> None:
    """Learn one theme; what changed meanwhile is learned by the next call."""
    rows = examples_of(session, theme)
    of_kind = {kind: tuple(r.text for r in rows if r.kind == kind) for kind in (EXAMPLE, COUNTER)}
    said = Description(theme.name, theme.sentence, of_kind[EXAMPLE], of_kind[COUNTER])
    ordinary, edition = ordinary_texts(session, theme.workspace_id), theme.edition
    session.commit()
    try:
        fitted = learner.learn(said, ordinary).to_json()
    except CustomThemeError as error:
        log.info("theme_not_learned", theme=theme.id, field=error.field)
        _write(session, theme.id, edition, state="failed", error=str(error)[:300])
        return
    newest = session.scalar(
        select(func.max(Comment.id)).where(Comment.workspace_id == theme.workspace_id)
    )
    _write(
        session,
        theme.id,
        edition,
        state="ready",
        error=None,
        fitted=fitted,
        fits=OwnTheme.fits + 1,
        fitted_at=now(),
        mark_below=None if newest is None else newest + 1,
    )


def _write(session: Session, theme_id: int, edition: int, **values: Any) -> None:
    same = (OwnTheme.id == theme_id) & (OwnTheme.edition == edition)
    write = update(OwnTheme).where(same).values(**values)
    session.execute(write.execution_options(synchronize_session=False))
    session.commit()
    session.expire_all()


def _mark(session: Session, now: datetime) -> int:
    """Mark the newest comments that are still to be read with what their workspace learned."""
    first = select(OwnTheme.workspace_id, func.max(OwnTheme.mark_below).label("below"))
    open_ = first.where(OwnTheme.mark_below.is_not(None)).group_by(OwnTheme.workspace_id)
    row = session.execute(open_.order_by(OwnTheme.workspace_id).limit(1)).first()
    if row is None:
        return 0
    marked, lowest = rereading.mark_newest(session, row.workspace_id, row.below, now)
    passed = (OwnTheme.workspace_id == row.workspace_id) & (OwnTheme.mark_below <= row.below)
    if lowest is not None:
        passed &= OwnTheme.mark_below > lowest
    write = update(OwnTheme).where(passed).values(mark_below=lowest)
    session.execute(write.execution_options(synchronize_session=False))
    session.commit()
    session.expire_all()
    return max(marked, 1)


def ordinary_texts(session: Session, workspace_id: int) -> list[str]:
    """Recent comments of a workspace, evenly drawn; then Waymark's own, in case they are few."""
    recent = select(Comment.text).where(
        Comment.workspace_id == workspace_id, Comment.read_state == "read"
    )
    newest = session.scalars(recent.order_by(Comment.id.desc()).limit(NEWEST))
    texts = list(dict.fromkeys(newest))
    step = max(1, len(texts) // NUMBER)
    written = (text for language in SIX for text in background_texts(language=language))
    return [*texts[::step], *written]
