"""What a pain point's complaints are about, in a report's scope and as programs read it."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from cause_rows import DAY, Depot
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.causes.find import Causes, causes
from feedback.pages import cause_words as say
from models.meaning import CommentMeaning
from models.reading import Comment
from models.workspace import Workspace
from nlp.meaning import packed

MakeWorkspace = Callable[..., Workspace]
SAID = (
    "The courier never rang the doorbell, ask 0161 496 0842, parcel",
    "The lift was broken so the boxes stayed below, parcel",
    "An invoice came twice by letter, parcel",
)


@pytest.fixture
def depot(session: Session, workspace: Workspace) -> Depot:
    return Depot(session, workspace)


def complain(depot: Depot, many: int, vectors: bool = True) -> None:
    """Complaints of three kinds, with vectors as the worker would have kept them."""
    dice = np.random.default_rng(3)
    for number in range(many):
        depot.voice(f"{SAID[number % 3]} {number}", day=number / 10)
    rows = depot.session.scalars(select(Comment).order_by(Comment.id)).all()
    for place, row in enumerate(rows if vectors else ()):
        vector = np.eye(12)[place % 3] + dice.normal(0, 0.05, 12)
        kept = packed(np.asarray(vector, np.float32), "test-encoder")
        place_ = {"comment_id": row.id, "workspace_id": depot.workspace.id}
        depot.session.add(CommentMeaning(**place_, encoder=kept.encoder, vector=kept.vector))


def found(depot: Depot) -> Causes:
    depot.session.flush()
    zone = ZoneInfo("UTC")
    return causes(depot.session, depot.scope(), depot.parcel, "delivery_speed", zone)


def test_groups_are_counted_and_quoted_without_personal_data(depot: Depot) -> None:
    complain(depot, 60)
    groups = found(depot).groups
    assert [one.count for one in groups] == [(20, 60)] * 3
    courier = next(one for one in groups if "courier" in one.text)
    assert "0161" not in courier.text and "courier never rang" in courier.text
    low, high = courier.ends
    assert low < 1 / 3 < high and (low, high) == pytest.approx((0.2273, 0.4594), abs=1e-4)
    assert say.group_size(courier) == "20 of 60 complaints, 33% (23% to 46%)"
    assert found(depot).groups == groups


def test_few_complaints_and_those_without_vectors_make_no_groups(
    sqlite_session: Session, make_workspace: MakeWorkspace
) -> None:
    depot = Depot(sqlite_session, make_workspace(sqlite_session))
    complain(depot, 60, vectors=False)
    assert found(depot).groups == []
    few = Depot(sqlite_session, make_workspace(sqlite_session, "few"))
    few.comment("Slow.", DAY)
    assert found(few).groups == []
