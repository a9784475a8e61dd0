"""Comments with their readings: one row a comment, its words without personal data."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.exports.columns import Column, Page, Table, Value, number, text, time, whole, yes_no
from feedback.exports.keyset import SAID_IN, Read, Rows, asked_by, happened, mine, paged
from feedback.exports.people import CUSTOMER, customer
from feedback.exports.places import PLACE, Names, names_of
from feedback.exports.wanted import OpenSession, Wanted
from feedback.themes.catalogue import Catalogue
from feedback.themes.rows import catalogue_of
from models.customer import Customer
from models.reading import Comment
from models.response import Response
from nlp.labels import EMOTIONS, RISKS, SENTIMENTS
from nlp.redaction import redacted

COLUMNS: tuple[Column, ...] = (
    whole("comment_id", "Waymark's number of the comment."),
    whole("response_id", "The response it belongs to; empty for one that belongs to none."),
    text("survey", "Key of the survey."),
    text("channel", "Channel of the response."),
    *CUSTOMER,
    *PLACE,
    text("attached_by", "Why it belongs to its touchpoint, or to none."),
    text("source", "Where it came from."),
    text("question", "What was asked."),
    time("occurred_at", "When what it speaks of happened; periods count by it."),
    time("created_at", "When it arrived."),
    text("text", "The words, with phone numbers, addresses and their like masked."),
    text("read_state", "waiting, read or not_read (in no language that is understood)."),
    time("read_at", "When it was read."),
    text("model", "The model that read it."),
    text("language", "Language of the words."),
    text("sentiment", "negative, neutral or positive."),
    number("sentiment_score", "From -1 to 1."),
    *(number(f"probability.{name}", f"Probability of {name}, 0 to 1.") for name in SENTIMENTS),
    *(
        number(f"emotion.{name}", f"Strength of {name}, 0 to 1; empty where not shown.")
        for name in EMOTIONS
    ),
    text("themes", "Keys of the themes it speaks of, as the workspace shows them, by semicolons."),
    number("urgency", "Probability that somebody is needed today, 0 to 1."),
    yes_no("urgent", "Whether that is enough to say so."),
    *(
        number(f"risk.{name}", f"Probability of {name}, 0 to 1; empty where none was found.")
        for name in RISKS
    ),
    yes_no("wants_contact", "Whether the words ask to be contacted."),
    yes_no("corrected", "Whether a person corrected the reading."),
)


def comments(open_session: OpenSession, wanted: Wanted) -> Table:
    """The table of comments."""
    with open_session() as session:
        names = names_of(session, wanted.workspace_id)
        themes = catalogue_of(session, wanted.workspace_id)
    pages = paged(
        open_session, _statement(wanted), Comment.id, partial(_page, wanted, names, themes)
    )
    return Table("comments", COLUMNS, pages)


def _statement(wanted: Wanted) -> Rows:
    return (
        select(Comment, Comment.id, Response.survey_id, Response.channel, Customer.external_id)
        .outerjoin(Response, Response.id == Comment.response_id)
        .outerjoin(Customer, Customer.id == Comment.customer_id)
        .where(*mine(Comment, wanted), *happened(Comment, wanted), *asked_by(wanted, SAID_IN))
    )


def _page(
    wanted: Wanted, names: Names, themes: Catalogue, session: Session, rows: Sequence[Read]
) -> Page:
    counted = (row for row in rows if wanted.counts(row.Comment.customer_id))
    return [_row(names, themes, row) for row in counted]


def _row(names: Names, themes: Catalogue, row: Any) -> Sequence[Value]:
    one: Comment = row.Comment
    survey = names.surveys.get(row.survey_id)
    who = customer(one.customer_id, row.external_id)
    came = (one.attached_by, one.source, one.question, one.occurred_at, one.created_at)
    read = (redacted(one.text), one.read_state, one.read_at, one.model, one.language)
    return (
        *(one.id, one.response_id, survey, row.channel, *who, *names.place(one.touchpoint_id)),
        *(*came, *read, one.sentiment, one.sentiment_score),
        *_parts(one.probabilities, SENTIMENTS),
        *_parts(one.emotions, EMOTIONS),
        "; ".join(themes.themes(one.themes or ())) or None,
        *(one.urgency, one.urgent),
        *_parts(one.risks, RISKS),
        one.wants_contact,
        one.model_reading is not None,
    )


def _parts(given: dict[str, Any] | None, names: Sequence[str]) -> list[Value]:
    """The named numbers of a reading, each in its own column."""
    return [(given or {}).get(name) for name in names]
