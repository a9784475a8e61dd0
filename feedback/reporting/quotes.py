"""The quotes behind pain points and delights: the worst two and the middling one, always the same.

They are chosen from the comments that are handed in: a report's from what the newest of the
panel's voices said (feedback.reporting.quoting), an alert's from the latest of each touchpoint.
A cell nobody spoke of among these has no quote in the list. The page of a pain point looks for
its own (feedback.causes).

Words are read only of the comments that speak of a cell that is asked for.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    Integer,
    Select,
    String,
    any_,
    cast,
    func,
    literal,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from feedback.reporting.evidence import Quote, Said, chosen
from feedback.reporting.scope import Scope
from feedback.reporting.segments import id_array, on_postgresql, one_of_ids
from feedback.reporting.sources import mention_filter
from feedback.statistics.sums import Cell
from models.reading import Comment, Mention

Felt = tuple[str, Cell]
"""A feeling, and the cell that has it."""
Quotes = Mapping[Felt, tuple[Quote, ...]]
Part = tuple[int, str, str]
"""A touchpoint's id, a theme as it is read, and a feeling."""
_COLUMNS = (
    Mention.comment_id,
    Mention.id,
    Mention.theme,
    Mention.sentiment,
    Mention.sentiment_score,
    Mention.start,
    Mention.end,
)


def quotes(
    session: Session, scope: Scope, comments: Mapping[int, int]
) -> Mapping[Cell, tuple[Quote, ...]]:
    """Up to three quotes for every cell with a mention of the scope's feeling.

    They are from these comments, the `latest`.
    """
    felt = Mention.sentiment == scope.feeling
    query = select(*_COLUMNS).where(
        one_of_ids(session, Mention.comment_id, sorted(comments)), mention_filter(scope), felt
    )
    cells: dict[Cell, list[Said]] = defaultdict(list)
    for row in session.connection().execute(query).all():
        one = Said(*row)
        touchpoint = scope.touchpoints[comments[one.comment_id]]
        cells[Cell(touchpoint, scope.themes.shown(one.theme))].append(one)
    ids = sorted({one.comment_id for said in cells.values() for one in said})
    words = select(Comment.id, Comment.text).where(one_of_ids(session, Comment.id, ids))
    return _quoted(cells, dict(session.connection().execute(words).all()))


def quotes_of(
    session: Session, scope: Scope, comments: Mapping[int, int], wanted: Collection[Felt]
) -> Quotes:
    """The same for these cells of either feeling, by one statement for all of them.

    Masking what is personal takes a millisecond a quote: only what is asked for is quoted.
    """
    ids = {key: id_ for id_, key in scope.touchpoints.items()}
    cells: dict[Felt, list[Said]] = {felt: [] for felt in wanted}
    parts = {
        (ids[cell.touchpoint], part, feeling): said
        for (feeling, cell), said in cells.items()
        for part in scope.themes.parts(cell.theme)
    }
    if not parts or not comments:
        return {}
    speaking = _on_postgresql if on_postgresql(session) else _on_sqlite
    texts: dict[int, str] = {}
    for *row, text in session.connection().execute(speaking(comments, parts)).all():
        one = Said(*row)
        parts[comments[one.comment_id], one.theme, one.sentiment].append(one)
        texts[one.comment_id] = text
    return _quoted(cells, texts)


def _on_postgresql(comments: Mapping[int, int], parts: Iterable[Part]) -> Select[*tuple[Any, ...]]:
    """The mentions in comments, whose touchpoints are given, that are of one of the parts, each
    with its comment's words.

    Comment by comment (OFFSET keeps it so): it would take them for many, and read all there are.
    """
    both = func.unnest(id_array(comments), id_array(comments.values()))
    heard = both.table_valued("id", "place").render_derived()
    part = func.concat_ws(" ", heard.c.place, Mention.theme, Mention.sentiment)
    names = literal([" ".join(map(str, one)) for one in parts], ARRAY(String))
    mine = select(*_COLUMNS, Comment.text).join(Comment, Comment.id == Mention.comment_id)
    mine = mine.where(Mention.comment_id == heard.c.id, part == any_(names))
    here = mine.offset(0).lateral("here")
    return select(here).select_from(heard.join(here, true()))


def _on_sqlite(comments: Mapping[int, int], parts: Iterable[Part]) -> Select[*tuple[Any, ...]]:
    """The same."""
    heard = func.json_each(json.dumps(comments)).table_valued("key", "value")
    mine = Mention.comment_id == cast(heard.c.key, Integer)
    part = tuple_(heard.c.value, Mention.theme, Mention.sentiment)
    found = select(*_COLUMNS, Comment.text).join(heard, mine)
    return found.join(Comment, Comment.id == Mention.comment_id).where(part.in_(list(parts)))


Key = TypeVar("Key", Cell, Felt)


def _quoted(
    cells: Mapping[Key, Sequence[Said]], texts: Mapping[int, str]
) -> dict[Key, tuple[Quote, ...]]:
    found = {key: chosen(said, texts) for key, said in cells.items()}
    return {key: quoted for key, quoted in found.items() if quoted}
