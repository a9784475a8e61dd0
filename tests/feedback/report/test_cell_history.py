"""Whatever happened to a history, and however far the worker is, cells say what rows say."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import get_args

import pytest
from cell_history import HAPPENINGS, SPAN, History
from cell_world import agree, count_all, marks, scope_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from report_rows import DAY, MakeWorkspace, Shop
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from feedback.cells.check import differences
from feedback.cells.read import Depth, rows_of, sums_of
from feedback.rates.counts import from_rows
from feedback.rates.read import counts_of
from feedback.reporting.period import Period
from feedback.reporting.scope import Scope
from models.customer import Segment
from models.engine import make_engine

happenings = st.lists(
    st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 10**6)), min_size=3, max_size=25
)
moments = st.floats(-5.0, SPAN + 5.0)
periods = st.one_of(
    st.none(),
    st.tuples(moments, moments).map(lambda ends: (min(ends), max(ends))),
)
asked = st.fixed_dictionaries(
    {
        "segment": st.sampled_from([None, None, "first", "second"]),
        "channel": st.sampled_from([None, None, "sms", "web"]),
        "survey": st.sampled_from([None, None, "ask"]),
        "language": st.sampled_from([None, None, "en", "de"]),
    }
)
RULES = {
    "deadline": None,
    "derandomize": True,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}


def check(
    engine: Engine,
    make_workspace: MakeWorkspace,
    happened: list[tuple[str, int]],
    questions: list[tuple[tuple[float, float] | None, dict[str, str | None]]],
) -> None:
    with Session(engine, expire_on_commit=False) as session:
        history = History(Shop(session, make_workspace(session, f"w{secrets.token_hex(8)}")))
        for name, number in happened:
            history.happen(name, number)
        for days, filters in questions:
            scope = scope_asked(history.shop, days, filters)
            for depth in get_args(Depth):
                assert sums_of(session, scope, depth) == rows_of(session, scope, depth)
            assert counts_of(session, scope) == from_rows(session, scope)
        count_all(session)
        assert marks(session) == 0
        for days, filters in questions:
            scope = scope_asked(history.shop, days, filters)
            agree(session, scope, from_cells=False)
        assert list(differences(session, history.shop.workspace)) == []


def scope_asked(
    shop: Shop, days: tuple[float, float] | None, filters: dict[str, str | None]
) -> Scope:
    there = set(
        shop.session.scalars(select(Segment.key).where(Segment.workspace_id == shop.workspace.id))
    )
    wanted = {**filters, "segment": filters["segment"] if filters["segment"] in there else None}
    period = days and Period(DAY + timedelta(days=days[0]), DAY + timedelta(days=days[1]))
    return scope_of(shop, period, **wanted)


questions = st.lists(st.tuples(periods, asked), min_size=2, max_size=5)


@settings(max_examples=10, **RULES)
@given(happened=happenings, questions=questions)
def test_cells_equal_rows_on_sqlite(
    sqlite_engine: Engine,
    make_workspace: MakeWorkspace,
    happened: list[tuple[str, int]],
    questions: list[tuple[tuple[float, float] | None, dict[str, str | None]]],
) -> None:
    check(sqlite_engine, make_workspace, happened, questions)


@pytest.fixture
def postgres_engine(postgres_url: str) -> Iterator[Engine]:
    engine = make_engine(postgres_url)
    yield engine
    engine.dispose()


@pytest.mark.postgres
@settings(max_examples=3, **RULES)
@given(happened=happenings, questions=questions)
def test_cells_equal_rows_on_postgresql(
    postgres_engine: Engine,
    make_workspace: MakeWorkspace,
    happened: list[tuple[str, int]],
    questions: list[tuple[tuple[float, float] | None, dict[str, str | None]]],
) -> None:
    check(postgres_engine, make_workspace, happened, questions)
