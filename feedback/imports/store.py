"""Rows into tables, a chunk at a time: every statement adds only what isn't there yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row as Found
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.bulk import add_new
from feedback.imports import records
from feedback.imports.rows import Row
from feedback.imports.target import Counts, Target
from models.customer import Customer
from models.event import Event
from models.reading import Comment
from models.response import Answer, Response, Score

Ids = Mapping[str, int]


def store(session: Session, target: Target, rows: Sequence[Row], counts: Counts) -> None:
    """Add a chunk of rows; what was added before, by this file or another run, stays as it is."""
    first = {row.response: row for row in reversed(rows)}
    customers = _customers(session, target, first.values())
    ids = {key: customers.get(row.customer or "") for key, row in first.items()}
    events = [
        records.event(target, row, owner) for key, row in first.items() if (owner := ids[key])
    ]
    add_new(session, Event, events, ["workspace_id", "source", "external_id"], Event.id)
    new = add_new(
        session,
        Response,
        [records.response(target, row, ids[key]) for key, row in first.items()],
        ["workspace_id", "source", "external_id"],
        Response.id,
    )
    responses = _responses(session, target, list(first))
    scores = _answers(session, target, rows, responses)
    comments = _comments(session, target, rows, responses)
    counts.add(len(rows), len(new), scores, comments)


def _customers(session: Session, target: Target, rows: Iterable[Row]) -> Ids:
    wanted = {row.customer: row for row in rows if row.customer}
    add_new(
        session,
        Customer,
        [records.customer(target, row) for row in wanted.values()],
        ["workspace_id", "external_id"],
        Customer.id,
    )
    found = select(Customer.external_id, Customer.id).where(
        Customer.workspace_id == target.workspace_id, Customer.external_id.in_(wanted)
    )
    return dict(session.execute(found).all())


def _responses(session: Session, target: Target, keys: Sequence[str]) -> dict[str, Found[Any]]:
    found = select(
        Response.external_id,
        Response.id,
        Response.customer_id,
        Response.touchpoint_id,
        Response.occurred_at,
    ).where(
        Response.workspace_id == target.workspace_id,
        Response.source == target.source,
        Response.external_id.in_(keys),
    )
    rows: Sequence[Any] = session.execute(found).all()
    return {row.external_id: row for row in rows}


def _answers(
    session: Session, target: Target, rows: Sequence[Row], responses: Mapping[str, Found[Any]]
) -> int:
    """Add the answers that are new, and the scores of those on the scale; scores added."""
    wanted: dict[tuple[int, str], dict[str, Any]] = {}
    for row in rows:
        for made in records.answers(target, row, responses[row.response]):
            wanted.setdefault((made["response_id"], made["question"]), made)
    new = add_new(
        session,
        Answer,
        list(wanted.values()),
        ["response_id", "question"],
        Answer.id,
        Answer.response_id,
        Answer.question,
    )
    by_id = {found.id: found for found in responses.values()}
    scores = [
        records.score_row(
            target, by_id[row.response_id], row.id, wanted[row.response_id, row.question]
        )
        for row in new
        if row.question == target.score_key
    ]
    return len(add_new(session, Score, scores, ["answer_id"], Score.id))


def _comments(
    session: Session, target: Target, rows: Sequence[Row], responses: Mapping[str, Found[Any]]
) -> int:
    speaking = [row for row in rows if row.said]
    ids = {responses[row.response].id for row in speaking}
    known = select(Answer.response_id, Answer.question, Answer.id).where(
        Answer.response_id.in_(ids), Answer.type == "text"
    )
    answers = {(response, question): key for response, question, key in session.execute(known)}
    made = [
        records.comment(target, row, place, responses[row.response], answers)
        for row in speaking
        for place in range(len(row.said))
    ]
    unique = ["workspace_id", "source", "external_id"]
    return len(add_new(session, Comment, made, unique, Comment.id))
