"""What a row of the file becomes in each table; nothing here touches the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Row as Found

from feedback.attach import attach
from feedback.imports.rows import Row
from feedback.imports.target import Target
from feedback.listening import text_hash
from feedback.scoring import score
from models.status import ResponseStatus

Record = dict[str, Any]


def customer(target: Target, row: Row) -> Record:
    """Who answered."""
    return {
        "workspace_id": target.workspace_id,
        "external_id": row.customer,
        "attributes": row.attributes,
        "is_test": False,
        "created_at": target.now,
        "updated_at": target.now,
    }


def event(target: Target, row: Row, customer_id: int) -> Record:
    """What they were asked about."""
    return {
        "workspace_id": target.workspace_id,
        "source": target.source,
        "external_id": row.response,
        "name": target.event,
        "customer_id": customer_id,
        "touchpoint_id": target.touchpoint_of(row),
        "properties": {},
        "occurred_at": row.occurred_at,
        "received_at": target.now,
    }


def response(target: Target, row: Row, customer_id: int | None) -> Record:
    """That they answered; its own first row gives the time and the touchpoint."""
    return {
        "workspace_id": target.workspace_id,
        "customer_id": customer_id,
        "survey_id": target.survey_id,
        "version_id": target.version_id,
        "touchpoint_id": target.touchpoint_of(row),
        "channel": target.channel,
        "language": target.language,
        "source": target.source,
        "external_id": row.response,
        "status": ResponseStatus.COMPLETED.value,
        "state": {"finished": True},
        "occurred_at": row.occurred_at,
        "started_at": row.occurred_at,
        "updated_at": row.occurred_at,
        "completed_at": row.occurred_at,
    }


def answers(target: Target, row: Row, found: Found[Any]) -> Iterator[Record]:
    """What they answered; already scored, because the import scores and hands on the words."""
    if row.score is not None and target.score_key and target.scale:
        yield _answer(target, found, target.score_key, target.scale.metric.value, row.score)
    for said in row.said:
        yield _answer(target, found, said.key, "text", said.text)


def _answer(target: Target, found: Found[Any], key: str, kind: str, value: int | str) -> Record:
    return {
        "workspace_id": target.workspace_id,
        "response_id": found.id,
        "question": key,
        "type": kind,
        "value": {"value": value},
        "channel": target.channel,
        "answered_at": found.occurred_at,
        "scored_at": target.now,
    }


def score_row(target: Target, found: Found[Any], answer_id: int, answer: Record) -> Record:
    """The score of an answer on the scale."""
    if target.scale is None:
        raise ValueError("a score needs a scale")
    taken = score(target.scale, answer["value"]["value"])
    return {
        "workspace_id": target.workspace_id,
        "response_id": found.id,
        "answer_id": answer_id,
        "touchpoint_id": found.touchpoint_id,
        "metric": taken.metric.value,
        "value": taken.value,
        "scale_low": taken.scale_low,
        "scale_high": taken.scale_high,
        "score_class": taken.score_class,
        "occurred_at": found.occurred_at,
    }


def comment(
    target: Target,
    row: Row,
    place: int,
    found: Found[Any],
    answer_ids: Mapping[tuple[int, str], int],
) -> Record:
    """The row's words at `place`, waiting to be read."""
    said = row.said[place]
    return {
        "workspace_id": target.workspace_id,
        "response_id": found.id,
        "answer_id": answer_ids.get((found.id, said.key)),
        "customer_id": found.customer_id,
        "touchpoint_id": found.touchpoint_id,
        "attached_by": attach(imported=found.touchpoint_id).reason,
        "source": target.source,
        "external_id": f"{row.identity}:{place}",
        "question": said.question,
        "text": said.text,
        "text_hash": text_hash(said.text),
        "occurred_at": found.occurred_at,
        "created_at": target.now,
        "read_state": "waiting",
    }
