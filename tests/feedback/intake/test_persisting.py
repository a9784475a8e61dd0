from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from feedback.customers.merge import merge_named
from feedback.intake import ingest
from feedback.persisting import TRIES, persisting
from models.customer import Customer
from models.event import Event
from models.workspace import Workspace


def item(number: int, who: str) -> dict[str, Any]:
    return {"id": f"e{number}", "event": "seen", "customer": {"id": who}}


def test_an_event_of_somebody_merged_meanwhile_finds_the_person(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    """What was read before the merge points to a customer who is gone."""
    ingest(session, workspace.id, [item(1, "visitor"), item(2, "u1")], now, commit=True)
    gone = session.scalar(select(Customer.id).where(Customer.external_id == "visitor"))
    merge_named(session, workspace.id, "u1", "visitor", now)
    session.commit()
    tries: list[int] = []

    def work() -> None:
        tries.append(1)
        if len(tries) == 1:
            about = {"workspace_id": workspace.id, "source": "api", "external_id": "e3"}
            times = {"occurred_at": now, "received_at": now}
            session.add(Event(**about, name="seen", customer_id=gone, properties={}, **times))
            session.flush()
        ingest(session, workspace.id, [item(3, "visitor")], now, commit=True)

    persisting(session, work)
    assert len(tries) == 2
    assert session.scalar(select(func.count(func.distinct(Event.customer_id)))) == 1
    assert session.scalar(select(func.count(Event.id))) == 3


def test_what_never_works_is_told_in_the_end(session: Session) -> None:
    tries: list[int] = []

    def work() -> None:
        tries.append(1)
        raise IntegrityError("x", {}, Exception())

    with pytest.raises(IntegrityError):
        persisting(session, work)
    assert len(tries) == TRIES
