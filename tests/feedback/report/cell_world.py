"""A shop whose history changes in every way a history can, and what its statistics must say."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from report_rows import DAY, Shop
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.cells import work
from feedback.cells.items import Items
from feedback.cells.plan import plan_of
from feedback.cells.read import rows_of, sums_of
from feedback.reporting.period import Period
from feedback.reporting.scope import Filters, Scope, find_journey, find_scope
from models.customer import Segment
from models.statistics import StatisticMark

NOW = DAY + timedelta(days=200)


def now() -> datetime:
    return NOW


def count_all(session: Session) -> int:
    """What the worker does until nothing is left; how much it did."""
    total = 0
    while done := work.count_next(session, now):
        total += done
        assert total < 100_000, "it never ends"
    return total


def marks(session: Session) -> int:
    return session.scalar(select(func.count(StatisticMark.id))) or 0


def scope_of(shop: Shop, period: Period | None = None, **filters: Any) -> Scope:
    journey = find_journey(shop.session, shop.workspace.id, None)
    asked = (period.start, period.end) if period else (None, None)
    return find_scope(shop.session, journey, asked, Filters(**filters), NOW)


def segment(shop: Shop, key: str, wanted: dict[str, Any]) -> Segment:
    row = Segment(workspace_id=shop.workspace.id, key=key, name=key, filter=wanted, created_at=DAY)
    shop.session.add(row)
    shop.session.flush()
    return row


def agree(session: Session, scope: Scope, *, from_cells: bool = True) -> Items:
    """Assert that cells and rows say the same, and that cells were read; give what they say."""
    if from_cells:
        assert plan_of(session, scope) is not None, "read from rows"
    for feeling in ("negative", "positive"):
        for alone in (True, False):
            asked = scope if feeling == "negative" else scope.praising()
            assert sums_of(session, asked, alone) == rows_of(session, asked, alone)
    return sums_of(session, scope)
