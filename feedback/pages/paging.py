"""Lists newest first, a page at a time, by the id of the last row shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request, url_for
from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Session

PAGE = 50
T = TypeVar("T")


@dataclass(frozen=True)
class Listed(Generic[T]):
    """One page of rows, and the addresses of its neighbours."""

    rows: Sequence[T]
    older: str | None
    newest: str | None


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


def here(**changes: object) -> str:
    """This page's own address with some of its filters changed; None takes one away."""
    wanted: dict[str, Any] = {**request.args, **(request.view_args or {}), **changes}
    kept = {name: value for name, value in wanted.items() if value not in (None, "")}
    return url_for(str(request.endpoint), **kept)
