"""Lists a page at a time: newest first by the id of the last row, or sorted by page number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from flask import request, url_for
from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Session

PAGE = 50
LAST_PAGE = 10_000
BATCH = 500
T = TypeVar("T")


@dataclass(frozen=True)
class Listed(Generic[T]):
    """One page of rows, and the addresses of its neighbours."""

    rows: Sequence[T]
    older: str | None
    newest: str | None
    by_date: bool = True


def listed(
    session: Session, statement: Select[*tuple[Any, ...]], key: ColumnElement[int], size: int = PAGE
) -> Listed[Any]:
    """The rows of a statement below `?before=ID`, newest first."""
    before = request.args.get("before", type=int)
    limited = statement if before is None else statement.where(key < before)
    rows = session.execute(limited.order_by(key.desc()).limit(size + 1)).all()
    shown = rows[:size]
    older = here(before=shown[-1].id) if len(rows) > size else None
    return Listed(shown, older, here(before=None) if before is not None else None)


def numbered(
    session: Session, statement: Select[*tuple[Any, ...]], size: int = PAGE
) -> Listed[Any]:
    """The rows of a sorted statement on `?page=N`: no id says where a sorted page begins."""
    page = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    rows = session.execute(statement.limit(size + 1).offset((page - 1) * size)).all()
    following = here(page=page + 1) if len(rows) > size else None
    first = here(page=None) if page > 1 else None
    return Listed(rows[:size], following, first, by_date=False)


def batches(
    session: Session, statement: Select[*tuple[Any, ...]], size: int = BATCH
) -> Iterator[Sequence[Any]]:
    """All rows of a statement, some hundreds at a time."""
    yield from session.execute(statement.execution_options(yield_per=size)).partitions()


def here(**changes: object) -> str:
    """This page's own address with some of its filters changed; None takes one away."""
    return address(str(request.endpoint), **changes)


def address(endpoint: str, **changes: object) -> str:
    """The same view at another endpoint with some of its filters changed."""
    wanted: dict[str, object] = {**request.args, **changes}
    kept = {name: value for name, value in wanted.items() if value not in (None, "")}
    # written here, not by url_for, which takes some names of filters for its own options
    path = url_for(endpoint, **(request.view_args or {}))
    return f"{path}?{urlencode(kept)}" if kept else path


def export(endpoint: str) -> str:
    """The address of this view as a file: all its pages, in its order."""
    return address(endpoint, before=None, page=None, switched=None)
