"""Responses with their answers: one row a response, a pair of columns a question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.exports.columns import Column, Page, Table, text, time, whole
from feedback.exports.keyset import Read, Rows, asked_by, happened, mine, paged
from feedback.exports.people import CUSTOMER, customer
from feedback.exports.places import PLACE, Names, names_of
from feedback.exports.questions import AnswerColumns, answer_columns
from feedback.exports.wanted import OpenSession, Wanted
from models.customer import Customer
from models.response import Answer, Response

FIXED: tuple[Column, ...] = (
    whole("response_id", "Waymark's number of the response."),
    text("survey", "Key of the survey."),
    whole("survey_version", "Number of the version that was answered."),
    text("channel", "sms or web; or what an import said."),
    text("language", "Language of the conversation."),
    text("status", "open, completed or abandoned; abandoned ones keep their answers."),
    text("source", "Where it came from."),
    *CUSTOMER,
    *PLACE,
    time("occurred_at", "When what was asked about happened; periods count by it."),
    time("started_at", "When the customer began to answer."),
    time("updated_at", "When the latest answer came."),
    time("completed_at", "When the last question was answered; empty until then."),
)


def responses(open_session: OpenSession, wanted: Wanted) -> Table:
    """The table of responses."""
    with open_session() as session:
        names = names_of(session, wanted.workspace_id)
        answers = answer_columns(session, wanted)
    make = partial(_page, wanted, names, answers)
    pages = paged(open_session, _statement(wanted), Response.id, make)
    return Table("responses", (*FIXED, *answers.columns), pages)


def _statement(wanted: Wanted) -> Rows:
    return (
        select(
            Response.id,
            Response.survey_id,
            Response.version_id,
            Response.channel,
            Response.language,
            Response.status,
            Response.source,
            Response.customer_id,
            Customer.external_id,
            Response.touchpoint_id,
            Response.occurred_at,
            Response.started_at,
            Response.updated_at,
            Response.completed_at,
        )
        .outerjoin(Customer, Customer.id == Response.customer_id)
        .where(*mine(Response, wanted), *happened(Response, wanted), *asked_by(wanted))
    )


def _answers(session: Session, ids: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    columns = (Answer.response_id, Answer.question, Answer.value, Answer.comment)
    for row in session.execute(select(*columns).where(Answer.response_id.in_(ids))):
        found[row.response_id].append(row)
    return found


def _page(
    wanted: Wanted, names: Names, answers: AnswerColumns, session: Session, rows: Sequence[Read]
) -> Page:
    counted = [row for row in rows if wanted.counts(row.customer_id)]
    said = _answers(session, [row.id for row in counted])
    page = []
    for row in counted:
        survey = names.surveys.get(row.survey_id, "")
        about = (row.channel, row.language, row.status, row.source)
        who = customer(row.customer_id, row.external_id)
        times = (row.occurred_at, row.started_at, row.updated_at, row.completed_at)
        which = (row.id, survey, names.versions.get(row.version_id))
        where = names.place(row.touchpoint_id)
        page.append((*which, *about, *who, *where, *times, *answers.cells(survey, said[row.id])))
    return page
