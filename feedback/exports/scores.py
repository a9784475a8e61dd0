"""Scores: one row for each number that was taken from an answer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.exports.columns import Column, Page, Table, Value, number, text, time, whole
from feedback.exports.keyset import Read, Rows, asked_by, happened, mine, paged
from feedback.exports.people import CUSTOMER, customer
from feedback.exports.places import PLACE, Names, names_of
from feedback.exports.wanted import OpenSession, Wanted
from models.customer import Customer
from models.response import Answer, Response, Score

COLUMNS: tuple[Column, ...] = (
    whole("score_id", "Waymark's number of the score."),
    whole("response_id", "The response it was given in."),
    text("survey", "Key of the survey."),
    text("channel", "Channel of the response."),
    text("question", "Key of the question."),
    *CUSTOMER,
    *PLACE,
    time("occurred_at", "When what was asked about happened; periods count by it."),
    text("metric", "nps, csat or ces."),
    number("value", "The answer on the scale it was asked on."),
    number("scale_low", "Lowest value of that scale."),
    number("scale_high", "Highest value of that scale."),
    text(
        "score_class",
        "promoter, passive or detractor; satisfied or unsatisfied; easy or not_easy.",
    ),
)


def scores(open_session: OpenSession, wanted: Wanted) -> Table:
    """The table of scores."""
    with open_session() as session:
        names = names_of(session, wanted.workspace_id)
    pages = paged(open_session, _statement(wanted), Score.id, partial(_page, wanted, names))
    return Table("scores", COLUMNS, pages)


def _statement(wanted: Wanted) -> Rows:
    return (
        select(
            *(Score.id, Score.response_id, Score.touchpoint_id, Score.occurred_at, Score.metric),
            *(Score.value, Score.scale_low, Score.scale_high, Score.score_class),
            *(Answer.question, Response.survey_id, Response.channel, Response.customer_id),
            Customer.external_id,
        )
        .join(Response, Response.id == Score.response_id)
        .join(Answer, Answer.id == Score.answer_id)
        .outerjoin(Customer, Customer.id == Response.customer_id)
        .where(*mine(Score, wanted), *happened(Score, wanted), *asked_by(wanted))
    )


def _page(wanted: Wanted, names: Names, session: Session, rows: Sequence[Read]) -> Page:
    return [_row(names, row) for row in rows if wanted.counts(row.customer_id)]


def _row(names: Names, row: Any) -> Sequence[Value]:
    survey = names.surveys.get(row.survey_id)
    return (
        *(row.id, row.response_id, survey, row.channel, row.question),
        *customer(row.customer_id, row.external_id),
        *names.place(row.touchpoint_id),
        *(row.occurred_at, row.metric, row.value, row.scale_low, row.scale_high, row.score_class),
    )
