"""Rows found by their key, and changed only where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.customer import Segment
from models.journey import Journey, Touchpoint
from models.quota import Quota
from models.survey import Survey, Trigger

Keyed = TypeVar("Keyed", bound=Journey | Touchpoint | Survey | Trigger | Segment | Quota)


def find(session: Session, model: type[Keyed], workspace_id: int, key: str) -> Keyed | None:
    """The workspace's row of this key."""
    wanted = select(model).where(model.workspace_id == workspace_id, model.key == key)
    return session.scalars(wanted).one_or_none()


def changed(row: Any, label: str, values: Mapping[str, Any]) -> Iterator[str]:
    """Set what differs; one line a column that did."""
    for name, value in values.items():
        old = getattr(row, name)
        if old != value:
            setattr(row, name, value)
            yield f"{label}: {name} is {_shown(value)} (was {_shown(old)})"


def _shown(value: object) -> str:
    return "nothing" if value is None else str(value)
