"""Comments found by what they mean: the nearest of those wanted, a page at a time.

Found whichever way, they come in the same shape: this is the door of pages and the API.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, case
from sqlalchemy.orm import Session

from feedback.search.asked import PATIENCE, Clock, meaning_of
from feedback.search.filters import conditions
from feedback.search.find import Alike, Found, everything, find, shown_rows
from feedback.search.nearest import Near, nearest
from feedback.search.wanted import Wanted
from feedback.themes.catalogue import Catalogue
from models.errors import Conflict, InvalidInput
from models.reading import Comment


def look_for(
    session: Session,
    workspace_id: int,
    wanted: Wanted,
    themes: Catalogue,
    size: int,
    now: Clock,
    after: str | None = None,
    patience: float = PATIENCE,
) -> Found:
    """The comments wanted, by words or by meaning, that come after a certain place."""
    if not wanted.meaning:
        return find(session, workspace_id, wanted, themes, size, after)
    start = _start(after)
    near = _near(session, workspace_id, wanted, themes, now, patience)
    if near is None:
        return Found([], None, 0, False, False, Alike(waiting=True))
    ids = near.ids[start : start + size]
    rows = {row.id: row for row in session.execute(shown_rows([Comment.id.in_(ids)]))}
    following = str(start + size) if len(near.ids) > start + size else None
    told = Alike(dict(zip(near.ids, near.nearness, strict=True)), near.compared, near.whole)
    listed = [rows[id_] for id_ in ids if id_ in rows]
    return Found(listed, following, len(near.ids), False, False, told)


def all_of(
    session: Session,
    workspace_id: int,
    wanted: Wanted,
    themes: Catalogue,
    now: Clock,
    patience: float = PATIENCE,
) -> Select[*tuple[Any, ...]]:
    """All comments wanted, in order, for a file; by meaning the nearest, as the page lists them."""
    if not wanted.meaning:
        return everything(session, workspace_id, wanted, themes)
    near = _near(session, workspace_id, wanted, themes, now, patience)
    if near is None:
        mend = "Ask again in a moment; is a worker running?"
        raise Conflict("what you look for was not worked out in time", field="q", mend=mend)
    mine = shown_rows([Comment.id.in_(near.ids)])
    if not near.ids:
        return mine
    places = {id_: place for place, id_ in enumerate(near.ids)}
    return mine.order_by(case(places, value=Comment.id))


def _near(
    session: Session,
    workspace_id: int,
    wanted: Wanted,
    themes: Catalogue,
    now: Clock,
    patience: float,
) -> Near | None:
    meaning = meaning_of(session, workspace_id, str(wanted.meaning), now, patience)
    if meaning is None:
        return None
    which = conditions(session, workspace_id, wanted, themes)
    return nearest(session, workspace_id, meaning, which, wanted.narrowed)


def _start(after: str | None) -> int:
    """Where a page begins: `next` counts the comments before it."""
    if not after:
        return 0
    if not after.isdecimal() or len(after) > 4:
        mend = "Hand in `next` as it was given, with the same `by`."
        raise InvalidInput("is no place in this list", field="after", mend=mend)
    return int(after)
