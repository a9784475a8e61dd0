"""A shop whose history changes in every way a history can, and what its statistics must say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from report_rows import DAY, Shop
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from feedback.cells import work
from feedback.cells.items import Items
from feedback.cells.plan import plan_of
from feedback.cells.read import rows_of, sums_of
from feedback.rates.counts import from_rows
from feedback.rates.read import counts_of
from feedback.reporting.period import Period
from feedback.reporting.scope import Filters, Scope, find_journey, find_scope
from models.customer import Segment
from models.rates import RateMark
from models.response import Answer, Response
from models.statistics import StatisticMark

NOW = DAY + timedelta(days=200)


def now() -> datetime:
    return NOW


class SlowWorker(Session):
    """A worker's session: something happens once, after it looked and before it writes."""

    def __init__(self, engine: Engine, meanwhile: Callable[[], None]) -> None:
        super().__init__(engine, expire_on_commit=False)
        self._meanwhile: Callable[[], None] | None = meanwhile

    def execute(self, statement: Any, *given: Any, **options: Any) -> Any:
        """Run a statement; the first that raises a state's version waits for the happening."""
        writes = str(statement).startswith("UPDATE statistic_states SET version=")
        if writes and self._meanwhile is not None:
            meanwhile, self._meanwhile = self._meanwhile, None
            meanwhile()
        return super().execute(statement, *given, **options)


def count_all(session: Session) -> int:
    """What the worker does until nothing is left; how much it did."""
    total = 0
    while done := work.count_next(session, now):
        total += done
        assert total < 100_000, "it never ends"
    return total


def marks(session: Session) -> int:
    return sum(session.scalar(select(func.count(one.id))) or 0 for one in (StatisticMark, RateMark))


def scope_of(shop: Shop, period: Period | None = None, **filters: Any) -> Scope:
    journey = find_journey(shop.session, shop.workspace.id, None)
    asked = (period.start, period.end) if period else (None, None)
    return find_scope(shop.session, journey, asked, Filters(**filters), NOW)


def segment(shop: Shop, key: str, wanted: dict[str, Any], at: datetime = DAY) -> Segment:
    row = Segment(workspace_id=shop.workspace.id, key=key, name=key, filter=wanted, created_at=at)
    shop.session.add(row)
    shop.session.flush()
    return row


def answer(response: Response, question: str) -> Answer:
    """An answer that gives no score."""
    return Answer(
        workspace_id=response.workspace_id,
        response_id=response.id,
        question=question,
        type="yes_no",
        value={"value": True},
        channel=response.channel,
        answered_at=NOW,
        scored_at=NOW,
    )


def agree(session: Session, scope: Scope, *, from_cells: bool = True) -> Items:
    """Assert that cells and rows say the same, and that cells were read; give what they say."""
    if from_cells:
        assert plan_of(session, scope) is not None, "read from rows"
    for feeling in ("negative", "positive"):
        for alone in (True, False):
            asked = scope if feeling == "negative" else scope.praising()
            assert sums_of(session, asked, alone) == rows_of(session, asked, alone)
    assert counts_of(session, scope) == from_rows(session, scope)
    return sums_of(session, scope)
