"""The urgent comments as the database narrows, counts and sorts them, on both engines."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from feedback.pages.sorting import Sort
from feedback.pages.urgent_rows import KEYS, Wanted, counts, in_order, urgent_rows, wanted
from models.handled import Handled
from models.reading import Comment
from models.workspace import Workspace

Named = dict[str, int]


@pytest.fixture
def named(session: Session, workspace: Workspace, now: datetime) -> Named:
    """Urgent comments by name, some of them handled or old, and one that is not urgent."""
    ids: Named = {}
    for days, (name, urgency, risks) in enumerate(
        (
            ("calm", 0.1, {}),
            ("possible", 0.4, {"leaving": 0.5}),
            ("likely", 0.6, {"legal": 0.9, "danger": 0.3}),
            ("surely", 0.95, {"legal": 0.4}),
            ("unclear", 0.85, {}),
            ("person", 1.0, None),
            ("done", 0.9, {"legal": 0.9}),
            ("reworded", 0.9, {"legal": 0.9}),
        )
    ):
        row = Comment(
            workspace_id=workspace.id,
            attached_by="import",
            source="import",
            external_id=name,
            text=name,
            text_hash=name,
            occurred_at=now - timedelta(days=days),
            created_at=now,
            urgency=urgency,
            urgent=name != "calm",
            risks=risks,
        )
        session.add(row)
        session.flush()
        ids[name] = row.id
    for name, hashed in (("done", "done"), ("reworded", "other words")):
        session.add(
            Handled(
                comment_id=ids[name],
                workspace_id=workspace.id,
                handled_at=now,
                text_hash=hashed,
            )
        )
    session.commit()
    return ids


def _names(session: Session, workspace: Workspace, asked: Wanted, now: datetime) -> list[str]:
    sort = Sort(KEYS, "urgency", True, False)
    rows = session.execute(in_order(urgent_rows(workspace.id, asked, now), sort))
    return [row.text for row in rows]


def test_the_pressing_come_first_and_the_newest_among_them(
    session: Session, workspace: Workspace, named: Named, now: datetime
) -> None:
    found = _names(session, workspace, Wanted(), now)
    assert found == ["surely", "unclear", "person", "reworded", "likely", "possible"]
    upwards = in_order(urgent_rows(workspace.id, Wanted(), now), Sort(KEYS, "urgency", False, True))
    assert [row.text for row in session.execute(upwards)][:2] == ["possible", "likely"]
    assert _names(session, workspace, Wanted(handled=True), now) == ["done"]


def test_they_are_narrowed_by_reason_and_period(
    session: Session, workspace: Workspace, named: Named, now: datetime
) -> None:
    def found(reason: str | None, period: str = "all") -> list[str]:
        return _names(session, workspace, Wanted(False, reason, period), now)

    assert found("legal") == ["surely", "reworded", "likely"]
    assert found("leaving") == ["possible"] and found("fraud") == []
    assert found("none") == ["unclear", "person"]
    later = now + timedelta(days=3)
    narrowed = _names(session, workspace, Wanted(period="7"), later)
    assert narrowed == ["surely", "unclear", "likely", "possible"]


def test_reasons_are_counted(
    session: Session, workspace: Workspace, named: Named, now: datetime
) -> None:
    total, by_reason = counts(session, workspace.id, Wanted(), now)
    assert total == 6
    assert by_reason == {"danger": 1, "legal": 3, "leaving": 1, "none": 2}
    assert counts(session, workspace.id + 1, Wanted(), now) == (0, {})


def test_what_the_address_bar_may_not_say_counts_as_not_said() -> None:
    assert wanted({"reason": "legal", "days": "90", "state": "handled"}) == Wanted(
        True, "legal", "90"
    )
    assert wanted({"reason": "'; DROP", "days": "x", "state": "?"}) == Wanted()
